"""A department's request: drafted, mended, copied, filed through the checks, withdrawn."""

from datetime import datetime
from typing import Any

from django.db import transaction

from qianxian.cadres.rules import Actor, Role
from qianxian.matters.actions.work import Said, said
from qianxian.matters.rules.authority import NotYours
from qianxian.register import queries as register

from ..models import Entrance, Errand, Verdict
from ..queries import gate as reads
from ..rules.gate import Finding, blocks, checked
from ..rules.life import Kind, Stage, must_be
from .deeds import hold, must_be_of, note, write

COPIED = (
    "kind", "title", "words", "topic_id", "list_kind", "basis", "why", "role", "frequency", "hours_month", "fields",
    "funds", "people", "training", "assessment", "minutes", "report_minutes", "comprehensive", "venue", "attendees",
    "places",
)  # fmt: skip


@transaction.atomic
def draft(*, actor: Actor, at: datetime, **particulars: Any) -> Errand:
    """
    Save a request that is not filed yet; only its department sees it.

    :param particulars: the columns of a request, whatever is known of them
    :raises NotYours: if the actor belongs to no department and no street
    :raises Said: if it has no title
    """
    if actor.role not in (Role.DEPARTMENT, Role.STREET, Role.SUPERVISOR) or not actor.unit:
        raise NotYours("draft", "department")
    said(particulars.get("title", ""), "title")
    errand = Errand.objects.create(
        stage=Stage.DRAFT, department_id=actor.unit, involved=[actor.unit], drafted_at=at, **particulars
    )
    note(errand, "draft_errand", actor, at)
    return errand


@transaction.atomic
def revise(number: int, *, actor: Actor, at: datetime, **particulars: Any) -> Errand:
    """
    Mend a draft.

    :raises NotYours, NotAtThisStage, Said: if it has no title
    """
    errand = hold(number)
    must_be_of(actor, errand.department_id, "revise")
    must_be(Stage(errand.stage), {Stage.DRAFT}, "revise")
    said(particulars.get("title", errand.title), "title")
    return write(errand, "revise_errand", actor, at, **particulars)


@transaction.atomic
def copy(number: int, *, extending: bool = False, actor: Actor, at: datetime) -> Errand:
    """
    Draft a request like an earlier one; one that extends it starts where it ends. More time is a new request.

    :raises NotYours: if the earlier one is another department's
    :raises NotAtThisStage: if what is to be extended was not admitted
    """
    errand = hold(number)
    must_be_of(actor, errand.department_id, "copy")
    if extending:
        must_be(Stage(errand.stage), {Stage.ADMITTED, Stage.ENDED}, "extend")
    held = {name: getattr(errand, name) for name in COPIED}
    return draft(actor=actor, at=at, extends_id=errand.pk if extending else None, **held)


@transaction.atomic
def file(number: int, *, actor: Actor, at: datetime) -> Errand:
    """
    File a request. A check that forbids it sends it back with the reasons; else the communities are heard.

    What goes back stays a draft with `returned_at` and its findings, so that nothing is lost.

    :raises NotYours, NotAtThisStage, Said: if something is missing
    """
    errand = hold(number)
    must_be_of(actor, errand.department_id, "file")
    must_be(Stage(errand.stage), {Stage.DRAFT}, "file")
    _complete(errand)
    findings = checked(reads.as_request(errand), reads.known_for(errand, at), at)
    kept = [finding.as_data() for finding in findings]
    if refused := blocks(findings):
        article = next((finding.article for finding in refused if finding.article), "")
        return write(errand, "return_errand", actor, at, article=article, checks=kept, returned_at=at)
    return _filed(errand, kept, actor, at)


def findings_of(errand: Errand, at: datetime) -> list[Finding]:
    """Return what the checks would find of a draft now: shown beside the form while it is written."""
    return checked(reads.as_request(errand), reads.known_for(errand, at), at)


def _complete(errand: Errand) -> None:
    for name in ("title", "words", "basis", "why"):
        said(getattr(errand, name), name)
    if not errand.places:
        raise Said("places")
    known = register.directory()
    for place in errand.places:
        reads.committee_of(place, known)
    for name in ("starts_on", "ends_on"):
        if getattr(errand, name) is None:
            raise Said(name)
    if Kind(errand.kind) in (Kind.MEETING, Kind.INSPECTION):
        if errand.starts_at is None:
            raise Said("starts_at")
        if not errand.minutes:
            raise Said("minutes")
        if not errand.attendees:
            raise Said("attendees")


def _filed(errand: Errand, checks: list[dict[str, Any]], actor: Actor, at: datetime) -> Errand:
    opinions_due, decision_due = reads.periods(errand, at)
    known = register.directory()
    committees = {place: reads.committee_of(place, known) for place in errand.places}
    table = reads.joint_table(errand.places, at, known)
    involved = list(dict.fromkeys((errand.department_id, *committees.values(), *table)))
    write(
        errand, "file_errand", actor, at, stage=Stage.FILED, checks=checks, filed_at=at, involved=involved,
        opinions_due_at=opinions_due, decision_due_at=decision_due, returned_at=None,
    )  # fmt: skip
    Entrance.objects.bulk_create(
        Entrance(errand=errand, place_id=place, committee_id=committee, due_at=opinions_due)
        for place, committee in committees.items()
    )
    Verdict.objects.bulk_create(Verdict(errand=errand, unit_id=unit) for unit in table)
    return errand


@transaction.atomic
def withdraw(number: int, *, actor: Actor, at: datetime) -> Errand:
    """
    Take a request back before it is decided.

    :raises NotYours, NotAtThisStage: if it is decided
    """
    errand = hold(number)
    must_be_of(actor, errand.department_id, "withdraw")
    return write(errand, "withdraw_errand", actor, at, stage=Stage.WITHDRAWN)
