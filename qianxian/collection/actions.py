from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qianxian.cadres.rules import Actor
from qianxian.matters import actions as matters
from qianxian.matters.rules.intake import Demand

from .models import Submission

if TYPE_CHECKING:
    from qianxian.matters.models import Matter


@transaction.atomic
def take_in(
    *, source: str, key: str, raw: dict[str, Any], demand: Demand, contact: matters.Contact, actor: Actor, at: datetime
) -> "Matter":
    """
    Take in one submission, once: the same key of the same source leads to the matter that it led to before.

    :raises Unfit: if the demand cannot be taken in
    """
    submission, new = Submission.objects.get_or_create(source=source, key=key, defaults={"raw": raw, "came_at": at})
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if not new and submission.matter:
        return submission.matter
    submission.matter = matters.receive(demand=demand, contact=contact, actor=actor, at=at)
    submission.save(update_fields=["matter"])
    return submission.matter
