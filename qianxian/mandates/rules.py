"""Who is responsible, by the register of power, duty and benefit (权责利清单).

Nothing here touches the database or the clock: articles and a case go in, an answer comes out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from heapq import nsmallest
from itertools import pairwise
from math import log

from qianxian.kernel.period import Period


class Duty(StrEnum):
    LEAD = "lead"
    ASSIST = "assist"
    INFORM = "inform"


class Power(StrEnum):
    AFFAIRS = "affairs"
    FUNDS = "funds"
    DECISION = "decision"
    ENFORCEMENT = "enforcement"
    ENTRY = "entry"


class Benefit(StrEnum):
    FUNDS = "funds"
    PEOPLE = "people"
    TRAINING = "training"
    CREDIT = "credit"


class List(StrEnum):
    """The published list that an article stands on (2024 notice on duty lists of towns and streets; handbook 2.1)."""

    BASIC = "basic"
    ASSISTING = "assisting"
    TAKEN_BACK = "taken_back"
    DEPARTMENT = "department"
    SELF_GOVERNMENT = "self_government"
    COMMUNITY_ASSIST = "community_assist"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked of the register: a topic, a place, a setting ('' where unknown) and a moment."""

    topic: str
    place: str
    setting: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """For what, where, in which setting ('' for any) and how long an article holds."""

    topic: str
    place: str
    setting: str
    period: Period

    def covers(self, case: Case) -> bool:
        return (
            case.topic.startswith(self.topic)
            and case.place.startswith(self.place)
            and self.setting in ("", case.setting)
            and case.at in self.period
        )

    def inside(self, other: "Scope") -> bool:
        """Tell whether every case that this scope covers is covered by the other one too."""
        return (
            self.topic.startswith(other.topic)
            and self.place.startswith(other.place)
            and other.setting in ("", self.setting)
            and self.period.inside(other.period)
        )


@dataclass(frozen=True, slots=True)
class Article:
    """One line of the register. Without a duty it gives power or benefit alone."""

    number: str
    body: str
    duty: Duty | None
    scope: Scope
    basis: str
    powers: frozenset[Power] = frozenset()
    benefits: frozenset[Benefit] = frozenset()
    deadline_class: str = ""
    list: List = List.DEPARTMENT
    delegation: str = ""
    id: int | None = None


class Outcome(StrEnum):
    DECIDED = "decided"
    CONTESTED = "contested"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Beaten:
    """An article that gave way, and in what the prevailing one is narrower: topic, place, setting, period."""

    article: Article
    narrower_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What the register says of a case.

    `article` is the one that prevails, None where the register is contested or silent; `rivals` are the articles
    that contend; `holders` names for each power that the case needs the bodies that hold it.
    """

    outcome: Outcome
    article: Article | None = None
    rivals: tuple[Article, ...] = ()
    beaten: tuple[Beaten, ...] = ()
    assisting: tuple[Article, ...] = ()
    informed: tuple[Article, ...] = ()
    holders: dict[Power, tuple[str, ...]] = field(default_factory=dict)

    @property
    def body(self) -> str:
        return self.article.body if self.article else ""


class Index:
    """The articles of one edition, compiled: a case is looked up by its prefixes, however many articles there are."""

    def __init__(self, articles: Iterable[Article]):
        self._by_scope: dict[tuple[str, str, str], list[Article]] = defaultdict(list)
        for article in articles:
            self._by_scope[article.scope.topic, article.scope.place, article.scope.setting].append(article)
        self._topic_lengths = sorted({len(topic) for topic, _, _ in self._by_scope})
        self._place_lengths = sorted({len(place) for _, place, _ in self._by_scope})

    def __iter__(self) -> Iterator[Article]:
        return (article for articles in self._by_scope.values() for article in articles)

    def covering(self, case: Case) -> list[Article]:
        """Return the articles whose scope covers a case."""
        settings = {"", case.setting}
        topics = [case.topic[:n] for n in self._topic_lengths if n <= len(case.topic)]
        around = [case.place[:n] for n in self._place_lengths if n <= len(case.place)]
        found = (self._by_scope.get((t, p, s), ()) for t in topics for p in around for s in settings)
        return [article for articles in found for article in articles if case.at in article.scope.period]


def answerable(index: Index, case: Case, needs: Iterable[Power] = ()) -> Answer:
    """
    Say who answers for a case.

    An article prevails when its scope lies inside the other's; leads of several bodies that remain are contested,
    none is silence. Neither is an error: both are findings, and the matter still gets an owner.

    :param needs: the powers that the topic needs (rows of the topic tree)
    """
    covering = index.covering(case)
    leads = [article for article in covering if article.duty is Duty.LEAD]
    prevailing = [a for a in leads if not any(_beats(other, a) for other in leads)]
    said = Answer(
        Outcome.SILENT,
        assisting=_narrowest(article for article in covering if article.duty is Duty.ASSIST),
        informed=_narrowest(article for article in covering if article.duty is Duty.INFORM),
        holders={power: _holding(covering, power) for power in sorted(needs)},
    )
    if not prevailing:
        return said
    if len({article.body for article in prevailing}) > 1:
        return replace(said, outcome=Outcome.CONTESTED, rivals=tuple(sorted(prevailing, key=_by_number)))
    article = min(prevailing, key=_by_number)
    beaten = tuple(Beaten(a, _narrower(article.scope, a.scope)) for a in leads if a is not article)
    return replace(said, outcome=Outcome.DECIDED, article=article, beaten=beaten)


def _beats(article: Article, other: Article) -> bool:
    return article.scope.inside(other.scope) and not other.scope.inside(article.scope)


def _by_number(article: Article) -> str:
    return article.number


def _narrowest(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Keep for each body the article whose scope lies innermost."""
    kept: dict[str, Article] = {}
    for article in sorted(articles, key=_by_number):
        if article.body not in kept or _beats(article, kept[article.body]):
            kept[article.body] = article
    return tuple(kept.values())


def _holding(articles: Iterable[Article], power: Power) -> tuple[str, ...]:
    return tuple(sorted({article.body for article in articles if power in article.powers}))


def _narrower(scope: Scope, other: Scope) -> tuple[str, ...]:
    sides = ("topic", "place", "setting", "period")
    return tuple(side for side in sides if getattr(scope, side) != getattr(other, side))


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
