"""`qianxian dispatch FILE`: every row of a file becomes a matter, an exit, or a fault with its reason."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table as Drawn

from qianxian.cadres.queries import reaching_everything
from qianxian.cadres.rules import SYSTEM
from qianxian.collection import files, intake
from qianxian.collection.rules.columns import Column, Field, Why
from qianxian.web.acting import now
from qianxian.web.imports import sentences
from qianxian.web.imports.results import LISTS, Names, Tally, collected, write_workbook

from .given import given_columns

WHY = {Why.GIVEN: "指定 given", Why.NAME: "按列名 by name", Why.CONTENT: "按内容 by content"}
LIST_NAMES = {
    "matters": "派单 matters",
    "exits": "不派单 exits",
    "faults": "未收下 faults",
    "already": "以前已收 already",
}
SHOWN = 10


MAP = (
    "指明某列是什么；等号后留空表示不用这一列。 Say what a column means; nothing after the sign leaves it aside. "
    f"FIELD: {', '.join(Field)}"
)
SOURCE = "来源名，同一来源的同一行只收一次；默认用文件名。 Name of the source; a row of it is taken in once."
PLACE = "没写地点的行归到这个地区（编码）。 Place code of rows that name none."
OUT = "结果另存为工作簿。 Write the result to a workbook."


def dispatch(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV 或工作簿。 A CSV file or workbook.")],
    maps: Annotated[list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help=MAP)] = None,
    out: Annotated[Path | None, typer.Option(metavar="RESULT.xlsx", help=OUT)] = None,
    source: Annotated[str, typer.Option(help=SOURCE)] = "",
    sheet: Annotated[str, typer.Option(help="工作簿里的表名。 Sheet of a workbook.")] = "",
    place: Annotated[str, typer.Option(help=PLACE)] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试不收。 Try everything, keep nothing.")] = False,
) -> None:
    """批量派单：每一行或派单、或不派单、或说明原因。 Dispatch a file: each row a matter, an exit, or a fault."""
    console = Console(stderr=True)
    with refusing(), reaching_everything(), Tally() as tally, files.opened(file, sheet) as table:
        remark(console, table.remarks)
        known = intake.known(place)
        columns = intake.columns(table, known, given_columns(maps or []))
        show(console, columns)
        source = source or f"file:{file.stem}"[:80]
        rows = intake.coded(table, columns, known, now())
        outcomes = intake.take_in_rows(source=source, rows=rows, actor=SYSTEM, now=now, keep=not dry_run)
        _follow(console, table, collected(outcomes, Names(known.directory, known.reader.tree), tally))
        if out:
            write_workbook(out, tally)
        _report(
            console,
            tally,
            columns,
            as_json=as_json,
            head={
                "source": source,
                "kept": not dry_run,
                "remarks": [{"code": one.code, **one.facts} for one in table.remarks],
            },
        )
    raise typer.Exit(1 if tally.counts["faults"] else 0)


@contextmanager
def refusing() -> Iterator[None]:
    """Say in one sentence of each language why a file cannot be taken in, and leave with 2."""
    try:
        yield
    except sentences.Refusal as error:
        typer.echo("\n".join(sentences.refusal(error)), err=True)
        raise typer.Exit(2) from error


def remark(console: Console, remarks: tuple[files.Remark, ...]) -> None:
    """Say what a reader of the file would not expect, before any work is done."""
    for found in remarks:
        console.print("\n".join(sentences.remark(found)), markup=False, style="yellow")


def show(console: Console, columns: tuple[Column, ...]) -> None:
    """Show what each column was taken for, before any work is done."""
    drawn = Drawn("列 column", "字段 field", "理由 why", title="列的对应 match of columns", title_justify="left")
    for column in columns:
        name = sentences.FIELDS[column.field] if column.field else ("—", "left aside")
        drawn.add_row(column.header, " ".join(name), WHY[column.why] if column.why else "")
    console.print(drawn)


def _follow(console: Console, table: files.Table, outcomes: Iterator[Any]) -> None:
    bar = Progress(
        TextColumn("派单 dispatch"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]} 行 rows"),
        TimeRemainingColumn(), console=console, transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=1, rows=0)
        for number, _ in enumerate(outcomes, start=1):
            if number % 100 == 0:
                bar.update(task, completed=table.part_read(), rows=number)


def _report(
    console: Console, tally: Tally, columns: tuple[Column, ...], *, as_json: bool, head: dict[str, Any]
) -> None:
    if as_json:
        matched = [{"column": c.header, "field": c.field, "why": c.why} for c in columns]
        tally.write_json(sys.stdout, head | {"columns": matched})
        return
    drawn = Drawn(show_header=False, box=None)
    drawn.add_row("共 rows", str(tally.rows))
    for name in LISTS:
        drawn.add_row(LIST_NAMES[name], str(tally.counts[name]))
    Console().print(drawn)
    for entry in islice(tally.lines("faults"), SHOWN):
        for fault in entry["faults"]:
            said = f"第 {entry['row']} 行：{fault['sentence_zh']}。 Row {entry['row']}: {fault['sentence_en']}."
            console.print(said, markup=False)
    if tally.counts["faults"] > SHOWN:
        console.print(f"…… +{tally.counts['faults'] - SHOWN}：--out / --json")
