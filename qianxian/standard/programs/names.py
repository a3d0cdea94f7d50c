"""Names of people: spaces and middle dots made one, characters kept as the register of the police has them."""

from collections.abc import Mapping
from functools import cache
from itertools import groupby

from opencc import OpenCC

from qianxian.standard.expressions import (
    CELL,
    Full,
    Has,
    Not,
    Program,
    Rarely,
    Size,
    Substitute,
    first,
)

from .steps import BLANK, LOST, NOTHING, Lets

HAN = "㐀-䶿一-鿿豈-﫿〇\U00020000-\U000323af"
PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd"
"""Characters that somebody drew because no code existed; another machine shows something else."""
DOTS = "•‧・･．.●∙⋅﹒。"
LATIN = "[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ .'’-]{1,99}"
MASKS = "[*×某]"
WORDS_FOR_NOTHING = f"(?:{'|'.join(word for word in NOTHING if word.isalpha() and not word.isascii())})"
SPANS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAD9))


def name(steps: tuple[str, ...], longest: int) -> Program:
    """
    Return the program of a person's name; 异体字 and traditional characters stay as they are registered.

    Faults: masked, lost_character, characters (digits, brackets, signs), too_long. Warnings: private_character,
    variant_character (searching uses `search_key`), one_character.
    """
    lets = Lets()
    clean = lets.cleaned(steps)
    han = lets.let("han", Has(clean, f"[{HAN}{PRIVATE}]"))
    close = Substitute(Substitute(clean, f"[{BLANK}]+", ""), f"[{DOTS}]", "·")
    written = first((han, close), otherwise=Substitute(clean, f"[{BLANK}]+", " "))
    made = lets.let("made", Rarely(Has(clean, f"[{BLANK}{DOTS}]"), written, clean))
    shape = f"(?:[{HAN}{PRIVATE}](?:[·{HAN}{PRIVATE}]*[{HAN}{PRIVATE}])?|{LATIN})"
    faults = (
        (Has(made, MASKS), "masked"),
        (Has(made, f"[?？□{LOST}]"), "lost_character"),
        (Size(made) > longest, "too_long"),
        (Not(Full(made, shape)), "characters"),
    )
    warnings = (
        (Has(made, f"[{PRIVATE}]"), "private_character"),
        (Has(made, f"[{_class(variants())}]"), "variant_character"),
        (Size(made).same(1), "one_character"),
    )
    usual = _class(set(_common()) - {"某"})
    shortcut = Full(CELL, f"[{usual}]{{2,4}}") & Not(Full(CELL, WORDS_FOR_NOTHING))
    return lets.program(clean, faults, made, warnings, shortcut=shortcut)


@cache
def _common() -> str:
    """The characters of GB/T 2312, which are simplified and have no variants among them."""
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(row.decode("gb2312", "ignore") for row in rows)


@cache
def _simplified() -> Mapping[str, str]:
    """The simplified form of each character that has one and is not itself in common use."""
    every = [chr(code) for first_, last in SPANS for code in range(first_, last + 1)]
    plain = OpenCC("t2s").convert("\n".join(every)).split("\n")
    common = frozenset(_common())
    return {old: new for old, new in zip(every, plain, strict=True) if old != new and old not in common}


def variants() -> frozenset[str]:
    """Return the traditional and variant characters."""
    return frozenset(_simplified())


def search_key(written: str) -> str:
    """Return a name as it is compared and looked for: simplified characters, no spaces and dots, capitals."""
    plain = written.translate({ord(old): new for old, new in _simplified().items()})
    return "".join(sign for sign in plain if sign.isalnum()).upper()


def _class(signs: frozenset[str] | set[str]) -> str:
    """Return the inside of a pattern's class, neighbours as ranges."""
    codes = sorted(map(ord, signs))
    runs = [[code for _, code in run] for _, run in groupby(enumerate(codes), key=lambda pair: pair[1] - pair[0])]
    return "".join(chr(run[0]) if len(run) == 1 else f"{chr(run[0])}-{chr(run[-1])}" for run in runs)
