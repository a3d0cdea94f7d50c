from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import Actor
from qianxian.matters import actions as matters
from qianxian.matters.rules.life import Satisfaction


@transaction.atomic
def rate(number: int, *, solved: bool, satisfaction: Satisfaction, comment: str, actor: Actor, at: datetime) -> None:
    """
    Let the resident judge a resolved matter, which is then closed; whoever is not content brings a follow-up.

    :raises OutOfOrder: if it is not resolved, or rated already
    """
    matters.rate(number, solved=solved, satisfaction=satisfaction, comment=comment, actor=actor, at=at)
    matters.close(number, actor=actor, at=at)
