"""When things happen in the demonstration: long enough ago to have a history, in office hours mostly, and never ahead."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from hashlib import blake2s

from qianxian.kernel.worktime import BEIJING, Calendar, add_working_hours, office_time

DAWN, EVENING = time(7), time(21, 30)
HOUR = timedelta(hours=1)
A_NIGHT = timedelta(hours=26)
LONGEST = timedelta(days=45)


def spread(*what: object) -> float:
    """Return a number from 0 up to 1 that is always the same for the same things: a die that falls alike each time."""
    return int.from_bytes(blake2s(repr(what).encode(), digest_size=4).digest()) / 2**32


def between(low: float, high: float, *what: object) -> float:
    return low + (high - low) * spread(*what)


def on_the_way(start: datetime, end: datetime, share: float, calendar: Calendar) -> datetime:
    """Return the moment by which a share of the time is over: of office time where there is enough of it, else of all time."""
    office = office_time(calendar, start, end)
    if office < HOUR:
        plain = start + (end - start) * share
        return plain if end - start < A_NIGHT else min(max(awake(plain, share), start), end)
    return min(add_working_hours(calendar, start, max(office * share, timedelta(minutes=2))).due, end)


def began(share: float, end: datetime, used: Callable[[datetime], float], *what: object) -> datetime:
    """Return when that began of which a share of its time is used at `end`; people call in the day and the evening."""
    early, late = end - LONGEST, end
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) / 2
        early, late = (middle, late) if used(middle) >= share else (early, middle)
    morning = awake_later(late, *what)
    return morning if morning - late < (end - late) / 2 else min(late, end - timedelta(minutes=3))


def awake(moment: datetime, *what: object) -> datetime:
    """Return the moment, or one of the waking hours nearest to it."""
    local = moment.astimezone(BEIJING)
    part = timedelta(minutes=between(0, 150, moment, *what))
    if local.time() < DAWN:
        return datetime.combine(local.date(), DAWN, BEIJING) + part
    if local.time() > EVENING:
        return datetime.combine(local.date(), EVENING, BEIJING) - part
    return moment


def awake_later(moment: datetime, *what: object) -> datetime:
    """Return the moment, or one of the next morning where people sleep: later, so that no time is lost by it."""
    local = moment.astimezone(BEIJING)
    if DAWN <= local.time() <= EVENING:
        return moment
    day = local.date() + timedelta(days=local.time() > EVENING)
    return datetime.combine(day, DAWN, BEIJING) + timedelta(minutes=between(0, 150, moment, *what))


def in_office(moment: datetime, calendar: Calendar) -> datetime:
    """Return the moment, or one of the office hours before it."""
    local = moment.astimezone(BEIJING)
    day, sessions = local.date(), calendar.sessions(local.date())
    if calendar.is_working(day) and any(start <= local.time() <= end for start, end in sessions):
        return moment
    if not calendar.is_working(day) or local.time() < sessions[0][0]:
        day -= timedelta(days=1)
        while not calendar.is_working(day):
            day -= timedelta(days=1)
        return datetime.combine(day, sessions[-1][0], BEIJING) + between(0.1, 3.9, moment) * HOUR
    start, _end = next(session for session in reversed(sessions) if session[1] <= local.time())
    return datetime.combine(day, start, BEIJING) + between(0.1, 2.4, moment) * HOUR
