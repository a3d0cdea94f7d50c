"""A department's own workbook: taken apart as it stands, and filled without changing how it looks."""

import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from .rules.blanks import Grid, Range

MEGABYTE = 2**20
LARGEST, LARGEST_UNPACKED = 32 * MEGABYTE, 256 * MEGABYTE
MOST_ROWS = 20_000
"""A blank has a header and notes; what has more rows is a list of data, or formatted down to the last row."""
OLD, ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
LAST_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')


class Unfit(Exception):
    """A workbook that is no blank to be read; `code` names the sentence, `facts` fill it."""

    def __init__(self, code: str, **facts: Any):
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Filling:
    """
    What goes into one sheet.

    :param first_row: where the rows begin
    :param last_row: the last row that the blank offers; more are opened below it, and what stands below moves down
    :param columns: for each column (from 1) the cells from top to bottom; columns with formulas are left out
    """

    sheet: str
    first_row: int
    last_row: int
    columns: dict[int, Sequence[Any]]
    count: int


def opened(path: Path) -> Workbook:
    """
    Open a blank.

    :raises Unfit: if it has a password or macros, is of the old format, damaged, too large, or no blank at all
    """
    _need_fit(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(path, rich_text=True)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile, TypeError, IndexError) as error:
        raise Unfit("damaged") from error


def grids(book: Workbook) -> list[Grid]:
    """
    Return the visible sheets that have anything in them.

    :raises Unfit: if none has
    """
    found = [_grid(one) for one in book.worksheets if one.sheet_state == "visible"]
    filled = [one for one in found if one.cells]
    if not filled:
        raise Unfit("empty")
    return filled


