"""Pairs of records that wait for a decision, and those that were decided."""

from django.db.models import QuerySet

from ..models import Link

SIDES = ("left__place", "right__place")


def waiting() -> QuerySet[Link]:
    """Return the pairs within reach that wait, the likeliest first; a pair one side of which is merged waits no more."""
    found = Link.objects.filter(state="queued", left__merged_into=None, right__merged_into=None)
    return found.select_related(*SIDES).order_by("-probability", "pk")


def decided() -> QuerySet[Link]:
    """Return what was decided last."""
    return Link.objects.exclude(state="queued").exclude(decided_at=None).select_related(*SIDES).order_by("-decided_at")


def link(number: int | None) -> Link | None:
    """Return one pair within reach."""
    return Link.objects.filter(pk=number).select_related(*SIDES).first() if number else None
