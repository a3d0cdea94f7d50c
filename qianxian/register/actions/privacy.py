"""Reading with a purpose, asking for a correction and answering it, handing out in bulk, forgetting in time."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from qianxian.journal import actions as journal
from qianxian.standard import elements as standard

from ..models import Correction, Handout, Keeping, Link, Origin, Receipt, Record, Statement, Tie
from ..queries.records import keeper_of
from ..rules.records import need_known
from ..sealing import ring
from .records import LETTERS, state

ANSWERED_WITHIN = timedelta(days=14)
"""政务数据共享条例 [K]: ten working days for a correction; fourteen days by the calendar."""
SHORTEST_PURPOSE = 2


class NoPurpose(ValueError):
    """Nobody reads personal data without saying for what."""


class NobodyAnswers(Exception):
    """No organisation is the authority of this element here."""


class AlreadyAnswered(Exception):
    """The request was answered before."""


class NoReply(ValueError):
    """A request is answered with a reason."""


class SecondPerson(Exception):
    """Whoever asks for an export cannot allow it."""


class NotAllowed(Exception):
    """This export is not allowed, or was handed out before."""


def _need_purpose(purpose: str) -> str:
    said = purpose.strip()
    if len(said) < SHORTEST_PURPOSE:
        raise NoPurpose
    return said[:200]


def read(
    record: Record, *, elements: Sequence[str], purpose: str, actor: str, unit: str, name: str, at: datetime
) -> None:
    """
    Write down that somebody reads a record in full; the page shows nothing before.

    :param name: unit and title of the reader, as the resident will see it
    :raises NoPurpose: if no purpose is said
    """
    journal.record(
        at=at, actor=actor, unit=unit, verb="read_record", subject=f"record:{record.code}",
        purpose=_need_purpose(purpose), elements=sorted(elements), reader=name,
    )  # fmt: skip


@transaction.atomic
def keep(*, authority: str, unit: str, area: str, actor: str, at: datetime) -> Keeping:
    """Make an organisation the authority of a kind for an area, and end what was before."""
    Keeping.objects.filter(authority=authority, area_id=area, valid_to=None).exclude(unit_id=unit).update(valid_to=at)
    kept, _ = Keeping.objects.get_or_create(
        authority=authority, area_id=area, unit_id=unit, valid_to=None, defaults={"valid_from": at}
    )
    journal.record(at=at, actor=actor, verb="keep", subject=f"keeping:{kept.pk}", authority=authority, unit=unit)
    return kept


@transaction.atomic
def ask_correction(
    record: Record, *, element: str, value: str, reason: str, actor: str, unit: str = "", at: datetime
) -> Correction:
    """
    Ask the body whose record prevails to correct a value (个人信息保护法 art. 46).

    :raises NoReply: if no reason is given
    :raises NobodyAnswers: if nobody is the authority of this element here, or it is the person's own word
    """
    if not reason.strip():
        raise NoReply
    need_known([element], record.entity)
    authority = standard.element(element).authority
    keeping = keeper_of(authority, record.place_id, at) or keeper_of("community", record.place_id, at)
    if keeping is None:
        raise NobodyAnswers(authority)
    asked = Correction.objects.create(
        record=record, element=element, sealed=ring().close(value), reason=reason.strip()[:500], asked_by=actor,
        asked_at=at, body=keeping.unit, due_at=at + ANSWERED_WITHIN,
    )  # fmt: skip
    journal.record(
        at=at, actor=actor, unit=unit, verb="ask_correction", subject=f"record:{record.code}", element=element,
        body=keeping.unit_id,
    )  # fmt: skip
    return asked


@transaction.atomic
def answer_correction(
    asked: Correction, *, accept: bool, reply: str, actor: str, unit: str, at: datetime
) -> Correction:
    """
    Answer a request; what is accepted becomes a new statement of the authority, and nothing is edited.

    :raises NoReply: if no reply is given
    :raises AlreadyAnswered: if it was answered before
    :raises NobodyAnswers: if another organisation has to answer
    """
    if not reply.strip():
        raise NoReply
    held = Correction.objects.select_for_update().select_related("record").get(pk=asked.pk)
    if held.answered_at is not None:
        raise AlreadyAnswered(held.pk)
    if held.body_id != unit:
        raise NobodyAnswers(held.body_id)
    held.answered_at, held.answered_by, held.accepted, held.reply = at, actor, accept, reply.strip()[:500]
    held.save()
    journal.record(
        at=at, actor=actor, unit=unit, verb="answer_correction", subject=f"record:{held.record.code}",
        element=held.element, accepted=accept,
    )  # fmt: skip
    if accept:
        value = ring().open(bytes(held.sealed))
        state(
            held.record, entity=held.record.entity, place=held.record.place_id, said={held.element: (value, value)},
            source=f"correction:{held.body_id}"[:80], authority=standard.element(held.element).authority, actor=actor,
            unit=unit, at=at, article="个人信息保护法第四十六条",
        )  # fmt: skip
    return held


@transaction.atomic
def ask_handout(
    *, purpose: str, wanted: dict[str, Any], area: str, actor: str, unit: str, name: str, at: datetime
) -> Handout:
    """
    Ask for a list in bulk; a second person decides.

    :raises NoPurpose: if no purpose is said
    """
    code = "D" + "".join(secrets.choice(LETTERS) for _ in range(9))
    asked = Handout.objects.create(
        code=code,
        purpose=_need_purpose(purpose),
        wanted=wanted,
        area=area,
        asked_by=actor,
        asked_name=name,
        asked_at=at,
    )
    journal.record(at=at, actor=actor, unit=unit, verb="ask_handout", subject=f"handout:{code}", purpose=asked.purpose)
    return asked


@transaction.atomic
def decide_handout(asked: Handout, *, allow: bool, actor: str, unit: str, name: str, at: datetime) -> Handout:
    """
    Allow an export, or not.

    :raises SecondPerson: if it is decided by whoever asked
    :raises AlreadyAnswered: if it was decided before
    """
    held = Handout.objects.select_for_update().get(pk=asked.pk)
    if held.asked_by == actor:
        raise SecondPerson
    if held.decided_at is not None:
        raise AlreadyAnswered(held.code)
    held.allowed, held.decided_by, held.decided_name, held.decided_at = allow, actor, name, at
    held.save()
    journal.record(at=at, actor=actor, unit=unit, verb="decide_handout", subject=f"handout:{held.code}", allowed=allow)
    return held


@transaction.atomic
def hand_out(asked: Handout, *, records: Sequence[str], actor: str, unit: str, name: str, at: datetime) -> Handout:
    """
    Hand an allowed export out, once, to whoever asked; each record keeps that it was in it.

    :raises NotAllowed: if it is not allowed, was fetched before, or is fetched by another
    """
    held = Handout.objects.select_for_update().get(pk=asked.pk)
    if not held.allowed or held.fetched_at is not None or held.asked_by != actor:
        raise NotAllowed(held.code)
    held.fetched_at, held.rows = at, len(records)
    held.save()
    journal.record(at=at, actor=actor, unit=unit, verb="hand_out", subject=f"handout:{held.code}", rows=len(records))
    journal.record_all(
        [
            journal.entry(
                at=at, actor=actor, unit=unit, verb="read_record", subject=f"record:{code}", purpose=held.purpose,
                handout=held.code, reader=name,
            )
            for code in records
        ]
    )  # fmt: skip
    return held


@transaction.atomic
def forget(*, actor: str, at: datetime) -> int:
    """
    Erase the records of persons who left longer ago than any retention of what is held of them (PIPL 19, 47).

    The journal keeps that a record was erased, and no word of what it held; returns how many were.
    """
    gone = []
    for record in Record.objects.filter(entity="person", ended_at__lt=at - timedelta(days=365)).iterator():
        years = max((_years(code) for code in record.values), default=1)
        if record.ended_at and record.ended_at <= at - timedelta(days=366 * years) and not record.merged.exists():
            gone.append(record)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('qianxian.erasing', 'yes', true)")
    for record in gone:
        Link.objects.filter(left=record).delete()
        Link.objects.filter(right=record).delete()
        for table in (Statement, Origin, Receipt, Correction):
            table.objects.filter(record=record).delete()
        Tie.objects.filter(record=record).delete()
        Tie.objects.filter(other=record).delete()
        record.delete()
        journal.record(at=at, actor=actor, verb="forget", subject=f"record:{record.code}")
    return len(gone)


def _years(code: str) -> int:
    declared = standard.elements().get(code)
    return standard.retentions()[declared.retention].years if declared else 0


@transaction.atomic
def give(
    record: Record, *, kind: str, name: str, amount: Any = None, on: Any, giver: str = "", note: str = "", source: str,
    actor: str, unit: str = "", at: datetime,
) -> Receipt:  # fmt: skip
    """Write down a benefit paid or a service given."""
    receipt = Receipt.objects.create(
        record=record, kind=kind, name=name, amount=amount, on=on, giver=giver, note=note, source=source, actor=actor,
        entered_at=at,
    )  # fmt: skip
    journal.record(
        at=at, actor=actor, unit=unit, verb="give", subject=f"record:{record.code}", receipt=receipt.pk, kind=kind
    )
    return receipt


@transaction.atomic
def take_back(receipt: Receipt, *, actor: str, unit: str = "", at: datetime) -> None:
    """Take a receipt back that was written down by mistake; it stays known that it was there."""
    Receipt.objects.filter(pk=receipt.pk, withdrawn_at=None).update(withdrawn_at=at)
    journal.record(
        at=at, actor=actor, unit=unit, verb="take_back", subject=f"record:{receipt.record.code}", receipt=receipt.pk
    )
