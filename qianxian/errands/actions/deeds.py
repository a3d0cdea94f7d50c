"""What the deeds to an errand share: the row is held, the change written, the entry recorded, in one transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from qianxian.cadres.rules import Actor
from qianxian.journal import actions as journal
from qianxian.matters.rules.authority import NotYours

from ..models import Errand
from ..rules.life import Stage, advance


def hold(number: int) -> Errand:
    """
    Return the errand with its row locked until the transaction ends, so that two deeds never cross.

    :raises Errand.DoesNotExist: if there is none within reach
    """
    return Errand.objects.select_for_update().get(pk=number)


def lock_communities(places: Iterable[str]) -> None:
    """Wait for whoever else decides about one of these communities, so that no two pass a ceiling together."""
    with connection.cursor() as cursor:
        for place in sorted(places):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"gate {place}"])


def must_be_of(actor: Actor, units: list[str] | str, deed: str) -> None:
    """
    Check that the actor belongs to one of these units.

    :raises NotYours: if not
    """
    wanted = [units] if isinstance(units, str) else units
    if not actor.unit or actor.unit not in wanted:
        raise NotYours(deed, "、".join(wanted))


def note(errand: Errand, verb: str, actor: Actor, at: datetime, *, article: str = "", **details: Any) -> None:
    """Record a deed to an errand."""
    journal.record(
        at=at, actor=actor.name, unit=actor.unit, verb=verb, subject=f"errand:{errand.pk}", article=article[:200],
        **details,
    )  # fmt: skip


def write(errand: Errand, verb: str, actor: Actor, at: datetime, *, article: str = "", **changes: Any) -> Errand:
    """Change fields of an errand and record the deed, with the stage where it moves."""
    details = {}
    if "stage" in changes:
        details["stage"] = int(advance(Stage(errand.stage), changes["stage"]))
    for name, value in changes.items():
        setattr(errand, name, value)
    errand.save(update_fields=list(changes))
    note(errand, verb, actor, at, article=article, **details)
    return errand
