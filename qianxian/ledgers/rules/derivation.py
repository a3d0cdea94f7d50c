"""How the cells of a ledger come out of the records, and which records are behind each of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from .definition import Column, Definition, Way
from .formulas import arithmetic, number, whole
from .frames import AGE, Frame, Frames

YES, NO = "是", "否"
TOTAL = "合计"


@dataclass
class Table:
    """
    A ledger worked out.

    :param columns: for each column of the definition its cells from top to bottom
    :param rows: for each row the places of the records behind it
    :param totals: of a grouped ledger the last row, over all groups
    """

    definition: Definition
    frame: Frame
    columns: list[Sequence[Any]]
    rows: list[list[int]] = field(default_factory=list)
    count: int = 0

    def behind(self, row: int, column: int) -> list[str]:
        """Return the codes of the records behind a cell."""
        places = self.rows[row]
        where = self.definition.columns[column].where
        if where:
            kept = self.frame.as_bytes(self.frame.mask(self.frame.entity, where))
            places = [place for place in places if kept[place]]
        return [self.frame.records[place].code for place in places]


def derive(one: Definition, frames: Frames, period: str = "") -> Table:
    """
    Work a ledger out.

    :param frames: the records of the area on the last day of the period
    :param period: the period as it is written, 2026-10
    """
    frame = frames.of(one.entity)
    mask = frame.mask(one.of, one.where)
    if one.by:
        return _grouped(one, frame, mask, period)
    if any(column.way in (Way.COUNT, Way.SUM) for column in one.columns):
        return _filled(one, frame, [frame.positions(mask)], [], period)
    return _listed(one, frame, mask, period)


def derive_part(one: Definition, frames: Frames, begin: int, end: int, period: str = "") -> tuple[Table, int]:
    """
    Work out some rows of a ledger, and how many there are: so that a page opens no more than it shows.

    A ledger with groups, counts or sums is worked out whole.
    """
    frame = frames.of(one.entity)
    if one.by or any(column.way in (Way.COUNT, Way.SUM) for column in one.columns):
        table = derive(one, frames, period)
        return table, table.count
    positions = frame.positions(frame.mask(one.of, one.where))
    shown = frame.part(positions[begin:end])
    table = _listed(one, shown, shown.mask(shown.entity, ()), period)
    for at, column in enumerate(one.columns):
        if column.way is Way.NUMBER:
            table.columns[at] = range(begin + 1, begin + table.count + 1)
    return table, len(positions)


def _listed(one: Definition, frame: Frame, mask: int, period: str) -> Table:
    positions = frame.positions(mask)
    chosen, count = frame.as_bytes(mask), len(positions)
    table = Table(one, frame, [], [], count)
    for column in one.columns:
        if column.way is Way.NUMBER:
            table.columns.append(range(1, count + 1))
        elif column.way is Way.PERIOD:
            table.columns.append([period] * count)
        elif column.way is not Way.FORMULA:
            source = source_of(column, frame)
            table.columns.append([""] * count if source is None else list(compress(source, chosen)))
        else:
            table.columns.append([])
    table.rows = [[place] for place in positions]
    _reckon(table)
    return table


def source_of(column: Column, frame: Frame) -> Sequence[str] | None:
    """Return the cells of a column for every record of the frame, None where it is not of the register."""
    if column.way is Way.ELEMENT:
        return frame.shown(column.element, as_code=column.as_code)
    if column.way is Way.AGE:
        return frame.column(AGE)
    if column.way is Way.PLACE:
        return frame.place(column.element)
    if column.way is Way.HAS:
        return _has(column, frame)
    return None


def _has(column: Column, frame: Frame) -> list[str]:
    if column.element.endswith(".*"):
        group = column.element.removesuffix(".*")
        return [YES if group in one.groups else NO for one in frame.records]
    values = frame.column(column.element)
    return [YES if (value == column.code if column.code else value) else NO for value in values]


def _grouped(one: Definition, frame: Frame, mask: int, period: str) -> Table:
    keys = [frame.shown(element) if element != AGE else frame.column(AGE) for element in one.by]
    orders = [frame.column(element) for element in one.by]
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    names: dict[tuple[str, ...], tuple[str, ...]] = {}
    for place in frame.positions(mask):
        key = tuple(column[place] for column in orders)
        groups[key].append(place)
        names.setdefault(key, tuple(column[place] for column in keys))
    ordered = sorted(groups)
    return _filled(one, frame, [groups[key] for key in ordered], [names[key] for key in ordered], period)


def _filled(one: Definition, frame: Frame, groups: list[list[int]], names: list[tuple[str, ...]], period: str) -> Table:
    """Fill one row for each group, and of several groups a last one over all."""
    rows, total = list(groups), len(groups) > 1
    if total:
        rows.append([place for group in groups for place in group])
    table = Table(one, frame, [], rows, len(rows))
    labelled = False
    for column in one.columns:
        if column.way is Way.NUMBER:
            table.columns.append([*range(1, len(groups) + 1), *([""] if total else [])])
        elif column.way is Way.PERIOD:
            table.columns.append([period] * len(rows))
        elif column.way in (Way.ELEMENT, Way.AGE) and (element := column.element or AGE) in one.by:
            at = one.by.index(element)
            table.columns.append(
                [*(name[at] or "未登记" for name in names), *([TOTAL if not labelled else ""] if total else [])]
            )
            labelled = True
        elif column.way is Way.COUNT:
            table.columns.append(_counts(column, frame, rows))
        elif column.way is Way.SUM:
            table.columns.append(_sums(column, frame, rows))
        elif column.way is Way.PLACE:
            source = frame.place(column.element)
            table.columns.append(["、".join(dict.fromkeys(source[place] for place in row)) for row in rows])
        else:
            table.columns.append([""] * len(rows))
    _reckon(table)
    return table


def _counts(column: Column, frame: Frame, rows: list[list[int]]) -> list[int]:
    if not column.where:
        return [len(row) for row in rows]
    kept = frame.as_bytes(frame.mask(frame.entity, column.where))
    return [sum(kept[place] for place in row) for row in rows]


def _sums(column: Column, frame: Frame, rows: list[list[int]]) -> list[float]:
    kept = frame.as_bytes(frame.mask(frame.entity, column.where)) if column.where else None
    values = [number(value) or 0 for value in frame.column(column.element)]
    return [whole(sum(values[place] for place in row if kept is None or kept[place])) for row in rows]


def _reckon(table: Table) -> None:
    """Work out the columns that are arithmetic over others, those first that others need."""
    names = {column.name: at for at, column in enumerate(table.definition.columns)}
    for at, column in enumerate(table.definition.columns):
        if column.way is Way.FORMULA:
            reckoned, used = arithmetic(column.formula)
            sources = [table.columns[names[name]] if name in names else [""] * table.count for name in used]
            table.columns[at] = [reckoned([number(source[row]) for source in sources]) for row in range(table.count)]
