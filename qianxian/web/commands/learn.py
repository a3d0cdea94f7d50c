"""`qianxian mandates learn`: what a dispatch history teaches, and how well it foretells later records."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Drawn

from qianxian.cadres.queries import reaching_everything
from qianxian.collection import history as histories
from qianxian.collection import intake
from qianxian.collection.rules.history import Meaning
from qianxian.collection.rules.rows import Known
from qianxian.kernel.lazily import lazily
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.learning.records import Record, RowFault
from qianxian.matters.queries.settled import settled
from qianxian.web.acting import now
from qianxian.web.learned import kept, own, proposing, results, sentences, sheets

from .given import given_columns

if TYPE_CHECKING:
    from qianxian.mandates import learning, ranking
else:
    learning = lazily("qianxian.mandates.learning")
    ranking = lazily("qianxian.mandates.ranking")

MAP = f"指明某列是什么；等号后留空表示不用。 Say what a column means. FIELD: {', '.join(Meaning)}"
SHOWN = 10


def learn(
    file: Annotated[Path | None, typer.Argument(metavar="HISTORY.csv", help="派单记录。 A dispatch history.")] = None,
    own_matters: Annotated[bool, typer.Option("--own", help="从本平台的诉求学。 Learn from our own matters.")] = False,
    backtest: Annotated[
        float, typer.Option(min=0.0, max=0.9, help="留作测试的最近一部分。 Latest part to test on.")
    ] = 0.2,
    test: Annotated[Path | None, typer.Option(metavar="FILE", help="用另一份文件测试。 Test on a second file.")] = None,
    maps: Annotated[list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help=MAP)] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PROPOSALS.xlsx", help="建议条款另存为导入用的工作簿。 Write proposals.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="用来给裁定的候选单位排序。 Sort the adjudicator's list by it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False,
) -> None:
    """从派单记录里学：合并写法、归属不一、交社区办的、建议条款、排序效果。 Learn from a dispatch history."""
    if (file is None) is not own_matters:
        typer.echo("请给一份派单记录，或者用 --own，两者选一。 Give a history or --own, one of the two.", err=True)
        raise typer.Exit(2)
    given = given_columns(maps or [])
    with refusing(), reaching_everything(), following() as told:
        records, faults, places, rows = _read_own() if file is None else _read(file, given, told)
        later = _read(test, given, told)[0] if test else None
        learned = learning.learn(records, places=places, share=backtest, later=later)
        data = results.as_data(learned, faults, rows)
        told(1.0)
    known = intake.known()
    if out:
        _write(out, data, known)
    if keep and not _keep(learned, known, file.name if file else "own"):
        typer.echo("记录太少，学不出排序。 Too few records for a ranking.", err=True)
        raise typer.Exit(1)
    head = {"file": str(file) if file else None, "test_file": str(test) if test else None}
    _say(head | data, as_json=as_json)


def _read(
    file: Path, given: dict[str, str], told: Callable[[float], None]
) -> tuple[tuple[Record, ...], tuple[RowFault, ...], frozenset[str], int]:
    found = histories.read(file, given, told)
    return found.records, found.faults, found.places, found.rows


def _read_own() -> tuple[tuple[Record, ...], tuple[RowFault, ...], frozenset[str], int]:
    known = intake.known()
    records = own.records(settled(known.place), known.directory, known.reader.tree)
    return tuple(records), (), frozenset(), len(records)


def _write(out: Path, data: dict[str, Any], known: Known) -> None:
    rows = proposing.rows(data, known, now().astimezone(BEIJING).date())
    fit, unfit = sheets.write_proposals(out, rows)
    said = f"{out}：{fit} 条可导入，{unfit} 条有名称对不上名录。 {fit} can be imported, {unfit} have unknown names."
    typer.echo(said, err=True)


def _keep(learned: "learning.Learned", known: Known, source: str) -> bool:
    if learned.ranking is None:
        return False
    kept.prepare(learned, known, now())
    ranking.save(learned.ranking, kept.path())
    kept.use(kept.path(), source=source, actor="command", at=now())
    return True


@contextmanager
def refusing() -> Iterator[None]:
    """Say in one sentence of each language why a history cannot be learned from, and leave with 2."""
    try:
        yield
    except sentences.Refusal as error:
        typer.echo("\n".join(sentences.refusal(error)), err=True)
        raise typer.Exit(2) from error


@contextmanager
def following() -> Iterator[Callable[[float], None]]:
    """Draw how far the reading has come; learning itself tells only that it goes on."""
    bar = Progress(
        TextColumn("学习 learning"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    )
    with bar:
        task = bar.add_task("", total=None)
        yield lambda part: bar.update(task, total=1.0, completed=part)


def _say(data: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    console = Console()
    drawn = Drawn(show_header=False, box=None)
    for name, value in _lines(data):
        drawn.add_row(name, value)
    console.print(drawn)
    for unit in data["units_merged"][:SHOWN]:
        written = "、".join(spelling["written"] for spelling in unit["spellings"])
        console.print(f"合并 merged：{written}", markup=False)
    for one in data["proposals"][:SHOWN]:
        where = one["street"] or "全区 district"
        console.print(
            f"建议 proposed：{one['unit']} ← {one['topic']} · {where} · {one['records']}/{one['support']}", markup=False
        )
    for found in data["faults"][:SHOWN]:
        said = f"第 {found['row']} 行：{found['sentence_zh']}。 Row {found['row']}: {found['sentence_en']}."
        console.print(said, markup=False)


def _lines(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "记录 records", f"{data['records']}/{data['rows']}"
    yield "单位 units", f"{data['units']}（{len(data['units_merged'])} 个有几种写法 written in several ways）"
    yield "归属不一 contested", f"{data['cells_contested']}/{data['cells']}"
    yield "交社区办理 on communities", str(data["community_as_handler"])
    yield "建议条款 proposals", str(len(data["proposals"]))
    if tried := data["test"]:
        for name, words in (("frozen", "排序 ranking"), ("rolling", "滚动 rolling"), ("lookup", "查表 look-up")):
            if tried[name]:
                yield words, f"首位 top1 {tried[name]['top1']:.3f} · 前三 top3 {tried[name]['top3']:.3f}"
