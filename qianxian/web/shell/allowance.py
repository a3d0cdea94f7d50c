"""How often the public may do a thing: counted by address and by phone, one statement each."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

SPEND = """
INSERT INTO qianxian_allowance AS a (key, opened_at, count) VALUES (%(key)s, %(at)s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN a.opened_at <= %(start)s THEN 1 ELSE a.count + 1 END,
    opened_at = CASE WHEN a.opened_at <= %(start)s THEN excluded.opened_at ELSE a.opened_at END
RETURNING count
"""


class TooMany(Exception):
    """The allowance is used up; the middleware answers with the page for 429."""


def spend(purpose: str, whose: str, *, most: int, per: timedelta, at: datetime) -> bool:
    """Count one more deed and return whether it is within `most` in each `per`."""
    key = hashlib.sha256(f"{purpose}\n{whose}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"key": key, "at": at, "start": at - per})
        (count,) = cursor.fetchone()
    return bool(count <= most)


def require_allowance(request: HttpRequest, purpose: str, *, most: int, per: timedelta, phone_index: str = "") -> None:
    """Count one deed for the address, and for the phone where one is known.

    Raises:
        TooMany: either has used up its allowance.
    """
    now = timezone.now()
    if not spend(purpose, address_of(request), most=most, per=per, at=now):
        raise TooMany
    if phone_index and not spend(f"{purpose} phone", phone_index, most=most, per=per, at=now):
        raise TooMany


def address_of(request: HttpRequest) -> str:
    """Return the address that the server itself saw; headers that a client may write are not believed."""
    return request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104
