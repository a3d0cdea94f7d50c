"""Taking a demand in: its owner is decided in the transaction that creates it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from qianxian.cadres.rules import Actor
from qianxian.journal import actions as journal
from qianxian.journal.models import Entry
from qianxian.kernel.sealing import Seal
from qianxian.kernel.worktime import Calendar
from qianxian.mandates import actions as mandates
from qianxian.mandates.models import Finding
from qianxian.mandates.rules import Answer, Article

from ..models import Help, Matter, Requester
from ..queries import Twin, answered_to, calendar, deadline_classes, limits_of, reference, twins
from ..rules.deadlines import deadline, select
from ..rules.intake import Assignment, Demand, Reference, above, assign, checked, deadline_class, exits
from ..rules.life import Ending, Ground, Stage
from .deeds import fingerprint, tracking_code

BLOCK = 100
LONG_ENOUGH_TO_BE_THE_SAME = 20


@dataclass(frozen=True, slots=True)
class Contact:
    """Who asks and how to reach them; empty for a demand that came without."""

    name: str = ""
    phone: str = ""
    confidential: bool = False


def seal() -> Seal:
    """Return the seal of this platform."""
    return Seal(settings.SEAL_KEY)


def index_of(phone: str) -> str:
    """Return the blind index of a telephone number, '' for none."""
    return seal().index(phone) if phone else ""


def receive(
    *, demand: Demand, contact: Contact, actor: Actor, at: datetime, follows: Matter | None = None
) -> Matter:
    """
    Take in one demand and give it to whoever has the duty.

    A follow-up goes upward: to the one whom the first matter answered to.

    :raises Unfit: if it cannot be taken in
    """
    return receive_all(demands=[(demand, contact)], actor=actor, at=at, follows=follows)[0]


@transaction.atomic
def receive_all(
    *, demands: Sequence[tuple[Demand, Contact]], actor: Actor, at: datetime, follows: Matter | None = None
) -> list[Matter]:
    """
    Take in many demands in few statements; all or none.

    :raises Unfit: if one of them cannot be taken in
    """
    known = reference(at)
    for demand, _ in demands:
        checked(demand, known.directory, known.topics)
    sealed = [replace(demand, requester=index_of(contact.phone)) for demand, contact in demands]
    if follows is None:
        sealed = _without_twins(sealed)
    matters = [_matter(demand, known, at, follows) for demand in sealed]
    _number(matters)
    Matter.objects.bulk_create(matter for matter, _ in matters)
    Requester.objects.bulk_create(
        _requester(matter, contact) for (matter, _), (_, contact) in zip(matters, demands, strict=True)
    )
    Help.objects.bulk_create(help for matter, assignment in matters for help in _helps(matter, assignment, at))
    mandates.open_findings([_finding(matter, assignment, at) for matter, assignment in matters if _unsettled(assignment)])
    journal.record_all([_entry(matter, assignment, actor, at) for matter, assignment in matters])
    return [matter for matter, _ in matters]
