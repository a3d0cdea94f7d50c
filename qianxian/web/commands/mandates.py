"""`qianxian mandates`: ask the register who answers, bring a new edition in from a workbook, audit and prove it."""

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from django.core.exceptions import ObjectDoesNotExist
from rich.console import Console
from rich.table import Table as Drawn

from qianxian.cadres.queries import reaching_everything
from qianxian.collection import intake
from qianxian.collection.rules.rows import home_place, place_of
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import actions
from qianxian.mandates.queries import NothingInForce, any_edition
from qianxian.mandates.rules.answering import Answer, Outcome
from qianxian.mandates.rules.articles import Article
from qianxian.mandates.rules.drafts import NotInThisStage
from qianxian.mandates.rules.sheet_reading import Reading
from qianxian.mandates.rules.sheets import Fault
from qianxian.register import queries as register
from qianxian.register.rules import Directory, Unknown
from qianxian.web.acting import now
from qianxian.web.drafting import reading
from qianxian.web.public.answers import Line
from qianxian.web.public.exits import WayOut, own_affairs, shown_by

from . import audits
from .dispatch import refusing
from .drafts import compare, drafts, replay
from .learn import learn

mandates = typer.Typer(no_args_is_help=True, help="权责利清单。 The register of power, duty and benefit.")
mandates.command("drafts")(drafts)
mandates.command("replay")(replay)
mandates.command("compare")(compare)
mandates.command("learn")(learn)
OUTCOMES = {
    Outcome.DECIDED: "有明确责任单位 decided",
    Outcome.CONTESTED: "清单有争议，由派驻干部或街道认领 contested",
    Outcome.SILENT: "清单没有规定，由派驻干部或街道认领 silent",
}
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]


mandates.command("audit")(audits.audit)
mandates.command("check")(audits.check)


