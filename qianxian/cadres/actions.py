from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from qianxian.journal import actions as journal

from .models import Account, Posting


@transaction.atomic
def open_account(
    *, username: str, actor: str, at: datetime, password: str = "", password_hash: str = "", **particulars: Any
) -> Account:
    """
    Open an account for a member of staff, or bring it up to date; the password is set only on opening.

    :param password_hash: in place of a password, where many accounts are opened with one: hashing is slow by intent
    """
    account, _ = Account.objects.update_or_create(
        username=username,
        defaults=particulars,
        create_defaults={**particulars, "password": password_hash or make_password(password), "joined_at": at},
    )
    journal.record(at=at, actor=actor, verb="open_account", subject=f"account:{account.pk}")
    return account


@transaction.atomic
def post(*, cadre: Account, scope: str, actor: str, at: datetime, **particulars: Any) -> Posting:
    """
    Send a cadre down to a place.

    :raises django.db.IntegrityError: if another person answers for that place finally in that time
    """
    posting = Posting.objects.create(cadre=cadre, scope_id=scope, **particulars)
    journal.record(at=at, actor=actor, verb="post", subject=f"posting:{posting.pk}", place=scope)
    return posting


@transaction.atomic
def recall(posting: Posting, *, actor: str, at: datetime) -> Posting:
    """End a posting; what it brought ends with it."""
    posting.valid_to = at
    posting.save(update_fields=["valid_to"])
    journal.record(at=at, actor=actor, verb="recall", subject=f"posting:{posting.pk}")
    return posting
