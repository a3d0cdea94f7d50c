"""What those see who watch over the work: what waits for a decision, where work stands still, what rulings came to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from qianxian.cadres.rules import Actor
from qianxian.kernel.period import Period
from qianxian.mandates import queries as mandates
from qianxian.register import queries as register
from qianxian.register.rules import Kind

from ..models import (
    Alarm,
    Arrival,
    Callback,
    Coordination,
    Extension,
    Matter,
    Objection,
    Plea,
    Ruling,
    Supervision,
    Whistle,
)
from ..queries import answered_to, owner_of
from ..rules.authority import Cause, NotYours, must_adjudicate
from ..rules.intake import NEVER_OWN
from ..rules.life import OPEN, WORKING, Ground, Stage

if TYPE_CHECKING:
    from qianxian.mandates.models import Finding

COMMUNITY, SECTION = 12, 4
BESIDE = ("matter__topic", "matter__place", "matter__owner")


def objections(area: str) -> QuerySet[Objection]:
    """Return the objections that wait for a ruling, the most urgent ruling first."""
    return (
        Objection.objects.filter(upheld=None, matter__stage=Stage.ASSIGNED.value, matter__place__code__startswith=area)
        .select_related(*BESIDE, "unit", "names")
        .order_by("due_at", "pk")
    )


def unsettled(area: str, ground: Ground) -> QuerySet[Matter]:
    """Return the matters on which the register is silent or contested and nobody has ruled, the first due first."""
    return _here(area).filter(ground=ground.value, stage=Stage.ASSIGNED.value).order_by("due_at", "pk")


def before_dispatch(area: str) -> QuerySet[Matter]:
    """Return the hard cases that are consulted on before dispatch."""
    return _here(area).filter(stage=Stage.RECEIVED.value, ground=Ground.CONSULTATION.value).order_by("due_at", "pk")


def extensions_asked(area: str) -> QuerySet[Extension]:
    """Return the extensions that wait for a decision, the first to expire first."""
    return (
        Extension.objects.filter(decided_at=None, matter__stage__in=WORKING, matter__place__code__startswith=area)
        .select_related(*BESIDE)
        .order_by("matter__due_at", "pk")
    )


def pleas(area: str) -> QuerySet[Plea]:
    """Return what owners ask the hotline authority to approve, the oldest first."""
    return (
        Plea.objects.filter(decided_at=None, matter__place__code__startswith=area)
        .select_related(*BESIDE)
        .order_by("asked_at", "pk")
    )


def callbacks_due(area: str, at: datetime) -> QuerySet[Matter]:
    """Return the resolved matters whose time is up and whose requester nobody has reached (条例 23)."""
    reached = Callback.objects.filter(matter=OuterRef("pk"), reached=True)
    return (
        _here(area)
        .filter(stage=Stage.RESOLVED.value, due_at__lte=at)
        .exclude(pk__in=Subquery(reached.values("matter_id")))
        .order_by("resolved_at", "pk")
    )


def supervisions(area: str) -> QuerySet[Supervision]:
    """Return what supervision has asked and nobody has answered, the first due first."""
    return (
        Supervision.objects.filter(answered_at=None, matter__place__code__startswith=area)
        .select_related(*BESIDE)
        .order_by("due_at", "pk")
    )


def coordinations(area: str) -> QuerySet[Coordination]:
    """Return what those above were asked and have not answered, the first due first."""
    return (
        Coordination.objects.filter(answered_at=None, matter__stage__in=OPEN, matter__place__code__startswith=area)
        .select_related(*BESIDE, "unit", "asker")
        .order_by("due_at", "pk")
    )


def alarms(area: str, since: datetime) -> QuerySet[Alarm]:
    """Return the steps of the ladder that were taken, the newest first."""
    return (
        Alarm.objects.filter(at__gte=since, matter__place__code__startswith=area)
        .select_related(*BESIDE, "told")
        .order_by("-at", "-pk")
    )


def whistles(area: str) -> QuerySet[Whistle]:
    """Return the whistles of an area with the units called, the open ones first, then the newest."""
    return (
        Whistle.objects.filter(matter__place__code__startswith=area)
        .select_related(*BESIDE, "caller")
        .prefetch_related("arrivals__unit")
        .order_by(F("closed_at").desc(nulls_first=True), "-blown_at")
    )


def whistle(number: int) -> Whistle:
    """
    Return one whistle with the units called.

    :raises Whistle.DoesNotExist: if there is none within reach
    """
    return Whistle.objects.select_related(*BESIDE, "caller").prefetch_related("arrivals__unit").get(pk=number)


def overdue(area: str, at: datetime) -> QuerySet[Matter]:
    """Return the matters in work whose time is up."""
    return _here(area).filter(stage__in=WORKING, due_at__lt=at, standing_still=False)


def _here(area: str) -> QuerySet[Matter]:
    return Matter.objects.filter(place__code__startswith=area).select_related("topic", "place", "owner")


WAITING = (
    "objection",
    "contested",
    "silent",
    "extension",
    "above",
    "consultation",
    "plea",
    "callback",
    "supervision",
    "overdue",
)


def waiting(area: str, at: datetime) -> dict[str, int]:
    """Return how many matters of each kind wait for a decision in an area."""
    lists: tuple[
        QuerySet[Objection]
        | QuerySet[Matter]
        | QuerySet[Extension]
        | QuerySet[Coordination]
        | QuerySet[Plea]
        | QuerySet[Supervision],
        ...,
    ]
    lists = (
        objections(area),
        unsettled(area, Ground.CONTESTED),
        unsettled(area, Ground.SILENT),
        extensions_asked(area),
        coordinations(area),
        before_dispatch(area),
        pleas(area),
        callbacks_due(area, at),
        supervisions(area),
        overdue(area, at),
    )
    return dict(zip(WAITING, (found.order_by().count() for found in lists), strict=True))


def precedents(matter: Matter, most: int = 8) -> list[Ruling]:
    """Return the rulings on matters of the same section of topics, those of the very same topic first."""
    if not matter.topic_id:
        return []
    found = (
        Ruling.objects.filter(matter__topic__code__startswith=matter.topic_id[:SECTION])
        .exclude(matter=matter)
        .select_related("matter__topic", "matter__place", "unit")
        .order_by("-made_at")[: most * 4]
    )
    return sorted(found, key=lambda ruling: ruling.matter.topic_id != matter.topic_id)[:most]


def may_answer(matter: Matter, actor: Actor, cause: Cause | None) -> list[str]:
    """Return the units among which the actor may choose in a ruling; none where the ruling is another's to make."""
    return [unit for unit in may_own() if _may(actor, cause, matter, unit)] if cause else []


