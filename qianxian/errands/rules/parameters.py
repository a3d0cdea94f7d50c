"""Dated parameters of the gate: periods, ceilings and lengths, each with its source; nothing of it is a constant."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number in force from a day on, for a kind of errand ('' for any) inside a place ('' for everywhere)."""

    code: str
    kind: str
    place: str
    amount: int
    unit: str
    name: str
    source: str
    mark: str
    since: date
    until: date | None = None

    def covers(self, code: str, kind: str, place: str, on: date) -> bool:
        """Tell whether this row holds for a kind and a place on a day."""
        return (
            self.code == code
            and self.kind in ("", kind)
            and place.startswith(self.place)
            and self.since <= on
            and (self.until is None or on < self.until)
        )


class NoParameter(LookupError):
    """No row is in force; a row without kind and place prevents it."""


def select(rows: Iterable[Parameter], code: str, kind: str, place: str, on: date) -> Parameter:
    """
    Return the row that prevails: the narrower place, then a row for the kind, then the newer one.

    :raises NoParameter: if none is in force
    """
    covering = [row for row in rows if row.covers(code, kind, place, on)]
    if not covering:
        raise NoParameter(f"准入参数表没有{on}有效的“{code}”（类型“{kind}”、地区“{place}”），请补一条")
    return max(covering, key=lambda row: (len(row.place), row.kind != "", row.since))


@dataclass(frozen=True, slots=True)
class Law:
    """A law or published document that a request may rest on, with the days on which it is in force."""

    name: str
    since: date
    until: date | None
    note: str

    def in_force(self, on: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.since <= on and (self.until is None or on < self.until)


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of one table that comes with the gate."""
    text = resources.files("qianxian.errands").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def load_parameters() -> tuple[Parameter, ...]:
    """Return the parameters that come with the platform."""
    return tuple(
        Parameter(
            row["code"], row["kind"], row["place"], int(row["amount"]), row["unit"], row["name"], row["source"],
            row["mark"], *days_of(row),
        )
        for row in read_table("parameters.csv")
    )  # fmt: skip


def load_laws() -> tuple[Law, ...]:
    """Return the laws that the platform knows, every version by its own days."""
    return tuple(Law(row["name"], *days_of(row), row["note"]) for row in read_table("laws.csv"))


def days_of(row: Mapping[str, str]) -> tuple[date, date | None]:
    """Return from which day a row is in force, and from which no longer."""
    return date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"]) if row["valid_to"] else None


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who decides together on what enters a place: units by code, or `street` and `government` for those over it."""

    place: str
    units: tuple[str, ...]
    source: str
    since: date
    until: date | None


def load_deciders() -> tuple[Deciders, ...]:
    """Return the tables of joint decision."""
    return tuple(
        Deciders(row["place"], tuple(row["units"].split("|")), row["source"], *days_of(row))
        for row in read_table("deciders.csv")
    )


def deciders_for(rows: Iterable[Deciders], place: str, on: date) -> Deciders:
    """
    Return the joint table for a place, the narrowest.

    :raises NoParameter: if none is in force
    """
    covering = [r for r in rows if place.startswith(r.place) and r.since <= on and (r.until is None or on < r.until)]
    if not covering:
        raise NoParameter(f"会审单位表没有{on}有效的条目（地区“{place}”），请补一条")
    return max(covering, key=lambda row: (len(row.place), row.since))
