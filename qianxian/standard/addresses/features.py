"""
What the tagger sees of each token of an address: itself and its neighbours, names that the division tree knows, rows of
numbers, what is said twice, and what rules say. A token is a character, or a run of digits or of letters.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from qianxian.standard.text import half_width

from .divisions import tree
from .pieces import Piece, Tags, tags

EDITION = 1
"""Changes with every change of features, so that a model is read by what wrote it only."""
TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|[\s\S]")
NUMERALS = frozenset("零〇一二三四五六七八九十百千两甲乙丙丁")
ENDINGS = frozenset(
    "省市区县旗盟镇乡村路街道巷弄号楼幢栋座单元层室园苑厦场城厂店院校学部门司中心组里庄公寓期站馆桥口旁内侧面边东西南北与和收"
)
HYPHENS = frozenset("-_~—－")
WINDOW = 3
LONGEST = 12
FAR = 4
"""How far ahead an ending still counts as near."""


def tokens(text: str) -> list[str]:
    return TOKEN.findall(half_width(text))


def features(text: str, said: tuple[Piece, ...]) -> list[list[str]]:
    """
    Return the features of each token.

    :param said: the pieces that rules find in the same text
    """
    written = tokens(text)
    shapes = [_shape(token) for token in written]
    seen = [_seen(token, shape) for token, shape in zip(written, shapes, strict=True)]
    ruled = collapsed(tags(said, len(text)), written)
    named, doubled = _names(written)
    ahead, rows, before = _ahead(written), _rows(written), _kinds_before(ruled)
    after, sofar = _kinds_after(ruled), _kinds_so_far(ruled)
    size = len(written)
    return [
        [
            *_around(seen, shapes, at),
            *_of_rules(ruled, at),
            *(f"p{step}={_at(named, at + step)}" for step in (-1, 0, 1)),
            f"pd={named[at]}{doubled[at]}", f"n={ahead[at]}", f"nc={ahead[at]}|{seen[at]}", f"row={rows[at]}",
            f"rowb={rows[at]}|{before[at]}", f"b={before[at]}", f"br={before[at]}|{ruled[at]}", f"bn={before[at]}|{ahead[at]}",
            f"bc={before[at]}|{seen[at]}|{_at(seen, at + 1)}", f"a={after[at]}", f"ra={ruled[at]}|{after[at]}",
            f"bra={before[at]}|{ruled[at]}|{after[at]}", f"so={sofar[at]}", f"sor={sofar[at]}|{ruled[at]}", f"son={sofar[at]}|{ahead[at]}",
            f"at={min(at, 3)}", f"left={min(size - at, 4)}",
        ]
        for at in range(size)
    ]  # fmt: skip


def collapsed(of_characters: Tags, written: Sequence[str]) -> Tags:
    """Return a tag for each token: that of its first character."""
    found, at = [], 0
    for token in written:
        found.append(of_characters[at])
        at += len(token)
    return found


def spread(of_tokens: Sequence[str], written: Sequence[str]) -> Tags:
    """Return a tag for each character from those of tokens."""
    found: Tags = []
    for tag, token in zip(of_tokens, written, strict=True):
        found += [tag, *[tag if tag == "O" else f"I-{tag[2:]}"] * (len(token) - 1)]
    return found


def _at(of: Sequence[str], at: int) -> str:
    return of[at] if 0 <= at < len(of) else "^" if at < 0 else "$"


def _seen(token: str, shape: str) -> str:
    if shape == "0":
        return "0" * min(len(token), 5)
    return token.upper() if len(token) == 1 else f"A{min(len(token), 3)}" if shape == "A" else token


def _around(seen: list[str], shapes: list[str], at: int) -> Iterator[str]:
    around = [_at(seen, at + step) for step in range(-WINDOW, WINDOW + 1)]
    for step, token in enumerate(around):
        yield f"c{step}={token}"
    for step in range(2 * WINDOW):
        yield f"d{step}={around[step]}{around[step + 1]}"
    for step in range(1, 2 * WINDOW - 2):
        yield f"t{step}={around[step]}{around[step + 1]}{around[step + 2]}"
    yield f"q={''.join(around[3:])}"
    yield f"u={''.join(around[:4])}"
    yield f"e={around[WINDOW - 1]}_{around[WINDOW + 1]}"
    yield "s=" + "".join(_at(shapes, at + step) for step in (-2, -1, 0, 1, 2))


def _of_rules(ruled: list[str], at: int) -> Iterator[str]:
    for step in (-2, -1, 0, 1, 2):
        yield f"r{step}={_at(ruled, at + step)}"
    yield f"rr={_at(ruled, at - 1)}|{ruled[at]}|{_at(ruled, at + 1)}"


def _shape(token: str) -> str:
    if token[0].isdigit() and token[0].isascii():
        return "0"
    if token[0].isascii() and token[0].isalpha():
        return "A"
    if token in NUMERALS:
        return "n"
    if token in ENDINGS:
        return "e"
    return "x" if token.isalpha() else "-"


def _names(written: list[str]) -> tuple[list[str], list[str]]:
    """Return for each token where it stands in a name of the division tree, and whether the text says that name again."""
    named, doubled, at = ["-"] * len(written), [""] * len(written), 0
    text = "".join(written)
    while at < len(written):
        size = next(
            (n for n in range(min(LONGEST, len(written) - at), 1, -1) if _levels("".join(written[at : at + n]))), 0
        )
        if size:
            levels = _levels("".join(written[at : at + size]))
            named[at : at + size] = [f"B{levels}", *[f"I{levels}"] * (size - 2), f"E{levels}"]
            start, said = sum(map(len, written[:at])), "".join(written[at : at + 2])
            again = ("<" if said in text[:start] else "") + (">" if said in text[start + 1 :] else "")
            doubled[at : at + size] = [again] * size
        at += size or 1
    return named, doubled


@cache
def _levels(name: str) -> str:
    whole = sorted({str(int(place.level)) for place in tree().whole.get(name, ())})
    said = sorted({str(int(place.level)) for place in tree().said.get(name, ())})
    return "".join(whole) + ("s" + "".join(said) if said else "")


def _ahead(written: list[str]) -> list[str]:
    """Return for each token the next ending at or after it, and how far it is."""
    found, ending, at = [""] * len(written), "$", len(written)
    for place in range(len(written) - 1, -1, -1):
        if written[place] in ENDINGS:
            ending, at = written[place], place
        found[place] = f"{ending}{min(at - place, FAR)}"
    return found


def _rows(written: list[str]) -> list[str]:
    """Return for each token of a row of numbers (12-3-401室) its place, how many there are, and what follows the row."""
    found, at = ["-"] * len(written), 0
    while at < len(written):
        end = at
        while end < len(written) and (_shape(written[end]) in ("0", "A") or (end > at and written[end] in HYPHENS)):
            end += 1
        hyphens = sum(token in HYPHENS for token in written[at:end])
        after = _at(written, end)
        count = 0
        for place in range(at, end):
            found[place] = f"{count}/{hyphens}{'h' if written[place] in HYPHENS else ''}{len(written[place])}{after}"
            count += written[place] in HYPHENS
        at = max(end, at + 1)
    return found


def _kinds_before(ruled: list[str]) -> list[str]:
    """Return for each token the kind of the last piece before its own that rules hold for part of the address."""
    found, last, current = [], "^", "^"
    for tag in ruled:
        if tag[:2] == "B-" and tag != "B-redundant":
            last, current = current, tag[2:]
        found.append(last if tag != "B-redundant" and tag != "I-redundant" else current)
    return found


def _kinds_after(ruled: list[str]) -> list[str]:
    """Return for each token the kinds of the next two pieces after its own that rules hold for part of the address."""
    found, following = ["$"] * len(ruled), ("$", "$")
    for at in range(len(ruled) - 1, -1, -1):
        found[at] = "".join(following)
        own = ruled[at][2:]
        if ruled[at][:2] == "B-" and own != "redundant":
            following = (own, following[0])
    return found


TELLING = ("district", "town", "community", "road", "roadno", "poi", "houseno", "floorno", "roomno")


def _kinds_so_far(ruled: list[str]) -> list[str]:
    """Return for each token which of some kinds rules find before its piece, a letter for each."""
    found: list[str] = []
    seen: set[str] = set()
    shown = ""
    for tag in ruled:
        if tag[:2] == "B-":
            shown = "".join(str(n) for n, kind in enumerate(TELLING) if kind in seen)
            seen.add(tag[2:])
        found.append(shown)
    return found
