"""A whole file from columns to outcomes: what the command line and the page share."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from qianxian.cadres.rules import Actor

from . import queries
from .actions import Outcome, take_in_batch
from .files import Table
from .rules.columns import Column, match
from .rules.rows import Coded, Known, RowReader

known = queries.known
answer_for = queries.answer_for


def columns(table: Table, against: Known, given: Mapping[str, str]) -> tuple[Column, ...]:
    """Return what each column of a file means (see `rules.columns.match`)."""
    return match(table.headers, table.sample, queries.names_of(against), given)


def coded(table: Table, matched: tuple[Column, ...], against: Known, now: datetime) -> Iterator[Coded]:
    """Yield each row of a file, understood."""
    reader = RowReader(matched, against, now)
    return (reader.coded(number, row, reader.keyed(row)) for number, row in table.rows)


def take_in_rows(
    *, source: str, rows: Iterator[Coded], actor: Actor, now: Callable[[], datetime], keep: bool
) -> Iterator[Outcome]:
    return take_in_batch(source=source, rows=rows, actor=actor, now=now, keep=keep)
