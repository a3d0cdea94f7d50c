"""Rosters as they lie in files: their columns read, their rows spelled for comparison, one after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from . import model
from .headers import Column, Element, columns


class NothingToCompare(Exception):
    """No column of this file is known: its headers are named."""

    def __init__(self, name: str, headers: Sequence[str]):
        super().__init__(name)
        self.name, self.headers = name, tuple(headers)


@dataclass
class Roster:
    """One file: its name, what its columns mean, and its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: list[tuple[str, ...]]

    @property
    def elements(self) -> list[Element]:
        return [column.element for column in self.columns if column.element]


@dataclass
class Spelled:
    """All records of all rosters in one list, and of each its file and row (both from 0)."""

    held: list[Element]
    records: list[model.Row] = field(default_factory=list)
    origins: list[tuple[int, int]] = field(default_factory=list)


def roster(name: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Roster:
    """
    Return a file ready for comparison.

    :raises NothingToCompare: if no header is known
    """
    read = columns(headers)
    if not any(column.element for column in read):
        raise NothingToCompare(name, headers)
    return Roster(name, read, [tuple(row) for row in rows])


def spelled(rosters: Sequence[Roster]) -> Spelled:
    """Spell every record of every roster alike."""
    held, whole = model.with_names_alike([one.elements for one in rosters])
    found = Spelled(held)
    for file, one in enumerate(rosters):
        known = [(column.position, column.element.code) for column in one.columns if column.element]
        for number, row in enumerate(one.rows):
            cells = {code: row[position] for position, code in known if position < len(row)}
            found.records.append(model.derived(model.whole_name(cells) if whole else cells, held))
            found.origins.append((file, number))
    return found
