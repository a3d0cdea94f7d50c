"""Who answers, where that is in question: one objection, one ruling, consultation before dispatch."""

from datetime import datetime
from typing import Any

from django.db import transaction

from qianxian.cadres.rules import Actor
from qianxian.kernel.worktime import add_working_days
from qianxian.mandates import actions as mandates
from qianxian.register import queries as register
from qianxian.register.rules import Kind

from ..models import Consultation, Matter, Objection, Ruling
from ..queries import answered_to, calendar, objection_due, owner_of, reckon, reference
from ..rules.authority import Cause, must_adjudicate, must_convene, must_own
from ..rules.intake import Holder, above
from ..rules.life import Ground, Stage, must_be
from .deeds import hold, involving, known_unit, note, write
from .work import AlreadyDone, NothingToDecide, Said, TooLate, said

DISTRICT = 6


class CommitteeCannotOwn(Exception):
    """A committee assists; it is never the main handler (北京市接诉即办工作条例 17)."""


class OnlyThroughLiaison(Exception):
    """A body above the district takes no orders from it: its liaison unit owns the matter and asks it (条例 22)."""


@transaction.atomic
def object_to(number: int, *, names: str, article: str, reason: str, actor: Actor, at: datetime) -> Objection:
    """
    Show, once, by an article, that another unit has the duty; the owner works on and the clock runs on.

    An objection is made within an hour where the matter is urgent, else within one working day of dispatch.

    :raises NotYours, OutOfOrder, Said, TooLate: if the time for an objection has passed
    :raises AlreadyDone: if one was made: a second never is
    :raises CommitteeCannotOwn, OnlyThroughLiaison: if a committee, or a body above the district, is named
    """
    matter = hold(number)
    must_own(actor, owner_of(matter), "object")
    must_be(Stage(matter.stage), {Stage.ASSIGNED}, "object")
    if Objection.objects.filter(matter=matter).exists():
        raise AlreadyDone("object")
    if at >= objection_due(matter):
        raise TooLate
    _may_own(names, matter)
    objection = Objection.objects.create(
        matter=matter,
        unit_id=matter.owner_id,
        names_id=names,
        article=said(article, "article"),
        reason=said(reason, "reason"),
        made_at=at,
        due_at=add_working_days(calendar(), at, 1).due,
    )
    note(matter, "object", actor, at, article=article, names=names)
    return objection


@transaction.atomic
def adjudicate(number: int, *, to: str, article: str, reason: str, actor: Actor, at: datetime) -> Ruling:
    """
    Settle for good who answers: an objection, or a matter on which the register is silent or contested.

    The ruling is a precedent and proposes an article. The clock runs on as if nothing had happened.

    :param to: the unit that answers from now on; the owner itself if the objection is not upheld
    :raises NotYours, OutOfOrder, Said, NothingToDecide: if nothing is in question
    :raises CommitteeCannotOwn, OnlyThroughLiaison: if a committee, or a body above the district, is to answer
    """
    matter = hold(number)
    must_be(Stage(matter.stage), {Stage.ASSIGNED}, "adjudicate")
    cause = cause_of(matter)
    rivals = [register.directory().organisation(rival["body"]).code for rival in matter.answer.get("rivals", ())]
    must_adjudicate(actor, cause, owner_of(matter), answered_to(matter), matter.place_id, to, rivals)
    _may_own(to, matter, keeping=True)
    ruling = Ruling.objects.create(
        matter=matter, unit_id=to, article=said(article, "article"), reason=said(reason, "reason"),
        cause=cause.value, made_at=at,
    )  # fmt: skip
    if cause is Cause.OBJECTION:
        Objection.objects.filter(matter=matter).update(upheld=to != matter.owner_id)
    write(matter, "adjudicate", actor, at, article=article, **_settled(matter, to, at))
    mandates.close_finding(witness=f"matter:{matter.pk}", at=at)
    _propose(ruling, matter, actor, at)
    return ruling


