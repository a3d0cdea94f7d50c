"""Keeping definitions, filling blanks, signing cells, freezing a ledger, letting a department pull it."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qianxian.journal import actions as journal
from qianxian.register.sealing import ring

from .models import Frozen, Ledger, LedgerEdition, SignedCell
from .rules import writing
from .rules.definition import Definition, Fault, faults

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SHORTEST_PURPOSE = 2


class Faulty(ValueError):
    """A definition cannot be used; `faults` say why."""

    def __init__(self, found: Sequence[Fault]):
        super().__init__(", ".join(fault.code for fault in found))
        self.faults = tuple(found)


class NoPurpose(ValueError):
    """Nobody hands personal data out without saying for what."""


class Stopped(Exception):
    """The ledger was stopped; nobody fills it any more."""


class NoReason(ValueError):
    """A ledger is stopped for a reason."""


@transaction.atomic
def keep(one: Definition, *, actor: str, unit: str = "", at: datetime, note: str = "") -> LedgerEdition:
    """
    Keep a definition as a new edition of its ledger; the same once more changes nothing.

    :raises Faulty: if it cannot be used
    """
    if found := faults(one):
        raise Faulty(found)
    text = writing.written(one)
    ledger, _ = Ledger.objects.select_for_update().update_or_create(
        code=one.code,
        defaults={"title": one.title, "line": one.line, "asked_by": one.asked_by, "every": str(one.every)},
    )
    last = ledger.editions.order_by("-number").first()
    if last is not None and last.written == text:
        return last
    number = last.number + 1 if last else 1
    edition = LedgerEdition.objects.create(
        ledger=ledger, number=number, written=text, actor=actor, at=at, note=note[:200]
    )
    journal.record(
        at=at, actor=actor, unit=unit, verb="keep_ledger", subject=f"ledger:{one.code}", article=one.article[:60],
        edition=number, sha256=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    return edition


@transaction.atomic
def stop(ledger: Ledger, *, why: str, actor: str, unit: str, at: datetime) -> None:
    """
    Stop a ledger: it is no longer asked for; what was frozen stays.

    :raises NoReason: if no reason is given
    """
    if not why.strip():
        raise NoReason
    held = Ledger.objects.select_for_update().get(pk=ledger.pk)
    held.stopped_at, held.stopped_why = at, why.strip()[:200]
    held.save(update_fields=["stopped_at", "stopped_why"])
    journal.record(
        at=at, actor=actor, unit=unit, verb="stop_ledger", subject=f"ledger:{held.code}", why=held.stopped_why
    )


@transaction.atomic
def take_up(ledger: Ledger, *, actor: str, unit: str, at: datetime) -> None:
    """Take up a ledger again that was stopped."""
    held = Ledger.objects.select_for_update().get(pk=ledger.pk)
    held.stopped_at, held.stopped_why = None, ""
    held.save(update_fields=["stopped_at", "stopped_why"])
    journal.record(at=at, actor=actor, unit=unit, verb="take_up_ledger", subject=f"ledger:{held.code}")


@transaction.atomic
def read(
    title: str, *, records: Sequence[str], purpose: str, area: str, period: str, actor: str, unit: str, at: datetime
) -> None:
    """
    Write down that a ledger was read or filled in full: for what, and whose records were in it.

    :raises NoPurpose: if no purpose is said
    """
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise NoPurpose
    about = {"purpose": purpose.strip()[:200], "title": title, "period": period}
    journal.record(
        at=at, actor=actor, unit=unit, verb="read_ledger", subject=f"area:{area}", records=len(records), **about
    )
    journal.record_all(
        [
            journal.entry(
                at=at,
                actor=actor,
                unit=unit,
                verb="read_record",
                subject=f"record:{code}",
                elements=[],
                reader=unit,
                **about,
            )
            for code in dict.fromkeys(records)
        ]
    )


@transaction.atomic
def sign(
    ledger: Ledger, *, area: str, period: str, row: str, column: str, value: str, actor: str, unit: str, name: str,
    at: datetime,
) -> SignedCell:  # fmt: skip
    """
    Sign a cell that no register holds; what was signed before is replaced, and stays.

    :param name: unit and person as the reader of the ledger sees who signed
    :raises Stopped: if the ledger was stopped
    """
    held = Ledger.objects.select_for_update().get(pk=ledger.pk)
    if held.stopped_at is not None:
        raise Stopped(held.code)
    place = {"ledger": held, "area": area, "period": period, "row": row, "column": column}
    SignedCell.objects.filter(**place, replaced_at=None).update(replaced_at=at)
    signed = SignedCell.objects.create(
        **place, sealed=ring().close(value.strip()[:2000]), actor=actor, name=name, at=at
    )
    journal.record(
        at=at, actor=actor, unit=unit, verb="sign_cell", subject=f"ledger:{held.code}",
        area=area, period=period, row=row, column=column,
    )  # fmt: skip
    return signed


def value_of(cell: SignedCell) -> str:
    """Return what was signed."""
    return ring().open(bytes(cell.sealed))


@transaction.atomic
def freeze(
    ledger: Ledger, *, edition: int, area: str, period: str, book: bytes, rows: int, actor: str, unit: str, name: str,
    at: datetime,
) -> Frozen:  # fmt: skip
    """
    Freeze a ledger as it stands; from now on the same bytes come out, and their hash stands in the journal.

    :raises Stopped: if the ledger was stopped
    """
    if Ledger.objects.select_for_update().get(pk=ledger.pk).stopped_at is not None:
        raise Stopped(ledger.code)
    print_ = hashlib.sha256(book).hexdigest()
    code = "T" + "".join(secrets.choice(LETTERS) for _ in range(9))
    frozen = Frozen.objects.create(
        code=code, pull_hash=hash_of(token_for(code, print_)), ledger=ledger, edition=edition, area=area,
        period=period, sha256=print_, sealed=ring().close(base64.b64encode(book).decode()), rows=rows, actor=actor,
        name=name, at=at,
    )  # fmt: skip
    journal.record(
        at=at, actor=actor, unit=unit, verb="freeze_ledger", subject=f"frozen:{frozen.code}", ledger=ledger.code,
        edition=edition, area=area, period=period, sha256=print_, rows=rows,
    )  # fmt: skip
    return frozen


def book_of(frozen: Frozen) -> bytes:
    """Return a frozen workbook, byte for byte as it was frozen."""
    return base64.b64decode(ring().open(bytes(frozen.sealed)))


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_for(code: str, sha256: str) -> str:
    """Return the token under which the department that asked pulls a frozen version; the same each time."""
    return ring().index(f"pull:{code}:{sha256}")[:40]


def told_pull(frozen: Frozen, *, actor: str, unit: str, at: datetime) -> None:
    """Write down that a frozen ledger was pulled."""
    journal.record(
        at=at, actor=actor, unit=unit, verb="pull_ledger", subject=f"frozen:{frozen.code}", sha256=frozen.sha256
    )
