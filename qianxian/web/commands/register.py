"""`qianxian register link FILE…`: which rows of rosters speak of one person or organisation."""

import csv
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table as Drawn

from qianxian.collection import files
from qianxian.kernel.lazily import lazily
from qianxian.register.linkage.rosters import NothingToCompare, Roster, roster, spelled

from .dispatch import refusing

engine = lazily("qianxian.register.linkage.engine")

register = typer.Typer(no_args_is_help=True, help="综合体数据库。 The register of persons and organisations.")
SHOWN = 20
OUT = "把配对写到 CSV。 Write the pairs to a CSV file."
LEAST = "低于这个概率的配对不写；默认 0.5，即更可能是同一个。 Pairs below this probability are left out."
ACROSS = "只比不同文件之间，不查文件内部的重复。 Only pairs of different files."
HEAD = ("left_file", "left_row", "right_file", "right_row", "probability", "reasons")


@register.callback()
def _register() -> None:
    """综合体数据库。 The register of persons and organisations."""


@register.command("link")
def link(
    rosters: Annotated[list[Path], typer.Argument(metavar="FILE…", help="名册（CSV 或工作簿）。 Rosters.")],
    out: Annotated[Path | None, typer.Option(metavar="PAIRS.csv", help=OUT)] = None,
    threshold: Annotated[float, typer.Option(min=0.001, max=1.0, help=LEAST)] = 0.5,
    across: Annotated[bool, typer.Option("--across", help=ACROSS)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False,
) -> None:
    """找出几份名册里（和每份里面）说的是同一个人或单位的行。 Find rows that speak of one person or organisation."""
    console, started = Console(stderr=True), time.monotonic()
    with console.status("读取 reading …"):
        read = [_read(path) for path in rosters]
        found = spelled(read)
    with console.status(f"比对 {len(found.records)} 行 comparing …"):
        groups = [file for file, _ in found.origins] if across else None
        linked = engine.link(found.records, found.held, least=threshold, groups=groups)
    rows = [_row(pair, read, found.origins) for pair in linked.pairs]
    if out:
        _write(out, rows)
    _say(_facts(read, linked, rows, threshold, time.monotonic() - started), as_json=as_json)


def _read(path: Path) -> Roster:
    try:
        with refusing(), files.opened(path) as table:
            return roster(path.name, table.headers, (row for _, row in table.rows))
    except NothingToCompare as error:
        headers = "、".join(error.headers[:12])
        typer.echo(
            f"{error.name}：没有认出任何一列（{headers}）。请把列名改成“姓名”“公民身份号码”“出生日期”“电话”“地址”等。\n"
            f"{error.name}: no column is known ({headers}). Name them name, citizen_number, birth_date, phone, address …",
            err=True,
        )
        raise typer.Exit(2) from error


def _row(pair: Any, read: list[Roster], origins: list[tuple[int, int]]) -> dict[str, Any]:
    (left_file, left_row), (right_file, right_row) = origins[pair.left], origins[pair.right]
    reasons = [{"element": one.element, "step": one.step, "weight": one.weight} for one in pair.reasons]
    named = (read[left_file].name, left_row, read[right_file].name, right_row, round(pair.probability, 6), reasons)
    return dict(zip(HEAD, named, strict=True))


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        written = csv.writer(stream)
        written.writerow(HEAD)
        for row in rows:
            told = ";".join(f"{one['element']}={one['step']}:{one['weight']:+.1f}" for one in row["reasons"])
            written.writerow([*(row[name] for name in HEAD[:-1]), told])


def _facts(
    read: list[Roster], linked: Any, rows: list[dict[str, Any]], threshold: float, seconds: float
) -> dict[str, Any]:
    return {
        "files": [
            {
                "file": one.name,
                "rows": len(one.rows),
                "columns": {column.header: column.element.code if column.element else None for column in one.columns},
            }
            for one in read
        ],
        "threshold": threshold,
        "keys": [" + ".join(key) for key in linked.keys] or ["every pair"],
        "compared": linked.looked_at,
        "expected_duplicates": round(linked.expected, 1),
        "seconds": round(seconds, 1),
        "count": len(rows),
        "pairs": rows,
    }


def _say(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    drawn = Drawn("左 left", "右 right", "概率 probability", "理由 reasons", title_justify="left")
    for row in facts["pairs"][:SHOWN]:
        told = " ".join(f"{one['element']}:{one['step']}({one['weight']:+.1f})" for one in row["reasons"])
        left, right = (f"{row[f'{side}_file']} #{row[f'{side}_row']}" for side in ("left", "right"))
        drawn.add_row(left, right, f"{row['probability']:.3f}", told)
    Console().print(drawn)
    typer.echo(f"{facts['count']} 对 pairs · {facts['seconds']} 秒 seconds")
