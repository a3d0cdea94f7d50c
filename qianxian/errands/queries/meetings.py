"""Meetings in the calendar, by who must come or who called them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from qianxian.kernel.period import Period

from ..models import Feed, Occasion, Outcome
from ..rules.life import Kind
from ..rules.meetings import Planned, Proposal, State, merging, week_of
from .gate import parameter


def occasion(number: int) -> Occasion:
    """
    Return one meeting.

    :raises Occasion.DoesNotExist: if there is none within reach
    """
    return Occasion.objects.select_related("organiser", "errand", "merged_into").get(pk=number)


def outcomes(occasion: Occasion) -> dict[str, Outcome]:
    """Return what lines of the minutes have become."""
    return {outcome.line: outcome for outcome in occasion.outcomes.select_related("errand")}


def occasions(unit: str, area: str, span: Period) -> QuerySet[Occasion]:
    """Return the meetings of a unit and of an area that begin in a span, in their order; merged ones are left out."""
    wanted = Q(involved__contains=[unit]) | Q(organiser=unit)
    found = Occasion.objects.filter(starts_at__gte=span.start).exclude(state=State.MERGED)
    if span.end:
        found = found.filter(starts_at__lt=span.end)
    if area:
        wanted |= Q(pk__in=_inside(found, area))
    return found.filter(wanted).select_related("organiser").order_by("starts_at", "pk")


def _inside(found: QuerySet[Occasion], area: str) -> list[int]:
    held = found.values_list("pk", "places")
    return [number for number, places in held if any(place.startswith(area) for place in places)]


def proposals(area: str, at: datetime, days: int = 45) -> list[Proposal]:
    """Return the meetings of the coming weeks that could be one."""
    span = Period(at, at + timedelta(days=days))
    planned = [
        as_planned(found) for found in occasions("", area, span) if found.state == State.PLANNED and found.errand_id
    ]
    most = parameter("merged_minutes", Kind.MEETING, area, at).amount
    travel = parameter("travel_minutes", Kind.MEETING, area, at).amount
    return merging(planned, most_minutes=most, travel_minutes=travel)


def as_planned(found: Occasion) -> Planned:
    """Return a meeting as it is weighed."""
    comprehensive = bool(found.errand and found.errand.comprehensive)
    return Planned(
        found.pk, found.title, found.organiser.short, Kind(found.kind), found.starts_at, found.minutes,
        frozenset(found.places), frozenset(found.attendees), comprehensive,
    )  # fmt: skip


def by_week(found: Iterable[Occasion]) -> dict[tuple[int, int], list[Occasion]]:
    """Return meetings by the week in which they begin."""
    weeks: dict[tuple[int, int], list[Occasion]] = {}
    for occasion in found:
        weeks.setdefault(week_of(occasion.starts_at), []).append(occasion)
    return weeks


def has_feed(account: int) -> Feed | None:
    """Return the calendar address that an account has, None where it has none."""
    return Feed.objects.filter(account_id=account, withdrawn_at=None).first()


def feed_by(digest: str) -> Feed | None:
    """Return the feed behind the digest of a secret address, None where it was withdrawn or never was."""
    return Feed.objects.select_related("account").filter(secret_hash=digest, withdrawn_at=None).first()
