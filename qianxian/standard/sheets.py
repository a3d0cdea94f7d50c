"""The standard's own data: CSV files of `standard/data`, which a data steward opens in any spreadsheet."""

import csv
from functools import cache
from importlib.resources import files

Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Return the rows of one file of `standard/data`, each cell by the header of its column."""
    lines = files("qianxian.standard").joinpath("data", f"{name}.csv").read_text("utf-8").splitlines()
    return tuple(csv.DictReader(lines))


def several(cell: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds several, parted by `|`."""
    return tuple(part for part in cell.split("|") if part)
