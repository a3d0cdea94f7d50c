"""`qianxian mandates drafts`, `replay`, `compare`: what is being written for the next edition, and what it would move."""

import json
from typing import Annotated, Any

import typer
from django.core.exceptions import ObjectDoesNotExist
from rich.console import Console
from rich.progress import Progress

from qianxian.cadres.queries import reaching_everything
from qianxian.mandates.queries import drafts as queries
from qianxian.mandates.rules.drafts import Columns, NotInThisStage, differences
from qianxian.matters import actions
from qianxian.matters.queries.replaying import from_data
from qianxian.matters.rules.replaying import Owned
from qianxian.web.acting import now
from qianxian.web.drafting.wording import speaker

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")]
DraftNumber = Annotated[int, typer.Option("--draft", help="草案编号。 Number of the draft.")]


def drafts(as_json: AsJson = False) -> None:
    """清单的各份草案，各缺什么。 The drafts of the register, and what each lacks."""
    with reaching_everything():
        found: list[dict[str, Any]] = [
            {
                "draft": held.pk,
                "title": held.title,
                "stage": held.stage,
                "based_on": held.based_on.number,
                "changes": held.lines.count(),
                "lacks": [lack.value for lack in queries.lacks_of(held)],
                "edition": held.edition.number if held.edition else None,
            }
            for held in queries.drafts()
        ]
    if as_json:
        _print(found)
        return
    for one in found:
        typer.echo(f"{one['draft']}  {one['title']}  {one['stage']}  {one['changes']}  {'、'.join(one['lacks'])}")


def replay(draft: DraftNumber, as_json: AsJson = False) -> None:
    """用以往诉求试一份草案：哪些会换承办单位；什么也不改。 Try a draft on past matters: which would move."""
    with reaching_everything(), Progress(console=Console(stderr=True), transient=True) as progress:
        try:
            task = progress.add_task("回放 replay", total=None)
            while not actions.replay_draft(draft, actor="command", at=now()):
                kept = queries.draft(draft).moves
                progress.update(task, completed=kept["asked"], total=kept["of"])
            kept = queries.draft(draft).moves
        except ObjectDoesNotExist as error:
            raise _refused(f"没有草案 {draft}。 There is no draft {draft}.") from error
        except NotInThisStage as error:
            raise _refused(f"草案 {draft} 已经批准或者撤回。 Draft {draft} was approved or withdrawn.") from error
    moves = [from_data(one) for one in kept["moved"]]
    told = [
        {
            "matter": move.past.matter,
            "topic": move.past.topic,
            "place": move.past.place,
            "setting": move.past.setting,
            "before": _side(move.before),
            "after": _side(move.after),
        }
        for move in moves
    ]
    if as_json:
        _print({"asked": kept["asked"], "moved": len(told), "moves": told})
        return
    say = speaker()
    for move in moves:
        old, new = say.body(move.before.owner.unit), say.body(move.after.owner.unit)
        typer.echo(f"{move.past.matter}  {say.topic(move.past.topic)}  {old} → {new}  {move.after.article}")
    typer.echo(f"试过 {kept['asked']} 件，{len(told)} 件会换承办单位 matters would move")


def compare(
    before: Annotated[str, typer.Option(help="哪一版（编号），或者 draft:编号。 Edition, or draft:N.")],
    after: Annotated[str, typer.Option(help="和哪一版比。 Edition, or draft:N.")],
    as_json: AsJson = False,
) -> None:
    """两版清单、或草案和一版之间改了什么，逐条一句话。 What changed between two editions, a sentence each."""
    say = speaker()
    with reaching_everything():
        found = differences(_side_of(before), _side_of(after))
    told = [
        {"number": d.number, "change": d.change.value, "fields": d.fields, "sentence": say.difference(d)} for d in found
    ]
    if as_json:
        _print(told)
        return
    for one in told:
        typer.echo(one["sentence"])
    typer.echo(f"{len(told)} 条不同 differences")


def _side_of(asked: str) -> list[Columns]:
    kind, _, number = asked.rpartition(":")
    try:
        if kind == "draft":
            return queries.content_of(queries.draft(int(number)))
        return queries.articles_of(queries.edition_numbered(int(number)))
    except (ObjectDoesNotExist, ValueError) as error:
        raise _refused(f"没有“{asked}”这一版。 There is no “{asked}”.") from error


def _side(owned: Owned) -> dict[str, Any]:
    return {"unit": owned.owner.unit, "posting": owned.owner.posting, "ground": owned.ground, "article": owned.article}


def _print(facts: Any) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))


def _refused(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
