"""Training a reader of words, and measuring it on rows that it has not seen. Loads scikit-learn: name it by `lazily`."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import RidgeClassifier  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedGroupKFold  # type: ignore[import-untyped]

from .alike import groups
from .figures import Figures, figures, indices, threshold
from .grams import cleaned, grams
from .model import LONGEST_PIECE, Facts, Floats, Model, Spread, Stands, Whole, features, softmax, weighed

FOLDS, INNER_FOLDS = 5, 3
RARE = 2
"""Texts in which a piece must stand to be known."""
PRIOR, FLOOR = 3.0, 0.5
"""Texts of the common shares of labels that are added to those of a piece, and what a piece of the common shares tells."""
SMOOTH = 0.6
"""Weight of the ridge: how far the reader keeps from learning single texts by heart."""
ACCURACY = 0.95
MOST_CONFUSED = 60
"""Labels up to which it is kept which are taken for which."""
FEWEST_OF_A_LABEL = 2


class NotEnough(ValueError):
    """Examples from which nothing can be learned: `code` (empty, one_label, lonely, alike), `facts` fill the sentence."""

    def __init__(self, code: str, **facts: object):
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Examples:
    """Texts with their labels; `group` is shared by texts that are nearly the same."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    group: NDArray[np.int64]

    def apart(self) -> Counter[str]:
        """Return for each label how many texts bear it that are not nearly the same."""
        return Counter(label for label, _ in set(zip(self.labels, self.group.tolist(), strict=True)))

    def of(self, rows: Whole) -> "Examples":
        return Examples(
            tuple(self.texts[i] for i in rows), tuple(self.labels[i] for i in rows), self.group[rows]
        )  # fmt: skip


def examples(texts: Sequence[str], labels: Sequence[str]) -> Examples:
    """
    Return what may be learned from; rows without text or label have been left out before.

    :raises NotEnough: without rows, with one label only, or with a label that one row, or one and its likes, alone bear
    """
    counts = Counter(labels)
    if not counts:
        raise NotEnough("empty")
    if len(counts) == 1:
        raise NotEnough("one_label", label=next(iter(counts)))
    lonely = sorted(label for label, count in counts.items() if count < FEWEST_OF_A_LABEL)
    if lonely:
        raise NotEnough("lonely", label=lonely[0], count=len(lonely))
    read = tuple(map(cleaned, texts))
    given = Examples(read, tuple(labels), groups(read))
    label, apart = min(given.apart().items(), key=lambda pair: pair[1])
    if apart < FEWEST_OF_A_LABEL:
        raise NotEnough("alike", label=label)
    return given


def trained(given: Examples, about: Facts, progress: Callable[[float], None] = lambda part: None) -> Model:
    """
    Return a reader of all examples; what it is sure of was measured on folds that it had not seen.

    :param about: what is known of it beforehand: columns, hash, moment; labels and the rest are filled in
    :param progress: called with the part that is done, from 0 to 1
    """
    scores, labels = held_out(given, seed=0, folds=INNER_FOLDS, progress=progress)
    truth = indices(given.labels, labels)
    sharpness = _sharpness(scores, truth)
    likely = softmax((scores * sharpness).astype(np.float32))
    measured = figures(likely, truth, labels, None)
    told = replace(
        about,
        labels=labels,
        rows=len(given.texts),
        sharpness=sharpness,
        sure=threshold(likely, truth, ACCURACY),
        figures=measured.summary(),
        confusion=tuple(map(tuple, measured.confusion)) if len(labels) <= MOST_CONFUSED else (),
    )
    return _fitted(given, told)


def validated(given: Examples, seeds: Sequence[int] = (0,)) -> Iterator[tuple[int, Figures]]:
    """Yield for each seed the figures over all rows, each judged by a reader that was trained without its fold."""
    labels = tuple(sorted(set(given.labels)))
    truth = indices(given.labels, labels)
    for seed in seeds:
        likely, sure = np.zeros((len(truth), len(labels)), np.float32), np.zeros(len(truth), np.bool_)
        for learnt, unseen in _folds(given, seed, FOLDS):
            model = trained(given.of(learnt), Facts(labels, (), "", 0, "", "", 1.0, None))
            columns = indices(model.facts.labels, labels)
            found = model.probabilities([given.texts[i] for i in unseen])
            likely[np.ix_(unseen, columns)] = found
            sure[unseen] = found.max(axis=1) >= (2.0 if model.facts.sure is None else model.facts.sure)
        yield seed, figures(likely, truth, labels, sure)


