"""A trained reader of words: how likely a text speaks of each label, and the pieces of the text that led to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .grams import Grams, Numbers, cleaned, grams, pieces

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]
Stands = tuple[Whole, Whole, Whole]
BATCH = 500
MOST_PIECES = 4
EXPLAINED = 3
PART_OF_THE_STRONGEST = 0.2
"""A character counts as leading to a label from this part of what the strongest character of the text weighs."""


@dataclass(frozen=True)
class Facts:
    """
    What a model says of itself.

    `figures` were measured by cross-validation before the model was made; `sure` is the probability from which a text
    may be routed without a human at 95 % accuracy, None where no threshold reaches that. `confusion` counts, in a row
    for each label, as which label its texts were read; empty where there are too many labels to look at.
    """

    labels: tuple[str, ...]
    text_columns: tuple[str, ...]
    label_column: str
    rows: int
    data_sha256: str
    trained_at: str
    sharpness: float
    sure: float | None
    figures: dict[str, float] = field(default_factory=dict)
    confusion: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Guess:
    """A label with its probability, and the pieces of the text that led to it."""

    label: str
    probability: float
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """Which known pieces stand in a batch of texts: a row for each piece and text, with its value, sorted by text."""

    text: Whole
    feature: Whole
    value: Floats


class Model:
    """
    A linear reader of pieces of characters: pieces of each length, and those of the beginning, are weighed separately.

    :param numbers: the known pieces by their numbers, ascending (V)
    :param rarity: how much a piece tells of any label, in the whole text, then in the beginning (2 V)
    :param weights: what a piece says for each label, in the same order (2 V × labels)
    :param bias: what is said for each label before anything is read
    """

    def __init__(self, facts: Facts, numbers: Numbers, rarity: Floats, weights: Floats, bias: Floats):
        self.facts, self.numbers, self.rarity, self.weights, self.bias = facts, numbers, rarity, weights, bias

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return the probability of each label (columns, as `facts.labels`) for each text (rows)."""
        return softmax(self.scores(texts) * self.facts.sharpness)

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return how strongly each text speaks of each label, before it is made a probability."""
        parts = [self._scored([cleaned(text) for text in texts[i : i + BATCH]]) for i in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.bias)), np.float32)

    def guesses(self, text: str, most: int = 3) -> list[Guess]:
        """Return the likeliest labels of a text, the likeliest first, the first of them with what led to it."""
        read, likely = cleaned(text), self.probabilities([text])[0]
        order = np.argsort(-likely, kind="stable")[:most]
        led = self._led(read)
        return [
            Guess(self.facts.labels[i], float(likely[i]), _leading(led[:, i], read) if rank < EXPLAINED else ())
            for rank, i in enumerate(order)
        ]

    def _scored(self, texts: Sequence[str]) -> Floats:
        spread = self._spread(grams(texts, LONGEST_PIECE), len(texts))
        scores = np.repeat(self.bias[None], len(texts), axis=0)
        edges = np.searchsorted(spread.text, np.arange(len(texts) + 1))
        filled = np.flatnonzero(edges[1:] > edges[:-1])
        if len(filled):
            said = self.weights[spread.feature] * spread.value[:, None]
            scores[filled] += np.add.reduceat(said, edges[:-1][filled], axis=0)
        return scores

    def _spread(self, found: Grams, count: int) -> Spread:
        at, known = _looked_up(found.number, self.numbers)
        return weighed(features(found, at, known, len(self.numbers)), count, self.rarity)

    def _led(self, text: str) -> Floats:
        """Return what each character of a cleaned text says for each label more than for the others on average."""
        found = grams([text], LONGEST_PIECE)
        at, known = _looked_up(found.number, self.numbers)
        spread = self._spread(found, 1)
        led = np.zeros((len(text) + LONGEST_PIECE, len(self.bias)), np.float32)
        for beyond, counted in ((0, known), (len(self.numbers), known & (found.place + found.length <= HEAD))):
            feature, place, length = at[counted] + beyond, found.place[counted], found.length[counted]
            value = spread.value[np.searchsorted(spread.feature, feature)] / length
            said = self._more_than_others(feature) * value[:, None]
            for step in range(LONGEST_PIECE):
                np.add.at(led, place[length > step] + step, said[length > step])
        heard: Floats = led[: len(text)]
        return heard

    def _more_than_others(self, feature: Whole) -> Floats:
        weights: Floats = self.weights[feature] - self.weights[feature].mean(axis=1, keepdims=True)
        return weights


LONGEST_PIECE = 3
HEAD = 20
"""Characters at the beginning, mostly the subject, that are weighed a second time."""
PARTS = (0.4, 0.8, 0.5, 0.6)
"""What pieces of one, two and three characters weigh, and those of the beginning: each part is made of length one first."""
AHEAD = len(PARTS) - 1


def features(found: Grams, at: Whole, known: NDArray[np.bool_], width: int) -> Stands:
    """Return text, feature and part of every known piece, and again (beyond `width`) of those in the beginning."""
    ahead = known & (found.place + found.length <= HEAD)
    text = np.concatenate([found.text[known], found.text[ahead]]).astype(np.int64)
    part = np.concatenate([found.length[known] - 1, np.full(int(ahead.sum()), AHEAD)]).astype(np.int64)
    return text, np.concatenate([at[known], at[ahead] + width]), part


def weighed(stands: Stands, count: int, rarity: Floats) -> Spread:
    """Return each feature of each text once, by the logarithm of its count and its rarity; each part made of length one."""
    text, feature, part = stands
    width = len(rarity)
    key, seen, times = np.unique(text * width + feature, return_index=True, return_counts=True)
    text, feature = np.divmod(key, width)
    value = ((1 + np.log(times)) * rarity[feature]).astype(np.float32)
    of = text * len(PARTS) + part[seen]
    length = np.sqrt(np.bincount(of, value * value, len(PARTS) * count)).astype(np.float32)
    share = np.tile(np.array(PARTS, np.float32), count) / np.maximum(length, np.float32(1e-9))
    return Spread(text, feature, value * share[of])


def softmax(scores: Floats) -> Floats:
    """Return probabilities that sum to one in each row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf)) if scores.size else scores
    likely: Floats = powers / powers.sum(axis=1, keepdims=True)
    return likely


def _looked_up(numbers: Numbers, known: Numbers) -> tuple[Whole, NDArray[np.bool_]]:
    """Return where each number stands among the known ones, and whether it does."""
    at = np.minimum(np.searchsorted(known, numbers), max(len(known) - 1, 0)).astype(np.int64)
    return at, (known[at] == numbers) if len(known) else np.zeros(len(numbers), np.bool_)


def _leading(led: Any, text: str) -> tuple[str, ...]:
    """Return the stretches of a text that speak for a label, the strongest first."""
    strongest = float(led.max(initial=0.0))
    if strongest <= 0:
        return ()
    marked = [place for place in range(len(text)) if led[place] >= PART_OF_THE_STRONGEST * strongest]
    found = [piece for piece in pieces(marked, text) if len(piece) > 1]
    weight = {
        piece: sum(led[i] for start in _starts(text, piece) for i in range(start, start + len(piece)))
        for piece in found
    }
    return tuple(sorted(found, key=lambda piece: -weight[piece])[:MOST_PIECES])


def _starts(text: str, piece: str) -> Iterator[int]:
    start = text.find(piece)
    while start >= 0:
        yield start
        start = text.find(piece, start + 1)
