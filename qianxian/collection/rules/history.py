"""Which columns of a dispatch history mean what, and what a row says: no unit is corrected, no gap is filled."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qianxian.mandates.rules.learning.records import Record, RowFault
from qianxian.standard.moments import moment
from qianxian.standard.text import cleaned

from .columns import Field, UnknownColumn, UnknownField, names, plain
from .rows import NOTHING

UNITS = frozenset(
    plain(name)
    for name in [
        "承办单位",
        "处置单位",
        "主办单位",
        "责任单位",
        "办理单位",
        "处理单位",
        "承办部门",
        "责任部门",
        "主责单位",
        "处置部门",
        "经办单位",
        "派往单位",
        "派遣单位",
        "转办单位",
        "单位",
        "部门",
        "处置单位名称",
        "承办单位名称",
        "主办单位名称",
        "dispose_unit_name",
        "unit_name",
        "unit",
        "handling_unit",
        "handler",
        "department",
        "agency",
        "owner",
        "responsible_unit",
        "assigned_to",
    ]
)
STREET = re.compile(r"(?:街道|镇|乡|街道办事处|办事处)$")
LONGEST = 120


class Meaning(StrEnum):
    """What a column of a history can mean."""

    UNIT = "unit"
    TOPIC = "topic"
    PLACE = "place"
    SETTING = "setting"
    KIND = "kind"
    CHANNEL = "channel"
    TIME = "time"


SHARED = {Field.TOPIC, Field.PLACE, Field.SETTING, Field.KIND, Field.CHANNEL, Field.TIME}
SEVERAL = frozenset({Meaning.TOPIC, Meaning.PLACE})


class NoUnits(ValueError):
    """No column says to which unit a matter went."""

    def __init__(self, headers: Sequence[str]):
        super().__init__()
        self.headers = tuple(headers)


class NoTopics(ValueError):
    """No column says what a matter was about."""

    def __init__(self, headers: Sequence[str]):
        super().__init__()
        self.headers = tuple(headers)


@dataclass(frozen=True)
class Layout:
    """
    Which columns hold what, by position; topics and places widest first.

    `street` and `community` are the columns whose places make a cell, None where the file has none.
    """

    headers: tuple[str, ...]
    unit: int
    topics: tuple[int, ...]
    street: int | None = None
    community: int | None = None
    wider: tuple[int, ...] = ()
    setting: int | None = None
    kind: int | None = None
    channel: int | None = None
    time: int | None = None

    def told(self) -> dict[str, list[str]]:
        """Return the headers by what they were taken for, for people to check."""
        single = {
            "unit": self.unit, "street": self.street, "community": self.community, "setting": self.setting,
            "kind": self.kind, "channel": self.channel, "time": self.time,
        }  # fmt: skip
        found = {"topics": [self.headers[n] for n in self.topics]}
        return found | {name: [self.headers[n]] for name, n in single.items() if n is not None}


def layout(headers: Sequence[str], sample: Sequence[Sequence[str]], given: Mapping[str, str]) -> Layout:
    """
    Say what each column means: by what a person said, else by its name.

    Which of several columns is wider is told by how many different values they hold in the sample.

    :raises UnknownColumn, UnknownField: if what was said cannot be
    :raises NoUnits, NoTopics: if there is nothing to learn
    """
    meant = _said(headers, given)
    for place, header in enumerate(headers):
        if place not in meant and (meaning := _by_name(header)):
            meant[place] = meaning
    columns = {m: sorted((n for n, found in meant.items() if found is m), key=_variety(sample)) for m in Meaning}
    if not columns[Meaning.UNIT]:
        raise NoUnits(headers)
    if not columns[Meaning.TOPIC]:
        raise NoTopics(headers)
    places = columns[Meaning.PLACE]
    street = _street(places, sample)
    finer = places[places.index(street) + 1 :] if street is not None else []
    first = {m: columns[m][-1] if columns[m] else None for m in Meaning if m not in SEVERAL}
    return Layout(
        tuple(headers),
        unit=columns[Meaning.UNIT][-1],
        topics=tuple(columns[Meaning.TOPIC]),
        street=street,
        community=finer[-1] if finer else None,
        wider=tuple(places[: places.index(street)]) if street is not None else (),
        setting=first[Meaning.SETTING],
        kind=first[Meaning.KIND],
        channel=first[Meaning.CHANNEL],
        time=first[Meaning.TIME],
    )


def _said(headers: Sequence[str], given: Mapping[str, str]) -> dict[int, Meaning | None]:
    said: dict[int, Meaning | None] = {}
    for header, meaning in given.items():
        if header not in headers:
            raise UnknownColumn(header, headers)
        if meaning not in {*Meaning, ""}:
            raise UnknownField(meaning)
        said[headers.index(header)] = Meaning(meaning) if meaning else None
    return said


def _by_name(header: str) -> Meaning | None:
    bare = plain(header)
    if bare in UNITS:
        return Meaning.UNIT
    if bare in names():
        return Meaning(names()[bare]) if names()[bare] in SHARED else None
    if bare.isascii():
        return None
    found = {name: Meaning.UNIT for name in UNITS if len(name) >= 4 and name in bare and not name.isascii()}
    found |= {n: Meaning(f) for n, f in names().items() if f in SHARED and len(n) >= 2 and n in bare}
    return found[max(found, key=len)] if found and not re.search(r"编号|编码|代码|id$", bare) else None


def _variety(sample: Sequence[Sequence[str]]) -> Callable[[int], tuple[int, int]]:
    """Order columns by how many different values they hold: the fewer, the wider."""
    return lambda place: (len({row[place] for row in sample if place < len(row)}), place)


def _street(places: Sequence[int], sample: Sequence[Sequence[str]]) -> int | None:
    """Return the column of streets and towns; without one, the widest column that tells anything apart."""
    if not places:
        return None
    ends = {n: sum(bool(STREET.search(row[n].strip())) for row in sample if n < len(row)) for n in places}
    best = max(places, key=lambda n: ends[n])
    if ends[best]:
        return best
    telling = [n for n in places if len({row[n] for row in sample if n < len(row)}) > 1]
    return telling[0] if telling else places[-1]


def record_of(number: int, row: Sequence[str], found: Layout, kept: dict[str, str]) -> Record | RowFault:
    """
    Return what a row says, or why nothing is learned from it.

    :param kept: strings met before, so that each is held once however many rows have it
    """

    def cell(place: int | None) -> str:
        written = cleaned(row[place]) if place is not None and place < len(row) else ""
        return kept.setdefault(written, written) if written.lower() not in NOTHING else ""

    written = row[found.unit].strip() if found.unit < len(row) else ""
    topics = tuple(cell(place) for place in found.topics)
    if not any(topics):
        return RowFault(number, "topic", "empty")
    at = moment(time) if (time := cell(found.time)) else None
    if found.time is not None and at is None:
        return RowFault(number, "time", "not_a_time" if time else "empty", time[:40])
    return Record(
        number, topics, cell(found.street), cell(found.community), kept.setdefault(written, written)[:LONGEST],
        cell(found.setting), cell(found.kind), cell(found.channel), at,
    )  # fmt: skip
