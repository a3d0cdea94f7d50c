"""Asking those above for coordination, their answer, and what happens by itself while they are silent."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import SYSTEM, Actor
from qianxian.kernel.worktime import Calendar
from qianxian.register import queries as register
from qianxian.register.rules import Directory, Kind

from ..models import Alarm, Coordination, Help, Matter
from ..queries import calendar, coordination_ladder, coordination_terms, owner_of
from ..rules.coordination import Term, Way, must_answer_above, must_ask_above, over_the_one_asked, term, way_to
from ..rules.deadlines import count
from ..rules.escalation import Call, Tells, next_step
from ..rules.life import OPEN, WORKING, Stage, must_be
from .deeds import hold, involving, known_unit, note, write
from .rulings import CommitteeCannotOwn
from .work import NothingToDecide, Said, said


class AskedBefore(Exception):
    """A unit above is asked once about a matter: whoever does not accept its answer asks higher up."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What follows from the term in force: until when an answer is owed, and the first step of the ladder."""

    due_at: datetime
    next_alarm_at: datetime | None


def asking(way: Way, deadline_class: str, place: str, days: Calendar, at: datetime) -> Asking:
    """Return until when somebody asked now owes an answer."""
    limit = term(coordination_terms(), way, deadline_class, place, at).limit
    due = count(at, limit, days).due
    call = next_step(
        start=at, due=due, unit=limit.unit, pauses=(), done=(), ladder=coordination_ladder(), calendar=days, at=at
    )
    return Asking(due, call.moment if call else None)


@transaction.atomic
def ask_above(number: int, *, unit: str, reason: str, wanted: str, actor: Actor, at: datetime) -> Coordination:
    """
    Ask a body above to coordinate what the unit cannot solve by itself; owner and clock run on.

    :raises NotYours, OutOfOrder, Said: if reason or request are missing
    :raises NotAbove: if the one asked does not stand above the asker
    :raises AskedBefore: if it was asked about this matter before
    """
    matter = hold(number)
    must_ask_above(actor, owner_of(matter), matter.place_id)
    must_be(Stage(matter.stage), WORKING, "ask_above")
    bodies = register.directory().organisations
    way = way_to(bodies[known_unit(unit)], bodies[actor.unit])
    if matter.coordinations.filter(unit_id=unit).exists():
        raise AskedBefore(unit)
    owed = asking(way, matter.deadline_class, matter.place_id, calendar(), at)
    asked = Coordination.objects.create(
        matter=matter, way=way.value, asker_id=actor.unit, unit_id=unit, reason=said(reason, "reason"),
        wanted=said(wanted, "wanted"), asked_at=at, due_at=owed.due_at, next_alarm_at=owed.next_alarm_at,
    )  # fmt: skip
    write(matter, "ask_above", actor, at, involved=involving(matter, unit, actor.unit), coordination=asked.pk)
    return asked


@transaction.atomic
def answer_above(
    number: int, *, agreed: bool, answer: str, executor: str = "", until: datetime | None = None,
    actor: Actor, at: datetime,
) -> Coordination:  # fmt: skip
    """
    Answer with a decision (what is done, by whom, until when), or with a no and its reasons.

    Whoever is to carry the decision out owes it like help; the owner of the matter stays the owner.

    :param number: of the request for coordination
    :raises NotYours, OutOfOrder, NothingToDecide: if it was answered before
    :raises Said: if a part of the decision is missing, or its date is past
    :raises CommitteeCannotOwn: if a committee is to carry it out
    """
    asked = Coordination.objects.select_related("matter").get(pk=number)
    matter = hold(asked.matter_id)
    must_answer_above(actor, asked.unit_id, asked.asker_id, Way(asked.way))
    must_be(Stage(matter.stage), OPEN, "answer_above")
    asked.refresh_from_db()
    if asked.answered_at:
        raise NothingToDecide
    asked.agreed, asked.answer, asked.answered_at, asked.next_alarm_at = agreed, said(answer, "answer"), at, None
    asked.answered_by_id = actor.unit
    if agreed:
        asked.executor_id, asked.until = _executor(executor), (by := _ahead(until, at))
        _owed(asked, matter, by, at)
    asked.save()
    involved = involving(matter, *([asked.executor_id] if asked.executor_id else []))
    write(matter, "answer_above", actor, at, involved=involved, coordination=asked.pk, agreed=agreed)
    return asked


