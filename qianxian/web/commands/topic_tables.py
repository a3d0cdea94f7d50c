"""`qianxian topics import` and `crosswalk`: another tree of topics, and the classes of other catalogues."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from qianxian.collection import files
from qianxian.mandates import actions
from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.crosswalks import Labels
from qianxian.mandates.rules.topic_lists import (
    CROSSING_COLUMNS,
    TOPIC_COLUMNS,
    RowFault,
    read_crossings,
    read_topics,
)
from qianxian.web.acting import now

from .dispatch import refusing

SENTENCES = {
    "not_a_code": "编码要两位、四位或六位数字 a code has two, four or six digits",
    "given_twice": "重复 given twice",
    "empty": "没有填写 empty",
    "unknown": "不在可选范围内 unknown",
    "unclear": "不止一个事项叫这个名字，请填编码 several topics have this name",
    "no_parent": "上一级事项不在 there is no topic above",
}
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只查不写。 Check, write nothing.")]


def bring(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="编码、名称、俗称、例句…… Codes, names, synonyms.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """导入事项树：新的添上，同编码的更新；有一行不合格，就一行也不写。 Import a topic tree, all or nothing."""
    found, faults = read_topics(_rows(file, TOPIC_COLUMNS), mandates.topics().topics)
    if found and not faults and not dry_run:
        actions.plant_topics(rows=found, actor="command", at=now())
    _report("topics", len(found), faults, kept=bool(found) and not faults and not dry_run, as_json=as_json)


def crosswalk(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="目录、编码、名称、对应事项、对应关系。 Catalogue, code, topic."),
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """别的目录的类别对应哪个事项：不写文件就列出，写文件就导入。 How classes of other catalogues lie to our topics."""
    if file is None:
        _list(as_json=as_json)
        return
    labels = Labels(mandates.topics())
    found, faults = read_crossings(_rows(file, CROSSING_COLUMNS), labels)
    keep = bool(found) and not faults and not dry_run
    for (catalogue, version), crossings in found.items() if keep else ():
        actions.plant_crosswalk(
            catalogue=catalogue, version=version, crossings=crossings, actor="command", at=now()
        )  # fmt: skip
    _report("classes", sum(map(len, found.values())), faults, kept=keep, as_json=as_json)


def _list(*, as_json: bool) -> None:
    tree = mandates.topics().topics
    told = [
        {
            "catalogue": one.catalogue, "version": one.version, "code": one.code, "name": one.name, "topic": one.topic,
            "topic_name": tree[one.topic].name, "match": one.match.value,
        }
        for one in mandates.crossings()
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in told:
        typer.echo("  ".join(str(line[key]) for key in ("catalogue", "code", "name", "match", "topic", "topic_name")))
    typer.echo(f"{len(told)} 条对应 classes")


def _rows(file: Path, columns: Mapping[str, tuple[str, ...]]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a table below the row that names its columns."""
    known = {name for names in columns.values() for name in names}
    with refusing():
        rows = files.all_rows(file)[0][1]
    at = next((place for place, (_, cells) in enumerate(rows) if len(known & set(map(str.strip, cells))) > 1), None)
    if at is None:
        typer.echo("没有认出表头。 No row names the columns.", err=True)
        raise typer.Exit(2)
    headers = [cell.strip() for cell in rows[at][1]]
    return [(number, dict(zip(headers, cells, strict=False))) for number, cells in rows[at + 1 :]]


def _report(name: str, count: int, faults: Iterable[RowFault], *, kept: bool, as_json: bool) -> None:
    told: list[dict[str, Any]] = [
        {"row": f.row, "column": f.column, "code": f.code, "value": f.value, "sentence": SENTENCES[f.code]}
        for f in faults
    ]
    if as_json:
        typer.echo(json.dumps({name: count, "kept": kept, "faults": told}, ensure_ascii=False, indent=2))
    else:
        for one in told:
            typer.echo(f"第 {one['row']} 行 row {one['row']} · {one['column']} “{one['value']}”：{one['sentence']}")
        typer.echo(f"{count} {name} · {'已写入 kept' if kept else '没有写入 nothing written'}")
    raise typer.Exit(1 if told or not count else 0)
