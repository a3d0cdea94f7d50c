"""`qianxian mandates audit` and `check`: what is wrong with a register, and whether it answers as a sheet wants."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml
from django.core.exceptions import ObjectDoesNotExist
from rich.console import Console
from rich.table import Table

from qianxian.cadres.queries import reaching_everything
from qianxian.kernel.lazily import lazily
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import queries as mandates
from qianxian.mandates.queries import drafts
from qianxian.mandates.rules.articles import Case
from qianxian.mandates.rules.audit import KINDS, Finding, Ground, Kind
from qianxian.mandates.rules.drafts import as_article
from qianxian.mandates.rules.questions import Result, Unreadable, answered, read
from qianxian.matters.queries import audits
from qianxian.register import queries as register
from qianxian.web.acting import now

if TYPE_CHECKING:
    from qianxian.mandates.rules import proof
else:
    proof = lazily("qianxian.mandates.rules.proof")

SEVERITIES = {"stops": "必须改 stops", "urges": "应当改 urges", "hints": "请留意 hints"}
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]


def audit(
    draft: Annotated[
        int | None, typer.Option(help="草案编号；不写就查现行清单。 Draft; without it the register in force.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="只看这种问题，可多次给出，如 无主 或 gap。 Only this kind, may be repeated."),
    ] = None,
    until: Annotated[str, typer.Option(help="连同到这一天为止将出现的问题。 Look ahead to this day.")] = "",
    with_proof: Annotated[
        bool,
        typer.Option("--proof", help="再由 z3 证明没有无主和多头。 Prove by z3 that no gap and no contest is left."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """清单体检：无主、多头、有责无权……，每条有例子、有改法。 What is wrong with the register, each with a case."""
    wanted = {_kind(one) for one in kind or []}
    with reaching_everything():
        checked = _audited(draft, _day(until))
        found = [finding for finding in checked.findings if not wanted or finding.kind in wanted]
        proven = proof.prove(checked.articles, checked.ground) if with_proof else None
    if as_json:
        told = {
            "articles": len(checked.articles), "at": checked.ground.at.isoformat(),
            "counts": Counter(finding.kind.value for finding in found),
            "findings": [as_data(finding) for finding in found],
        } | ({"proof": _proof_as_data(proven)} if proven else {})  # fmt: skip
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _show(found, checked, proven)
    raise typer.Exit(1 if found or (proven and not proven.proven) else 0)


def check(
    file: Annotated[
        Path, typer.Argument(metavar="CASES.yaml", help="写有问题和应有答案的文件。 Questions and answers.")
    ],
    as_json: AsJson = False,
) -> None:
    """按文件里的问题逐条问清单，看答案是不是应有的。 Ask the register every question of a file."""
    at, directory, tree = now(), register.directory(), mandates.topics()
    try:
        sheet = read(yaml.safe_load(file.read_text("utf-8")), directory, tree, at)
        articles = () if sheet.articles is not None else tuple(mandates.in_force(at).index)
    except OSError as error:
        raise _refusal(f"打不开文件 {file}。 The file cannot be opened.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _refusal(f"{file} 不是可读的 YAML：{str(error).splitlines()[0]}。 It is no YAML.") from error
    except Unreadable as error:
        raise _refusal(f"{file}：{error}") from error
    except mandates.NothingInForce as error:
        raise _refusal("还没有生效的清单。 No register is in force.") from error
    results = answered(sheet, articles, audits.ground_at(at))
    failed = [result for result in results if result.differences]
    if as_json:
        told = {
            "sheet": sheet.title,
            "asked": len(results),
            "failed": len(failed),
            "results": [_result(r) for r in results],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for result in results:
            typer.echo(f"{'✗' if result.differences else '✓'} {result.question.words}")
            for difference in result.differences:
                typer.echo(f"    {difference}")
        typer.echo(f"{len(results)} 问，{len(failed)} 处不符。 {len(results)} asked, {len(failed)} differ.")
    raise typer.Exit(1 if failed else 0)


def as_data(finding: Finding) -> dict[str, Any]:
    """Return a finding for programs."""
    return {
        "kind": finding.kind.value, "name": KINDS[finding.kind], "severity": finding.severity.value, "key": finding.key,
        "sentence": finding.sentence, "remedy": finding.remedy, "case": _case(finding.witness),
        "articles": [article.number for article in finding.articles], "bodies": list(finding.bodies),
        "powers": [power.value for power in finding.powers], "topics": list(finding.topics),
        "places": list(finding.places), "settings": list(finding.settings), "matters": list(finding.matters),
    }  # fmt: skip


def _audited(draft: int | None, until: datetime | None) -> audits.Audited:
    at = now()
    try:
        checked = _of_draft(draft, at) if draft else audits.in_force(at, audits.practice("", at))
    except ObjectDoesNotExist as error:
        raise _refusal(f"没有草案 {draft}。 There is no draft {draft}.") from error
    except mandates.NothingInForce as error:
        raise _refusal("还没有生效的清单。 No register is in force.") from error
    if until is None:
        return checked
    return audits.audited(checked.articles, replace(checked.ground, at=at, until=until), checked.ground.practice)


def _of_draft(draft: int, at: datetime) -> audits.Audited:
    """
    Audit the register as it would be with a draft.

    :raises django.core.exceptions.ObjectDoesNotExist: if there is no draft of this number
    """
    held = drafts.draft(draft)
    articles = map(as_article, drafts.content_of(held))
    return audits.audited(articles, audits.ground_at(drafts.moment_of(held, at)), audits.practice("", at))


def _proof_as_data(proven: "proof.Proof") -> dict[str, Any]:
    cases = {"gap": proven.gap, "contest": proven.contest}
    return {"proven": proven.proven} | {name: _case(case) if case else None for name, case in cases.items()}


def _case(case: Case) -> dict[str, str]:
    return {"topic": case.topic, "place": case.place, "setting": case.setting, "at": case.at.isoformat()}


def _result(result: Result) -> dict[str, Any]:
    answer = result.answer
    return {
        "question": result.question.words, "case": _case(result.question.case), "outcome": answer.outcome.value,
        "body": answer.body, "article": answer.article.number if answer.article else None,
        "differences": list(result.differences),
    }  # fmt: skip


def _show(found: list[Finding], checked: audits.Audited, proven: "proof.Proof | None") -> None:
    console = Console()
    if found:
        table = Table("程度", "问题", show_lines=True)
        for head in ("说明", "怎么改"):
            table.add_column(head, overflow="fold")
        for finding in found:
            table.add_row(SEVERITIES[finding.severity], KINDS[finding.kind], finding.sentence, finding.remedy)
        console.print(table)
    counts = Counter(finding.kind for finding in found)
    told = "，".join(f"{KINDS[kind]} {counts[kind]}" for kind in Kind if counts[kind]) or "没有发现问题 nothing found"
    console.print(f"{len(checked.articles)} 条 articles · {len(found)} 个问题 findings · {told}")
    if proven:
        console.print(_proof_said(proven, checked.ground))


def _proof_said(proven: "proof.Proof", ground: Ground) -> str:
    if proven.proven:
        return "已证明：每件事、每个地点、每种场所都恰有一个单位主责。 Proven: no gap, no contest."
    named = (("无主 gap", proven.gap), ("多头 contest", proven.contest))
    return "不能证明 refuted。" + "；".join(f"{name}：{_case_said(case, ground)}" for name, case in named if case)


def _case_said(case: Case, ground: Ground) -> str:
    setting = ground.settings.get(case.setting, case.setting) or "场所不明"
    return f"“{ground.topics[case.topic].name}” · {ground.places[case.place]} · {setting}"


def _kind(name: str) -> Kind:
    by_name = {KINDS[kind]: kind for kind in Kind} | {kind.value: kind for kind in Kind}
    if name not in by_name:
        raise _refusal(f"没有“{name}”这种问题：可以写{'、'.join(KINDS.values())}。 There is no such kind.")
    return by_name[name]


def _day(written: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(written), time(), BEIJING) if written else None
    except ValueError as error:
        raise _refusal(f"“{written}”不是日期，请写成 2026-01-01。 “{written}” is no date: write 2026-01-01.") from error


def _refusal(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
