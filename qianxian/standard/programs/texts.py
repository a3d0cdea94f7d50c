"""Texts, addresses, identifiers with a shape of their own, and place codes."""

from qianxian.standard.elements import Checks
from qianxian.standard.expressions import (
    CELL,
    Found,
    Full,
    Has,
    Not,
    Part,
    Program,
    Size,
    first,
)

from .citizens import spans
from .steps import LOST, SCIENTIFIC, Lets, plain

LONGEST = 2000
PLACE = "(?:[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})"


def text(steps: tuple[str, ...], checks: Checks) -> Program:
    """Return the program of a text or an address. Fault: too_long. Warning: lost_text (it came as U+FFFD)."""
    lets = Lets()
    longest = checks.longest or LONGEST
    clean = lets.cleaned(steps)
    shortcut = Full(CELL, plain(longest)) if longest >= 7 else None
    lost = ((Has(clean, LOST), "lost_text"),)
    return lets.program(clean, ((Size(clean) > longest, "too_long"),), clean, lost, shortcut=shortcut)


def identifier(steps: tuple[str, ...], checks: Checks) -> Program:
    """Return the program of an identifier. Faults: scientific, masked, shape (not as the element's pattern says)."""
    lets = Lets()
    clean = lets.cleaned(steps)
    faults = (
        (Full(clean, SCIENTIFIC), "scientific"),
        (Has(clean, "[*]"), "masked"),
        (Not(Full(clean, checks.pattern)), "shape"),
    )
    return lets.program(clean, faults, clean)


def place(steps: tuple[str, ...]) -> Program:
    """
    Return the program of a place code (GB/T 2260, GB/T 10114): 2, 4, 6, 9, 12 or 15 digits, padding dropped.

    Faults: scientific, not_a_place_code. Warning: place_unknown (its first six digits were never in use).
    """
    lets = Lets()
    clean = lets.cleaned(steps)
    code = lets.let(
        "code",
        first(
            (Full(clean, "[0-9]{6}000000"), Part(clean, 0, 6)),
            (Full(clean, "[0-9]{9}000"), Part(clean, 0, 9)),
            otherwise=clean,
        ),
    )
    known = Found(Part(code, 0, 6), spans()[0], -1)
    return lets.program(
        clean,
        ((Full(clean, SCIENTIFIC), "scientific"), (Not(Full(clean, PLACE)), "not_a_place_code")),
        code,
        (((Size(code) >= 6) & known.same(-1), "place_unknown"),),
    )
