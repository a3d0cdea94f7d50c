"""
Who is told, and when, as the time of a matter runs out.

The share of time used is measured on the clock of the limit itself: office time for working hours and working days,
all time for clock hours and calendar days, and neither runs in a pause. Nobody is told sooner because of a holiday.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import (
    Calendar,
    add_clock_hours,
    add_working_hours,
    clock_time,
    office_time,
    settled,
)
from qianxian.matters.rules.deadlines import DAY_UNITS, Limit, Proof, Unit, count, limit_of, period_of, read_table

OFFICE_UNITS = (Unit.WORKING_HOUR, Unit.WORKING_DAY)


class Tells(StrEnum):
    """Whom a step reaches, by the part played in the matter."""

    OWNER = "owner"
    OWNER_LEADER = "owner_leader"
    ANSWERS_TO = "answers_to"
    SUPERVISOR = "supervisor"
    DISTRICT = "district"
    ASKED = "asked"
    ABOVE_ASKED = "above_asked"


class Deed(StrEnum):
    """提醒, 告知, 督办, 上报."""

    REMIND = "remind"
    INFORM = "inform"
    SUPERVISE = "supervise"
    REPORT = "report"


@dataclass(frozen=True)
class Step:
    """
    One rung: what is done when that share of the time is used, or `after` so much beyond the due moment.

    :raises ValueError: if the share is not above 0 and up to 1, or a time is added to less than the whole
    """

    code: str
    name: str
    share: Fraction
    after: Limit | None
    tells: Tells
    deed: Deed
    source: str
    mark: Proof
    period: Period

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or (self.after and self.share != 1):
            raise ValueError(f"step {self.code} comes at a share from 0 to 1, or later than the due moment")


class Call(NamedTuple):
    """A step, and the moment at which it is to be taken."""

    step: Step
    moment: datetime


def next_step(
    *,
    start: datetime,
    due: datetime,
    unit: Unit,
    pauses: Iterable[Period],
    done: Collection[str],
    ladder: Iterable[Step],
    calendar: Calendar,
    at: datetime,
) -> Call | None:
    """
    Return the earliest step not yet done, also one whose moment has passed, or None at the top of the ladder.

    While the clock stands still a moment not yet reached moves on with `at`: whoever wakes up for the step asks again.

    :param due: as `deadline` reckons it at the same moment `at`
    """
    paused = settled(pauses, at)
    waiting = [step for step in ladder if step.code not in done and at in step.period]
    lowest = min((step.share for step in waiting), default=None)
    calls = (Call(step, _moment(step, start, due, unit, paused, calendar)) for step in waiting if step.share == lowest)
    return min(calls, key=lambda call: call.moment, default=None)


def used(
    *, start: datetime, due: datetime, unit: Unit, pauses: Iterable[Period], calendar: Calendar, at: datetime
) -> Fraction:
    """Return the share of its time that a matter has used, from 0 to 1."""
    paused = settled(pauses, at)
    whole = _time(start, due, unit, paused, calendar)
    if at >= due or not whole:
        return Fraction(1)
    part = _time(start, at, unit, paused, calendar)
    return Fraction(part // timedelta.resolution, whole // timedelta.resolution)


def _moment(
    step: Step, start: datetime, due: datetime, unit: Unit, paused: Sequence[Period], calendar: Calendar
) -> datetime:
    if step.after:
        last = due - timedelta.resolution  # midnight ends the day before it
        return count(last if step.after.unit in DAY_UNITS else due, step.after, calendar, paused).due
    span = _time(start, due, unit, paused, calendar) * step.share.numerator // step.share.denominator
    if step.share == 1 or not span:
        return due
    if unit in OFFICE_UNITS:
        return add_working_hours(calendar, start, span, paused).due
    return add_clock_hours(start, span, paused).due


def _time(start: datetime, end: datetime, unit: Unit, paused: Sequence[Period], calendar: Calendar) -> timedelta:
    if unit in OFFICE_UNITS:
        return office_time(calendar, start, end, paused)
    return clock_time(start, end, paused)


def load_ladder(table: str = "ladder.csv") -> tuple[Step, ...]:
    """Return the steps that come with the platform: for matters, or those of another table."""
    return tuple(
        Step(
            code=row["code"],
            name=row["name"],
            share=Fraction(row["share"]),
            after=limit_of(row, "after_"),
            tells=Tells(row["tells"]),
            deed=Deed(row["deed"]),
            source=row["source"],
            mark=Proof(row["mark"]),
            period=period_of(row),
        )
        for row in read_table(table)
    )
