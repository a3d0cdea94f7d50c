"""A notice of the State Council on days off and make-up days, taken over row by row. 国务院办公厅节假日安排通知"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from qianxian.kernel.worktime import SATURDAY, Calendar, Kind, Override


class NoticeFault(StrEnum):
    """Why a row of a notice cannot be taken over."""

    BAD_DATE = "日期无法识别，请写成2027-01-01的样子"
    BAD_KIND = "类型无法识别，请填写“休”或“班”"
    NO_NAME = "没有写明是哪个节日"
    DUPLICATE = "同一天出现了两次"
    POINTLESS = "这一天本来就上班，不必列为调休上班"


@dataclass(frozen=True)
class FaultyRow:
    """A row of a notice that is not taken over; `row` counts from 1."""

    row: int
    fault: NoticeFault
    text: str


KINDS = {
    **dict.fromkeys(("off", "休", "放假", "休息", "休息日"), Kind.OFF),
    **dict.fromkeys(("work", "班", "上班", "调休上班", "工作日"), Kind.WORK),
}
COLUMNS = {"日期": "date", "类型": "kind", "名称": "name", "节日": "name"}


def read_notice(
    rows: Iterable[Mapping[str, object]], *, calendar: Calendar, version: str, source: str
) -> tuple[list[Override], list[FaultyRow]]:
    """
    Return the days that a notice of the State Council decrees, and the rows that cannot be taken over.

    Columns are `date`, `kind`, `name`, or 日期, 类型, 名称.

    :param calendar: the version before the notice, by which a make-up day is found pointless
    """
    overrides: dict[date, Override] = {}
    faults = []
    for number, row in enumerate(rows, 1):
        cells = {COLUMNS.get(str(key).strip(), str(key).strip()): value for key, value in row.items()}
        day, name = _read_day(cells.get("date")), str(cells.get("name") or "").strip()
        kind = KINDS.get(str(cells.get("kind") or "").strip().lower())
        fault = _fault(day, kind, name, overrides, calendar)
        if fault or day is None or kind is None:
            text = "，".join(str(value) for value in cells.values())
            faults.append(FaultyRow(number, fault or NoticeFault.BAD_DATE, text))
        else:
            overrides[day] = Override(version, day, kind, name, source)
    return list(overrides.values()), faults


def _fault(
    day: date | None, kind: Kind | None, name: str, before: Mapping[date, Override], calendar: Calendar
) -> NoticeFault | None:
    if day is None:
        return NoticeFault.BAD_DATE
    if kind is None:
        return NoticeFault.BAD_KIND
    if not name:
        return NoticeFault.NO_NAME
    if day in before:
        return NoticeFault.DUPLICATE
    pointless = kind is Kind.WORK and day.weekday() < SATURDAY and calendar.is_working(day)
    return NoticeFault.POINTLESS if pointless else None


def _read_day(cell: object) -> date | None:
    """Return the date in a cell: a date of a workbook, or text such as 2027-1-1, 2027/01/01, 2027年1月1日."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    numbers = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", str(cell or "").strip())
    try:
        return date(*map(int, numbers.groups())) if numbers else None
    except ValueError:
        return None
