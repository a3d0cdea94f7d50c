"""Sealing everything anew under the newest key: in small transactions, to be broken off and taken up at any moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import connection, models, transaction

from qianxian.journal import actions as journal
from qianxian.kernel.sealing import Ring
from qianxian.register.actions import keys
from qianxian.register.sealing import ring

BLOCK = 500


@dataclass(frozen=True)
class Column:
    """A column of sealed values: by agreement a binary column whose name ends in `sealed`."""

    table: str
    name: str
    key: str

    @property
    def code(self) -> str:
        return f"{self.table}.{self.name}"


def columns() -> list[Column]:
    """Return every column of sealed values of every package."""
    return [
        Column(model._meta.db_table, field.attname, str(model._meta.pk.column))
        for model in apps.get_app_config("qianxian").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and field.attname.endswith("sealed")
    ]


def rotate(*, actor: str, at: datetime, follow: Callable[[str, int], None] = lambda column, done: None) -> int:
    """
    Seal every value anew that an older key has sealed; returns how many were.

    Both generations are readable meanwhile. Broken off, it goes on after the last transaction that ended.

    :param follow: is told the column and how many of its rows were looked at
    """
    seal, total = ring(), 0
    for column in columns():
        looked = 0
        for seen, sealed in _blocks(column, seal, at):
            looked, total = looked + seen, total + sealed
            follow(column.code, looked)
    journal.record(at=at, actor=actor, verb="rotate_keys", subject=f"key:{seal.generation}", sealed=total)
    return total


def _blocks(column: Column, seal: Ring, at: datetime) -> Iterator[tuple[int, int]]:
    while True:
        seen, sealed = _block(column, seal, at)
        if not seen:
            return
        yield seen, sealed


@transaction.atomic
def _block(column: Column, seal: Ring, at: datetime) -> tuple[int, int]:
    """Seal the next rows of a column anew, and remember how far it is, in one transaction."""
    progress = keys.rotation(seal.generation, column.code)
    if progress.done_at:
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('qianxian.resealing', 'yes', true)")
        cursor.execute(
            f'SELECT {column.key}, "{column.name}" FROM {column.table} WHERE {column.key} > %s AND "{column.name}" IS NOT NULL '  # noqa: S608
            f"ORDER BY {column.key} LIMIT {BLOCK} FOR UPDATE",
            [progress.after],
        )
        rows = cursor.fetchall()
        old = [(key, bytes(sealed)) for key, sealed in rows if not seal.is_newest(bytes(sealed))]
        cursor.executemany(
            f'UPDATE {column.table} SET "{column.name}" = %s WHERE {column.key} = %s',  # noqa: S608  (names of our own tables)
            [(seal.close(seal.open(sealed)), key) for key, sealed in old],
        )
    keys.keep_rotation(progress, after=rows[-1][0] if rows else progress.after, done_at=None if rows else at)
    return len(rows), len(old)


def left_under_older_keys() -> int:
    """Count the values that an older key has sealed still, such as those written while it went on."""
    seal, count = ring(), 0
    for column in columns():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT "{column.name}" FROM {column.table} WHERE "{column.name}" IS NOT NULL')  # noqa: S608
            while rows := cursor.fetchmany(BLOCK):
                count += sum(not seal.is_newest(bytes(sealed)) for (sealed,) in rows)
    return count
