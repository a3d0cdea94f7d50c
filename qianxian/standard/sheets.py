"""
The standard's data: CSV files of `standard/data`, and beside them a district's own in a folder of the same layout.

A line of a district's file takes the place of the line with the same first cell, and its empty cells leave what stood
there; other lines are added. The codes of a table or a crosswalk are taken whole.
"""

import csv
from functools import cache
from importlib.resources import files
from pathlib import Path

Row = dict[str, str]

_beside: list[Path] = []


class BadSheet(ValueError):
    """A district's file that cannot be read: it lacks a column, or is no UTF-8."""

    def __init__(self, path: Path, lacking: str = ""):
        super().__init__(f"{path}: {lacking or 'no UTF-8'}")
        self.path, self.lacking = path, lacking


def beside(folder: Path) -> None:
    """Name the folder of the district's own files; what was read before stays as it was read."""
    _beside[:] = [folder]


def own_folder() -> Path | None:
    """Return the folder of the district's own files, None where none was named or it is not there."""
    return next((folder for folder in _beside if folder.is_dir()), None)


@cache
def rows(name: str) -> tuple[Row, ...]:
    """
    Return the lines of one file, each cell by the header of its column.

    :raises BadSheet: if the district's file cannot be read
    """
    ours, theirs = _ours(name), _theirs(name)
    if theirs is None:
        return ours
    if "/" in name or not ours:
        return theirs
    key, blank = next(iter(ours[0])), dict.fromkeys(ours[0], "")
    merged = {row[key]: row for row in ours}
    for row in theirs:
        said = {column: cell for column, cell in row.items() if column in blank and cell}
        merged[row[key]] = merged.get(row[key], blank) | said
    return tuple(merged.values())


def _ours(name: str) -> tuple[Row, ...]:
    path = files("qianxian.standard").joinpath("data", f"{name}.csv")
    return tuple(csv.DictReader(path.read_text("utf-8").splitlines())) if path.is_file() else ()


def _theirs(name: str) -> tuple[Row, ...] | None:
    path = _beside[0] / f"{name}.csv" if _beside else None
    if path is None or not path.is_file():
        return None
    try:
        reader = csv.DictReader(path.read_text("utf-8-sig").splitlines(), restval="")
    except UnicodeDecodeError as error:
        raise BadSheet(path) from error
    folder, _, inside = name.partition("/")
    needed = NEEDED[folder] if inside else tuple(_ours(name)[0])[:1]
    lacking = [column for column in needed if column not in (reader.fieldnames or ())]
    if lacking:
        raise BadSheet(path, lacking[0])
    whole = dict.fromkeys(COLUMNS[folder] if inside else (), "")
    return tuple(whole | {column: cell for column, cell in row.items() if column} for row in reader)


COLUMNS = {
    "code_tables": ("code", "name", "also", "parent", "valid_from", "valid_to"),
    "crosswalks": ("source_code", "code", "match", "note"),
}
"""Columns of a table's codes and of a crosswalk's links, in the order in which they are read."""
NEEDED = {"code_tables": ("code", "name"), "crosswalks": ("source_code", "code")}


def several(cell: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds several, parted by `|`."""
    return tuple(part for part in cell.split("|") if part)
