"""Calling others in: help with a due time, and the whistle. The owner stays the owner."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from qianxian.cadres.rules import Actor
from qianxian.mandates.rules.articles import Case, Duty
from qianxian.register.rules import Kind

from ..models import Arrival, Help, Matter, Whistle
from ..queries import owner_of, reference
from ..rules.authority import must_be_of, must_own, must_whistle
from ..rules.life import OPEN, WORKING, Stage, must_be
from .deeds import hold, involving, known_unit, note, write
from .work import AlreadyDone, NothingToDecide, Said, said

KINDS_OF_WHISTLE = ("demand", "joint", "crisis")


class NotOnTheList(Exception):
    """A committee helps only with what an article of the register lets it assist with; it may refuse the rest."""


@transaction.atomic
def ask_help(number: int, *, unit: str, what: str, due_at: datetime, actor: Actor, at: datetime) -> Help:
    """
    Ask another unit to deliver its part by a time no later than the matter's own.

    :raises NotYours, OutOfOrder, Said: if the due time is not ahead, or later than the matter's
    :raises NotOnTheList: if a committee is asked and no article has it assist (北京市接诉即办工作条例 17)
    :raises AlreadyDone: if the unit is asked already
    """
    matter = hold(number)
    must_own(actor, owner_of(matter), "ask_help")
    must_be(Stage(matter.stage), WORKING, "ask_help")
    if unit == matter.owner_id:
        raise Said("unit", "owner")
    if not at < due_at <= max(matter.due_at, at):
        raise Said("due_at", "out_of_range")
    article = _article_of(matter, known_unit(unit), at)
    if matter.helps.filter(unit_id=unit, answered_at=None).exists():
        raise AlreadyDone("ask_help")
    asked = Help.objects.create(
        matter=matter, unit_id=unit, what=said(what, "what"), article=article, asked_at=at, due_at=due_at
    )
    write(
        matter,
        "ask_help",
        actor,
        at,
        article=article,
        involved=involving(matter, unit),
    )
    return asked


def _article_of(matter: Matter, unit: str, at: datetime) -> str:
    known = reference(at)
    case = Case(matter.topic_id or "", matter.place_id, matter.setting, at)
    assisting = [a for a in known.index.covering(case) if a.body == unit and a.duty in (Duty.ASSIST, Duty.LEAD)]
    if not assisting and known.directory.organisations[unit].kind is Kind.COMMITTEE:
        raise NotOnTheList(unit)
    return f"{assisting[0].number} {assisting[0].basis}" if assisting else ""


@transaction.atomic
def answer_help(number: int, *, delivered: bool, answer: str, actor: Actor, at: datetime) -> Help:
    """
    Deliver what was asked, or give the reasons with an interim report (条例 14).

    :param number: of the request for help
    :raises NotYours, OutOfOrder, Said, NothingToDecide: if it was answered already
    """
    asked = Help.objects.select_related("matter").get(pk=number)
    matter = hold(asked.matter_id)
    must_be_of(actor, asked.unit_id, "answer_help")
    must_be(Stage(matter.stage), OPEN, "answer_help")
    asked.refresh_from_db()
    if asked.answered_at:
        raise NothingToDecide
    asked.delivered, asked.answer, asked.answered_at = delivered, said(answer, "answer"), at
    asked.save(update_fields=["delivered", "answer", "answered_at"])
    note(matter, "answer_help", actor, at, delivered=delivered)
    return asked


@transaction.atomic
def whistle(
    number: int, *, kind: str, units: Sequence[str], what: str, required_at: datetime, actor: Actor, at: datetime
) -> Whistle:
    """
    Call units to the spot by a time (吹哨报到; 30 minutes where it began).

    :raises NotYours, OutOfOrder, Said: if no unit is called or the time is not ahead
    """
    matter = hold(number)
    must_whistle(actor, owner_of(matter), matter.place_id)
    must_be(Stage(matter.stage), WORKING, "whistle")
    if kind not in KINDS_OF_WHISTLE:
        raise Said("kind", "unknown")
    if required_at <= at:
        raise Said("required_at", "out_of_range")
    if not units:
        raise Said("units")
    blown = Whistle.objects.create(matter=matter, caller_id=actor.unit, kind=kind, what=said(what, "what"), blown_at=at)
    Arrival.objects.bulk_create(
        Arrival(whistle=blown, unit_id=known_unit(unit), required_at=required_at) for unit in dict.fromkeys(units)
    )
    write(matter, "whistle", actor, at, involved=involving(matter, *units))
    return blown


@transaction.atomic
def arrive(number: int, *, actor: Actor, at: datetime) -> Arrival:
    """
    Report for duty at the spot.

    :param number: of the arrival that is waited for
    :raises NotYours, AlreadyDone: if the unit has arrived
    """
    arrival = _arrival(number)
    must_be_of(actor, arrival.unit_id, "arrive")
    if arrival.arrived_at:
        raise AlreadyDone("arrive")
    return _written(arrival, "arrive", actor, at, arrived_at=at)


@transaction.atomic
def report_work(number: int, *, work: str, rating: int, actor: Actor, at: datetime) -> Arrival:
    """
    Say what was done at the spot, and rate the caller from 1 to 5.

    :raises NotYours, Said, NothingToDecide: if the unit has not arrived
    """
    arrival = _arrival(number)
    must_be_of(actor, arrival.unit_id, "report_work")
    if not arrival.arrived_at:
        raise NothingToDecide
    return _written(arrival, "report_work", actor, at, work=said(work, "work"), caller_rated=_rating(rating))


@transaction.atomic
def rate_arrival(number: int, *, rating: int, actor: Actor, at: datetime) -> Arrival:
    """
    Rate, as the caller, how a unit answered the whistle, from 1 to 5; a unit that stayed away is rated too.

    :raises NotYours, Said: if the rating is not 1 to 5
    """
    arrival = _arrival(number)
    must_be_of(actor, arrival.whistle.caller_id, "rate_arrival")
    return _written(arrival, "rate_arrival", actor, at, unit_rated=_rating(rating))


@transaction.atomic
def close_whistle(
    number: int, *, outcome: str, ratings: Mapping[int, int] | None = None, actor: Actor, at: datetime
) -> Whistle:
    """
    Send the units home: the work is done (事不完，人不散); those not yet rated may be rated with it.

    :param ratings: from 1 to 5, by the number of the arrival
    :raises NotYours, Said, NothingToDecide: if it was closed before, or an arrival is none of this whistle
    """
    blown = Whistle.objects.select_for_update(of=("self",)).select_related("matter").get(pk=number)
    must_be_of(actor, blown.caller_id, "close_whistle")
    if blown.closed_at:
        raise NothingToDecide
    blown.outcome, blown.closed_at = said(outcome, "outcome"), at
    blown.save(update_fields=["outcome", "closed_at"])
    note(blown.matter, "close_whistle", actor, at, **_rated(blown, ratings or {}))
    return blown


def _rated(blown: Whistle, ratings: Mapping[int, int]) -> dict[str, Any]:
    arrivals = {arrival.pk: arrival for arrival in blown.arrivals.select_for_update().filter(pk__in=ratings)}
    if len(arrivals) < len(ratings):
        raise NothingToDecide
    for number, arrival in arrivals.items():
        arrival.unit_rated = _rating(ratings[number])
        arrival.save(update_fields=["unit_rated"])
    told = {arrival.unit_id: ratings[number] for number, arrival in arrivals.items()}
    return {"ratings": told} if told else {}


def _arrival(number: int) -> Arrival:
    return Arrival.objects.select_for_update(of=("self",)).select_related("whistle__matter").get(pk=number)


def _rating(rating: int) -> int:
    if not 1 <= rating <= 5:
        raise Said("rating", "out_of_range")
    return rating


def _written(arrival: Arrival, verb: str, actor: Actor, at: datetime, **changes: object) -> Arrival:
    for name, value in changes.items():
        setattr(arrival, name, value)
    arrival.save(update_fields=list(changes))
    note(arrival.whistle.matter, verb, actor, at, called=arrival.unit_id)
    return arrival
