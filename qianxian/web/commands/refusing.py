"""How a command of the standard says why it cannot be done."""

from typing import NoReturn

import typer


def refuse(chinese: str, english: str) -> NoReturn:
    """
    Say it in one sentence of each language.

    :raises Exit: with 2, always
    """
    typer.echo(f"{chinese}\n{english}", err=True)
    raise typer.Exit(2)
