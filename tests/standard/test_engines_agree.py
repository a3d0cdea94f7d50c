"""One declaration, several engines: of every row all say the same value, fault, warning and source."""

from datetime import date

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianxian.standard.compiled import Column, function_of, program
from qianxian.standard.engines import columns, sql
from qianxian.standard.faults import labels
from tests.standard.dirt import EXAMPLES, cells

TODAY = date(2026, 11, 27)
MARITAL = Column("婚姻", "person.marital", table="marital_jyt1001")
COLUMNS = [
    *(Column(name, name) for name in EXAMPLES if name != "person.marital"),
    Column("自", "person.marital"),
    MARITAL,
]
Found = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def database():
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.header)
def test_python_columns_and_sql_say_the_same_of_every_row(column: Column, database) -> None:
    @settings(max_examples=12, deadline=None)
    @given(st.lists(cells(column.element), min_size=1, max_size=120))
    def agree(rows: list[str]) -> None:
        rows += EXAMPLES[column.element]
        one_by_one = by_python(column, rows)
        for engine in (by_columns(column, rows), by_sql(column, rows, database)):
            differing = [found for found in zip(rows, one_by_one, engine, strict=True) if found[1] != found[2]]
            assert differing == []

    agree()


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.header)
def test_a_shortcut_says_nothing_but_what_the_whole_program_says(column: Column) -> None:
    without = columns.Compiled([program(column, TODAY).without_shortcut()], labels())

    @settings(max_examples=12, deadline=None)
    @given(st.lists(cells(column.element), min_size=1, max_size=120))
    def agree(rows: list[str]) -> None:
        rows += EXAMPLES[column.element]
        assert by_columns(column, rows) == shown(without.run([pl.Series(rows)])[0])

    agree()


def test_cells_that_are_missing_count_as_empty() -> None:
    compiled = columns.Compiled([program(column, TODAY) for column in COLUMNS], labels())
    nothing = compiled.run([pl.Series([None, ""], dtype=pl.String)] * len(COLUMNS))
    assert [shown(one) for one in nothing] == [[("", "", "", "")] * 2] * len(COLUMNS)


def by_python(column: Column, rows: list[str]) -> list[Found]:
    function = function_of(column, TODAY)
    return [tuple(function(row)) for row in rows]


def by_columns(column: Column, rows: list[str]) -> list[Found]:
    return shown(columns.Compiled([program(column, TODAY)], labels()).run([pl.Series(rows)])[0])


def shown(results: columns.Results) -> list[Found]:
    names = labels()
    lists = (part.to_list() for part in (results.value, results.fault, results.warning, results.source))
    return [(value, names[fault], names[warning], source) for value, fault, warning, source in zip(*lists, strict=True)]


def by_sql(column: Column, rows: list[str], database: duckdb.DuckDBPyConnection) -> list[Found]:
    given_rows = pl.DataFrame({"n": range(len(rows)), "cell": rows})  # noqa: F841  (read by the query)
    text = sql.query([("cell", program(column, TODAY))], "given_rows", sql.DUCKDB, keep=["n"])
    return [row[1:] for row in database.sql(text).order("n").fetchall()]
