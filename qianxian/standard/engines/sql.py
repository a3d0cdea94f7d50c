"""A program as SQL, for DuckDB and Spark: one SELECT in another, so that each step is computed once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qianxian.standard import expressions as e

PARTS = ("value", "fault", "warning", "source")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What two engines write differently: names, texts, patterns, whole division, casts that may fail, tables."""

    name: str
    quote: str
    backslash: str
    divide: str
    full: str
    has: str
    substitute: str
    group: str
    reference: str
    whole: str
    real: str
    table: str

    def text(self, value: str) -> str:
        """Return a text as a literal."""
        return "'" + value.replace("\\", self.backslash).replace("'", "\\'" if self.name == "spark" else "''") + "'"

    def column(self, name: str) -> str:
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote


DUCKDB = Dialect(
    "duckdb", '"', "\\", "({} // {})", "regexp_full_match({}, {})", "regexp_matches({}, {})",
    "regexp_replace({}, {}, {}, 'g')", "regexp_extract({}, {}, {})", "\\", "TRY_CAST({} AS BIGINT)",
    "TRY_CAST({} AS DOUBLE)", "coalesce(map({keys}, {values})[{of}], {missing})",
)  # fmt: skip
SPARK = Dialect(
    "spark", "`", "\\\\", "({} div {})", "({} RLIKE {})", "({} RLIKE {})",
    "regexp_replace({}, {}, {})", "regexp_extract({}, {}, {})", "$", "try_cast({} AS BIGINT)",
    "try_cast({} AS DOUBLE)", "coalesce(try_element_at(map_from_arrays({keys}, {values}), {of}), {missing})",
)  # fmt: skip


def query(columns: Sequence[tuple[str, e.Program]], source: str, dialect: Dialect, keep: Iterable[str] = ()) -> str:
    """
    Return the query that gives `0.value`, `0.fault`, `0.warning`, `0.source`, `1.value` … of the columns, in order.

    :param columns: the name of each column of `source` with its program
    :param source: a table, view or function of the engine
    :param keep: columns of `source` that are handed through
    """
    kept = [dialect.column(name) for name in keep]
    cells = [
        f"coalesce({dialect.column(name)}, '') AS {_named(n, 'cell', dialect)}" for n, (name, _) in enumerate(columns)
    ]
    inner = f"SELECT {', '.join([*kept, *cells])} FROM {source}"
    for level in range(max((len(program.lets) for _, program in columns), default=0)):
        lets = [
            f"{Writer(dialect, f'{n}.').of(program.lets[level][1])} AS {_named(n, program.lets[level][0], dialect)}"
            for n, (_, program) in enumerate(columns)
            if level < len(program.lets)
        ]
        inner = f"SELECT *, {', '.join(lets)} FROM ({inner}) AS step"
    results = [
        f"{Writer(dialect, f'{n}.').of(getattr(program, part))} AS {_named(n, part + '_of', dialect)}"
        for n, (_, program) in enumerate(columns)
        for part in PARTS
    ]
    renamed = [
        f"{_named(n, part + '_of', dialect)} AS {_named(n, part, dialect)}"
        for n in range(len(columns))
        for part in PARTS
    ]
    return f"SELECT {', '.join([*kept, *renamed])} FROM (SELECT *, {', '.join(results)} FROM ({inner}) AS step) AS step"


def _named(number: int, name: str, dialect: Dialect) -> str:
    return dialect.column(f"{number}.{name}")


class Writer:
    """Writes expressions in one dialect; variables are columns that begin with `prefix`."""

    def __init__(self, dialect: Dialect, prefix: str):
        self._dialect, self._prefix = dialect, prefix

    def of(self, x: e.Expression) -> str:
        match x:
            case e.Variable(name):
                return self._dialect.column(self._prefix + name)
            case e.Constant(str(value)) | e.Label(value):
                return self._dialect.text(value)
            case e.Constant(value):
                return f"{value!r}"
            case e.Compute("//", left, right):
                return self._dialect.divide.format(self.of(left), self.of(right))
            case e.Compute("==", left, right):
                return f"({self.of(left)} = {self.of(right)})"
            case e.Compute(sign, left, right):
                return f"({self.of(left)} {sign.upper()} {self.of(right)})"
            case e.Not(of):
                return f"(NOT {self.of(of)})"
            case e.Clear(of):
                return f"({self.of(of)} = '')"
            case e.Case(branches, otherwise):
                whens = " ".join(f"WHEN {self.of(condition)} THEN {self.of(then)}" for condition, then in branches)
                return f"CASE {whens} ELSE {self.of(otherwise)} END"
            case e.Rarely(condition, then, otherwise):
                return f"CASE WHEN {self.of(condition)} THEN {self.of(then)} ELSE {self.of(otherwise)} END"
            case _:
                return self._of_text(x)

    def _of_text(self, x: e.Expression) -> str:
        by = self._dialect
        match x:
            case e.Full(of, pattern):
                whole = rf"\A(?:{pattern})\z" if by.name == "spark" else pattern
                return by.full.format(self.of(of), by.text(whole))
            case e.Has(of, pattern):
                return by.has.format(self.of(of), by.text(pattern))
            case e.Substitute(of, pattern, replacement):
                written = replacement.replace("\\", by.reference)
                return by.substitute.format(self.of(of), by.text(pattern), by.text(written))
            case e.Translate(of, old, new):
                return f"translate({self.of(of)}, {by.text(old)}, {by.text(new)})"
            case e.Group(of, pattern, number):
                return by.group.format(self.of(of), by.text(pattern), number)
            case e.Part(of, start, length):
                return f"substring({self.of(of)}, {start + 1}, {length})"
            case e.Size(of):
                return f"length({self.of(of)})"
            case e.Number(of):
                return by.whole.format(self.of(of))
            case e.Real(of):
                return by.real.format(self.of(of))
            case e.Padded(of, width):
                return self._padded(self.of(of), width)
            case e.Joined(parts):
                return f"concat({', '.join(map(self.of, parts))})"
            case e.Found(of, table, missing):
                return self._found(self.of(of), table, missing)
            case e.Weighed(of, alphabet, weights):
                text, signs = self.of(of), by.text(alphabet)
                places = (f"(instr({signs}, substring({text}, {n}, 1)) - 1)" for n in range(1, len(weights) + 1))
                return f"({' + '.join(f'{place} * {weight}' for place, weight in zip(places, weights, strict=True))})"
        raise TypeError(x)

    def _padded(self, number: str, width: int) -> str:
        """Pad with zeros, and never cut what is longer."""
        text = f"CAST({number} AS {'VARCHAR' if self._dialect.name == 'duckdb' else 'STRING'})"
        return f"CASE WHEN length({text}) >= {width} THEN {text} ELSE lpad({text}, {width}, '0') END"

    def _found(self, of: str, table: Mapping[str, str] | Mapping[str, int], missing: str | int) -> str:
        if not table:
            return self.of(e.Constant(missing))
        keys = ", ".join(self._dialect.text(key) for key in table)
        values = ", ".join(self.of(e.Constant(value)) for value in table.values())
        lists = ("[{}]", "array({})")[self._dialect.name == "spark"]
        return self._dialect.table.format(
            keys=lists.format(keys), values=lists.format(values), of=of, missing=self.of(e.Constant(missing))
        )
