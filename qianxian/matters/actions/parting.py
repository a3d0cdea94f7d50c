"""Several demands in one message, made matters of their own by a person: each gets its owner, none hides when it came."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import Actor, Role

from ..models import Matter, Requester
from ..queries import owner_of
from ..rules.authority import must_own
from ..rules.intake import Channel, Demand, MatterKind
from ..rules.life import OPEN, Stage, must_be
from .deeds import hold, note
from .intake import Contact, receive, receive_within, seal
from .work import AlreadyDone, Said


@dataclass(frozen=True, slots=True)
class Part:
    """One demand of several in a message, with its topic ('' where none is known)."""

    words: str
    topic: str = ""


@transaction.atomic
def part(number: int, *, parts: Sequence[Part], actor: Actor, at: datetime) -> list[Matter]:
    """
    Make further matters of what stands in one that nobody has signed yet; the first stays as it is, with all its words.

    Place, kind, channel, requester and the time of arrival are those of the first. Each part is dispatched when it is
    parted, and its clocks run from then: a deadline is that of an order and starts at its dispatch, neither at the
    signature nor before there was an order to work on. The first goes on under the clock that it has.

    :raises NotYours, OutOfOrder, Unfit, Said: without parts
    :raises AlreadyDone: if it was signed, parted, or is itself a part
    """
    matter = hold(number)
    if actor.role not in (Role.STREET, Role.SUPERVISOR) or not actor.over(matter.place_id):
        must_own(actor, owner_of(matter), "part")
    must_be(Stage(matter.stage), OPEN, "part")
    if matter.signed_at or matter.part_of_id or matter.parts.exists():
        raise AlreadyDone("part")
    return _parted(matter, parts, actor, at)


@transaction.atomic
def receive_parted(
    *, demand: Demand, contact: Contact, parts: Sequence[Part], actor: Actor, at: datetime
) -> list[Matter]:
    """
    Take in a message that holds several demands: the first with all the words, then one matter for each other part.

    :raises Unfit: if one of them cannot be taken in
    :raises Said: without parts
    """
    first = receive(demand=demand, contact=contact, actor=actor, at=at)
    return [first, *_parted(first, parts, actor, at)]


def _parted(matter: Matter, parts: Sequence[Part], actor: Actor, at: datetime) -> list[Matter]:
    if not parts:
        raise Said("parts")
    like = Demand(
        words="",
        place=matter.place_id,
        kind=MatterKind(matter.kind),
        channel=Channel(matter.channel),
        address=matter.address,
        urgent=matter.deadline_class == "urgent",
    )
    demands = [(replace(like, words=one.words, topic=one.topic), _contact(matter)) for one in parts]
    made = receive_within(demands=demands, actor=actor, at=at, part_of=matter)
    note(matter, "part", actor, at, into=[one.pk for one in made])
    return made


def _contact(matter: Matter) -> Contact:
    """Return who asks, unsealed to be sealed again with the part; nobody reads it."""
    held, found = seal(), Requester.objects.filter(matter=matter).first()
    if found is None:
        return Contact()
    return Contact(held.open(bytes(found.name_sealed)), held.open(bytes(found.phone_sealed)), found.confidential)
