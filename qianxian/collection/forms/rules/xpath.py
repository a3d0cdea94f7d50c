"""
Expressions of a form (XPath 1.0 as the ODK XForms specification narrows it), read into trees of plain lists.

A tree is what JSON can carry, so that the browser evaluates the very tree that the server does:
`["num", 1.0]`, `["str", "x"]`, `["neg", tree]`, `["op", "+", tree, tree]`, `["call", "if", [trees]]`, and
`["path", start, steps]` with start `"root"`, `"here"` or a tree, and steps `[name, [predicate trees]]`.
"""

import re
from typing import Any

Tree = list[Any]

TOKEN = re.compile(
    r"""\s*(?:
    (?P<num>\d+(?:\.\d*)?|\.\d+)
  | (?P<str>"[^"]*"|'[^']*')
  | (?P<op>!=|<=|>=|//|::|\.\.|[-+*/=<>|()\[\],.@])
  | (?P<name>[^\W\d][\w.-]*(?::(?!:)[^\W\d][\w.-]*)?)
  )""",
    re.VERBOSE,
)
LEVELS: tuple[frozenset[str], ...] = tuple(
    map(frozenset, (["or"], ["and"], ["=", "!="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "div", "mod"]))
)
FUNCTIONS = {
    "if": (3, 3), "selected": (2, 2), "selected-at": (2, 2), "count-selected": (1, 1), "not": (1, 1), "true": (0, 0),
    "false": (0, 0), "boolean": (1, 1), "string": (0, 1), "number": (0, 1), "int": (1, 1), "round": (1, 2),
    "floor": (1, 1), "ceiling": (1, 1), "abs": (1, 1), "pow": (2, 2), "min": (1, 99), "max": (1, 99), "sum": (1, 1),
    "count": (1, 1), "count-non-empty": (1, 1), "coalesce": (2, 2), "concat": (0, 99), "join": (1, 99),
    "string-length": (0, 1), "substr": (2, 3), "contains": (2, 2), "starts-with": (2, 2), "ends-with": (2, 2),
    "normalize-space": (0, 1), "translate": (3, 3), "regex": (2, 2), "today": (0, 0), "now": (0, 0), "date": (1, 1),
    "date-time": (1, 1), "format-date": (2, 2), "decimal-date-time": (1, 1), "position": (0, 1), "once": (1, 1),
    "instance": (1, 1), "current": (0, 0), "jr:choice-name": (2, 2), "jr:itext": (1, 1), "boolean-from-string": (1, 1),
}  # fmt: skip
"""The functions that are understood, with how many arguments each takes."""
NOT_IN_BROWSERS = frozenset({"pulldata", "indexed-repeat", "random", "uuid", "property", "digest", "area", "distance"})
DEEPEST = 60


class BadExpression(ValueError):
    """
    The expression cannot be read.

    :ivar code: `syntax`, `unknown_function`, `arguments` or `too_deep`
    :ivar part: the function or the place where it fails
    """

    def __init__(self, code: str, part: str):
        super().__init__(f"{code}: {part}")
        self.code, self.part = code, part


def parse(text: str) -> Tree:
    """
    Return the tree of an expression.

    :raises BadExpression: with the part that is not understood
    """
    return _Reader(text).whole()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match or match.end() == place:
            raise BadExpression("syntax", text[place : place + 20].strip())
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        place = match.end()
    return found


class _Reader:
    def __init__(self, text: str):
        self.tokens, self.at, self.depth = _tokens(text), 0, 0

    def whole(self) -> Tree:
        tree = self.level(0)
        if self.at < len(self.tokens):
            raise BadExpression("syntax", self.tokens[self.at][1])
        return tree

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else ("end", "")

    def take(self, *wanted: str) -> bool:
        kind, text = self.peek()
        if kind == "op" and text in wanted:
            self.at += 1
            return True
        return False

    def need(self, wanted: str) -> None:
        if not self.take(wanted):
            raise BadExpression("syntax", self.peek()[1] or wanted)

    def level(self, number: int) -> Tree:
        if number == len(LEVELS):
            return self.unary()
        left = self.level(number + 1)
        while self.peek()[0] in ("op", "name") and self.peek()[1] in LEVELS[number]:
            word = self.peek()[1]
            self.at += 1
            left = ["op", word, left, self.level(number + 1)]
        return left

    def unary(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadExpression("too_deep", self.peek()[1])
        try:
            return ["neg", self.unary()] if self.take("-") else self.union()
        finally:
            self.depth -= 1

    def union(self) -> Tree:
        left = self.primary()
        while self.take("|"):
            left = ["op", "|", left, self.primary()]
        return left

    def primary(self) -> Tree:
        kind, text = self.peek()
        if kind == "num":
            self.at += 1
            return ["num", float(text)]
        if kind == "str":
            self.at += 1
            return ["str", text[1:-1]]
        if self.take("("):
            inner = self.level(0)
            self.need(")")
            return self.further(inner)
        if kind == "name" and self.peek(1) == ("op", "("):
            return self.further(self.call())
        return self.path()

    def call(self) -> Tree:
        name = self.peek()[1]
        self.at += 2
        arguments = []
        if not self.take(")"):
            arguments.append(self.level(0))
            while self.take(","):
                arguments.append(self.level(0))
            self.need(")")
        if name not in FUNCTIONS:
            raise BadExpression("unknown_function", name)
        least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise BadExpression("arguments", name)
        return ["call", name, arguments]

    def further(self, start: Tree) -> Tree:
        """Read predicates and steps that follow a call or a bracket."""
        steps = [[".", found]] if (found := self.predicates()) else []
        if self.take("/"):
            steps += self.steps()
        return ["path", start, steps] if steps else start

    def path(self) -> Tree:
        if self.take("/"):
            return ["path", "root", self.steps()]
        return ["path", "here", self.steps()]

    def steps(self) -> list[list[Any]]:
        found = [self.step()]
        while self.take("/"):
            found.append(self.step())
        return found

    def step(self) -> list[Any]:
        kind, text = self.peek()
        if kind == "name" or (kind == "op" and text in (".", "..", "*")):
            self.at += 1
            return [text.rpartition(":")[2] if kind == "name" else text, self.predicates()]
        raise BadExpression("syntax", text or "…")

    def predicates(self) -> list[Tree]:
        found = []
        while self.take("["):
            found.append(self.level(0))
            self.need("]")
        return found
