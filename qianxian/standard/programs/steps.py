"""The cleaning steps by their names in `data/types.csv`, as expressions."""

from collections.abc import Callable, Iterable

from qianxian.standard.expressions import (
    CELL,
    Clear,
    Expression,
    Found,
    Has,
    Not,
    Program,
    Rarely,
    Substitute,
    Translate,
    Variable,
    first,
    labelled,
)

Branch = tuple[Expression, str]

UNSEEN = r"\x00-\x08\x0b-\x1f\x7f" "\x80-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff"
BLANK = "\t\n\x0b\x0c\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
WIDE = "\u3000\uff01-\uff5e"
FULL = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
HALF = "".join(map(chr, range(0x21, 0x7F))) + " "
LOST = "\ufffd"
"""What stands for a character that was lost on the way."""
SCIENTIFIC = "[0-9](?:[.][0-9]{1,17})?[Ee][+]?[0-9]{1,3}"
"""A long number that a spreadsheet has shortened: 4.40524E+17."""
LOWER, UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HYPHENS = "\\-‐‑‒–—―−﹣'‘’`"
NOTHING = dict.fromkeys(
    ["", "-", "--", "—", "——", "/", "\\", "无", "暂无", "没有", "空", "不详", "未知", "null", "NULL", "Null", "none", "None",
     "NONE", "nan", "NaN", "NAN", "N/A", "n/a", "#N/A", "?", "？", "."], 1
)  # fmt: skip
"""What people write where there is nothing."""


def fold(x: Expression) -> Expression:
    """Full-width letters, digits and signs become ASCII; computed only where there is one."""
    return Rarely(Has(x, f"[{WIDE}]"), Translate(x, FULL, HALF), x)


def trim(x: Expression) -> Expression:
    """Characters that nobody sees go, and blanks at both ends."""
    seen = Substitute(x, f"[{UNSEEN}]+", "")
    ends = Substitute(seen, f"\\A[{BLANK}]+|[{BLANK}]+\\z", "")
    return Rarely(Has(x, f"[{UNSEEN}]|\\A[{BLANK}]|[{BLANK}]\\z"), ends, x)


def no_spaces(x: Expression) -> Expression:
    every = f"[{UNSEEN}{BLANK}]"
    return Rarely(Has(x, every), Substitute(x, every + "+", ""), x)


def no_hyphens(x: Expression) -> Expression:
    every = f"[{HYPHENS}]"
    return Rarely(Has(x, every), Substitute(x, every + "+", ""), x)


def upper(x: Expression) -> Expression:
    """Small letters of the Latin alphabet become capitals."""
    return Rarely(Has(x, "[a-z]"), Translate(x, LOWER, UPPER), x)


STEPS: dict[str, Callable[[Expression], Expression]] = {
    "fold": fold,
    "trim": trim,
    "no_spaces": no_spaces,
    "no_hyphens": no_hyphens,
    "upper": upper,
}
"""Steps that are not here are the normal form of their type, which its program makes."""


class Lets:
    """Names the steps of a program, in order."""

    def __init__(self) -> None:
        self.made: list[tuple[str, Expression]] = []

    def let(self, name: str, x: Expression) -> Variable:
        self.made.append((name, x))
        return Variable(name)

    def cleaned(self, steps: Iterable[str]) -> Variable:
        """Apply cleaning steps to the cell, one after the other."""
        found = CELL
        for step in steps:
            if step in STEPS:
                found = self.let(f"after_{step}", STEPS[step](found))
        return found

    def program(
        self,
        clean: Variable,
        faults: Iterable[Branch],
        value: Expression,
        warnings: Iterable[Branch] = (),
        *,
        shortcut: Expression | None = None,
        source: Expression | None = None,
        known: Expression | None = None,
    ) -> Program:
        """
        Put a program together: nothing written is no fault, a fault leaves no value, a warning goes with a value.

        :param known: where it holds, a word for nothing means something (无 is an answer in some code tables)
        """
        empty = Found(clean, NOTHING, 0).same(1)
        nothing = self.let("nothing", empty & Not(known) if known else empty)
        fault = self.let("fault", labelled((nothing, ""), *faults))
        good = self.let("good", Not(nothing) & Clear(fault))
        return Program(
            tuple(self.made), first((good, value), otherwise=""), fault, labelled((Not(good), ""), *warnings),
            source or clean, shortcut,
        )  # fmt: skip


def plain(longest: int) -> str:
    """
    Return the pattern of a text that no cleaning step changes and that is no word for nothing.

    Of 7 to `longest` characters: every word of NOTHING is shorter.
    """
    return f"[^{UNSEEN}{BLANK}{WIDE}{LOST}]{{7,{longest}}}"
