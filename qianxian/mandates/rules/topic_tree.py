"""The tree of topics, and which of them some words speak of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from itertools import pairwise
from math import log

from .articles import Power


@dataclass(frozen=True, slots=True)
class Topic:
    code: str
    name: str
    synonyms: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    powers: frozenset[Power] = frozenset()
    deadline_class: str = ""
    setting_hint: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic that words may speak of, how strongly, and the pieces of the words that led to it."""

    topic: str
    score: float
    words: tuple[str, ...]


NAME, SYNONYM, EXAMPLE = 1.5, 1.0, 0.4
LONGEST_READ = 400


class TopicTree:
    """The topics, and which of them some words speak of: by pairs of characters of names, synonyms and examples."""

    def __init__(self, topics: Iterable[Topic]):
        self.topics = {topic.code: topic for topic in topics}
        self._pairs: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for topic in self.topics.values():
            for pair, weight in _weights(topic).items():
                self._pairs[pair].append((topic.code, weight))
        for found in self._pairs.values():
            rarity = log(1 + len(self.topics) / len(found))
            found[:] = [(code, weight * rarity) for code, weight in found]

    def path(self, code: str) -> tuple[Topic, ...]:
        """Return a topic with those above it, the widest first."""
        codes = (code[:length] for length in (2, 4, 6) if length <= len(code))
        return tuple(self.topics[part] for part in codes if part in self.topics)

    def suggested(self, words: str, most: int = 5) -> list[Suggestion]:
        """Return the topics that words speak of, the likeliest first; the first 400 characters are read."""
        read = words[:LONGEST_READ]
        scores = self.scores(read)
        ranked = nsmallest(most, scores, key=lambda code: (-scores[code], -len(code), code))
        return [Suggestion(code, scores[code], self._pieces(read, code)) for code in ranked]

    def scores(self, words: str) -> dict[str, float]:
        """Return how strongly words speak of each topic that they touch at all."""
        scores: dict[str, float] = defaultdict(float)
        for pair in _pairs(words):
            for code, weight in self._pairs.get(pair, ()):
                scores[code] += weight
        return scores

    def _pieces(self, words: str, code: str) -> tuple[str, ...]:
        """Return the longest pieces of the words that stand in the topic's own words."""
        own = _weights(self.topics[code])
        pieces, piece = list[str](), ""
        for left, right in zip(words, words[1:] + " ", strict=True):
            inside = left + right in own
            piece = piece + right if inside and piece else left + right if inside else _kept(pieces, piece)
        return tuple(dict.fromkeys(pieces))


def _kept(pieces: list[str], piece: str) -> str:
    if piece:
        pieces.append(piece)
    return ""


def _pairs(words: str) -> set[str]:
    return {pair for left, right in pairwise(words) if (pair := left + right).isalnum()}


def _weights(topic: Topic) -> dict[str, float]:
    """Return the pairs of characters of a topic's words, each with the weight of the strongest place it stands in."""
    weights: dict[str, float] = {}
    for texts, weight in ((topic.examples, EXAMPLE), (topic.synonyms, SYNONYM), ((topic.name,), NAME)):
        weights.update(dict.fromkeys((pair for text in texts for pair in _pairs(text)), weight))
    return weights
