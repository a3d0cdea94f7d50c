"""What the tagger sees of each character: itself and its neighbours, names that the division tree knows, what rules say."""

import re
from collections.abc import Iterator
from functools import cache

from qianxian.standard.text import half_width

from .divisions import tree
from .pieces import Piece, tags

EDITION = 1
"""Changes with every change of features, so that a model is read by what wrote it only."""
DIGITS = str.maketrans("123456789", "0" * 9)
LATIN = re.compile("[A-Za-z]")
NUMERALS = frozenset("零〇一二三四五六七八九十百千两甲乙丙丁")
ENDINGS = frozenset(
    "省市区县旗盟镇乡村路街道巷弄号楼幢栋座单元层室园苑厦场城厂店院校学部门司中心组里庄公寓期站馆桥口旁内侧面边东西南北与和收"
)
WINDOW = 3
RUN = re.compile(r"[0-9A-Za-z]+")
LONGEST = 12


def features(text: str, said: tuple[Piece, ...]) -> list[list[str]]:
    """
    Return the features of each character.

    :param said: the pieces that rules find in the same text
    """
    plain = half_width(text)
    shapes = [_shape(character) for character in plain]
    characters = [shape if shape in "0A" else character for shape, character in zip(shapes, plain, strict=True)]
    ruled = tags(said, len(text))
    named, ahead, run = _named(plain), _ahead(plain), _runs(plain)
    before = _kinds_before(said, len(text))
    return [
        [
            *_around(characters, shapes, at),
            *_of_rules(ruled, at),
            *_of_names(named, at),
            f"n={ahead[at]}", f"n0={ahead[at]}|{characters[at]}", f"run={run[at]}", f"run1={run[at]}|{_at(characters, at + 1)}",
            f"b={before[at]}", f"br={before[at]}|{ruled[at]}", f"bn={before[at]}|{ahead[at]}", f"brun={before[at]}|{run[at]}|{ahead[at]}",
            *(["first"] if at == 0 else []),
        ]
        for at in range(len(text))
    ]  # fmt: skip


def _at(of: list[str], at: int) -> str:
    return of[at] if 0 <= at < len(of) else "^" if at < 0 else "$"


def _around(characters: list[str], shapes: list[str], at: int) -> Iterator[str]:
    for step in range(-WINDOW, WINDOW + 1):
        yield f"c{step}={_at(characters, at + step)}"
    for step in range(-2, 2):
        yield f"d{step}={_at(characters, at + step)}{_at(characters, at + step + 1)}"
    for step in (-2, -1, 0):
        yield f"t{step}={_at(characters, at + step)}{_at(characters, at + step + 1)}{_at(characters, at + step + 2)}"
    yield f"e={_at(characters, at - 1)}{_at(characters, at + 1)}"
    yield "s=" + "".join(_at(shapes, at + step) for step in (-2, -1, 0, 1, 2))


def _of_rules(ruled: list[str], at: int) -> Iterator[str]:
    for step in (-2, -1, 0, 1, 2):
        yield f"r{step}={_at(ruled, at + step)}"
    yield f"rr={_at(ruled, at - 1)}|{ruled[at]}"
    yield f"rn={ruled[at]}|{_at(ruled, at + 1)}"


def _of_names(named: list[str], at: int) -> Iterator[str]:
    for step in (-1, 0, 1):
        yield f"p{step}={_at(named, at + step)}"


def _shape(character: str) -> str:
    if character.isdigit() and character.isascii():
        return "0"
    if LATIN.match(character):
        return "A"
    if character in NUMERALS:
        return "n"
    if character in ENDINGS:
        return "e"
    return "x" if character.isalpha() else "-"


def _named(text: str) -> list[str]:
    """Return for each character where it stands in the longest name of the division tree, and at which levels."""
    found, at = ["-"] * len(text), 0
    while at < len(text):
        size = next((size for size in range(min(LONGEST, len(text) - at), 1, -1) if _levels(text[at : at + size])), 0)
        if size:
            levels = _levels(text[at : at + size])
            found[at : at + size] = [f"B{levels}", *[f"I{levels}"] * (size - 2), f"E{levels}"]
        at += size or 1
    return found


@cache
def _levels(name: str) -> str:
    whole = sorted({str(int(place.level)) for place in tree().whole.get(name, ())})
    said = sorted({str(int(place.level)) for place in tree().said.get(name, ())})
    return "".join(whole) + ("s" + "".join(said) if said else "")


def _ahead(text: str) -> list[str]:
    """Return for each character the next ending at or after it, and how far it is (at most 4)."""
    found, ending, at = [""] * len(text), "$", len(text)
    for place in range(len(text) - 1, -1, -1):
        if text[place] in ENDINGS:
            ending, at = text[place], place
        found[place] = f"{ending}{min(at - place, 4)}"
    return found


def _runs(text: str) -> list[str]:
    """Return for each letter or digit how long its run is, what stands before it and after it."""
    found = ["-"] * len(text)
    for run in RUN.finditer(text):
        size = min(len(run.group()), 5)
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        found[run.start() : run.end()] = [f"{size}{before}{after}"] * len(run.group())
    return found


def _kinds_before(said: tuple[Piece, ...], size: int) -> list[str]:
    """Return for each character the kind of the last piece before its own that rules hold for an address."""
    found, last = ["^"] * size, "^"
    for piece in said:
        found[piece.start : piece.end] = [last] * len(piece.text)
        last = last if piece.kind == "redundant" else piece.kind.value
    return found
