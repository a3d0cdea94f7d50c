"""Who asks for what: fields asked twice, ledgers inside others, and what to keep, merge or stop (一表通)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qianxian.register.rules.records import ENTITY_OF

from .definition import TIMES_A_YEAR, Condition, Definition, Test, Way

SECONDS_A_CELL, MINUTES_A_TIME = 3.0, 20.0
"""What a ledger kept by hand costs, as an assumption that a page shows and lets people change."""


class Proposal(StrEnum):
    """What to do with a ledger."""

    KEEP = "keep"
    MERGE = "merge"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Judged:
    """A ledger with the proposal for it: `inside` is the ledger that gives all of it, '' for none."""

    definition: Definition
    proposal: Proposal
    inside: str
    by_hand: int
    hours: float


def asked_by(every: Sequence[Definition]) -> Mapping[str, tuple[Definition, ...]]:
    """Return for each data element the ledgers with a column of it, the most asked first."""
    found: dict[str, list[Definition]] = defaultdict(list)
    for one in every:
        for element in dict.fromkeys(
            column.element or "person.age" for column in one.columns if column.way in (Way.ELEMENT, Way.AGE)
        ):
            found[element].append(one)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {element: tuple(held) for element, held in ordered}


def containing(one: Definition, every: Sequence[Definition]) -> Definition | None:
    """Return the ledger of which one is a part: the same kind of rows or more, with every column of it."""
    if one.by or any(column.way in (Way.COUNT, Way.SUM) for column in one.columns):
        return None
    mine = _fields(one)
    return next((other for other in every if _holds(other, one, mine)), None)


def _holds(other: Definition, one: Definition, mine: frozenset[tuple[str, str]]) -> bool:
    if other.code == one.code or other.by or not mine <= _fields(other):
        return False
    wider = other.of == one.of or (other.of == ENTITY_OF.get(one.of) != one.of)
    if not wider or not all(any(_implies(held, wanted) for held in one.where) for wanted in other.where):
        return False
    same = set(other.where) == set(one.where) and other.of == one.of and _fields(other) == mine
    return not same or other.code < one.code


def _implies(held: Condition, wanted: Condition) -> bool:
    """Tell whether rows that meet one condition always meet the other."""
    if held == wanted:
        return True
    if held.element != wanted.element:
        return False
    if wanted.test is Test.HELD:
        return held.test in (Test.IS, Test.IS_NOT, Test.AT_LEAST, Test.AT_MOST)
    if wanted.test is Test.IS and held.test is Test.IS:
        return set(held.values) <= set(wanted.values)
    if wanted.test is held.test and wanted.test in (Test.AT_LEAST, Test.AT_MOST):
        bound, other = float(held.values[0]), float(wanted.values[0])
        return bound >= other if wanted.test is Test.AT_LEAST else bound <= other
    return False


def _fields(one: Definition) -> frozenset[tuple[str, str]]:
    return frozenset(
        (str(column.way), column.element or column.name if column.way is Way.MANUAL else column.element)
        for column in one.columns
        if column.way is not Way.NUMBER
    )


def judged(
    every: Sequence[Definition], rows: Mapping[str, int],
    *, seconds: float = SECONDS_A_CELL, minutes: float = MINUTES_A_TIME,
) -> tuple[Judged, ...]:  # fmt: skip
    """
    Return each ledger with its proposal and the hours a year that it cost while it was kept by hand.

    One that lies in another with the same frequency or rarer is to be merged into it; one that has no rows at all and
    asks for nothing by hand is to be stopped; every other is kept, and derived.

    :param rows: how many rows each ledger has, by code
    """
    found = []
    for one in every:
        inside = containing(one, every)
        by_hand = sum(column.way is Way.MANUAL for column in one.columns)
        if inside is not None:
            proposal = Proposal.MERGE
        else:
            proposal = Proposal.STOP if rows.get(one.code, 1) == 0 and not by_hand else Proposal.KEEP
        times, cells = TIMES_A_YEAR[one.every], rows.get(one.code, 0) * len(one.columns)
        hours = times * (minutes / 60 + cells * seconds / 3600)
        found.append(Judged(one, proposal, inside.code if inside else "", by_hand, round(hours, 1)))
    return tuple(found)


def crossed(every: Sequence[Definition], fields: int = 14) -> tuple[tuple[str, ...], tuple[str, ...], list[list[int]]]:
    """Return the lines of work, the elements asked most, and how many ledgers of each line ask for each."""
    asked = asked_by(every)
    elements = tuple(list(asked)[:fields])
    lines = tuple(dict.fromkeys(one.line for one in every))
    table = [[sum(one.line == line for one in asked[element]) for element in elements] for line in lines]
    return lines, elements, table


def constant(values: Sequence[str]) -> str:
    """Return '' for a column worth asking, `empty` where nobody has a value, `same` where all have the same."""
    if len(values) < 2:
        return ""
    different = set(values)
    if different == {""}:
        return "empty"
    return "same" if len(different) == 1 else ""
