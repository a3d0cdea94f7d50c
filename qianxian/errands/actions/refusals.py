"""The refusal: what did not pass the gate is sent back by the article, and counts for whoever asked."""

from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import Actor, Role
from qianxian.journal import actions as journal
from qianxian.matters.actions.work import AlreadyDone, Said, said
from qianxian.matters.rules.authority import NotYours
from qianxian.register import queries as register
from qianxian.register.rules import Kind as BodyKind
from qianxian.register.rules import Unknown

from ..models import Asking, Errand, Refusal
from ..queries import gate as reads
from ..rules.life import Kind, Stage
from ..rules.refusals import Way, What
from .deeds import must_be_of


class WasAdmitted(Exception):
    """It came through the gate: what was admitted is not refused; a burden can be reported all the same."""


class NotByYourself(Exception):
    """A community does not ask itself."""


def _tell(asking: Asking, verb: str, actor: Actor, at: datetime, *, article: str = "", **details: object) -> None:
    journal.record(
        at=at, actor=actor.name, unit=actor.unit, verb=verb, subject=f"asking:{asking.pk}", article=article[:200],
        **details,
    )  # fmt: skip


@transaction.atomic
def ask(
    *,
    place: str,
    kind: Kind,
    words: str,
    errand: int | None = None,
    way: Way = Way.PLATFORM,
    actor: Actor,
    at: datetime,
) -> Asking:
    """
    Ask something of one community: within an errand that runs there, or else at the gate, where it may be refused.

    :raises NotYours: if the actor belongs to a committee
    :raises Said: if nothing is asked
    :raises NoCommittee: if the place has none
    :raises NotRunning: if the errand named does not run there
    """
    if actor.role is Role.WORKER or not actor.unit:
        raise NotYours("ask", "department")
    asking = _asking(actor.unit, place, kind, words, way, at, What.ERRAND, _within(errand, place, kind, actor, at))
    _tell(asking, "ask_of_community", actor, at, errand=errand, department=actor.unit)
    return asking


class NotRunning(Exception):
    """The errand named does not run in that community on that day, or is another department's."""


def _within(number: int | None, place: str, kind: Kind, actor: Actor, at: datetime) -> int | None:
    if number is None:
        return None
    day = reads.day_of(at)
    runs = Errand.objects.filter(
        pk=number, stage=Stage.ADMITTED, department=actor.unit, places__contains=[place], kind=kind.value,
        starts_on__lte=day, ends_on__gte=day,
    )  # fmt: skip
    if not runs.exists():
        raise NotRunning(number)
    return number


def _asking(
    department: str, place: str, kind: Kind, words: str, way: Way, at: datetime, what: What, errand: int | None
) -> Asking:
    known = register.directory()
    if department not in known.organisations:
        raise Unknown(department)
    committee = reads.committee_of(place, known)
    if committee == department:
        raise NotByYourself
    street = known.over(place, BodyKind.STREET)
    return Asking.objects.create(
        place_id=known.organisations[committee].place, committee_id=committee, department_id=department,
        street_id=street.code if street else committee, what=what.value, kind=kind.value,
        words=said(words, "words")[:500], way=way.value, errand_id=errand, asked_at=at,
    )  # fmt: skip


@transaction.atomic
def take_back(number: int, *, actor: Actor, at: datetime) -> Asking:
    """
    Take back what was asked, before it is refused.

    :raises NotYours: if another unit asked
    :raises AlreadyDone: if it was refused or taken back
    """
    asking = Asking.objects.select_for_update().get(pk=number)
    must_be_of(actor, asking.department_id, "take_back")
    if asking.taken_back_at or Refusal.objects.filter(asking=asking, undone_at=None).exists():
        raise AlreadyDone("take_back")
    asking.taken_back_at = at
    asking.save(update_fields=["taken_back_at"])
    _tell(asking, "take_back", actor, at)
    return asking


@transaction.atomic
def refuse(number: int, *, actor: Actor, at: datetime) -> Refusal:
    """
    Send back what stands at the gate, by the article of the place: one tap, no reason asked.

    :raises NotYours: if another community was asked
    :raises AlreadyDone: if it was refused or taken back
    :raises WasAdmitted: if it lies within an admitted errand
    """
    asking = Asking.objects.select_for_update().get(pk=number)
    must_be_of(actor, asking.committee_id, "refuse")
    if asking.errand_id:
        raise WasAdmitted
    earlier = Refusal.objects.filter(asking=asking).first()
    if asking.taken_back_at or (earlier and earlier.undone_at is None):
        raise AlreadyDone("refuse")
    return _refused(asking, actor, at)


@transaction.atomic
def undo_refusal(number: int, *, actor: Actor, at: datetime) -> Refusal:
    """
    Undo a refusal that was a slip of the thumb: it counts for nobody, and what was asked stands at the gate again.

    :raises NotYours: if another community refused
    :raises AlreadyDone: if it is undone, or the street has answered it
    """
    refusal = Refusal.objects.select_for_update().select_related("asking").get(pk=number)
    must_be_of(actor, refusal.asking.committee_id, "undo_refusal")
    if refusal.undone_at or refusal.noted_at:
        raise AlreadyDone("undo_refusal")
    refusal.undone_at = at
    refusal.save(update_fields=["undone_at"])
    _tell(refusal.asking, "undo_refusal", actor, at)
    return refusal


@transaction.atomic
def refuse_what_came(
    *, department: str, kind: Kind, words: str, way: Way, what: What = What.ERRAND, actor: Actor, at: datetime
) -> Refusal:
    """
    Send back what came past the platform: by chat, telephone, paper or in a meeting. Asking and refusal are one deed.

    :raises NotYours: if the actor is no worker of a community
    :raises Unknown: if there is no such unit
    :raises Said: if it is not said what was asked
    """
    if actor.role is not Role.WORKER:
        raise NotYours("refuse", "worker")
    place = register.directory().organisations[actor.unit].place
    return _refused(_asking(department, place, kind, words, way, at, what, None), actor, at)


def _refused(asking: Asking, actor: Actor, at: datetime) -> Refusal:
    article = reads.refusal_article(What(asking.what), asking.place_id, at)
    refusal, _ = Refusal.objects.update_or_create(
        asking=asking,
        defaults={
            "department_id": asking.department_id, "article": article.article, "refused_at": at, "undone_at": None,
        },
    )  # fmt: skip
    _tell(asking, "refuse_asking", actor, at, article=article.article, department=asking.department_id)
    return refusal


@transaction.atomic
def note_refusal(number: int, *, words: str, actor: Actor, at: datetime) -> Refusal:
    """
    Answer a refusal as the street: what was said to the department. The refusal itself stays as it is.

    :raises NotYours: if the place lies under another street
    :raises AlreadyDone: if it was answered
    :raises Said: if nothing is said
    """
    refusal = Refusal.objects.select_for_update().select_related("asking").get(pk=number)
    if actor.role not in (Role.STREET, Role.SUPERVISOR) or not actor.over(refusal.asking.place_id):
        raise NotYours("note_refusal", "street")
    if refusal.noted_at or refusal.undone_at:
        raise AlreadyDone("note_refusal")
    if len(words) > 2000:
        raise Said("note", "too_long")
    refusal.note, refusal.noted_at = said(words, "note"), at
    refusal.save(update_fields=["note", "noted_at"])
    _tell(refusal.asking, "note_refusal", actor, at)
    return refusal
