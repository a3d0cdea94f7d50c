"""
Programs over the columns of a Polars frame.

Most cells of a list are in order. Each program says by its shortcut which, and is carried out only for the others;
where few cells differ (codes), each different one is computed once and found again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from qianxian.standard import expressions as e

LABELS = pl.UInt8


class Writer:
    """
    Writes expressions for Polars. Variables are columns; labels are numbers of `labels`.

    `prefix` keeps the variables of several programs in one frame apart.
    """

    def __init__(self, labels: Sequence[str], prefix: str = ""):
        self._labels = {code: number for number, code in enumerate(labels)}
        self._prefix = prefix
        self._only: list[pl.Expr] = []

    def of(self, x: e.Expression) -> pl.Expr:
        match x:
            case e.Variable(name):
                column = pl.col(self._prefix + name)
                return pl.when(self._only[-1]).then(column) if self._only else column
            case e.Constant(value):
                return pl.lit(value)
            case e.Label(code):
                return pl.lit(self._labels[code], LABELS)
            case e.Compute(sign, left, right):
                return _computed(sign, self.of(left), self.of(right))
            case e.Not(of):
                return ~self.of(of)
            case e.Clear(of):
                return self.of(of) == 0
            case e.Case(branches, otherwise):
                return self._case(branches, otherwise)
            case e.Rarely(condition, then, otherwise):
                return self._rarely(condition, then, otherwise)
            case _:
                return self._of_text(x)

    def _case(self, branches: Iterable[tuple[e.Expression, e.Expression]], otherwise: e.Expression) -> pl.Expr:
        written = self.of(otherwise)
        for condition, then in reversed(tuple(branches)):
            written = pl.when(self.of(condition)).then(self.of(then)).otherwise(written)
        return written

    def _rarely(self, condition: e.Expression, then: e.Expression, otherwise: e.Expression) -> pl.Expr:
        """Blank the cells that are not meant, so that costly steps pass over them."""
        holds = self.of(condition)
        self._only.append(holds)
        meant = self.of(then)
        self._only.pop()
        return pl.when(holds).then(meant).otherwise(self.of(otherwise))

    def _of_text(self, x: e.Expression) -> pl.Expr:
        match x:
            case e.Full(of, pattern):
                return self.of(of).str.contains(rf"\A(?:{pattern})\z")
            case e.Has(of, pattern):
                return self.of(of).str.contains(pattern)
            case e.Substitute(of, pattern, by):
                return self.of(of).str.replace_all(pattern, _groups(by))
            case e.Translate(of, old, new):
                olds, news = list(old), [*new, *[""] * (len(old) - len(new))]
                return self.of(of).str.replace_many(olds, news)
            case e.Group(of, pattern, number):
                return self.of(of).str.extract(pattern, number).fill_null("")
            case e.Part(of, start, length):
                return self.of(of).str.slice(start, length)
            case e.Size(of):
                return self.of(of).str.len_chars().cast(pl.Int64)
            case e.Number(of):
                return self.of(of).cast(pl.Int64, strict=False)
            case e.Real(of):
                return self.of(of).cast(pl.Float64, strict=False)
            case e.Padded(of, width):
                return self.of(of).cast(pl.String).str.zfill(width)
            case e.Joined(parts):
                return pl.concat_str(list(map(self.of, parts)))
            case e.Found(_, table, missing) if not table:
                return pl.lit(missing)
            case e.Found(of, table, missing):
                return self.of(of).replace_strict(
                    pl.Series(list(table), dtype=pl.String), pl.Series(list(table.values())), default=missing
                )
            case e.Weighed(of, alphabet, weights):
                return self._weighed(of, alphabet, weights)
        raise TypeError(x)

    def _weighed(self, of: e.Expression, alphabet: str, weights: tuple[int, ...]) -> pl.Expr:
        """Weigh digits by arithmetic on the whole number they form, other alphabets character by character."""
        text = self.of(of)
        if alphabet == "0123456789":
            number = text.cast(pl.Int64, strict=False)
            last = len(weights) - 1
            digits = (number // 10 ** (last - n) % 10 for n in range(last + 1))
            return _summed(digit * weight for digit, weight in zip(digits, weights, strict=True))
        signs, places = list(alphabet), list(range(len(alphabet)))
        found = (text.str.slice(n, 1).replace_strict(signs, places, default=None) for n in range(len(weights)))
        return _summed(place * weight for place, weight in zip(found, weights, strict=True))


def _summed(parts: Iterable[pl.Expr]) -> pl.Expr:
    """Return the sum; where a part is missing, so is the sum."""
    return pl.sum_horizontal(list(parts), ignore_nulls=False)


def _computed(sign: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "//":
            return left // right
        case "%":
            return left % right
        case "and":
            return left & right
        case "or":
            return left | right
        case "==":
            return left == right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    raise ValueError(sign)


def _groups(by: str) -> str:
    """Return a replacement as Rust writes it: \\1 is ${1}, and a dollar sign is two."""
    parts = by.replace("$", "$$").split("\\")
    return parts[0] + "".join(f"${{{part[0]}}}{part[1:]}" for part in parts[1:])


@dataclass(frozen=True, slots=True)
class Results:
    """What became of one column: `value` and `source` as texts ('' for none), `fault` and `warning` as labels' places."""

    value: pl.Series
    fault: pl.Series
    warning: pl.Series
    source: pl.Series


