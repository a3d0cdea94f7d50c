"""By which article a community refuses what did not pass the gate, in its own jurisdiction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .parameters import days_of, read_table


class What(StrEnum):
    """What is refused: an errand that was not admitted, or a certificate that a community must not issue."""

    ERRAND = "errand"
    CERTIFICATE = "certificate"


class Way(StrEnum):
    """By which way it came."""

    PLATFORM = "platform"
    CHAT = "chat"
    PHONE = "phone"
    PAPER = "paper"
    MEETING = "meeting"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RefusalArticle:
    """An article that lets a community refuse, where and when it is in force."""

    code: str
    what: What
    place: str
    article: str
    words: str
    source: str
    since: date
    until: date | None


class NoArticle(LookupError):
    """No article lets a community refuse there; a national row prevents it."""


def load_articles() -> tuple[RefusalArticle, ...]:
    """Return the articles that come with the platform."""
    return tuple(
        RefusalArticle(
            row["code"], What(row["what"]), row["place"], row["article"], row["words"], row["source"], *days_of(row)
        )
        for row in read_table("refusals.csv")
    )


def article_for(articles: Iterable[RefusalArticle], what: What, place: str, on: date) -> RefusalArticle:
    """
    Return the article of the narrowest jurisdiction in force.

    :raises NoArticle: if there is none
    """
    covering = [
        article
        for article in articles
        if article.what is what and place.startswith(article.place) and article.since <= on
        and (article.until is None or on < article.until)
    ]  # fmt: skip
    if not covering:
        raise NoArticle(f"{place}: {what}")
    return max(covering, key=lambda article: (len(article.place), article.since))
