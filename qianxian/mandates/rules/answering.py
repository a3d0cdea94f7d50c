"""Who is responsible, by the register of power, duty and benefit (权责利清单).

Nothing here touches the database or the clock: articles and a case go in, an answer comes out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from .articles import Article, Case, Duty, Power
from .precedence import by_number, narrower, narrowest, prevailing


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
    holders: Mapping[Power, tuple[str, ...]] = field(default_factory=dict)

    @property
    def body(self) -> str:
        return self.article.body if self.article else ""


class Index:
    """
    The articles of one edition, compiled: a case is decided by three look-ups, however many articles there are.

    Topics under the same articles share a row; places whose narrowest scope is the same form a region, and a row has
    a slot for each. What holds in a slot is worked out when it is first asked for, and kept; so what is kept is bounded
    by the shape of the register and not by how many cases come.
    """

    def __init__(self, articles: Iterable[Article]):
        self._articles = tuple(articles)
        self._regions = _Regions(article.scope.place for article in self)
        self._rows = _Rows(self, len(self._regions.around))

    def __iter__(self) -> Iterator[Article]:
        return iter(self._articles)

    def standing(self, case: Case) -> "Standing":
        """Return what holds for a case, and for all others that the register cannot tell from this one."""
        region = self._regions[case.place]
        found = self._rows[case.topic][region] or self._worked_out(case.topic, region)
        if found.settings is not None:
            found = found.settings.get(case.setting, found)
        while found.start is not None and found.start > case.at and found.before is not None:
            found = found.before
        return found

    def covering(self, case: Case) -> list[Article]:
        """Return the articles whose scope covers a case."""
        return list(self.standing(case).covering)

    def _worked_out(self, topic: str, region: int) -> "Standing":
        self._rows[topic][region] = standing = self._rows.standing(topic, self._regions.around[region])
        return standing


class Standing:
    """
    Articles that hold together from a moment on, who leads by them, and what held `before`.

    `article` prevails where the register decides, `rivals` contend where it is contested. It is what holds in a
    setting that no article there names; for those named there are `settings`.
    """

    __slots__ = ("_answers", "article", "before", "covering", "outcome", "rivals", "settings", "start")

    def __init__(self, covering: tuple[Article, ...], start: datetime | None = None, before: "Standing | None" = None):
        self.start, self.before, self.covering = start, before, covering
        self.settings: dict[str, Standing] | None = None
        self._answers: dict[frozenset[Power], Answer] | None = None
        leads = prevailing(covering)
        contested = len({article.body for article in leads}) > 1
        self.outcome = Outcome.CONTESTED if contested else Outcome.DECIDED if leads else Outcome.SILENT
        self.article = leads[0] if leads and not contested else None
        self.rivals = tuple(leads) if contested else ()

    def answer(self, needs: frozenset[Power]) -> Answer:
        """Return all that the register says, with who holds each power needed; worked out once."""
        kept = self._answers
        if kept is None:
            kept = self._answers = {}
        if needs not in kept:
            kept[needs] = _answer(self, needs)
        return kept[needs]


NOTHING = Standing(())


def _standing(articles: list[Article]) -> Standing:
    """Return what holds in the end, after all that held before it: time is divided where an article begins or ends."""
    periods = [article.scope.period for article in articles]
    found = NOTHING
    for start in sorted({end for period in periods for end in (period.start, period.end) if end}):
        found = Standing(tuple(a for a in articles if start in a.scope.period), start, found)
    return found


MOST_KEPT = 100_000
"""Codes that nobody has given to a topic or place may be asked for too: they shall not fill the memory."""


class _Regions(dict[str, int]):
    """The number of the region of each place: that of the narrowest scope that contains it, 0 where none does."""

    def __init__(self, scopes: Iterable[str]):
        narrowest = sorted(set(scopes))
        self._numbers = {scope: number for number, scope in enumerate(narrowest, start=1)}
        self.around = [(), *(tuple(self._containing(scope)) for scope in narrowest)]

    def __missing__(self, place: str) -> int:
        if len(self) >= MOST_KEPT:
            self.clear()
        containing = list(self._containing(place))
        self[place] = number = self._numbers[containing[-1]] if containing else 0
        return number

    def _containing(self, place: str) -> Iterator[str]:
        return (code for length in range(len(place) + 1) if (code := place[:length]) in self._numbers)


class _Rows(dict[str, list[Standing | None]]):
    """The row of each topic, a slot for each region: topics under the same articles share one."""

    def __init__(self, articles: Iterable[Article], regions: int):
        self._regions = regions
        self._by_topic: dict[str, dict[str, list[Article]]] = defaultdict(lambda: defaultdict(list))
        for article in articles:
            self._by_topic[article.scope.topic][article.scope.place].append(article)
        self._shared: dict[tuple[str, ...], list[Standing | None]] = {}
        self._standings: dict[tuple[int, ...], Standing] = {}

    def __missing__(self, topic: str) -> list[Standing | None]:
        if len(self) >= MOST_KEPT:
            self.clear()
        row: list[Standing | None] = [None] * self._regions
        self[topic] = row = self._shared.setdefault(self._above(topic), row)
        return row

    def standing(self, topic: str, around: tuple[str, ...]) -> Standing:
        """Return what holds for a topic inside some scopes, the same object wherever the same articles do."""
        found = [a for code in self._above(topic) for scope in around for a in self._by_topic[code].get(scope, ())]
        same = tuple(map(id, found))
        if same not in self._standings:
            standing = _standing([article for article in found if not article.scope.setting])
            standing = Standing((), None, None) if standing is NOTHING else standing
            named = {article.scope.setting for article in found} - {""}
            inside = {one: _standing([a for a in found if a.scope.setting in ("", one)]) for one in named}
            standing.settings = inside or None
            self._standings[same] = standing
        return self._standings[same]

    def _above(self, topic: str) -> tuple[str, ...]:
        return tuple(code for length in range(len(topic) + 1) if (code := topic[:length]) in self._by_topic)


def decided(index: Index, case: Case) -> Standing:
    """
    Say who leads in a case, and no more: the cheap step of `answerable`.

    An article prevails when its scope lies inside the other's; leads of several bodies that remain are contested,
    none is silence. Neither is an error: both are findings, and the matter still gets an owner.
    """
    return index.standing(case)


def answerable(index: Index, case: Case, needs: Iterable[Power] = ()) -> Answer:
    """
    Say all that the register holds for a case: who leads, what gave way and why, who assists, who has the powers.

    :param needs: the powers that the topic needs (rows of the topic tree)
    """
    return index.standing(case).answer(frozenset(needs))


def _answer(standing: Standing, needs: frozenset[Power]) -> Answer:
    article, covering = standing.article, standing.covering
    leads = sorted((a for a in covering if a.duty is Duty.LEAD), key=by_number) if article else []
    return Answer(
        standing.outcome,
        article,
        standing.rivals,
        beaten=tuple(Beaten(a, narrower(article.scope, a.scope)) for a in leads if article and a is not article),
        assisting=narrowest(a for a in covering if a.duty is Duty.ASSIST),
        informed=narrowest(a for a in covering if a.duty is Duty.INFORM),
        holders=MappingProxyType({power: _holding(covering, power) for power in sorted(needs)}),
    )


def _holding(articles: Iterable[Article], power: Power) -> tuple[str, ...]:
    return tuple(sorted({article.body for article in articles if power in article.powers}))
