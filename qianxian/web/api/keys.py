"""Keys with which other systems bring demands: made and shown once, looked up in one step with their reach."""

import hashlib
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from qianxian.cadres.rules import Actor
from qianxian.journal import actions as journal
from qianxian.register import queries as register
from qianxian.register.rules import Unknown
from qianxian.web.models import ApiKey
from qianxian.web.shell.allowance import spend

PREFIX = "qx_"
A_MINUTE, A_SECOND = timedelta(minutes=1), timedelta(seconds=1)
MOST_A_MINUTE = 12_000
"""Demands that one key may bring each minute; far beyond any hotline, short of a flood."""
AT_ONCE = 100
"""Calls that a process draws from the allowance of a key at once: one small statement for so many calls."""

WITHIN_REACH = """
SELECT id, unit_id, area_id, (SELECT json_object_agg(name, number) FROM qianxian_revision),
    set_config('qianxian.unit', unit_id, false), set_config('qianxian.area', area_id, false),
    set_config('qianxian.code', '', false), set_config('qianxian.requester', '', false),
    set_config('qianxian.everything', '', false)
FROM qianxian_apikey WHERE secret_hash = %s AND withdrawn_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """The system behind a key: it acts for a unit, inside an area."""

    key: int
    unit: str
    area: str
    revisions: dict[str, int]
    """Of the reference data, read with the key: the call needs no other statement to know that nothing changed."""

    @property
    def source(self) -> str:
        return f"api:{self.key}"

    @property
    def actor(self) -> Actor:
        return Actor(f"key:{self.key}", self.unit)


class UnknownPlace(Exception):
    """There is no place of this code or name."""


@transaction.atomic
def make(*, name: str, unit: str, area: str, actor: str, at: datetime) -> str:
    """
    Make a key and return its secret, which is never shown again.

    :raises Unknown: if there is no such unit
    :raises UnknownPlace: if there is no such place
    :raises django.db.IntegrityError: if the name is taken
    """
    directory = register.directory()
    place = directory.places.get(area) or directory.place_named(area)
    if place is None:
        raise UnknownPlace(area)
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name, secret_hash=_hash(secret), unit_id=directory.organisation(unit).code, area_id=place.code, made_at=at
    )
    journal.record(at=at, actor=actor, verb="make_key", subject=f"key:{key.pk}", place=place.code)
    return secret


@transaction.atomic
def withdraw(*, name: str, actor: str, at: datetime) -> None:
    """
    End a key from now on.

    :raises ApiKey.DoesNotExist: if there is none of this name in use
    """
    key = ApiKey.objects.get(name=name, withdrawn_at=None)
    key.withdrawn_at = at
    key.save(update_fields=["withdrawn_at"])
    journal.record(at=at, actor=actor, verb="withdraw_key", subject=f"key:{key.pk}")


def caller_of(secret: str) -> Caller | None:
    """Return who holds a secret, and let the connection reach as far as they do; None where nobody does."""
    with connection.cursor() as cursor:
        cursor.execute(WITHIN_REACH, [_hash(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    number, unit, area, revisions = row[:4]
    return Caller(number, unit, area, revisions or {})


class Pace:
    """
    Counts calls by the minute, those of all processes together: a limit against floods.

    A process draws a hundred calls at once from the allowance in the database, and asks no more than once a second
    while there is none left. What it has drawn and not used in a minute is given up.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawn: dict[str, tuple[int, datetime]] = {}
        self._closed: dict[str, datetime] = {}

    def within(self, whose: str, at: datetime) -> bool:
        """Count one call and tell whether it is within what one may make in a minute."""
        with self._lock:
            left, until = self._drawn.get(whose, (0, at))
            if left and at < until:
                self._drawn[whose] = (left - 1, until)
                return True
            if at < self._closed.get(whose, at):
                return False
            amount = min(AT_ONCE, MOST_A_MINUTE)
            granted = spend("api pace", whose, most=MOST_A_MINUTE, per=A_MINUTE, at=at, amount=amount)
            if granted:
                self._drawn[whose] = (amount - 1, at + A_MINUTE)
            else:
                self._closed[whose] = at + A_SECOND
            return granted


pace = Pace()
Refusal = (Unknown, UnknownPlace)


def _hash(secret: str) -> str:
    """Digest a secret of 256 random bits: it cannot be guessed, so that no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
