"""How good a reader of words is: every figure from probabilities and the truth, in numpy alone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model import Floats, Whole


@dataclass(frozen=True)
class OfLabel:
    """One label: how many rows bear it, which share of those called so are so, which share of those that are so were found."""

    label: str
    rows: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Figures:
    """
    Figures over rows that were not learned from.

    `coverage_at_95` is the share of texts above the threshold that was set on other rows to reach 95 % accuracy, and
    `accuracy_of_covered` what was really reached there. `confusion[i][j]` counts rows of label i read as label j.
    """

    rows: int
    accuracy: float
    macro_f1: float
    top2: float
    coverage_at_95: float
    accuracy_of_covered: float | None
    labels: tuple[OfLabel, ...]
    confusion: list[list[int]]

    def summary(self) -> dict[str, float]:
        """Return the figures that are one number each."""
        names = ("rows", "accuracy", "macro_f1", "top2", "coverage_at_95")
        return {name: round(float(getattr(self, name)), 4) for name in names}

    def told(self) -> dict[str, Any]:
        """Return everything for JSON."""
        covered = self.accuracy_of_covered
        per_label = {one.label: {k: v for k, v in asdict(one).items() if k != "label"} for one in self.labels}
        return self.summary() | {
            "rows": self.rows,
            "accuracy_of_covered": None if covered is None else round(covered, 4),
            "labels": per_label,
            "confusion": {"labels": [one.label for one in self.labels], "rows": self.confusion},
        }


def figures(
    likely: Floats, truth: Whole, labels: tuple[str, ...], sure: NDArray[np.bool_] | None, accuracy: float = 0.95
) -> Figures:
    """
    Return the figures of probabilities (a row for each text, a column for each label).

    :param sure: which texts lie above a threshold set elsewhere; None sets it on these very rows
    """
    if sure is None:
        least = threshold(likely, truth, accuracy)
        sure = likely.max(axis=1) >= (2.0 if least is None else least)
    count = len(labels)
    read = likely.argmax(axis=1)
    confusion = np.bincount(truth * count + read, minlength=count * count).reshape(count, count)
    rank = (likely > likely[np.arange(len(truth)), truth][:, None]).sum(axis=1)
    each = tuple(_of_label(confusion, number, label) for number, label in enumerate(labels))
    borne = [one.f1 for one in each if one.rows]
    return Figures(
        rows=len(truth),
        accuracy=float((read == truth).mean()),
        macro_f1=float(np.mean(borne)),
        top2=float((rank < 2).mean()),
        coverage_at_95=float(sure.mean()),
        accuracy_of_covered=float((read == truth)[sure].mean()) if sure.any() else None,
        labels=each,
        confusion=confusion.tolist(),
    )


def threshold(likely: Floats, truth: Whole, accuracy: float) -> float | None:
    """Return the least probability above which the readings reach an accuracy, None where no threshold does."""
    best, right = likely.max(axis=1), likely.argmax(axis=1) == truth
    order = np.argsort(-best, kind="stable")
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(reached >= accuracy)
    return float(best[order][enough[-1]]) if len(enough) else None


def _of_label(confusion: NDArray[np.int64], number: int, label: str) -> OfLabel:
    hit, borne, called = confusion[number, number], confusion[number].sum(), confusion[:, number].sum()
    precision, recall = hit / max(called, 1), hit / max(borne, 1)
    f1 = 2 * hit / max(borne + called, 1)
    return OfLabel(label, int(borne), round(float(precision), 4), round(float(recall), 4), round(float(f1), 4))


def widened(likely: Floats, count: int) -> Floats:
    """Return probabilities with columns of zero for labels that the reader does not know."""
    return np.pad(likely, ((0, 0), (0, count - likely.shape[1])))


def indices(given: Sequence[str], labels: tuple[str, ...]) -> Whole:
    """Return for each row the column of its label."""
    at = {label: number for number, label in enumerate(labels)}
    return np.array([at[label] for label in given], np.int64)
