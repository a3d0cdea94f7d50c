"""Organisations and places as the other packages know them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from qianxian.kernel import place as places
from qianxian.kernel.period import Period


class Kind(StrEnum):
    """
    What an organisation is; a committee is no office of the government and only assists (居委会组织法).

    A superior body (驻区上级单位: a central or provincial organ, a unit of the forces) sits in the district and is not
    under it: the district sends it no order and asks it through a liaison unit.
    """

    GOVERNMENT = "government"
    CENTRE = "centre"
    DEPARTMENT = "department"
    STREET = "street"
    COMMITTEE = "committee"
    ENTERPRISE = "enterprise"
    PARTY = "party"
    MASS = "mass"
    SUPERIOR = "superior"


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    VILLAGE = "village"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Organisation:
    code: str
    name: str
    short: str
    kind: Kind
    place: str
    liaison: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    level: Level
    period: Period


class Unknown(Exception):
    """No organisation or place goes by this name."""


def plain(name: str) -> str:
    """Return a name as it is compared: brackets, spaces and punctuation dropped, so that spellings of one unit meet."""
    return re.sub(r"[\s()（）【】\[\]·,，、.。-]+", "", name).lower()


@dataclass(frozen=True)
class Directory:
    """Every organisation and place at one moment; found by code or by any spelling of the name."""

    organisations: dict[str, Organisation]
    places: dict[str, Place]
    names: dict[str, str] = field(default_factory=dict)
    place_names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def organisation(self, name: str) -> Organisation:
        """
        Return the organisation with this code, name or alias.

        :raises Unknown: if there is none
        """
        code = name if name in self.organisations else self.names.get(plain(name), "")
        if code not in self.organisations:
            raise Unknown(name)
        return self.organisations[code]

    def over(self, place: str, kind: Kind) -> Organisation | None:
        """Return the organisation of a kind whose place contains this one, the most local first."""
        return next((self._over[kind, area] for area in places.around(place) if (kind, area) in self._over), None)

    def places_at(self, at: datetime) -> list[Place]:
        """Return the places that exist at a moment, by code: those from which somebody may choose."""
        return [place for _, place in sorted(self.places.items()) if at in place.period]

    def place_named(self, name: str, *, inside: str = "") -> Place | None:
        """Return the one place of this name inside an area; None where no place or several bear it."""
        found = [code for code in self.place_names.get(plain(name), ()) if code.startswith(inside)]
        return self.places[found[0]] if len(found) == 1 else None

    @cached_property
    def _over(self) -> dict[tuple[Kind, str], Organisation]:
        return {(o.kind, o.place): o for o in sorted(self.organisations.values(), key=lambda o: o.code, reverse=True)}


def directory(
    organisations: Iterable[tuple[Organisation, Iterable[str]]], known_places: Iterable[tuple[Place, Iterable[str]]]
) -> Directory:
    """Build a directory from organisations and places, each with its aliases."""
    bodies, names = {}, {}
    for body, aliases in organisations:
        bodies[body.code] = body
        names.update({plain(name): body.code for name in (*aliases, body.short, body.name)})
    by_code, place_names = {}, dict[str, tuple[str, ...]]()
    for place, aliases in known_places:
        by_code[place.code] = place
        for name in {plain(name) for name in (*aliases, place.name)}:
            place_names[name] = (*place_names.get(name, ()), place.code)
    return Directory(bodies, by_code, names, place_names)