def _need_fit(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise Unfit("missing", name=path.name) from error
    if not size:
        raise Unfit("empty")
    if size > LARGEST:
        raise Unfit("too_large", most=LARGEST // MEGABYTE)
    if head.startswith(OLD):
        raise Unfit("encrypted" if ENCRYPTED in path.read_bytes() else "old_format")
    if not head.startswith(b"PK"):
        raise Unfit("no_workbook")
    try:
        _need_fit_inside(path)
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError, NotImplementedError) as error:
        raise Unfit("encrypted" if "password" in str(error) else "damaged") from error


def _need_fit_inside(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Unfit("macros")
        if not any(name.startswith("xl/") for name in names):
            raise Unfit("no_workbook")
        total = 0
        for name in names:
            last = 0
            with archive.open(name) as packed:
                while block := packed.read(MEGABYTE):
                    total += len(block)
                    if total > LARGEST_UNPACKED:
                        raise Unfit("too_large", most=LARGEST_UNPACKED // MEGABYTE)
                    if "worksheets/" in name:
                        last = max([last, *map(int, LAST_ROW.findall(block))])
            if last > MOST_ROWS:
                raise Unfit("too_many_rows", rows=last, most=MOST_ROWS)


def _grid(sheet: Worksheet) -> Grid:
    cells = {
        (cell.row, cell.column): text
        for row in sheet.iter_rows()
        for cell in row
        if (text := _text(cell.value)).strip()
    }
    merged: tuple[Range, ...] = tuple(
        (one.min_row, one.min_col, one.max_row, one.max_col) for one in sheet.merged_cells.ranges
    )
    return Grid(sheet.title, cells, tuple(sorted(merged)), _choices(sheet))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _choices(sheet: Worksheet) -> dict[int, tuple[str, ...]]:
    """Return the lists from which the cells of a column may be chosen, where they stand in the rule itself."""
    found: dict[int, tuple[str, ...]] = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and (rule.formula1 or "").startswith('"'):
            options = tuple(part.strip() for part in rule.formula1.strip('"').split(",") if part.strip())
            for one in rule.sqref.ranges:
                found.update(dict.fromkeys(range(one.min_col, one.max_col + 1), options))
    return found


def fill(book: Workbook, fillings: Iterable[Filling]) -> None:
    """Fill sheets in place: fonts, borders, widths, merged cells, formulas and what is set for printing stay."""
    for filling in fillings:
        sheet = book[filling.sheet]
        offered = filling.last_row - filling.first_row + 1
        if filling.count > offered:
            _open_rows(sheet, filling.last_row + 1, filling.count - offered)
        _repeat_row(sheet, filling.first_row, max(filling.count, 1), set(filling.columns), offered)
        for column, cells in filling.columns.items():
            for row, value in enumerate(cells, start=filling.first_row):
                _put(sheet, row, column, value)


def _put(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """Write a value; a text is always a text, whatever sign it begins with."""
    cell = sheet.cell(row, column)
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = value or None
    if value:
        cell.data_type = "s"
        if value[0] in "=+-@\t":
            cell.quotePrefix = True
        elif value.isdigit() and len(value) > 11:
            cell.number_format = "@"


def _repeat_row(sheet: Worksheet, first: int, count: int, columns: set[int], offered: int) -> None:
    """Give every row the looks, the height and the formulas of the first; what the blank brought as examples goes."""
    for column in range(1, sheet.max_column + 1):
        pattern = sheet.cell(first, column)
        formula = pattern.value if isinstance(pattern.value, str) and pattern.value.startswith("=") else None
        for row in range(first, first + max(count, offered)):
            cell = sheet.cell(row, column)
            if column in columns:
                cell.value = None
            if row == first or row >= first + count:
                continue
            if pattern.has_style:
                cell._style = copy(pattern._style)
            if formula and column not in columns:
                cell.value = Translator(formula, pattern.coordinate).translate_formula(cell.coordinate)
    height = sheet.row_dimensions[first].height
    if height:
        for row in range(first + 1, first + count):
            sheet.row_dimensions[row].height = height


def _open_rows(sheet: Worksheet, at: int, count: int) -> None:
    """Open rows above `at`: cells, merged ranges, heights, rules and the area for printing below it move down."""
    heights = {row: copy(one) for row, one in sheet.row_dimensions.items() if row >= at}
    merged = [one for one in list(sheet.merged_cells.ranges) if one.max_row >= at]
    for one in merged:
        sheet.unmerge_cells(str(one))
    if sheet.max_row >= at:
        sheet.move_range(f"A{at}:{get_column_letter(sheet.max_column)}{sheet.max_row}", rows=count)
    _widen_formulas(sheet, at, count)
    for one in merged:
        sheet.merge_cells(
            start_row=one.min_row + (count if one.min_row >= at else 0), start_column=one.min_col,
            end_row=one.max_row + count, end_column=one.max_col,
        )  # fmt: skip
    _move_heights(sheet, heights, at, count)
    _move_rules(sheet, at, count)
    _move_printing(sheet, at, count)


def _move_heights(sheet: Worksheet, heights: dict[int, Any], at: int, count: int) -> None:
    for row in heights:
        del sheet.row_dimensions[row]
    for row, held in heights.items():
        sheet.row_dimensions[row + count].height = held.height
        sheet.row_dimensions[row + count].hidden = held.hidden


REFERENCE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)(?![\d(])")


def _widen_formulas(sheet: Worksheet, at: int, count: int) -> None:
    """Let formulas of this sheet follow what moved; a range that ended just above the new rows takes them in."""

    def moved(found: re.Match[str]) -> str:
        row = int(found[2])
        return f"{found[1]}{row + count if row >= at else row}"

    ranges = re.compile(rf"(\$?[A-Z]{{1,3}}\$?\d+):(\$?[A-Z]{{1,3}}\$?)({at - 1})(?!\d)")
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("=") and "!" not in cell.value:
                wide = ranges.sub(lambda found: f"{found[1]}:{found[2]}{int(found[3]) + count}", cell.value)
                cell.value = REFERENCE.sub(moved, cell.value) if wide == cell.value else wide


def _move_rules(sheet: Worksheet, at: int, count: int) -> None:
    for rule in sheet.data_validations.dataValidation:
        for one in list(rule.sqref.ranges):
            if one.max_row >= at - 1:
                one.expand(down=min(count, 1_048_576 - one.max_row))


def _move_printing(sheet: Worksheet, at: int, count: int) -> None:
    area = sheet.print_area
    if area:
        names = [part.rpartition("!")[2].replace("$", "") for part in str(area).split(",")]
        moved = []
        for name in names:
            left, top, right, bottom = range_boundaries(name)
            grown = CellRange(
                min_col=left, min_row=top, max_col=right, max_row=bottom + (count if bottom >= at - 1 else 0)
            )
            moved.append(grown.coord)
        sheet.print_area = ",".join(moved)
    for one in sheet.row_breaks.brk:
        if one.id >= at:
            one.id += count
