"""
Articles that a history proposes: as wide as it bears out, no wider. People decide; a ruling or a law outweighs them.

A unit that settles a topic in every street that has enough records is proposed for the whole district. Where another
unit settles it in one street, that street is an exception of its own, narrower and therefore prevailing. Topics whose
parts all agree are proposed as one. A committee is never proposed: it only assists.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .cells import Cell
from .records import Record
from .roles import Roles

SETTLED = 0.8
"""Part of the records from which a unit counts as the one that handles a cell."""
ENOUGH, ENOUGH_ALONE = 3, 5
"""Records that a street needs to say anything, and that a whole proposal needs."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """
    One article that is proposed.

    `topics` is the path to the topic, widest first; `street` is '' for the whole district; `support` are the records
    within the scope, `share` the part of them that went to the unit, `rows` those that did.
    """

    unit: str
    topics: tuple[str, ...]
    street: str
    setting: str
    support: int
    share: float
    rows: tuple[int, ...]
    streets: int = 1
    """Streets that bear it out."""

    @property
    def topic(self) -> str:
        return self.topics[-1] if self.topics else ""


def suggested(records: Sequence[Record], unit_of: Mapping[str, str], roles: Roles) -> list[Suggested]:
    """Return all proposals of a history, those with the most support first."""
    by_topic: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in records:
        by_topic[_path(record)].append(record)
    found = {path: _for_topic(path, rows, unit_of, roles) for path, rows in by_topic.items()}
    proposals = [one for ones in _joined(found, by_topic).values() for one in ones]
    return sorted(proposals, key=lambda one: (-len(one.rows), one.topics, one.street, one.setting))


def _path(record: Record) -> tuple[str, ...]:
    return tuple(topic for topic in record.topics if topic)


def _for_topic(
    path: tuple[str, ...], records: Sequence[Record], unit_of: Mapping[str, str], roles: Roles
) -> list[Suggested]:
    streets: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        streets[record.street].append(record)
    telling = {street: rows for street, rows in streets.items() if street and len(rows) >= ENOUGH}
    leading = {street: _leader(rows, unit_of) for street, rows in telling.items()}
    settled = {street: unit for street, unit in leading.items() if unit and not roles.is_community(unit)}
    whole = _whole(settled, telling, len(records))
    wide = [_made(path, "", "", whole, records, unit_of, sum(u == whole for u in settled.values()))] if whole else []
    narrow = [
        _made(path, street, "", unit, telling[street], unit_of)
        for street, unit in sorted(settled.items())
        if unit != whole and len(telling[street]) >= (ENOUGH if whole else ENOUGH_ALONE)
    ]
    open_ = [rows for street, rows in telling.items() if street not in settled]
    by_setting = [one for rows in open_ for one in _by_setting(path, rows, unit_of, roles)]
    return [*wide, *narrow, *by_setting] if streets.keys() != {""} else _without_streets(path, records, unit_of, roles)


def _whole(settled: Mapping[str, str], telling: Mapping[str, Sequence[Record]], records: int) -> str:
    """Return the unit to propose for the district: it settles most streets, and no street is contested."""
    if len(settled) < 2 or settled.keys() != telling.keys() or records < ENOUGH_ALONE:
        return ""
    unit, streets = Counter(settled.values()).most_common(1)[0]
    return unit if streets >= 2 and streets * 2 > len(settled) else ""


def _without_streets(
    path: tuple[str, ...], records: Sequence[Record], unit_of: Mapping[str, str], roles: Roles
) -> list[Suggested]:
    unit = _leader(records, unit_of)
    if unit and len(records) >= ENOUGH_ALONE and not roles.is_community(unit):
        return [_made(path, "", "", unit, records, unit_of)]
    return []


def _by_setting(
    path: tuple[str, ...], records: Sequence[Record], unit_of: Mapping[str, str], roles: Roles
) -> list[Suggested]:
    """Return what a setting settles where the street alone does not."""
    settings: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        settings[record.setting].append(record)
    return [
        _made(path, rows[0].street, setting, unit, rows, unit_of)
        for setting, rows in sorted(settings.items())
        if setting and len(rows) >= ENOUGH_ALONE and (unit := _leader(rows, unit_of)) and not roles.is_community(unit)
    ]


def _leader(records: Sequence[Record], unit_of: Mapping[str, str]) -> str:
    """Return the unit that settles these records, '' where none does."""
    unit, most = Counter(unit_of[record.unit] for record in records).most_common(1)[0]
    return unit if most >= SETTLED * len(records) else ""


def _made(
    path: tuple[str, ...], street: str, setting: str, unit: str, records: Sequence[Record],
    unit_of: Mapping[str, str], streets: int = 1,
) -> Suggested:  # fmt: skip
    rows = tuple(record.row for record in records if unit_of[record.unit] == unit)
    return Suggested(unit, path, street, setting, len(records), len(rows) / len(records), rows, streets)


def _joined(
    found: Mapping[tuple[str, ...], list[Suggested]], by_topic: Mapping[tuple[str, ...], Sequence[Record]]
) -> dict[tuple[str, ...], list[Suggested]]:
    """Join the parts of a topic into one proposal where all of them say the same, level by level."""
    here = dict(found)
    for depth in sorted({len(path) for path in here if len(path) > 1}, reverse=True):
        parents: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for path in here:
            if len(path) == depth:
                parents[path[:-1]].append(path)
        for parent, parts in parents.items():
            if parent not in here and (joined := _one_of(parent, [here[part] for part in parts])):
                here[parent] = [joined]
                for part in parts:
                    del here[part]
    return here


def _one_of(parent: tuple[str, ...], parts: Sequence[list[Suggested]]) -> Suggested | None:
    alike = {(one.unit, one.street, one.setting) for ones in parts for one in ones}
    if len(parts) < 2 or len(alike) != 1 or any(len(ones) != 1 for ones in parts):
        return None
    ones = [ones[0] for ones in parts]
    if ones[0].street:
        return None
    support, rows = sum(one.support for one in ones), tuple(sorted(row for one in ones for row in one.rows))
    return replace(
        ones[0], topics=parent, support=support, rows=rows, share=len(rows) / support,
        streets=max(one.streets for one in ones),
    )  # fmt: skip


def unproposed(found: Iterable[Cell], proposals: Iterable[Suggested]) -> int:
    """Count the cells that no proposal covers: people have to decide them."""
    scopes = {(one.topics, one.street) for one in proposals if not one.setting}
    return sum(not _covered(cell, scopes) for cell in found)


def _covered(cell: Cell, scopes: set[tuple[tuple[str, ...], str]]) -> bool:
    path = tuple(topic for topic in cell.topics if topic)
    widths = [path[:n] for n in range(1, len(path) + 1)]
    return any((width, street) in scopes for width in widths for street in ("", cell.street))
