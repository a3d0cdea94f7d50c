"""The tree of topics, and which of them some words speak of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import pairwise
from math import log
from typing import Protocol

from qianxian.register.rules import plain

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


@dataclass(frozen=True, slots=True)
class Learnt:
    """
    What a trained reader makes of some words: how likely each topic is, what led to it, and the one that is sure.

    The probabilities are of the reader's own labels, each put on the topics that it stands for; `sure` is empty below
    the confidence at which a text may be routed without a human, and where a label stands for several topics.
    """

    likely: Mapping[str, float]
    pieces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sure: str = ""

    def of(self, code: str) -> float:
        """Return how likely a topic is: as likely as the narrowest that contains it, or the most likely inside it."""
        above = [self.likely[code[:n]] for n in (6, 4, 2) if n <= len(code) and code[:n] in self.likely]
        inside = (chance for topic, chance in self.likely.items() if topic.startswith(code))
        return above[0] if above else max(inside, default=0.0)


class Reader(Protocol):
    """A trained reader, of whatever kind."""

    def read(self, words: str) -> Learnt: ...


NAME, SYNONYM, EXAMPLE = 1.5, 1.0, 0.4
LONGEST_READ = 400
HEAD = 60
"""Characters at the beginning, mostly the subject, in which a whole term counts twice."""
CHARACTER = 2.0
"""Weight of each character of a whole name or synonym beside the pairs."""
PAIR = 0.25
DOUBT = 0.1
"""What is left of a topic's strength where a trained reader holds it for impossible."""
ONLY_LEARNT = 0.15
"""Probability from which a topic is proposed that the trained reader alone sees."""


class TopicTree:
    """
    The topics, and which of them some words speak of.

    By whole names and synonyms, and by pairs of characters of names, synonyms and examples; a trained reader, where
    one is in use, says how likely each is.
    """

    def __init__(self, topics: Iterable[Topic], trained: Reader | None = None):
        self.topics = {topic.code: topic for topic in topics}
        self.trained = trained
        self.names = _labels(self.topics)
        self._terms = _terms(self.topics)
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

    def named(self, label: str) -> tuple[str, ...]:
        """Return the topics that a label names by code, name or synonym, the widest first."""
        return (label,) if label in self.topics else self.names.get(plain(label), ())

    def suggested(self, words: str, most: int = 5) -> list[Suggestion]:
        """Return the topics that words speak of, the likeliest first; the first 400 characters are read."""
        read = words[:LONGEST_READ]
        scores = self.strengths(read)
        learnt = self.trained.read(words) if self.trained and read.strip() else None
        if learnt:
            scores = _with_learnt(scores, learnt)
        ranked = nsmallest(most, scores, key=lambda code: (-scores[code], -len(code), code))
        return [Suggestion(code, scores[code], self._led(read, code, learnt)) for code in ranked]

    def strengths(self, words: str) -> dict[str, float]:
        """Return how strongly words speak of each topic: whole terms by their length, pairs of characters beside them."""
        scores = defaultdict[str, float](float, {code: PAIR * score for code, score in self.scores(words).items()})
        for place, term, codes in self.terms(words):
            for code in codes:
                scores[code] += len(term) * (CHARACTER if place < HEAD else CHARACTER / 2)
        return scores

    def terms(self, words: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
        """Yield each whole name or synonym in the words once: where it stands, and whose it is."""
        seen = set[str]()
        for place, (left, right) in enumerate(pairwise(words)):
            for term, codes in self._terms.get(left + right, ()):
                if term not in seen and words.startswith(term, place):
                    seen.add(term)
                    yield place, term, codes

    def scores(self, words: str) -> dict[str, float]:
        """Return how strongly words speak of each topic that they touch at all."""
        scores: dict[str, float] = defaultdict(float)
        for pair in _pairs(words):
            for code, weight in self._pairs.get(pair, ()):
                scores[code] += weight
        return scores

    def _led(self, words: str, code: str, learnt: Learnt | None) -> tuple[str, ...]:
        """Return the pieces of the words that led to a topic: the tree's own, else what the trained reader saw."""
        own = self._pieces(words, code)
        seen = next((learnt.pieces[code[:n]] for n in (6, 4, 2) if code[:n] in learnt.pieces), ()) if learnt else ()
        return own or seen

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


def _with_learnt(scores: Mapping[str, float], learnt: Learnt) -> dict[str, float]:
    """Return the strengths weighed by what the trained reader holds for likely, and the topics that it alone sees."""
    top = max(scores.values(), default=1.0)
    weighed = {code: score * (DOUBT + learnt.of(code)) for code, score in scores.items()}
    for code, chance in learnt.likely.items():
        if chance >= ONLY_LEARNT and not any(known.startswith(code) for known in weighed):
            weighed[code] = top * chance
    return weighed


def _labels(topics: Mapping[str, Topic]) -> dict[str, tuple[str, ...]]:
    """Return the topics of every name, and of every synonym that is nobody's name; the widest first."""
    by_name: dict[str, tuple[str, ...]] = defaultdict(tuple)
    by_synonym: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for code, topic in sorted(topics.items(), key=lambda item: (len(item[0]), item[0])):
        by_name[plain(topic.name)] += (code,)
        for synonym in topic.synonyms:
            by_synonym[plain(synonym)] += (code,)
    return dict(by_synonym) | dict(by_name)


def _terms(topics: Mapping[str, Topic]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return names and synonyms by their first two characters; one that many topics share says too little."""
    owners: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for code, topic in topics.items():
        for term in {topic.name, *topic.synonyms}:
            if len(term) >= 2:
                owners[term] += (code,)
    terms: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for term, codes in owners.items():
        if len(codes) <= 3:
            terms[term[:2]].append((term, codes))
    return terms
