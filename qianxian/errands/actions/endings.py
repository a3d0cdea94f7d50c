"""How an errand leaves a community: by itself at its end, or sooner when its department stops it."""

from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import SYSTEM, Actor

from ..models import Errand, Occasion
from ..queries.gate import day_of
from ..rules.life import Ending, NotAtThisStage, Stage
from ..rules.meetings import State
from .deeds import hold, must_be_of, write


def errands_to_leave(at: datetime) -> list[int]:
    """Return the errands whose last day is over."""
    return list(
        Errand.objects.filter(stage=Stage.ADMITTED, ends_on__lt=day_of(at))
        .order_by("ends_on")
        .values_list("pk", flat=True)[:200]
    )


@transaction.atomic
def leave(number: int, *, at: datetime) -> Errand:
    """
    End an errand whose last day is over; more time would be a new request.

    :raises NotAtThisStage: if it does not run, or its end has not come
    """
    errand = hold(number)
    if errand.ends_on is None or errand.ends_on >= day_of(at):
        raise NotAtThisStage(Stage(errand.stage), "leave")
    return _ended(errand, Ending.DATE, SYSTEM, at)


@transaction.atomic
def stop(number: int, *, actor: Actor, at: datetime) -> Errand:
    """
    End an errand before its last day.

    :raises NotYours: if it is another department's
    :raises NotAtThisStage: if it does not run
    """
    errand = hold(number)
    must_be_of(actor, errand.department_id, "stop")
    return _ended(errand, Ending.STOPPED, actor, at)


def _ended(errand: Errand, ending: Ending, actor: Actor, at: datetime) -> Errand:
    """What was still planned under it is off with it."""
    write(errand, "end_errand", actor, at, stage=Stage.ENDED, ended_at=at, ending=ending.value)
    Occasion.objects.filter(errand=errand, state=State.PLANNED, starts_at__gt=at).update(state=State.CANCELLED)
    return errand
