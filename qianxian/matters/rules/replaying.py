"""What another register would have made of past matters: who owns them by the one, and who by the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from .intake import Demand, Holder, Reference, assign
from .life import Ground


@dataclass(frozen=True, slots=True)
class Past:
    """A past matter as the register was asked about it."""

    matter: int
    topic: str
    place: str
    setting: str


@dataclass(frozen=True, slots=True)
class Owned:
    """Whom a register makes the owner, on which ground, by which article ('' where none settles it)."""

    owner: Holder
    ground: Ground
    article: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A past matter that would go to another owner."""

    past: Past
    before: Owned
    after: Owned


def replayed(cases: Iterable[Past], before: Reference, after: Reference, at: datetime) -> Iterator[Move]:
    """
    Yield the past matters that the second register gives to another owner than the first.

    A pure function of both registers, the cases and the cadres posted at the moment; nothing is changed. Each
    combination of topic, place and setting is asked once.
    """
    known: dict[tuple[str, str, str], tuple[Owned, Owned]] = {}
    for past in cases:
        case = (past.topic, past.place, past.setting)
        if case not in known:
            known[case] = (_owned(past, before, at), _owned(past, after, at))
        old, new = known[case]
        if old.owner != new.owner:
            yield Move(past, old, new)


def _owned(past: Past, reference: Reference, at: datetime) -> Owned:
    demand = Demand(words="", place=past.place, topic=past.topic, setting=past.setting)
    assignment = assign(demand, reference, at)
    return Owned(assignment.owner, assignment.ground, assignment.article.number if assignment.article else "")
