"""From an element to the program that cleans, checks and codes it; from a specification to one for a whole record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from .elements import Element, Type, element
from .engines.python import Function, Outcome, function
from .expressions import Program
from .programs import amounts, calendar, citizens, codes, names, organisations, phones, texts

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
