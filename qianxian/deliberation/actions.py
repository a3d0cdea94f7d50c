from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from qianxian.cadres.rules import Actor
from qianxian.matters import actions as matters
from qianxian.matters import queries
from qianxian.matters.actions.deeds import hold
from qianxian.matters.rules.intake import Channel, Demand, MatterKind
from qianxian.matters.rules.life import Satisfaction, Stage, must_be

if TYPE_CHECKING:
    from qianxian.matters.models import Matter


@transaction.atomic
def rate(number: int, *, solved: bool, satisfaction: Satisfaction, comment: str, actor: Actor, at: datetime) -> None:
    """
    Let the resident judge a resolved matter, which is then closed; whoever is not content brings a follow-up.

    :raises OutOfOrder: if it is not resolved, or rated already
    """
    matters.rate(number, solved=solved, satisfaction=satisfaction, comment=comment, actor=actor, at=at)
    matters.close(number, actor=actor, at=at)


@transaction.atomic
def follow_up(number: int, *, words: str, contact: matters.Contact, actor: Actor, at: datetime) -> "Matter":
    """
    Take a closed matter on to the one whom its owner answered to, with what the resident still has to say.

    A matter is gone on with once: asked again, this returns the follow-up that is there.

    :raises OutOfOrder: if it is not closed
    :raises Unfit: if nothing is said
    """
    first = hold(number)
    must_be(Stage(first.stage), {Stage.CLOSED}, "follow_up")
    if made := queries.follow_up_of(first):
        return made
    demand = Demand(
        words=words, place=first.place_id, kind=MatterKind(first.kind), channel=Channel.WEB,
        topic=first.topic_id or "", setting=first.setting, address=first.address,
    )  # fmt: skip
    return matters.receive(demand=demand, contact=contact, actor=actor, at=at, follows=first)
