"""Where a register leaves a case without a lead, or with two: what keeps a draft from being published."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .answering import Index, Outcome, answerable
from .articles import Article, Case, Duty

DIGITS = (2, 4, 6)
"""Of a topic, and of those above it."""


class Hole(StrEnum):
    GAP = "gap"
    CONTEST = "contest"


@dataclass(frozen=True, slots=True)
class Found:
    """A case that a register leaves open, the widest of its kind; `lost` are the leads that it had before."""

    kind: Hole
    case: Case
    articles: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def lost_leads(before: Index, after: Index, topics: Iterable[str], at: datetime, *, place: str) -> list[Found]:
    """
    Return the cases that had a lead and have none now, one for each topic: the widest in place and setting.

    Every place and setting that an article of the topic names is asked, and the whole area (`place`).

    :param topics: the leaves of the topic tree
    """
    spots = _spots((*before, *after), place)
    found = []
    for topic in sorted(topics):
        for case in _cases(topic, spots, at):
            answer = answerable(after, case)
            if answer.outcome is Outcome.SILENT and (had := _leading(before, case)):
                found.append(Found(Hole.GAP, case, lost=tuple(sorted(article.number for article in had))))
                break
    return found


def contests(register: Index, topics: Iterable[str], at: datetime, *, place: str) -> list[Found]:
    """Return the cases in which two bodies lead and neither article prevails, one for each pair of articles."""
    spots = _spots(register, place)
    found: dict[tuple[str, ...], Found] = {}
    for topic in sorted(topics):
        for case in _cases(topic, spots, at):
            answer = answerable(register, case)
            if answer.outcome is Outcome.CONTESTED:
                rivals = tuple(article.number for article in answer.rivals)
                found.setdefault(rivals, Found(Hole.CONTEST, case, rivals))
    return list(found.values())


def gaps(register: Index, topics: Iterable[str], at: datetime, *, place: str) -> list[Found]:
    """Return the leaves of the topic tree for which nobody leads anywhere in the area."""
    led = {article.scope.topic for article in register if article.duty is Duty.LEAD and at in article.scope.period}
    return [
        Found(Hole.GAP, Case(topic, place, "", at))
        for topic in sorted(topics)
        if not any(topic[:digits] in led for digits in DIGITS)
    ]


def _leading(register: Index, case: Case) -> list[Article]:
    return [article for article in register.covering(case) if article.duty is Duty.LEAD]


def _spots(articles: Iterable[Article], place: str) -> dict[str, set[tuple[str, str]]]:
    """Return for each topic that an article names the places and settings that it names with it."""
    spots: dict[str, set[tuple[str, str]]] = defaultdict(lambda: {(place, "")})
    for article in articles:
        if article.duty is Duty.LEAD:
            spots[article.scope.topic].add((article.scope.place, article.scope.setting))
    return spots


def _cases(topic: str, spots: dict[str, set[tuple[str, str]]], at: datetime) -> Iterator[Case]:
    """Yield the cases of a topic in which leads may meet: each place with each setting, the widest first."""
    near = [spot for code, found in spots.items() if topic.startswith(code) for spot in found]
    places: Collection[str] = {place for place, _ in near}
    settings = {setting for _, setting in near} | {""}
    for place in sorted(places, key=lambda code: (len(code), code)):
        for setting in sorted(settings):
            yield Case(topic, place, setting, at)
