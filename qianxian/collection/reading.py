"""What files of every kind have in common: limits, a table opened, why it cannot be, and what is to be said of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MEGABYTE = 2**20
LARGEST_CELL = MEGABYTE
MOST_COLUMNS = 400
BLOCK = MEGABYTE
TITLES = 10
"""Rows at the top among which the header is looked for: a title and a note often stand above it."""

Row = tuple[str, ...]
Rows = Iterator[tuple[int, Row]]


class Unreadable(Exception):
    """A file that cannot be read; `code` names the sentence, `facts` fill it."""

    def __init__(self, code: str, **facts: Any):
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that did not stop the reading but has to be said; `facts` tell sheet, rows and columns."""

    code: str
    facts: dict[str, Any]


@dataclass
class Table:
    """
    A file opened: its headers, the first rows to judge columns by, and all rows with their numbers, read once.

    `header_row` is the number of the last row of the header, `remarks` what is to be said before anything is taken in.
    """

    kind: str
    encoding: str
    headers: Row
    sample: list[Row]
    rows: Rows
    size: int
    header_row: int = 1
    delimiter: str = ","
    remarks: tuple[Remark, ...] = ()
    read_so_far: list[int] = field(default_factory=lambda: [0])
    """Bytes of a text, or rows of a workbook, out of `size`."""

    def part_read(self) -> float:
        """Return how much of the file has been read, from 0 to 1."""
        return min(1.0, self.read_so_far[0] / self.size) if self.size else 1.0


def column_name(place: int) -> str:
    """Return a column as spreadsheets name it: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
