"""The matters behind a figure: whatever was counted can be listed, searched, ordered and paged by keyset."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from qianxian.kernel.period import Period

from ..models import Matter
from ..rules.life import WORKING, Stage
from ..rules.rates import Formula
from .rates import Part, behind

CODE = 14
ALONE, NONE = "$", "-"


def narrowed(code: str, length: int) -> str:
    """Return how a list is narrowed to a code that was counted by so many of its digits."""
    return f"{code}{ALONE}" if 0 < len(code) < length else code or NONE


class State(StrEnum):
    """Where matters stand, as a list can be narrowed to it."""

    WORKING = "working"
    OVERDUE = "overdue"
    SUPERVISED = "supervised"
    UNTOUCHED = "untouched"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REMOVED = "removed"


class Order(StrEnum):
    """In what order; a minus before it turns it round."""

    RECEIVED = "received"
    DUE = "due"


COLUMNS = {Order.RECEIVED: "received_at", Order.DUE: "due_at"}


@dataclass(frozen=True)
class Wanted:
    """
    What is asked for; an empty field narrows nothing.

    A topic or place stands for all inside it, with a $ behind it for itself alone; the topic - for none.
    """

    area: str
    at: datetime
    span: Period | None = None
    unit: str = ""
    topic: str = ""
    place: str = ""
    state: State | None = None
    part: Part | None = None
    formula: Formula | None = None
    words: str = ""
    order: Order = Order.RECEIVED
    backwards: bool = True


def listed(wanted: Wanted) -> QuerySet[Matter]:
    """Return the matters that are wanted, in their order."""
    found = Matter.objects.filter(place__code__startswith=wanted.area).select_related("topic", "place", "owner")
    for condition in _conditions(wanted):
        found = found.filter(condition)
    sign = "-" if wanted.backwards else ""
    return found.order_by(f"{sign}{COLUMNS[wanted.order]}", f"{sign}id")


def _conditions(wanted: Wanted) -> list[Q]:
    conditions = []
    if wanted.span:
        conditions.append(Q(received_at__gte=wanted.span.start))
        conditions += [Q(received_at__lt=wanted.span.end)] if wanted.span.end else []
    if wanted.unit:
        conditions.append(Q(owner_id=wanted.unit))
    if wanted.topic:
        conditions.append(Q(topic=None) if wanted.topic == NONE else _inside("topic", wanted.topic))
    if wanted.place:
        conditions.append(_inside("place", wanted.place))
    if wanted.state:
        conditions.append(_standing(wanted.state, wanted.at))
    if wanted.part:
        conditions.append(behind(wanted.part, wanted.formula, wanted.at))
    if wanted.words:
        conditions.append(_saying(wanted.words))
    return conditions


def _inside(what: str, code: str) -> Q:
    return Q(**{f"{what}_id": code[:-1]}) if code.endswith(ALONE) else Q(**{f"{what}__code__startswith": code})


def _standing(state: State, at: datetime) -> Q:
    working = Q(stage__in=WORKING)
    return {
        State.WORKING: working,
        State.OVERDUE: working & Q(due_at__lt=at, standing_still=False),
        State.SUPERVISED: Q(supervised=True, stage__lt=Stage.CLOSED.value),
        State.UNTOUCHED: working & Q(contacted_at=None),
        State.RESOLVED: Q(stage=Stage.RESOLVED.value),
        State.CLOSED: Q(stage=Stage.CLOSED.value),
        State.REMOVED: Q(removed=True),
    }[state]


def _saying(words: str) -> Q:
    if len(words) == CODE and words.isalnum() and words[:6].isdecimal():
        return Q(code=words.upper())
    return Q(title__icontains=words) | Q(address__icontains=words) | Q(words__icontains=words)


@dataclass(frozen=True)
class Page:
    """A page of matters, with the cursors before and after it; None at the ends."""

    matters: list[Matter]
    before: str | None
    after: str | None


def page(wanted: Wanted, *, after: str = "", before: str = "", size: int = 30) -> Page:
    """Return one page: it begins at a cursor, so that the last costs no more than the first."""
    found = listed(wanted)
    if before:
        rows = list(found.filter(_beyond(wanted, before, backwards=True)).reverse()[: size + 1])
        more, rows = len(rows) > size, rows[:size][::-1]
        return Page(rows, _cursor(rows[:1], wanted) if more else None, _cursor(rows[-1:], wanted))
    if after:
        found = found.filter(_beyond(wanted, after, backwards=False))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return Page(rows, _cursor(rows[:1], wanted) if after else None, _cursor(rows[-1:], wanted) if more else None)


def _cursor(rows: list[Matter], wanted: Wanted) -> str | None:
    column = COLUMNS[wanted.order]
    return f"{getattr(rows[0], column).isoformat()}~{rows[0].pk}" if rows else None


def _beyond(wanted: Wanted, cursor: str, *, backwards: bool) -> Q:
    """
    Return the condition of lying beyond a cursor.

    :raises BadCursor: if it was not given by a page
    """
    moment, _, number = cursor.partition("~")
    try:
        at, pk = datetime.fromisoformat(moment), int(number)
    except ValueError as error:
        raise BadCursor(cursor) from error
    column, side = COLUMNS[wanted.order], "lt" if wanted.backwards is not backwards else "gt"
    edge = {f"{column}__{side}e": at}
    return Q(**edge) & (Q(**{f"{column}__{side}": at}) | Q(**{f"pk__{side}": pk}))


class BadCursor(ValueError):
    """A cursor that no page has given."""
