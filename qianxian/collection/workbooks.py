"""Workbooks old and new: what stands in their cells, and what stands behind them that a reader would not expect."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetVisibleEnum,
)

from .reading import BLOCK, MEGABYTE, Remark, Row, Rows, Unreadable, column_name

LARGEST_WORKBOOK = 32 * MEGABYTE
LARGEST_UNPACKED = 512 * MEGABYTE
"""A workbook is read whole: this much of it, unpacked, takes about twice as much memory."""
LONGEST_ROW = 8 * MEGABYTE
"""What a row takes at most in XML; more without an end is no row, and is not held."""
SHOWN = 5
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which a workbook with a password lies inside a container of the old format."""
SHEETS = re.compile(r"xl/worksheets/(?:[^/]+/)*[^/]+\.xml")
ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v>(.+?)</(?:\w+:)?v>|<(?:\w+:)?is>", re.DOTALL)
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Behind:
    """What the XML of one sheet says beyond the values: hidden rows, cells in error, formulas without a result."""

    hidden: list[int] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    empty_formulas: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """
    One sheet read: its rows with their numbers, its merged cells, and what is to be said of it.

    `notes` are the numbers of rows that are one text across most of the sheet: titles, explanations.
    """

    name: str
    rows: Rows
    height: int
    merged: tuple[Range, ...]
    notes: frozenset[int]
    remarks: tuple[Remark, ...]


def sheet(path: Path, size: int, *, new: bool, wanted: str = "") -> Sheet:
    """
    Read one sheet: the one that is wanted, else the first that is visible and has cells.

    :raises Unreadable: if the workbook is damaged, has a password or is too large, if several of its sheets hold the
        same table and none was named, or if formulas were never worked out
    """
    behind, filled = _read(path, size, new=new)
    shown = [found for meta, found in filled if meta.visible is SheetVisibleEnum.Visible] or [filled[0][1]]
    chosen = _chosen([found for _, found in filled], shown, wanted)
    seen = behind.get(chosen.name, Behind())
    if seen.empty_formulas:
        raise Unreadable("formula_not_computed", sheet=chosen.name, cells="、".join(seen.empty_formulas[:SHOWN]))
    others = [found.name for _, found in filled if found.name != chosen.name]
    every = sorted(chosen.merged_cell_ranges or ())
    merged = tuple(one for one in every if not _spans_most(one, chosen.width))
    notes = frozenset(begin[0] + 1 for begin, end in every if _spans_most((begin, end), chosen.width))
    return Sheet(
        chosen.name,
        _rows(chosen, merged, seen),
        chosen.height,
        merged,
        notes,
        tuple(_remarks(chosen.name, others, seen)),
    )


def every_sheet(path: Path, size: int, *, new: bool) -> list[tuple[str, list[tuple[int, Row]]]]:
    """
    Return every sheet that has cells with its name, and its filled rows; each cell of a merged range holds its value.

    :raises Unreadable: if the workbook is damaged, has a password or is too large
    """
    behind, filled = _read(path, size, new=new)
    found = []
    for _, one in filled:
        rows = _rows(one, tuple(sorted(one.merged_cell_ranges or ())), behind.get(one.name, Behind()))
        found.append((one.name, [(number, row) for number, row in rows if any(cell.strip() for cell in row)]))
    return found


