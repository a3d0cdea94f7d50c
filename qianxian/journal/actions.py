from datetime import datetime
from typing import Any

from django.db import connection

from qianxian.kernel.writing import write_rows

from .models import Entry


def entry(
    *, at: datetime, actor: str, verb: str, subject: str, unit: str = "", article: str = "", **details: Any
) -> Entry:
    """Return the entry of one deed, not yet written."""
    return Entry(at=at, actor=actor, unit=unit, verb=verb, subject=subject, article=article, details=details)


def record(**deed: Any) -> Entry:
    """Write down one deed (see `entry`), in the transaction of the deed."""
    written = entry(**deed)
    written.save(force_insert=True)
    return written


def record_all(entries: list[Entry]) -> None:
    """Write down many deeds in one statement."""
    write_rows(connection, entries)
