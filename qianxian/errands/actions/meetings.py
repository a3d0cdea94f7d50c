"""Meetings and inspections in the calendar: called under an errand, merged, cancelled, minuted, turned into work."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import Actor, Role
from qianxian.journal import actions as journal
from qianxian.matters import actions as matters
from qianxian.matters.actions.work import AlreadyDone, Said, said
from qianxian.matters.rules.authority import NotYours
from qianxian.matters.rules.intake import Channel, Demand, MatterKind
from qianxian.register import queries as register

from ..models import Errand, Occasion, Outcome
from ..queries import gate as reads
from ..rules.gate import month_of
from ..rules.life import PER_MONTH, Frequency, Kind, Stage, must_be
from ..rules.meetings import State, advance, lines_of
from .deeds import hold, must_be_of, note


class NotWithinErrand(Exception):
    """The meeting lies outside what was admitted: `code` says in what (period, frequency, length, ceiling)."""

    def __init__(self, code: str, most: object = ""):
        super().__init__(f"{code}: {most}")
        self.code, self.most = code, most


def hold_occasion(number: int) -> Occasion:
    """
    Return a meeting with its row locked.

    :raises Occasion.DoesNotExist: if there is none within reach
    """
    return Occasion.objects.select_for_update().get(pk=number)


def _tell(occasion: Occasion, verb: str, actor: Actor, at: datetime, **details: object) -> None:
    journal.record(at=at, actor=actor.name, unit=actor.unit, verb=verb, subject=f"occasion:{occasion.pk}", **details)


def call(errand: Errand, starts_at: datetime, minutes: int | None = None, agenda: str = "") -> Occasion:
    """Put a meeting of an admitted errand into the calendar, inside the deed of the caller."""
    return Occasion.objects.create(
        errand=errand, organiser_id=errand.department_id, kind=errand.kind, title=errand.title, agenda=agenda,
        venue=errand.venue, starts_at=starts_at, minutes=minutes or errand.minutes or 60, attendees=errand.attendees,
        places=errand.places, involved=errand.involved, state=State.PLANNED,
    )  # fmt: skip


@transaction.atomic
def schedule(number: int, *, starts_at: datetime, minutes: int, agenda: str, actor: Actor, at: datetime) -> Occasion:
    """
    Call a further meeting under an errand that runs: inside its period, no longer and no oftener than was admitted.

    :raises NotYours: if it is another department's
    :raises NotAtThisStage: if it does not run
    :raises Said: if the moment has passed
    :raises NotWithinErrand: if it goes beyond what was admitted or a ceiling of a community
    """
    errand = hold(number)
    must_be_of(actor, errand.department_id, "schedule")
    must_be(Stage(errand.stage), {Stage.ADMITTED}, "schedule")
    if Kind(errand.kind) not in (Kind.MEETING, Kind.INSPECTION):
        raise NotWithinErrand("kind")
    if starts_at <= at:
        raise Said("starts_at", "out_of_range")
    _within(errand, starts_at, minutes)
    occasion = call(errand, starts_at, minutes, agenda.strip())
    note(errand, "schedule_meeting", actor, at, occasion=occasion.pk)
    return occasion


def _within(errand: Errand, starts_at: datetime, minutes: int) -> None:
    day = reads.day_of(starts_at)
    if not (errand.starts_on and errand.ends_on and errand.starts_on <= day <= errand.ends_on):
        raise NotWithinErrand("period", errand.ends_on)
    if minutes > (errand.minutes or 0):
        raise NotWithinErrand("length", errand.minutes)
    month = month_of(day)
    moments = errand.occasions.filter(state__in=[State.PLANNED, State.HELD]).values_list("starts_at", flat=True)
    held = [reads.day_of(moment) for moment in moments]
    frequency = Frequency(errand.frequency)
    if frequency is Frequency.ONCE and held:
        raise NotWithinErrand("frequency", 1)
    if sum(month_of(other) == month for other in held) >= PER_MONTH[frequency]:
        raise NotWithinErrand("frequency", PER_MONTH[frequency])
    planned = reads.gatherings(errand.places)
    code = "meetings" if errand.kind == Kind.MEETING else "inspections"
    for place in errand.places:
        most = reads.parameter(code, errand.kind, place, starts_at).amount
        if planned.get((place, month, Kind(errand.kind)), 0) + 1 > most:
            raise NotWithinErrand("ceiling", most)


@transaction.atomic
def meet(
    *, title: str, starts_at: datetime, minutes: int, venue: str, agenda: str, actor: Actor, at: datetime
) -> Occasion:
    """
    Put a community's own meeting into its calendar: deliberation needs nobody's admission.

    :raises NotYours: if the actor is no worker of a community
    :raises Said: if it has no title, or no length
    """
    if actor.role is not Role.WORKER:
        raise NotYours("meet", "worker")
    if minutes < 1:
        raise Said("minutes", "out_of_range")
    place = register.directory().organisations[actor.unit].place
    occasion = Occasion.objects.create(
        organiser_id=actor.unit, kind=Kind.MEETING.value, title=said(title, "title")[:80], agenda=agenda.strip(),
        venue=venue.strip(), starts_at=starts_at, minutes=minutes, places=[place], involved=[actor.unit],
        state=State.PLANNED,
    )  # fmt: skip
    _tell(occasion, "plan_meeting", actor, at)
    return occasion


@transaction.atomic
def cancel(number: int, *, actor: Actor, at: datetime) -> Occasion:
    """
    Call a meeting off.

    :raises NotYours: if somebody else called it
    :raises MeetingIsOver: if it was held, merged or called off
    """
    occasion = hold_occasion(number)
    must_be_of(actor, occasion.organiser_id, "cancel")
    return _moved(occasion, State.CANCELLED, "cancel_meeting", actor, at)


def _moved(occasion: Occasion, state: State, verb: str, actor: Actor, at: datetime, **changes: object) -> Occasion:
    occasion.state = advance(State(occasion.state), state)
    occasion.revision += 1
    for name, value in changes.items():
        setattr(occasion, name, value)
    occasion.save(update_fields=["state", "revision", *changes])
    _tell(occasion, verb, actor, at, state=int(state))
    return occasion


@transaction.atomic
def merge(number: int, *, joining: Sequence[int], actor: Actor, at: datetime) -> Occasion:
    """
    Hold as one what calls the same people in the same week; the others join the first and leave the calendar.

    One entry tells of all of them.

    :raises NotYours: if the actor is no street or supervisor over all communities concerned
    :raises MeetingIsOver: if one of them is not planned any more
    :raises Said: if there is nothing to merge
    :raises NotWithinErrand: if all together are too long
    """
    numbers = sorted({number, *joining})
    held = {o.pk: o for o in Occasion.objects.select_for_update().filter(pk__in=numbers).order_by("pk")}
    if len(held) < 2 or number not in held:
        raise Said("meetings")
    first, others = held[number], [occasion for pk, occasion in held.items() if pk != number]
    if actor.role not in (Role.STREET, Role.SUPERVISOR) or not all(
        actor.over(place) for o in held.values() for place in o.places
    ):
        raise NotYours("merge", "street")
    minutes = sum(occasion.minutes for occasion in held.values())
    most = reads.parameter("merged_minutes", first.kind, first.places[0], at).amount
    if minutes > most:
        raise NotWithinErrand("length", most)
    for occasion in (first, *others):
        advance(State(occasion.state), State.MERGED)
    _join(first, others, minutes)
    _tell(first, "merge_meetings", actor, at, joined=[occasion.pk for occasion in others], minutes=minutes)
    return first


def _join(first: Occasion, others: list[Occasion], minutes: int) -> None:
    agendas = [f"{o.title}（{o.minutes} 分钟）{'：' + o.agenda if o.agenda else ''}" for o in (first, *others)]
    for occasion in others:
        occasion.state, occasion.merged_into = State.MERGED, first
        occasion.revision += 1
        occasion.save(update_fields=["state", "merged_into", "revision"])
    first.agenda, first.minutes, first.revision = "\n".join(agendas), minutes, first.revision + 1
    first.involved = list(dict.fromkeys([*first.involved, *(unit for o in others for unit in o.involved)]))
    first.save(update_fields=["agenda", "minutes", "revision", "involved"])


@transaction.atomic
def minute(number: int, *, record: str, actor: Actor, at: datetime) -> Occasion:
    """
    Write down what a meeting came to; each line can become work of somebody.

    :raises NotYours: if the actor's unit was not there
    :raises Said: if nothing is written
    :raises MeetingIsOver: if its minutes are written already, or it never took place
    """
    occasion = hold_occasion(number)
    must_be_of(actor, list(occasion.involved), "minute")
    text = said(record, "record")
    return _moved(occasion, State.HELD, "minute_meeting", actor, at, record=text, recorded_at=at)


@transaction.atomic
def turn_into_matters(number: int, *, lines: Sequence[str], place: str, actor: Actor, at: datetime) -> list[Outcome]:
    """
    Make matters of lines of the minutes: each gets its owner by the register, its clock and its code.

    :raises NotYours: if the actor's unit was not there
    :raises Said: if no line is chosen, or it is none of the minutes'
    :raises AlreadyDone: if a line has become something already
    """
    occasion = _minuted(number, lines, actor, "turn_into_matters")
    if place not in occasion.places:
        raise Said("place", "unknown")
    outcomes = []
    for line in dict.fromkeys(lines):
        demand = Demand(
            words=f"{line}\n（{occasion.title}会议议定）", place=place, kind=MatterKind.HELP, channel=Channel.WORKER
        )
        matter = matters.receive(demand=demand, contact=matters.Contact(), actor=actor, at=at)
        outcomes.append(
            Outcome.objects.create(
                occasion=occasion, line=line[:500], matter=matter, matter_code=matter.code, made_at=at
            )
        )
    _tell(occasion, "turn_into_matters", actor, at, matters=[outcome.matter_id for outcome in outcomes])
    return outcomes


@transaction.atomic
def turn_into_draft(number: int, *, line: str, actor: Actor, at: datetime) -> Outcome:
    """
    Make the draft of an errand of one line of the minutes, for the unit of the actor to complete and file.

    :raises NotYours: if the actor's unit was not there, or it is a committee's
    :raises Said: if it is no line of the minutes
    :raises AlreadyDone: if the line has become something already
    """
    occasion = _minuted(number, [line], actor, "turn_into_draft")
    if actor.role is Role.WORKER:
        raise NotYours("turn_into_draft", "department")
    errand = Errand.objects.create(
        stage=Stage.DRAFT, department_id=actor.unit, involved=[actor.unit], kind=Kind.TASK.value, title=line[:80],
        words=line, why=f"{occasion.title}会议议定", places=occasion.places, drafted_at=at,
    )  # fmt: skip
    _tell(occasion, "turn_into_draft", actor, at, errand=errand.pk)
    return Outcome.objects.create(occasion=occasion, line=line[:500], errand=errand, made_at=at)


def _minuted(number: int, lines: Sequence[str], actor: Actor, deed: str) -> Occasion:
    occasion = hold_occasion(number)
    must_be_of(actor, list(occasion.involved), deed)
    known = lines_of(occasion.record)
    if not lines:
        raise Said("lines")
    if any(line not in known for line in lines):
        raise Said("lines", "unknown")
    if Outcome.objects.filter(occasion=occasion, line__in=[line[:500] for line in lines]).exists():
        raise AlreadyDone(deed)
    return occasion
