"""A register at a glance: topics by bodies, who leads, who helps, who holds which power, what is empty or contested."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qianxian.register.rules import Kind as Body

from .articles import Article, Duty, Power
from .findings import Finding, Kind
from .ground import Ground
from .topic_tree import Topic

LEVELS = (2, 4, 6)
ORDER = list(Body)


@dataclass(slots=True)
class Square:
    """What a body has to do with a topic: the leaf topics that it leads, helps with, and contends for."""

    leads: set[str] = field(default_factory=set)
    assists: set[str] = field(default_factory=set)
    contested: set[str] = field(default_factory=set)
    powers: set[Power] = field(default_factory=set)

    @property
    def shade(self) -> str:
        """Return what stands out: contested, lead, assist, or power alone."""
        if self.contested:
            return "contested"
        return "lead" if self.leads else "assist" if self.assists else "power"


@dataclass(frozen=True, slots=True)
class Row:
    """A topic with its squares by body; `gaps` and `contested` are those of its leaves that nobody or several lead."""

    topic: Topic
    leaves: int
    squares: dict[str, Square]
    gaps: frozenset[str]
    contested: frozenset[str]


@dataclass(frozen=True, slots=True)
class Board:
    """The parts of a topic as rows, the bodies that have to do with them as columns, by kind and then along the rows."""

    within: str
    rows: tuple[Row, ...]
    bodies: tuple[str, ...]


def board(articles: Iterable[Article], ground: Ground, findings: Iterable[Finding], within: str = "") -> Board:
    """Return the board of the parts of a topic: chapters where `within` is empty."""
    length = next((level for level in LEVELS if level > len(within)), LEVELS[-1])
    leaves = [topic.code for topic in ground.leaves() if topic.code.startswith(within)]
    gaps, contests = _silent(findings), _contested(findings)
    squares = _squares([a for a in articles if ground.at in a.scope.period], leaves, contests, length)
    rows = []
    for code in dict.fromkeys(leaf[:length] for leaf in leaves):
        inside = frozenset(leaf for leaf in leaves if leaf.startswith(code))
        topic = ground.topics.get(code, Topic(code, code))
        rows.append(Row(topic, len(inside), squares[code], inside & gaps, inside & contests.keys()))
    return Board(within, tuple(rows), _columns(rows, ground))


def _silent(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(topic for finding in findings if finding.kind is Kind.GAP for topic in finding.topics)


def _contested(findings: Iterable[Finding]) -> dict[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    for finding in findings:
        if finding.kind is Kind.CONTEST:
            for topic in finding.topics:
                found[topic] |= set(finding.bodies)
    return found


def _squares(
    articles: Iterable[Article], leaves: Sequence[str], contests: dict[str, set[str]], length: int
) -> dict[str, dict[str, Square]]:
    by_topic = defaultdict[str, list[Article]](list)
    for article in articles:
        by_topic[article.scope.topic].append(article)
    found = defaultdict[str, dict[str, Square]](dict)
    for leaf in leaves:
        row = found[leaf[:length]]
        for article in (a for end in range(len(leaf) + 1) for a in by_topic.get(leaf[:end], ())):
            _add(row.setdefault(article.body, Square()), article, leaf)
        for body in contests.get(leaf, ()):
            row[body].contested.add(leaf)
    return {
        code: {body: s for body, s in row.items() if s.leads or s.assists or s.powers} for code, row in found.items()
    }


def _add(square: Square, article: Article, leaf: str) -> None:
    if article.duty is Duty.LEAD:
        square.leads.add(leaf)
    elif article.duty is Duty.ASSIST:
        square.assists.add(leaf)
    square.powers |= article.powers - {Power.AFFAIRS}


def _columns(rows: Sequence[Row], ground: Ground) -> tuple[str, ...]:
    """Return the bodies by kind, and within a kind by where in the rows their work lies, so that it runs aslant."""
    weights = defaultdict[str, list[tuple[int, int]]](list)
    for number, row in enumerate(rows):
        for body, square in row.squares.items():
            weights[body].append((number, 1 + 4 * len(square.leads) + len(square.assists)))

    def place(body: str) -> tuple[int, float, str]:
        kind = ground.bodies[body].kind if body in ground.bodies else Body.MASS
        total = sum(weight for _, weight in weights[body])
        return ORDER.index(kind), sum(number * weight for number, weight in weights[body]) / total, body

    return tuple(sorted(weights, key=place))
