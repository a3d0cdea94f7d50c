"""A draft of the register tried on past matters: which would go to another owner."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qianxian.cadres import queries as cadres
from qianxian.mandates import queries as mandates
from qianxian.mandates.queries import drafts
from qianxian.mandates.rules.drafts import Columns
from qianxian.register import queries as register

from ..models import Matter
from ..rules.intake import Holder, Reference
from ..rules.life import Ground
from ..rules.replaying import Move, Owned, Past, replayed
from . import calendar

PART = 5000
NOT_BY_THE_REGISTER = (Ground.EXIT.value, Ground.CONSULTATION.value, Ground.FOLLOW_UP.value)
"""Grounds on which the register was not asked: they stay as they were, whatever it says."""


@dataclass(frozen=True)
class Part:
    """What a part of a replay came to; `last` is the number of the last matter, `done` that none follows."""

    asked: int
    last: int
    done: bool
    moves: tuple[Move, ...]


def asked_of_the_register() -> "QuerySet[Matter]":
    """Return the past matters of which the register decided, or was found silent or contested."""
    return Matter.objects.exclude(ground__in=NOT_BY_THE_REGISTER)


def replay_part(before: Reference, after: Reference, at: datetime, *, last: int = 0, most: int = PART) -> Part:
    """Return which of the next past matters would move; reads the matters, writes nothing."""
    rows = list(
        asked_of_the_register()
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", "topic_id", "place_id", "setting")[: most + 1]
    )
    part = [Past(pk, topic or "", place, setting) for pk, topic, place, setting in rows[:most]]
    moves = tuple(replayed(part, before, after, at))
    return Part(len(part), part[-1].matter if part else last, len(rows) <= most, moves)


def references(before: Iterable[Columns], after: Iterable[Columns]) -> tuple[Reference, Reference]:
    """Return all that decides who owns a demand by one register and by the other; the rest is the same for both."""
    known = register.revisions()
    old = Reference(
        0,
        drafts.index_of(before),
        mandates.topics(known),
        register.directory(known),
        cadres.postings(known),
        calendar(known),
    )
    return old, replace(old, index=drafts.index_of(after))


def as_data(move: Move) -> list[Any]:
    """Return a move as it is kept with a draft: the number of the matter and nothing that a person said."""
    past = move.past
    return [past.matter, past.topic, past.place, past.setting, _side(move.before), _side(move.after)]


def from_data(kept: list[Any]) -> Move:
    """Return a move from what was kept of it."""
    matter, topic, place, setting, before, after = kept
    return Move(Past(matter, topic, place, setting), _owned(before), _owned(after))


def titles(numbers: Collection[int]) -> dict[int, Matter]:
    """Return those of these matters that lie within the reader's reach, for code and title to be shown."""
    return Matter.objects.only("code", "title", "received_at", "stage").in_bulk(list(numbers))


def _side(owned: Owned) -> list[Any]:
    return [owned.owner.unit, owned.owner.posting, owned.ground.value, owned.article]


def _owned(kept: list[Any]) -> Owned:
    unit, posting, ground, article = kept
    return Owned(Holder(unit, posting), Ground(ground), article)