def _read(path: Path, size: int, *, new: bool) -> tuple[dict[str, Behind], list[tuple[SheetMetadata, CalamineSheet]]]:
    if size > LARGEST_WORKBOOK:
        raise Unreadable("workbook_too_large", most=LARGEST_WORKBOOK // MEGABYTE)
    behind = _behind(path) if new else _need_no_password(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        filled = [(meta, found) for meta in book.sheets_metadata if (found := _filled(book, meta.name))]
    except PasswordError as error:
        raise Unreadable("encrypted") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("not_a_workbook") from error
    if not filled:
        raise Unreadable("empty")
    return behind, filled


def _spans_most(one: Range, width: int) -> bool:
    """Return whether a merged cell is a title or a note, and no cell of a table."""
    (_, begin), (_, end) = one
    return end > begin and (end - begin + 1) * 2 > width


def _filled(book: CalamineWorkbook, name: str) -> CalamineSheet | None:
    found = book.get_sheet_by_name(name)
    return found if found.height else None


def _chosen(filled: list[CalamineSheet], shown: list[CalamineSheet], wanted: str) -> CalamineSheet:
    """Return the sheet to read; of several with the same header none is taken without being named."""
    if wanted:
        for found in filled:
            if found.name == wanted:
                return found
        raise Unreadable("no_such_sheet", sheet=wanted, sheets="、".join(found.name for found in filled))
    tops = [_top(found) for found in shown]
    alike = [found.name for found, top in zip(shown, tops, strict=True) if top == tops[0]]
    if len(alike) > 1 and len(tops[0]) > 1:
        raise Unreadable("several_sheets", sheets="、".join(alike[:SHOWN]), count=len(alike))
    return shown[0]


def _top(found: CalamineSheet) -> Row:
    """Return the first row with more than one cell, which tells tables apart."""
    for row, _ in zip(found.iter_rows(), range(SHOWN), strict=False):
        cells = tuple(text for cell in row if (text := written(cell).strip()))
        if len(cells) > 1:
            return cells
    return ()


def _remarks(name: str, others: list[str], seen: Behind) -> Iterator[Remark]:
    if others:
        yield Remark("other_sheets", {"sheet": name, "others": "、".join(others[:SHOWN])})
    if seen.hidden:
        rows = "、".join(map(str, seen.hidden[:SHOWN]))
        yield Remark("hidden_rows", {"sheet": name, "rows": rows, "count": len(seen.hidden)})
    if seen.errors:
        cells = "、".join(f"{column_name(column)}{row + 1}" for row, column in list(seen.errors)[:SHOWN])
        yield Remark("formula_errors", {"sheet": name, "cells": cells, "count": len(seen.errors)})


def _rows(found: CalamineSheet, merged: tuple[Range, ...], seen: Behind) -> Rows:
    """Yield rows as people see them: what is merged stands in each of its cells, an error shows as its name."""
    top, left = found.start or (0, 0)
    spread: dict[int, list[tuple[int, int]]] = {}
    for (first, begin), (last, end) in merged:
        for row in range(first, last + 1):
            spread.setdefault(row, []).append((begin, end))
    carried: dict[tuple[int, int], str] = {}
    wrong: dict[int, dict[int, str]] = {}
    for (row, column), error in seen.errors.items():
        wrong.setdefault(row, {})[column] = error
    for number, cells in enumerate(found.iter_rows(), start=top):
        row_ = list(map(written, cells))
        for column, error in wrong.get(number, {}).items():
            if 0 <= column - left < len(row_):
                row_[column - left] = error
        for begin, end in spread.get(number, ()):
            here = row_[begin - left] if 0 <= begin - left < len(row_) else ""
            carried[begin, end] = here or carried.get((begin, end), "")
            for column in range(begin, end + 1):
                if 0 <= column - left < len(row_):
                    row_[column - left] = carried[begin, end]
        for span in [span for span in carried if span not in spread.get(number + 1, ())]:
            del carried[span]
        yield number + 1, tuple(row_)


def written(value: Any) -> str:
    """Return the cell of a workbook as a person sees it: whole numbers without a fraction, dates in ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta | int) else ""


def _need_no_password(path: Path) -> dict[str, Behind]:
    with path.open("rb") as file:
        left = b""
        while block := file.read(BLOCK):
            if ENCRYPTED in left + block:
                raise Unreadable("encrypted")
            left = block[-len(ENCRYPTED) :]
    return {}


def _behind(path: Path) -> dict[str, Behind]:
    """
    Unpack without keeping anything, count, and look at what stands behind the cells of each sheet.

    What an archive says of its own size may be a lie.

    :raises Unreadable: if it is no archive, or more comes out than is ever read
    """
    total = 0
    found: dict[str, Behind] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            names = _names_of_sheets(archive)
            for member in archive.infolist():
                seen = Behind()
                with archive.open(member) as packed:
                    for size in _looked_through(packed, seen, look=SHEETS.fullmatch(member.filename) is not None):
                        total += size
                        if total > LARGEST_UNPACKED:
                            raise Unreadable("unpacks_too_large", most=LARGEST_UNPACKED // MEGABYTE)
                found[names.get(member.filename, "")] = seen
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable("encrypted" if "password" in str(error) else "not_a_workbook") from error
    return found


def _looked_through(packed: IO[bytes], seen: Behind, *, look: bool) -> Iterator[int]:
    """Yield the size of each block; of a sheet, note what its rows say, cut between two rows."""
    left = b""
    while block := packed.read(BLOCK):
        yield len(block)
        if look:
            whole, mark, rest = (left + block).rpartition(b"<row")
            _note(whole, seen)
            left = mark + rest if len(rest) < LONGEST_ROW else b""
    _note(left, seen)


def _note(text: bytes, seen: Behind) -> None:
    if b"hidden=" in text:
        rows = (found[1] for found in ROW.finditer(text) if re.search(rb'hidden="(?:1|true)"', found[1]))
        seen.hidden += [int(number[1]) for row in rows if (number := re.search(rb'\br="(\d+)"', row))]
    if b"<f" not in text and b't="e"' not in text and b":f" not in text:
        return
    for cell in CELL.finditer(text):
        name = re.search(rb'\br="([A-Z]+)(\d+)"', cell[1])
        value = VALUE.search(cell[2] or b"")
        if name is None:
            continue
        if b't="e"' in cell[1] and value and value[1]:
            seen.errors[int(name[2]) - 1, _place(name[1])] = value[1].decode("utf-8", "replace")
        elif re.search(rb"<(?:\w+:)?f\b", cell[2] or b"") and value is None and b't="str"' not in cell[1]:
            seen.empty_formulas.append(name[0][3:-1].decode())


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def _names_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the sheet's name for each member that holds one; a workbook without them is told later."""
    try:
        book = _small(archive, "xl/workbook.xml")
        relations = _small(archive, "xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    targets = {
        _attribute(one, "Id"): _attribute(one, "Target") for one in re.findall(r"<Relationship\b[^>]*>", relations)
    }
    named = re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book)
    return {
        f"xl/{targets.get(_attribute(one, 'r:id'), '')}".replace("xl//xl/", "xl/"): _unescaped(_attribute(one, "name"))
        for one in named
    }


def _small(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as packed:
        return packed.read(4 * MEGABYTE).decode("utf-8", "replace")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _unescaped(text: str) -> str:
    for sign, entity in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;"), ("&", "&amp;")):
        text = text.replace(entity, sign)
    return text


def header_merged(merged: Iterable[Range], row: int) -> bool:
    """Return whether cells that lie side by side are merged in a row (counted from 1)."""
    return any(first <= row - 1 <= last and end > begin for (first, begin), (last, end) in merged)
