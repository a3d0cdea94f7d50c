"""Reading words: quality beside the plain character model on the same folds, texts a second beside scikit-learn's pipeline.

The plain model is TF-IDF of one to three characters under a linear support vector machine. Texts that are nearly the
same stay in one fold. Speed is CPU time of one core, on the texts of the file. Nothing is tuned here.

    python -m benchmarks.topics [FILE] [--text COLUMN …] [--label COLUMN] [--seeds 3]
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from qianxian.collection import files
from qianxian.mandates.words import grams, training
from qianxian.mandates.words.model import Facts

MESSAGES = Path(os.environ.get("QIANXIAN_MESSAGES", "data/messages/labelled_messages.csv"))
GOAL_F1, GOAL_SPEED = 0.905, 2000
ABOUT = Facts((), (), "", 0, "", "", 1.0, None)


def plain() -> Pipeline:
    """Return the model that one would build in an hour."""
    return make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True), LinearSVC())


def read(file: Path, text: list[str], label: str) -> tuple[list[str], list[str]]:
    """Return the texts and labels of a file, rows without either left out."""
    with files.opened(file) as table:
        at, of = [table.headers.index(name) for name in text], table.headers.index(label)
        rows = [(grams.joined(row[i] for i in at), row[of].strip()) for _, row in table.rows if len(row) > of]
    kept = [(words, said) for words, said in rows if words.strip() and said]
    return [words for words, _ in kept], [said for _, said in kept]


def quality_of_plain(given: training.Examples, raw: list[str], seed: int) -> tuple[float, float]:
    """Return macro-F1 and accuracy of the plain model on the very folds of ours."""
    truth, found = np.array(given.labels), np.empty(len(raw), object)
    for learnt, unseen in training._folds(given, seed, training.FOLDS):
        model = plain().fit([raw[i] for i in learnt], truth[learnt])
        found[unseen] = model.predict([raw[i] for i in unseen])
    return f1_score(truth, found.astype(str), average="macro"), accuracy_score(truth, found.astype(str))


def speeds(given: training.Examples, raw: list[str]) -> tuple[float, float]:
    """Return texts a second of CPU, ours and the plain pipeline's; the better of three runs each."""
    ours, theirs = training._fitted(given, ABOUT), plain().fit(raw, given.labels)
    return tuple(max(_speed(predict, raw) for _ in range(3)) for predict in (ours.probabilities, theirs.predict))


def _speed(predict: object, raw: list[str]) -> float:
    began = time.process_time()
    predict(raw)
    return len(raw) / (time.process_time() - began)


def main() -> int:
    """Measure, and say what falls short by the exit code."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("file", nargs="?", type=Path, default=MESSAGES)
    asked.add_argument("--text", action="append")
    asked.add_argument("--label", default="label")
    asked.add_argument("--seeds", type=int, default=3)
    wanted = asked.parse_args()
    if not wanted.file.exists():
        print(f"skipped: there is no {wanted.file}; name a file of labelled messages")
        return 0
    raw, labels = read(wanted.file, wanted.text or ["subject", "text"], wanted.label)
    given = training.examples(raw, labels)
    ours = [(f.macro_f1, f.accuracy, f.top2, f.coverage_at_95, f.accuracy_of_covered or 0.0)
            for _, f in training.validated(given, range(wanted.seeds))]  # fmt: skip
    theirs = [quality_of_plain(given, raw, seed) for seed in range(wanted.seeds)]
    our_speed, their_speed = speeds(given, raw)
    mean, other = np.mean(ours, axis=0), np.mean(theirs, axis=0)
    spread = np.std([one[0] for one in ours], ddof=1) if wanted.seeds > 1 else float("nan")
    drawn = Table(
        "", "ours", "plain", title=f"{len(raw)} texts, {wanted.seeds} seed(s), groups of near-duplicates kept together"
    )
    drawn.add_row("macro-F1", f"{mean[0]:.4f} ± {spread:.4f}", f"{other[0]:.4f}")
    drawn.add_row("accuracy", f"{mean[1]:.4f}", f"{other[1]:.4f}")
    drawn.add_row("top 2", f"{mean[2]:.4f}", "")
    drawn.add_row("coverage at 95 % (threshold of the training folds)", f"{mean[3]:.4f} (reached {mean[4]:.4f})", "")
    drawn.add_row("texts/s of CPU, one core", f"{our_speed:,.0f}", f"{their_speed:,.0f}")
    Console(width=110).print(drawn)
    return int(mean[0] < GOAL_F1 or our_speed < GOAL_SPEED)


if __name__ == "__main__":
    sys.exit(main())
