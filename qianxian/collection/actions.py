"""Taking in what comes: each submission is kept as it came and becomes one matter, or its faults are told."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction

from qianxian.cadres.rules import Actor
from qianxian.kernel.sealing import Seal
from qianxian.kernel.writing import together, write_rows
from qianxian.matters import actions as matters
from qianxian.matters import queries as received
from qianxian.matters.actions import Contact
from qianxian.matters.actions.intake import seal
from qianxian.matters.rules.intake import Demand, Unfit

from .models import Submission
from .queries import TakenIn, taken_in
from .rules.rows import Coded, Fault

if TYPE_CHECKING:
    from qianxian.matters.models import Matter

LONGEST_CHUNK = 4_000_000
"""Characters, a row counting for at least its share."""
CHUNK = 500
JUDGED_ANEW = "ON CONFLICT (source, key) DO UPDATE SET " + ", ".join(
    f"{column} = excluded.{column}" for column in ("raw", "sealed", "came_at", "occurred_at", "matter_id", "faults")
)


def take_in(
    *,
    source: str,
    key: str,
    raw: Mapping[str, Any],
    demand: Demand,
    contact: Contact,
    actor: Actor,
    at: datetime,
    personal: Mapping[str, str] | None = None,
    occurred_at: datetime | None = None,
    follows: "Matter | None" = None,
    revisions: dict[str, int] | None = None,
) -> "Matter":
    """
    Take in one submission: it is kept as it came and becomes one matter.

    The same key of the same source again gives the earlier matter, also while the first is still being written:
    the second waits for the first at the index and is then taken back. That costs the first one nothing.

    :param personal: the cells with names and numbers as they came, which are sealed
    :raises Unfit: if it cannot be taken in; nothing is kept
    """
    try:
        with transaction.atomic(), together(connection):
            (matter,) = matters.receive_within(
                demands=[(demand, contact)], actor=actor, at=at, follows=follows, revisions=revisions
            )
            kept = Submission(source=source, key=key, raw=raw, came_at=at, occurred_at=occurred_at, matter=matter)
            kept.sealed = _sealed(personal or {}, seal())
            write_rows(connection, [kept])
            return matter
    except IntegrityError:
        if earlier := taken_in(source, [key]).get(key):
            return received.matter_numbered(earlier.matter)
        raise


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: a matter (an exit where it was closed at once), one taken in before, or faults."""

    row: Coded
    matter: "Matter | None" = None
    earlier: TakenIn | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def list(self) -> str:
        """Return on which of the four lists the row stands."""
        if self.earlier:
            return "already"
        if self.matter is None:
            return "faults"
        return "exits" if self.matter.exit else "matters"


def take_in_batch(
    *, source: str, rows: Iterable[Coded], actor: Actor, now: Callable[[], datetime], keep: bool = True
) -> Iterator[Outcome]:
    """
    Take in the rows of a file, so many at a time, each chunk in a transaction of its own, and tell what became of each.

    What was taken in before is told and left alone, so that a run that was cut off is simply run again.

    :param now: the clock, asked once for each chunk
    :param keep: False tries everything and keeps nothing
    """
    waiting = iter(rows)
    while chunk := _next_chunk(waiting):
        yield from _chunk(source, chunk, actor, now(), keep)


def _next_chunk(waiting: Iterator[Coded]) -> list[Coded]:
    """Return the next rows: so many, or fewer where they are so long that holding them would fill the memory."""
    chunk, held = list[Coded](), 0
    while held < LONGEST_CHUNK and (row := next(waiting, None)) is not None:
        chunk.append(row)
        held += LONGEST_CHUNK // CHUNK + sum(map(len, row.raw.values()))
    return chunk


@transaction.atomic
def _chunk(source: str, rows: list[Coded], actor: Actor, at: datetime, keep: bool) -> list[Outcome]:
    _wait_for_the_turn(source)
    earlier = taken_in(source, [row.key for row in rows])
    first = {row.key: row.number for row in reversed(rows)}
    fresh = [row for row in rows if row.key not in earlier and first[row.key] == row.number]
    done = {outcome.row.number: outcome for outcome in _received(fresh, actor, at)}
    _write(source, list(done.values()), at)
    here = {o.row.key: TakenIn(o.row.key, o.matter.pk, o.matter.code) for o in done.values() if o.matter}
    outcomes = [done.get(row.number) or _again(row, {**here, **earlier}.get(row.key)) for row in rows]
    if not keep:
        transaction.set_rollback(True)
    return outcomes


def _again(row: Coded, earlier: TakenIn | None) -> Outcome:
    """Tell of a key met before; a second row with the number of a faulty one is faulty for that number."""
    return Outcome(row, earlier=earlier) if earlier else Outcome(row, faults=(Fault("key", "given_twice", row.key),))


def _received(rows: list[Coded], actor: Actor, at: datetime) -> list[Outcome]:
    fit = [row for row in rows if row.demand]
    faulty = [Outcome(row, faults=row.faults) for row in rows if not row.demand]
    try:
        with transaction.atomic():
            brought = [_brought(row) for row in fit]
            taken = matters.receive_all(demands=brought, actor=actor, at=at) if fit else []
    except Unfit:
        return [*faulty, *(_one_by_one(row, actor, at) for row in fit)]
    return [*faulty, *(Outcome(row, matter) for row, matter in zip(fit, taken, strict=True))]


def _one_by_one(row: Coded, actor: Actor, at: datetime) -> Outcome:
    """Take in a row whose chunk holds one that cannot be: the others are not lost for it."""
    demand, contact = _brought(row)
    try:
        with transaction.atomic():
            return Outcome(row, matters.receive(demand=demand, contact=contact, actor=actor, at=at))
    except Unfit as unfit:
        return Outcome(row, faults=(Fault(unfit.field, unfit.code),))


def _brought(row: Coded) -> tuple[Demand, Contact]:
    assert row.demand is not None
    return row.demand, Contact(row.name, row.phone)


def _write(source: str, outcomes: Sequence[Outcome], at: datetime) -> None:
    """Keep what came; a row that was faulty before is judged anew, as the register may know more by now."""
    held = seal()
    write_rows(
        connection,
        [
            Submission(
                source=source,
                key=outcome.row.key,
                raw=outcome.row.raw,
                sealed=_sealed(outcome.row.personal, held),
                came_at=at,
                occurred_at=outcome.row.occurred_at if outcome.matter else None,
                matter=outcome.matter,
                faults=[fault.as_data() for fault in (*outcome.faults, *outcome.row.remarks)],
            )
            for outcome in outcomes
        ],
        on_conflict=JUDGED_ANEW,
    )


def _sealed(personal: Mapping[str, str], held: Seal) -> bytes | None:
    return held.close(json.dumps(personal, ensure_ascii=False)) if personal else None


def _wait_for_the_turn(source: str) -> None:
    """Let one transaction at a time take in a chunk of a source, so that two runs never take a row in twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [source])
