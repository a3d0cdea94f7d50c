"""Who is responsible, by the register of power, duty and benefit (权责利清单).

Nothing here touches the database or the clock: articles and a case go in, an answer comes out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

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
    remaining = prevailing(leads)
    said = Answer(
        Outcome.SILENT,
        assisting=_narrowest(article for article in covering if article.duty is Duty.ASSIST),
        informed=_narrowest(article for article in covering if article.duty is Duty.INFORM),
        holders={power: _holding(covering, power) for power in sorted(needs)},
    )
    if not remaining:
        return said
    if len({article.body for article in remaining}) > 1:
        return replace(said, outcome=Outcome.CONTESTED, rivals=tuple(remaining))
    article = remaining[0]
    beaten = tuple(Beaten(a, _narrower(article.scope, a.scope)) for a in leads if a is not article)
    return replace(said, outcome=Outcome.DECIDED, article=article, beaten=beaten)


def prevailing(articles: Iterable[Article]) -> list[Article]:
    """Return the leads among articles that none of the others beats, by number."""
    leads = sorted((article for article in articles if article.duty is Duty.LEAD), key=_by_number)
    return [lead for lead in leads if not any(_beats(other, lead) for other in leads)]


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