def _executor(unit: str) -> str:
    if not unit:
        raise Said("executor")
    if register.directory().organisations[known_unit(unit)].kind is Kind.COMMITTEE:
        raise CommitteeCannotOwn(unit)
    return unit


def _ahead(until: datetime | None, at: datetime) -> datetime:
    if until is None:
        raise Said("until")
    if until <= at:
        raise Said("until", "out_of_range")
    return until


def _owed(asked: Coordination, matter: Matter, by: datetime, at: datetime) -> None:
    """Put the decision on the desk of whoever carries it out, unless it is on that desk already or has none here."""
    unit = asked.executor_id or ""
    here = register.directory().organisations[unit].kind is not Kind.SUPERIOR
    if here and unit != matter.owner_id and not matter.helps.filter(unit_id=unit, answered_at=None).exists():
        Help.objects.create(matter=matter, unit_id=unit, what=asked.answer[:500], asked_at=at, due_at=by)


def answers_awaited(number: int) -> list[int]:
    """Return the numbers of the requests for coordination of a matter that nobody has answered."""
    return list(Coordination.objects.filter(matter_id=number, answered_at=None).values_list("id", flat=True))


def due_coordinations(at: datetime, most: int = 500) -> list[int]:
    """Return the numbers of requests for coordination whose next step of the ladder has come."""
    waiting = Coordination.objects.filter(next_alarm_at__lte=at).order_by("next_alarm_at")
    return list(waiting.values_list("id", flat=True)[:most])


@transaction.atomic
def take_step_above(number: int, *, at: datetime) -> Alarm | None:
    """Take the next step for a request that waits for its answer; safe to repeat, whoever died in between."""
    asked = Coordination.objects.get(pk=number)
    matter = hold(asked.matter_id)
    asked.refresh_from_db()
    call = _next_call(asked, matter, at) if asked.answered_at is None and matter.stage in OPEN else None
    if call is None or call.moment > at:
        Coordination.objects.filter(pk=number).update(next_alarm_at=call.moment if call else None)
        return None
    told = _told(asked, matter, call.step.tells, register.directory())
    alarm = Alarm.objects.create(matter=matter, coordination=asked, step=call.step.code, told_id=told, at=at)
    following = _next_call(asked, matter, at)
    asked.next_alarm_at = following.moment if following else None
    asked.save(update_fields=["next_alarm_at"])
    matter.involved = involving(matter, told)
    matter.save(update_fields=["involved"])
    note(matter, "alarm", SYSTEM, at, step=alarm.step, told=told, coordination=asked.pk)
    return alarm


def _next_call(asked: Coordination, matter: Matter, at: datetime) -> Call | None:
    return next_step(
        start=asked.asked_at,
        due=asked.due_at,
        unit=_term(asked, matter).limit.unit,
        pauses=(),
        done=set(asked.alarms.values_list("step", flat=True)),
        ladder=coordination_ladder(),
        calendar=calendar(),
        at=at,
    )


def _term(asked: Coordination, matter: Matter) -> Term:
    return term(coordination_terms(), Way(asked.way), matter.deadline_class, matter.place_id, asked.asked_at)


def _told(asked: Coordination, matter: Matter, tells: Tells, directory: Directory) -> str:
    if tells is Tells.ASKED and asked.way == Way.LIAISON:
        return asked.asker_id  # a body above the district has no desk here: its liaison unit reminds it
    if tells is Tells.ABOVE_ASKED and (higher := over_the_one_asked(directory, asked.unit_id)):
        return higher
    centre = directory.over(matter.place_id, Kind.CENTRE)
    return asked.unit_id if tells is Tells.ASKED else centre.code if centre else asked.asker_id
