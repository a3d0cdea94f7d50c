"""What themes are drawn from, and the themes that were declared."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from qianxian.kernel.worktime import BEIJING

from ..models import Matter, Theme

MOST = 50_000
COMMUNITY = 12
Row = tuple[int, str, str, str, str]


def rows(area: str, since: datetime, until: datetime) -> Iterator[Row]:
    """Yield number, month, words, community and topic of the demands of an area, the newest 50,000; duplicates left out."""
    found = (
        _asked(area, since, until)
        .order_by("-received_at")
        .values_list("id", "received_at", "words", "place_id", "topic_id")[:MOST]
    )
    for number, at, words, place, topic in found.iterator(chunk_size=2000):
        yield number, f"{at.astimezone(BEIJING):%Y-%m}", words, place[:COMMUNITY], topic or ""


def count(area: str, since: datetime, until: datetime) -> int:
    """Return how many rows there are, counted no further than the most that are read."""
    return _asked(area, since, until)[:MOST].count()


def _asked(area: str, since: datetime, until: datetime) -> QuerySet[Matter]:
    return Matter.objects.filter(
        place__code__startswith=area,
        received_at__gte=since,
        received_at__lt=until,
        merged_into_id=None,
        part_of=None,
    )


def declared(area: str = "") -> QuerySet[Theme]:
    """Return the themes that were declared inside an area, the newest month first."""
    return (
        Theme.objects.filter(area__code__startswith=area)
        .select_related("lead", "topic", "area")
        .order_by("-month", "area")
    )
