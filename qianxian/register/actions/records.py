"""Entering what a source says, one record or a hundred thousand, and taking an import back."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from django.db import connection, transaction

from qianxian.journal import actions as journal
from qianxian.kernel.sealing import Ring
from qianxian.kernel.writing import draw_keys, write_rows

from ..models import Batch, Find, Origin, Record, Statement, Tie
from ..queries import directory
from ..queries.records import statements_of_all
from ..rules import Unknown, facts
from ..rules.records import Incoming, Row, left_at, need_known, parted, row_of, row_of_one
from ..sealing import ring

CHUNK = 2000
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
IDENTITY = ("person.citizen_number", "organisation.credit_code", "person.document_number")


@dataclass
class Tally:
    """What became of the rows of an import."""

    created: int = 0
    joined: int = 0
    changed: int = 0
    same: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.joined + self.changed + self.same


class AlreadyUndone(Exception):
    """The import was taken back before."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who enters, for which source, with which authority, when."""

    source: str
    authority: str
    actor: str
    at: datetime
    batch: Batch | None = None
    unit: str = ""


@transaction.atomic
def open_batch(*, source: str, key: str, actor: str, at: datetime, unit: str = "") -> Batch:
    """Open an import, or find it again where it was broken off."""
    batch, made = Batch.objects.get_or_create(
        source=source, key=key, defaults={"actor": actor, "unit": unit, "entered_at": at}
    )
    if made:
        journal.record(at=at, actor=actor, unit=unit, verb="open_batch", subject=f"batch:{batch.pk}")
    return batch


def enter_persons(
    batch: Batch, rows: Iterable[Incoming], *, authority: str = "", actor: str, at: datetime
) -> Iterator[Tally]:
    """Enter persons (see `enter_records`)."""
    return enter_records(batch, rows, entity="person", authority=authority, actor=actor, at=at)


def enter_records(
    batch: Batch, rows: Iterable[Incoming], *, entity: str, authority: str = "", actor: str, at: datetime
) -> Iterator[Tally]:
    """
    Enter the rows of an import, some thousands in each transaction; yields the tally after each.

    A row whose source and key were seen before changes that record, or nothing where it says the same again. A row
    with the citizen number or credit code of a record joins that record. Every other row becomes a new record.

    :raises UnknownElement, qianxian.register.rules.Unknown: for an element that the standard has not, or a place that
        the directory has not, before anything of its chunk is written
    :raises AlreadyUndone: if the import was taken back
    """
    if batch.undone_at is not None:
        raise AlreadyUndone(batch.key)
    tally, deed, waiting = Tally(), Deed(batch.source, authority, actor, at, batch, batch.unit), iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        _enter_chunk(chunk, entity, deed, tally)
        yield tally


@transaction.atomic
def _enter_chunk(chunk: Sequence[Incoming], entity: str, deed: Deed, tally: Tally) -> None:
    need_known({code for row in chunk for code in row.said}, entity)
    _need_places({row.place for row in chunk})
    seal = ring()
    last = {row.key: row for row in chunk}
    prints = {key: print_of(row.said, seal) for key, row in last.items()}
    origins = {one.key: one for one in Origin.objects.filter(source=deed.source, key__in=list(last))}
    unknown = [row for key, row in last.items() if key not in origins]
    met = _met_by_number(unknown, entity, seal)
    fresh = [row for row in unknown if row.key not in met]
    _create(fresh, entity, deed, prints, seal)
    joined = [(met[row.key], row) for row in unknown if row.key in met]
    write_rows(connection, [_origin(deed, row.key, record.pk, prints[row.key]) for record, row in joined])
    differing = {key: one.record_id for key, one in origins.items() if one.print != prints[key]}
    held = Record.objects.in_bulk(list(differing.values()))
    changed = [(held[record], last[key]) for key, record in differing.items()]
    renewed = [_renew(origins[key], prints[key]) for key in differing]
    write_rows(connection, renewed, with_keys=True, on_conflict="ON CONFLICT (id) DO UPDATE SET print = EXCLUDED.print")
    _state_all([*joined, *changed], deed, seal)
    tally.created += len(fresh)
    tally.joined += len(joined)
    tally.changed += len(changed)
    tally.same += len(chunk) - len(fresh) - len(joined) - len(changed)
    if deed.batch:
        Batch.objects.filter(pk=deed.batch.pk).update(rows=tally.rows)
    journal.record(
        at=deed.at, actor=deed.actor, unit=deed.unit, verb="enter_records",
        subject=f"batch:{deed.batch.pk if deed.batch else 0}", entity=entity, rows=len(chunk), created=len(fresh),
    )  # fmt: skip


def _need_places(codes: set[str]) -> None:
    unknown = sorted(codes - set(directory().places))
    if unknown:
        raise Unknown(unknown[0])


