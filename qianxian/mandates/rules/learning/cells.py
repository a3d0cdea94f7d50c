"""Cells of a history: a topic in a street. Where one went to several units, and what was put on communities."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .records import Record
from .roles import Roles


@dataclass(frozen=True, slots=True)
class Cell:
    """A topic in a street, with the records that went to each unit, by the numbers of their rows."""

    topics: tuple[str, ...]
    street: str
    rows: dict[str, tuple[int, ...]]

    @property
    def topic(self) -> str:
        return next((topic for topic in reversed(self.topics) if topic), "")

    @property
    def records(self) -> int:
        return sum(map(len, self.rows.values()))

    @property
    def units(self) -> list[tuple[str, int]]:
        """Return the units with their records, the most first."""
        return sorted(((unit, len(rows)) for unit, rows in self.rows.items()), key=lambda pair: (-pair[1], pair[0]))

    @property
    def share(self) -> float:
        """Return the part of the unit with the most records."""
        return self.units[0][1] / self.records

    @property
    def beside(self) -> int:
        """Return how many records did not go to the unit with the most: the weight of the contest."""
        return self.records - self.units[0][1]


@dataclass(frozen=True, slots=True)
class Handed:
    """What was put on one community: a topic, its place, the rows."""

    community: str
    topics: tuple[str, ...]
    street: str
    rows: tuple[int, ...]

    @property
    def topic(self) -> str:
        return next((topic for topic in reversed(self.topics) if topic), "")


def cells(records: Iterable[Record], unit_of: Mapping[str, str]) -> list[Cell]:
    """Return every cell of a history."""
    found: dict[tuple[tuple[str, ...], str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        found[record.topics, record.street][unit_of[record.unit]].append(record.row)
    return [
        Cell(topics, street, {unit: tuple(numbers) for unit, numbers in rows.items()})
        for (topics, street), rows in found.items()
    ]


def contested(found: Iterable[Cell]) -> list[Cell]:
    """Return the cells that went to more than one unit, those with the most records beside the leading unit first."""
    several = (cell for cell in found if len(cell.rows) > 1)
    return sorted(several, key=lambda cell: (-cell.beside, -cell.records, cell.topics, cell.street))


def handed_to_communities(found: Iterable[Cell], roles: Roles) -> list[Handed]:
    """
    Return what went to a committee as its handler, though a committee only assists (居委会组织法; 接诉即办条例 17).

    The most records first.
    """
    handed = (
        Handed(unit, cell.topics, cell.street, rows)
        for cell in found
        for unit, rows in cell.rows.items()
        if roles.is_community(unit)
    )
    return sorted(handed, key=lambda one: (-len(one.rows), one.community, one.topics, one.street))
