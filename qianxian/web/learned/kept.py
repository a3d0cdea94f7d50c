"""The platform's own ranking: kept as a file inside the home, read by whoever rules, replaced whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from qianxian.kernel.lazily import lazily
from qianxian.mandates import actions
from qianxian.mandates.rules.learning.records import Record
from qianxian.register.rules import Directory, Kind, Level

from . import proposing

if TYPE_CHECKING:
    from qianxian.collection.rules.rows import Known
    from qianxian.mandates import ranking
    from qianxian.mandates.learning import Learned
else:
    ranking = lazily("qianxian.mandates.ranking")

MOST, FEW = 5, 3


def path() -> Path:
    """Return where the platform's ranking lies."""
    home: Path = settings.HOME.path
    return home / "learned" / "ranking.npz"


def prepare(learned: "Learned", known: "Known", at: datetime) -> None:
    """Note with a ranking when and from what it was learned, and what its names are called on this platform."""
    assert learned.ranking is not None
    trial = learned.trial
    learned.ranking.about = {
        "digest": learned.digest,
        "records": learned.records,
        "learned_at": at.isoformat(timespec="seconds"),
        "top1": round(trial.frozen.top1, 4) if trial else None,
        "top3": round(trial.frozen.top3, 4) if trial else None,
    }
    learned.ranking.extra = {"topics": _topics(learned, known), "organisations": _organisations(learned, known)}


def use(file: Path, *, source: str, actor: str, at: datetime) -> None:
    """
    Let a ranking sort the list beside rulings from now on; the one before it is gone.

    :raises NoRanking: if the file is none
    """
    held = ranking.load(file)
    held.about |= {"source": source}
    ranking.save(held, path())
    actions.note_ranking(digest=held.about["digest"], records=held.about["records"], source=source, actor=actor, at=at)


def _topics(learned: "Learned", known: "Known") -> dict[str, list[str]]:
    """Return for each of the platform's topics the labels under which the history has it, the most frequent ones."""
    found: dict[str, tuple[int, list[str]]] = {}
    for cell in learned.cells:
        code = proposing.topic_of(cell.topics, known.reader)
        if code and cell.records > found.get(code, (0, []))[0]:
            found[code] = cell.records, list(cell.topics)
    return {code: labels for code, (_, labels) in found.items()}


def _organisations(learned: "Learned", known: "Known") -> dict[str, str]:
    names = {unit.name: [spelling.written for spelling in unit.spellings] for unit in learned.units}
    pairs = ((unit, proposing.organisation(unit, names, known.directory)) for unit in names)
    return {unit: body.code for unit, body in pairs if body and body.kind is not Kind.COMMITTEE}


_read: tuple[tuple[float, int], "ranking.Ranking"] | None = None


def current() -> "ranking.Ranking | None":
    """Return the platform's ranking, None where there is none or it cannot be read; read anew when it was replaced."""
    global _read
    try:
        found = path().stat()
        state = (found.st_mtime, found.st_ino)
        if _read is None or _read[0] != state:
            _read = (state, ranking.load(path()))
    except (OSError, ValueError):
        return None
    return _read[1]


def is_broken() -> bool:
    """Tell whether a ranking was kept that cannot be read any more; nothing is sorted then."""
    return path().exists() and current() is None


@dataclass(frozen=True, slots=True)
class Before:
    """A unit that history holds likely: its code, and how many of the alike records went to it (0 where none did)."""

    unit: str
    records: int
    of: int

    @property
    def mostly(self) -> bool:
        """Tell whether it was the usual unit: more than half of at least three."""
        return self.of >= FEW and self.records * 2 > self.of


def likely(topic: str, place: str, kind: str, channel: str, directory: Directory) -> list[Before]:
    """
    Return the units to which matters like this one went, the likeliest first; empty where nothing was learned of it.

    It sorts what people choose from. No owner is ever set by it.
    """
    if not topic or (held := current()) is None:
        return []
    labels = _labels(topic, held.extra.get("topics", {}))
    if not labels:
        return []
    street, community = (named(place, levels, directory) for levels in (STREETS, COMMUNITIES))
    record = Record(0, tuple(labels), street, community, "", kind=kind, channel=channel)
    codes: dict[str, str] = held.extra.get("organisations", {})
    seen = held.counts.seen(record)
    counts = {held.roles.unit(role, record): count for role, count in seen.items()}
    ranked = [found.unit for found in held.rank(record, most=MOST * 2)]
    here = [Before(codes[unit], counts.get(unit, 0), seen.total()) for unit in ranked if unit in codes]
    return [one for one in here if one.unit in directory.organisations][:MOST]


STREETS = frozenset({Level.STREET})
COMMUNITIES = frozenset({Level.COMMUNITY, Level.VILLAGE})


def _labels(topic: str, known: dict[str, Sequence[str]]) -> Sequence[str]:
    return next((known[topic[:n]] for n in (6, 4, 2) if n <= len(topic) and topic[:n] in known), ())


def named(place: str, levels: Iterable[Level], directory: Directory) -> str:
    """Return the name of the street or community in which a place lies, '' where it lies in none."""
    around = (directory.places[place[:n]] for n in (9, 12, 15) if n <= len(place) and place[:n] in directory.places)
    return next((found.name for found in around if found.level in levels), "")