@mandates.command("ask")
def ask(
    topic: Annotated[str, typer.Option(help="事项（编码、名称、俗称或别的目录的类别）。 Topic.")] = "",
    words: Annotated[str, typer.Option(help="诉求的原话：看是否不派单，也用来认事项。 What was said.")] = "",
    place: Annotated[str, typer.Option(help="地区（编码或名称）；空为全区。 Place; empty is the whole district.")] = "",
    setting: Annotated[str, typer.Option(help="场所。 Setting.")] = "",
    as_json: AsJson = False,
) -> None:
    """谁管这件事，依据哪一条。 Who answers for a case, by which article."""
    known = intake.known()
    code = known.reader.of_labels([topic]).topic if topic else known.reader.of_words(words).topic
    where = place_of(place, known.directory, "") if place else known.directory.places.get(known.place)
    if not code:
        raise _refusal(f"没有认出事项“{topic or words}”。 No topic is known by “{topic or words}”.")
    if where is None:
        raise _refusal(f"没有地区“{place}”。 There is no place “{place}”.")
    try:
        answer = intake.answer_for(code, where.code, setting, now())
    except NothingInForce as error:
        raise _refusal("还没有生效的清单。 No register is in force.") from error
    way_out = shown_by(words)
    own = own_affairs(code, where.code, setting, known.directory, now())
    if as_json:
        told = as_data(answer, known.directory) | {
            "exit": way_out and {**vars(way_out), "ways": [str(way) for way in way_out.ways]},
            "self_government": [{"number": line.number, "body_name": line.body, "basis": line.basis} for line in own],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _say_what_is_no_demand(way_out, own)
        Console().print(_drawn(answer, known.directory))
    raise typer.Exit(0 if answer.outcome is Outcome.DECIDED else 1)


def _say_what_is_no_demand(way_out: WayOut | None, own: list[Line]) -> None:
    if way_out:
        typer.echo(f"不派单 no demand · {way_out.name} · {way_out.article}\n{way_out.reply}")
        typer.echo("\n".join(f"  · {way}" for way in way_out.ways))
    for line in own:
        typer.echo(f"居民自治事项 self-government · {line.number} · {line.body} · {line.basis}")


@mandates.command("import")
def bring(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="清单工作簿或 CSV。 Workbook or CSV of articles.")],
    title: Annotated[str, typer.Option(help="清单名称。 Title of the edition.")],
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="从哪天起生效。 First day in force.")] = "",
    body: Annotated[str, typer.Option(help="表里没写单位时，是哪个单位的。 Whose lists they are.")] = "",
    draft: Annotated[int, typer.Option(help="写进哪份草案；不填新建一份。 Draft to write into.")] = 0,
    complete: Annotated[
        bool, typer.Option("--complete", help="完整清单：没列出的旧条款终止。 End what is not listed.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="有问题时，标注后的工作簿写到哪里。 Where the annotated copy goes.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只查不写。 Check, write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """导入清单：第一版直接公布，以后的写进草案，由另一人批准；有一行不合格，就一行也不写。 Import lists, all or nothing."""
    begins = _day(from_) if from_ else now()
    holder = _body(body)
    with refusing():
        sheets, found = reading.read_file(file, valid_from=begins, body=holder)
    if found.faults:
        reading.write_marked(file, report or file.with_name(f"{file.stem}-问题.xlsx"), sheets, found)
    taken: dict[str, Any] = {"edition": None, "draft": None}
    if found.columns and not found.faults and not dry_run:
        taken |= _taken(found, title, begins, draft, complete=complete)
    _say(
        {
            "articles": len(found.columns),
            **taken,
            "sheets": [{"name": s.name, "form": s.form, "rows": s.rows, "articles": s.articles} for s in found.sheets],
            "faults": [_told(fault) for fault in found.faults],
        },
        as_json=as_json,
    )  # fmt: skip
    raise typer.Exit(1 if found.faults or not found.columns else 0)


def _taken(found: Reading, title: str, begins: datetime, draft: int, *, complete: bool) -> dict[str, Any]:
    """Publish the first edition; write what comes later into a draft."""
    if not any_edition():
        edition = actions.publish(
            number=1, title=title, articles=found.columns, in_force_from=begins, actor="command", at=now()
        )
        return {"edition": edition.number}
    with reaching_everything():
        try:
            held = (
                draft or actions.begin(title=title, area=home_place(register.directory()), actor="command", at=now()).pk
            )
            whole = found.lists if complete else ()
            actions.bring_lines(held, columns=found.columns, complete=whole, actor="command", at=now())
        except ObjectDoesNotExist as error:
            raise _refusal(f"没有草案 {draft}。 There is no draft {draft}.") from error
        except NotInThisStage as error:
            raise _refusal(f"草案 {draft} 已经送审，不能再写。 Draft {draft} has been submitted.") from error
    return {"draft": held}


def _body(name: str) -> str:
    try:
        return register.directory().organisation(name).code if name else ""
    except Unknown as error:
        raise _refusal(f"名录里没有“{name}”。 There is no unit “{name}”.") from error


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


def _told(fault: Fault) -> dict[str, Any]:
    return {
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.header,
        "code": fault.code,
        "value": fault.value,
        "candidates": list(fault.candidates),
        "sentence": reading.said(fault),
    }


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
        sheet = f"{fault['sheet']} · " if fault["sheet"] else ""
        typer.echo(f"{sheet}第 {fault['row']} 行 row {fault['row']} · {fault['column']}：{fault['sentence']}")
    if facts["edition"]:
        done = f"第 {facts['edition']} 版 edition {facts['edition']}"
    else:
        done = f"草案 {facts['draft']} draft {facts['draft']}" if facts["draft"] else "没有写入 nothing written"
    typer.echo(f"{facts['articles']} 条合格 articles fit · {len(facts['faults'])} 处问题 faults · {done}")


def _day(written: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(written), time(), BEIJING)
    except ValueError as error:
        raise _refusal(f"“{written}”不是日期，请写成 2026-01-01。 “{written}” is no date: write 2026-01-01.") from error


def _refusal(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
