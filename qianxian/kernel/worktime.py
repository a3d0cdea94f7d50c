"""
Working time: which days and minutes count, and the moment at which enough of them have.

A clock starts when a matter is dispatched, never when the unit signs for it, and never starts again.
It stands still only in pauses. All days and office hours are those of Beijing.
Every sum answers with the moment and with the lines of arithmetic that lead to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from chinese_calendar import constants as published  # type: ignore[import-untyped]

from qianxian.kernel.period import Period

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991; needs no time zone database
DAY = timedelta(days=1)
SATURDAY = 5
STATUTE = "statute"
"""Version of the days that the regulation on holidays (全国年节及纪念日放假办法) fixes before any notice."""
ENGLISH_HOLIDAYS: dict[str, str] = {holiday.chinese: holiday.value for holiday in published.Holiday}
CHINESE_HOLIDAYS: dict[str, str] = {holiday.value: holiday.chinese for holiday in published.Holiday}


@dataclass(frozen=True)
class OfficeHours:
    """The sessions of an office day, in order, from the day on which they came into use."""

    since: date
    sessions: tuple[tuple[time, time], ...]


USUAL_HOURS = (OfficeHours(date.min, ((time(9), time(12)), (time(13, 30), time(17, 30)))),)


@dataclass(frozen=True)
class Calendar:
    """
    The official days of one version: weekends are off, decreed holidays are off, make-up days are on.

    `off` and `work` give the name of the holiday for each decreed day, `known` the years for which a notice exists.
    A day of any other year is judged by the weekend alone, and the arithmetic says so.
    """

    version: str
    off: Mapping[date, str] = field(hash=False)
    work: Mapping[date, str] = field(hash=False)
    known: frozenset[int]
    office: tuple[OfficeHours, ...] = USUAL_HOURS

    def is_working(self, day: date) -> bool:
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def is_guess(self, day: date) -> bool:
        """Say whether the day is judged without a notice and without a decree of its own."""
        return day.year not in self.known and day not in self.off and day not in self.work

    def sessions(self, day: date) -> tuple[tuple[time, time], ...]:
        """Return the office hours in use on a day, whether or not it is a working day."""
        if len(self.office) == 1:
            return self.office[0].sessions
        return max((hours for hours in self.office if hours.since <= day), key=lambda hours: hours.since).sessions

    def close(self, day: date) -> datetime:
        """Return the moment at which the office closes on a day."""
        return datetime.combine(day, self.sessions(day)[-1][1], BEIJING)


class Kind(StrEnum):
    OFF = "off"
    WORK = "work"


@dataclass(frozen=True)
class Override:
    """One day that a notice, or the regulation on holidays, declares off or working."""

    version: str
    day: date
    kind: Kind
    name: str
    source: str


def statutory_calendar(
    overrides: Iterable[Override], version: str, office: tuple[OfficeHours, ...] = USUAL_HOURS
) -> Calendar:
    """Return the State Council's days as published since 2004, then the overrides in order, a later one prevailing."""
    off = {day: CHINESE_HOLIDAYS.get(name, name) for day, name in published.holidays.items()}
    work = {day: CHINESE_HOLIDAYS.get(name, name) for day, name in published.workdays.items()}
    known = {day.year for day in off}
    for override in overrides:
        to, other = (off, work) if override.kind is Kind.OFF else (work, off)
        other.pop(override.day, None)
        to[override.day] = override.name
        if override.version != STATUTE:
            known.add(override.day.year)
    return Calendar(version, off, work, frozenset(known), office)


class Mark(StrEnum):
    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"


class Line(NamedTuple):
    """
    One step of the arithmetic: a day or a stretch of time, and what has been counted up to its end.

    `name` is that of the holiday, also on a make-up day; `guess` says that no notice exists for the day.
    """

    mark: Mark
    start: datetime
    end: datetime
    total: timedelta
    name: str = ""
    guess: bool = False


class Sum(NamedTuple):
    """A moment, and how it was reached."""

    due: datetime
    lines: tuple[Line, ...]


def settled(pauses: Iterable[Period], at: datetime) -> tuple[Period, ...]:
    """Return the pauses as known at a moment, in order and merged: none starts later, and one still open ends then."""
    merged: list[Period] = []
    for pause in sorted((pause for pause in pauses if pause.start < at), key=lambda pause: pause.start):
        end = at if pause.end is None else min(pause.end, at)
        if merged and pause.start <= _end(merged[-1]):
            merged[-1] = Period(merged[-1].start, max(_end(merged[-1]), end))
        else:
            merged.append(Period(pause.start, end))
    return tuple(merged)


def add_clock_hours(start: datetime, hours: timedelta, pauses: Sequence[Period] = ()) -> Sum:
    """Return when that much time has run, every minute counting outside the settled pauses."""
    return _run(None, [(start, None)], hours, pauses, [])


def add_working_hours(calendar: Calendar, start: datetime, hours: timedelta, pauses: Sequence[Period] = ()) -> Sum:
    """Return when that much office time has run; only minutes of office hours outside the settled pauses count."""
    lines: list[Line] = []
    return _run(calendar, _office(calendar, start, lines), hours, pauses, lines)


