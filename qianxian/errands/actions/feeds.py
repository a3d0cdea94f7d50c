"""The address under which an account's calendar is subscribed to."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from qianxian.journal import actions as journal

from ..models import Feed


def digest(secret: str) -> str:
    """Return what is kept of a secret address."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def open_feed(*, account: int, actor: str, at: datetime) -> str:
    """Make a secret address for an account and return it: it is shown once. An earlier one opens nothing any more."""
    secret = secrets.token_urlsafe(24)
    Feed.objects.filter(account_id=account, withdrawn_at=None).update(withdrawn_at=at)
    Feed.objects.create(account_id=account, secret_hash=digest(secret), made_at=at)
    journal.record(at=at, actor=actor, verb="open_feed", subject=f"account:{account}")
    return secret


@transaction.atomic
def close_feed(*, account: int, actor: str, at: datetime) -> bool:
    """Withdraw the address of an account; tell whether it had one."""
    withdrawn = bool(Feed.objects.filter(account_id=account, withdrawn_at=None).update(withdrawn_at=at))
    if withdrawn:
        journal.record(at=at, actor=actor, verb="close_feed", subject=f"account:{account}")
    return withdrawn
