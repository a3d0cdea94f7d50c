"""How what is said of a record becomes the row that is read: names to search by, groups, what is sealed, what is found by."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any, NamedTuple

from qianxian.kernel.lazily import lazily
from qianxian.kernel.worktime import BEIJING
from qianxian.standard import elements as standard

from .facts import Held, Said
from .reading import FIND_BY, is_sealed

letters: Any = lazily("qianxian.register.linkage.letters")

GROUPS_OF = {
    "person": ("person", "resident", "mobile", "foreigner", "left_behind", "elder", "disabled", "child", "relief",
               "employment", "veteran", "civil", "party_member", "volunteer", "youth", "special"),
    "household": ("household",), "home": ("home", "rental"), "building": ("building",),
    "organisation": ("organisation",), "party_branch": ("party_branch",),
}  # fmt: skip
"""Of which blocks of the standard a record of each entity is made."""
ENTITY_OF = {group: entity for entity, groups in GROUPS_OF.items() for group in groups}
NAMES = ("person.name", "organisation.name", "party_branch.name", "building.name", "home.number", "household.number")
ADDRESSES = ("person.living_address", "organisation.address", "building.address")
COUNTED_BY = ("resident", "mobile")
"""Groups that say no more than where somebody is registered: they are shown, but not listed as a service."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    One row that a source brings: the key under which the source knows it, the place, and what it says.

    :param said: by element of the standard: value, raw form and, for mapped codes, the edition; cleaned and checked
        by the standard before
    """

    key: str
    place: str
    said: Said
    since: datetime | None = None


class UnknownElement(ValueError):
    """The standard has no such element, or it is switched off."""

    def __init__(self, element: str):
        super().__init__(element)
        self.element = element


def need_known(codes: Iterable[str], entity: str) -> None:
    """
    Refuse what no record of this entity can hold.

    :raises UnknownElement: for an element that is not declared, of another entity, or switched off
    """
    for code in codes:
        declared = standard.elements().get(code)
        if declared is None or not declared.on or ENTITY_OF.get(declared.entity) != entity:
            raise UnknownElement(code)


def parted(said: Said) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return what is kept as it is, and what is kept enciphered."""
    plain: dict[str, list[str]] = {}
    closed: dict[str, list[str]] = {}
    for code, one in said.items():
        (closed if traits(code).sealed else plain)[code] = list(one)
    return plain, closed


class Traits(NamedTuple):
    """What is asked of an element for each value, answered once."""

    entity: str
    authority: str
    sealed: bool
    found_by: bool


@cache
def traits(code: str) -> Traits:
    declared = standard.element(code)
    return Traits(declared.entity, declared.authority, is_sealed(declared), declared.type in FIND_BY)


@dataclass
class Row:
    """The columns of a record that are derived from what prevails."""

    name: str = ""
    spoken: str = ""
    initials: str = ""
    sex: str = ""
    born: date | None = None
    address: str = ""
    groups: list[str] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    closed: dict[str, list[Any]] = field(default_factory=dict)
    disputed: list[str] = field(default_factory=list)
    finds: list[str] = field(default_factory=list)


def row_of(prevailing: Mapping[str, Held], index: Callable[[str], str]) -> Row:
    """
    Return the row of a record.

    :param index: makes a blind index of a number
    """
    row = Row()
    for code, held in prevailing.items():
        fact = held.fact
        _put(row, code, [fact.value, fact.source, f"{fact.since:%Y-%m-%d}", int(fact.of_authority)], index)
        if held.others:
            row.disputed.append(code)
            row.finds += [index(one.value) for one in held.others] if traits(code).found_by else []
    return _described(row, {code: held.fact.value for code, held in prevailing.items()})


def row_of_one(said: Said, source: str, authority: str, since: datetime, index: Callable[[str], str]) -> Row:
    """Return the row of a record of which only one source has spoken: the same as `row_of`, without weighing anything."""
    row, day = Row(), f"{since:%Y-%m-%d}"
    for code, one in said.items():
        if one[0]:
            _put(row, code, [one[0], source, day, int(bool(authority) and traits(code).authority == authority)], index)
    return _described(row, {code: one[0] for code, one in said.items() if one[0]})


def _put(row: Row, code: str, cell: list[Any], index: Callable[[str], str]) -> None:
    kind = traits(code)
    (row.closed if kind.sealed else row.values)[code] = cell
    if kind.entity not in row.groups:
        row.groups.append(kind.entity)
    if kind.found_by:
        row.finds.append(index(cell[0]))


def _described(row: Row, values: Mapping[str, str]) -> Row:
    row.groups, row.finds = sorted(row.groups), sorted(set(row.finds))
    row.name = next((values[code] for code in NAMES if values.get(code)), "")[:100]
    surname, given = letters.parts_of_name(row.name)
    row.spoken, row.initials = f"{surname}{given}"[:160], letters.initials(row.name)[:40]
    row.sex, row.address = values.get("person.sex", ""), next((values[a] for a in ADDRESSES if values.get(a)), "")[:200]
    born = values.get("person.birth_date", "")
    row.born = date.fromisoformat(born) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", born) else None
    return row


LEAVING = ("resident.moved_out", "civil.died_on")


def left_at(values: Mapping[str, str]) -> datetime | None:
    """Return when somebody left the register by moving away or dying, None while they are here."""
    days = [values[code] for code in LEAVING if values.get(code)]
    return min((datetime.combine(date.fromisoformat(day), time(), BEIJING) for day in days), default=None)


def age(born: date | None, on: date) -> int | None:
    """Return the years of age on a day."""
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))
