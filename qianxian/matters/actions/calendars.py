"""A notice of the State Council moves running deadlines, and no closed one."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import Actor
from qianxian.journal import actions as journal
from qianxian.kernel.worktime import Override

from ..models import CalendarDay
from ..queries.calendars import deadlines_that_move, is_imported, with_notice
from ..rules.deadlines import Move
from .work import AlreadyDone, move_deadline


@transaction.atomic
def import_notice(
    *,
    overrides: Iterable[Override],
    version: str,
    actor: Actor,
    at: datetime,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> list[Move]:
    """
    Take in the days of a notice and move the deadlines that it moves: all in one transaction, or nothing.

    :param tell: is told how many deadlines have been moved, of how many
    :raises AlreadyDone: if a notice of this version was taken in before
    """
    if is_imported(version):
        raise AlreadyDone("import_notice")
    days = list(overrides)
    moves = deadlines_that_move(with_notice(days, version), at)
    CalendarDay.objects.bulk_create(
        CalendarDay(version=version, date=day.day, kind=day.kind.value, name=day.name, source=day.source)
        for day in days
    )
    journal.record(
        at=at, actor=actor.name, unit=actor.unit, verb="import_notice", subject=f"calendar:{version}", days=len(days)
    )
    for done, move in enumerate(moves, start=1):
        move_deadline(int(move.matter), actor=actor, at=at)
        tell(done, len(moves))
    return moves
