"""
A proof by z3 that a register answers every case with one body, or a case that shows where it does not.

It shares nothing with the audit but the articles, so that each of the two checks the other. A case is four numbers:
leaf topic, place, setting, and span of time. As codes are sorted, a prefix is an interval, and an article a box. Then
"no box covers the case" (a gap) and "boxes of two bodies cover it, and none lies inside" (a contest) are questions of
finite domains, asked once for each chapter of the tree. Loaded at its first use: z3 is slow to load.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import z3  # type: ignore[import-untyped]

from .articles import Article, Case, Duty
from .ground import Ground

CHAPTER = 2
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Proof:
    """A case without a lead, a case with two; where both are None, there is none such in the whole ground."""

    gap: Case | None
    contest: Case | None

    @property
    def proven(self) -> bool:
        return self.gap is None and self.contest is None


def prove(articles: Iterable[Article], ground: Ground) -> Proof:
    """
    Prove that a register has no gap and no contest, or return a case of each that it has.

    :raises ValueError: if z3 comes to no end
    """
    leads = [article for article in articles if article.duty is Duty.LEAD]
    gap = contest = None
    for chapter, leaves in groupby((topic.code for topic in ground.leaves()), key=lambda code: code[:CHAPTER]):
        near = [a for a in leads if a.scope.topic.startswith(chapter) or chapter.startswith(a.scope.topic)]
        boxes = _Boxes(list(leaves), near, ground)
        gap = gap or boxes.found(boxes.gap())
        contest = contest or boxes.found(boxes.contest())
        if gap and contest:
            break
    return Proof(gap, contest)


class _Boxes:
    """The leads of one chapter as boxes over four finite domains."""

    def __init__(self, topics: Sequence[str], leads: Sequence[Article], ground: Ground):
        self._ends = (topics, ground.innermost(), sorted({"", *ground.settings, *(a.scope.setting for a in leads)}))
        self._moments = _moments(leads, ground)
        sizes = (*map(len, self._ends), len(self._moments))
        self._sides = tuple(z3.BitVec(name, size.bit_length()) for name, size in zip("tpsm", sizes, strict=True))
        self._within = z3.And([z3.ULT(side, size) for side, size in zip(self._sides, sizes, strict=True)])
        self._leads = leads
        self._covers = [self._box(article) for article in leads]
        self._known = [ground.settings.keys() | {""}, self._ends[2]]

    def gap(self) -> z3.BoolRef:
        """Say that no lead covers the case."""
        return z3.Not(z3.Or(self._covers))

    def contest(self) -> z3.BoolRef:
        """Say that leads of two bodies cover the case, none of which lies inside another one that does."""
        of_body = defaultdict[str, list[z3.BoolRef]](list)
        for number, article in enumerate(self._leads):
            narrower = [self._covers[other] for other in self._narrower(number)]
            of_body[article.body].append(z3.And(self._covers[number], z3.Not(z3.Or(narrower))))
        return z3.PbGe([(z3.Or(prevails), 1) for prevails in of_body.values()], 2) if of_body else z3.BoolVal(False)

    def found(self, question: z3.BoolRef) -> Case | None:
        """Return a case of which the question holds, None where it is proven that there is none."""
        solver = z3.SolverFor("QF_FD")
        solver.add(self._within, self._real(), question)
        said = solver.check()
        if said == z3.unknown:
            raise ValueError(f"z3 came to no end: {solver.reason_unknown()}")
        if said == z3.unsat:
            return None
        model = solver.model()
        topic, place, setting, moment = (model.eval(side, model_completion=True).as_long() for side in self._sides)
        topics, places, settings = self._ends
        return Case(topics[topic], places[place], settings[setting], self._moments[moment])

    def _real(self) -> z3.BoolRef:
        """Say that the setting is one of the ground, not a word that an article alone knows."""
        known, settings = self._known
        return z3.And([self._sides[2] != number for number, code in enumerate(settings) if code not in known])

    def _box(self, article: Article) -> z3.BoolRef:
        scope = article.scope
        topics, places, settings = self._ends
        setting = (0, len(settings)) if not scope.setting else _only(settings.index(scope.setting))
        inside = [number for number, moment in enumerate(self._moments) if moment in scope.period]
        spans = (
            _begin(topics, scope.topic), _begin(places, scope.place), setting,
            (inside[0], inside[-1] + 1) if inside else (0, 0),
        )  # fmt: skip
        return z3.And([part for side, span in zip(self._sides, spans, strict=True) for part in _between(side, span)])

    def _narrower(self, number: int) -> Iterator[int]:
        scope = self._leads[number].scope
        for other, article in enumerate(self._leads):
            if article.scope.inside(scope) and not scope.inside(article.scope):
                yield other


Span = tuple[int, int]


def _between(side: z3.BitVecRef, span: Span) -> Iterator[z3.BoolRef]:
    if span[0] >= span[1]:
        yield z3.BoolVal(False)
    else:
        yield z3.UGE(side, span[0])
        yield z3.ULT(side, span[1])


def _begin(codes: Sequence[str], prefix: str) -> Span:
    """Return where the codes that begin with a prefix begin and end among sorted codes."""
    return bisect_left(codes, prefix), bisect_left(codes, prefix + LAST)


def _only(number: int) -> Span:
    return number, number + 1


def _moments(leads: Iterable[Article], ground: Ground) -> list:  # type: ignore[type-arg]
    """Return the moments between which nothing begins or ends."""
    if ground.until is None:
        return [ground.at]
    ends = {end for a in leads for end in (a.scope.period.start, a.scope.period.end) if end}
    return sorted({ground.at, *(end for end in ends if ground.at < end < ground.until)})
