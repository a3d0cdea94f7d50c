"""Which running deadlines another version of the calendar moves."""

from collections.abc import Iterable
from datetime import datetime

from qianxian.kernel.worktime import Calendar, Override, statutory_calendar
from qianxian.register import queries as register

from ..models import CalendarDay, Matter
from ..rules.deadlines import Move, Running, load_overrides, moved
from ..rules.life import WORKING
from . import calendar, decreed, limits_of, pauses_of


def with_notice(overrides: Iterable[Override], version: str) -> Calendar:
    """Return the calendar as it would be with the days of a notice."""
    return statutory_calendar((*load_overrides(), *decreed(), *overrides), version)


def deadlines_that_move(after: Calendar, at: datetime) -> list[Move]:
    """Return the running deadlines that another calendar moves, by the number of the matter; closed ones never move."""
    days = calendar(register.revisions())
    return moved(days, after, running(), at=at)


def running() -> list[Running]:
    """Return what the deadline of every matter in work is reckoned from."""
    working = Matter.objects.filter(stage__in=WORKING).order_by("pk").prefetch_related("extensions")
    return [_running(matter) for matter in working.iterator(chunk_size=1000)]


def _running(matter: Matter) -> Running:
    limits = limits_of(matter)
    return Running(
        matter=str(matter.pk),
        dispatched=matter.dispatched_at or matter.received_at,
        limit=limits.limit,
        contact_limit=limits.contact_limit,
        pauses=tuple(pauses_of(matter)),
        extensions=tuple(extension.amount for extension in matter.extensions.all() if extension.granted),
    )


def names_of(moves: Iterable[Move]) -> dict[str, tuple[str, str, str]]:
    """Return for each matter that moves its tracking code, its title and the short name of its owner."""
    numbers = [int(move.matter) for move in moves]
    found = Matter.objects.filter(pk__in=numbers).values_list("pk", "code", "title", "owner__short")
    return {str(number): (code, title, owner) for number, code, title, owner in found}


def is_imported(version: str) -> bool:
    """Tell whether a notice of this version was taken in."""
    return CalendarDay.objects.filter(version=version).exists()
