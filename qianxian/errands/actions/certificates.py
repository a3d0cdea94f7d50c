"""The certificates desk: what a community may issue, numbered, signed and revocable."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max

from qianxian.cadres.rules import Actor, Role
from qianxian.journal import actions as journal
from qianxian.matters.actions.intake import masked_name, seal
from qianxian.matters.actions.work import AlreadyDone, said
from qianxian.matters.rules.authority import NotYours
from qianxian.register import queries as register

from ..models import Certificate
from ..queries import gate as reads
from ..rules.certificates import issuable
from ..rules.gate import months_later
from .deeds import must_be_of

SIGNED = 24


def token_of(number: str) -> str:
    """Return the token of a certificate: 96 bits of HMAC-SM3 over its number, which nobody without the key can make."""
    return seal().index(f"certificate\n{number}")[:SIGNED]


@transaction.atomic
def issue(
    *, kind: str, name: str, document: str, facts: str, addressee: str, purpose: str, actor: Actor, at: datetime
) -> Certificate:
    """
    Issue a certificate that the list lets a community issue, under the next number of the year.

    :param document: the number of the holder's identity document
    :raises NotYours: if the actor is no worker of a community
    :raises MustNotIssue: if another office issues it
    :raises UnknownKind: if no list has it
    :raises Said: if something is missing
    """
    if actor.role is not Role.WORKER:
        raise NotYours("issue", "worker")
    body, day = register.directory().organisations[actor.unit], reads.day_of(at)
    listed = issuable(reads.certificate_kinds(), kind, body.place, day)
    year, serial = _next_number(body.code, day)
    number = f"{body.short}证〔{year}〕{serial:04d}号"
    held = seal()
    certificate = Certificate.objects.create(
        number=number, token=token_of(f"{body.code} {year} {serial}"), kind=kind, title=listed.name,
        basis=listed.basis, committee_id=body.code, year=year, serial=serial,
        name_sealed=held.close(said(name, "name")), name_mask=masked_name(name.strip()),
        document_sealed=held.close(said(document, "document")), facts_sealed=held.close(said(facts, "facts")),
        addressee=said(addressee, "addressee"), purpose=said(purpose, "purpose"), issued_at=at,
        valid_until=months_later(day, listed.months or 3),
    )  # fmt: skip
    _tell(certificate, "issue_certificate", actor, at, article=listed.basis, kind=kind)
    return certificate


def _next_number(committee: str, day: date) -> tuple[int, int]:
    """Return year and serial number; two desks of one committee wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"certificate {committee}"])
    last = Certificate.objects.filter(committee=committee, year=day.year).aggregate(last=Max("serial"))["last"]
    return day.year, (last or 0) + 1


def _tell(certificate: Certificate, verb: str, actor: Actor, at: datetime, *, article: str = "", **more: str) -> None:
    journal.record(
        at=at, actor=actor.name, unit=actor.unit, verb=verb, subject=f"certificate:{certificate.pk}",
        article=article[:200], **more,
    )  # fmt: skip


@transaction.atomic
def revoke(number: int, *, reason: str, actor: Actor, at: datetime) -> Certificate:
    """
    Revoke a certificate; whoever checks it sees so at once.

    :raises NotYours: if another committee issued it
    :raises AlreadyDone: if it was revoked
    :raises Said: if no reason is given
    """
    certificate = Certificate.objects.select_for_update().get(pk=number)
    must_be_of(actor, certificate.committee_id, "revoke")
    if certificate.revoked_at:
        raise AlreadyDone("revoke")
    certificate.revoked_at, certificate.revocation = at, said(reason, "reason")[:300]
    certificate.save(update_fields=["revoked_at", "revocation"])
    _tell(certificate, "revoke_certificate", actor, at)
    return certificate


@transaction.atomic
def read(number: int, *, actor: Actor, at: datetime) -> tuple[Certificate, dict[str, str]]:
    """
    Open a certificate to print it: its name, document and facts; the reading is recorded (PIPL 51, 54).

    :raises NotYours: if another committee issued it
    """
    certificate = Certificate.objects.select_related("committee").get(pk=number)
    must_be_of(actor, certificate.committee_id, "read_certificate")
    held = seal()
    opened = {name: held.open(bytes(getattr(certificate, f"{name}_sealed"))) for name in ("name", "document", "facts")}
    _tell(certificate, "read_certificate", actor, at)
    return certificate, opened
