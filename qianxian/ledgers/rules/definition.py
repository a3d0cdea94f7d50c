"""
A ledger as a definition: who asks for it and under which article, which rows, which columns, which period. 台账定义

Nobody writes the cells: they come out of the register (`derivation`), or a person signs them (`manual`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qianxian.register.rules.records import ENTITY_OF
from qianxian.standard import elements as standard
from qianxian.standard.elements import Type

from .formulas import BadFormula, arithmetic


class Way(StrEnum):
    """How the cells of a column come about."""

    ELEMENT = "element"
    NUMBER = "number"
    AGE = "age"
    HAS = "has"
    PLACE = "place"
    PERIOD = "period"
    COUNT = "count"
    SUM = "sum"
    FORMULA = "formula"
    MANUAL = "manual"


class Every(StrEnum):
    """How often a ledger is asked for."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


TIMES_A_YEAR = {Every.MONTH: 12, Every.QUARTER: 4, Every.HALF: 2, Every.YEAR: 1}


class Test(StrEnum):
    """What a condition asks of a value."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    HELD = "held"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on the rows: `values` holds the codes or texts of which one must be met, or the bound."""

    element: str
    test: Test
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column.

    :param path: its headers from top to bottom
    :param element: of `element`, `has` and `sum` the data element; of `place` the level (community, street, district)
    :param where: of `count` and `sum` what the rows must meet in addition
    :param formula: arithmetic over other columns by their names in brackets: [女] / [人数] * 100
    :param as_code: write the code, not its name
    """

    path: tuple[str, ...]
    way: Way
    element: str = ""
    code: str = ""
    where: tuple[Condition, ...] = ()
    formula: str = ""
    as_code: bool = False

    @property
    def name(self) -> str:
        return "/".join(self.path)


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """A column of this ledger, added up, must agree with one of another ledger."""

    column: str
    other: str
    other_column: str


@dataclass(frozen=True, slots=True)
class Definition:
    """
    One ledger.

    :param of: the block of the standard whose records are the rows (person, elder, organisation …)
    :param by: elements by which the rows are grouped; without any, each record is a row
    :param line: the line of work it belongs to
    """

    code: str
    title: str
    line: str
    asked_by: str
    article: str
    every: Every
    of: str
    columns: tuple[Column, ...]
    where: tuple[Condition, ...] = ()
    by: tuple[str, ...] = ()
    checks: tuple[CrossCheck, ...] = ()
    landscape: bool = True

    @property
    def elements(self) -> frozenset[str]:
        """Every data element that the definition rests on."""
        asked = {one.element for one in self.columns if one.way in (Way.ELEMENT, Way.SUM, Way.HAS)}
        return frozenset(asked | {one.element for one in self.conditions()} | set(self.by)) - {""}

    @property
    def entity(self) -> str:
        return ENTITY_OF.get(self.of, "")

    def conditions(self) -> Iterator[Condition]:
        """Yield the conditions on the rows and those of single columns."""
        yield from self.where
        for one in self.columns:
            yield from one.where


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a definition cannot be used: `code` names the sentence, `where` the column or field, `what` the thing."""

    code: str
    where: str = ""
    what: str = ""


LEVELS = ("community", "street", "district")
CODE = re.compile(r"[a-z0-9][a-z0-9\-]{1,39}")


def faults(one: Definition) -> tuple[Fault, ...]:
    """Return what is wrong with a definition, nothing where it can be used."""
    return (*_faults_of_head(one), *_faults_of_columns(one), *_faults_of_rows(one))


def _faults_of_head(one: Definition) -> Iterator[Fault]:
    if not CODE.fullmatch(one.code):
        yield Fault("bad_code", "code", one.code)
    for name in ("title", "line", "asked_by", "article"):
        if not getattr(one, name).strip():
            yield Fault("lacks", name)
    if one.of not in ENTITY_OF:
        yield Fault("unknown_rows", "of", one.of)
    if not one.columns:
        yield Fault("no_columns", "columns")


def _faults_of_columns(one: Definition) -> Iterator[Fault]:
    names = [column.name for column in one.columns]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Fault("twice", name)
    for column in one.columns:
        if not column.name.strip("/ "):
            yield Fault("no_header", column.element)
        if column.way in (Way.ELEMENT, Way.SUM):
            yield from _fault_of_element(column.element, column.name, one.of)
        if column.way is Way.HAS and not column.element.endswith(".*"):
            yield from _fault_of_element(column.element, column.name, one.of)
        if column.way is Way.SUM and not _is_number(column.element):
            yield Fault("no_number", column.name, column.element)
        if column.way is Way.FORMULA:
            yield from _faults_of_formula(column, names)
        if column.way is Way.PLACE and column.element not in LEVELS:
            yield Fault("unknown_level", column.name, column.element)


def _faults_of_formula(column: Column, names: Sequence[str]) -> Iterator[Fault]:
    try:
        _, used = arithmetic(column.formula)
    except BadFormula:
        yield Fault("bad_formula", column.name, column.formula)
        return
    yield from (Fault("unknown_column", column.name, name) for name in used if name not in names or name == column.name)


def _faults_of_rows(one: Definition) -> Iterator[Fault]:
    for condition in one.conditions():
        yield from _fault_of_element(condition.element, "where", one.of)
        if condition.test in (Test.AT_LEAST, Test.AT_MOST) and len(condition.values) != 1:
            yield Fault("no_bound", "where", condition.element)
    for element in one.by:
        yield from _fault_of_element(element, "by", one.of)


ABOUT = {
    "person": ("person", "household", "home", "building", "party_branch"), "household": ("household", "home", "building"),
    "home": ("home", "building"), "building": ("building",), "organisation": ("organisation",),
    "party_branch": ("party_branch",),
}  # fmt: skip
"""Of which entities a row can tell: its own, and those it is tied to."""


def _fault_of_element(code: str, where: str, of: str) -> Iterator[Fault]:
    declared = standard.elements().get(code)
    if declared is None:
        yield Fault("gone", where, code)
    elif not declared.on:
        yield Fault("off", where, code)
    elif ENTITY_OF.get(declared.entity) not in ABOUT.get(ENTITY_OF.get(of, ""), ()):
        yield Fault("of_another", where, code)


def _is_number(code: str) -> bool:
    declared = standard.elements().get(code)
    return declared is None or declared.type in (Type.WHOLE, Type.DECIMAL)


def gone(one: Definition) -> Mapping[str, tuple[str, ...]]:
    """Return the elements of a definition that the standard no longer has, with the columns that ask for them."""
    missing = [code for code in sorted(one.elements) if not code.endswith(".*") and code not in standard.elements()]
    return {code: tuple(column.name for column in one.columns if column.element == code) for code in missing}
