from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from qianxian.mandates.rules.ground import Posted
from qianxian.register import queries as register

from . import rules
from .models import Account, Posting


def _read_postings() -> list[rules.Posting]:
    return [posting.as_rule() for posting in Posting.objects.all()]


_postings = register.Kept("cadres", _read_postings)


def postings(known: dict[str, int] | None = None) -> list[rules.Posting]:
    """Return every posting, past and present, as of the given revisions."""
    return _postings.at(register.revisions() if known is None else known)


def powers_sent_down(known: dict[str, int] | None = None) -> tuple[Posted, ...]:
    """Return the powers that cadres have brought down, past and present, as an audit of the register wants them."""
    return tuple(Posted(p.unit, p.scope, p.powers, p.period) for p in postings(known))


def acting(account: Account, at: datetime, known: dict[str, int] | None = None) -> rules.Actor:
    """Return an account as an actor, with the posting under which it answers for a place at this moment."""
    actor = account.as_actor()
    held = [p.id for p in postings(known) if p.cadre == actor.name and p.final and at in p.period]
    return rules.Actor(actor.name, actor.unit, actor.role, actor.area, held[0] if held else None)


def posting_names(ids: set[int]) -> dict[int, str]:
    """Return for each posting the cadre's name and title, to be shown as the person who answers."""
    held = Posting.objects.filter(pk__in=ids).select_related("cadre")
    return {posting.pk: f"{posting.cadre.name}（{posting.cadre.title}）" for posting in held}


def account_names(actors: Iterable[str]) -> dict[str, str]:
    """Return name and title of each actor that is a member of staff, as the journal names them."""
    numbers = [int(actor.partition(":")[2]) for actor in set(actors) if actor.startswith("account:")]
    held = Account.objects.filter(pk__in=numbers)
    return {f"account:{one.pk}": f"{one.name}（{one.title}）" if one.title else one.name for one in held}


def reach(*, unit: str = "", area: str = "", code: str = "", requester: str = "", everything: bool = False) -> None:
    """
    Tell the database what the present connection may see: the second wall behind the queries (row-level security).

    :param unit: matters in which this organisation is involved
    :param area: matters in this place
    :param code: the one matter with this tracking code
    :param requester: the matters of the resident with this blind index
    :param everything: for jobs of the system itself; no page may ask for it
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('qianxian.unit', %s, false), set_config('qianxian.area', %s, false), "
            "set_config('qianxian.code', %s, false), set_config('qianxian.requester', %s, false), "
            "set_config('qianxian.everything', %s, false)",
            [unit, area, code, requester, "yes" if everything else ""],
        )


@contextmanager
def reaching_everything() -> Iterator[None]:
    """Let a job of the system see every row, and afterwards what was seen before."""
    before = _reach()
    reach(everything=True)
    try:
        yield
    finally:
        reach(**before)


def _reach() -> dict[str, Any]:
    """Return how far the present connection reaches."""
    names = ("unit", "area", "code", "requester", "everything")
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('qianxian.{name}', true)" for name in names))
        held = dict(zip(names, cursor.fetchone(), strict=True))
    return {name: value or "" for name, value in held.items()} | {"everything": held["everything"] == "yes"}
