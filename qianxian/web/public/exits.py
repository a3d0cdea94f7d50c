"""What is no demand on an office, by which article, and the way to go instead: the six exits, and self-government."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise

from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.articles import Case
from qianxian.mandates.rules.self_government import self_governed
from qianxian.matters.rules.intake import exit_shown, exits
from qianxian.register.rules import Directory
from qianxian.web.public.answers import Line, body_name
from qianxian.web.resident.ways import ways


@dataclass(frozen=True)
class WayOut:
    """One exit: what it is, the article, what is answered, and the ways to go."""

    code: str
    name: str
    article: str
    reply: str
    ways: tuple[str | Promise, ...]


def way_out(code: str) -> WayOut:
    """Return one exit as people read it."""
    found = exits()[code]
    return WayOut(code, found.name, found.article, found.reply, ways(code))


def ways_out() -> list[WayOut]:
    """Return every exit."""
    return [way_out(code) for code in exits()]


def shown_by(words: str) -> WayOut | None:
    """Return the exit that words show beyond doubt."""
    code = exit_shown(words)
    return way_out(code) if code else None


def own_affairs(topic: str, place: str, setting: str, directory: Directory, at: datetime) -> list[Line]:
    """
    Return the lines by which a case is the community's own affair.

    :raises NothingInForce: if no register is in force
    """
    edition = mandates.in_force(at)
    return [
        Line(
            article.number,
            body_name(article.body, directory),
            article.basis,
            reverse("article", args=[edition.edition, article.number]),
        )
        for article in self_governed(edition.index, Case(topic, place, setting, at))
    ]