def _renew(origin: Origin, print_: str) -> Origin:
    origin.print = print_
    return origin


def print_of(said: facts.Said, seal: Ring) -> str:
    """Return a print of what is said, from which nothing can be read."""
    text = json.dumps({code: list(one) for code, one in sorted(said.items())}, ensure_ascii=False)
    return seal.index(hashlib.sha256(text.encode()).hexdigest())


def _met_by_number(rows: Sequence[Incoming], entity: str, seal: Ring) -> dict[str, Record]:
    """Return for each key the record that has the same citizen number, or credit code, and a name that is no other."""
    sought: dict[str, list[Incoming]] = {}
    for row in rows:
        number = next((row.said[code][0] for code in IDENTITY if code in row.said and row.said[code][0]), "")
        if number:
            sought.setdefault(seal.index(number), []).append(row)
    found: dict[str, Record] = {}
    if not sought:
        return found
    met = list(Find.objects.filter(index__in=list(sought)).values_list("record_id", "index"))
    held = Record.objects.filter(entity=entity, merged_into=None).in_bulk([record for record, _ in met])
    for key, index in met:
        for row in sought[index] if key in held else ():
            name = next((one[0] for code, one in row.said.items() if code.endswith(".name")), "")
            if not name or name == held[key].name:
                found[row.key] = held[key]
    return found


def _create(rows: Sequence[Incoming], entity: str, deed: Deed, prints: Mapping[str, str], seal: Ring) -> list[Record]:
    if not rows:
        return []
    keys = draw_keys(connection, "qianxian_record", len(rows))
    records, statements, origins, finds = [], [], [], []
    for key, row in zip(keys, rows, strict=True):
        statement = _statement(key, row.said, row.since or deed.at, deed, seal)
        record = Record(
            id=key, code=new_code(), entity=entity, place_id=row.place, batch=deed.batch, changed_at=deed.at
        )
        finds += _put(record, row_of_one(row.said, deed.source, deed.authority, statement.since, seal.index), seal)
        record.ended_at = left_at({code: one[0] for code, one in row.said.items()})
        records.append(record)
        statements.append(statement)
        origins.append(_origin(deed, row.key, key, prints[row.key]))
    write_rows(connection, records, with_keys=True)
    write_rows(connection, finds)
    write_rows(connection, statements)
    write_rows(connection, origins)
    return records


def _origin(deed: Deed, key: str, record: int, print_: str) -> Origin:
    return Origin(source=deed.source, key=key, record_id=record, print=print_)


def new_code() -> str:
    """Return a number for a record that says nothing of whom it is about."""
    return "R" + "".join(LETTERS[byte & 31] for byte in secrets.token_bytes(9))


def _statement(record: int, said: facts.Said, since: datetime, deed: Deed, seal: Ring) -> Statement:
    plain, closed = parted(said)
    return Statement(
        record_id=record, source=deed.source, authority=deed.authority, since=since, known_at=deed.at, values=plain,
        sealed=seal.close(json.dumps(closed, ensure_ascii=False)) if closed else None, batch=deed.batch, actor=deed.actor,
    )  # fmt: skip


def _put(record: Record, row: Row, seal: Ring) -> list[Find]:
    """Put into a record what prevails; returns by what it is to be found."""
    record.name, record.spoken, record.initials = row.name, row.spoken, row.initials
    record.sex, record.born, record.address = row.sex, row.born, row.address
    record.groups, record.values, record.disputed = row.groups, row.values, row.disputed
    record.sealed = seal.close(json.dumps(row.closed, ensure_ascii=False)) if row.closed else None
    return [Find(record_id=record.pk, index=index) for index in row.finds]


def _state_all(said: Sequence[tuple[Record, Incoming]], deed: Deed, seal: Ring) -> None:
    write_rows(connection, [_statement(record.pk, row.said, row.since or deed.at, deed, seal) for record, row in said])
    refresh_all(list({record.pk: record for record, _ in said}.values()), at=deed.at)


def refresh(record: Record, *, at: datetime) -> None:
    """Derive the row of a record anew from all that is said of it, in the transaction of the deed that changed that."""
    refresh_all([record], at=at)


def refresh_all(records: Sequence[Record], *, at: datetime) -> None:
    """Derive the rows of many records anew, in two statements for each thousand."""
    seal, waiting = ring(), iter(records)
    while chunk := list(islice(waiting, CHUNK)):
        said = statements_of_all([record.pk for record in chunk])
        finds = [find for record in chunk for find in _derive(record, said.get(record.pk, []), seal, at)]
        write_rows(connection, chunk, with_keys=True, on_conflict=_renewed())
        _find_anew(chunk, finds)


