"""
Decisions a second of the compiled index at 300, 3,000 and 30,000 articles, beside zen-engine on the same rows.

The peer gets its best form: precompiled content, and columns that are compared by equality (the prefixes are cut for
it beforehand, outside the clock). Both decide the same cases and must say the same article. `first` is the first time
that the index meets each case; `again`, and the peer, the best of three rounds after it. Goals: 10 times the peer at 300, and 30,000 no slower than half
of 300.
"""

import json
import sys
import time
from collections.abc import Callable

import zen

from benchmarks.ground import table
from benchmarks.registers import SIZES, START, cases, leads
from qianxian.mandates.rules.answering import Index, answerable, decided
from qianxian.mandates.rules.articles import Article, Case, Power

CASES, OF_PEER = 20_000, {300: 20_000, 3_000: 4_000, 30_000: 400}
ROUNDS = 3
NEEDS = frozenset({Power.ENFORCEMENT, Power.ENTRY})
FIELDS = ("section", "leaf", "street", "community", "setting", "day")


def main() -> None:
    asked = cases(CASES)
    rows = []
    for size in SIZES:
        articles = leads(size)
        start = time.perf_counter()
        index = Index(articles)
        compiled = time.perf_counter() - start
        first, said = timed(lambda case, index=index: decided(index, case), asked)  # type: ignore[misc]
        again, _ = timed(lambda case, index=index: decided(index, case), asked, ROUNDS)  # type: ignore[misc]
        index = Index(articles)
        whole_first, _ = timed(lambda case, index=index: answerable(index, case, NEEDS), asked)  # type: ignore[misc]
        whole, _ = timed(lambda case, index=index: answerable(index, case, NEEDS), asked, ROUNDS)  # type: ignore[misc]
        peer, theirs = zen_engine(articles, asked[: OF_PEER[size]])
        ours = [decision.article.number if decision.article else None for decision in said]
        if theirs != ours[: len(theirs)]:
            sys.exit("the answers differ")
        rows.append(
            (f"{size:,}", f"{compiled * 1e3:.0f}", *(f"{rate:,.0f}" for rate in (first, again, whole_first, whole, peer)),
             f"{again / peer:.1f}")
        )  # fmt: skip
    table(
        f"decisions a second, {CASES:,} distinct cases; the answers are equal",
        ("articles", "compile ms", "first", "again", "whole answer, first", "again", "zen-engine", "times the peer"),
        rows,
    )


def timed(decide: Callable[[Case], object], asked: list[Case], rounds: int = 1) -> tuple[float, list]:  # type: ignore[type-arg]
    """Return decisions a second of processor time, the best of some rounds, and what was decided."""
    best, said = 0.0, []
    for _ in range(rounds):
        start = time.process_time()
        said = [decide(case) for case in asked]
        best = max(best, len(asked) / (time.process_time() - start))
    return best, said


def zen_engine(articles: list[Article], asked: list[Case]) -> tuple[float, list[str | None]]:
    """Return the same of zen-engine: the narrowest row stands first, the first that fits is taken."""
    content = zen.ZenDecisionContent(json.dumps(decision(articles)))
    engine = zen.ZenEngine({"loader": lambda _key: content})
    contexts = [context(case) for case in asked]
    for one in contexts[:50]:
        engine.evaluate("register", one)
    best, said = 0.0, []
    for _ in range(ROUNDS):
        start = time.process_time()
        said = [engine.evaluate("register", one)["result"] for one in contexts]
        best = max(best, len(asked) / (time.process_time() - start))
    return best, [(found or {}).get("article") for found in said]


def context(case: Case) -> dict[str, object]:
    return {
        "section": case.topic[:4], "leaf": case.topic, "street": case.place[:9], "community": case.place[:12],
        "setting": case.setting, "day": (case.at - START).days,
    }  # fmt: skip


def decision(articles: list[Article]) -> dict[str, object]:
    narrow = sorted(articles, key=lambda a: (len(a.scope.topic), len(a.scope.place), a.scope.setting), reverse=True)
    inputs = [{"id": field, "name": field, "type": "expression", "field": field} for field in FIELDS]
    spot = {"x": 0, "y": 0}
    content = {
        "hitPolicy": "first", "inputs": inputs, "rules": [rule(article) for article in narrow],
        "outputs": [{"id": "article", "name": "article", "type": "expression", "field": "article"}],
    }  # fmt: skip
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": spot},
            {"id": "table", "type": "decisionTableNode", "name": "table", "position": spot, "content": content},
            {"id": "out", "type": "outputNode", "name": "out", "position": spot},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }


def rule(article: Article) -> dict[str, str]:
    scope = article.scope
    cells = {
        "section": scope.topic if len(scope.topic) == 4 else "", "leaf": scope.topic if len(scope.topic) == 6 else "",
        "street": scope.place if len(scope.place) == 9 else "", "community": scope.place if len(scope.place) == 12 else "",
        "setting": scope.setting,
    }  # fmt: skip
    shown = {name: json.dumps(value) if value else "" for name, value in cells.items()}
    return {"_id": article.number, "day": "[0..365)", "article": json.dumps(article.number), **shown}


if __name__ == "__main__":
    main()
