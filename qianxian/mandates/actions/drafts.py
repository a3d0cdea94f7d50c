"""A draft from its first line to the edition it becomes; each deed holds the draft, and lines change while it is written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from qianxian.journal import actions as journal
from qianxian.register import queries as register
from qianxian.register.rules import Kind

from ..models import Article, Draft, DraftLine, Edition, Proposal
from ..queries import drafts as queries
from ..rules.articles import Duty, List
from ..rules.drafts import Change, Columns, Line, NotReady, Stage, lines_towards, must_be, must_be_another
from ..rules.ground import Posted
from .editions import publish


class CommitteeLeads(Exception):
    """A committee assists and never leads, outside of its own self-government (居委会组织法; 北京市接诉即办工作条例 17)."""


class AlreadyTaken(Exception):
    """Another draft or an edition has taken this proposal; `into` names it."""

    def __init__(self, into: str):
        super().__init__(into)
        self.into = into


class NoSuchArticle(Exception):
    """Neither the edition nor the draft has an article of this number."""


class TooEarly(Exception):
    """An edition comes into force after the one before it."""


@transaction.atomic
def begin(*, title: str, area: str, actor: str, at: datetime) -> Draft:
    """
    Begin the draft of the next edition, resting on the one published last.

    :raises NoEdition: if there is none
    """
    return _begin(title, area, queries.latest_edition(), actor, at)


@transaction.atomic
def restore(*, number: int, title: str, area: str, actor: str, at: datetime) -> Draft:
    """
    Begin a draft that brings an earlier edition back; it is audited, replayed and approved like any other.

    :raises Edition.DoesNotExist: if there is no edition of this number
    """
    latest, earlier = queries.latest_edition(), queries.edition_numbered(number)
    held = _begin(title, area, latest, actor, at, restores=number)
    lines = lines_towards(queries.articles_of(latest), queries.articles_of(earlier))
    _write(held, lines, queries.articles_of(latest))
    return held


def _begin(title: str, area: str, latest: Edition, actor: str, at: datetime, restores: int | None = None) -> Draft:
    held = Draft.objects.create(
        title=title, area_id=area, based_on=latest, restores=restores, stage=Stage.DRAFTING.value, authors=[actor],
        begun_at=at, changed_at=at,
    )  # fmt: skip
    _note(held, "begin_draft", actor, at, based_on=latest.number, restores=restores)
    return held


@transaction.atomic
def write_line(draft: int, *, columns: Columns, actor: str, at: datetime, proposal: int | None = None) -> Draft:
    """
    Add an article, or change the one of this number.

    :raises NotInThisStage: once the draft is submitted
    :raises CommitteeLeads, AlreadyTaken: if the columns or the proposal forbid it
    """
    held = _hold(draft, Stage.DRAFTING)
    _may_lead(columns)
    number = columns["number"]
    _may_take(proposal, held, number)
    kept = held.lines.filter(number=number).values_list("proposal", flat=True).first()
    held.lines.filter(number=number).delete()
    DraftLine.objects.create(
        draft=held, change=queries.is_change(held, number).value, proposal_id=proposal or kept, **columns
    )
    _changed(held, "write_line", actor, at, article=number)
    return held


@transaction.atomic
def end_line(draft: int, *, number: str, actor: str, at: datetime) -> Draft:
    """
    End an article of the edition; one that the draft itself added is dropped.

    :raises NotInThisStage, NoSuchArticle:
    """
    held = _hold(draft, Stage.DRAFTING)
    article = Article.objects.filter(edition=held.based_on, number=number).first()
    dropped, _ = held.lines.filter(number=number).delete()
    if article:
        DraftLine.objects.create(draft=held, change=Change.END.value, **article.columns())
    elif not dropped:
        raise NoSuchArticle(number)
    _changed(held, "end_line", actor, at, article=number)
    return held


@transaction.atomic
def undo_line(draft: int, *, number: str, actor: str, at: datetime) -> Draft:
    """
    Leave an article as the edition has it.

    :raises NotInThisStage, NoSuchArticle:
    """
    held = _hold(draft, Stage.DRAFTING)
    if not held.lines.filter(number=number).delete()[0]:
        raise NoSuchArticle(number)
    _changed(held, "undo_line", actor, at, article=number)
    return held


@transaction.atomic
def bring_lines(
    draft: int, *, columns: Sequence[Columns], actor: str, at: datetime, complete: Iterable[tuple[str, str]] = ()
) -> Draft:
    """
    Bring whole lists into a draft: every line or none.

    :param complete: lists (kind, body) that came whole: their older articles that did not come are ended
    :raises NotInThisStage, CommitteeLeads:
    """
    held = _hold(draft, Stage.DRAFTING)
    for one in columns:
        _may_lead(one)
    base, came = queries.articles_of(held.based_on), {one["number"] for one in columns}
    whole = set(complete)
    over = [
        one for one in base if (one["list_kind"], one["body_id"]) in whole and one["number"] not in came
    ]  # fmt: skip
    known = {one["number"]: one for one in base}
    lines = [Line(one["number"], Change.CHANGE if one["number"] in known else Change.ADD, one) for one in columns]
    lines += [Line(one["number"], Change.END) for one in over]
    held.lines.filter(number__in=[line.number for line in lines]).delete()
    _write(held, lines, base)
    _changed(held, "bring_lines", actor, at, lines=len(columns), ended=len(over))
    return held


@transaction.atomic
def audit(draft: int, *, actor: str, at: datetime, postings: Iterable[Posted] = ()) -> Draft:
    """
    Audit a draft; what is found counts for this content only.

    :param postings: who was sent down with which powers
    :raises NotInThisStage: once it is approved or withdrawn
    """
    held = _hold(draft, Stage.DRAFTING, Stage.SUBMITTED)
    held.findings = queries.findings_of(held, at, postings)
    held.audited = queries.hash_of(held)
    held.save(update_fields=["findings", "audited"])
    _note(held, "audit_draft", actor, at, content=held.audited, findings=len(held.findings))
    return held


@transaction.atomic
def keep_replay(draft: int, *, moves: dict[str, Any], actor: str, at: datetime) -> Draft:
    """
    Keep what a replay over past matters has shown so far; when it is done it counts for the content it looked at.

    :raises NotInThisStage:
    """
    held = _hold(draft, Stage.DRAFTING, Stage.SUBMITTED)
    held.moves, held.replayed = moves, moves["content"] if moves["done"] else ""
    held.save(update_fields=["moves", "replayed"])
    if moves["done"]:
        found = {"content": moves["content"], "asked": moves["asked"], "moved": len(moves["moved"])}
        _note(held, "replay_draft", actor, at, **found)
    return held


@transaction.atomic
def submit(draft: int, *, in_force_from: datetime, actor: str, at: datetime) -> Draft:
    """
    Hand a draft to a second person.

    :raises NotInThisStage:
    :raises NotReady: while it has a gap or contest, or its content was not audited and replayed
    """
    held = _hold(draft, Stage.DRAFTING)
    _ready(held)
    held.stage, held.submitted_at, held.in_force_from, held.returned_for = Stage.SUBMITTED.value, at, in_force_from, ""
    held.authors = [*dict.fromkeys([*held.authors, actor])]
    held.save()
    _note(held, "submit_draft", actor, at, content=held.audited, in_force_from=in_force_from.isoformat())
    return held


@transaction.atomic
def give_back(draft: int, *, reason: str, actor: str, at: datetime) -> Draft:
    """
    Return a submitted draft to those who write it, with the reason.

    :raises NotInThisStage:
    """
    held = _hold(draft, Stage.SUBMITTED)
    held.stage, held.returned_for = Stage.DRAFTING.value, reason
    held.save()
    _note(held, "return_draft", actor, at, reason=reason)
    return held


@transaction.atomic
def withdraw(draft: int, *, reason: str, actor: str, at: datetime) -> Draft:
    """
    Give a draft up; proposals that it had taken are free again.

    :raises NotInThisStage:
    """
    held = _hold(draft, Stage.DRAFTING, Stage.SUBMITTED)
    held.stage, held.returned_for = Stage.WITHDRAWN.value, reason
    held.save()
    _note(held, "withdraw_draft", actor, at, reason=reason)
    return held


@transaction.atomic
def rest_on_latest(draft: int, *, actor: str, at: datetime) -> Draft:
    """
    Let a draft rest on the edition published meanwhile; its changes stay, those that no longer fit are shown.

    :raises NotInThisStage:
    """
    held = _hold(draft, Stage.DRAFTING)
    held.based_on = queries.latest_edition()
    known = set(held.based_on.articles.values_list("number", flat=True))
    for line in held.lines.exclude(change=Change.END.value):
        line.change = (Change.CHANGE if line.number in known else Change.ADD).value
        line.save(update_fields=["change"])
    held.save()
    _changed(held, "rest_on_latest", actor, at, based_on=held.based_on.number)
    return held


@transaction.atomic
def approve(draft: int, *, actor: str, at: datetime) -> Edition:
    """
    Approve a draft as a second person: it becomes an edition, in force from the day asked for, now at the earliest.

    :raises NotInThisStage:
    :raises SecondPerson: if the actor wrote or submitted it
    :raises NotReady: if something has changed since it was submitted
    :raises TooEarly: if the edition before it comes into force later
    """
    held = _hold(draft, Stage.SUBMITTED)
    must_be_another(actor, held.authors)
    _ready(held)
    begins = max(held.in_force_from or at, at)
    if begins <= held.based_on.in_force_from:
        raise TooEarly
    edition = publish(
        number=held.based_on.number + 1, title=held.title, articles=queries.content_of(held), in_force_from=begins,
        restores=held.restores, actor=actor, at=at,
    )  # fmt: skip
    Proposal.objects.filter(lines__draft=held).update(taken_into=edition)
    held.stage, held.edition, held.approved_by, held.approved_at = Stage.APPROVED.value, edition, actor, at
    held.in_force_from = begins
    held.save()
    _note(held, "approve_draft", actor, at, edition=edition.number, in_force_from=begins.isoformat())
    return edition


def _hold(draft: int, *stages: Stage) -> Draft:
    held = Draft.objects.select_for_update(of=("self",)).select_related("based_on").get(pk=draft)
    must_be(Stage(held.stage), *stages)
    return held


def _ready(held: Draft) -> None:
    if missing := queries.lacks_of(held):
        raise NotReady(missing)


def _may_lead(columns: Columns) -> None:
    body = register.directory().organisations[columns["body_id"]]
    leads = columns["duty"] == Duty.LEAD.value and columns["list_kind"] != List.SELF_GOVERNMENT.value
    if leads and body.kind is Kind.COMMITTEE:
        raise CommitteeLeads(columns["number"])


def _may_take(proposal: int | None, held: Draft, number: str) -> None:
    if proposal is None:
        return
    asked = Proposal.objects.select_for_update().get(pk=proposal)
    if asked.taken_into_id:
        raise AlreadyTaken(f"edition:{asked.taken_into_id}")
    other = (
        DraftLine.objects.filter(proposal=asked)
        .exclude(draft=held, number=number)
        .exclude(draft__stage=Stage.WITHDRAWN.value)
        .values_list("draft", flat=True)
        .first()
    )
    if other:
        raise AlreadyTaken(f"draft:{other}")


def _write(held: Draft, lines: Iterable[Line], base: Iterable[Columns]) -> None:
    known = {columns["number"]: columns for columns in base}
    DraftLine.objects.bulk_create(
        DraftLine(draft=held, change=line.change.value, **(line.columns or known[line.number])) for line in lines
    )


def _changed(held: Draft, verb: str, actor: str, at: datetime, article: str = "", **details: Any) -> None:
    held.authors = [*dict.fromkeys([*held.authors, actor])]
    held.changed_at = at
    held.save()
    _note(held, verb, actor, at, article=article, **details)


def _note(held: Draft, verb: str, actor: str, at: datetime, **details: Any) -> None:
    journal.record(at=at, actor=actor, verb=verb, subject=f"draft:{held.pk}", **details)
