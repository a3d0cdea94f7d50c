"""Cases that a register cannot tell apart, gathered: so that few are looked at and none is left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import TypeVar

from .articles import Article, Case
from .ground import Ground, Posted
from .topic_tree import Topic

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Region:
    """All cases at these places, in these settings, from a moment on until something changes."""

    places: tuple[str, ...]
    settings: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """The cases of a topic for which the same articles hold and the same postings stand, in one region or several."""

    topic: Topic
    covering: tuple[Article, ...]
    posted: tuple[Posted, ...]
    regions: tuple[Region, ...]

    @property
    def witness(self) -> Case:
        first = min(self.regions, key=lambda region: region.at)
        return Case(self.topic.code, first.places[0], first.settings[0], first.at)


def cells(articles: Iterable[Article], ground: Ground) -> Iterator[Cell]:
    """
    Divide every case of the ground into cells: each case lies in exactly one.

    So a register of thousands of articles has some tens of cells for each topic, however many places and settings
    there are.
    """
    by_topic = defaultdict[str, list[Article]](list)
    for article in articles:
        by_topic[article.scope.topic].append(article)
    places = _Places(ground, by_topic)
    for topic in ground.leaves():
        above = (topic.code[:length] for length in range(len(topic.code) + 1))
        yield from _of_topic(topic, [a for code in above for a in by_topic.get(code, ())], places, ground)


def _of_topic(topic: Topic, articles: Sequence[Article], places: "_Places", ground: Ground) -> Iterator[Cell]:
    found = defaultdict[tuple[int, int], list[Region]](list)
    spans = product(_moments(articles, ground), places.gathered(articles), _settings(articles, ground))
    for (at, timely, standing), (here, placed, posted), (settings, set_there) in spans:
        found[timely & placed & set_there, standing & posted].append(Region(here, settings, at))
    for (mask, posted), regions in found.items():
        yield Cell(topic, _chosen(articles, mask), _chosen(ground.postings, posted), tuple(regions))


def _moments(articles: Sequence[Article], ground: Ground) -> list[tuple[datetime, int, int]]:
    """Return the moments at which something changes, each with the articles and the postings in force from it on."""
    moments = {ground.at}
    if ground.until:
        periods = [a.scope.period for a in articles] + [p.period for p in ground.postings]
        ends = (end for period in periods for end in (period.start, period.end) if end)
        moments |= {end for end in ends if ground.at < end < ground.until}
    return [
        (at, _mask(at in a.scope.period for a in articles), _mask(at in p.period for p in ground.postings))
        for at in sorted(moments)
    ]


def _settings(articles: Sequence[Article], ground: Ground) -> list[tuple[tuple[str, ...], int]]:
    """Return the settings that no article tells apart, together, with the articles that hold in them."""
    named = {article.scope.setting for article in articles} - {""}
    rest = tuple(code for code in ("", *ground.settings) if code not in named)
    groups = [*((code,) for code in sorted(named)), rest]
    return [(group, _mask(article.scope.setting in ("", group[0]) for article in articles)) for group in groups]


def _mask(holds: Iterable[bool]) -> int:
    return sum(1 << number for number, one in enumerate(holds) if one)


def _chosen(items: Sequence[Item], mask: int) -> tuple[Item, ...]:
    return tuple(item for number, item in enumerate(items) if mask >> number & 1)


class _Places:
    """The places of the ground, gathered by the scopes of articles and postings that contain them."""

    def __init__(self, ground: Ground, by_topic: dict[str, list[Article]]):
        self._scopes = {article.scope.place for articles in by_topic.values() for article in articles}
        self._scopes |= {posting.scope for posting in ground.postings}
        groups = defaultdict[tuple[str, ...], list[str]](list)
        for place in ground.innermost():
            groups[tuple(self._around(place))].append(place)
        self._groups = [
            (around, places, _mask(posting.scope in around for posting in ground.postings))
            for around, places in groups.items()
        ]

    def _around(self, place: str) -> Iterator[str]:
        return (place[:length] for length in range(len(place) + 1) if place[:length] in self._scopes)

    def gathered(self, articles: Sequence[Article]) -> list[tuple[tuple[str, ...], int, int]]:
        """Return the places that nothing tells apart, with the articles that hold and the postings that stand there."""
        masks = defaultdict[str, int](int)
        for number, article in enumerate(articles):
            masks[article.scope.place] |= 1 << number
        found = defaultdict[tuple[int, int], list[str]](list)
        for around, places, posted in self._groups:
            mask = 0
            for scope in around:
                mask |= masks.get(scope, 0)
            found[mask, posted] += places
        return [(tuple(places), mask, posted) for (mask, posted), places in found.items()]
