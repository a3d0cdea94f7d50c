"""Themes of the platform's own matters: what the page and the command share."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from qianxian.kernel.lazily import lazily
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.matters.queries import themes as queries

if TYPE_CHECKING:
    from qianxian.mandates.words import themes
else:
    themes = lazily("qianxian.mandates.words.themes")

MONTHS = 13
KEYS_TOLD = 200


def count(area: str, at: datetime) -> int:
    """Return how many demands `messages` would give."""
    return queries.count(area, _since(at), at + timedelta(seconds=1))


def messages(area: str, at: datetime) -> "list[themes.Message]":
    """Return the demands of an area of this month and the twelve before, as messages."""
    rows = queries.rows(area, _since(at), at + timedelta(seconds=1))
    return [
        themes.Message(str(number), month, " ".join(words.split()), place, topic)
        for number, month, words, place, topic in rows
    ]


def _since(at: datetime) -> datetime:
    first = at.astimezone(BEIJING).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first.replace(year=first.year - 1)


def name_of(theme: "themes.Theme", tree: TopicTree) -> str:
    """Return what a theme is called: its phrase, else its topic."""
    return theme.name or (tree.topics[theme.topic].name if theme.topic in tree.topics else theme.topic)


def told(theme: "themes.Theme", tree: TopicTree) -> dict[str, Any]:
    """Return a theme for JSON."""
    return {
        "name": name_of(theme, tree),
        "month": theme.month,
        "topic": theme.topic,
        "topic_name": "／".join(topic.name for topic in tree.path(theme.topic)) if theme.topic else "",
        "place": theme.place,
        "count": theme.count,
        "expected": theme.expected,
        "times": None if theme.times is None else round(theme.times, 1),
        "log_likelihood_ratio": theme.surprise,
        "chance": theme.chance,
        "votes": theme.votes,
        "phrases": list(theme.phrases),
        "by_month": dict(theme.series),
        "matters": list(theme.keys[:KEYS_TOLD]),
    }