def held_out(
    given: Examples, *, seed: int, folds: int, progress: Callable[[float], None] = lambda part: None
) -> tuple[Floats, tuple[str, ...]]:
    """Return for each text the scores of a reader that was trained without its fold, and the labels of the columns."""
    labels = tuple(sorted(set(given.labels)))
    scores = np.zeros((len(given.texts), len(labels)), np.float32)
    for turn, (learnt, unseen) in enumerate(_folds(given, seed, folds)):
        progress(turn / (folds + 1))
        model = _fitted(given.of(learnt), Facts(labels, (), "", 0, "", "", 1.0, None))
        columns = indices(model.facts.labels, labels)
        scores[unseen] = scores.min(initial=-1.0)
        scores[np.ix_(unseen, columns)] = model.scores([given.texts[i] for i in unseen])
    return scores, labels


def _folds(given: Examples, seed: int, folds: int) -> Iterator[tuple[Whole, Whole]]:
    """Yield rows to learn from and rows to judge by; what is nearly the same is never on both sides."""
    fewest = min(given.apart().values())
    parts = StratifiedGroupKFold(max(2, min(folds, fewest)), shuffle=True, random_state=seed)
    yield from parts.split(given.texts, given.labels, given.group)


def _fitted(given: Examples, told: Facts) -> Model:
    found = grams(given.texts, LONGEST_PIECE)
    numbers, at = np.unique(found.number, return_inverse=True)
    at = at.astype(np.int64)
    known = _often_enough(at, found.text.astype(np.int64), len(numbers))
    place = np.cumsum(known) - 1
    stands = features(found, place[at], known[at], int(known.sum()))
    width, count = 2 * int(known.sum()), len(given.texts)
    labels = tuple(sorted(set(given.labels)))
    rarity = _rarity(stands, width, indices(given.labels, labels), len(labels))
    spread = weighed(stands, count, rarity)
    weights, bias = _ridge(_matrix(spread, count, width), given.labels, labels)
    return Model(replace(told, labels=labels), numbers[known], rarity, weights, bias)


def _often_enough(at: Whole, text: Whole, width: int) -> NDArray[np.bool_]:
    pairs = np.unique(at * (int(text.max(initial=0)) + 1) + text)
    return np.bincount(pairs // (int(text.max(initial=0)) + 1), minlength=width) >= RARE


def _rarity(stands: Stands, width: int, label: Whole, labels: int) -> Floats:
    """
    Return how much each feature tells; nothing for what is met once: one text says nothing of others.

    Its rarity, ln((1 + n) / (1 + df)) + 1, times what meeting it changes in what is known of the label: the divergence
    of the labels of its texts from those of all texts (in nats, the counts smoothed), above a floor.
    """
    text, feature, _ = stands
    count = len(label)
    met, at = np.divmod(np.unique(feature * count + text), count)
    often = np.bincount(met, minlength=width)
    of_label = np.bincount(met * labels + label[at], minlength=width * labels).reshape(width, labels)
    share = np.bincount(label, minlength=labels) / count
    smooth = (of_label + PRIOR * share) / (often + PRIOR)[:, None]
    tells = FLOOR + (smooth * np.log(np.maximum(smooth, 1e-9) / share)).sum(axis=1)
    return np.where(often < RARE, 0.0, (np.log((1 + count) / (1 + often)) + 1) * tells).astype(np.float32)


def _matrix(spread: Spread, count: int, width: int) -> csr_matrix:
    edges = np.searchsorted(spread.text, np.arange(count + 1))
    return csr_matrix((spread.value, spread.feature, edges), (count, width))


def _ridge(matrix: csr_matrix, given: Sequence[str], labels: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return weights and bias by least squares with a ridge, every label weighing the same however often it comes."""
    fitted = RidgeClassifier(alpha=SMOOTH, class_weight="balanced", solver="sparse_cg", tol=1e-3)
    fitted.fit(matrix, list(given))
    weights, bias = np.atleast_2d(fitted.coef_).T, np.atleast_1d(fitted.intercept_)  # of two labels one row, laid flat
    if len(labels) == 2:
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return np.ascontiguousarray(weights, np.float32), bias.astype(np.float32)


def _sharpness(scores: Floats, truth: Whole) -> float:
    """Return the factor by which scores become probabilities that are neither too bold nor too timid."""

    def surprise(log_factor: float) -> float:
        likely = softmax((scores * np.exp(log_factor)).astype(np.float32))
        return float(-np.log(np.maximum(likely[np.arange(len(truth)), truth], 1e-9)).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-2.0, 4.0), method="bounded").x))
