"""What prevails when sources say different things, and what was held on any past day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from qianxian.standard import elements as standard

Said = Mapping[str, tuple[str, ...]]
"""By element: value, raw form and, where a code was mapped, the edition of table or crosswalk."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source said of one record: since when it holds, when it became known; `order` settles equal moments."""

    source: str
    authority: str
    since: datetime
    known_at: datetime
    order: int
    said: Said


@dataclass(frozen=True, slots=True)
class Fact:
    """One value with all that it rests on."""

    element: str
    value: str
    raw: str
    edition: str
    source: str
    authority: str
    since: datetime
    known_at: datetime

    @property
    def of_authority(self) -> bool:
        """Tell whether the body that keeps this element says so itself."""
        declared = standard.elements().get(self.element)
        return bool(self.authority) and declared is not None and declared.authority == self.authority


@dataclass(frozen=True, slots=True)
class Held:
    """The fact that prevails for an element, and what other sources say instead."""

    fact: Fact
    others: tuple[Fact, ...] = ()


def held(statements: Iterable[Statement], at: datetime, known_at: datetime | None = None) -> dict[str, Held]:
    """
    Return what prevails for each element at a moment.

    The latest word of each source counts, and an empty one withdraws it. Among the sources the element's authority
    prevails, then who spoke of the later time, then who spoke last.

    :param at: the moment about which is asked
    :param known_at: the moment at which is asked; nothing that came to be known later counts
    """
    latest: dict[str, dict[str, tuple[tuple[datetime, datetime, int], Fact]]] = {}
    for one in statements:
        if one.since > at or one.known_at > (known_at or at):
            continue
        rank = (one.since, one.known_at, one.order)
        for element, said in one.said.items():
            of_element = latest.setdefault(element, {})
            if one.source not in of_element or of_element[one.source][0] <= rank:
                of_element[one.source] = (rank, _fact(element, said, one))
    found = {element: _prevailing(list(of_element.values())) for element, of_element in latest.items()}
    return {element: one for element, one in found.items() if one}


def _fact(element: str, said: tuple[str, ...], one: Statement) -> Fact:
    value, raw, *edition = said
    return Fact(element, value, raw, edition[0] if edition else "", one.source, one.authority, one.since, one.known_at)


def _prevailing(ranked: list[tuple[tuple[datetime, datetime, int], Fact]]) -> Held | None:
    saying = [(rank, fact) for rank, fact in ranked if fact.value]
    if not saying:
        return None
    _, best = max(saying, key=lambda one: (one[1].of_authority, one[0]))
    others = tuple(fact for _, fact in sorted(saying, key=lambda one: one[0], reverse=True) if fact.value != best.value)
    return Held(best, others)
