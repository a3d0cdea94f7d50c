"""Numbers of organisations: unified social credit codes (GB 32100-2015) and organisation codes (GB 11714-1997)."""

from qianxian.standard.code_tables import code_table
from qianxian.standard.expressions import (
    Constant,
    Expression,
    Found,
    Full,
    Has,
    Not,
    Part,
    Program,
    Size,
    Variable,
    Weighed,
    first,
)

from .citizens import spans
from .steps import SCIENTIFIC, Lets

CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""No I, O, S, V and Z, which are read as 1, 0, 5, U and 2."""
CREDIT_WEIGHTS = (*(pow(3, place, 31) for place in range(17)), 1)
CODE_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(steps: tuple[str, ...]) -> Program:
    """
    Return the program of a unified social credit code; the value has 18 characters.

    Faults: scientific, masked, length, letters (one of I O S V Z), characters, check_digit. Warnings:
    authority_unknown (first two characters), place_unknown, organisation_code (its check digit differs).
    """
    lets = Lets()
    clean = lets.cleaned(steps)
    shaped = lets.let("shaped", Full(clean, f"[{CREDIT_SIGNS}]{{18}}"))
    code = lets.let("code", first((shaped, clean), otherwise="0" * 18))
    faults = (
        (Full(clean, SCIENTIFIC), "scientific"),
        (Has(clean, "[*]"), "masked"),
        (Not(Size(clean).same(18)), "length"),
        (Full(clean, "[0-9A-Z]{18}") & Not(shaped), "letters"),
        (Not(shaped), "characters"),
        (Not((Weighed(code, CREDIT_SIGNS, CREDIT_WEIGHTS) % 31).same(0)), "check_digit"),
    )
    bodies = dict.fromkeys(code_table("credit_authority").entries, 1)
    warnings = (
        (Found(Part(code, 0, 2), bodies, 0).same(0), "authority_unknown"),
        (Found(Part(code, 2, 6), spans()[0], -1).same(-1), "place_unknown"),
        (Not(_check_holds(lets, Part(code, 8, 9))), "organisation_code"),
    )
    return lets.program(clean, faults, clean, warnings)


def organisation_code(steps: tuple[str, ...]) -> Program:
    """
    Return the program of an organisation code; the value has 9 characters, without the hyphen.

    Faults: scientific, masked, length, characters, check_digit.
    """
    lets = Lets()
    clean = lets.cleaned(steps)
    shaped = lets.let("shaped", Full(clean, "[0-9A-Z]{8}[0-9X]"))
    code = lets.let("code", first((shaped, clean), otherwise="0" * 9))
    faults = (
        (Full(clean, SCIENTIFIC), "scientific"),
        (Has(clean, "[*]"), "masked"),
        (Not(Size(clean).same(9)), "length"),
        (Not(shaped), "characters"),
        (Not(_check_holds(lets, code)), "check_digit"),
    )
    return lets.program(clean, faults, clean)


def _check_holds(lets: Lets, code: Expression) -> Variable:
    """Name whether weighed signs and check sign come to a multiple of 11; X counts 10."""
    last = Part(code, 8, 1)
    sign = first((last.same("X"), Constant(10)), otherwise=Weighed(last, CODE_SIGNS, (1,)))
    return lets.let("holds", ((Weighed(Part(code, 0, 8), CODE_SIGNS, CODE_WEIGHTS) + sign) % 11).same(0))
