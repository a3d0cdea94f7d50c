"""What goes into the columns of a department's blank, in the words or signs that its legend asks for."""

from collections.abc import Sequence
from typing import Any

from qianxian.standard.headers import plain

from .audience import Audience
from .blanks import Blank
from .definition import Column, Definition, Every, Way
from .derivation import derive
from .frames import Frames
from .meanings import Meaning, Status

LONGEST_SHEET = 1_000_000


def definition_of(
    blank: Blank, meanings: Sequence[Meaning], about: Audience, *, code: str, asked_by: str = ""
) -> Definition:
    """Return a blank as the definition of a ledger: what is not held is left to be signed by hand."""
    return Definition(
        code, blank.title, "", asked_by, "", Every.MONTH, about.of, tuple(map(_column, meanings)), about.where
    )


def _column(one: Meaning) -> Column:
    usable = one.status in (Status.HELD, Status.DERIVABLE) and one.way is not Way.FORMULA
    element = one.element.removeprefix("place.") if one.way is Way.PLACE else one.element
    return Column(one.heading.path, one.way if usable else Way.MANUAL, element if usable else "", one.code)


def cells(
    blank: Blank, meanings: Sequence[Meaning], about: Audience, frames: Frames, period: str
) -> tuple[dict[int, Sequence[Any]], int, list[list[str]]]:
    """
    Return the cells for each column of the sheet that can be filled, how many rows, and the records behind each row.

    Columns with formulas and those that nobody holds are left as they are.
    """
    table = derive(definition_of(blank, meanings, about, code="blank"), frames, period)
    found: dict[int, Sequence[Any]] = {}
    for meaning, column, values in zip(meanings, table.definition.columns, table.columns, strict=True):
        if meaning.way is Way.FORMULA:
            continue
        if column.way is Way.MANUAL:
            found[meaning.heading.column] = [""] * table.count
        elif column.way is Way.AGE:
            found[meaning.heading.column] = [int(value) if value else "" for value in values]
        else:
            found[meaning.heading.column] = _in_words_of(meaning, values)
    return found, table.count, [table.behind(row, 0) for row in range(table.count)]


def _in_words_of(meaning: Meaning, values: Sequence[Any]) -> Sequence[Any]:
    """Return values as a legend wants them: the sign of the choice that means the same, else as they are."""
    if not meaning.legend:
        return values
    signs: dict[str, str] = {}
    for one in meaning.legend:
        for name in (one.meaning, f"{one.meaning}族"):
            signs.setdefault(plain(name), one.sign)
    by_value = {value: _sign(str(value), signs) for value in set(values)}
    return [by_value[value] for value in values]


def _sign(value: str, signs: dict[str, str]) -> str:
    said = plain(value)
    if not said or said in signs:
        return signs.get(said, value)
    inside = [name for name in signs if len(name) >= 2 and (name in said or said in name)]
    return signs[max(inside, key=len)] if inside else value
