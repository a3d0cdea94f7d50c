"""Who is responsible, by the register of power, duty and benefit (权责利清单).

Nothing here touches the database or the clock: articles and a case go in, an answer comes out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from types import MappingProxyType

from .articles import Article, Case, Duty, Power, Scope


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
class Decision:
    """Who leads, and no more: `article` prevails where the register decides, `rivals` contend where it is contested."""

    outcome: Outcome
    article: Article | None = None
    rivals: tuple[Article, ...] = ()


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
    holders: Mapping[Power, tuple[str, ...]] = field(default_factory=dict)

    @property
    def body(self) -> str:
        return self.article.body if self.article else ""


class Index:
    """
    The articles of one edition, compiled: a case is decided by three look-ups, however many articles there are.

    Topics under the same articles share a row, places inside the same scopes a region; a setting that no article
    names is like an unknown one. What a row holds in a region and setting is worked out when it is first asked for
    and kept, so what is kept is bounded by the shape of the register and not by how many cases come. Numbers stand for
    regions and settings because a pair of them is then one key that is cheap to find.
    """

    def __init__(self, articles: Iterable[Article]):
        self._articles = tuple(articles)
        self._settings = {setting: n for n, setting in enumerate(sorted({"", *(a.scope.setting for a in self)}))}
        self._regions = _Regions({article.scope.place for article in self}, stride=len(self._settings))
        self._rows = _Rows(self, self._regions, list(self._settings))

    def __iter__(self) -> Iterator[Article]:
        return iter(self._articles)

    def standing(self, case: Case) -> "Standing":
        """Return what holds for a case, and for all others that the register cannot tell from this one."""
        found = self._rows[case.topic][self._regions[case.place] + self._settings.get(case.setting, 0)]
        while found.start is not None and found.start > case.at and found.before is not None:
            found = found.before
        return found

    def covering(self, case: Case) -> list[Article]:
        """Return the articles whose scope covers a case."""
        return list(self.standing(case).covering)


class Standing:
    """Articles that hold together from a moment on, what follows from them, and what held `before`."""

    __slots__ = ("_answers", "before", "covering", "decision", "start")

    def __init__(self, covering: tuple[Article, ...], start: datetime | None = None, before: "Standing | None" = None):
        self.start, self.before, self.covering = start, before, covering
        self.decision = _decision(prevailing(covering))
        self._answers: dict[frozenset[Power], Answer] = {}

    def answer(self, needs: frozenset[Power]) -> Answer:
        """Return all that the register says, with who holds each power needed; worked out once."""
        if needs not in self._answers:
            self._answers[needs] = _answer(self.covering, self.decision, needs)
        return self._answers[needs]


def _standing(articles: list[Article]) -> Standing:
    """Return what holds in the end, after all that held before it: time is divided where an article begins or ends."""
    periods = [article.scope.period for article in articles]
    found = Standing(())
    for start in sorted({end for period in periods for end in (period.start, period.end) if end}):
        found = Standing(tuple(a for a in articles if start in a.scope.period), start, found)
    return found


MOST_KEPT = 100_000
"""Codes that nobody has given to a topic or place may be asked for too: they shall not fill the memory."""


class _Regions(dict[str, int]):
    """The number of the region of each place: places that lie inside the same scopes share one."""

    def __init__(self, scopes: set[str], stride: int):
        self._scopes = scopes
        self._numbers: dict[tuple[str, ...], int] = {}
        self._count = count(0, stride)
        self.around: dict[int, tuple[str, ...]] = {}

    def __missing__(self, place: str) -> int:
        if len(self) >= MOST_KEPT:
            self.clear()
        around = tuple(code for length in range(len(place) + 1) if (code := place[:length]) in self._scopes)
        number = self._numbers.setdefault(around, next(self._count))  # threads may come here at once
        self.around[number] = around
        self[place] = number
        return number


class _Rows(dict[str, "_Row"]):
    """The row of each topic: topics under the same articles share one."""

    def __init__(self, articles: Iterable[Article], regions: _Regions, settings: list[str]):
        self._regions, self._settings = regions, settings
        self._by_topic: dict[str, dict[str, list[Article]]] = defaultdict(lambda: defaultdict(list))
        for article in articles:
            self._by_topic[article.scope.topic][article.scope.place].append(article)
        self._shared: dict[tuple[str, ...], _Row] = {}

    def __missing__(self, topic: str) -> "_Row":
        if len(self) >= MOST_KEPT:
            self.clear()
        above = tuple(code for length in range(len(topic) + 1) if (code := topic[:length]) in self._by_topic)
        row = _Row([self._by_topic[code] for code in above], self._regions, self._settings)
        self[topic] = row = self._shared.setdefault(above, row)
        return row


class _Row(dict[int, Standing]):
    """What holds for a topic, by the number of region and setting."""

    def __init__(self, by_place: list[dict[str, list[Article]]], regions: _Regions, settings: list[str]):
        self._by_place, self._regions, self._settings = by_place, regions, settings
        self._shared: dict[tuple[int, ...], Standing] = {}

    def __missing__(self, number: int) -> Standing:
        setting = number % len(self._settings)
        settings = ("", self._settings[setting])
        found = [
            article
            for articles in self._by_place
            for scope in self._regions.around[number - setting]
            for article in articles.get(scope, ())
            if article.scope.setting in settings
        ]
        same = tuple(map(id, found))
        standing = self._shared.get(same) or _standing(found)
        self[number] = self._shared[same] = standing
        return standing


def decided(index: Index, case: Case) -> Decision:
    """
    Say who leads in a case: the cheap step of `answerable`.

    An article prevails when its scope lies inside the other's; leads of several bodies that remain are contested,
    none is silence. Neither is an error: both are findings, and the matter still gets an owner.
    """
    return index.standing(case).decision


def answerable(index: Index, case: Case, needs: Iterable[Power] = ()) -> Answer:
    """
    Say all that the register holds for a case: who leads, what gave way and why, who assists, who has the powers.

    :param needs: the powers that the topic needs (rows of the topic tree)
    """
    return index.standing(case).answer(frozenset(needs))


def prevailing(articles: Iterable[Article]) -> list[Article]:
    """Return the leads among articles that none of the others beats, by number."""
    leads = sorted((article for article in articles if article.duty is Duty.LEAD), key=_by_number)
    return [lead for lead in leads if not any(_beats(other, lead) for other in leads)]


def _decision(remaining: list[Article]) -> Decision:
    if not remaining:
        return Decision(Outcome.SILENT)
    if len({article.body for article in remaining}) > 1:
        return Decision(Outcome.CONTESTED, rivals=tuple(remaining))
    return Decision(Outcome.DECIDED, remaining[0])


def _answer(covering: tuple[Article, ...], decision: Decision, needs: frozenset[Power]) -> Answer:
    article = decision.article
    leads = sorted((a for a in covering if a.duty is Duty.LEAD), key=_by_number) if article else []
    return Answer(
        decision.outcome,
        article,
        decision.rivals,
        beaten=tuple(Beaten(a, _narrower(article.scope, a.scope)) for a in leads if article and a is not article),
        assisting=_narrowest(a for a in covering if a.duty is Duty.ASSIST),
        informed=_narrowest(a for a in covering if a.duty is Duty.INFORM),
        holders=MappingProxyType({power: _holding(covering, power) for power in sorted(needs)}),
    )


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
