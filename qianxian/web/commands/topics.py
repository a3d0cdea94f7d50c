"""`qianxian topics`: which topics words speak of; a reader of them is trained, measured, put in use; themes that grow."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table as Drawn

from qianxian.collection import files, intake
from qianxian.collection.rules.columns import UnknownColumn
from qianxian.kernel.lazily import lazily
from qianxian.mandates import queries as mandates
from qianxian.web.acting import now
from qianxian.web.wordreader import kept

from . import topic_tables
from .dispatch import refusing
from .hot import hot

if TYPE_CHECKING:
    from qianxian.mandates.words import figures, grams, model, modelfile, serving, training
else:
    figures = lazily("qianxian.mandates.words.figures")
    grams = lazily("qianxian.mandates.words.grams")
    model = lazily("qianxian.mandates.words.model")
    modelfile = lazily("qianxian.mandates.words.modelfile")
    serving = lazily("qianxian.mandates.words.serving")
    training = lazily("qianxian.mandates.words.training")

topics = typer.Typer(no_args_is_help=True, help="事项与内容识别。 Topics, and the reader of words.")
File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV 或工作簿。 A CSV file or workbook.")]
Texts = Annotated[
    list[str], typer.Option("--text", metavar="COLUMN", help="内容所在的列，可写多次，标题在前。 Column of words; may be repeated, the subject first.")
]  # fmt: skip
LabelColumn = Annotated[str, typer.Option("--label", metavar="COLUMN", help="类别所在的列。 Column of the label.")]
ModelPath = Annotated[Path, typer.Option("--model", metavar="PATH", help="模型文件。 The model's file.")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]
topics.command("hot")(hot)
NO_MODEL = {
    "missing": ("没有找到模型文件“{name}”，请检查路径。", "There is no model “{name}”: check the path."),
    "foreign": (
        "“{name}”不是千线的模型文件，不予读取；请用 qianxian topics train 训练。",
        "“{name}” is no model of Qianxian and is not read: train one by `qianxian topics train`.",
    ),
    "newer": (
        "模型文件“{name}”是别的版本写的，请用本版本重新训练。",
        "The model “{name}” was written by another version: train it again with this one.",
    ),
    "damaged": (
        "模型文件“{name}”不完整或被改动过，请重新训练或重新复制。",
        "The model “{name}” is broken or was tampered with: train or copy it again.",
    ),
    "too_large": ("模型文件“{name}”过大，不予读取。", "The model “{name}” is too large and is not read."),
}
NOT_ENOUGH = {
    "empty": ("没有一行同时有内容和类别，请检查所选的列。", "No row has both words and a label: check the columns."),
    "one_label": (
        "所有行都是同一个类别“{label}”，无从区分；至少要有两个类别。",
        "Every row bears the one label “{label}”: at least two are needed.",
    ),
    "alike": (
        "类别“{label}”的各行几乎一模一样，等于只有一行；请补充不同的内容。",
        "The rows of the label “{label}” are nearly the same, as good as one: add others.",
    ),
    "lonely": (
        "类别“{label}”只有一行（这样的类别共 {count} 个），学不会也测不了；请补充、合并或删去。",
        "The label “{label}” has one row ({count} such labels), too few to learn and to measure: add, merge or drop.",
    ),
}


@dataclass(frozen=True)
class Read:
    """The rows of a file that have words and, where a label column is named, a label; how many were left out."""

    texts: list[str]
    labels: list[str]
    left_out: int


@contextmanager
def explained() -> Iterator[None]:
    """Say in one sentence of each language why nothing can be learned or read, and leave with 2."""
    with refusing():
        try:
            yield
        except modelfile.NoModel as error:
            pair = tuple(said.format(name=error.path.name) for said in NO_MODEL[error.code])
        except training.NotEnough as error:
            pair = tuple(said.format(**error.facts) for said in NOT_ENOUGH[error.code])
        else:
            return
    typer.echo("\n".join(pair), err=True)
    raise typer.Exit(2)


@topics.command("train")
def train(file: File, text: Texts, label: LabelColumn, path: ModelPath, as_json: AsJson = False) -> None:
    """用已分好类的记录训练识别模型。 Train a reader of words on rows that bear a label."""
    with explained():
        read = _read(file, text, label)
        about = model.Facts((), tuple(text), label, 0, _sha256(file), now().isoformat(timespec="seconds"), 1.0, None)
        made = training.trained(training.examples(read.texts, read.labels), about)
        modelfile.save(made, path)
    told = _told(made.facts) | {"left_out": read.left_out, "model": str(path), "bytes": path.stat().st_size}
    _report(told, as_json=as_json)


@topics.command("test")
def measure(file: File, text: Texts, label: LabelColumn, path: ModelPath, as_json: AsJson = False) -> None:
    """用另一份已分好类的记录检验模型。 Measure a model on rows that it has not seen."""
    with explained():
        reader = modelfile.load(path)
        read = _read(file, text, label)
        if not read.texts:
            raise training.NotEnough("empty")
        found = _measured(reader, read)
    seen = {"trained_on_this_file": reader.facts.data_sha256 == _sha256(file), "left_out": read.left_out}
    _report(found.told() | seen, as_json=as_json)


@topics.command("validate")
def validate(
    file: File,
    text: Texts,
    label: LabelColumn,
    seeds: Annotated[int, typer.Option(min=1, max=20, help="重复几次，每次重新分组。 Repetitions, each with other folds.")] = 3,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """五折交叉检验，相近的内容总在同一折。 Cross-validation in five folds; what is nearly the same stays in one fold."""
    with explained():
        read = _read(file, text, label)
        given = training.examples(read.texts, read.labels)
        runs = track(training.validated(given, range(seeds)), "检验 validating", seeds, console=Console(stderr=True))
        found = [one for _, one in runs]
    alike = len(given.texts) - len(set(given.group.tolist()))
    told = _average([one.summary() for one in found]) | {"runs": [one.summary() for one in found]}
    _report(told | found[0].told() | told | {"nearly_the_same": alike, "left_out": read.left_out}, as_json=as_json)


@topics.command("use")
def use(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="模型文件。 The model's file.")],
    maps: Annotated[list[str] | None, typer.Option("--map", metavar="LABEL=CODE[,CODE]", help="类别对应事项树的哪些编码。 Topics that a label stands for.")] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """启用模型：登记、受理和批量导入都用它来推荐。 Put a model in use on every form and in dispatch."""
    with explained():
        found = modelfile.load(path)
    given = {name.strip(): codes.split(",") for name, _, codes in (one.partition("=") for one in maps or [])}
    tree = intake.known().reader.tree
    wrong = [code for codes in given.values() for code in codes if code not in tree.topics]
    unknown = [name for name in given if name not in found.facts.labels]
    if wrong or unknown:
        _refuse(
            f"对应写得不对：{'、'.join(wrong + unknown)} 不在事项树或模型里。",
            f"Neither topic nor label: {', '.join(wrong + unknown)}.",
        )
    codes = serving.matched(found.facts.labels, tree, given)
    if not codes:
        _refuse(
            "模型的类别和事项树一个也对不上，请用 --map 类别=编码 指明。",
            "No label of the model is a topic of the tree: name them by --map LABEL=CODE.",
        )
    kept.use(path, given, actor="qianxian topics use", at=now())
    left = [name for name in found.facts.labels if name not in codes]
    _report(
        {
            "in_use": str(mandates.trained_reader()),
            "matched": {k: list(v) for k, v in codes.items()},
            "not_matched": left,
        },
        as_json=as_json,
    )


@topics.command("drop")
def drop(as_json: AsJson = False) -> None:
    """停用模型，只凭事项树推荐。 Go back to the topic tree alone."""
    kept.drop(actor="qianxian topics drop", at=now())
    _report({"in_use": None}, as_json=as_json)


topics.command("import")(topic_tables.bring)
topics.command("crosswalk")(topic_tables.crosswalk)


@topics.command("suggest")
def suggest(
    words: Annotated[str, typer.Argument(help="诉求内容。 What is wanted.")], as_json: AsJson = False
) -> None:  # fmt: skip
    """这段话可能属于哪些事项。 Topics of which words may speak, and the one that is sure."""
    reader = intake.known().reader
    sure = reader.of_words(words)
    found: list[dict[str, Any]] = [
        {
            "topic": suggestion.topic,
            "name": "／".join(topic.name for topic in reader.tree.path(suggestion.topic)),
            "score": round(suggestion.score, 2),
            "words": list(suggestion.words),
        }
        for suggestion in reader.tree.suggested(words)
    ]
    if as_json:
        typer.echo(json.dumps({"sure": sure.topic, "why": sure.why, "suggested": found}, ensure_ascii=False, indent=2))
        return
    for one in found:
        mark = "●" if one["topic"] == sure.topic else " "
        typer.echo(f"{mark} {one['topic']}  {one['name']}  {one['score']}  {'、'.join(one['words'])}")


def _read(file: Path, text: list[str], label: str) -> Read:
    """
    Read the named columns.

    :raises UnknownColumn, Unreadable: if the file or a column is not there
    """
    with files.opened(file) as table:
        for name in (*text, label):
            if name not in table.headers:
                raise UnknownColumn(name, table.headers)
        at, of = [table.headers.index(name) for name in text], table.headers.index(label)
        rows = [(grams.joined(_cell(row, i) for i in at), _cell(row, of).strip()) for _, row in table.rows]
    kept = [(words, said) for words, said in rows if words.strip() and said]
    return Read([words for words, _ in kept], [said for _, said in kept], len(rows) - len(kept))


def _cell(row: tuple[str, ...], at: int) -> str:
    return row[at] if at < len(row) else ""


def _measured(reader: "model.Model", read: Read) -> "figures.Figures":
    """Return the figures on rows; a label that the model does not know counts as read wrongly."""
    labels = (*reader.facts.labels, *sorted(set(read.labels) - set(reader.facts.labels)))
    likely = figures.widened(reader.probabilities(read.texts), len(labels))
    least = 2.0 if reader.facts.sure is None else reader.facts.sure
    return figures.figures(likely, figures.indices(read.labels, labels), labels, likely.max(axis=1) >= least)


def _average(summaries: list[dict[str, float]]) -> dict[str, Any]:
    names = [name for name in summaries[0] if name != "rows"]
    mean = {name: sum(one[name] for one in summaries) / len(summaries) for name in names}
    spread = {
        name: (sum((one[name] - mean[name]) ** 2 for one in summaries) / max(len(summaries) - 1, 1)) ** 0.5 for name in names
    }  # fmt: skip
    return {name: round(mean[name], 4) for name in names} | {"spread": {n: round(s, 4) for n, s in spread.items()}}


def _told(facts: "model.Facts") -> dict[str, Any]:
    return {
        "labels": list(facts.labels), "rows": facts.rows, "data_sha256": facts.data_sha256,
        "trained_at": facts.trained_at, "sure": facts.sure, "measured_by_cross_validation": facts.figures,
    }  # fmt: skip


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _refuse(zh: str, en: str) -> None:
    typer.echo(f"{zh}\n{en}", err=True)
    raise typer.Exit(2)


def _report(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    drawn = Drawn(show_header=False, box=None)
    for name, value in told.items():
        if name not in ("confusion", "runs"):
            drawn.add_row(name, json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value))
    Console().print(drawn)
