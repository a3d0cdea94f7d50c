"""Pieces of one to four characters of many texts at once, as numbers: no dictionary, no loop over characters."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
READ = 1000
"""Characters of a text that are read: what is wanted has been said by then."""
LONGEST = 4
PRIME, MIX = np.uint64(0x100000001B3), np.uint64(0xFF51AFD7ED558CCD)
PLACES = re.compile(r"[a-z]\d*(?=[省市州县区])")
DIGITS, BLANKS = re.compile(r"\d+"), re.compile(r"\s+")


def cleaned(text: str) -> str:
    """Return a text as it is learned: widths and cases made one, masked places left out, numbers alike; 1,000 characters."""
    text = unicodedata.normalize("NFKC", text[: 2 * READ]).lower()
    return BLANKS.sub(" ", DIGITS.sub("0", PLACES.sub("", text))).strip()[:READ]


def joined(parts: Iterable[str]) -> str:
    """Return the columns of one row as one text, the first first; a part that the next one begins with is not said twice."""
    whole = ""
    for part in (part.strip() for part in parts):
        whole = part if part.startswith(whole) else f"{whole}\n{part}" if part else whole
    return whole


@dataclass(frozen=True, slots=True)
class Grams:
    """Where the pieces of a batch of texts stand: of each its number, its text, and its place and length in it."""

    number: Numbers
    text: NDArray[np.int32]
    place: NDArray[np.int32]
    length: NDArray[np.int8]


def grams(texts: Sequence[str], longest: int = LONGEST) -> Grams:
    """
    Return every piece of one to `longest` characters of each text, blanks in it included.

    A piece is told by a number of 64 bits: two of a million pieces share one with a chance of 1 to 37 million.

    :param texts: as `cleaned` gives them
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    characters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    text = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    starts = np.cumsum(lengths) - lengths
    place = (np.arange(len(characters)) - np.repeat(starts, lengths)).astype(np.int32)
    rolled, found = np.zeros(len(characters), np.uint64), list[tuple[Numbers, NDArray[np.bool_], int]]()
    for length in range(1, longest + 1):
        if len(characters) < length:
            break
        rolled = rolled[: len(characters) - length + 1] * PRIME + characters[length - 1 :] + np.uint64(length)
        whole = text[: len(rolled)] == text[length - 1 :]
        found.append((mixed(rolled), whole, length))
    if not found:
        return Grams(*(np.empty(0, kind) for kind in (np.uint64, np.int32, np.int32, np.int8)))  # type: ignore[arg-type]
    return Grams(
        np.concatenate([numbers[whole] for numbers, whole, _ in found]),
        np.concatenate([text[: len(whole)][whole] for _, whole, _ in found]),
        np.concatenate([place[: len(whole)][whole] for _, whole, _ in found]),
        np.concatenate([np.full(int(whole.sum()), length, np.int8) for _, whole, length in found]),
    )


def mixed(numbers: Numbers) -> Numbers:
    """Return numbers whose every bit depends on every bit given (the finaliser of MurmurHash3)."""
    shift = np.uint64(33)
    numbers = (numbers ^ (numbers >> shift)) * MIX
    numbers = (numbers ^ (numbers >> shift)) * np.uint64(0xC4CEB9FE1A85EC53)
    return numbers ^ (numbers >> shift)


def pieces(places: Iterable[int], text: str) -> tuple[str, ...]:
    """Return the stretches of a text that marked characters form, each once."""
    runs = groupby(enumerate(sorted(set(places))), key=lambda item: item[1] - item[0])
    stretches = ([place for _, place in run] for _, run in runs)
    return tuple(dict.fromkeys(text[run[0] : run[-1] + 1].strip() for run in stretches))
