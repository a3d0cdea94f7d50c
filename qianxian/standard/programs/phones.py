"""Telephone numbers of the mainland (电信网编号计划, 工业和信息化部, 2017), also several in one cell."""

from qianxian.standard.expressions import (
    CELL,
    Expression,
    Full,
    Group,
    Has,
    Not,
    Program,
    Rarely,
    Substitute,
    first,
)

from .steps import BLANK, SCIENTIFIC, Lets

MOBILE = "1[3-9][0-9]{9}"
SHAPES = "1[3-9][0-9]{9}|0[0-9]{2,3}[0-9]{7,8}|[2-8][0-9]{6,7}|[48]00[0-9]{7}|1[0-9]{2}|1[02][0-9]{3}|9[0-9]{4}"
BETWEEN = f"[/、,;；，|]|[{BLANK}]{{2,}}|或"
AFTER = "(?:转|#|ext)[^/]*\\z"
INSIDE = f"[{BLANK}()\\-－—–.]+"
COUNTRY = "\\A(?:[+]|00)?86(1[3-9][0-9]{9}|0?[0-9]{2,3}[0-9]{7,8})\\z"
FRACTION = "\\A([0-9]{7,})[.]0\\z"


def phone(steps: tuple[str, ...]) -> Program:
    """
    Return the program of a telephone number; the value is its digits, of two numbers the first that is one.

    Faults: scientific, masked, length (of a mobile number), not_a_phone. Warnings: several, no_area_code.
    """
    lets = Lets()
    clean = lets.cleaned(steps)
    parts = lets.let("parts", Rarely(Has(clean, BETWEEN), Substitute(clean, f"(?:{BETWEEN})+", "/"), clean))
    first_ = lets.let("first", _digits(Group(parts, "\\A/*([^/]*)", 1)))
    second = lets.let("second", Rarely(Has(parts, "/"), _digits(Group(parts, "\\A/*[^/]*/([^/]*)", 1)), first_))
    number = lets.let("number", first((Full(first_, SHAPES), first_), otherwise=second))
    faults = (
        (Full(clean, SCIENTIFIC), "scientific"),
        (Has(clean, "[*]"), "masked"),
        (Not(Full(number, SHAPES)) & Full(first_, "1[3-9][0-9]{6,12}"), "length"),
        (Not(Full(number, SHAPES)), "not_a_phone"),
    )
    warnings = ((Full(parts, "[^/]+/[^/]+(?:/[^/]*)*"), "several"), (Full(number, "[2-8][0-9]{6,7}"), "no_area_code"))
    return lets.program(clean, faults, number, warnings, shortcut=Full(CELL, MOBILE))


def _digits(part: Expression) -> Expression:
    bare = Substitute(Substitute(Substitute(part, FRACTION, "\\1"), AFTER, ""), INSIDE, "")
    return Substitute(bare, COUNTRY, "\\1")
