"""Matters as a history to learn from: who owned each, and what was known when it was dispatched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..models import Matter
from ..rules.life import Ground


@dataclass(frozen=True, slots=True)
class Settled:
    """One matter: codes of topic, place, setting, kind and channel, the code of its owner, when it was received."""

    number: int
    topic: str
    place: str
    setting: str
    kind: str
    channel: str
    owner: str
    at: datetime


def settled(area: str) -> Iterator[Settled]:
    """
    Return the matters of an area whose owner came by an article or a ruling, the earliest first.

    Those that the register left silent or contested lie with whoever took them up meanwhile; they teach nothing.
    """
    columns = ("pk", "topic_id", "place_id", "setting", "kind", "channel", "owner_id", "received_at")
    found = Matter.objects.filter(
        exit="", ground__in=[Ground.ARTICLE.value, Ground.RULING.value], place__code__startswith=area,
        topic__isnull=False, merged_into=None,
    ).order_by("received_at", "pk")  # fmt: skip
    for row in found.values_list(*columns).iterator():
        yield Settled(*row)
