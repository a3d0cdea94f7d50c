from datetime import datetime
from typing import Any

from django.db import transaction

from qianxian.journal import actions as journal

from ..models import Organisation, Place


@transaction.atomic
def enter_place(*, code: str, name: str, level: str, actor: str, at: datetime, **particulars: Any) -> Place:
    """Enter a place, or bring what is held of it up to date."""
    place, _ = Place.objects.update_or_create(code=code, defaults={"name": name, "level": level, **particulars})
    journal.record(at=at, actor=actor, verb="enter_place", subject=f"place:{code}")
    return place


@transaction.atomic
def enter_organisation(
    *, code: str, name: str, kind: str, actor: str, at: datetime, **particulars: Any
) -> Organisation:
    """Enter an organisation, or bring what is held of it up to date."""
    body, _ = Organisation.objects.update_or_create(code=code, defaults={"name": name, "kind": kind, **particulars})
    journal.record(at=at, actor=actor, verb="enter_organisation", subject=f"organisation:{code}")
    return body
