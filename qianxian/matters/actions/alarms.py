"""What happens by itself as time runs out: the steps of the ladder, and closing what nobody rates."""

from datetime import datetime, timedelta

from django.db import transaction

from qianxian.cadres.rules import SYSTEM
from qianxian.register import queries as register
from qianxian.register.rules import Kind

from ..models import Alarm, Matter
from ..queries import answered_to, calendar, ladder, limits_of, owner_of, pauses_of
from ..rules.escalation import Call, Deed, Tells, next_step
from ..rules.life import WORKING, Stage
from .deeds import hold, note, reckoned
from .endings import close, supervise

SILENCE = timedelta(days=7)
"""How long a requester may take to rate before a matter closes as unrated [K: practice; no rule found]."""


def due_alarms(at: datetime, most: int = 500) -> list[int]:
    """Return the numbers of matters whose next step of the ladder has come."""
    return list(
        Matter.objects.filter(next_alarm_at__lte=at).order_by("next_alarm_at").values_list("id", flat=True)[:most]
    )


@transaction.atomic
def take_step(number: int, *, at: datetime) -> Alarm | None:
    """
    Take the next step of the ladder if its moment has come; safe to repeat, whoever died in between.

    Returns the step taken, None where the moment was moved by a pause, an extension or a holiday.
    """
    matter = hold(number)
    if matter.stage not in WORKING:
        Matter.objects.filter(pk=number).update(next_alarm_at=None)
        return None
    call = _next_call(matter, at)
    if call is None or call.moment > at:
        Matter.objects.filter(pk=number).update(**reckoned(matter, at), next_alarm_at=call.moment if call else None)
        return None
    alarm = Alarm.objects.create(matter=matter, step=call.step.code, told_id=_told(matter, call.step.tells), at=at)
    if call.step.deed is Deed.SUPERVISE and not matter.supervisions.filter(answered_at=None).exists():
        supervise(number, cause="late", note_=call.step.name, actor=SYSTEM, at=at)
        matter.refresh_from_db()
    following = _next_call(matter, at)
    return _taken(matter, alarm, following, at)


def _taken(matter: Matter, alarm: Alarm, following: Call | None, at: datetime) -> Alarm:
    involved = list(dict.fromkeys((*matter.involved, alarm.told_id)))
    matter.next_alarm_at, matter.involved = following.moment if following else None, involved
    matter.save(update_fields=["next_alarm_at", "involved"])
    note(matter, "alarm", SYSTEM, at, step=alarm.step, told=alarm.told_id)
    return alarm


def _next_call(matter: Matter, at: datetime) -> Call | None:
    return next_step(
        start=matter.dispatched_at or matter.received_at,
        due=matter.due_at,
        unit=limits_of(matter).limit.unit,
        pauses=pauses_of(matter),
        done=set(matter.alarms.filter(coordination=None).values_list("step", flat=True)),
        ladder=ladder(),
        calendar=calendar(),
        at=at,
    )


def _told(matter: Matter, tells: Tells) -> str:
    higher = answered_to(matter).unit
    district = register.directory().over(matter.place_id, Kind.GOVERNMENT)
    centre = register.directory().over(matter.place_id, Kind.CENTRE)
    parts = {
        Tells.OWNER: owner_of(matter).unit,
        Tells.OWNER_LEADER: owner_of(matter).unit,
        Tells.ANSWERS_TO: higher,
        Tells.SUPERVISOR: centre.code if centre else higher,
        Tells.DISTRICT: district.code if district else higher,
    }
    return parts[tells]


def silent(at: datetime, most: int = 500) -> list[int]:
    """Return the numbers of resolved matters that nobody has rated in the set time."""
    waiting = Matter.objects.filter(stage=Stage.RESOLVED, resolved_at__lte=at - SILENCE)
    return list(waiting.order_by("resolved_at").values_list("id", flat=True)[:most])


def close_silent(number: int, *, at: datetime) -> Matter:
    """
    Close a matter as unrated: silence is no praise and no blame.

    :raises OutOfOrder: if it was rated in the meantime
    """
    return close(number, actor=SYSTEM, at=at)
