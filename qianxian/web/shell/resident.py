"""Residents have no account: a phone and a one-time code open a session of twelve hours."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from qianxian.web.models import OneTimeCode
from qianxian.web.shell.index import code_hash, phone_index
from qianxian.web.shell.lockout import LONGEST
from qianxian.web.shell.one_time_code import LASTS, Verdict, judge, masked

SESSION_KEY = "resident"


@dataclass(frozen=True)
class Resident:
    """Who has proved a phone in this session; the number itself is not kept."""

    phone_index: str
    masked: str
    until: str


def make_code(phone: str, *, at: datetime) -> str:
    """Store a new code for `phone`, which ends all earlier ones, and return it for sending."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    OneTimeCode.objects.create(phone_index=phone_index(phone), code_hash=code_hash(phone, code), made_at=at, expires_at=at + LASTS)
    return code


@transaction.atomic
def try_code(phone: str, typed: str, *, at: datetime) -> Verdict:
    """Judge a typed code against the newest one of `phone`, count the try, and use it up when it is right."""
    held = OneTimeCode.objects.select_for_update().filter(phone_index=phone_index(phone)).order_by("-made_at").first()
    verdict = judge(held.as_rule() if held else None, code_hash(phone, typed), at)
    if held and verdict is Verdict.WRONG:
        held.tries += 1
        held.save(update_fields=["tries"])
    if held and verdict is Verdict.RIGHT:
        held.used_at = at
        held.save(update_fields=["used_at"])
    return verdict


def enter(request: HttpRequest, phone: str, *, at: datetime) -> None:
    """Let the resident in under a new session key."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = asdict(Resident(phone_index(phone), masked(phone), (at + LONGEST).isoformat()))


def leave(request: HttpRequest) -> None:
    """Forget the resident and all that the session held."""
    request.session.flush()


def resident_of(request: HttpRequest) -> Resident | None:
    """Return who has proved a phone in this session, None when nobody has or the time is over."""
    held = request.session.get(SESSION_KEY)
    if held is None:
        return None
    found = Resident(**held)
    return found if timezone.now() < datetime.fromisoformat(found.until) else None


def resident_phone(request: HttpRequest) -> str | None:
    """Return the blind index of the phone that this session has proved, or None."""
    found = resident_of(request)
    return found.phone_index if found else None
