"""One frame of raw texts into clean columns and faults."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from qianxian.standard.agreements import AGREEMENTS, Agreement
from qianxian.standard.compiled import Column, program
from qianxian.standard.elements import Type, element
from qianxian.standard.engines.columns import Compiled, Results, Writer
from qianxian.standard.faults import FAULT, WARNING, labels, wordings
from qianxian.standard.programs.codes import edition

ROW = "row"
NUMBERS: dict[Type, pl.DataType] = {Type.WHOLE: pl.Int64(), Type.DECIMAL: pl.Float64()}
"""How numbers are kept in Parquet; days are days, every other type is text."""
FAULT_COLUMNS = {
    ROW: pl.Int64, "column": pl.String, "element": pl.String, "code": pl.String, "severity": pl.String,
    "sentence": pl.String, "raw": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Clean values by row, and what is wrong with cells: one line for each fault or warning."""

    values: pl.DataFrame
    faults: pl.DataFrame


class Cleaner:
    """Cleans frames by one specification, as of one day."""

    def __init__(self, columns: Sequence[Column], today: date):
        self.columns = tuple(columns)
        self.names = names_of(columns)
        self._compiled = Compiled([program(column, today) for column in columns], labels())
        self._sentences = {column.header: _sentences(column) for column in columns}
        by_element = {column.element: place for place, column in enumerate(columns)}
        self._agreements = [
            (by_element[one.one], by_element[one.other], one, Writer(labels()).of(one.differs))
            for one in AGREEMENTS
            if one.one in by_element and one.other in by_element
        ]

    def clean(self, frame: pl.DataFrame, too_wide: Iterable[int] = ()) -> Cleaned:
        """Return clean values and faults of a frame with one text column for each header, and the column ROW."""
        results = self._compiled.run([frame[column.header] for column in self.columns])
        values = [frame[ROW]]
        faults = [_wide(too_wide)]
        for column, name, result in zip(self.columns, self.names, results, strict=True):
            values += _kept(column, name, result)
            faults += self._found(frame, column, result)
        for one, other, agreement, differs in self._agreements:
            faults.append(self._disagreeing(frame, results[one].value, results[other].value, agreement, differs, other))
        return Cleaned(pl.DataFrame(values), pl.concat([part for part in faults if len(part)] or [_wide(())]))

    def _found(self, frame: pl.DataFrame, column: Column, result: Results) -> Iterable[pl.DataFrame]:
        yield self._lines(frame, column, result.fault != 0, result.fault, FAULT)
        yield self._lines(frame, column, result.warning != 0, result.warning, WARNING)
        if column.required:
            missing = pl.Series([labels().index("missing")], dtype=result.fault.dtype).new_from_index(0, len(frame))
            yield self._lines(frame, column, (result.value == "") & (result.fault == 0), missing, FAULT)

    def _lines(
        self, frame: pl.DataFrame, column: Column, mask: pl.Series, code: pl.Series, severity: str
    ) -> pl.DataFrame:
        if not mask.any():
            return _wide(())
        found = code.filter(mask).cast(pl.Int64)
        names = pl.Series(labels()).gather(found)
        said = pl.Series(self._sentences[column.header]).gather(found)
        return pl.DataFrame({
            ROW: frame[ROW].filter(mask),
            "column": pl.Series([column.header]).new_from_index(0, len(found)),
            "element": pl.Series([column.element]).new_from_index(0, len(found)),
            "code": names,
            "severity": pl.Series([severity]).new_from_index(0, len(found)),
            "sentence": said,
            "raw": _harmless(frame[column.header].filter(mask).fill_null("")),
        })  # fmt: skip

    def _disagreeing(
        self, frame: pl.DataFrame, one: pl.Series, other: pl.Series, agreement: Agreement, differs: pl.Expr, place: int
    ) -> pl.DataFrame:
        pair = pl.DataFrame({"one": one, "other": other})
        mask = pair.select(differs.fill_null(value=False)).to_series()
        code = pl.Series([labels().index(agreement.code)]).new_from_index(0, len(frame))
        return self._lines(frame, self.columns[place], mask, code, WARNING)


def names_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the name of each clean column: the element's field, with its entity where two fields are alike."""
    fields = [element(column.element).field for column in columns]
    return tuple(
        field if fields.count(field) == 1 else column.element.replace(".", "_")
        for field, column in zip(fields, columns, strict=True)
    )


def _kept(column: Column, name: str, result: Results) -> Iterable[pl.Series]:
    """Yield the value in its type; of a code also the source code, and the edition or crosswalk that read it."""
    one = element(column.element)
    value = pl.select(pl.when(result.value != "").then(result.value)).to_series().alias(name)
    if one.type is Type.DATE:
        yield value.str.to_date("%Y-%m-%d")
    else:
        yield value.cast(NUMBERS[one.type]) if one.type in NUMBERS else value
    if one.type is Type.CODE:
        yield pl.select(pl.when(result.source != "").then(result.source)).to_series().alias(f"{name}_source")
        yield pl.Series(f"{name}_map", [edition(one.table, column.table)]).new_from_index(0, len(value))


def _sentences(column: Column) -> list[str]:
    """Return the sentence of every label for one column, in the labels' order."""
    return ["", *(wording.said(column.header) for wording in wordings().values())]


def _wide(rows: Iterable[int]) -> pl.DataFrame:
    wording = wordings()["too_many_cells"]
    numbers = list(rows)
    line = ("", "", wording.code, FAULT, wording.said(""), "")
    return pl.DataFrame([(number, *line) for number in numbers], schema=FAULT_COLUMNS, orient="row")


def _harmless(cells: pl.Series) -> pl.Series:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return pl.select(
        pl.when(cells.str.contains("^[=+@-]")).then(pl.lit("'") + cells).otherwise(cells)
    ).to_series()  # fmt: skip