def rivals(matter: Matter) -> list[str]:
    """Return the units whose articles contend for a matter."""
    return [line["body"] for line in matter.answer.get("rivals", ())]


def may_own() -> list[str]:
    """Return the units that can be main handler: all but committees and bodies above the district."""
    return [body.code for body in register.directory().organisations.values() if body.kind not in NEVER_OWN]


def _may(actor: Actor, cause: Cause, matter: Matter, unit: str) -> bool:
    try:
        must_adjudicate(actor, cause, owner_of(matter), answered_to(matter), matter.place_id, unit, rivals(matter))
    except NotYours:
        return False
    return True


class Spot(NamedTuple):
    """How many demands a topic brought from a community."""

    topic: str
    community: str
    demands: int


def hot_spots(area: str, span: Period) -> list[Spot]:
    """Return the demands of an area by topic and community, the many first."""
    found = (
        Matter.objects.filter(place__code__startswith=area, received_at__gte=span.start, topic__isnull=False)
        .values_list(Left("topic_id", SECTION), Left("place_id", COMMUNITY))
        .annotate(count=Count("pk"))
        .order_by("-count")
    )
    return [Spot(*row) for row in (found.filter(received_at__lt=span.end) if span.end else found)]


class Load(NamedTuple):
    """What is in work in a place, and how much of it is late."""

    open: int
    overdue: int


def loads(area: str, at: datetime) -> dict[str, Load]:
    """Return for each place of an area, the smallest that is known of a matter, what is in work there."""
    late = Count("pk", filter=Q(due_at__lt=at, standing_still=False))
    found = (
        Matter.objects.filter(place__code__startswith=area, stage__in=WORKING)
        .values_list("place_id")
        .annotate(count=Count("pk"), late=late)
        .order_by()
    )
    return {place: Load(count, late) for place, count, late in found}


def gathered(loads: dict[str, Load], place: str) -> Load:
    """Return the load of a place with everything inside it."""
    inside = [load for code, load in loads.items() if code.startswith(place)]
    return Load(sum(load.open for load in inside), sum(load.overdue for load in inside))


class Contention(NamedTuple):
    """How a unit's objections fared: `upheld` if another unit had the duty after all, `lost` if it was its own."""

    unit: str
    made: int
    upheld: int
    lost: int
    waiting: int


