"""The doings of a sign-in: who must wait, who is let in, where an account is signed in."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model, login
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from qianxian.web.models import FailedSignIn, SignIn
from qianxian.web.shell.allowance import address_of
from qianxian.web.shell.index import name_index
from qianxian.web.shell.lockout import BY_ACCOUNT, BY_ADDRESS, LONGEST, Ended, locked_until, session_ended

if TYPE_CHECKING:
    from qianxian.cadres.models import Account

BEGAN, SEEN = "began_at", "seen_at"
SEEN_EVERY = 60
KEPT = timedelta(days=1)


class StaffBackend(ModelBackend):
    """Names and passwords of staff; each request reads the account and its unit in one statement."""

    def get_user(self, user_id: int) -> "Account | None":
        """Return the account of a session, None when it has left."""
        account = get_user_model()._default_manager.select_related("unit").filter(pk=user_id).first()
        return account if account and self.user_can_authenticate(account) else None


class MustWait(Exception):
    """Too many failures; `until` says when the next try is allowed."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def try_sign_in(request: HttpRequest, username: str, password: str, *, at: datetime) -> "Account | None":
    """Let the account in, or count the failure and return None.

    Raises:
        MustWait: the account or the address has failed too often; the password is not even looked at.
    """
    if until := must_wait_until(username, address_of(request), at):
        raise MustWait(until)
    account = authenticate(request, username=username, password=password)
    if account is None:
        FailedSignIn.objects.filter(at__lt=at - KEPT).delete()
        FailedSignIn.objects.create(name_index=name_index(username), address=address_of(request), at=at)
        return None
    FailedSignIn.objects.filter(name_index=name_index(username)).delete()
    let_in(request, account, at=at)
    return account


def must_wait_until(username: str, address: str, at: datetime) -> datetime | None:
    """Return until when this account or address may not try again, None while it may."""
    waits = (
        locked_until(_failures(at, BY_ACCOUNT.failures, name_index=name_index(username)), BY_ACCOUNT, at),
        locked_until(_failures(at, BY_ADDRESS.failures, address=address), BY_ADDRESS, at),
    )
    return max(filter(None, waits), default=None)


def _failures(at: datetime, most: int, **of: str) -> list[datetime]:
    return list(FailedSignIn.objects.filter(at__lte=at, **of).order_by("-at").values_list("at", flat=True)[:most])


def let_in(request: HttpRequest, account: "Account", *, at: datetime) -> None:
    """Open a session under a new key and note where it was opened."""
    login(request, account)
    request.session[BEGAN] = request.session[SEEN] = at.isoformat()
    note_sign_in(request, account, at=at)


def note_sign_in(request: HttpRequest, account: "Account", *, at: datetime) -> None:
    """Remember the session's present key, under which it can be ended from elsewhere."""
    if request.session.session_key is None:
        request.session.create()
    SignIn.objects.filter(began_at__lte=at - LONGEST).delete()
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "account_id": account.pk,
            "began_at": at,
            "address": address_of(request),
            "browser": request.headers.get("User-Agent", "")[:200],
        },
    )


def end_elsewhere(request: HttpRequest, account: "Account") -> int:
    """End every session of `account` but this one, and return how many there were."""
    others = SignIn.objects.filter(account_id=account.pk).exclude(session_key=request.session.session_key)
    sessions = import_module(settings.SESSION_ENGINE).SessionStore
    for key in others.values_list("session_key", flat=True):
        sessions(key).delete(key)
    return others.delete()[0]


def forget_sign_in(request: HttpRequest) -> None:
    """Drop the note of this session."""
    SignIn.objects.filter(session_key=request.session.session_key).delete()


def why_ended(request: HttpRequest, *, at: datetime) -> Ended | None:
    """Return why a member of staff's session is over, None while it lasts; a session without its times is over."""
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is None or seen is None:
        return Ended.TOO_LONG
    return session_ended(datetime.fromisoformat(began), datetime.fromisoformat(seen), at)


def note_seen(request: HttpRequest, *, at: datetime) -> None:
    """Remember that the session is in use, at most once a minute."""
    if (at - datetime.fromisoformat(request.session[SEEN])).total_seconds() >= SEEN_EVERY:
        request.session[SEEN] = at.isoformat()
