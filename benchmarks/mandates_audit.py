"""
Seconds for the audit of a register of 300 and 3,000 articles, and for the proof that it has no gap and no contest.

Beside them, as a floor, the time to decide one case for every leaf topic, place and setting of the district by the
compiled index, scaled up from a part: what looking at every case one by one would cost. Goal: 3,000 articles audited
in under 2 s.
"""

import time
from collections.abc import Callable
from itertools import product
from typing import TypeVar

from benchmarks.ground import table
from benchmarks.registers import ground, leads, register
from qianxian.mandates.rules import proof
from qianxian.mandates.rules.answering import Index, decided
from qianxian.mandates.rules.articles import Case, Duty
from qianxian.mandates.rules.audit import Kind, audit

SIZES, PART = (300, 3_000), 100_000
Result = TypeVar("Result")


def main() -> None:
    world = ground()
    rows = []
    for size in SIZES:
        for name, articles in (("mixed", register(size)), ("leads, whole district covered", covered(size))):
            audited, found = timed(lambda articles=articles: audit(articles, world))  # type: ignore[misc]
            proved, said = timed(lambda articles=articles: proof.prove(articles, world))  # type: ignore[misc]
            faults = sum(finding.kind in (Kind.GAP, Kind.CONTEST) for finding in found)
            if (faults == 0) != said.proven:
                raise SystemExit("audit and proof differ")
            rows.append(
                (f"{size:,}", name, f"{audited:.2f}", len(found), f"{proved:.2f}", "proven" if said.proven else "refuted",
                 f"{one_by_one(articles):,.0f}")
            )  # fmt: skip
    table(
        "audit of a register, seconds of processor time (goal: 3,000 in under 2)",
        ("articles", "register", "audit", "findings", "proof", "", "every case one by one"),
        rows,
    )


def covered(size: int) -> list:  # type: ignore[type-arg]
    """Return leads without contest, of which some hold for a whole section in the whole district, so that none is missing."""
    articles = leads(size)
    scopes = {(a.scope.topic, a.scope.place) for a in articles}
    tops = sorted({a.scope.topic[:4] for a in articles} | {code for code in ground().topics if len(code) == 4})
    first = articles[0]
    wide = [
        type(first)(f"W{code}", "d00", Duty.LEAD, type(first.scope)(code, "990101", "", first.scope.period), "清单")
        for code in tops if (code, "990101") not in scopes
    ]  # fmt: skip
    return [*wide, *articles[: size - len(wide)]] if len(wide) < size else wide


def one_by_one(articles: list) -> float:  # type: ignore[type-arg]
    """Return the seconds that deciding every case takes, from a part of them."""
    world, index = ground(), Index(articles)
    leaves, places, settings = [t.code for t in world.leaves()], world.innermost(), ["", *world.settings]
    count = len(leaves) * len(places) * len(settings)
    some = [case for _, case in zip(range(PART), product(leaves[::7], places[::3], settings), strict=False)]
    seconds, _ = timed(lambda: [decided(index, Case(*case, world.at)) for case in some])
    return seconds * count / len(some)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.process_time()
    done = work()
    return time.process_time() - start, done


if __name__ == "__main__":
    main()
