"""One line of a dispatch history: what was known when it was dispatched, and to which unit it went."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .units import Merged, Unusable, by_spelling, merge, unusable


@dataclass(frozen=True, slots=True)
class Record:
    """
    What was known at dispatch, and the unit as it was written.

    `topics` come widest first; nothing of what happened after the dispatch (done when, overdue or not) is ever here.
    `row` is the row's number as a spreadsheet shows it.
    """

    row: int
    topics: tuple[str, ...]
    street: str
    community: str
    unit: str
    setting: str = ""
    kind: str = ""
    channel: str = ""
    at: datetime | None = None

    @property
    def topic(self) -> str:
        """Return the narrowest topic that is named."""
        return next((topic for topic in reversed(self.topics) if topic), "")


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row from which nothing is learned: the column, a code for the sentence, and what stood there."""

    row: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class Usable:
    """The records whose unit is known, in order of time, with the units behind the spellings, and all faults."""

    records: tuple[Record, ...]
    units: tuple[Merged, ...]
    faults: tuple[RowFault, ...]

    def unit_of(self) -> dict[str, str]:
        """Return the unit of each spelling."""
        return by_spelling(self.units)


def usable(*histories: Sequence[Record], places: Iterable[str] = ()) -> Usable:
    """
    Part the records that name one unit from those that do not; nothing is guessed.

    Several histories (one to learn from, one to test on) are read as one, so that a unit has the same name in both.
    """
    records = [record for history in histories for record in history]
    around = {*places, *(r.street for r in records), *(r.community for r in records)} - {""}
    why: dict[str, Unusable | None] = {unit: unusable(unit, around) for unit in {record.unit for record in records}}
    kept = [record for record in records if why[record.unit] is None]
    faults = tuple(
        RowFault(record.row, "unit", code.value, record.unit[:60])
        for record in records
        if (code := why[record.unit]) is not None
    )
    return Usable(tuple(kept), merge(Counter(record.unit for record in kept), around), faults)


def in_order(records: Sequence[Record]) -> tuple[Record, ...]:
    """Return records in order of time; where no time is known the order of the file is taken for it."""
    if any(record.at is None for record in records):
        return tuple(records)
    return tuple(sorted(records, key=lambda record: (record.at, record.row)))


def split(records: Sequence[Record], share: float) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """Return the earlier records and the last share of them, by time: the cut is made before anything is left out."""
    ordered = in_order(records)
    cut = int(len(ordered) * (1 - share))
    return ordered[:cut], ordered[cut:]
