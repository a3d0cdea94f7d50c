"""Rules of sign-in and session: when an account or an address must wait, and when a session has ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Limit:
    """So many failures within `window` close the way for another `window`."""

    failures: int
    window: timedelta


BY_ACCOUNT = Limit(5, timedelta(minutes=15))
# A street office shares one address among its staff, so that five mistakes of one person must not shut out the others.
BY_ADDRESS = Limit(20, timedelta(minutes=15))

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


class Ended(Enum):
    """Why a session is over."""

    IDLE = "idle"
    TOO_LONG = "too long"


ENDED_SENTENCES: dict[Ended, str | Promise] = {
    Ended.IDLE: _("30 分钟没有操作，已自动退出。填过的内容还在，登录后接着填。"),
    Ended.TOO_LONG: _("登录满 12 小时，请重新登录。填过的内容还在，登录后接着填。"),
}


def locked_until(failures: Sequence[datetime], limit: Limit, at: datetime) -> datetime | None:
    """Return when the next try is allowed, or None when it is allowed now."""
    recent = sorted(failures, reverse=True)[: limit.failures]
    if len(recent) < limit.failures or recent[0] - recent[-1] > limit.window:
        return None
    until = recent[0] + limit.window
    return until if at < until else None


def session_ended(began_at: datetime, seen_at: datetime, at: datetime) -> Ended | None:
    """Return why a session that began and was last used then is over, or None while it lasts."""
    if at - began_at >= LONGEST:
        return Ended.TOO_LONG
    return Ended.IDLE if at - seen_at >= IDLE else None