def _find_anew(records: Sequence[Record], finds: Sequence[Find]) -> None:
    """Let records be found by what they hold now, and by nothing else."""
    new = {(find.record_id, find.index) for find in finds}
    held = Find.objects.filter(record__in=records).values_list("pk", "record_id", "index")
    Find.objects.filter(pk__in=[pk for pk, record, index in held if (record, index) not in new]).delete()
    write_rows(connection, finds, on_conflict="ON CONFLICT DO NOTHING")


def _derive(record: Record, said: list[facts.Statement], seal: Ring, at: datetime) -> list[Find]:
    latest = max([at, *(one.since for one in said)])
    prevailing = facts.held(said, latest, latest)
    record.changed_at, record.ended_at = (
        at,
        left_at({code: one.fact.value for code, one in prevailing.items()}) if said else at,
    )
    return _put(record, row_of(prevailing, seal.index), seal)


@cache
def _renewed() -> str:
    columns = [field.attname for field in Record._meta.concrete_fields if field.attname not in ("id", "code", "entity")]
    return "ON CONFLICT (id) DO UPDATE SET " + ", ".join(f'"{one}" = EXCLUDED."{one}"' for one in columns)


@transaction.atomic
def state(
    record: Record | None, *, entity: str, place: str, said: facts.Said, source: str, authority: str = "", actor: str,
    unit: str = "", at: datetime, since: datetime | None = None, article: str = "",
) -> Record:  # fmt: skip
    """
    Say something of a record, or of a new one; what was said before stays.

    :raises UnknownElement: for an element that is not declared or is switched off
    """
    need_known(said, entity)
    deed, seal = Deed(source, authority, actor, at, unit=unit), ring()
    if record is None:
        record = _create([Incoming(new_code(), place, said, since)], entity, deed, _AnyPrint(), seal)[0]
    else:
        record = Record.objects.select_for_update().get(pk=record.pk)
        write_rows(connection, [_statement(record.pk, said, since or at, deed, seal)])
        refresh(record, at=at)
    journal.record(
        at=at, actor=actor, unit=unit, verb="state", subject=f"record:{record.code}", article=article,
        elements=sorted(said), source=source,
    )  # fmt: skip
    return record


class _AnyPrint(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


@transaction.atomic
def undo_batch(batch: Batch, *, actor: str, unit: str = "", at: datetime) -> int:
    """
    Take an import back as a whole; returns how many records it touched.

    Nothing is erased: what it said no longer counts, records that nobody else speaks of leave the register, and the
    same file may be taken in again.

    :raises AlreadyUndone: if it was taken back before
    """
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    if held.undone_at is not None:
        raise AlreadyUndone(held.key)
    held.undone_at, held.undone_by = at, actor
    held.key = f"{held.key[:90]} undone {at:%Y%m%d%H%M%S%f}"
    held.save(update_fields=["undone_at", "undone_by", "key"])
    Tie.objects.filter(batch=held, until=None).update(until=at)
    touched = list(Record.objects.filter(statements__batch=held).distinct())
    refresh_all(touched, at=at)
    Origin.objects.filter(source=held.source, record__in=touched).update(print="")
    journal.record(at=at, actor=actor, unit=unit, verb="undo_batch", subject=f"batch:{held.pk}", records=len(touched))
    return len(touched)


@transaction.atomic
def tie(
    record: Record, other: Record, *, kind: str, role: str = "", source: str, actor: str, at: datetime,
    batch: Batch | None = None,
) -> Tie:  # fmt: skip
    """Tie two records together from now on."""
    tied, made = Tie.objects.get_or_create(
        record=record, other=other, kind=kind, until=None,
        defaults={"role": role, "since": at, "source": source, "batch": batch},
    )  # fmt: skip
    if made:
        journal.record(at=at, actor=actor, verb="tie", subject=f"record:{record.code}", kind=kind, other=other.code)
    return tied


@transaction.atomic
def untie(tied: Tie, *, actor: str, at: datetime) -> None:
    """End a tie; that it was there stays known."""
    Tie.objects.filter(pk=tied.pk, until=None).update(until=at)
    journal.record(at=at, actor=actor, verb="untie", subject=f"record:{tied.record.code}", kind=tied.kind)


@transaction.atomic
def tie_all(ties: Iterable[tuple[int, int, str, str]], *, batch: Batch, actor: str, at: datetime) -> int:
    """Tie many records at once (record, other, kind, role), as an import brings them; those that are there stay."""
    rows = [
        Tie(record_id=a, other_id=b, kind=kind, role=role, since=at, source=batch.source, batch=batch)
        for a, b, kind, role in ties
    ]
    write_rows(connection, rows, on_conflict="ON CONFLICT DO NOTHING")
    journal.record(at=at, actor=actor, verb="tie_all", subject=f"batch:{batch.pk}", ties=len(rows))
    return len(rows)
