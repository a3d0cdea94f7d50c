"""How well units are foretold: the learned ranking beside a look-up table and a plain linear model, and the seconds.

Takes a dispatch history as its argument; without one it looks for the shared history beside the checkout and says so
where there is none. The last fifth by time is foretold from what came before; spellings are merged by name alone.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.ground import table
from qianxian.collection import history
from qianxian.mandates import learning, ranking
from qianxian.mandates.rules.learning.records import Record, split, usable

SHARED = Path(__file__).resolve().parents[2] / "shared/data/dispatch/pingshan_dispatch.csv"
SHARE, MOST = 0.2, 3
GOAL = (0.67, 0.85)
Ranked = list[list[str]]


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    if not path.exists():
        print(
            f"mandates_learn: skipped, there is no {path.name}; name a history: python -m benchmarks.mandates_learn FILE"
        )
        return
    read = history.read(path, {})
    known = usable(read.records, places=read.places)
    unit_of = known.unit_of()
    early, late = (
        [record for record in part if record.unit in unit_of] for part in split(read.records, SHARE)
    )  # fmt: skip
    places = {*read.places, *(record.street for record in read.records)} - {""}
    ways: dict[str, Callable[[], Ranked]] = {
        "look-up table (cell, then topic)": lambda: learning.looked_up(early, late, unit_of, MOST),
        "plain linear model over units": lambda: _plain(early, late, unit_of),
        "learned ranking": lambda: _ours(early, late, unit_of, places),
    }
    rows = [_measured(name, way, late, unit_of) for name, way in ways.items()]
    title = f"learn: {len(early)} records foretell {len(late)} later ones, {len(known.units)} units; goal {GOAL[0]} / {GOAL[1]}"
    table(title, ("", "top1", "top3", "seconds"), rows)


def _measured(name: str, way: Callable[[], Ranked], late: Sequence[Record], unit_of: dict[str, str]) -> tuple[str, ...]:
    start = time.perf_counter()
    ranked = way()
    spent = time.perf_counter() - start
    pairs = list(zip(ranked, (unit_of[record.unit] for record in late), strict=True))
    first, three = (sum(unit in found[:n] for found, unit in pairs) / len(pairs) for n in (1, MOST))
    return name, f"{first:.3f}", f"{three:.3f}", f"{spent:.1f}"


def _ours(early: Sequence[Record], late: Sequence[Record], unit_of: dict[str, str], places: set[str]) -> Ranked:
    trained = ranking.learn(early, unit_of, places)
    return [[likely.unit for likely in found] for found in trained.ranked(late, MOST)]


def _plain(early: Sequence[Record], late: Sequence[Record], unit_of: dict[str, str]) -> Ranked:
    """One logistic regression over units, from the fields as they stand."""
    seen = DictVectorizer()
    fitted = LogisticRegression(max_iter=200).fit(
        seen.fit_transform([_fields(record) for record in early]), [unit_of[record.unit] for record in early]
    )
    shares = fitted.predict_proba(seen.transform([_fields(record) for record in late]))
    return [[str(fitted.classes_[n]) for n in row.argsort()[::-1][:MOST]] for row in shares]


def _fields(record: Record) -> dict[str, str]:
    topics = {f"topic{n}": topic for n, topic in enumerate(record.topics)}
    return topics | {
        "street": record.street, "community": record.community, "kind": record.kind, "channel": record.channel,
    }  # fmt: skip


if __name__ == "__main__":
    main()
