"""A blank read as a whole: every sheet with what each of its columns means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from .rules.blanks import Blank, NoHeader, understood
from .rules.meanings import Meaning, meanings
from .workbooks import Unfit, grids, opened


@dataclass(frozen=True)
class Learned:
    """One sheet of a blank with the meaning of each column."""

    blank: Blank
    meanings: tuple[Meaning, ...]


def learn(path: Path, asked: Mapping[str, Sequence[str]] | None = None) -> tuple[Workbook, list[Learned]]:
    """
    Return a blank's workbook and its sheets understood.

    :param asked: by plain header, the titles of ledgers in which people fill such a column by hand
    :raises Unfit: if the file is no blank, or none of its sheets has a header
    """
    book = opened(path)
    found: list[Learned] = []
    lacking: list[str] = []
    for grid in grids(book):
        try:
            blank = understood(grid)
        except NoHeader as error:
            lacking.append(error.sheet)
            continue
        found.append(Learned(blank, meanings(blank, asked)))
    if not found:
        raise Unfit("no_header", sheet="、".join(lacking))
    return book, found


def told(file: str, learned: Sequence[Learned]) -> dict[str, Any]:
    """Return what was learned as `--json` prints it."""
    return {"file": file, "sheets": [_sheet(one) for one in learned]}


def _sheet(one: Learned) -> dict[str, Any]:
    blank = one.blank
    return {
        "name": blank.name, "title": blank.title, "header_rows": list(blank.header),
        "rows_to_fill": [blank.first_row, blank.last_row],
        "columns": [_column(meaning) for meaning in one.meanings],
        "notes": list(blank.notes),
        "checks": [
            {"column": check.column, "table": check.other_table, "other_column": check.other_column, "note": check.text}
            for check in blank.checks
        ],
    }  # fmt: skip


def _column(one: Meaning) -> dict[str, Any]:
    return {
        "column": get_column_letter(one.heading.column), "header": list(one.heading.path), "way": one.way,
        "element": one.element or None, "confidence": one.confidence, "status": one.status, "reason": one.reason,
        "formula": one.heading.formula or None,
        "legend": [{"sign": each.sign, "meaning": each.meaning, "code": each.code or None} for each in one.legend],
    }  # fmt: skip
