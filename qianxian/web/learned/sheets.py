"""What was learned as workbooks: one for each list, and the proposals in the form that the import reads."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook

from . import proposing
from .proposing import Row

NOT_TURNED_INTO = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LONGEST = 32_000
Columns = Sequence[tuple[str, str, int]]
LISTS: dict[str, tuple[str, Columns]] = {
    "units": ("合并的写法", (
        ("unit", "单位", 30), ("written", "写法", 36), ("records", "记录数", 8), ("sentence_zh", "合并理由", 50),
    )),
    "contested": ("归属不一", (
        ("topic_name", "事项", 36), ("street", "街道", 14), ("records", "记录数", 8), ("unit", "单位", 30),
        ("unit_records", "该单位", 8), ("rows", "来源行", 40),
    )),
    "communities": ("交社区办理", (
        ("community", "社区", 22), ("topic", "事项", 26), ("street", "街道", 14), ("records", "记录数", 8),
        ("rows", "来源行", 40),
    )),
    "faults": ("用不了的行", (("row", "行", 8), ("sentence_zh", "原因", 60), ("value", "原文", 40))),
}  # fmt: skip


def lines(name: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a list of the answer, one line for each row of its sheet."""
    if name == "units":
        return [{"unit": unit["unit"]} | spelling for unit in data["units_merged"] for spelling in unit["spellings"]]
    if name == "contested":
        return [
            {
                "topic_name": "／".join(cell["topics"]), "street": cell["street"], "records": cell["records"],
                "unit": unit["unit"], "unit_records": unit["records"], "rows": _numbers(unit["rows"]),
            }
            for cell in data["contested"]
            for unit in cell["units"]
        ]  # fmt: skip
    if name == "communities":
        return [one | {"rows": _numbers(one["rows"])} for one in data["communities"]]
    return list(data["faults"])


def write_list(out: IO[bytes], name: str, data: dict[str, Any]) -> None:
    """Write one list as a workbook."""
    title, columns = LISTS[name]
    with Workbook(out, {"in_memory": True} | NOT_TURNED_INTO) as book:
        _sheet(book, title, columns, lines(name, data))


def write_proposals(out: Path | IO[bytes], rows: Iterable[Row]) -> tuple[int, int]:
    """
    Write the proposals: on the first sheet those that the import reads, on the second those with unknown names.

    Return how many stand on each.
    """
    held = list(rows)
    fit = [row.cells for row in held if not row.lacks]
    unfit = [
        row.cells | {"lacks": "、".join(proposing.UNRESOLVED[column] for column in row.lacks)}
        for row in held
        if row.lacks
    ]
    with Workbook(str(out) if isinstance(out, Path) else out, {"in_memory": True} | NOT_TURNED_INTO) as book:
        _sheet(book, "可导入", proposing.COLUMNS, fit)
        _sheet(book, "对不上名录的", proposing.ASIDE, unfit)
    return len(fit), len(unfit)


def _sheet(book: Workbook, title: str, columns: Columns, rows: Iterable[dict[str, Any]]) -> None:
    sheet, bold = book.add_worksheet(title), book.add_format({"bold": True, "bg_color": "#E8EEF4"})
    sheet.freeze_panes(1, 0)
    for place, (_, head, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, bold)
    for number, row in enumerate(rows, start=1):
        for place, (key, _, _) in enumerate(columns):
            value = row.get(key, "")
            if isinstance(value, int | float):
                sheet.write_number(number, place, value)
            else:
                sheet.write_string(number, place, str(value)[:LONGEST])


def _numbers(rows: Sequence[int]) -> str:
    return "、".join(map(str, rows))