def cause_of(matter: Matter) -> Cause:
    """
    Return what is in question.

    :raises NothingToDecide: if the owner is clear and has not objected
    """
    if Objection.objects.filter(matter=matter, upheld=None).exists():
        return Cause.OBJECTION
    if matter.ground in (Ground.SILENT, Ground.CONTESTED):
        return Cause(matter.ground)
    raise NothingToDecide


def _settled(matter: Matter, to: str, at: datetime) -> dict[str, Any]:
    if to == matter.owner_id and matter.owner_posting_id is None:
        return {"stage": Stage.SETTLED}
    higher = above(Holder(to), matter.place_id, reference(at), at)
    return {
        "stage": Stage.SETTLED,
        "owner": Holder(to),
        "ground": Ground.RULING.value,
        "answers_to_id": higher.unit,
        "answers_to_posting_id": higher.posting,
        "involved": involving(matter, to, higher.unit),
    }


def _propose(ruling: Ruling, matter: Matter, actor: Actor, at: datetime) -> None:
    article = {
        "body_id": ruling.unit_id,
        "topic_id": matter.topic_id,
        "place_id": matter.place_id[:DISTRICT],
        "setting": matter.setting,
        "basis": ruling.article,
    }
    mandates.propose(ruling=f"matter:{matter.pk}", article=article, reason=ruling.reason, actor=actor.name, at=at)


@transaction.atomic
def consult(number: int, *, unit: str, opinion: str, actor: Actor, at: datetime) -> Consultation:
    """
    Write down what a unit says of a hard case before it is dispatched.

    :raises NotYours, OutOfOrder, Said: if nothing is said
    """
    matter = hold(number)
    must_convene(actor, owner_of(matter), matter.place_id, "consult")
    must_be(Stage(matter.stage), {Stage.RECEIVED}, "consult")
    consultation, _ = Consultation.objects.get_or_create(matter=matter, defaults={"due_at": matter.due_at})
    consultation.opinions.append({"unit": known_unit(unit), "opinion": said(opinion, "opinion"), "at": at.isoformat()})
    consultation.save(update_fields=["opinions"])
    write(matter, "consult", actor, at, involved=involving(matter, unit))
    return consultation


@transaction.atomic
def dispatch(number: int, *, to: str, article: str, reason: str, actor: Actor, at: datetime) -> Matter:
    """
    Dispatch a hard case after consultation; its clock starts now.

    :raises NotYours, OutOfOrder, Said, NothingToDecide: if no unit was heard
    :raises CommitteeCannotOwn, OnlyThroughLiaison: if a committee, or a body above the district, is to answer
    """
    matter = hold(number)
    must_convene(actor, owner_of(matter), matter.place_id, "dispatch")
    must_be(Stage(matter.stage), {Stage.RECEIVED}, "dispatch")
    _may_own(to, matter, keeping=True)
    heard = Consultation.objects.filter(matter=matter, concluded_at=None).update(concluded_at=at)
    if not heard:
        raise NothingToDecide
    said(reason, "reason")
    higher = above(Holder(to), matter.place_id, reference(at), at)
    matter.dispatched_at = at
    reckoning = reckon(matter, at=at)
    return write(
        matter, "dispatch", actor, at, article=said(article, "article"),
        stage=Stage.ASSIGNED, owner=Holder(to), dispatched_at=at, due_at=reckoning.due,
        contact_due_at=reckoning.contact_due, next_alarm_at=reckoning.contact_due,
        answers_to_id=higher.unit, answers_to_posting_id=higher.posting,
        involved=involving(matter, to, higher.unit),
    )  # fmt: skip


def _may_own(unit: str, matter: Matter, *, keeping: bool = False) -> None:
    kind = register.directory().organisation(known_unit(unit)).kind
    if kind is Kind.COMMITTEE:
        raise CommitteeCannotOwn(unit)
    if kind is Kind.SUPERIOR:
        raise OnlyThroughLiaison(unit)
    if unit == matter.owner_id and not keeping:
        raise Said("names", "owner")
