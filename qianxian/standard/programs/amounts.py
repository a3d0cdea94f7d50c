"""Numbers: counts and amounts, with thousands parted, with units after them."""

import re
from collections.abc import Iterable

from qianxian.standard.elements import Checks
from qianxian.standard.expressions import (
    CELL,
    Constant,
    Expression,
    Full,
    Group,
    Has,
    Not,
    Number,
    Padded,
    Program,
    Rarely,
    Real,
    Substitute,
    Variable,
    first,
    joined,
)

from .steps import SCIENTIFIC, Lets

WHOLE = "([-+]?)([0-9]{1,15})(?:[.]0*)?"
DECIMAL = "([-+]?)([0-9]{1,12})(?:[.]([0-9]{0,6}))?"
PARTED = "[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:[.][0-9]+)?"


def whole(steps: tuple[str, ...], units: Iterable[str], checks: Checks) -> Program:
    """
    Return the program of a whole number.

    Faults: scientific, not_whole, not_a_number, too_small, too_large.
    """
    lets = Lets()
    clean, number = _bare(lets, steps, units)
    shaped = lets.let("shaped", Full(number, WHOLE))
    digits = lets.let("digits", _group(number, WHOLE, shaped, 2))
    value = lets.let("value", joined(_sign(number, WHOLE, digits), Padded(Number(digits), 1)))
    faults = (
        (Full(clean, SCIENTIFIC), "scientific"),
        (Not(shaped) & Full(number, DECIMAL), "not_whole"),
        (Not(shaped), "not_a_number"),
        *_beyond(value, checks),
    )
    usual = Full(CELL, "(?:0|[1-9][0-9]{0,8})") & _within(checks)
    return lets.program(clean, faults, value, shortcut=usual)


def decimal(steps: tuple[str, ...], units: Iterable[str], checks: Checks) -> Program:
    """
    Return the program of an amount, of at most six decimals; zeros that say nothing are dropped.

    Faults: scientific, too_precise, not_a_number, too_small, too_large.
    """
    lets = Lets()
    clean, number = _bare(lets, steps, units)
    number = lets.let("led", Rarely(Full(number, "[-+]?[.][0-9]+"), Substitute(number, "[.]", "0."), number))
    shaped = lets.let("shaped", Full(number, DECIMAL))
    digits = lets.let("digits", _group(number, DECIMAL, shaped, 2))
    fraction = lets.let("fraction", Substitute(_group(number, DECIMAL, shaped, 3), "0+\\z", ""))
    whole_part = joined(_sign(number, DECIMAL, joined(digits, fraction)), Padded(Number(digits), 1))
    some = Full(fraction, "[0-9]+")
    value = lets.let("value", first((some, joined(whole_part, ".", fraction)), otherwise=whole_part))
    faults = (
        (Full(clean, SCIENTIFIC), "scientific"),
        (Full(number, "[-+]?[0-9]{1,12}[.][0-9]{7,30}"), "too_precise"),
        (Not(shaped), "not_a_number"),
        *_beyond(value, checks),
    )
    usual = Full(CELL, "(?:0|[1-9][0-9]{0,8})(?:[.][0-9]{0,5}[1-9])?") & _within(checks)
    return lets.program(clean, faults, value, shortcut=usual)


def _bare(lets: Lets, steps: tuple[str, ...], units: Iterable[str]) -> tuple[Variable, Variable]:
    """Name the cell cleaned, and the same without commas between thousands, currency and units."""
    clean = lets.cleaned(steps)
    written = "|".join(map(re.escape, units))
    bare = Substitute(clean, f"\\A[¥￥]|(?:{written})\\z" if written else "\\A[¥￥]", "")
    bare = lets.let("bare", Rarely(Has(clean, "[^0-9.]"), bare, clean))
    return clean, lets.let("number", Rarely(Full(bare, PARTED), Substitute(bare, ",", ""), bare))


def _group(number: Expression, pattern: str, shaped: Expression, place: int) -> Expression:
    return first((shaped, Group(number, f"\\A{pattern}\\z", place)), otherwise="0" if place == 2 else "")


def _sign(number: Expression, pattern: str, digits: Expression) -> Expression:
    """Return the minus of a number that is not nothing."""
    minus = Group(number, f"\\A{pattern}\\z", 1).same("-")
    return first((minus & Has(digits, "[1-9]"), "-"), otherwise="")


def _beyond(value: Expression, checks: Checks) -> list[tuple[Expression, str]]:
    found = []
    if checks.least is not None:
        found.append((Real(value) < checks.least, "too_small"))
    if checks.most is not None:
        found.append((Real(value) > checks.most, "too_large"))
    return found


def _within(checks: Checks) -> Expression:
    least = Constant(checks.least if checks.least is not None else -1e18)
    most = Constant(checks.most if checks.most is not None else 1e18)
    return (Real(CELL) >= least) & (Real(CELL) <= most)
