"""`qianxian ledgers`: what a department's blank asks for, and the blank filled from the register."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table as Drawn

from qianxian.cadres.queries import reaching_everything
from qianxian.cadres.rules import SYSTEM
from qianxian.ledgers import actions, queries
from qianxian.ledgers.learning import Learned, learn, told
from qianxian.ledgers.rules import writing
from qianxian.ledgers.rules.audience import Audience, BadCondition, audience_of, conditions
from qianxian.ledgers.rules.blank_filling import cells
from qianxian.ledgers.rules.definition import Every
from qianxian.ledgers.rules.frames import Frames
from qianxian.ledgers.rules.meanings import Status
from qianxian.ledgers.rules.periods import BadPeriod, Period, period, period_of
from qianxian.ledgers.workbooks import Filling, Unfit, fill
from qianxian.register import queries as registered
from qianxian.register.rules.records import ENTITY_OF
from qianxian.web.acting import now
from qianxian.web.ledgers import sentences

app = typer.Typer(no_args_is_help=True, help="台账·一表通。 Ledgers, derived.")
STATUS = {
    Status.HELD: "已有 held", Status.DERIVABLE: "可推算 derivable", Status.ASKED_ELSEWHERE: "别处已要 asked elsewhere",
    Status.NOT_HELD: "没有 not held",
}  # fmt: skip
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]
Blank = Annotated[Path, typer.Argument(metavar="BLANK.xlsx", help="部门下发的空表。 A department's blank.")]
OUT = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="填好的工作簿写到这里。 Where the filled workbook goes.")
]
OF = "行是什么：person、elder、relief、organisation …；不写就看标题。 What the rows are; told by the title otherwise."
WHERE = "只要哪些，如 employment.state=2，可多次给出。 Which rows, such as employment.state=2; may be repeated."
PURPOSE = "用来做什么，记入日志；不写就是“填报《表名》”。 For what, as the journal keeps it."


@app.callback()
def _ledgers() -> None:
    """台账·一表通：没有人写台账。 Nobody writes a ledger."""


@app.command("learn")
def learn_blank(blank: Blank, as_json: AsJson = False) -> None:
    """看懂一张空表：每一列是什么、有没有、从哪里来。 Read a blank: what each column is and where it comes from."""
    with refusing():
        _, learned = learn(blank, _asked())
    if as_json:
        typer.echo(json.dumps(told(blank.name, learned), ensure_ascii=False))
        return
    for one in learned:
        _draw(one)


@app.command("fill")
def fill_blank(
    blank: Blank,
    community: Annotated[str, typer.Option(help="社区编码，也可以是街道或网格。 Place code.")],
    out: OUT,
    written: Annotated[
        str, typer.Option("--period", help="填报期：2026-10、2026-Q3、2026-H1、2026。 The period.")
    ] = "",
    of: Annotated[str, typer.Option(help=OF)] = "",
    where: Annotated[list[str] | None, typer.Option("--where", metavar="ELEMENT=CODE", help=WHERE)] = None,
    purpose: Annotated[str, typer.Option(help=PURPOSE)] = "",
    as_json: AsJson = False,
) -> None:
    """用登记的数据填好一张空表，版式不变。 Fill a blank from the register and keep how it looks."""
    console, at = Console(stderr=True), now()
    with refusing():
        asked = period(written) if written else period_of(Every.MONTH, at.date())
        wanted = _wanted(of, where or [])
        book, learned = learn(blank, _asked())
    with reaching_everything(), refusing():
        _need_place(community)
        with console.status("读取档案 reading the register …"):
            frames = queries.frames_of(community, asked, at)
        done = [
            _filled(
                one,
                wanted or audience_of((each.element for each in one.meanings), one.blank.title, blank.stem),
                frames,
                asked,
            )
            for one in learned
        ]
        fill(book, [filling for filling, _, _ in done])
        _save(book, out)
        for one, (filling, about, behind) in zip(learned, done, strict=True):
            _journal(one, behind, purpose, community, asked, at)
            if not as_json:
                console.print(f"“{filling.sheet}” {filling.count} 行 rows；{about.reason}", markup=False)
    if as_json:
        typer.echo(json.dumps(_facts(blank, out, learned, done), ensure_ascii=False))


@app.command("keep")
def keep_definition(
    files: Annotated[list[Path], typer.Argument(metavar="LEDGER.yaml…", help="台账定义。 Definitions in YAML.")],
) -> None:
    """把台账定义存为新的一版。 Keep definitions as new editions."""
    for path in files:
        for text in path.read_text("utf-8").split("\n---\n"):
            with refusing():
                edition = actions.keep(writing.read(text), actor=SYSTEM.name, at=now())
            typer.echo(f"{edition.ledger.code}  第 {edition.number} 版 edition {edition.number}")


@app.command("show")
def show_definition(code: Annotated[str, typer.Argument(help="台账编号。 Code of a ledger.")]) -> None:
    """以 YAML 输出一张台账的定义。 Print the definition of a ledger as YAML."""
    ledger = queries.ledger_by_code(code)
    if ledger is None:
        typer.echo(f"没有编号为 {code} 的台账。 There is no ledger {code}.", err=True)
        raise typer.Exit(2)
    typer.echo(queries.editions_of(ledger)[0].written, nl=False)


def _asked() -> dict[str, list[str]]:
    return queries.asked_by_hand(queries.definitions() or queries.own_definitions())


def _wanted(of: str, where: list[str]) -> Audience | None:
    if not of and not where:
        return None
    try:
        found = tuple(one for part in where for one in conditions(part))
    except BadCondition as error:
        raise _Wrong(
            f"看不懂条件“{error}”，写成 employment.state=2 这样。 A condition is written ELEMENT=CODE."
        ) from error
    of = of or (found[0].element.partition(".")[0] if found else "person")
    if of not in ENTITY_OF:
        raise _Wrong(f"不知道“{of}”是哪一类对象。 Nobody knows what “{of}” is.")
    return Audience(of, found, "按命令给出的条件 as the command asked")


class _Wrong(ValueError):
    """What the command was given cannot be used; the message says why."""


def _need_place(code: str) -> None:
    if code not in registered.directory().places:
        raise _Wrong(f"没有编码为 {code} 的地点，请检查 --community。 There is no place {code}: check --community.")


def _filled(one: Learned, about: Audience, frames: Frames, asked: Period) -> tuple[Filling, Audience, list[list[str]]]:
    columns, count, behind = cells(one.blank, one.meanings, about, frames, asked.written)
    return Filling(one.blank.name, one.blank.first_row, one.blank.last_row, columns, count), about, behind


def _save(book: Any, out: Path) -> None:
    try:
        book.save(out)
    except OSError as error:
        raise _Wrong(f"写不了 {out}：请检查目录和权限。 {out} cannot be written: check the directory.") from error


def _journal(one: Learned, behind: list[list[str]], purpose: str, area: str, asked: Period, at: datetime) -> None:
    title = one.blank.title
    codes = [code for row in behind for code in row]
    actions.read(
        title, records=codes, purpose=purpose or f"填报《{title}》", area=area, period=asked.written, actor=SYSTEM.name,
        unit="", at=at,
    )  # fmt: skip


def _facts(blank: Path, out: Path, learned: list[Learned], done: list[Any]) -> dict[str, Any]:
    sheets = told(blank.name, learned)["sheets"]
    return {
        "file": blank.name, "out": str(out),
        "sheets": [
            {"name": sheet["name"], "title": sheet["title"], "rows": filling.count, "of": about.of,
             "reason": about.reason, "sure": about.sure, "columns": sheet["columns"]}
            for sheet, (filling, about, _) in zip(sheets, done, strict=True)
        ],
    }  # fmt: skip


def _draw(one: Learned) -> None:
    heads = ("列 column", "表头 header", "数据元 element", "把握 confidence", "状态 status", "理由 reason")
    drawn = Drawn(*heads, title=f"{one.blank.name}：{one.blank.title}", title_justify="left")
    for each, row in zip(one.meanings, told("", [one])["sheets"][0]["columns"], strict=True):
        drawn.add_row(
            row["column"],
            each.heading.name,
            each.element or "—",
            f"{each.confidence:.0%}",
            STATUS[each.status],
            each.reason,
        )
    Console().print(drawn)
    for check in one.blank.checks:
        typer.echo(f"核对 check: {check.text}")


@contextmanager
def refusing() -> Iterator[None]:
    """Say in one sentence of each language why it cannot be done, and leave with 2."""
    try:
        yield
    except (Unfit, _Wrong, BadPeriod, actions.Faulty, writing.NotUnderstood) as error:
        typer.echo(_sentence(error), err=True)
        raise typer.Exit(2) from error


def _sentence(error: Exception) -> str:
    if isinstance(error, Unfit):
        return "\n".join(sentences.unfit(error))
    if isinstance(error, BadPeriod):
        return f"填报期“{error}”看不懂，写成 2026-10、2026-Q3、2026-H1 或 2026。\nA period is written 2026-10, 2026-Q3, 2026-H1 or 2026."
    if isinstance(error, actions.Faulty):
        return "\n".join(line for found in error.faults for line in sentences.fault(found))
    if isinstance(error, writing.NotUnderstood):
        chinese, english = sentences.FAULTS["not_understood"]
        facts = {"where": error.where, "what": error.what or "?"}
        return f"{chinese.format(**facts)}\n{english.format(**facts)}"
    return str(error)
