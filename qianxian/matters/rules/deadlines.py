"""
A deadline is arithmetic: a pure function of the dispatch, the limit, the recorded pauses and a version of the calendar.

The clock starts at dispatch, never at signature, and never starts again. Limits are dated parameters with their source.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from importlib import resources

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import (
    BEIJING,
    Calendar,
    Kind,
    Line,
    Override,
    Sum,
    add_calendar_days,
    add_clock_hours,
    add_working_days,
    add_working_hours,
    settled,
)

HOUR = timedelta(hours=1)


class Unit(StrEnum):
    """What a limit is counted in. 紧急工作时, 工作时, 工作日, 自然日 (GB/T 30428.8 knows the first three)."""

    CLOCK_HOUR = "clock_hour"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


DAY_UNITS = (Unit.WORKING_DAY, Unit.CALENDAR_DAY)


@dataclass(frozen=True)
class Limit:
    """
    So many of a unit, at least one.

    :raises ValueError: if there is nothing to count
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"a limit counts at least one {self.unit.value}, not {self.amount}")


class Proof(StrEnum):
    """How well the source of a parameter is known."""

    SOURCE = "S"
    KNOWN = "K"
    LOW = "L"


@dataclass(frozen=True)
class DeadlineClass:
    """
    One dated parameter: within what time a matter of this class is contacted, given first feedback, and settled.

    An empty code, topic or place, and no kind, match everything.
    """

    code: str
    name: str
    kind: str | None
    topic: str
    place: str
    limit: Limit
    contact_limit: Limit
    feedback: Limit | None
    source: str
    mark: Proof
    period: Period

    def covers(self, code: str, topic: str, place: str, at: datetime, kind: str | None) -> bool:
        return (
            self.code in ("", code)
            and self.kind in (None, kind)
            and topic.startswith(self.topic)
            and place.startswith(self.place)
            and at in self.period
        )

    def precedence(self) -> tuple[bool, int, bool, int, datetime]:
        return bool(self.code), len(self.place), self.kind is not None, len(self.topic), self.period.start


class NoDeadline(LookupError):
    """No class of limits is in force for the matter; a catch-all row without code, topic and place prevents it."""


def select(
    parameters: Iterable[DeadlineClass], code: str, topic: str, place: str, at: datetime, kind: str | None = None
) -> DeadlineClass:
    """
    Return the class in force that prevails.

    A row of the code goes before a row for any code; then the narrower place, a row for the kind of matter,
    the narrower topic, and at last the newer row.

    :raises NoDeadline: if no row covers the matter
    """
    covering = [row for row in parameters if row.covers(code, topic, place, at, kind)]
    if not covering:
        day = at.astimezone(BEIJING).date()
        raise NoDeadline(f"时限表没有{day}有效的适用条目：类别“{code}”、事项“{topic}”、地区“{place}”，请补一条兜底条目")
    return max(covering, key=DeadlineClass.precedence)


@dataclass(frozen=True)
class Deadline:
    """
    By when a matter is due and by when its resident is contacted, with the arithmetic.

    What happens before a due moment is in time, what happens at it or later is not.
    While the clock stands still they are reckoned as if the pause ended at the moment asked about.
    """

    due: datetime
    contact_due: datetime
    feedback_due: datetime | None
    lines: tuple[Line, ...]
    contact_lines: tuple[Line, ...]
    calendar: str
    standing_still: bool
    dispatched: datetime
    limit: Limit
    contact_limit: Limit
    extended: int


def deadline(
    *,
    dispatched: datetime,
    limit: Limit,
    contact_limit: Limit,
    calendar: Calendar,
    at: datetime,
    feedback: Limit | None = None,
    pauses: Iterable[Period] = (),
    extensions: Iterable[int] = (),
) -> Deadline:
    """
    Return the deadline as known at a moment.

    :param pauses: for recorded causes; one without an end is still open
    :param extensions: those granted, in the unit of the limit
    """
    recorded = tuple(pauses)
    paused = settled(recorded, at)
    extended = sum(extensions)
    due, lines = count(dispatched, Limit(limit.amount + extended, limit.unit), calendar, paused)
    contact_due, contact_lines = count(dispatched, contact_limit, calendar, paused)
    return Deadline(
        due=due,
        contact_due=contact_due,
        feedback_due=count(dispatched, feedback, calendar, paused).due if feedback else None,
        lines=lines,
        contact_lines=contact_lines,
        calendar=calendar.version,
        standing_still=any(at in pause and pause.start < due for pause in recorded),
        dispatched=dispatched,
        limit=limit,
        contact_limit=contact_limit,
        extended=extended,
    )


