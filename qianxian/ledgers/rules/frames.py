"""
The records of an area, column by column: read once, asked by every ledger.

A condition is worked out once for all records and kept as a mask of bytes; conditions together are one `&` of two
numbers, and a count is one call. So 248 ledgers cost little more than one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import Protocol

from qianxian.register.rules.reading import is_sealed
from qianxian.register.rules.records import ENTITY_OF, age
from qianxian.standard import code_tables
from qianxian.standard import elements as standard
from qianxian.standard.elements import Type

from .definition import Condition, Test

AGE = "person.age"


class OneRecord(Protocol):
    """A record as the register gives it."""

    @property
    def key(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def entity(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def groups(self) -> tuple[str, ...]: ...
    @property
    def born(self) -> date | None: ...
    @property
    def plain(self) -> Mapping[str, str]: ...
    @property
    def values(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Tied:
    """A tie of two records by their keys."""

    record: int
    other: int
    kind: str


WAYS = {
    "person": {"household": "member", "home": "household:home", "building": "home:building", "party_branch": "branch"},
    "household": {"home": "home", "building": "home:building"},
    "home": {"building": "building"},
}  # fmt: skip
"""For each entity the entities it leads to: over which kind of tie, and from which entity on the way."""


class Frames:
    """Every record of an area on a day, by entity."""

    def __init__(
        self, records: Iterable[OneRecord], ties: Iterable[Tied], on: date, places: Mapping[str, str] | None = None
    ):
        self.on, self.places = on, places or {}
        by_entity: dict[str, list[OneRecord]] = {}
        for one in records:
            by_entity.setdefault(one.entity, []).append(one)
        self._by_key = {one.key: one for held in by_entity.values() for one in held}
        self._ties: dict[str, dict[int, int]] = {}
        for tie in ties:
            self._ties.setdefault(tie.kind, {}).setdefault(tie.record, tie.other)
        self._frames = {entity: Frame(entity, held, self) for entity, held in by_entity.items()}

    def of(self, entity: str) -> "Frame":
        """Return the records of an entity, none where there is none."""
        return self._frames.get(entity) or self._frames.setdefault(entity, Frame(entity, [], self))

    def led_to(self, record: OneRecord, entity: str) -> OneRecord | None:
        """Return the record of another entity to which one is tied, over others on the way."""
        way = WAYS.get(record.entity, {}).get(entity)
        if way is None:
            return None
        over, _, kind = way.rpartition(":")
        start = self.led_to(record, over) if over else record
        other = self._ties.get(kind, {}).get(start.key) if start else None
        return self._by_key.get(other) if other is not None else None


class Frame:
    """The records of one entity in columns."""

    def __init__(self, entity: str, records: Sequence[OneRecord], frames: Frames):
        self.entity, self.records, self._frames = entity, records, frames
        self.count = len(records)
        self._columns: dict[str, list[str]] = {}
        self._shown: dict[tuple[str, bool], list[str]] = {}
        self._masks: dict[Condition | str, int] = {}
        self.kept: dict[object, Sequence[str]] = {}
        """What a writer has made of columns, so that it is made once."""

    def column(self, element: str) -> list[str]:
        """Return the values of an element, '' where there is none, in the order of the records."""
        if element not in self._columns:
            self._columns[element] = self._read(element)
        return self._columns[element]

    def _read(self, element: str) -> list[str]:
        if element == AGE:
            on = self._frames.on
            years = (age(one.born, on) for one in self.records)
            return ["" if one is None else str(one) for one in years]
        declared = standard.elements().get(element)
        entity = ENTITY_OF.get(declared.entity, "") if declared else ""
        if entity == self.entity:
            held: Iterable[OneRecord | None] = self.records
        else:
            held = (self._frames.led_to(one, entity) for one in self.records)
        if declared is not None and is_sealed(declared):
            return [one.values.get(element, "") if one else "" for one in held]
        return [one.plain.get(element, "") if one else "" for one in held]

    def place(self, level: str) -> list[str]:
        """Return the names of the places in which the records are, at a level."""
        length = {"community": 12, "street": 9, "district": 6}[level]
        names = self._frames.places
        return [names.get(one.place[:length], one.place[:length]) for one in self.records]

    def shown(self, element: str, *, as_code: bool = False) -> list[str]:
        """Return the values of an element as people read them: the names of codes."""
        if (element, as_code) not in self._shown:
            self._shown[element, as_code] = (
                self.column(element) if as_code else _named(element, self.column(element), self._frames)
            )
        return self._shown[element, as_code]

    def mask(self, group: str, conditions: Iterable[Condition]) -> int:
        """Return which records are of a group and meet every condition: a byte each, 1 for yes, as one number."""
        found = self._of_group(group)
        for condition in conditions:
            found &= self._meets(condition)
        return found

    def _of_group(self, group: str) -> int:
        if group not in self._masks:
            everybody = group == self.entity
            self._masks[group] = _number(bytes(everybody or group in one.groups for one in self.records))
        return self._masks[group]

    def _meets(self, condition: Condition) -> int:
        if condition not in self._masks:
            test = _tester(condition)
            self._masks[condition] = _number(bytes(map(test, self.column(condition.element))))
        return self._masks[condition]

    def part(self, positions: Iterable[int]) -> "Frame":
        """Return some of the records as a frame of their own."""
        return Frame(self.entity, [self.records[place] for place in positions], self._frames)

    def positions(self, mask: int) -> list[int]:
        """Return the places of the records of a mask."""
        return list(compress(range(self.count), self.as_bytes(mask)))

    def as_bytes(self, mask: int) -> bytes:
        return mask.to_bytes(self.count, "big")

    def how_many(self, mask: int) -> int:
        return mask.bit_count()


def _number(mask: bytes) -> int:
    return int.from_bytes(mask, "big")


SHORT = {"sex": {"1": "男", "2": "女"}}
"""Codes that every ledger writes shorter than their table names them."""


def _named(element: str, values: list[str], frames: Frames) -> list[str]:
    declared = standard.elements().get(element)
    if declared is None:
        return values
    if declared.type is Type.PLACE:
        return [frames.places.get(value, value) for value in values]
    if declared.type is not Type.CODE or not declared.table:
        return values
    names = {entry.code: entry.name for entry in code_tables.code_table(declared.table).entries.values()}
    names |= SHORT.get(declared.table, {})
    return [names.get(value, value) for value in values]


def _tester(condition: Condition) -> Callable[[str], bool]:
    values = condition.values
    if condition.test is Test.IS:
        return frozenset(values).__contains__
    if condition.test is Test.IS_NOT:
        unwanted = frozenset((*values, ""))
        return lambda value: value not in unwanted
    if condition.test is Test.HELD:
        return bool
    if condition.test is Test.MISSING:
        return lambda value: not value
    bound, numeric = values[0], _as_number(values[0])
    least = condition.test is Test.AT_LEAST

    def within(value: str) -> bool:
        held = _as_number(value)
        if not value or (numeric is not None and held is None):
            return False
        left, right = (held, numeric) if numeric is not None else (value, bound)
        return left >= right if least else left <= right  # type: ignore[operator]

    return within


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
