"""Fills the demonstration district with believable work of the last weeks, as if it had run all the time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heapreplace
from itertools import count

from django.db import transaction

from qianxian.cadres import queries as cadres
from qianxian.matters import actions as matters
from qianxian.matters import queries
from qianxian.matters.actions.deeds import fingerprint
from qianxian.matters.rules import escalation
from qianxian.matters.rules.deadlines import Deadline, deadline, select
from qianxian.matters.rules.intake import Channel, Demand, MatterKind, Reference, assign, deadline_class

from . import district, errands
from .stories import Cast, Span, Way, story_of
from .timing import awake, began, between, in_office

TICK = timedelta(hours=2)
A_DAY = timedelta(days=1)


def load(at: datetime, follow: Callable[[int, int], None] = lambda ended, of: None) -> int:
    """
    Enter the district and carry its demands to where their stories end; returns how many, 0 if all was there.

    :param follow: is told how many stories have ended, of how many
    """
    with cadres.reaching_everything(), transaction.atomic():
        if already_loaded():
            return 0
        district.enter(at)
        ways = planned(at)
        tell(ways, at, follow)
        errands.tell(at, Cast())
    return len(ways)


def already_loaded() -> bool:
    """Tell whether the demands are here: they come all in one transaction, so one of them is enough."""
    first = district.rows_of("demands.csv")[0]
    return bool(queries.twins([fingerprint(first["words"])], [matters.index_of(first["phone"])]))


def demand_of(row: dict[str, str]) -> Demand:
    story, _, exit_ = row["story"].partition(":")
    return Demand(
        words=row["words"], place=row["place"], kind=MatterKind(row["kind"]), channel=Channel(row["channel"]),
        topic=row["topic"], setting=row["setting"], address=row["address"], exit=exit_, hard=story == "consultation",
    )  # fmt: skip


def planned(at: datetime) -> list[Way]:
    """Return every demand with the time of its story."""
    reference, cast = queries.reference(at), Cast()
    ways: list[Way] = []
    for line, row in enumerate(district.rows_of("demands.csv"), 2):
        ways.append(_way(line, row, ways, reference, cast, at))
    return ways


def _way(line: int, row: dict[str, str], earlier: list[Way], reference: Reference, cast: Cast, at: datetime) -> Way:
    demand, (_, span) = demand_of(row), story_of(row)
    clock = Clock.of(demand, reference, at)
    end = _end(line, span, clock, at)
    first = _before(row, earlier)
    received = _received(line, row, span, clock, end, first)
    contact_due = clock.deadline(received).contact_due
    if clock.is_urgent and row["story"] in ("objected", "upheld", "refused_objection"):
        contact_due = min(contact_due, received + timedelta(hours=1))
    return Way(line, row, demand, received, contact_due, max(end, received), clock.reference.calendar, cast, first)


@dataclass(frozen=True)
class Clock:
    """The limits under which a demand will run."""

    code: str
    demand: Demand
    reference: Reference

    @classmethod
    def of(cls, demand: Demand, reference: Reference, at: datetime) -> "Clock":
        answer = assign(demand, reference, at).answer
        return cls(deadline_class(demand, answer, reference.topics), demand, reference)

    @property
    def is_urgent(self) -> bool:
        return self.code == "urgent"

    def deadline(self, received: datetime) -> Deadline:
        limits = select(
            queries.deadline_classes(), self.code, self.demand.topic, self.demand.place, received, self.demand.kind
        )
        return deadline(
            dispatched=received, limit=limits.limit, contact_limit=limits.contact_limit,
            calendar=self.reference.calendar, at=received,
        )  # fmt: skip

    def used(self, received: datetime, at: datetime) -> float:
        """Return the share of its time that it has used at a moment."""
        due = self.deadline(received)
        share = escalation.used(
            start=received, due=due.due, unit=due.limit.unit, pauses=(), calendar=self.reference.calendar, at=at
        )
        return float(share)


def _end(line: int, span: Span, clock: Clock, at: datetime) -> datetime:
    if span.ago == (0, 0):
        return at
    end = at - timedelta(days=between(*span.ago, line, "ago"))
    return awake(end, line) if clock.is_urgent else in_office(end, clock.reference.calendar)


def _received(line: int, row: dict[str, str], span: Span, clock: Clock, end: datetime, first: Way | None) -> datetime:
    if row["story"].startswith("exit"):
        return first.received + A_DAY if first else end
    began_at = began(between(*span.used, line, "used"), end, lambda moment: clock.used(moment, end), line)
    if row["story"] == "overdue":
        return began_at - between(1, 2, line) * A_DAY
    return max(began_at, first.received + TICK) if first else began_at


def _before(row: dict[str, str], earlier: list[Way]) -> Way | None:
    """Return the demand that this one follows, repeats or doubles."""
    if row["story"] not in ("follow_up", "exit:E3", "merged"):
        return None
    same = (way for way in earlier if way.row["topic"] == row["topic"])
    return next(way for way in same if row["story"] == "merged" or way.row["phone"] == row["phone"])


def tell(ways: list[Way], at: datetime, follow: Callable[[int, int], None] = lambda ended, of: None) -> None:
    """Let everything happen in its order: deeds of all matters, and between them the steps of the ladder."""
    order = count()
    waiting = [
        (next(told), next(order), told) for told in (*(story_of(way.row)[0](way) for way in ways), ladder(ways, at))
    ]
    heapify(waiting)
    stories = len(waiting)
    while waiting:
        _, _, told = waiting[0]
        following = next(told, None)
        if following is None:
            heappop(waiting)
            follow(stories - len(waiting), stories)
        else:
            heapreplace(waiting, (following, next(order), told))


def ladder(ways: list[Way], at: datetime) -> Iterator[datetime]:
    """Take the steps of the ladder as the weeks go by."""
    moment = min(way.received for way in ways)
    while moment < at:
        moment = min(moment + TICK, at)
        yield moment
        for number in matters.due_alarms(moment):
            matters.take_step(number, at=moment)
        for number in matters.due_coordinations(moment):
            matters.take_step_above(number, at=moment)


@dataclass(frozen=True)
class Login:
    """One way into the demonstration; a resident types the number and then the code that the page shows."""

    role: str
    name: str
    username: str
    password: str = ""


def logins() -> list[Login]:
    """Return one login for each role."""
    resident = district.rows_of("demands.csv")[0]
    first: dict[str, Login] = {}
    for row in district.rows_of("accounts.csv"):
        name = f"{row['name']}（{row['title']}）"
        first.setdefault(row["role"], Login(row["role"], name, row["username"], district.PASSWORD))
    return [Login("resident", resident["name"], resident["phone"]), *first.values()]
