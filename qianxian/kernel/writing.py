"""
Writing many rows by one small statement: the rows travel as one JSON text, and the database takes them apart.

The statement of a table is the same for one row and for a thousand, so it is built once here and planned once by the
server; a column list of fifty placeholders for each row costs more than all the rest of taking a demand in.
Nothing is read back, so that a row may be written by somebody who may not read it.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

from psycopg import Cursor


def write_rows(connection: Any, rows: Iterable[Any], *, on_conflict: str = "", with_keys: bool = False) -> None:
    """
    Write unsaved rows of one table inside the present transaction; a key that the database draws stays unknown.

    :param connection: Django's connection to the database
    :param on_conflict: what to do where a row is there already, as SQL
    :param with_keys: the rows bring the keys that were drawn for them before (`draw_keys`)
    """
    unsaved = list(rows)
    if not unsaved:
        return
    table, columns = _shape(unsaved[0], with_keys)
    text = json.dumps([_cells(row, columns) for row in unsaved], default=_told, ensure_ascii=False)
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(_statement(table, columns, on_conflict), [text], prepare=True)
    for row in unsaved:
        row._state.adding, row._state.db = False, connection.alias


@contextmanager
def together(connection: Any) -> Iterator[None]:
    """
    Send the statements inside without waiting for the answer to each; what is wrong with one is told at the end.

    :param connection: Django's connection to the database
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def draw_keys(connection: Any, table: str, count: int) -> list[int]:
    """Draw keys for rows that are to refer to each other before they are written."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [key for (key,) in cursor.fetchall()]


def _shape(row: Any, with_keys: bool) -> tuple[str, tuple[str, ...]]:
    meta = row._meta
    left_out = None if with_keys else meta.auto_field
    return meta.db_table, tuple(field.attname for field in meta.concrete_fields if field is not left_out)


@cache
def _statement(table: str, columns: tuple[str, ...], on_conflict: str) -> str:
    listed = ", ".join(f'"{column}"' for column in columns)
    return (
        f"INSERT INTO {table} ({listed}) "  # noqa: S608  (names of our own tables)
        f"SELECT {listed} FROM json_populate_recordset(NULL::{table}, %s::json) {on_conflict}"
    )


def _cells(row: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    held = row.__dict__
    return {column: held[column] for column in columns}


def _told(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    raise TypeError(f"no column takes a {type(value).__name__}")
