"""Classes of other catalogues (a hotline's, GB/T 30428, a city's) and the topics that they stand for here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from qianxian.register.rules import plain

from .topic_tree import TopicTree


class Match(StrEnum):
    """How a class of the other catalogue lies to the topic (SKOS mapping properties)."""

    EXACT = "exact"
    NARROW = "narrow"
    BROAD = "broad"
    RELATED = "related"


SETTLES = frozenset({Match.EXACT, Match.NARROW})
"""Matches in which all of the class belongs to the topic: only these code anything by themselves."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A class of another catalogue, and the topic; `match` says whether the class is as wide as the topic."""

    catalogue: str
    code: str
    name: str
    topic: str
    match: Match = Match.EXACT
    version: str = ""


class Labels:
    """Finds the topics that a label names: by code, name, synonym, then by the classes of other catalogues."""

    def __init__(self, tree: TopicTree, crossings: Iterable[Crossing] = ()):
        self._tree = tree
        self._crossed = _crossed(crossings)

    def topics(self, label: str) -> tuple[str, ...]:
        """Return the topics of a label, the widest first: several where it is unclear, none where it is unknown."""
        return self._tree.named(label) or self._crossed.get(plain(label), ())

    def near(self, label: str, most: int) -> tuple[str, ...]:
        """Return the topics whose name or synonym shares most with a label, for somebody to choose from."""
        pairs = _pairs(plain(label))
        shared: dict[str, float] = defaultdict(float)
        for term, codes in self._tree.names.items():
            common = len(pairs & _pairs(term))
            for code in codes if common else ():
                shared[code] = max(shared[code], common + common / len(term))
        ranked = sorted(shared, key=lambda code: (-shared[code], -len(code), code))
        return tuple(ranked[:most])


def _pairs(text: str) -> set[str]:
    return {left + right for left, right in pairwise(text)}


def _crossed(crossings: Iterable[Crossing]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for crossing in sorted(crossings, key=lambda one: (len(one.topic), one.topic)):
        if crossing.match in SETTLES:
            for label in {plain(crossing.name), plain(f"{crossing.catalogue} {crossing.code}")} - {""}:
                if crossing.topic not in found[label]:
                    found[label] += (crossing.topic,)
    return dict(found)
