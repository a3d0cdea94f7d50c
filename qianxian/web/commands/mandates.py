"""`qianxian mandates`: ask the register who answers, and bring a new edition in from a workbook."""

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.comments import Comment  # type: ignore[import-untyped]
from openpyxl.styles import PatternFill  # type: ignore[import-untyped]
from rich.console import Console
from rich.table import Table as Drawn

from qianxian.collection import files, intake
from qianxian.collection.rules.rows import place_of
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import actions
from qianxian.mandates.queries import NothingInForce, next_number
from qianxian.mandates.rules import lists
from qianxian.mandates.rules.answering import Answer, Outcome
from qianxian.mandates.rules.articles import Article
from qianxian.register.rules import Directory
from qianxian.web.acting import now

from .dispatch import refusing
from .learn import learn

mandates = typer.Typer(no_args_is_help=True, help="权责利清单。 The register of power, duty and benefit.")
mandates.command("learn")(learn)
OUTCOMES = {
    Outcome.DECIDED: "有明确责任单位 decided",
    Outcome.CONTESTED: "清单有争议，由派驻干部或街道认领 contested",
    Outcome.SILENT: "清单没有规定，由派驻干部或街道认领 silent",
}
FAULTS = {
    "unknown": "不在名录或可选范围内 unknown",
    "empty": "没有填写 empty",
    "given_twice": "编号重复 given twice",
    "committee_leads": "居（村）委会只协助、不主责 a committee never leads",
    "gives_nothing": "既无责任也无权力、保障 gives nothing",
    "not_a_date": "日期认不出，请写成 2026-01-01 not a date",
}
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]
MARKED = PatternFill("solid", start_color="FFF2CC")


@mandates.command("ask")
def ask(
    topic: Annotated[str, typer.Option(help="事项（编码或名称）。 Topic.")],
    place: Annotated[str, typer.Option(help="地区（编码或名称）；空为全区。 Place; empty is the whole district.")] = "",
    setting: Annotated[str, typer.Option(help="场所。 Setting.")] = "",
    as_json: AsJson = False,
) -> None:
    """谁管这件事，依据哪一条。 Who answers for a case, by which article."""
    known = intake.known()
    code = known.reader.of_labels([topic]).topic
    where = place_of(place, known.directory, "") if place else known.directory.places.get(known.place)
    if not code:
        raise _refusal(f"没有事项“{topic}”。 There is no topic “{topic}”.")
    if where is None:
        raise _refusal(f"没有地区“{place}”。 There is no place “{place}”.")
    try:
        answer = intake.answer_for(code, where.code, setting, now())
    except NothingInForce as error:
        raise _refusal("还没有生效的清单。 No register is in force.") from error
    if as_json:
        typer.echo(json.dumps(as_data(answer, known.directory), ensure_ascii=False, indent=2))
    else:
        Console().print(_drawn(answer, known.directory))
    raise typer.Exit(0 if answer.outcome is Outcome.DECIDED else 1)


@mandates.command("import")
def bring(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="清单工作簿或 CSV。 Workbook or CSV of articles.")],
    title: Annotated[str, typer.Option(help="清单名称。 Title of the edition.")],
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="从哪天起生效。 First day in force.")],
    report: Annotated[
        Path | None, typer.Option(help="有问题时，标注后的工作簿写到哪里。 Where the annotated copy goes.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只查不发布。 Check, publish nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """导入并发布一版清单：有一行不合格，就一行也不发布。 Publish an edition, whole or not at all."""
    begins = _day(from_)
    known = intake.known()
    with refusing(), files.opened(file) as table:
        numbered = [(number, dict(zip(table.headers, row, strict=False))) for number, row in table.rows]
    articles, faults = lists.read([row for _, row in numbered], known.directory, known.reader.tree.topics)
    told = [_told(fault, numbered[fault.row - 2][0]) for fault in faults]
    edition = None
    if not faults and not dry_run:
        edition = actions.publish(
            number=next_number(), title=title, articles=articles, in_force_from=begins, actor="command", at=now()
        ).number
    if faults:
        annotate(file, report or file.with_name(f"{file.stem}-问题.xlsx"), table.headers, told)
    _say({"articles": len(articles), "edition": edition, "faults": told}, as_json=as_json)
    raise typer.Exit(1 if faults else 0)


def as_data(answer: Answer, directory: Directory) -> dict[str, Any]:
    """Return an answer of the register for programs."""
    return {
        "outcome": answer.outcome.value,
        "article": _line(answer.article, directory) if answer.article else None,
        "rivals": [_line(article, directory) for article in answer.rivals],
        "beaten": [_line(b.article, directory) | {"narrower_in": list(b.narrower_in)} for b in answer.beaten],
        "assisting": [_line(article, directory) for article in answer.assisting],
        "informed": [_line(article, directory) for article in answer.informed],
        "holders": {power.value: list(bodies) for power, bodies in answer.holders.items()},
    }


def annotate(file: Path, copy: Path, headers: tuple[str, ...], faults: list[dict[str, Any]]) -> None:
    """Write a copy of a workbook in which each faulty cell is coloured and says what is wrong with it."""
    if file.suffix.lower() != ".xlsx":
        return
    book = load_workbook(file)
    sheet = book.worksheets[0]
    for fault in faults:
        cell = sheet.cell(fault["row"], _position(fault["column"], headers))
        said = f"{fault['sentence']}"
        cell.fill, cell.comment = MARKED, Comment(f"{cell.comment.text}\n{said}" if cell.comment else said, "千线")
    book.save(copy)


def _position(column: str, headers: tuple[str, ...]) -> int:
    names = lists.COLUMNS[column]
    return next((place for place, header in enumerate(headers, start=1) if header in names), 1)


def _told(fault: lists.RowFault, row: int) -> dict[str, Any]:
    sentence = FAULTS.get(fault.code, fault.code)
    return {"row": row, "column": fault.column, "code": fault.code, "value": fault.value, "sentence": sentence}


def _line(article: Article, directory: Directory) -> dict[str, str]:
    body = directory.organisations.get(article.body)
    name = body.name if body else article.body
    return {"number": article.number, "body": article.body, "body_name": name, "basis": article.basis}


def _drawn(answer: Answer, directory: Directory) -> Drawn:
    drawn = Drawn("", "条目 article", "单位 body", "依据 basis", title=OUTCOMES[answer.outcome], title_justify="left")
    groups = (
        ("主责 leads", [answer.article] if answer.article else []),
        ("争议 contends", answer.rivals),
        ("让位 gave way", [beaten.article for beaten in answer.beaten]),
        ("协助 assists", answer.assisting),
        ("知悉 informed", answer.informed),
    )
    for name, articles in groups:
        for article in articles:
            line = _line(article, directory)
            drawn.add_row(name, line["number"], line["body_name"], line["basis"])
    return drawn


def _say(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for fault in facts["faults"]:
        where = f"第 {fault['row']} 行 row {fault['row']} · {fault['column']}"
        typer.echo(f"{where} “{fault['value']}”：{fault['sentence']}")
    published = f"第 {facts['edition']} 版 edition {facts['edition']}" if facts["edition"] else "没有发布 not published"
    typer.echo(f"{facts['articles']} 条合格 articles fit · {len(facts['faults'])} 处问题 faults · {published}")


def _day(written: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(written), time(), BEIJING)
    except ValueError as error:
        raise _refusal(f"“{written}”不是日期，请写成 2026-01-01。 “{written}” is no date: write 2026-01-01.") from error


def _refusal(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
