"""Which of several articles prevails: the one whose scope lies inside the others'."""

from collections.abc import Iterable

from .articles import Article, Duty, Scope


def prevailing(articles: Iterable[Article]) -> list[Article]:
    """Return the leads among articles that none of the others beats, by number."""
    leads = sorted((article for article in articles if article.duty is Duty.LEAD), key=by_number)
    return [lead for lead in leads if not any(beats(other, lead) for other in leads)]


def beats(article: Article, other: Article) -> bool:
    return article.scope.inside(other.scope) and not other.scope.inside(article.scope)


def by_number(article: Article) -> str:
    return article.number


def narrowest(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Keep for each body the article whose scope lies innermost."""
    kept: dict[str, Article] = {}
    for article in sorted(articles, key=by_number):
        if article.body not in kept or beats(article, kept[article.body]):
            kept[article.body] = article
    return tuple(kept.values())


def narrower(scope: Scope, other: Scope) -> tuple[str, ...]:
    sides = ("topic", "place", "setting", "period")
    return tuple(side for side in sides if getattr(scope, side) != getattr(other, side))
