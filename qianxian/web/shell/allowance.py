"""How often the public may do a thing: counted by address and by phone, one statement each."""

import hashlib
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

SPEND = """
INSERT INTO qianxian_allowance AS a (key, opened_at, count) VALUES (%(key)s, %(at)s, %(amount)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN a.opened_at <= %(start)s THEN excluded.count ELSE a.count + excluded.count END,
    opened_at = CASE WHEN a.opened_at <= %(start)s THEN excluded.opened_at ELSE a.opened_at END
RETURNING count
"""


class TooMany(Exception):
    """The allowance is used up; the middleware answers with the page for 429."""


def spend(purpose: str, whose: str, *, most: int, per: timedelta, at: datetime, amount: int = 1) -> bool:
    """Count so many more deeds and return whether they are within `most` in each `per`."""
    key = hashlib.sha256(f"{purpose}\n{whose}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"key": key, "at": at, "start": at - per, "amount": amount})
        (count,) = cursor.fetchone()
    return bool(count <= most)


def require_allowance(
    request: HttpRequest, purpose: str, *, most: int, per: timedelta, phone_index: str = "", most_by_phone: int = 0
) -> None:
    """Count one deed for the address, and for the phone where one is known.

    Raises:
        TooMany: either has used up its allowance.
    """
    now = timezone.now()
    if not spend(purpose, address_of(request), most=most, per=per, at=now):
        raise TooMany
    if phone_index and not spend(f"{purpose} phone", phone_index, most=most_by_phone or most, per=per, at=now):
        raise TooMany


def address_of(request: HttpRequest) -> str:
    """
    Return the address of whoever asks: the one that the server itself saw, as headers can be written by anybody.

    Where a trusted gateway stands there, it is the last address of X-Forwarded-For that no trusted gateway bears.
    """
    seen = request.META.get("REMOTE_ADDR") or NOWHERE
    if not _is_trusted(seen):
        return seen
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    before = next((address for address in reversed(told) if not _is_trusted(address)), seen)
    return before if _is_address(before) else seen


NOWHERE = "0.0.0.0"  # noqa: S104


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: str) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in settings.TRUSTED_PROXIES)