def count(start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Period] = ()) -> Sum:
    """Return when a limit that runs from `start` ends; the pauses are settled."""
    match limit.unit:
        case Unit.CLOCK_HOUR:
            return add_clock_hours(start, limit.amount * HOUR, pauses)
        case Unit.WORKING_HOUR:
            return add_working_hours(calendar, start, limit.amount * HOUR, pauses)
        case Unit.WORKING_DAY:
            return add_working_days(calendar, start, limit.amount, pauses)
        case Unit.CALENDAR_DAY:
            return add_calendar_days(start, limit.amount, pauses)


@dataclass(frozen=True)
class Running:
    """What is needed to reckon the deadline of one matter again."""

    matter: str
    dispatched: datetime
    limit: Limit
    contact_limit: Limit
    pauses: tuple[Period, ...] = ()
    extensions: tuple[int, ...] = ()
    closed: bool = False


@dataclass(frozen=True)
class Move:
    """A running deadline that another calendar moves."""

    matter: str
    before: Deadline
    after: Deadline


def moved(before: Calendar, after: Calendar, running: Iterable[Running], *, at: datetime) -> list[Move]:
    """Return the deadlines that another version of the calendar moves; that of a closed matter never moves."""
    moves = (
        Move(matter.matter, _reckon(matter, before, at), _reckon(matter, after, at))
        for matter in running
        if not matter.closed
    )
    return [
        move for move in moves if (move.before.due, move.before.contact_due) != (move.after.due, move.after.contact_due)
    ]


def _reckon(matter: Running, calendar: Calendar, at: datetime) -> Deadline:
    return deadline(
        dispatched=matter.dispatched,
        limit=matter.limit,
        contact_limit=matter.contact_limit,
        pauses=matter.pauses,
        extensions=matter.extensions,
        calendar=calendar,
        at=at,
    )


@dataclass(frozen=True)
class PauseCause:
    """A cause for which a clock may stand still, and for how long at most."""

    code: str
    name: str
    source: str
    mark: Proof
    longest: Limit
    period: Period


class NoCause(LookupError):
    """The cause is not one for which a clock may stand still."""


def may_pause(causes: Iterable[PauseCause], code: str, at: datetime) -> PauseCause:
    """
    Return the cause in force.

    :raises NoCause: if no such cause is in force; the message names those that are
    """
    in_force = {cause.code: cause for cause in causes if at in cause.period}
    if code not in in_force:
        names = "、".join(cause.name for cause in in_force.values())
        raise NoCause(f"“{code}”不是可以中止时限的事由；可以中止的有：{names}")
    return in_force[code]


def counted_pause(cause: PauseCause, start: datetime, end: datetime | None, calendar: Calendar) -> Period:
    """Return the pause that counts: it ends by itself when the longest time of its cause is over."""
    latest = count(start, cause.longest, calendar).due
    return Period(start, latest if end is None else min(end, latest))


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of one table of dated parameters, each by its column names."""
    text = resources.files("qianxian.matters").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def period_of(row: Mapping[str, str]) -> Period:
    """Return the time in which a row is in force, from midnight to midnight in Beijing."""
    end = row["valid_to"]
    return Period(_midnight(row["valid_from"]), _midnight(end) if end else None)


def limit_of(row: Mapping[str, str], prefix: str = "") -> Limit | None:
    """Return the limit in the columns `amount` and `unit`, or None where they are empty."""
    amount = row[f"{prefix}amount"]
    return Limit(int(amount), Unit(row[f"{prefix}unit"])) if amount else None


def load_classes() -> tuple[DeadlineClass, ...]:
    """Return the classes of limits that come with the platform; their source column says what each one stands on."""
    return tuple(
        DeadlineClass(
            code=row["code"],
            name=row["name"],
            kind=row["kind"] or None,
            topic=row["topic"],
            place=row["place"],
            limit=_given(limit_of(row)),
            contact_limit=_given(limit_of(row, "contact_")),
            feedback=limit_of(row, "feedback_"),
            source=row["source"],
            mark=Proof(row["mark"]),
            period=period_of(row),
        )
        for row in read_table("deadlines.csv")
    )


def load_causes() -> tuple[PauseCause, ...]:
    """Return the causes of pauses that come with the platform."""
    return tuple(
        PauseCause(
            code=row["code"],
            name=row["name"],
            source=row["source"],
            mark=Proof(row["mark"]),
            longest=_given(limit_of(row, "longest_")),
            period=period_of(row),
        )
        for row in read_table("pauses.csv")
    )


def load_overrides() -> tuple[Override, ...]:
    """Return the days that come with the platform for the years that `chinesecalendar` does not know."""
    return tuple(
        Override(row["version"], date.fromisoformat(row["date"]), Kind(row["kind"]), row["name"], row["source"])
        for row in read_table("calendar.csv")
    )


def _given(limit: Limit | None) -> Limit:
    if limit is None:
        raise ValueError("the table leaves a limit empty that must be given")
    return limit


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), BEIJING)
