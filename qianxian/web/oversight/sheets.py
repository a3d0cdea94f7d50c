"""A table as a spreadsheet."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter
from django.http import HttpResponse
from django.utils.timezone import localtime

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 16


def spreadsheet(name: str, columns: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """
    Return a workbook with one sheet for download.

    Every text is written as text, so that none that begins with = is ever reckoned by the reader's program.
    """
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True, "text_wrap": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, WIDTH)
        sheet.write_row(0, 0, [str(column) for column in columns], bold)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [_cell(value) for value in row])
    response = HttpResponse(held.getvalue(), content_type=TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    return value if isinstance(value, (int, float)) or value is None else str(value)
