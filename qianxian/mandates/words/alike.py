"""Messages that are nearly the same: found by MinHash over pieces of four characters, kept together."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .grams import Numbers, grams, mixed

PIECE = 4
BANDS, ROWS = 64, 3
"""Two texts with 0.4 of their pieces in common share one of 64 bands of three with a probability of 98.5 %."""
ALIKE = 0.4
"""Jaccard similarity of their pieces from which two texts count as nearly the same."""
CROWD = 50
"""Of a band that more texts share, each is compared with its neighbour only: form letters chain all the same."""


def groups(texts: Sequence[str]) -> NDArray[np.int64]:
    """
    Return for each text the number of its group: nearly the same texts share one, also by way of a third.

    :param texts: as `grams.cleaned` gives them
    """
    shingles = _shingles(texts)
    above = np.arange(len(texts))
    compared = set[tuple[int, int]]()
    for one, other in _candidates(_signatures(shingles)):
        if (one, other) not in compared:
            compared.add((one, other))
            if _top(above, one) != _top(above, other) and similarity(shingles[one], shingles[other]) >= ALIKE:
                above[_top(above, other)] = _top(above, one)
    tops = np.array([_top(above, text) for text in range(len(texts))], np.int64)
    return np.unique(tops, return_inverse=True)[1].astype(np.int64)


def similarity(one: Numbers, other: Numbers) -> float:
    """Return the Jaccard similarity of two sorted sets of pieces, 0 where either is empty."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def _shingles(texts: Sequence[str]) -> list[Numbers]:
    found = grams(texts, PIECE)
    wanted = found.length == PIECE
    numbers, text = found.number[wanted], found.text[wanted]
    edges = np.searchsorted(text, np.arange(len(texts) + 1))
    return [np.unique(numbers[edges[i] : edges[i + 1]]) for i in range(len(texts))]


def _signatures(shingles: Sequence[Numbers]) -> NDArray[np.uint64]:
    """Return the smallest of each of 192 mixtures of a text's pieces; a text without pieces has a signature of its own."""
    salts = np.random.default_rng(7).integers(1, 2**63, BANDS * ROWS, dtype=np.uint64)
    numbers = [s if len(s) else np.array([i], np.uint64) for i, s in enumerate(shingles)]
    starts = np.cumsum([0, *map(len, numbers[:-1])])
    flat = np.concatenate(numbers) if numbers else np.empty(0, np.uint64)
    return np.stack([np.minimum.reduceat(mixed(flat ^ salt), starts) for salt in salts], axis=1)


def _candidates(signatures: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
    for band in range(BANDS):
        buckets = defaultdict[bytes, list[int]](list)
        for text, part in enumerate(signatures[:, band * ROWS : (band + 1) * ROWS]):
            buckets[part.tobytes()].append(text)
        for found in buckets.values():
            reach = len(found) if len(found) <= CROWD else 1
            yield from ((one, other) for i, one in enumerate(found) for other in found[i + 1 : i + 1 + reach])


def _top(above: NDArray[np.int64], text: int) -> int:
    while above[text] != text:
        above[text] = above[above[text]]
        text = int(above[text])
    return text
