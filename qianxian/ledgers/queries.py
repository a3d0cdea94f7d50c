"""Ledgers as they are listed, read and worked out."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from django.db.models import QuerySet

from qianxian.register import queries as registered
from qianxian.register.queries import whole
from qianxian.standard.headers import plain

from .models import Frozen, Ledger, LedgerEdition, SignedCell
from .rules import writing
from .rules.definition import Definition, Way, gone
from .rules.frames import Frames, Tied
from .rules.periods import Period


def frames_of(area: str, period: Period, now: datetime) -> Frames:
    """
    Read every record of an area once, as it was when a period ended, or as it is now where it has not ended.

    Ages are those of the period's last day.
    """
    at = min(period.ends - timedelta(microseconds=1), now)
    records = whole.records_of_area(area, at, now)
    ties = (Tied(record, other, kind) for record, other, kind, _ in whole.ties_of_area(area, at))
    places = {code: place.name for code, place in registered.directory().places.items()}
    return Frames(records, ties, period.last, places)


def ledgers() -> QuerySet[Ledger]:
    return Ledger.objects.all()


def ledger_by_code(code: str) -> Ledger | None:
    return Ledger.objects.filter(code=code).first()


def editions_of(ledger: Ledger) -> list[LedgerEdition]:
    """Return the editions of a ledger, the newest first."""
    return list(ledger.editions.order_by("-number"))


def definition_in_use(ledger: Ledger) -> tuple[Definition, LedgerEdition, Mapping[str, tuple[str, ...]]]:
    """
    Return the newest edition of which every element is still there, and what is gone of the newest of all.

    Where none works any more the oldest is returned, with what is gone.
    """
    every = editions_of(ledger)
    lost = gone(writing.read(every[0].written))
    for edition in every:
        definition = writing.read(edition.written)
        if not gone(definition):
            return definition, edition, lost
    return writing.read(every[-1].written), every[-1], lost


def definitions(codes: Iterable[str] | None = None) -> list[Definition]:
    """Return the newest definition of each ledger that is not stopped."""
    found = LedgerEdition.objects.filter(ledger__stopped_at=None).order_by("ledger_id", "-number").distinct("ledger_id")
    if codes is not None:
        found = found.filter(ledger__code__in=list(codes))
    return [_read(text) for text in found.values_list("written", flat=True)]


@cache
def _read(text: str) -> Definition:
    return writing.read(text)


@cache
def own_definitions() -> tuple[Definition, ...]:
    """Return the definitions that come with the platform, for a district to begin with."""
    folder = files("qianxian.ledgers").joinpath("data/definitions")
    texts = [one.read_text("utf-8") for one in sorted(folder.iterdir(), key=lambda one: one.name)]
    return tuple(writing.read(part) for text in texts for part in text.split("\n---\n") if part.strip())


def asked_by_hand(every: Iterable[Definition]) -> dict[str, list[str]]:
    """Return by plain header the titles of ledgers in which people fill such a column by hand."""
    found: dict[str, list[str]] = {}
    for one in every:
        for column in one.columns:
            if column.way is Way.MANUAL:
                found.setdefault(plain(column.path[-1]), []).append(one.title)
    return found


def signed_cells(ledger: Ledger, area: str, period: str) -> list[SignedCell]:
    return list(SignedCell.objects.filter(ledger=ledger, area=area, period=period, replaced_at=None))


def frozen_of(ledger: Ledger, area: str) -> list[Frozen]:
    """Return what was frozen of a ledger inside an area, the newest first, without the workbooks."""
    return list(Frozen.objects.filter(ledger=ledger, area__startswith=area).defer("sealed").order_by("-at"))


def frozen_by_code(code: str) -> Frozen | None:
    return Frozen.objects.select_related("ledger").filter(code=code).first()


def frozen_by_token(token_hash: str) -> Frozen | None:
    """Return the frozen version that a link leads to, by the hash of its token."""
    return Frozen.objects.select_related("ledger").exclude(pull_hash="").filter(pull_hash=token_hash).first()