PARTS = ("value", "fault", "warning", "source")


class Compiled:
    """The programs of several columns, ready for frame after frame."""

    def __init__(self, programs: Sequence[e.Program], labels: Sequence[str]):
        self._labels = tuple(labels)
        self._programs = tuple(programs)
        self._shortcuts = [
            Writer(labels).of(program.shortcut).fill_null(value=False) if program.shortcut else None
            for program in programs
        ]
        self._whole = [_whole(program, labels) for program in programs]

    def run(self, columns: Sequence[pl.Series]) -> list[Results]:
        """Return the results of each column, in order; a missing cell counts as an empty one."""
        cells = [column.fill_null("").alias("cell") for column in columns]
        plain = pl.collect_all(
            column.to_frame().lazy().select(shortcut)
            for column, shortcut in zip(cells, self._shortcuts, strict=True)
            if shortcut is not None
        )
        masks = iter(plain)
        ok = [None if shortcut is None else next(masks).to_series() for shortcut in self._shortcuts]
        rest = [
            column.unique() if mask is None else column.filter(~mask) for column, mask in zip(cells, ok, strict=True)
        ]
        done = pl.collect_all(whole(column.to_frame().lazy()) for column, whole in zip(rest, self._whole, strict=True))
        return [_put_together(column, mask, found) for column, mask, found in zip(cells, ok, done, strict=True)]


def _whole(program: e.Program, labels: Sequence[str]) -> Callable[[pl.LazyFrame], pl.LazyFrame]:
    """Return what carries a whole program out on a frame with the column `cell`."""
    writer = Writer(labels)
    lets = [writer.of(let).alias(name) for name, let in program.lets]
    results = [writer.of(getattr(program, part)).alias(f"{part} of it") for part in PARTS]

    def run(frame: pl.LazyFrame) -> pl.LazyFrame:
        for let in lets:
            frame = frame.with_columns(let)
        return frame.select("cell", *results)

    return run


def _put_together(cells: pl.Series, plain: pl.Series | None, found: pl.DataFrame) -> Results:
    if plain is None:
        keys = found["cell"]
        return Results(*(cells.replace_strict(keys, found[f"{part} of it"]) for part in PARTS))
    places = (~plain).arg_true()
    nothing = pl.zeros(len(cells), LABELS, eager=True)
    value, fault, warning, source = (found[f"{part} of it"] for part in PARTS)
    return Results(
        cells.scatter(places, value),
        nothing.clone().scatter(places, fault),
        nothing.scatter(places, warning),
        cells.clone().scatter(places, source),
    )
