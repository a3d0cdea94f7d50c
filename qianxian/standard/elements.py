"""
Data elements: each fact that may be collected, declared once. 数据元

The declaration is `data/elements.csv`, one line an element; types, authorities, classes of sensitivity, retentions
and entities have a file each beside it. Everything else is derived: cleaning and checking of one record and of
millions (`standard.compiled`), the forms that ask, the gate that refuses to ask again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from .sheets import Row, rows, several


class Type(StrEnum):
    """How a value is written; the cleaning steps of each stand in `data/types.csv`."""

    NAME = "name"
    TEXT = "text"
    ADDRESS = "address"
    CITIZEN_NUMBER = "citizen_number"
    CREDIT_CODE = "credit_code"
    ORGANISATION_CODE = "organisation_code"
    PHONE = "phone"
    DATE = "date"
    MONTH = "month"
    WHOLE = "whole"
    DECIMAL = "decimal"
    CODE = "code"
    PLACE = "place"
    IDENTIFIER = "identifier"


class Class(StrEnum):
    """How sensitive a fact is (个人信息保护法 arts. 4, 28, 34), the least first."""

    OPEN = "open"
    INSIDE = "inside"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    STRICTEST = "strictest"


@dataclass(frozen=True, slots=True)
class Entity:
    """What elements are said of: a person, a home, a device; `group` is the field of work it belongs to."""

    code: str
    name: str
    english: str
    group: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Authority:
    """The kind of body whose record of a fact prevails over every other, and the law by which it keeps it."""

    code: str
    name: str
    english: str
    basis: str


@dataclass(frozen=True, slots=True)
class Sensitivity:
    code: Class
    name: str
    english: str
    rank: int
    handling: str
    basis: str
    english_handling: str


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a value is kept: `years` after what `since` names (leaving, end)."""

    code: str
    name: str
    english: str
    years: int
    since: str
    basis: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A type as a steward reads it: its name, its cleaning steps, what may be wrong with a value, what is kept."""

    code: Type
    name: str
    english: str
    steps: tuple[str, ...]
    meaning: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A cleaning step by its names."""

    code: str
    name: str
    english: str


@dataclass(frozen=True, slots=True)
class Checks:
    """What a value must satisfy beyond its type: characters at most, bounds of a number, a pattern, no future day."""

    longest: int | None = None
    least: float | None = None
    most: float | None = None
    pattern: str = ""
    not_future: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """
    One fact that may be collected.

    `code` is `entity.field` and never changes; `table` names a code table of `standard.code_tables` ('' for none) in
    the edition `version`; `steps` are applied in order before anything is checked; `units` are dropped after a
    number; `also` are other headers under which offices send it; `on` is False for what is collected only after the
    switch has been approved (the strictest class).
    """

    code: str
    name: str
    english: str
    entity: str
    type: Type
    table: str
    version: str
    steps: tuple[str, ...]
    units: tuple[str, ...]
    checks: Checks
    authority: str
    sensitivity: Class
    retention: str
    on: bool
    also: tuple[str, ...] = field(default=())
    source: str = ""

    @property
    def field(self) -> str:
        """The part of the code after the entity."""
        return self.code.partition(".")[2]

    @property
    def personal(self) -> bool:
        """Whether the fact is about somebody (个人信息保护法 art. 4)."""
        return self.sensitivity not in (Class.OPEN, Class.INSIDE)


class UnknownElement(KeyError):
    """The standard has no element of this code."""


@cache
def elements() -> Mapping[str, Element]:
    """Return every element by its code, in the order of the declaration."""
    return MappingProxyType({row["code"]: _element(row) for row in rows("elements")})


def element(code: str) -> Element:
    """
    Return one element.

    :raises UnknownElement: if there is none of this code
    """
    try:
        return elements()[code]
    except KeyError:
        raise UnknownElement(code) from None


def elements_of(entity: str, *, also_off: bool = False) -> tuple[Element, ...]:
    """Return the elements of an entity; those switched off by default only where they are asked for."""
    return tuple(one for one in elements().values() if one.entity == entity and (one.on or also_off))


@cache
def entities() -> Mapping[str, Entity]:
    return MappingProxyType({row["entity"]: Entity(*row.values()) for row in rows("entities")})


@cache
def authorities() -> Mapping[str, Authority]:
    return MappingProxyType({row["authority"]: Authority(*row.values()) for row in rows("authorities")})


@cache
def sensitivities() -> Mapping[Class, Sensitivity]:
    found = {Class(row["sensitivity"]): row for row in rows("sensitivities")}
    return MappingProxyType(
        {code: Sensitivity(
            code, row["name"], row["english"], int(row["rank"]), row["handling"], row["basis"], row["english_handling"]
         )
         for code, row in found.items()}
    )  # fmt: skip


@cache
def retentions() -> Mapping[str, Retention]:
    return MappingProxyType(
        {row["retention"]: Retention(
            row["retention"], row["name"], row["english"], int(row["years"]), row["from"], row["basis"]
         ) for row in rows("retentions")}
    )  # fmt: skip


@cache
def kinds() -> Mapping[Type, Kind]:
    return MappingProxyType(
        {Type(row["type"]): Kind(
            Type(row["type"]), row["name"], row["english"], several(row["steps"]), row["meaning"], several(row["faults"]),
         ) for row in rows("types")}
    )  # fmt: skip


@cache
def steps() -> Mapping[str, Step]:
    return MappingProxyType({row["step"]: Step(*row.values()) for row in rows("steps")})


def _element(row: Row) -> Element:
    kind = Type(row["type"])
    return Element(
        code=row["code"],
        name=row["name"],
        english=row["english"],
        entity=row["entity"],
        type=kind,
        table=row["table"],
        version=row["version"],
        steps=several(row["steps"]) or kinds()[kind].steps,
        units=several(row["units"]),
        checks=_checks(row["checks"]),
        authority=row["authority"],
        sensitivity=Class(row["sensitivity"]),
        retention=row["retention"],
        on=row["on"] == "yes",
        also=several(row["also"]),
        source=row["source"],
    )


def _checks(written: str) -> Checks:
    """Return the checks as `length<=50;not_future` or `0..150` or `pattern:…` says them."""
    found: dict[str, int | float | str | bool] = {}
    for part in filter(None, written.split(";")):
        if part.startswith("length<="):
            found["longest"] = int(part.removeprefix("length<="))
        elif part.startswith("pattern:"):
            found["pattern"] = part.removeprefix("pattern:")
        elif part == "not_future":
            found["not_future"] = True
        else:
            least, _, most = part.partition("..")
            found |= {"least": float(least), "most": float(most)}
    return Checks(**found)  # type: ignore[arg-type]
