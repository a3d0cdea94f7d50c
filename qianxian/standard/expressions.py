"""
The small language in which cleaning and checking are written once, whatever engine carries them out.

Values are texts, whole numbers, reals and truths; a text is never missing, only empty. Patterns keep to what Python,
Rust, RE2 and Java read alike: classes, groups, counts, `\\A` and `\\z`; no look-around, no `\\d`, `\\w`, `\\s`, `.` or
`$`, whose meanings differ. A text that an engine may count in bytes or in characters is never measured beyond `Size`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace


class Expression:
    """Something that can be computed from one cell; the operators build larger ones."""

    def __add__(self, other: "Expression | int") -> "Expression":
        return Compute("+", self, expressed(other))

    def __sub__(self, other: "Expression | int") -> "Expression":
        return Compute("-", self, expressed(other))

    def __mul__(self, other: "Expression | int") -> "Expression":
        return Compute("*", self, expressed(other))

    def __floordiv__(self, other: "Expression | int") -> "Expression":
        return Compute("//", self, expressed(other))

    def __mod__(self, other: "Expression | int") -> "Expression":
        return Compute("%", self, expressed(other))

    def __lt__(self, other: "Expression | int | float") -> "Expression":
        return Compute("<", self, expressed(other))

    def __le__(self, other: "Expression | int | float") -> "Expression":
        return Compute("<=", self, expressed(other))

    def __gt__(self, other: "Expression | int | float") -> "Expression":
        return Compute(">", self, expressed(other))

    def __ge__(self, other: "Expression | int | float") -> "Expression":
        return Compute(">=", self, expressed(other))

    def __and__(self, other: "Expression") -> "Expression":
        return Compute("and", self, other)

    def __or__(self, other: "Expression") -> "Expression":
        return Compute("or", self, other)

    def same(self, other: "Expression | int | str") -> "Expression":
        return Compute("==", self, expressed(other))


@dataclass(frozen=True, slots=True, eq=False)
class Variable(Expression):
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Expression):
    value: str | int | float


@dataclass(frozen=True, slots=True, eq=False)
class Label(Expression):
    """The name of a fault or a warning, '' for none; engines of columns keep it as a small number."""

    code: str


@dataclass(frozen=True, slots=True, eq=False)
class Compute(Expression):
    """Arithmetic on whole numbers that are not negative, comparison of numbers or of texts in ASCII, and logic."""

    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Not(Expression):
    of: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Clear(Expression):
    """Whether a label names nothing."""

    of: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Case(Expression):
    """The result of the first condition that holds."""

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Rarely(Expression):
    """`then` where the condition holds, which it seldom does, so that `then` is not computed for the rest."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Full(Expression):
    """Whether the whole text fits the pattern."""

    of: Expression
    pattern: str


@dataclass(frozen=True, slots=True, eq=False)
class Has(Expression):
    """Whether some part of the text fits the pattern."""

    of: Expression
    pattern: str


@dataclass(frozen=True, slots=True, eq=False)
class Substitute(Expression):
    """Every part that fits replaced; the replacement names groups as `\\1`."""

    of: Expression
    pattern: str
    by: str


@dataclass(frozen=True, slots=True, eq=False)
class Translate(Expression):
    """Each character of `old` becomes the one at the same place of `new`; those beyond the end of `new` are dropped."""

    of: Expression
    old: str
    new: str


@dataclass(frozen=True, slots=True, eq=False)
class Group(Expression):
    """The part that one group of the pattern caught; '' where the text does not fit."""

    of: Expression
    pattern: str
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Part(Expression):
    """The characters from `start`, counted from 0."""

    of: Expression
    start: int
    length: int


@dataclass(frozen=True, slots=True, eq=False)
class Size(Expression):
    """How many characters."""

    of: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Number(Expression):
    """The whole number of a text of at most 18 digits; only asked for where the text is one."""

    of: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Real(Expression):
    """The number of a text such as -12.50; only asked for where the text is one."""

    of: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Padded(Expression):
    """A whole number in at least `width` digits."""

    of: Expression
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class Joined(Expression):
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Found(Expression):
    """What a table holds for a text, `missing` where it holds nothing; all results of one kind (texts or numbers)."""

    of: Expression
    table: Mapping[str, str] | Mapping[str, int]
    missing: str | int


@dataclass(frozen=True, slots=True, eq=False)
class Weighed(Expression):
    """The sum of the characters' places in an alphabet, each times its weight; only asked for where all are in it."""

    of: Expression
    alphabet: str
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """
    How one cell becomes a value, a fault and a warning.

    The cell is the variable `cell`; `lets` name what later ones use, in order. `value` and `source` are texts, `fault`
    and `warning` labels. `shortcut`, where there is one, holds only for cells of which the whole program would say:
    value and source are the cell itself, no fault, no warning. Engines of columns run the rest only for cells that
    miss it. Without a shortcut few cells differ (codes), and each different one is computed once.
    """

    lets: tuple[tuple[str, Expression], ...]
    value: Expression
    fault: Expression
    warning: Expression
    source: Expression
    shortcut: Expression | None = None

    def without_shortcut(self) -> "Program":
        return replace(self, shortcut=None)


CELL = Variable("cell")
NONE = Label("")


def expressed(value: "Expression | str | int | float") -> Expression:
    return value if isinstance(value, Expression) else Constant(value)


def first(*branches: tuple[Expression, Expression | str | int], otherwise: Expression | str | int) -> Case:
    """Return the case of several conditions, the first that holds counting."""
    return Case(tuple((condition, expressed(then)) for condition, then in branches), expressed(otherwise))


def labelled(*branches: tuple[Expression, str]) -> Case:
    """Return the label of the first condition that holds, none where none does."""
    return Case(tuple((condition, Label(code)) for condition, code in branches), NONE)


def joined(*parts: "Expression | str") -> Joined:
    return Joined(tuple(map(expressed, parts)))
