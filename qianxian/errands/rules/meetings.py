"""Meetings and inspections in a calendar: which ones can be one, and what their minutes turn into."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from qianxian.kernel.worktime import BEIJING

from .life import Kind


class State(IntEnum):
    PLANNED = 10
    HELD = 20
    CANCELLED = 30
    MERGED = 40


NEXT: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.HELD, State.CANCELLED, State.MERGED}),
    State.HELD: frozenset(),
    State.CANCELLED: frozenset(),
    State.MERGED: frozenset(),
}


class MeetingIsOver(Exception):
    """The meeting was held, cancelled or merged: it cannot be moved any more."""

    def __init__(self, state: State):
        super().__init__(state.name)
        self.state = state


def advance(state: State, to: State) -> State:
    """
    Return the next state.

    :raises MeetingIsOver: if it does not come next
    """
    if to not in NEXT[state]:
        raise MeetingIsOver(state)
    return to


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned meeting as it is weighed: who calls it, which communities and which of their people must come."""

    number: int
    title: str
    organiser: str
    kind: Kind
    starts_at: datetime
    minutes: int
    places: frozenset[str]
    attendees: frozenset[str]
    comprehensive: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Meetings that can be one: on the day of the first, so long in all, saving so many hours of people's time."""

    meetings: tuple[Planned, ...]
    minutes: int
    hours_saved: float

    @property
    def first(self) -> Planned:
        """The meeting that the others join."""
        return self.meetings[0]


def merging(planned: Iterable[Planned], *, most_minutes: int, travel_minutes: int) -> list[Proposal]:
    """
    Propose to hold as one the meetings that call the same people of the same communities in the same week.

    The first of a week takes up later ones as long as all of them fit into `most_minutes`; a comprehensive meeting
    stands alone, and meetings are not merged with inspections. What is saved is one way there and back for everybody
    at each meeting that joins; proposals that save most come first.
    """
    proposals = []
    left = sorted((meeting for meeting in planned if not meeting.comprehensive), key=lambda m: (m.starts_at, m.number))
    while left:
        first, *rest = left
        joined, minutes = [first], first.minutes
        for other in rest:
            if _calls_the_same(first, other) and minutes + other.minutes <= most_minutes:
                joined.append(other)
                minutes += other.minutes
        left = [meeting for meeting in rest if meeting not in joined]
        if len(joined) > 1:
            proposals.append(Proposal(tuple(joined), minutes, _saved(joined[1:], travel_minutes)))
    return sorted(proposals, key=lambda proposal: (-proposal.hours_saved, proposal.first.starts_at))


def _calls_the_same(one: Planned, other: Planned) -> bool:
    same_week = week_of(one.starts_at) == week_of(other.starts_at)
    return same_week and one.kind is other.kind and one.places == other.places and one.attendees == other.attendees


def _saved(joining: Sequence[Planned], travel_minutes: int) -> float:
    ways = sum(len(meeting.places) * max(1, len(meeting.attendees)) for meeting in joining)
    return round(ways * travel_minutes / 60, 1)


def week_of(moment: datetime) -> tuple[int, int]:
    """Return year and week of a moment as ISO 8601 counts them, by the calendar of Beijing."""
    year, week, _ = moment.astimezone(BEIJING).isocalendar()
    return year, week


def weeks_of_month(month: date) -> list[list[date]]:
    """Return the weeks that hold a month, each from Monday to Sunday."""
    first = month.replace(day=1)
    day = first - timedelta(days=first.weekday())
    weeks = []
    while day <= first or day.month == first.month:
        weeks.append([day + timedelta(days=offset) for offset in range(7)])
        day += timedelta(days=7)
    return weeks


BULLET = re.compile(r"^\s*(?:[-*•·]|[0-9一二三四五六七八九十]+[.、．)）])\s*")


def lines_of(minutes: str) -> list[str]:
    """Return the lines of minutes that say something, without their bullets and numbers."""
    found = (BULLET.sub("", line).strip() for line in minutes.splitlines())
    return [line for line in found if line]
