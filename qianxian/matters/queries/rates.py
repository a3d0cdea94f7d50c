"""
What the rates are made of, counted by the database.

One statement gives the counts by category, however many matters there are; the pure formulas do the rest. The rows
behind a figure are found by the same formula: it is asked which categories it counts, and those are selected.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import product

from django.db.models import BooleanField, Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Left, TruncWeek

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING

from ..models import Matter, PublishedRate
from ..rules.life import Result, Satisfaction, Stage
from ..rules.rates import NONE, Assessed, Formula, Measure, Rate, load_formulas, rate

COMMUNITY, CHAPTER = 12, 2


class By(StrEnum):
    """What a table of rates has its rows for; never a person."""

    UNIT = "unit"
    TOPIC = "topic"
    COMMUNITY = "community"
    WEEK = "week"
    WHOLE = "whole"


class Part(StrEnum):
    """A figure in a table of rates, and with it the matters that it counts."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    LEFT_OUT = "left_out"
    REMOVED = "removed"
    PENDING = "pending"
    EXITS = "exits"


@dataclass(frozen=True)
class Counted:
    """
    The matters of one row: facts with their counts, those still in work and in time, and those of a lawful exit.

    A matter is assessed once it is resolved or its time is up, so that waiting helps nobody's rate.
    """

    facts: tuple[Assessed, ...] = ()
    pending: int = 0
    exits: int = 0

    @property
    def total(self) -> int:
        return sum(fact.count for fact in self.facts) + self.pending + self.exits


def together(rows: Iterable[Counted]) -> Counted:
    """Return the matters of several rows as one."""
    rows = tuple(rows)
    facts = tuple(fact for row in rows for fact in row.facts)
    return Counted(facts, sum(row.pending for row in rows), sum(row.exits for row in rows))


@cache
def formulas() -> dict[str, Formula]:
    """Return the formulas that come with the platform, by id."""
    return {formula.id: formula for formula in load_formulas()}


KEYS = {
    By.UNIT: F("owner_id"),
    By.TOPIC: Coalesce(Left("topic_id", CHAPTER), Value("")),
    By.COMMUNITY: Left("place_id", COMMUNITY),
    By.WEEK: Cast(TruncWeek("received_at", tzinfo=BEIJING), CharField()),
    By.WHOLE: Value(""),
}


def counted(span: Period, area: str, by: By, at: datetime) -> dict[str, Counted]:
    """Return for each unit, topic, community or week what its rates are made of; matters count by their arrival."""
    rows = (
        _arrived(span, area)
        .annotate(key=KEYS[by], over=_holds(assessed(at)), in_time=_holds(IN_TIME), refused=_holds(REFUSED))
        .annotate(exited=_holds(EXITED))
        .values_list("key", "over", "exited", "in_time", "solved", "satisfaction", "removed", "refused")
        .annotate(count=Count("pk"))
        .order_by()
    )
    facts: dict[str, list[Assessed]] = defaultdict(list)
    others: dict[tuple[str, Part], int] = defaultdict(int)
    for key, over, exited, in_time, solved, satisfaction, removed, refused, count in rows:
        if exited or not over:
            others[key, Part.EXITS if exited else Part.PENDING] += count
            facts[key] += ()
        else:
            said = Satisfaction(satisfaction or Satisfaction.UNRATED)
            facts[key].append(Assessed("", "", in_time, solved, said, removed, refused=refused, count=count))
    return {
        key: Counted(tuple(facts[key]), others[key, Part.PENDING], others[key, Part.EXITS]) for key in sorted(facts)
    }


def rates_of(counts: Counted, chosen: Iterable[Formula]) -> dict[Measure, Rate]:
    """Return the rates of one row, one for each formula."""
    return {formula.measure: rate(formula, counts.facts) for formula in chosen}


IN_TIME = Q(contacted_at__lte=F("contact_due_at"))
REFUSED = Q(result=Result.REFUSED.value)
EXITED = ~Q(exit="")


def assessed(at: datetime) -> Q:
    """Return the condition under which a matter is assessed: it is resolved, or its time is up."""
    return Q(stage__gte=Stage.RESOLVED.value) | Q(due_at__lte=at)


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _arrived(span: Period, area: str) -> QuerySet[Matter]:
    found = Matter.objects.filter(received_at__gte=span.start, place__code__startswith=area)
    return found.filter(received_at__lt=span.end) if span.end else found


def behind(part: Part, formula: Formula | None, at: datetime) -> Q:
    """Return the condition that selects the matters behind a figure."""
    if part is Part.EXITS:
        return EXITED
    if part is Part.PENDING:
        return ~EXITED & ~assessed(at)
    judged = ~EXITED & assessed(at)
    if part is Part.REMOVED:
        return judged & Q(removed=True)
    if formula is None:
        return judged & Q(removed=False)
    return judged & Q(removed=False) & _categories(formula, part)


def _categories(formula: Formula, part: Part) -> Q:
    """Ask the formula of every category of matters whether it counts there, and select those that do."""
    chosen = Q(pk__in=())
    for fact, condition in CATEGORIES[formula.measure]():
        share = formula.share(fact)
        counts = {
            Part.LEFT_OUT: share is None,
            Part.DENOMINATOR: share is not None,
            Part.NUMERATOR: share is not None and share > NONE,
        }
        if counts[part]:
            chosen |= condition
    return chosen


def _by_contact() -> Iterator[tuple[Assessed, Q]]:
    late = Q(contacted_at=None) | Q(contacted_at__gt=F("contact_due_at"))
    yield Assessed("", "", True), IN_TIME
    yield Assessed("", "", False), late


def _by_solution() -> Iterator[tuple[Assessed, Q]]:
    for refused, solved in product((True, False), (True, False, None)):
        condition = (REFUSED if refused else ~REFUSED) & Q(solved=solved)
        yield Assessed("", "", False, solved, refused=refused), condition


def _by_satisfaction() -> Iterator[tuple[Assessed, Q]]:
    for level in Satisfaction:
        spellings = (level.value, "") if level is Satisfaction.UNRATED else (level.value,)
        yield Assessed("", "", False, satisfied=level), Q(satisfaction__in=spellings)


CATEGORIES = {
    Measure.RESPONSE: _by_contact,
    Measure.RESOLUTION: _by_solution,
    Measure.SATISFACTION: _by_satisfaction,
}


def published(area: str) -> QuerySet[PublishedRate]:
    """Return what was published of an area, the newest first; anybody may read it, for it names no matter."""
    return PublishedRate.objects.filter(area_id=area).select_related("unit").order_by("-published_at", "unit_id", "pk")


@dataclass(frozen=True)
class Publication:
    """One publication: which months, and when."""

    area: str
    area_name: str
    period_from: datetime
    period_to: datetime
    published_at: datetime

    @property
    def last(self) -> datetime:
        """The last day that the span includes."""
        return self.period_to - timedelta(days=1)


def publications(most: int = 60) -> list[Publication]:
    """Return the publications, the newest first."""
    rows = (
        PublishedRate.objects.values_list("area_id", "area__name", "period_from", "period_to", "published_at")
        .distinct()
        .order_by("-published_at")[:most]
    )
    return [Publication(*row) for row in rows]
