"""`qianxian calendar`: the working days, and the notices of the State Council that change them."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from qianxian.cadres.queries import reaching_everything
from qianxian.cadres.rules import SYSTEM
from qianxian.collection import files
from qianxian.kernel.worktime import BEIJING, Override
from qianxian.matters import actions as matters
from qianxian.matters import queries
from qianxian.matters.queries import calendars
from qianxian.matters.rules.deadlines import Move
from qianxian.matters.rules.notices import FaultyRow, read_notice
from qianxian.web.acting import now
from qianxian.web.commands.dispatch import refusing

app = typer.Typer(no_args_is_help=True, help="工作日历。 Working days.")
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]


@app.callback()
def calendar() -> None:
    """工作日历和放假通知。 Working days and notices of days off."""


@app.command("import")
def take_in(
    file: Annotated[
        Path, typer.Argument(metavar="NOTICE", help="日期、类型（休/班）、名称。 date, kind (off/work), name.")
    ],
    version: Annotated[str, typer.Option(help="这份通知的名称，如 2027。 Name of the notice.")],
    source: Annotated[str, typer.Option(help="文号。 Number of the document.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看哪些时限会变。 Only show what moves.")] = False,
    as_json: AsJson = False,
) -> None:
    """导入放假通知，列出会变的在办时限。 Take in a notice and show which running deadlines move."""
    at = now()
    with refusing(), files.opened(file) as table, reaching_everything():
        rows = [dict(zip(table.headers, cells, strict=False)) for _, cells in table.rows]
        days, faults = read_notice(rows, calendar=queries.calendar(), version=version, source=source or version)
        if faults or not days:
            _refuse(faults, as_json=as_json)
        if calendars.is_imported(version):
            typer.echo(f"通知“{version}”已经导入过。 The notice “{version}” was taken in before.", err=True)
            raise typer.Exit(2)
        moves = _moves(days, version, at, dry_run=dry_run)
        _show(days, moves, kept=not dry_run, as_json=as_json)


def _moves(days: list[Override], version: str, at: datetime, *, dry_run: bool) -> list[Move]:
    if dry_run:
        return calendars.deadlines_that_move(calendars.with_notice(days, version), at)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("调整时限 moving deadlines", total=None)
        return matters.import_notice(
            overrides=days, version=version, actor=SYSTEM, at=at,
            tell=lambda done, of: progress.update(task, completed=done, total=of),
        )  # fmt: skip


def _refuse(faults: list[FaultyRow], *, as_json: bool) -> None:
    """Take nothing of a faulty notice; say each row that is wrong."""
    if as_json:
        told = [{"row": fault.row, "fault": fault.fault.name.lower(), "text": fault.text} for fault in faults]
        typer.echo(json.dumps({"kept": False, "faults": told}, ensure_ascii=False))
    for fault in faults:
        typer.echo(f"第 {fault.row} 行：{fault.fault.value}（{fault.text}）。", err=True)
    typer.echo("通知有误，一天也没有导入。 The notice has faults; not one day was taken in.", err=True)
    raise typer.Exit(1)


def _show(days: list[Override], moves: list[Move], *, kept: bool, as_json: bool) -> None:
    names = calendars.names_of(moves)
    told = [_told(move, names[move.matter]) for move in moves]
    if as_json:
        typer.echo(json.dumps({"kept": kept, "days": len(days), "moved": told}, ensure_ascii=False))
        return
    drawn = Table("查询码 code", "承办单位 owner", "诉求 matter", "原期限 before", "新期限 after")
    for line in told:
        drawn.add_row(line["code"], line["owner"], line["title"], line["before"], line["after"])
    Console(file=sys.stdout).print(drawn)
    typer.echo(f"{len(days)} 天，{len(moves)} 件在办时限变动。 {len(days)} days, {len(moves)} running deadlines move.")


def _told(move: Move, name: tuple[str, str, str]) -> dict[str, str]:
    code, title, owner = name
    return {
        "code": code,
        "title": title,
        "owner": owner,
        "before": _moment(move.before.due),
        "after": _moment(move.after.due),
    }


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"


@app.command()
def show(year: Annotated[int, typer.Argument(help="年份。 Year.")], as_json: AsJson = False) -> None:
    """列出一年里的放假和调休上班日。 List a year's days off and make-up days."""
    days = queries.calendar()
    listed: list[dict[str, Any]] = [
        {"date": day.isoformat(), "kind": kind, "name": name}
        for kind, found in (("off", days.off), ("work", days.work))
        for day, name in found.items()
        if day.year == year
    ]
    listed.sort(key=lambda line: line["date"])
    known = year in days.known
    if as_json:
        typer.echo(json.dumps({"version": days.version, "known": known, "days": listed}, ensure_ascii=False))
        return
    drawn = Table("日期 date", "类型 kind", "名称 name")
    for line in listed:
        drawn.add_row(line["date"], "休 off" if line["kind"] == "off" else "班 work", line["name"])
    Console(file=sys.stdout).print(drawn)
    if not known:
        typer.echo("尚无国务院办公厅通知，其余日子暂按周末推算。 No notice yet: other days follow the week.")
