"""From an element to the program that cleans, checks and codes it; from a specification to one for a whole record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from .agreements import AGREEMENTS, Agreement
from .elements import Element, Type, element
from .engines.python import Function, Outcome, computed, function
from .expressions import CELL, Program
from .programs import amounts, calendar, citizens, codes, names, organisations, phones, texts
from .programs.steps import STEPS

LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a file or form: its header, the element it means, and what else is known of it.

    `table` is the code table that its codes come from, '' for the element's own; `required` cells may not be empty,
    of `unique` ones none may come twice.
    """

    header: str
    element: str
    table: str = ""
    required: bool = False
    unique: bool = False


def program(column: Column, today: date) -> Program:
    """
    Return the program of a column, as of a day.

    :raises UnknownElement, UnknownTable, NoCrosswalk: if what the column names is not declared
    """
    one = element(column.element)
    if one.type is Type.CODE:
        return codes.code(one.steps, one.table, column.table, today)
    return _by_type(one, today)


def _by_type(one: Element, today: date) -> Program:
    checks = one.checks
    match one.type:
        case Type.NAME:
            return names.name(one.steps, checks.longest or LONGEST_NAME)
        case Type.CITIZEN_NUMBER:
            return citizens.citizen_number(one.steps, today)
        case Type.CREDIT_CODE:
            return organisations.credit_code(one.steps)
        case Type.ORGANISATION_CODE:
            return organisations.organisation_code(one.steps)
        case Type.PHONE:
            return phones.phone(one.steps)
        case Type.DATE:
            return calendar.day(one.steps, today, not_future=checks.not_future)
        case Type.MONTH:
            return calendar.month(one.steps, today, not_future=checks.not_future)
        case Type.WHOLE:
            return amounts.whole(one.steps, one.units, checks)
        case Type.DECIMAL:
            return amounts.decimal(one.steps, one.units, checks)
        case Type.PLACE:
            return texts.place(one.steps)
        case Type.IDENTIFIER:
            return texts.identifier(one.steps, checks)
        case _:
            return texts.text(one.steps, checks)


@cache
def function_of(column: Column, today: date) -> Function:
    """Return the function that cleans, checks and codes one cell of a column."""
    return function(program(column, today))


def steps_of(one: Element, cell: str) -> list[tuple[str, str]]:
    """Return the text after each cleaning step of an element, for whoever wants to see how a value is read."""
    found = []
    for step in one.steps:
        if step in STEPS:
            cell = _step(step)(cell)
            found.append((step, cell))
    return found


@cache
def _step(name: str) -> Callable[..., str]:
    return computed(STEPS[name](CELL), ("cell",))


def outcomes(record: Mapping[str, str], columns: tuple[Column, ...], today: date) -> dict[str, Outcome]:
    """
    Return what becomes of each cell of one record, by header; a required cell that is empty is a fault of its own.

    :raises UnknownElement, UnknownTable, NoCrosswalk: if what a column names is not declared
    """
    return {column.header: _of(column, record.get(column.header) or "", today) for column in columns}


def _of(column: Column, cell: str, today: date) -> Outcome:
    found = function_of(column, today)(cell)
    if column.required and not found.value and not found.fault:
        return found._replace(fault="missing")
    return found


def disagreements(found: Mapping[str, Outcome], columns: tuple[Column, ...]) -> list[tuple[str, str]]:
    """Return the header and the warning of each value that another value of the same record contradicts."""
    by_element = {column.element: column.header for column in columns}
    return [
        (by_element[one.other], one.code)
        for one in AGREEMENTS
        if one.one in by_element and one.other in by_element
        and _differs(one)(found[by_element[one.one]].value, found[by_element[one.other]].value)
    ]  # fmt: skip


@cache
def _differs(one: Agreement) -> Callable[..., bool]:
    return computed(one.differs, ("one", "other"))