def add_working_days(calendar: Calendar, start: datetime, days: int, pauses: Sequence[Period] = ()) -> Sum:
    """
    Return the close of office hours on the last of so many working days.

    The day of the start is not counted, nor a working day on which the clock stands paused when the office closes.
    """
    return _count_days(calendar, _day(start), days, tuple(pauses))


def add_calendar_days(start: datetime, days: int, pauses: Sequence[Period] = ()) -> Sum:
    """
    Return the midnight that ends the last of so many days.

    The day of the start is not counted, nor a day at whose end the clock stands paused.
    """
    return _count_days(None, _day(start), days, tuple(pauses))


def clock_time(start: datetime, end: datetime, pauses: Sequence[Period] = ()) -> timedelta:
    """Return the time between two moments outside the settled pauses."""
    return _length(_outside(start, max(start, end), pauses))


def office_time(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Period] = ()) -> timedelta:
    """Return the office time between two moments outside the settled pauses."""
    total = timedelta()
    for opening, close in _office(calendar, start, []):
        if close is None or opening >= end:
            break
        total += _length(_outside(opening, min(close, end), pauses))
    return total


@lru_cache(maxsize=1024)
def _count_days(calendar: Calendar | None, day: date, days: int, pauses: tuple[Period, ...]) -> Sum:
    lines: list[Line] = []
    counted = 0
    end = _midnight(day + DAY)
    while counted < days:
        day += DAY
        if calendar is not None and not calendar.is_working(day):
            lines.append(_day_off(calendar, day, timedelta(counted)))
            continue
        end = _midnight(day + DAY) if calendar is None else calendar.close(day)
        paused = any(pause.start < end <= _end(pause) for pause in pauses)
        counted += not paused
        mark = Mark.PAUSED if paused else Mark.COUNTED
        start = _midnight(day)
        lines.append(Line(mark, start, end, timedelta(counted), *_standing(calendar, start)))
    return Sum(end, tuple(lines))


def _run(
    calendar: Calendar | None,
    stretches: Iterable[tuple[datetime, datetime | None]],
    span: timedelta,
    pauses: Sequence[Period],
    lines: list[Line],
) -> Sum:
    """Count `span` off stretches that never run out; `lines` is shared with whoever yields them."""
    total = timedelta()
    for opening, close in stretches:
        for mark, begin, until in _parts(opening, close, pauses):
            left = span - total
            end = until if until is not None and (mark is Mark.PAUSED or until - begin < left) else begin + left
            total += end - begin if mark is Mark.COUNTED else timedelta()
            lines.append(Line(mark, begin, end, total, *_standing(calendar, begin)))
            if total == span:
                return Sum(end, tuple(lines))
    raise ValueError("the stretches of time ran out")


def _standing(calendar: Calendar | None, moment: datetime) -> tuple[str, bool]:
    """Return the holiday for which the day makes up, and whether it is judged without a notice."""
    if calendar is None:
        return "", False
    day = _day(moment)
    return calendar.work.get(day, ""), calendar.is_guess(day)


def _parts(
    opening: datetime, close: datetime | None, pauses: Sequence[Period]
) -> Iterator[tuple[Mark, datetime, datetime | None]]:
    for pause in pauses:
        until = _end(pause)
        if until <= opening:
            continue
        if close is not None and pause.start >= close:
            break
        if pause.start > opening:
            yield Mark.COUNTED, opening, pause.start
        paused_to = until if close is None else min(until, close)
        yield Mark.PAUSED, max(opening, pause.start), paused_to
        opening = paused_to
    if close is None or opening < close:
        yield Mark.COUNTED, opening, close


def _office(calendar: Calendar, start: datetime, lines: list[Line]) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the office sessions from a moment on, for ever, and note the days off on the way."""
    day = _day(start)
    while True:
        if not calendar.is_working(day):
            lines.append(_day_off(calendar, day, lines[-1].total if lines else timedelta()))
        else:
            for opening, close in calendar.sessions(day):
                end = datetime.combine(day, close, BEIJING)
                if end > start:
                    yield max(start, datetime.combine(day, opening, BEIJING)), end
        day += DAY


def _outside(start: datetime, end: datetime, pauses: Sequence[Period]) -> Iterator[tuple[datetime, datetime]]:
    for mark, begin, until in _parts(start, end, pauses):
        if mark is Mark.COUNTED and until is not None:
            yield begin, until


def _length(stretches: Iterable[tuple[datetime, datetime]]) -> timedelta:
    return sum((end - start for start, end in stretches), timedelta())


def _day_off(calendar: Calendar, day: date, total: timedelta) -> Line:
    name = calendar.off.get(day, "")
    mark = Mark.HOLIDAY if name else Mark.WEEKEND
    return Line(mark, _midnight(day), _midnight(day + DAY), total, name, calendar.is_guess(day))


def _day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)


def _end(pause: Period) -> datetime:
    if pause.end is None:
        raise ValueError("a pause without an end must be settled at a moment before it is counted")
    return pause.end
