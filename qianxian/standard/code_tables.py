"""
Code tables and the crosswalks between them. 代码表与对照表

`data/code_tables.csv` lists the tables with standard, edition and validity; `data/code_tables/<table>.csv` holds the
codes. Public tables disagree (marital status is 10/20/30/40 in GB/T 2261.2 and 1/2/3/4/9 in education): what comes in
another table than the element's is mapped by a crosswalk of `data/crosswalks.csv`, and the source code, the mapped
code and the crosswalk's version are all kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from .sheets import rows, several


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which something holds: the first included, the last excluded; None for an end that is not known."""

    first: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Entry:
    """One code with its name, other names under which it comes, the code above it, and when it holds."""

    code: str
    name: str
    also: tuple[str, ...]
    parent: str
    valid: Validity


@dataclass(frozen=True, slots=True)
class CodeTable:
    """
    A table in one edition.

    `status` is `national`, `local` (of this platform), `other` (of another body, mapped by a crosswalk) or `to_load`:
    the standard names the table, but its values are not public, so that a steward loads them and text is kept as it
    comes until then.
    """

    code: str
    name: str
    english: str
    standard: str
    version: str
    valid: Validity
    status: str
    source: str
    note: str
    entries: Mapping[str, Entry]

    @property
    def edition(self) -> str:
        """Standard and version in one, as it is kept beside each coded value: GB/T 2261.2-2003."""
        return f"{self.standard}-{self.version}" if self.version else self.standard

    def in_force(self, day: date) -> tuple[Entry, ...]:
        """Return the codes that hold on a day."""
        return tuple(entry for entry in self.entries.values() if day in entry.valid)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a code of another table leads, and how well: exact, broader (meaning is lost) or narrower (is assumed)."""

    source_code: str
    code: str
    match: str
    note: str


@dataclass(frozen=True, slots=True)
class Crosswalk:
    code: str
    source_table: str
    table: str
    version: str
    valid: Validity
    source: str
    links: Mapping[str, Link]

    @property
    def edition(self) -> str:
        """Name and version in one, as it is kept beside each mapped value: marital_from_jyt1001@2026.1."""
        return f"{self.code}@{self.version}"


class UnknownTable(KeyError):
    """There is no code table of this name."""


class NoCrosswalk(LookupError):
    """No crosswalk leads from the one table to the other."""

    def __init__(self, source_table: str, table: str):
        super().__init__(f"{source_table} → {table}")
        self.source_table, self.table = source_table, table


@cache
def code_tables() -> Mapping[str, CodeTable]:
    """Return every table by its name."""
    return MappingProxyType({row["table"]: _table(row) for row in rows("code_tables")})


def code_table(name: str) -> CodeTable:
    """
    Return one table.

    :raises UnknownTable: if there is none of this name
    """
    try:
        return code_tables()[name]
    except KeyError:
        raise UnknownTable(name) from None


@cache
def crosswalks() -> Mapping[str, Crosswalk]:
    """Return every crosswalk by its name."""
    return MappingProxyType({row["crosswalk"]: _crosswalk(row) for row in rows("crosswalks")})


def crosswalk(source_table: str, table: str) -> Crosswalk:
    """
    Return the crosswalk from one table to another.

    :raises NoCrosswalk: if there is none
    """
    for found in crosswalks().values():
        if (found.source_table, found.table) == (source_table, table):
            return found
    raise NoCrosswalk(source_table, table)


def sources_of(table: str) -> tuple[str, ...]:
    """Return the tables from which a crosswalk leads to this one."""
    return tuple(found.source_table for found in crosswalks().values() if found.table == table)


def _table(row: Mapping[str, str]) -> CodeTable:
    entries = {
        line["code"]: Entry(line["code"], line["name"], several(line["also"]), line["parent"], _valid(line))
        for line in rows(f"code_tables/{row['table']}")
    }
    return CodeTable(
        row["table"], row["name"], row["english"], row["standard"], row["version"], _valid(row), row["status"],
        row["source"], row["note"], MappingProxyType(entries),
    )  # fmt: skip


def _crosswalk(row: Mapping[str, str]) -> Crosswalk:
    links = {
        line["source_code"]: Link(line["source_code"], line["code"], line["match"] or "exact", line["note"])
        for line in rows(f"crosswalks/{row['crosswalk']}")
    }
    return Crosswalk(
        row["crosswalk"], row["source_table"], row["table"], row["version"], _valid(row), row["source"],
        MappingProxyType(links),
    )  # fmt: skip


def _valid(row: Mapping[str, str]) -> Validity:
    return Validity(_day(row["valid_from"]), _day(row["valid_to"]))


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
