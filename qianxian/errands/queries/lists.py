"""Lists of requests, of what runs, and of refusals, by who reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from ..models import Asking, Entrance, Errand, Refusal, Verdict
from ..rules.life import PUBLIC, Stage
from .gate import day_of


def errand(number: int) -> Errand:
    """
    Return one errand with all that its page shows.

    :raises Errand.DoesNotExist: if there is none within reach
    """
    return _full(Errand.objects.all()).get(pk=number)


def _full(found: QuerySet[Errand]) -> QuerySet[Errand]:
    return found.select_related("department", "topic", "extends").prefetch_related(
        Prefetch("entrances", Entrance.objects.select_related("place", "committee").order_by("place")),
        Prefetch("verdicts", Verdict.objects.select_related("unit").order_by("pk")),
    )


def of_department(unit: str) -> QuerySet[Errand]:
    """Return what a unit has asked for, the newest first."""
    return Errand.objects.filter(department=unit).select_related("department", "topic").order_by("-drafted_at", "-pk")


def at_the_table(unit: str) -> QuerySet[Errand]:
    """Return what waits for the word of a unit of the joint table, what is due first on top."""
    return _full(
        Errand.objects.filter(
            stage__in=[Stage.FILED, Stage.HEARD], verdicts__unit=unit, verdicts__made_at=None
        ).order_by("decision_due_at", "pk")
    )


def inside(area: str) -> QuerySet[Errand]:
    """Return everything filed that enters communities of an area, the newest first."""
    found = Errand.objects.exclude(stage=Stage.DRAFT).select_related("department", "topic")
    places = Entrance.objects.filter(place__code__startswith=area).values("errand")
    return found.filter(pk__in=places).order_by("-filed_at", "-pk")


def awaiting_opinion(committee: str, at: datetime) -> list[Entrance]:
    """Return the requests on which a community has not spoken and still may."""
    return list(
        Entrance.objects.filter(committee=committee, opinion="", errand__stage=Stage.FILED, due_at__gt=at)
        .select_related("errand__department", "place")
        .order_by("due_at", "pk")
    )


def runs_in(place: str, at: datetime) -> list[Errand]:
    """Return what runs in a community on the day of a moment, the first to leave on top."""
    day = day_of(at)
    return list(
        Errand.objects.filter(
            stage=Stage.ADMITTED, places__contains=[place], starts_on__lte=day, ends_on__gte=day
        )
        .select_related("department")
        .order_by("ends_on", "pk")
    )  # fmt: skip


def comes_to(place: str, at: datetime) -> list[Errand]:
    """Return what is admitted into a community and begins later."""
    day = day_of(at)
    found = Errand.objects.filter(stage=Stage.ADMITTED, places__contains=[place], starts_on__gt=day)
    return list(found.select_related("department").order_by("starts_on", "pk"))


def over_in(place: str, at: datetime) -> list[Errand]:
    """Return what was not admitted into a community, or left it, in the last ninety days: who still asks is refused."""
    found = Errand.objects.filter(
        stage__in=[Stage.REFUSED, Stage.ENDED], places__contains=[place], decided_at__gt=at - timedelta(days=400)
    )
    recent = found.filter(Q(ended_at__gt=at - timedelta(days=90)) | Q(stage=Stage.REFUSED))
    return list(recent.select_related("department").order_by("-decided_at", "-pk")[:10])


def published() -> QuerySet[Errand]:
    """Return what was decided, for anybody to read, the newest decision first."""
    return _full(Errand.objects.filter(stage__in=PUBLIC).order_by("-decided_at", "-pk"))


def runs_of(unit: str, at: datetime) -> list[Errand]:
    """Return the errands under which a unit may ask something of communities today."""
    day = day_of(at)
    found = Errand.objects.filter(stage=Stage.ADMITTED, department=unit, starts_on__lte=day, ends_on__gte=day)
    return list(found.order_by("title", "pk"))


def askings_at_the_gate(committee: str) -> list[Asking]:
    """Return what was asked of a community without admission and is neither refused nor taken back."""
    return list(_at_the_gate(committee).select_related("department").order_by("asked_at", "pk"))


def _at_the_gate(committee: str) -> QuerySet[Asking]:
    found = Asking.objects.filter(committee=committee, errand=None, taken_back_at=None)
    return found.filter(Q(refusal=None) | Q(refusal__undone_at__isnull=False))


def asked_within(committee: str) -> QuerySet[Asking]:
    """Return what was asked of a community within what was admitted, the newest first."""
    return (
        Asking.objects.filter(committee=committee, errand__isnull=False, taken_back_at=None)
        .select_related("department", "errand")
        .order_by("-asked_at", "-pk")
    )


def askings_of(unit: str) -> QuerySet[Asking]:
    """Return what a unit has asked of communities, the newest first."""
    found = Asking.objects.filter(department=unit).select_related("place", "errand", "refusal")
    return found.order_by("-asked_at", "-pk")


def refusals(*, department: str = "", committee: str = "", area: str = "") -> QuerySet[Refusal]:
    """Return refusals within reach, of a department, by a community or inside an area, the newest first."""
    wanted = Q(undone_at=None)
    if department:
        wanted &= Q(department=department)
    if committee:
        wanted &= Q(asking__committee=committee)
    if area:
        wanted &= Q(asking__place__code__startswith=area)
    found = Refusal.objects.filter(wanted).select_related("asking__place", "asking__committee", "department")
    return found.order_by("-refused_at", "-pk")


@dataclass(frozen=True, slots=True)
class RefusedOf:
    """How often communities refused what a department asked, and how many of those the street has answered."""

    department: str
    name: str
    refused: int
    noted: int


def refused_by_department(found: QuerySet[Refusal]) -> list[RefusedOf]:
    """Return the refusals of a list counted by department; there is no count by community or person."""
    rows = (
        found.order_by()
        .values("department", "department__short")
        .annotate(refused=Count("pk"), noted=Count("noted_at"))
        .order_by("-refused", "department")
    )
    return [RefusedOf(row["department"], row["department__short"], row["refused"], row["noted"]) for row in rows]


def counted_stages(found: QuerySet[Errand]) -> dict[int, int]:
    """Return how many errands of a list stand at each stage."""
    rows: Sequence[tuple[int, int]] = list(
        found.order_by().values_list("stage").annotate(count=Count("pk")).values_list("stage", "count")
    )
    return dict(rows)
