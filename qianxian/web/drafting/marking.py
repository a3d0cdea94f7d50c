"""A workbook given back with what is wrong with it, at the place; slow to load, so whoever uses it loads it lazily."""

from collections.abc import Callable, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from qianxian.mandates.rules.sheet_reading import Told
from qianxian.mandates.rules.sheets import Fault, Sheet

MARKED = PatternFill("solid", start_color="FFF2CC")
PROBLEM, TOPIC = "问题", "对应事项"
WIDTH, LONGEST_LIST = 48, 250


def mark(
    file: Path, copy: Path, sheets: Sequence[Sheet], told: Sequence[Told], faults: Sequence[Fault],
    say: Callable[[Fault], str],
) -> None:  # fmt: skip
    """
    Write a copy in which each faulty cell is coloured and says what is wrong, with two columns at the end.

    The first says it once more for each row; in the second the topic can be chosen from those that may be meant, and
    the copy be brought back as it is. A text file or an old workbook comes back as a workbook.
    """
    book = _opened(file, sheets)
    headers = {one.name: one.header_row for one in told}
    for name in dict.fromkeys(fault.sheet for fault in faults):
        sheet = book[name] if name else book.worksheets[0]
        _mark_sheet(sheet, [fault for fault in faults if fault.sheet == name], headers.get(name) or 1, say)
    book.save(copy)


def _opened(file: Path, sheets: Sequence[Sheet]) -> Workbook:
    with file.open("rb") as stream:
        if stream.read(4) == b"PK\x03\x04":
            stream.seek(0)
            return load_workbook(stream)
    book = Workbook()
    book.remove(book.active)
    for held in sheets:
        sheet = book.create_sheet(held.name or "清单")
        for number, cells in held.rows:
            for place, cell in enumerate(cells, start=1):
                sheet.cell(number, place, cell).data_type = "s"
    return book


def _mark_sheet(sheet: object, faults: Sequence[Fault], header: int, say: Callable[[Fault], str]) -> None:
    names = {str(cell.value or "").strip(): cell.column for cell in sheet[header]}  # type: ignore[index]
    last = max(sheet.max_column, *names.values())  # type: ignore[attr-defined]
    problem = names.get(PROBLEM) or last + 1
    topic = names.get(TOPIC) or (max(last, problem) + 1)
    for column, name in ((problem, PROBLEM), (topic, TOPIC)):
        cell = sheet.cell(header, column, name)  # type: ignore[attr-defined]
        cell.font, cell.fill = Font(bold=True), MARKED
        sheet.column_dimensions[get_column_letter(column)].width = WIDTH  # type: ignore[attr-defined]
    by_row: dict[int, list[Fault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    for row, found in by_row.items():
        _mark_row(sheet, row, found, problem, topic, say)


def _mark_row(
    sheet: object, row: int, found: Sequence[Fault], problem: int, topic: int, say: Callable[[Fault], str]
) -> None:
    said = "\n".join(dict.fromkeys(say(fault) for fault in found))
    cell = sheet.cell(row, problem, said)  # type: ignore[attr-defined]
    cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
    for fault in found:
        marked = sheet.cell(row, fault.position + 1)  # type: ignore[attr-defined]
        if type(marked).__name__ != "MergedCell":
            marked.fill, marked.comment = MARKED, Comment(say(fault), "千线")
        if fault.code.startswith("topic") and fault.candidates:
            _offer(sheet, sheet.cell(row, topic), fault.candidates)  # type: ignore[attr-defined]


def _offer(sheet: object, cell: object, candidates: Sequence[str]) -> None:
    """Let the topic be chosen from those that may be meant."""
    listed = ",".join(one.replace(",", "，").replace('"', "") for one in candidates)
    if len(listed) <= LONGEST_LIST:
        choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        choice.add(cell)
        sheet.add_data_validation(choice)  # type: ignore[attr-defined]
    cell.fill = MARKED  # type: ignore[attr-defined]
