"""What a dispatch history teaches, as one answer: units, cells, proposals, and a ranking tried on later records."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from . import ranking
from .rules.learning.cells import Cell, Handed, cells, contested, handed_to_communities
from .rules.learning.proposals import Suggested, suggested, unproposed
from .rules.learning.records import Record, RowFault, in_order, split, usable
from .rules.learning.roles import Roles
from .rules.learning.units import Merged

ROLLED = 5
"""Parts of the test records before each of which the rolling figure learns anew."""
SEEN = 200
"""Rows behind one item that an answer lists; more are counted."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Of so many records, how many had their unit first, and among the first three."""

    records: int
    first: int
    among_three: int

    @property
    def top1(self) -> float:
        return self.first / self.records if self.records else 0.0

    @property
    def top3(self) -> float:
        return self.among_three / self.records if self.records else 0.0

    def as_data(self) -> dict[str, Any]:
        return {"records": self.records, "top1": round(self.top1, 4), "top3": round(self.top3, 4)}


@dataclass(frozen=True)
class Trial:
    """
    The ranking on records later than those it learned from.

    `frozen` knows nothing of the test time; `rolling` has learned anew, before each fifth of it, from records strictly
    earlier. `lookup` is the most frequent unit of the cell, then of the topic, as a floor. `without_unit` are test rows
    that name no unit and count neither way; `unseen` are those whose unit no earlier record has, and count as misses.
    """

    learned_from: int
    since: datetime | None
    until: datetime | None
    frozen: Hits
    rolling: Hits | None
    lookup: Hits
    without_unit: int
    unseen: int


@dataclass(frozen=True)
class Learned:
    """All that a history teaches."""

    records: int
    units: tuple[Merged, ...]
    faults: tuple[RowFault, ...]
    cells: list[Cell]
    contested: list[Cell]
    handed: list[Handed]
    proposals: list[Suggested]
    open_cells: int
    trial: Trial | None
    ranking: ranking.Ranking | None
    digest: str

    @property
    def merged(self) -> list[Merged]:
        """Return the units that are written in more than one way."""
        return [unit for unit in self.units if len(unit.spellings) > 1]

    @property
    def on_communities(self) -> int:
        """Return how many records had a committee as their handler."""
        return sum(len(one.rows) for one in self.handed)


def learn(
    history: Sequence[Record],
    *,
    places: Iterable[str] = (),
    share: float = 0.2,
    later: Sequence[Record] | None = None,
    rolling: bool = True,
) -> Learned:
    """
    Learn from a history.

    :param places: names of districts in the file
    :param share: part of the records, the latest, on which the ranking is tried; 0 for none
    :param later: records of another file to try it on instead; nothing else is learned from them
    """
    known = usable(history, later or (), places=places)
    unit_of = known.unit_of()
    around = {*places, *(record.street for record in (*history, *(later or ())))} - {""}
    mine = tuple(record for record in in_order(history) if record.unit in unit_of)
    roles = Roles.of(unit_of, around)
    found = cells(mine, unit_of)
    proposals = suggested(mine, unit_of, roles)
    early, late = split(history, share) if later is None else (in_order(history), in_order(later))
    trial = _tried(early, late, unit_of, around, rolling=rolling) if late else None
    return Learned(
        records=len(mine),
        units=known.units if later is None else usable(history, places=places).units,
        faults=known.faults,
        cells=found,
        contested=contested(found),
        handed=handed_to_communities(found, roles),
        proposals=proposals,
        open_cells=unproposed(found, proposals),
        trial=trial,
        ranking=_learned(mine, unit_of, around),
        digest=ranking.digest(mine),
    )


def _learned(records: Sequence[Record], unit_of: dict[str, str], places: set[str]) -> ranking.Ranking | None:
    try:
        return ranking.learn(records, unit_of, places)
    except ranking.TooLittle:
        return None


def _tried(
    early: Sequence[Record], late: Sequence[Record], unit_of: dict[str, str], places: set[str], *, rolling: bool
) -> Trial | None:
    past = [record for record in early if record.unit in unit_of]
    test = [record for record in late if record.unit in unit_of]
    trained = _learned(past, unit_of, places)
    if trained is None or not test:
        return None
    times = [record.at for record in test if record.at]
    seen = {unit_of[record.unit] for record in past}
    return Trial(
        learned_from=len(past),
        since=min(times, default=None),
        until=max(times, default=None),
        frozen=_hits(_names(trained, test), test, unit_of),
        rolling=_rolled(past, test, unit_of, places) if rolling else None,
        lookup=_hits(looked_up(past, test, unit_of), test, unit_of),
        without_unit=len(late) - len(test),
        unseen=sum(unit_of[record.unit] not in seen for record in test),
    )


def _rolled(past: list[Record], test: list[Record], unit_of: dict[str, str], places: set[str]) -> Hits:
    ranked, known = list[list[str]](), list(past)
    edges = [len(test) * n // ROLLED for n in range(ROLLED + 1)]
    for start, end in pairwise(edges):
        part = test[start:end]
        trained = _learned(known, unit_of, places)
        assert trained is not None  # it was learned from fewer records already
        ranked += _names(trained, part)
        known += part
    return _hits(ranked, test, unit_of)


def _names(trained: ranking.Ranking, records: Sequence[Record]) -> list[list[str]]:
    return [[likely.unit for likely in found] for found in trained.ranked(records)]


def _hits(ranked: Sequence[Sequence[str]], records: Sequence[Record], unit_of: Mapping[str, str]) -> Hits:
    wanted = [unit_of[record.unit] for record in records]
    pairs = list(zip(ranked, wanted, strict=True))
    return Hits(len(wanted), sum(unit in r[:1] for r, unit in pairs), sum(unit in r[:3] for r, unit in pairs))


def looked_up(
    past: Sequence[Record], records: Sequence[Record], unit_of: Mapping[str, str], most: int = 3
) -> list[list[str]]:
    """Rank by a table: the most frequent units of the cell, then of the topic and of each wider one, then of all."""
    tables: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for record in past:
        for key in _keys(record):
            tables[key][unit_of[record.unit]] += 1
    ordered = {key: [unit for unit, _ in counted.most_common(most)] for key, counted in tables.items()}
    return [
        list(dict.fromkeys(unit for key in _keys(record) for unit in ordered.get(key, ())))[:most] for record in records
    ]


def _keys(record: Record) -> list[tuple[str, ...]]:
    wider = [("topic", str(n), topic) for n, topic in enumerate(record.topics) if topic]
    return [("cell", record.topic, record.street), *reversed(wider), ("all",)]
