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
FOLDED = "kind:"


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
class Column:
    """A body, or several of a kind that were folded into one column, as `code` says: a body's own, or its kind's."""

    code: str
    kind: Body
    bodies: tuple[str, ...]

    @property
    def folded(self) -> bool:
        return len(self.bodies) > 1


@dataclass(frozen=True, slots=True)
class Row:
    """A topic with its squares by column; `gaps` and `contested` are those of its leaves that nobody or several lead."""

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
    columns: tuple[Column, ...]


def board(
    articles: Iterable[Article], ground: Ground, findings: Iterable[Finding], within: str = "", most: int | None = None
) -> Board:
    """
    Return the board of the parts of a topic: chapters where `within` is empty.

    :param most: of how many columns the board may consist; kinds of which there are many of little weight are folded
    """
    length = next((level for level in LEVELS if level > len(within)), LEVELS[-1])
    leaves = [topic.code for topic in ground.leaves() if topic.code.startswith(within)]
    gaps, contests = _silent(findings), _contested(findings)
    squares = _squares([a for a in articles if ground.at in a.scope.period], leaves, contests, length)
    codes = list(dict.fromkeys(leaf[:length] for leaf in leaves))
    columns = _columns([squares[code] for code in codes], ground, most)
    rows = []
    for code in codes:
        inside = frozenset(leaf for leaf in leaves if leaf.startswith(code))
        topic = ground.topics.get(code, Topic(code, code))
        shown = {c.code: square for c in columns if (square := _together(squares[code], c.bodies))}
        rows.append(Row(topic, len(inside), shown, inside & gaps, inside & contests.keys()))
    return Board(within, tuple(rows), columns)


def _together(squares: dict[str, Square], bodies: Iterable[str]) -> Square | None:
    found = [squares[body] for body in bodies if body in squares]
    if len(found) < 2:
        return found[0] if found else None
    return Square(
        set().union(*(square.leads for square in found)), set().union(*(square.assists for square in found)),
        set().union(*(square.contested for square in found)), set().union(*(square.powers for square in found)),
    )  # fmt: skip


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


def _columns(rows: Sequence[dict[str, Square]], ground: Ground, most: int | None) -> tuple[Column, ...]:
    """Return the bodies by kind, and within a kind by where in the rows their work lies, so that it runs aslant."""
    weights = defaultdict[str, list[tuple[int, int]]](list)
    for number, row in enumerate(rows):
        for body, square in row.items():
            weights[body].append((number, 1 + 4 * len(square.leads) + len(square.assists)))
    total = {body: sum(weight for _, weight in held) for body, held in weights.items()}
    kinds = {body: ground.bodies[body].kind if body in ground.bodies else Body.MASS for body in weights}

    def place(body: str) -> tuple[int, float, str]:
        return ORDER.index(kinds[body]), sum(number * weight for number, weight in weights[body]) / total[body], body

    singles = sorted(weights, key=place)
    folded = _folded(singles, total, kinds, most) if most else set()
    columns = [Column(body, kinds[body], (body,)) for body in singles if body not in folded]
    for kind in {kinds[body] for body in folded}:
        columns.append(
            Column(f"{FOLDED}{kind.value}", kind, tuple(b for b in singles if b in folded and kinds[b] is kind))
        )
    return tuple(sorted(columns, key=lambda column: (ORDER.index(column.kind), column.folded)))


def _folded(bodies: Sequence[str], total: dict[str, int], kinds: dict[str, Body], most: int) -> set[str]:
    """Return the bodies to fold: first the kinds that are no departments, then the departments of least weight."""
    folded = set[str]()
    others = [
        [body for body in bodies if kinds[body] is kind] for kind in reversed(ORDER) if kind is not Body.DEPARTMENT
    ]
    for group in [*others, []]:
        if len(bodies) - len(folded) + len({kinds[body] for body in folded}) <= most:
            return folded
        folded |= set(group) if len(group) > 1 else set()
    departments = sorted((body for body in bodies if body not in folded), key=lambda body: (total[body], body))
    light = [body for body in departments if kinds[body] is Body.DEPARTMENT]
    over = len(bodies) - len(folded) + len({kinds[body] for body in folded}) + 1 - most
    return folded | set(light[: max(over, 2)])
