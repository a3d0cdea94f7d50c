"""`qianxian standard address …`: addresses taken apart, compared, and the tagger that finds their pieces trained and measured."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table as Drawn

from qianxian.kernel.lazily import lazily
from qianxian.standard.addresses import corpus, divisions, matching, reading
from qianxian.standard.addresses.pieces import NAMES, Kind, Piece
from qianxian.standard.addresses.rules import rules
from qianxian.web.acting import now
from qianxian.web.commands.refusing import refuse

taggers = lazily("qianxian.standard.addresses.tagger")
Marked = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="标注文件：每行“字 标签”，地址之间空一行。 A line for each character with its tag."
    ),
]
Model = Annotated[
    Path | None, typer.Option(metavar="PATH", help="训练好的模型；不写则只用规则。 A trained model; rules without it.")
]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]
REFUSED = {
    "foreign": ("不是地址模型。", "It is no model of addresses."),
    "damaged": ("模型文件已损坏或被改动，请重新训练。", "The model is damaged or was changed: train it again."),
    "other_edition": (
        "模型由别的版本训练，请用本版本重新训练。",
        "The model was trained by another version: train it again with this one.",
    ),
}


def train(
    file: Marked,
    model: Annotated[Path, typer.Option(metavar="PATH", help="模型写到哪里。 Where the model is written.")],
    as_json: AsJson = False,
) -> None:
    """用标注好的地址训练识别模型。 Train the tagger of addresses on marked ones."""
    with refusing(file):
        marked = corpus.read(file)
        with _bar(Console(stderr=True)) as bar:
            task = bar.add_task("", total=taggers.ITERATIONS)
            header = taggers.train(
                marked, file.read_bytes(), model, today=now().date(), follow=lambda n: bar.update(task, completed=n)
            )
    told = {name: value for name, value in asdict(header).items() if name not in ("format", "weights")}
    _tell(
        told | {"model": str(model)},
        f"已写入 {model}：留出 {header.held_out} 条检验，F1 {header.f1:.3f}（只用规则 {header.rules_f1:.3f}）。 Written.",
        as_json=as_json,
    )


def measure(file: Marked, model: Model = None, as_json: AsJson = False) -> None:
    """用标注好的地址检验：准确率、召回率、F1。 Measure the tagger, or the rules, on marked addresses."""
    with refusing(file):
        overall, by_kind = corpus.score(corpus.read(file), _tagger(model))
    told = {
        "tagger": str(model) if model else "rules", "divisions": divisions.at_hand(), **_figures(overall),
        "labels": {kind: _figures(one) for kind, one in by_kind.items()},
    }  # fmt: skip
    if as_json:
        _tell(told, "", as_json=True)
        return
    drawn = Drawn("label", "要素", "标注", "找到", "准确率", "召回率", "F1")
    for kind, one in [*by_kind.items(), ("", overall)]:
        name = NAMES[Kind(kind)][0] if kind else "合计"
        figures = (f"{value:.3f}" for value in (one.precision, one.recall, one.f1))
        drawn.add_row(kind, name, f"{one.marked:,}", f"{one.found:,}", *figures)
    Console().print(drawn)


def take_apart(
    text: Annotated[str, typer.Argument(metavar="ADDRESS")], model: Model = None, as_json: AsJson = False
) -> None:
    """把一个地址拆成要素。 Take one address apart."""
    with refusing(model):
        address = reading.read(text, tagger=_tagger(model))
    pieces = [{"kind": piece.kind.value, "text": piece.text} for piece in address.pieces]
    if as_json:
        _tell(
            {"code": address.code, "places": [one.name for one in address.places], "pieces": pieces}, "", as_json=True
        )
        return
    drawn = Drawn(show_header=False, box=None)
    for piece in address.pieces:
        drawn.add_row(NAMES[piece.kind][0], piece.text)
    drawn.add_row("区划代码", address.code or "不能确定")
    Console().print(drawn)


def compare(one: str, other: str, model: Model = None, as_json: AsJson = False) -> None:
    """比较两个地址：相同、相近、不同。 Compare two addresses: same, near, different."""
    with refusing(model):
        match = matching.compare(one, other, tagger=_tagger(model))
    words = {"same": "相同", "near": "相近", "different": "不同"}[match.verdict]
    _tell(asdict(match), f"{words} {match.verdict}（{match.score:.2f}）：{'、'.join(match.reasons)}", as_json=as_json)


def _tagger(model: Path | None) -> Callable[[str], Iterable[Piece]]:
    return taggers.load(model) if model else rules


@contextmanager
def refusing(file: Path | None) -> Iterator[None]:
    """Say in one sentence of each language why it cannot be done, and leave with 2."""
    try:
        yield
    except corpus.BadCorpus as error:
        where = f"第 {error.line} 行“{error.said[:40]}”不是“字 标签”" if error.line else "文件里没有 UTF-8 的标注地址"
        there = (
            f"line {error.line} is no character with its tag" if error.line else "there is no marked address in UTF-8"
        )
        refuse(f"{file}：{where}，请检查。", f"{file}: {there}.")
    except taggers.BadModel as error:
        refuse(*REFUSED[error.code])


def _figures(one: corpus.Score) -> dict[str, Any]:
    return {
        "precision": round(one.precision, 4), "recall": round(one.recall, 4), "f1": round(one.f1, 4),
        "marked": one.marked, "found": one.found, "right": one.right,
    }  # fmt: skip


def _tell(told: dict[str, Any], words: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_json else words)


def _bar(console: Console) -> Progress:
    return Progress(TextColumn("训练 training"), BarColumn(), TaskProgressColumn(), console=console, transient=True)
