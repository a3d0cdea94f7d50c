"""
The workbooks in which streets, departments and communities really keep their lists, taken apart.

Above each table stand a title and merged headers; what a sheet is shows in its columns, then in its title.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qianxian.register.rules import plain

from . import lists
from .articles import List

Cells = tuple[str, ...]
HEADER_AMONG = 15


class Form(StrEnum):
    """In which form a sheet comes; all but `flat` are named like the list that they are."""

    FLAT = "flat"
    BASIC = List.BASIC.value
    ASSISTING = List.ASSISTING.value
    TAKEN_BACK = List.TAKEN_BACK.value
    DEPARTMENT = List.DEPARTMENT.value
    SELF_GOVERNMENT = List.SELF_GOVERNMENT.value
    COMMUNITY_ASSIST = List.COMMUNITY_ASSIST.value
    NEGATIVE = List.NEGATIVE.value


HEADERS = {
    "serial": ("序号", "编号", "清单编号"),
    "item": (
        "事项", "事项名称", "履职事项", "履职事项名称", "具体事项", "配合事项", "配合履职事项", "收回事项", "职权名称", "权力名称",
        "权力事项", "权力事项名称", "自治事项", "协助事项", "负面事项", "工作事项", "清单内容", "事项内容",
    ),
    "upper": ("上级部门", "对应上级部门", "牵头部门", "上级主管部门", "主管部门", "对应部门"),
    "upper_duty": ("上级部门职责", "部门职责", "牵头部门职责"),
    "street_duty": ("街道职责", "街道配合职责", "乡镇街道职责", "镇街职责", "乡镇职责", "配合职责"),
    "taker": ("承接部门", "收回部门", "承接单位"),
    "method": ("工作方式", "承接方式", "履职方式"),
    "power": ("职权类型", "职权类别", "权力类型", "权力类别"),
    "basis": ("实施依据", "依据", "法律依据", "设定依据"),
    "duty": ("责任事项",),
    "liability": ("追责情形", "追责情形及依据", "追责依据"),
    "topic": ("对应事项", "对应事项编码", "事项编码"),
    "body": ("责任单位", "单位", "实施主体", "社区", "适用社区", "村居"),
    "place": ("地区", "区域", "管辖范围"),
    "setting": ("场所", "情形"),
}  # fmt: skip
"""What each column may be called; compared without spaces and brackets."""

TITLED = (
    ("负面", Form.NEGATIVE), ("禁入", Form.NEGATIVE), ("收回", Form.TAKEN_BACK), ("配合履职", Form.ASSISTING),
    ("基本履职", Form.BASIC), ("自治", Form.SELF_GOVERNMENT), ("协助", Form.COMMUNITY_ASSIST),
    ("权责清单", Form.DEPARTMENT), ("权力清单", Form.DEPARTMENT),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and its rows with their numbers, as people see them; merged cells hold their value each."""

    name: str
    rows: tuple[tuple[int, Cells], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: sheet, row, position of the column, what it holds, a code, and what may have been meant."""

    sheet: str
    row: int
    position: int
    header: str
    code: str
    value: str = ""
    candidates: tuple[str, ...] = ()


@dataclass
class Table:
    """A sheet taken apart: title, header, body."""

    sheet: Sheet
    title: str
    positions: dict[str, int]
    headers: Cells
    body: tuple[tuple[int, Cells], ...]
    header_row: int


def taken_apart(sheet: Sheet) -> Table | None:
    """Return title, header and body of a sheet, None where it holds no table that is known."""
    head = sheet.rows[:HEADER_AMONG]
    counts = [len(_positions(cells)) if _distinct(cells) > 1 else 0 for _, cells in head]
    if not counts or max(counts) < 2:
        return None
    at = counts.index(max(counts))
    headers = list(head[at][1])
    above = head[at - 1][1] if at and _distinct(head[at - 1][1]) > 1 and len(_positions(head[at - 1][1])) else ()
    headers = [cell if cell.strip() else cell_at(above, place) for place, cell in enumerate(headers)]
    last = at
    if at + 1 < len(head) and len(_positions(head[at + 1][1])) >= 2:
        last = at + 1
        headers = [_lower(headers, head[last][1], place) for place in range(max(len(headers), len(head[last][1])))]
    first = at - 1 if above else at
    title = "".join(dict.fromkeys(c.strip() for _, cells in head[:first] for c in cells if c.strip()))
    return Table(sheet, title, _positions(tuple(headers)), tuple(headers), sheet.rows[last + 1 :], head[at][0])


def _lower(upper: Sequence[str], lower: Sequence[str], place: int) -> str:
    """Return the name of a column whose header has two rows: the lower one where it names the column."""
    below = cell_at(lower, place)
    return below if plain(below) in NAMES else cell_at(upper, place)


def cell_at(cells: Sequence[str], place: int) -> str:
    """Return a cell of a row, '' where the row is shorter."""
    return cells[place] if place < len(cells) else ""


def _distinct(cells: Cells) -> int:
    return len({cell.strip() for cell in cells if cell.strip()})


NAMES = {plain(name): key for key, names in HEADERS.items() for name in names}


def _positions(headers: Cells) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        key = NAMES.get(plain(header))
        if key:
            found.setdefault(key, place)
    return found


def is_flat(headers: Cells) -> bool:
    """Tell whether each column is one of the register itself: body, topic, place and basis are there."""
    named = {key for key, names in lists.COLUMNS.items() if any(header.strip() in names for header in headers)}
    return {"number", "body", "topic", "place", "basis"} <= named


def form_of(table: Table) -> Form | None:
    """Return in which form a table comes: by its columns, then by name of the sheet, header and title."""
    there = table.positions.keys()
    if "power" in there:
        return Form.DEPARTMENT
    if "taker" in there:
        return Form.TAKEN_BACK
    if "upper" in there and {"street_duty", "upper_duty"} & there:
        return Form.ASSISTING
    if "item" not in there:
        return None
    for text in (table.sheet.name, table.headers[table.positions["item"]], table.title):
        if form := next((form for words, form in TITLED if words in text), None):
            return form
    return None
