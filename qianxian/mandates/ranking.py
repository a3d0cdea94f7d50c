"""
A ranking of likely units, learned from a dispatch history. It only proposes and sorts; articles decide.

Loaded lazily: it rests on numpy and scikit-learn. Two learners are joined: a multinomial logistic regression over
roles (`rules.learning.roles`), which carries over from one street to another, and smoothed counts, which know the
habits of a cell. Their likelihoods are averaged.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from .rules.learning.records import Record
from .rules.learning.roles import Likelihoods, Roles

FORMAT = "qianxian-ranking-1"
LEARNED_FROM = 40_000
"""Latest records that the regression learns from: bounds time and memory, older ones count in the look-up only."""
STRENGTH, STEPS = 1.0, 150
"""Inverse of the regularisation, and steps at most; chosen by time-ordered validation inside the earlier records."""
SHARE = 0.5
"""Weight of the regression in the average."""
CONSIDERED = 25
LARGEST = 256 * 2**20
PARTS = {"header", "weights", "offsets"}


class NoRanking(ValueError):
    """The file is no ranking of ours, is damaged, or of another version."""


class TooLittle(ValueError):
    """Too few records, or a single unit: nothing can be ranked."""

    def __init__(self, records: int, units: int):
        super().__init__()
        self.records, self.units = records, units


@dataclass(frozen=True, slots=True)
class Likely:
    """A unit with its likelihood among all considered, from 0 to 1."""

    unit: str
    share: float


@dataclass
class Ranking:
    """What was learned; `about` holds data hash, date and figures, `extra` what the platform adds for its own use."""

    roles: Roles
    names: list[str]
    columns: dict[str, int]
    weights: np.ndarray
    offsets: np.ndarray
    counts: Likelihoods
    about: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def rank(self, record: Record, most: int = 3) -> list[Likely]:
        """Return the likeliest units for a record, from what is known at its dispatch alone."""
        return self.ranked([record], most)[0]

    def ranked(self, records: Sequence[Record], most: int = 3) -> list[list[Likely]]:
        """Return the likeliest units for each record."""
        places = _softmax(_matrix(records, self.columns) @ self.weights + self.offsets)
        return [self._ordered(row, record, most) for row, record in zip(places, records, strict=True)]

    def _ordered(self, row: np.ndarray, record: Record, most: int) -> list[Likely]:
        best = [self.names[n] for n in np.argsort(-row, kind="stable")[:CONSIDERED]]
        shares = {role: float(row[n]) for n, role in enumerate(self.names)}
        seen = [role for role, _ in self.counts.seen(record).most_common(CONSIDERED)]
        counted = self.counts.of(record, dict.fromkeys([*best, *seen]))
        joint = dict[str, float]()
        for role, likelihood in counted.items():
            if unit := self.roles.unit(role, record):
                both = SHARE * shares.get(role, 0.0) + (1 - SHARE) * likelihood
                joint[unit] = joint.get(unit, 0.0) + both
        ordered = sorted(joint, key=lambda unit: (-joint[unit], unit))
        return [Likely(unit, joint[unit]) for unit in ordered[:most]]


def learn(records: Sequence[Record], unit_of: dict[str, str], places: Iterable[str]) -> Ranking:
    """
    Learn from records in order of time, each with a usable unit.

    :raises TooLittle: if there are fewer than ten records or fewer than two units
    """
    roles = Roles.of(unit_of, places)
    targets = [roles.role(unit_of[record.unit], record) for record in records]
    recent, wanted = records[-LEARNED_FROM:], targets[-LEARNED_FROM:]
    if len(records) < 10 or len(set(wanted)) < 2:
        raise TooLittle(len(records), len(set(wanted)))
    columns = {name: n for n, name in enumerate(dict.fromkeys(f for record in recent for f in features(record)))}
    fitted = LogisticRegression(C=STRENGTH, max_iter=STEPS).fit(_matrix(recent, columns), wanted)
    weights, offsets = np.asarray(fitted.coef_.T), np.asarray(fitted.intercept_)
    if len(fitted.classes_) == 2:
        weights, offsets = np.hstack([-weights, weights]) / 2, np.array([-offsets[0], offsets[0]]) / 2
    counts = Likelihoods()
    for record, role in zip(records, targets, strict=True):
        counts.add(record, role)
    return Ranking(roles, list(map(str, fitted.classes_)), columns, weights, offsets, counts)


def features(record: Record) -> Iterator[str]:
    """Yield what the regression sees of a record: each field alone, and each level of the topic with the street."""
    for level, topic in enumerate(record.topics):
        yield f"t{level}\x1f{topic}"
        yield f"ts{level}\x1f{topic}\x1f{record.street}"
    yield f"s\x1f{record.street}"
    yield f"c\x1f{record.community}"
    yield f"k\x1f{record.kind}"
    yield f"ch\x1f{record.channel}"
    if record.setting:
        yield f"se\x1f{record.setting}"
        yield f"tse\x1f{record.topic}\x1f{record.setting}"


def _matrix(records: Sequence[Record], columns: dict[str, int]) -> csr_matrix:
    found = [[columns[f] for f in features(record) if f in columns] for record in records]
    ends = np.cumsum([0, *map(len, found)])
    indices = np.fromiter((n for row in found for n in row), dtype=np.int32, count=int(ends[-1]))
    return csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(records), len(columns)))


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def save(ranking: Ranking, path: Path) -> None:
    """Write a ranking; whoever reads meanwhile sees the old one or the new one, whole."""
    header = {
        "format": FORMAT,
        "roles": ranking.roles.as_data(),
        "names": ranking.names,
        "columns": list(ranking.columns),
        "counts": ranking.counts.as_data(),
        "about": ranking.about,
        "extra": ranking.extra,
    }
    packed = np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.new")
    with draft.open("wb") as out:
        np.savez(out, header=packed, weights=ranking.weights.astype(np.float32), offsets=ranking.offsets)
    draft.replace(path)


def load(path: Path) -> Ranking:
    """
    Read a ranking; nothing in the file is ever run.

    :raises NoRanking: if it is none, is damaged, or of another version
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise NoRanking(path.name)
        with np.load(path, allow_pickle=False) as held:
            if set(held.files) != PARTS:
                raise NoRanking(path.name)
            header = json.loads(held["header"].tobytes())
            weights, offsets = held["weights"].astype(np.float64), held["offsets"].astype(np.float64)
        return _taken(header, weights, offsets)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise NoRanking(path.name) from error


def _taken(header: dict[str, Any], weights: np.ndarray, offsets: np.ndarray) -> Ranking:
    names, columns = list(map(str, header["names"])), {str(name): n for n, name in enumerate(header["columns"])}
    fits = weights.shape == (len(columns), len(names)) and offsets.shape == (len(names),)
    if header["format"] != FORMAT or not fits or not (np.isfinite(weights).all() and np.isfinite(offsets).all()):
        raise NoRanking(header["format"])
    return Ranking(
        Roles.from_data(header["roles"]), names, columns, weights, offsets, Likelihoods.from_data(header["counts"]),
        dict(header["about"]), dict(header["extra"]),
    )  # fmt: skip


def digest(records: Iterable[Record]) -> str:
    """Return the hash of what was learned from: SHA-256 over topics, places, unit and time of each record."""
    held = hashlib.sha256()
    for record in records:
        at = record.at.isoformat() if isinstance(record.at, datetime) else ""
        held.update("\x1f".join((*record.topics, record.street, record.community, record.unit, at, "\n")).encode())
    return held.hexdigest()
