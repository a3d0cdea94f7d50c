"""Which column of a file means which field: by its name, else by what stands in it; shown before any work."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from qianxian.standard.moments import moment
from qianxian.standard.phones import is_mobile, phone
from qianxian.standard.text import half_width


class Field(StrEnum):
    WORDS = "words"
    SUBJECT = "subject"
    TOPIC = "topic"
    PLACE = "place"
    SETTING = "setting"
    ADDRESS = "address"
    KIND = "kind"
    CHANNEL = "channel"
    NAME = "name"
    PHONE = "phone"
    TIME = "time"
    KEY = "key"
    URGENT = "urgent"
    EXIT = "exit"


SEVERAL = frozenset({Field.WORDS, Field.SUBJECT, Field.TOPIC, Field.PLACE, Field.ADDRESS})
"""Fields that may be spread over several columns; of any other field one column is taken."""
PERSONAL = frozenset({Field.NAME, Field.PHONE})
IGNORED = ""
SAMPLE = 200
ENOUGH = 0.8
A_SENTENCE, A_DATE = 12, 8
"""Characters that a nameless column holds on average if it may be the words, and at least if it may be the time."""
VARIED = 0.6
"""Part of the cells that differ where people speak; names of offices repeat."""


class Why(StrEnum):
    GIVEN = "given"
    NAME = "name"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: its place, its header, the field it means (None where it is left aside) and why."""

    position: int
    header: str
    field: Field | None
    why: Why | None


class UnknownColumn(ValueError):
    """The file has no column of this name."""

    def __init__(self, header: str, headers: Sequence[str]):
        super().__init__(header)
        self.header, self.headers = header, tuple(headers)


class UnknownField(ValueError):
    """There is no field of this name."""

    def __init__(self, field: str):
        super().__init__(field)
        self.field = field


class NoWords(ValueError):
    """No column says what anybody wants."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the content of a column is compared with: do these cells name places, do they name topics?"""

    place: Callable[[str], bool]
    topic: Callable[[str], bool]


def plain(header: str) -> str:
    """Return a header as it is compared."""
    return re.sub(r"[\s_\-()\[\]【】*:/.、，,?]+", "", half_width(header)).lower()


@cache
def names() -> dict[str, Field]:
    """Return the field for each known header, as `collection/data/columns.csv` has them."""
    lines = files("qianxian.collection").joinpath("data/columns.csv").read_text("utf-8").splitlines()
    return {plain(name): Field(row["field"]) for row in csv.DictReader(lines) for name in row["names"].split("|")}


def match(
    headers: Sequence[str], sample: Sequence[Sequence[str]], known: Names, given: Mapping[str, str] | None = None
) -> tuple[Column, ...]:
    """
    Say what each column means.

    :param given: field by header, as a person has said it; '' leaves a column aside
    :raises UnknownColumn, UnknownField: if what was said cannot be
    :raises NoWords: if neither words nor topic can be found
    """
    said = _said(headers, given or {})
    found: dict[int, tuple[Field | None, Why]] = {place: (field, Why.GIVEN) for place, field in said.items()}
    for place, header in enumerate(headers):
        if place not in found and (field := _by_name(header)):
            found[place] = (field, Why.NAME)
    found = _one_each(found, sample)
    for place, field in _by_content(headers, sample, found, known):
        found[place] = (field, Why.CONTENT)
    fields = {field for field, _ in found.values()}
    if not fields & {Field.WORDS, Field.SUBJECT, Field.TOPIC}:
        raise NoWords
    return tuple(Column(n, header, *found.get(n, (None, None))) for n, header in enumerate(headers))


def _said(headers: Sequence[str], given: Mapping[str, str]) -> dict[int, Field | None]:
    said: dict[int, Field | None] = {}
    for header, field in given.items():
        if header not in headers:
            raise UnknownColumn(header, headers)
        if field not in {*Field, IGNORED}:
            raise UnknownField(field)
        said[headers.index(header)] = Field(field) if field else None
    return said


def _by_name(header: str) -> Field | None:
    bare = plain(header)
    if bare in names():
        return names()[bare]
    inside = [name for name in names() if len(name) >= (4 if name.isascii() else 2) and name in bare]
    return names()[max(inside, key=len)] if inside and not bare.isascii() else None


def _one_each(
    found: dict[int, tuple[Field | None, Why]], sample: Sequence[Sequence[str]]
) -> dict[int, tuple[Field | None, Why]]:
    """Keep of several columns of a single field the one a person named, else the fullest, else the most varied."""
    kept = dict(found)
    for field in {field for field, _ in found.values() if field and field not in SEVERAL}:
        rivals = [place for place, (meant, _) in found.items() if meant is field]
        best = max(rivals, key=lambda place: (found[place][1] is Why.GIVEN, *_fullness(sample, place), -place))
        for place in rivals:
            if place != best:
                del kept[place]
    return kept


def _fullness(sample: Sequence[Sequence[str]], place: int) -> tuple[int, int]:
    cells = _cells(sample, place)
    return len(cells), len(set(cells))


def _by_content(
    headers: Sequence[str], sample: Sequence[Sequence[str]], found: Mapping[int, tuple[Field | None, Why]], known: Names
) -> Iterable[tuple[int, Field]]:
    """Yield what nameless columns hold; a column is taken for a field only while the field has none."""
    missing = set(Field) - {field for field, _ in found.values() if field}
    tests: tuple[tuple[Field, Callable[[str], bool]], ...] = (
        (Field.PHONE, lambda cell: is_mobile(phone(cell) or "")),
        (Field.TIME, lambda cell: len(cell) >= A_DATE and not cell.isdigit() and moment(cell) is not None),
        (Field.PLACE, known.place),
        (Field.TOPIC, known.topic),
    )
    free = [place for place in range(len(headers)) if place not in found and _cells(sample, place)]
    for field, holds in tests:
        for place in free:
            if field in missing and _mostly(_cells(sample, place), holds):
                missing.discard(field)
                free.remove(place)
                yield place, field
                break
    if {Field.WORDS, Field.SUBJECT} <= missing and free:
        longest = max(free, key=lambda place: _average_length(sample, place))
        if _average_length(sample, longest) >= A_SENTENCE and _varied(_cells(sample, longest)):
            yield longest, Field.WORDS


def _cells(sample: Sequence[Sequence[str]], place: int) -> list[str]:
    return [cell for row in sample[:SAMPLE] if place < len(row) and (cell := row[place].strip()) not in ("", "-")]


def _mostly(cells: Sequence[str], holds: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(map(holds, cells)) >= ENOUGH * len(cells)


def _average_length(sample: Sequence[Sequence[str]], place: int) -> float:
    cells = _cells(sample, place)
    return sum(map(len, cells)) / len(cells) if cells else 0.0


def _varied(cells: Sequence[str]) -> bool:
    return len(set(cells)) >= VARIED * len(cells)
