"""
What an expression yields over the answers given so far.

Values are texts, numbers (float, not a number where there is none), truths, and lists of nodes. A day counts as the days
since 1970-01-01 where a number is wanted, as ODK clients reckon. `frontend/src/forms/xpath.js` does the same in a browser;
a table of cases holds the two to one another.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from .xpath import Tree

EPOCH = date(1970, 1, 1)
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$")
NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)$")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
LONGEST_PATTERN, LONGEST_MATCHED = 200, 2000


@dataclass(eq=False)
class Node:
    """One node of a filled form: a group, a round of a repeat, or an answer."""

    name: str
    text: str = ""
    children: "list[Node]" = field(default_factory=list)
    parent: "Node | None" = None
    relevant: bool = True

    def add(self, child: "Node") -> "Node":
        child.parent = self
        self.children.append(child)
        return child

    def root(self) -> "Node":
        return self.parent.root() if self.parent else self

    def value(self) -> str:
        """Return the text of a node; of a branch that is not asked there is none."""
        if not self.relevant:
            return ""
        return "".join(child.value() for child in self.children) if self.children else self.text

    def each(self) -> "Iterator[Node]":
        yield self
        for child in self.children:
            yield from child.each()


Value = str | float | bool | list[Node]


@dataclass(frozen=True)
class World:
    """What an expression sees beside the answers: the moment, lists of choices, names of choices by language."""

    now: datetime
    lists: Mapping[str, Node] = field(default_factory=dict)
    choice_name: Callable[[str, str], str] = lambda value, path: value


def evaluate(tree: Tree, here: Node, world: World, current: Node | None = None, place: int = 1) -> Value:
    """
    Return what a tree yields at a node.

    :param current: the node for which the whole expression is asked, where `here` is an entry of a list
    :param place: the number of the node among those that a predicate looks at, from 1
    """
    return _Evaluation(world, current or here).of(tree, here, place)


def truth(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return len(value) > 0


def text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return value if isinstance(value, str) else (value[0].value() if value else "")


def number(value: Value) -> float:
    if isinstance(value, bool | float):
        return float(value)
    written = text(value).strip()
    if NUMBER.match(written):
        return float(written)
    found = DAY.match(written)
    return _days(found) if found else math.nan


def _days(found: re.Match[str]) -> float:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return math.nan
    seconds = int(found[4] or 0) * 3600 + int(found[5] or 0) * 60 + int(found[6] or 0)
    return (day - EPOCH).days + seconds / 86400


class _Evaluation:
    def __init__(self, world: World, current: Node):
        self.world, self.current = world, current

    def of(self, tree: Tree, here: Node, place: int) -> Value:
        match tree[0]:
            case "num" | "str":
                return tree[1]  # type: ignore[no-any-return]
            case "neg":
                return -number(self.of(tree[1], here, place))
            case "op":
                return self.operation(tree[1], tree[2], tree[3], here, place)
            case "path":
                return self.path(tree[1], tree[2], here, place)
        return self.call(tree[1], tree[2], here, place)

    def operation(self, word: str, left: Tree, right: Tree, here: Node, place: int) -> Value:
        one = self.of(left, here, place)
        if word in ("and", "or"):
            return truth(one) is (word == "or") if truth(one) is (word == "or") else truth(self.of(right, here, place))
        other = self.of(right, here, place)
        if word == "|":
            return [*(one if isinstance(one, list) else []), *(other if isinstance(other, list) else [])]
        if word in ("=", "!=", "<", "<=", ">", ">="):
            return _compared(word, one, other)
        return _reckoned(word, number(one), number(other))

    def path(self, start: Any, steps: list[list[Any]], here: Node, place: int) -> Value:
        if start == "root":
            nodes = [Node("", children=[self.current.root()])]
        else:
            found = [here] if start == "here" else self.of(start, here, place)
            nodes = found if isinstance(found, list) else []
        for name, predicates in steps:
            nodes = [child for node in nodes for child in _step(node, name)]
            for predicate in predicates:
                nodes = [node for at, node in enumerate(nodes, 1) if self.holds(predicate, node, at)]
        return nodes

    def holds(self, predicate: Tree, node: Node, at: int) -> bool:
        found = self.of(predicate, node, at)
        return found == at if isinstance(found, float) else truth(found)

    def call(self, name: str, arguments: list[Tree], here: Node, place: int) -> Value:
        if name == "if":
            return self.of(arguments[1 if truth(self.of(arguments[0], here, place)) else 2], here, place)
        if name == "current":
            return [self.current]
        if name == "instance":
            found = self.world.lists.get(text(self.of(arguments[0], here, place)))
            return [Node("", children=[])] if found is None else [found]
        if name == "position":
            of = self.of(arguments[0], here, place) if arguments else None
            node = of[0] if isinstance(of, list) and of else None
            return float(_position(node)) if node else float(place)
        if name == "once":
            return here.text or self.of(arguments[0], here, place)
        values = [self.of(argument, here, place) for argument in arguments]
        if not values and name in ("string", "number", "string-length", "normalize-space"):
            values = [[here]]
        if name == "jr:choice-name":
            return self.world.choice_name(text(values[0]), text(values[1]))
        if name in ("today", "now"):
            now = self.world.now
            return f"{now:%Y-%m-%d}" if name == "today" else now.isoformat(timespec="seconds")
        return CALLS[name](*values)


def _position(node: Node) -> int:
    return [one for one in node.parent.children if one.name == node.name].index(node) + 1 if node.parent else 1


def _step(node: Node, name: str) -> list[Node]:
    if name == ".":
        return [node]
    if name == "..":
        return [node.parent] if node.parent else []
    return [child for child in node.children if name in ("*", child.name) and child.relevant]


def _compared(word: str, one: Value, other: Value) -> bool:
    if isinstance(one, list):
        return any(_compared(word, node.value(), other) for node in one) or (not one and _compared_empty(word, other))
    if isinstance(other, list):
        return any(_compared(word, one, node.value()) for node in other) or (not other and _compared(word, one, ""))
    if word in ("=", "!="):
        if isinstance(one, bool) or isinstance(other, bool):
            same = truth(one) == truth(other)
        elif isinstance(one, float) or isinstance(other, float):
            same = number(one) == number(other)
        else:
            same = one == other
        return same is (word == "=")
    left, right = number(one), number(other)
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[word]


def _compared_empty(word: str, other: Value) -> bool:
    """A question that is not asked counts as one without an answer, as ODK clients take it."""
    return _compared(word, "", other)


def _reckoned(word: str, left: float, right: float) -> float:
    if word == "+":
        return left + right
    if word == "-":
        return left - right
    if word == "*":
        return left * right
    if math.isnan(left) or math.isnan(right) or (word == "mod" and math.isinf(left)):
        return math.nan
    if right == 0:
        return math.nan if word == "mod" or left == 0 else math.copysign(math.inf, left)
    return left / right if word == "div" else math.fmod(left, right)


def _chosen(value: Value) -> list[str]:
    return text(value).split()


def _numbers(values: tuple[Value, ...]) -> list[float]:
    found = [n for value in values for n in ([one.value() for one in value] if isinstance(value, list) else [value])]
    return [number(one) for one in found if one != ""]


def _best(choose: Callable[[list[float]], float]) -> Callable[..., Value]:
    def best(*values: Value) -> Value:
        found = _numbers(values)
        return choose(found) if found and not any(map(math.isnan, found)) else math.nan

    return best


def _round(value: Value, digits: Value = 0.0) -> Value:
    exact = number(value)
    if math.isnan(exact) or math.isinf(exact):
        return exact
    scale = float(10.0 ** max(-15.0, min(15.0, number(digits))))
    return exact if abs(exact * scale) > 1e300 else math.floor(exact * scale + 0.5) / scale


def _whole(value: Value) -> Value:
    exact = number(value)
    return exact if math.isnan(exact) or math.isinf(exact) else float(math.trunc(exact))


def _part(value: Value, start: Value, end: Value | None = None) -> Value:
    return text(value)[_index(start) : None if end is None else _index(end)]


def _index(value: Value) -> int:
    exact = number(value)
    return 0 if math.isnan(exact) else int(max(-1e9, min(1e9, exact)))


def _at(value: Value, place: Value) -> Value:
    chosen, at = _chosen(value), number(place)
    return chosen[int(at)] if 0 <= at < len(chosen) else ""


def _translated(value: Value, source: Value, target: Value) -> Value:
    into = text(target)
    table = {one: into[at] if at < len(into) else "" for at, one in reversed(list(enumerate(text(source))))}
    return "".join(table.get(one, one) for one in text(value))


def _matches(value: Value, pattern: Value) -> Value:
    """Match a text as a whole; patterns and texts beyond a length are not tried, so that no pattern can stall a page."""
    written, tried = text(pattern), text(value)
    if len(written) > LONGEST_PATTERN or len(tried) > LONGEST_MATCHED:
        return False
    try:
        return re.search(written, tried) is not None
    except re.error:
        return False


def _day(value: Value) -> Value:
    exact = number(value)
    if math.isnan(exact) or abs(exact) > 1_000_000:
        return ""
    try:
        return (EPOCH + timedelta(days=math.floor(exact))).isoformat()
    except OverflowError:
        return ""


def _formatted(value: Value, pattern: Value) -> Value:
    day = _day(value)
    if not isinstance(day, str) or not day:
        return ""
    found, written = date.fromisoformat(day), text(pattern)
    parts = {
        "%Y": f"{found.year:04}", "%y": f"{found.year % 100:02}", "%m": f"{found.month:02}", "%n": str(found.month),
        "%b": f"{found.month}月", "%d": f"{found.day:02}", "%e": str(found.day), "%a": WEEKDAYS[found.weekday()],
        "%H": "00", "%M": "00", "%S": "00",
    }  # fmt: skip
    return re.sub(r"%[YymnbdeaHMS]", lambda one: parts[one[0]], written)


def _joined(between: Value, *values: Value) -> Value:
    flat = [node.value() if isinstance(node, Node) else text(node)
            for value in values for node in (value if isinstance(value, list) else [value])]  # fmt: skip
    return text(between).join(flat)


CALLS: dict[str, Callable[..., Value]] = {
    "selected": lambda value, one: text(one).strip() in _chosen(value),
    "selected-at": _at,
    "count-selected": lambda value: float(len(_chosen(value))),
    "not": lambda value: not truth(value),
    "true": lambda: True,
    "false": lambda: False,
    "boolean": truth,
    "boolean-from-string": lambda value: text(value) in ("true", "1"),
    "string": text,
    "number": number,
    "int": _whole,
    "round": _round,
    "floor": lambda value: value if math.isnan(value := number(value)) else float(math.floor(value)),
    "ceiling": lambda value: value if math.isnan(value := number(value)) else float(math.ceil(value)),
    "abs": lambda value: abs(number(value)),
    "pow": lambda base, power: _power(number(base), number(power)),
    "min": _best(min),
    "max": _best(max),
    "sum": lambda value: float(sum(_numbers((value,)))),
    "count": lambda value: float(len(value)) if isinstance(value, list) else 0.0,
    "count-non-empty": lambda value: float(sum(1 for one in value if one.value())) if isinstance(value, list) else 0.0,
    "coalesce": lambda one, other: text(one) or text(other),
    "concat": lambda *values: str(_joined("", *values)),
    "join": _joined,
    "string-length": lambda value: float(len(text(value))),
    "substr": _part,
    "contains": lambda value, one: text(one) in text(value),
    "starts-with": lambda value, one: text(value).startswith(text(one)),
    "ends-with": lambda value, one: text(value).endswith(text(one)),
    "normalize-space": lambda value: " ".join(text(value).split()),
    "translate": _translated,
    "regex": _matches,
    "date": _day,
    "date-time": text,
    "format-date": _formatted,
    "decimal-date-time": number,
    "jr:itext": text,
}


def _power(base: float, power: float) -> float:
    try:
        found = base**power
    except (OverflowError, ZeroDivisionError):
        return math.inf
    return found if isinstance(found, float) else math.nan