def contentions(area: str, span: Period) -> list[Contention]:
    """Return for each unit how its objections fared, by code of the unit."""
    found = (
        Objection.objects.filter(matter__place__code__startswith=area, **_in(span, "made_at"))
        .values_list("unit_id")
        .annotate(
            all_made=Count("pk"),
            all_upheld=Count("pk", filter=Q(upheld=True)),
            all_lost=Count("pk", filter=Q(upheld=False)),
            all_waiting=Count("pk", filter=Q(upheld=None)),
        )
        .order_by("unit_id")
    )
    return [Contention(*row) for row in found]


def rulings(area: str, span: Period) -> QuerySet[Ruling]:
    """Return the rulings made in a span, the newest first."""
    return (
        Ruling.objects.filter(matter__place__code__startswith=area, **_in(span, "made_at"))
        .select_related(*BESIDE, "unit", "matter__objection__unit", "matter__objection__names")
        .order_by("-made_at", "-pk")
    )


def _in(span: Period, field: str) -> dict[str, datetime]:
    return {f"{field}__gte": span.start} | ({f"{field}__lt": span.end} if span.end else {})


class Held(NamedTuple):
    """
    How long matters lay with a unit before anything was done for the requester.

    `untouched` are those on which nothing has been done to this moment.
    """

    unit: str
    matters: int
    median: timedelta
    longest: timedelta
    untouched: int


def held_without_work(area: str, span: Period, at: datetime) -> list[Held]:
    """
    Return for each unit the time from dispatch to the first contact with the requester or the result, by code.

    To sign is no work. Where a ruling moved a matter, the time up to it is that of the unit that had objected, and
    the new owner's time begins at the ruling: nobody bears the idleness of another.
    """
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"area": f"{area}%", "start": span.start, "end": span.end or at, "at": at})
        return [Held(*row) for row in cursor.fetchall()]


HELD = """
WITH dispatched AS (
    SELECT m.id, m.owner_id, m.dispatched_at, coalesce(m.contacted_at, m.resolved_at, m.closed_at) AS worked_at,
           o.unit_id AS objector, r.made_at AS ruled_at, coalesce(o.upheld, false) AS moved
    FROM qianxian_matter m
    LEFT JOIN qianxian_objection o ON o.matter_id = m.id
    LEFT JOIN qianxian_ruling r ON r.matter_id = m.id
    WHERE m.place_id LIKE %(area)s AND m.received_at >= %(start)s AND m.received_at < %(end)s
      AND m.dispatched_at IS NOT NULL
), spans AS (
    SELECT owner_id AS unit, CASE WHEN moved THEN ruled_at ELSE dispatched_at END AS began, worked_at
    FROM dispatched WHERE NOT (moved AND worked_at IS NOT NULL AND worked_at < ruled_at)
    UNION ALL
    SELECT objector, dispatched_at, least(worked_at, ruled_at) FROM dispatched WHERE moved
)
SELECT unit, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(coalesce(worked_at, %(at)s) - began, interval '0')),
       max(greatest(coalesce(worked_at, %(at)s) - began, interval '0')),
       count(*) FILTER (WHERE worked_at IS NULL)
FROM spans GROUP BY unit ORDER BY unit
"""


def arrivals_awaited(area: str) -> QuerySet[Arrival]:
    """Return the units that a whistle has called and that have not arrived, the first to be there first."""
    return (
        Arrival.objects.filter(arrived_at=None, whistle__closed_at=None, whistle__matter__place__code__startswith=area)
        .select_related("unit", "whistle__matter")
        .order_by("required_at")
    )


def suggested_for_whistle(matter: Matter) -> list[str]:
    """Return the units that the register lets assist with a matter, or that hold a power which it needs."""
    answer = matter.answer
    named: Iterable[str] = (
        *(line["body"] for line in answer.get("assisting", ())),
        *(body for bodies in answer.get("holders", {}).values() for body in bodies),
        *(line["body"] for line in answer.get("rivals", ())),
        matter.owner_id,
    )
    known = register.directory().organisations
    return [
        code for code in dict.fromkeys(named)
        if code in known and known[code].kind not in (Kind.COMMITTEE, Kind.STREET)
    ]  # fmt: skip


def witnesses(area: str) -> list[tuple["Finding", Matter | None]]:
    """Return the open findings of the register, each with the matter that brought it to light, where it is in reach."""
    found = list(mandates.open_findings(area)[:500])
    numbers = [int(finding.witness.partition(":")[2]) for finding in found if finding.witness.startswith("matter:")]
    here = {f"matter:{matter.pk}": matter for matter in Matter.objects.filter(pk__in=numbers)}
    return [(finding, here.get(finding.witness)) for finding in found]
