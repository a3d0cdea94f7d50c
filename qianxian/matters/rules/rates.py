"""
The three rates 响应率, 解决率, 满意率: of which matters, by which formula.

A published rate keeps numerator, denominator and formula, for published figures do not all follow one formula.
Rates are of units and topics; nothing here knows a worker.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from qianxian.kernel.period import Period
from qianxian.matters.rules.deadlines import Proof, period_of, read_table
from qianxian.matters.rules.life import Satisfaction

Key = TypeVar("Key", bound=Hashable)
NONE, WHOLE = Fraction(0), Fraction(1)


class Measure(StrEnum):
    """响应, 解决, 满意."""

    RESPONSE = "response"
    RESOLUTION = "resolution"
    SATISFACTION = "satisfaction"


class Unrated(StrEnum):
    """Whether matters on which the resident has said nothing stand in the denominator."""

    EXCLUDED = "excluded"
    COUNTED = "counted"


@dataclass(frozen=True)
class Assessed:
    """
    What the assessment sees of a matter, or of `count` matters of which all this is alike.

    `solved` is what the resident says, None where nothing was said. `exit` is E1 to E6 where the matter never became an
    order. A removed matter (剔除) is counted apart.
    """

    unit: str
    topic: str
    contacted_in_time: bool
    solved: bool | None = None
    satisfied: Satisfaction = Satisfaction.UNRATED
    removed: bool = False
    exit: str = ""
    refused: bool = False
    count: int = 1


@dataclass(frozen=True)
class Formula:
    """
    One version of a rate as dated configuration.

    `basically` is how much of a matter rated 基本满意 counts as satisfied, from 0 to 1. `weight` is the part of the
    rate in the composite, None for a formula kept for comparison only. Below `minimum` matters no rate is stated.
    """

    id: str
    measure: Measure
    name: str
    numerator: str
    denominator: str
    unrated: Unrated
    basically: Fraction
    weight: Fraction | None
    minimum: int
    source: str
    mark: Proof
    period: Period

    def share(self, fact: Assessed) -> Fraction | None:
        """Return how much of the matter counts in the numerator, None if it is left out of the denominator too."""
        match self.measure:
            case Measure.RESPONSE:
                return WHOLE if fact.contacted_in_time else NONE
            case Measure.RESOLUTION:
                return self._resolved(fact)
            case Measure.SATISFACTION:
                return self._satisfied(fact)

    def _resolved(self, fact: Assessed) -> Fraction | None:
        if fact.refused:
            return NONE
        if fact.solved is None:
            return self._silent()
        return WHOLE if fact.solved else NONE

    def _satisfied(self, fact: Assessed) -> Fraction | None:
        match fact.satisfied:
            case Satisfaction.SATISFIED:
                return WHOLE
            case Satisfaction.BASICALLY:
                return self.basically
            case Satisfaction.DISSATISFIED:
                return NONE
            case Satisfaction.UNRATED:
                return self._silent()

    def _silent(self) -> Fraction | None:
        return NONE if self.unrated is Unrated.COUNTED else None


@dataclass(frozen=True)
class Rate:
    """
    A rate with what it is made of.

    `value` is None where fewer matters were assessed than the formula asks for. `removed` and `left_out` (nothing said
    by the resident) stand in neither numerator nor denominator.
    """

    formula: str
    numerator: Fraction
    denominator: int
    value: Fraction | None
    removed: int
    left_out: int

    @property
    def percent(self) -> Decimal | None:
        """The value in per cent with one decimal, half rounded up."""
        return None if self.value is None else in_percent(self.value)


def in_percent(value: Fraction) -> Decimal:
    """Return a share in per cent with one decimal, half rounded up."""
    return (Decimal(100 * value.numerator) / value.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


def rate(formula: Formula, facts: Iterable[Assessed]) -> Rate:
    """Return the rate of all matters that became orders; what was refused is not solved."""
    numerator, denominator, removed, left_out = NONE, 0, 0, 0
    for fact in facts:
        if fact.exit:
            continue
        share = formula.share(fact)
        if fact.removed:
            removed += fact.count
        elif share is None:
            left_out += fact.count
        else:
            denominator += fact.count
            numerator += share * fact.count
    enough = denominator >= max(formula.minimum, 1)
    value = numerator / denominator if enough else None
    return Rate(formula.id, numerator, denominator, value, removed, left_out)


def by_unit(formula: Formula, facts: Iterable[Assessed]) -> dict[str, Rate]:
    """Return the rate of each unit."""
    return _grouped(formula, facts, lambda fact: fact.unit)


def by_topic(formula: Formula, facts: Iterable[Assessed], digits: int = 2) -> dict[str, Rate]:
    """Return the rate of each topic, told apart by so many digits of its code."""
    return _grouped(formula, facts, lambda fact: fact.topic[:digits])


def _grouped(formula: Formula, facts: Iterable[Assessed], key: Callable[[Assessed], Key]) -> dict[Key, Rate]:
    groups: dict[Key, list[Assessed]] = defaultdict(list)
    for fact in facts:
        groups[key(fact)].append(fact)
    return {name: rate(formula, groups[name]) for name in groups}


class NoFormula(LookupError):
    """No formula with a weight is in force for a measure."""


def official(formulas: Iterable[Formula], at: datetime) -> dict[Measure, Formula]:
    """
    Return the formula that counts for each measure at a moment: of those with a weight the newest in force.

    :raises NoFormula: if a measure has none
    """
    in_force = [formula for formula in formulas if formula.weight is not None and at in formula.period]
    in_force.sort(key=lambda formula: formula.period.start)
    chosen = {formula.measure: formula for formula in in_force}
    missing = [measure.value for measure in Measure if measure not in chosen]
    if missing:
        raise NoFormula(f"没有正在施行的考评口径：{'、'.join(missing)}")
    return chosen


def composite(formulas: Mapping[Measure, Formula], rates: Mapping[Measure, Rate]) -> Fraction | None:
    """Return the weighted mean of the three rates, None where one of them cannot be stated."""
    total, weights = NONE, NONE
    for measure, formula in formulas.items():
        value = rates[measure].value
        if value is None or formula.weight is None:
            return None
        total += value * formula.weight
        weights += formula.weight
    return total / weights


def load_formulas() -> tuple[Formula, ...]:
    """Return the formulas that come with the platform."""
    return tuple(
        Formula(
            id=row["id"],
            measure=Measure(row["measure"]),
            name=row["name"],
            numerator=row["numerator"],
            denominator=row["denominator"],
            unrated=Unrated(row["unrated"]),
            basically=Fraction(row["basically"]),
            weight=Fraction(row["weight"]) if row["weight"] else None,
            minimum=int(row["minimum"]),
            source=row["source"],
            mark=Proof(row["mark"]),
            period=period_of(row),
        )
        for row in read_table("rates.csv")
    )
