"""Citizen numbers (GB 11643-1999) in 15 and 18 digits: shape, day of birth, check digit (ISO 7064, MOD 11-2)."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from qianxian.standard.expressions import (
    CELL,
    Constant,
    Expression,
    Found,
    Full,
    Has,
    Not,
    Number,
    Padded,
    Part,
    Program,
    Size,
    Weighed,
    first,
    joined,
)
from qianxian.standard.sheets import rows

from .calendar import compact, exists
from .steps import SCIENTIFIC, Lets

DIGITS = "0123456789"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SIGNS = {f"{remainder:02}": sign for remainder, sign in enumerate("10X98765432")}
EARLIEST = 1850
"""No number names an earlier year: the oldest people of 1984, when numbers began, were born after it."""
CENTENARIANS = "99[6-9]"
"""Sequences of 15-digit numbers that were given to people who were a hundred already: the century is not sure."""
USUAL = "[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])[0-9]{3}[0-9X]"
ALWAYS, NEVER = 0, 9999


@cache
def spans() -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return the first and the last year in which each place code of `data/counties.csv` was in use."""
    lines = rows("counties")
    since = {row["code"]: int(row["first_year"] or ALWAYS) for row in lines}
    return since, {row["code"]: int(row["last_year"] or NEVER) for row in lines}


def citizen_number(steps: tuple[str, ...], today: date) -> Program:
    """
    Return the program of a citizen number; the value has 18 digits.

    Faults: scientific, masked, length, characters, rounded, date, future, check_digit. Warnings: place_unknown,
    place_later and place_ended (no place code of its time), century (of a 15-digit number).
    """
    lets = Lets()
    clean = lets.cleaned(steps)
    short = lets.let("short", Size(clean).same(15))
    sized = lets.let("sized", short | Size(clean).same(18))
    long = lets.let("long", first((short, joined(Part(clean, 0, 6), "19", Part(clean, 6, 9))), otherwise=clean))
    shaped = lets.let("shaped", sized & Full(long, "[0-9]{17}[0-9X]?"))
    body = lets.let("body", first((shaped, Part(long, 0, 17)), otherwise="0" * 17))
    sign = lets.let("sign", Found(Padded(Weighed(body, DIGITS, WEIGHTS) % 11, 2), SIGNS, ""))
    year = lets.let("year", Number(Part(body, 6, 4)))
    real = lets.let("real", exists(year, Number(Part(body, 10, 2)), Number(Part(body, 12, 2))))
    faults = (
        (Full(clean, SCIENTIFIC), "scientific"),
        (Has(clean, "[*]"), "masked"),
        (Not(sized), "length"),
        (Not(shaped), "characters"),
        (Not(short) & Part(long, 15, 3).same("000"), "rounded"),
        (Not(real) | (year < EARLIEST), "date"),
        (Number(Part(body, 6, 8)) > compact(today), "future"),
        (Not(short) & Not(Part(long, 17, 1).same(sign)), "check_digit"),
    )
    since, until = spans()
    started = lets.let("started", Found(Part(body, 0, 6), since, -1))
    warnings = (
        (started.same(-1), "place_unknown"),
        (year < started, "place_later"),
        (Found(Part(body, 0, 6), until, NEVER) < year, "place_ended"),
        (short & Full(Part(body, 14, 3), CENTENARIANS), "century"),
    )
    return lets.program(clean, faults, joined(body, sign), warnings, shortcut=_in_order(today))


def _in_order(today: date) -> Expression:
    """Return what holds of the usual number: 18 digits, no end of a month, a place code of its time."""
    since, until = spans()
    year, place = Number(Part(CELL, 6, 4)), Part(CELL, 0, 6)
    last = Part(CELL, 17, 1)
    check = first((last.same("X"), Constant(10)), otherwise=Number(last))
    return (
        Full(CELL, USUAL)
        & Not(Part(CELL, 15, 3).same("000"))
        & (Part(CELL, 6, 8) <= Constant(f"{today:%Y%m%d}"))
        & ((Weighed(Part(CELL, 0, 17), DIGITS, WEIGHTS) + check) % 11).same(1)
        & (Found(place, since, NEVER) <= year)
        & (year <= Found(place, until, ALWAYS))
    )
