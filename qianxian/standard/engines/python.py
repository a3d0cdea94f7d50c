"""A program as a Python function, for one record at a time: a form, a request."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from qianxian.standard import expressions as e


class Outcome(NamedTuple):
    """What became of a cell: the value kept ('' for none), fault, warning ('' for none), and the text as understood."""

    value: str
    fault: str
    warning: str
    source: str


Function = Callable[[str], Outcome]


def function(program: e.Program) -> Function:
    """Return the function of a program: the shortcut first, then each step once."""
    writer = _Writer()
    quick = f" if {writer.of(program.shortcut)}: return Outcome(cell, '', '', cell)\n" if program.shortcut else ""
    lets = "".join(f" {name} = {writer.of(let)}\n" for name, let in program.lets)
    results = ", ".join(map(writer.of, (program.value, program.fault, program.warning, program.source)))
    text = f"def run(cell):\n{quick}{lets} return Outcome({results})\n"
    space = dict(writer.constants)
    exec(compile(text, "<standard>", "exec"), space)  # noqa: S102  # the text is made above, of our own expressions
    return cast("Function", space["run"])


def computed(expression: e.Expression, names: tuple[str, ...]) -> Callable[..., Any]:
    """Return the function that computes an expression of the variables `names`."""
    writer = _Writer()
    text = f"def run({', '.join(names)}):\n return {writer.of(expression)}\n"
    space = dict(writer.constants)
    exec(compile(text, "<standard>", "exec"), space)  # noqa: S102  # the text is made above, of our own expressions
    return cast("Callable[..., Any]", space["run"])


class _Writer:
    """Writes expressions as Python; what is no literal is put into `constants`."""

    def __init__(self) -> None:
        self.constants: dict[str, object] = {"Outcome": Outcome, "weighed": _weighed}
        self._names: dict[object, str] = {}

    def of(self, x: e.Expression) -> str:
        match x:
            case e.Variable(name):
                return name
            case e.Constant(value) | e.Label(value):
                return repr(value)
            case e.Compute(sign, left, right):
                return f"({self.of(left)} {sign} {self.of(right)})"
            case e.Not(of):
                return f"(not {self.of(of)})"
            case e.Clear(of):
                return f"({self.of(of)} == '')"
            case e.Case(branches, otherwise):
                written = self.of(otherwise)
                for condition, then in reversed(branches):
                    written = f"({self.of(then)} if {self.of(condition)} else {written})"
                return written
            case e.Rarely(condition, then, otherwise):
                return f"({self.of(then)} if {self.of(condition)} else {self.of(otherwise)})"
            case _:
                return self._of_text(x)

    def _of_text(self, x: e.Expression) -> str:
        match x:
            case e.Full(of, pattern):
                return f"({self._pattern(pattern, 'fullmatch')}({self.of(of)}) is not None)"
            case e.Has(of, pattern):
                return f"({self._pattern(pattern, 'search')}({self.of(of)}) is not None)"
            case e.Substitute(of, pattern, by):
                return f"{self._pattern(pattern, 'sub')}({by!r}, {self.of(of)})"
            case e.Translate(of, old, new):
                table = str.maketrans(old[: len(new)], new, old[len(new) :])
                return f"{self.of(of)}.translate({self._constant((old, new), table)})"
            case e.Group(of, pattern, number):
                return f"(m[{number}] or '' if (m := {self._pattern(pattern, 'search')}({self.of(of)})) else '')"
            case e.Part(of, start, length):
                return f"{self.of(of)}[{start}:{start + length}]"
            case e.Size(of):
                return f"len({self.of(of)})"
            case e.Number(of):
                return f"int({self.of(of)})"
            case e.Real(of):
                return f"float({self.of(of)})"
            case e.Padded(of, width):
                return f"format({self.of(of)}, '0{width}d')"
            case e.Joined(parts):
                return f"({' + '.join(map(self.of, parts))})"
            case e.Found(of, table, missing):
                return f"{self._constant(id(table), dict(table).get)}({self.of(of)}, {missing!r})"
            case e.Weighed(of, alphabet, weights):
                places = {sign: place for place, sign in enumerate(alphabet)}
                return f"weighed({self.of(of)}, {self._constant(alphabet, places)}, {weights!r})"
        raise TypeError(x)

    def _pattern(self, pattern: str, method: str) -> str:
        return self._constant((pattern, method), getattr(re.compile(pattern.replace(r"\z", r"\Z")), method))

    def _constant(self, key: object, value: object) -> str:
        if key not in self._names:
            self._names[key] = f"k{len(self._names)}"
            self.constants[self._names[key]] = value
        return self._names[key]


def _weighed(text: str, places: Mapping[str, int], weights: tuple[int, ...]) -> int:
    return sum(places[sign] * weight for sign, weight in zip(text, weights, strict=False))
