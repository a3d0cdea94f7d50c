"""Residents have no account: a phone and a one-time code open a session of twelve hours."""

import base64
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from qianxian.matters.actions.intake import index_of, seal
from qianxian.web.models import OneTimeCode
from qianxian.web.shell.index import code_hash
from qianxian.web.shell.lockout import LONGEST
from qianxian.web.shell.one_time_code import LASTS, Verdict, judge, masked

KEPT = timedelta(days=1)
PENDING, ENTERED = "resident_pending", "resident"


@dataclass(frozen=True)
class Phone:
    """A phone as a session holds it: to search by, to show, and sealed for a matter's contact."""

    index: str
    masked: str
    sealed: str

    @classmethod
    def of(cls, number: str) -> "Phone":
        """Return how eleven digits are held."""
        return cls(index_of(number), masked(number), base64.b64encode(seal().close(number)).decode())


def ask_code(request: HttpRequest, phone: Phone, *, at: datetime) -> str:
    """Make a code for `phone`, which ends all earlier ones, wait for it in this session, and return it for sending."""
    OneTimeCode.objects.filter(made_at__lt=at - KEPT).delete()
    code = f"{secrets.randbelow(1_000_000):06d}"
    OneTimeCode.objects.create(
        phone_index=phone.index, code_hash=code_hash(phone.index, code), made_at=at, expires_at=at + LASTS
    )
    request.session[PENDING] = asdict(phone)
    return code


def awaited(request: HttpRequest) -> Phone | None:
    """Return the phone whose code this session waits for."""
    held = request.session.get(PENDING)
    return Phone(**held) if held else None


def enter_by_code(request: HttpRequest, phone: Phone, typed: str, *, at: datetime) -> Verdict:
    """Judge a typed code and, when it is right, let the resident in under a new session key."""
    verdict = _use_up(phone, typed, at)
    if verdict is Verdict.RIGHT:
        request.session.cycle_key()
        request.session[ENTERED] = {**asdict(phone), "until": (at + LONGEST).isoformat()}
    return verdict


@transaction.atomic
def _use_up(phone: Phone, typed: str, at: datetime) -> Verdict:
    """Judge a code against the newest one of the phone and count the try; two tries at once wait for each other."""
    held = OneTimeCode.objects.select_for_update().filter(phone_index=phone.index).order_by("-made_at").first()
    verdict = judge(held.as_rule() if held else None, code_hash(phone.index, typed), at)
    if held and verdict is Verdict.WRONG:
        held.tries += 1
        held.save(update_fields=["tries"])
    if held and verdict is Verdict.RIGHT:
        held.used_at = at
        held.save(update_fields=["used_at"])
    return verdict


def leave(request: HttpRequest) -> None:
    """Forget the resident and all that the session held."""
    request.session.flush()


def resident_of(request: HttpRequest) -> Phone | None:
    """Return the phone that this session has proved, None when it has not or the time is over."""
    held = dict(request.session.get(ENTERED) or {})
    until = held.pop("until", None)
    return Phone(**held) if until and timezone.now() < datetime.fromisoformat(until) else None


def resident_phone(request: HttpRequest) -> str | None:
    """Return the blind index of the phone that this session has proved, or None: what `matters_of` and `reach` take."""
    found = resident_of(request)
    return found.index if found else None


def resident_number(request: HttpRequest) -> str | None:
    """Return the number itself, for the contact of a matter and nothing else, so that nobody is asked for it twice."""
    found = resident_of(request)
    return seal().open(base64.b64decode(found.sealed)) if found else None
