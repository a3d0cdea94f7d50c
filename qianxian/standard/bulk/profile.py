"""What a clean file holds: how complete, valid and unique each column is, and how its values are spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from qianxian.standard.code_tables import code_table
from qianxian.standard.compiled import Column
from qianxian.standard.elements import Class, Type, element
from qianxian.standard.faults import FAULT, WARNING, wordings

MEMORY = "400MB"
"""What the engine may hold; what is more it puts on the disk."""
MOST = 24
"""Bars of one chart."""


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """
    One column: cells filled, cells at fault, values kept, different values, and a chart of bars (name, count).

    `shown` says what the bars are: codes, years, sizes, lengths. Values of sensitive elements are never shown.
    """

    header: str
    element: str
    name: str
    rows: int
    filled: int
    faults: int
    warnings: int
    values: int
    distinct: int
    shown: str
    bars: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Profile:
    rows: int
    columns: tuple[ColumnProfile, ...]


def _database(work: Path) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.execute(f"SET memory_limit = '{MEMORY}'")
    database.execute("SET preserve_insertion_order = false")
    database.execute("SET temp_directory = " + _text(str(work / "spill")))
    database.execute(f"CREATE VIEW clean AS FROM read_parquet({_text(str(work / 'clean' / 'part-*.parquet'))})")
    return database


def duplicates(work: Path, columns: Sequence[Column], names: Sequence[str]) -> int:
    """
    Write a fault for each row whose value an earlier row has, of the columns that must be unique; return how many.

    The engine compares, sorts and writes on its own, on the disk where memory does not suffice.
    """
    unique = [(column, name) for column, name in zip(columns, names, strict=True) if column.unique]
    if not unique:
        return 0
    found = 0
    with _database(work) as database:
        for number, (column, name) in enumerate(unique):
            target = _text(str(work / "faults" / f"part-{TWICE + number}.csv"))
            copied = database.execute(f"COPY ({_twice(column, _column(name))}) TO {target} (HEADER false)").fetchone()
            found += int(copied[0]) if copied else 0
    return found


TWICE = 99_000
"""Number of the first part that holds duplicates: they stand after all others."""


def _twice(column: Column, cell: str) -> str:
    """Return the query of the faults, in the order of FAULT_COLUMNS; the value is valid, so that nothing hides in it."""
    advice = wordings()["duplicate"].advice
    told = (_text(part) for part in (column.header, column.element, "duplicate", FAULT))
    sentence = f"concat({_text(f'{column.header}与第 ')}, first, {_text(f' 行重复。{advice}。')})"
    return f"""
        SELECT row, {", ".join(told)}, {sentence}, CAST(raw AS VARCHAR) FROM (
            SELECT row, {cell} AS raw, min(row) OVER (PARTITION BY {cell}) AS first FROM clean
            WHERE {cell} IN (SELECT {cell} FROM clean WHERE {cell} IS NOT NULL GROUP BY 1 HAVING count(*) > 1)
        ) WHERE row <> first ORDER BY row"""  # noqa: S608  (names and texts are quoted)


def profiled(
    work: Path, columns: Sequence[Column], names: Sequence[str], rows: int, cells: Mapping[str, int]
) -> Profile:
    """
    Return the profile of the clean parts in a work folder.

    :param cells: how many cells are at fault (`fault:HEADER`) or have a warning (`warning:HEADER`)
    """
    with _database(work) as database:
        pairs = zip(columns, names, strict=True)
        return Profile(rows, tuple(_column_profile(database, column, name, rows, cells) for column, name in pairs))


def _column_profile(
    database: duckdb.DuckDBPyConnection, column: Column, name: str, rows: int, cells: Mapping[str, int]
) -> ColumnProfile:
    cell, one = _column(name), element(column.element)
    query = f"SELECT count({cell}), count(DISTINCT {cell}) FROM clean"  # noqa: S608  (the name is quoted)
    values, distinct = database.execute(query).fetchone() or (0, 0)
    shown, bars = _bars(database, column, cell)
    faults, warnings = (cells.get(f"{severity}:{column.header}", 0) for severity in (FAULT, WARNING))
    return ColumnProfile(
        column.header, column.element, one.name, rows, values + faults, faults, warnings, values, distinct, shown, bars
    )


def _bars(database: duckdb.DuckDBPyConnection, column: Column, cell: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Return how values are spread: by code, by year, by size, else by length."""
    one = element(column.element)
    if one.type is Type.CODE and one.sensitivity is not Class.STRICTEST:
        names = {entry.code: entry.name for entry in code_table(one.table).entries.values()}
        found = _grouped(database, cell, by_count=True)
        return "codes", tuple((f"{code} {names.get(code, '')}".strip(), count) for code, count in found)
    if one.type is Type.DATE:
        found = _grouped(database, f"year({cell})", by_count=False, most=200)
        return "years", _in_steps(found, 5) if len(found) > MOST else found
    if one.type in (Type.WHOLE, Type.DECIMAL):
        return "sizes", _sizes(database, cell)
    return "lengths", _grouped(database, f"length(CAST({cell} AS VARCHAR))", by_count=False)


def _grouped(
    database: duckdb.DuckDBPyConnection, by: str, *, by_count: bool, most: int = MOST
) -> tuple[tuple[str, int], ...]:
    order = "2 DESC, 1" if by_count else "1"
    query = f"SELECT {by}, count(*) FROM clean WHERE {by} IS NOT NULL GROUP BY 1 ORDER BY {order} LIMIT {most}"  # noqa: S608
    return tuple((str(name), int(count)) for name, count in database.execute(query).fetchall())


def _in_steps(found: tuple[tuple[str, int], ...], years: int) -> tuple[tuple[str, int], ...]:
    """Return counts of years as counts of several years each."""
    steps: dict[int, int] = {}
    for year, count in found:
        first = int(year) // years * years
        steps[first] = steps.get(first, 0) + count
    return tuple((f"{first}–{first + years - 1}", count) for first, count in sorted(steps.items()))[-MOST:]


def _sizes(database: duckdb.DuckDBPyConnection, cell: str) -> tuple[tuple[str, int], ...]:
    """Return ten steps between the smallest and the greatest value."""
    query = f"SELECT min({cell}), max({cell}) FROM clean"  # noqa: S608  (the name is quoted)
    low, high = database.execute(query).fetchone() or (None, None)
    if low is None:
        return ()
    step = max((float(high) - float(low)) / 10, 1e-9)
    query = f"""
        SELECT least(9, CAST(floor(({cell} - {low}) / {step}) AS INTEGER)), count(*) FROM clean
        WHERE {cell} IS NOT NULL GROUP BY 1 ORDER BY 1"""  # noqa: S608
    counts: dict[Any, Any] = dict(database.execute(query).fetchall())
    return tuple((f"{low + n * step:,.0f}–{low + (n + 1) * step:,.0f}", int(counts.get(n, 0))) for n in range(10))


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
