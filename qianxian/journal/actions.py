from datetime import datetime
from typing import Any

from .models import Entry


def record(
    *, at: datetime, actor: str, verb: str, subject: str, unit: str = "", article: str = "", **details: Any
) -> Entry:
    """Write down one deed, in the transaction of the deed."""
    return Entry.objects.create(
        at=at, actor=actor, unit=unit, verb=verb, subject=subject, article=article, details=details
    )


def record_all(entries: list[Entry]) -> None:
    """Write down many deeds in one statement."""
    Entry.objects.bulk_create(entries)
