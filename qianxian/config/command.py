"""Puts the commands of every package behind one name: `qianxian`.

Exit codes: 0 done, 1 faults found, 2 it could not be done.
"""

import json
import shutil
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, cast

import psycopg
import typer
from django.db import OperationalError, connection
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from . import home as homes
from . import postgres, server
from .home import Home, Trouble, as_trouble, complain

WITHOUT_DATABASE = {"run", "home", "register", "standard"}
WITH_TABLES_AS_THEY_ARE = {"migrate", "worker", "doctor"}

COMMANDS = {
    "demonstration": "demonstration:app",
    "calendar": "calendar:app",
    "dispatch": "dispatch:dispatch",
    "keys": "keys:keys",
    "mandates": "mandates:mandates",
    "topics": "topics:topics",
    "journal": "journal:app",
    "ledgers": "ledgers:app",
    "rates": "rates:rates",
    "register": "register:register",
    "standard": "standard:app",
}
"""Each command with its place in `qianxian.web.commands`; a place is read only when its command is asked for."""


class Commands(TyperGroup):
    """The commands of this module and those of COMMANDS, so that no command waits for the libraries of another."""

    def list_commands(self, context: Any) -> list[str]:
        """Return the names of all commands, as `--help` lists them."""
        return [*super().list_commands(context), *COMMANDS]

    def get_command(self, context: Any, name: str) -> Any:
        """Return the command of a name, None if there is none."""
        if name not in COMMANDS:
            return super().get_command(context, name)
        module, _, said = COMMANDS[name].partition(":")
        found = getattr(import_module(f"qianxian.web.commands.{module}"), said)
        command = typer.main.get_command(found if isinstance(found, typer.Typer) else _alone(found))
        command.name = name
        return command


def _alone(function: Any) -> typer.Typer:
    holder = typer.Typer(add_completion=False)
    holder.command()(function)
    return holder


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="千线 Qianxian：上面千条线，下面一根针。\n\nA thousand threads above, one needle below.",
)
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]
Port = Annotated[
    int,
    typer.Option(
        min=1, max=65534, help="网页端口；实时消息用下一个。 Port of the pages; live events take the next one."
    ),
]
WithoutDemonstration = Annotated[
    bool, typer.Option("--without-demonstration", help="不装载演示区。 Leave the demonstration district out.")
]


@app.callback()
def bring_database(context: typer.Context) -> None:
    """Start the private database for the time of the command, unless it runs already, with tables of this version."""
    signal.signal(signal.SIGTERM, _leave_in_order)
    if context.invoked_subcommand in WITHOUT_DATABASE or "--help" in sys.argv:
        return
    context.with_resource(postgres.at_hand(homes.current()))
    if context.invoked_subcommand not in WITH_TABLES_AS_THEY_ARE:
        server.migrate()


@app.command()
def run(
    port: Port = 8000,
    without_demonstration: WithoutDemonstration = False,
) -> None:
    """启动平台，Ctrl-C 停止。 Start the platform; Ctrl-C stops it."""
    raise typer.Exit(server.run(homes.current(), port=port, demonstration=not without_demonstration))


@app.command()
def migrate() -> None:
    """把数据表升级到本版本。 Bring the tables to this version."""
    server.migrate()


@app.command()
def worker() -> None:
    """处理后台任务，直到被停止。 Do the jobs until stopped."""
    with jobs.replace_connector(cast("DjangoConnector", jobs.connector).get_worker_connector()) as ready:
        ready.run_worker(listen_notify=True)


@app.command("home")
def show_home(as_json: AsJson = False) -> None:
    """平台的目录、数据库和占用空间。 Where the platform lies, its database and sizes."""
    _report(describe(homes.current()), as_json=as_json)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """检查数据库、权限和密钥文件。 Check the database, its role and the keys' files."""
    findings = examine(homes.current())
    _report(findings, as_json=as_json)
    raise typer.Exit(0 if all(finding == "ok" for finding in findings.values()) else 1)


def describe(home: Home) -> dict[str, Any]:
    """Paths, kind and version of the database, and sizes in bytes."""
    own_server = homes.server_of_ones_own()
    return {
        "home": str(home.path),
        "log": str(home.log),
        "data": None if own_server else str(home.data.resolve()),
        "database": "DATABASE_URL" if own_server else "private",
        "version": None if own_server else postgres.version_of(home),
        "running": None if own_server else postgres.is_running(home),
        "data_bytes": _size(home.data.resolve()),
        "log_bytes": _size(home.log),
        "free_bytes": shutil.disk_usage(home.path).free,
    }


def examine(home: Home) -> dict[str, str]:
    """Each check with `ok` or what is wrong."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        above_rows = cursor.fetchone() == (True,)
    behind = server.unapplied()
    open_keys = [key.name for key in sorted((home.path / "keys").iterdir()) if key.stat().st_mode & 0o077]
    return {
        "database": "ok",
        "role": "it is a superuser, so row-level security does not hold" if above_rows else "ok",
        "migrations": f"{len(behind)} not applied: run `qianxian migrate`" if behind else "ok",
        "keys": f"readable by others: {', '.join(open_keys)}" if open_keys else "ok",
    }


def main() -> None:
    """Run the command line; what the user can mend is said in one sentence."""
    try:
        app()
    except (OperationalError, psycopg.OperationalError) as error:
        reason = str(error).strip().splitlines()[0]
        sys.exit(
            complain(
                Trouble(
                    f"无法连接数据库：请检查 DATABASE_URL 指向的服务器或磁盘空间（{reason}）。",
                    f"The database cannot be reached: check the server of DATABASE_URL, or the disk ({reason}).",
                )
            )
        )
    except (Trouble, OSError) as error:
        trouble = as_trouble(error)
        if trouble is None:
            raise
        sys.exit(complain(trouble))


def _report(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    table = Table(show_header=False, box=None)
    for name, value in facts.items():
        table.add_row(name, "" if value is None else str(value))
    Console().print(table)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0


def _leave_in_order(number: int, _: object) -> None:
    sys.exit(128 + number)
