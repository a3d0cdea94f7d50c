"""Puts the commands of every package behind one name."""

import typer

app = typer.Typer(no_args_is_help=True, help="千线 Qianxian：上面千条线，下面一根针。 A thousand threads above, one needle below.")


@app.callback()
def main_options() -> None:
    """Run `qianxian COMMAND --help` for one command. 每个命令都有 --help。"""


def main() -> None:
    """Run the command line."""
    app()
