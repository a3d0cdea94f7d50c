"""A dispatch history from a file: CSV or workbook, any headers, every row a record or a fault."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qianxian.mandates.rules.learning.records import Record, RowFault

from . import files
from .rules.history import Layout, layout, record_of

MOST_ROWS = 500_000
"""Rows that are held at once: about 150 MB."""
SAMPLE = 2_000
EVERY = 2_000


@dataclass(frozen=True)
class History:
    """The records of a file in its order, the faults of its other rows, its layout, and names of wider places."""

    records: tuple[Record, ...]
    faults: tuple[RowFault, ...]
    layout: Layout
    places: frozenset[str]

    @property
    def rows(self) -> int:
        return len(self.records) + len(self.faults)


def read(path: Path, given: Mapping[str, str], told: Callable[[float], None] = lambda part: None) -> History:
    """
    Read a file.

    :param given: what a column means, by header, as a person has said it (see `rules.history.Meaning`)
    :param told: is told now and then which part has been read
    :raises files.Unreadable, UnknownColumn, UnknownField, NoUnits, NoTopics: if it cannot be learned from
    """
    with files.opened(path) as table:
        held = [row for _, row in zip(range(SAMPLE), table.rows, strict=False)]
        found = layout(table.headers, [row for _, row in held], given)
        records, faults = list[Record](), list[RowFault]()
        places, kept = set[str](), dict[str, str]()
        for count, (number, row) in enumerate(_all(held, table), start=1):
            if count > MOST_ROWS:
                raise files.Unreadable("too_many_rows", most=MOST_ROWS)
            if count % EVERY == 0:
                told(table.part_read())
            one = record_of(number, row, found, kept)
            if isinstance(one, Record):
                records.append(one)
            else:
                faults.append(one)
            places.update(row[n].strip() for n in found.wider if n < len(row))
    return History(tuple(records), tuple(faults), found, frozenset(places) - {"", "-"})


def _all(held: list[tuple[int, tuple[str, ...]]], table: files.Table) -> Iterator[tuple[int, tuple[str, ...]]]:
    yield from held
    yield from table.rows
