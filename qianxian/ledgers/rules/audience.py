"""Whom a blank is about, by its title: 失业人员管理台账 wants those who are registered as out of work."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from qianxian.register.rules.records import ENTITY_OF
from qianxian.standard import elements as standard

from .definition import Condition, Test


@dataclass(frozen=True, slots=True)
class Audience:
    """The rows of a blank: the block of the standard, conditions, and why; `sure` is False where no word told it."""

    of: str
    where: tuple[Condition, ...]
    reason: str
    sure: bool = True


EVERYBODY = Audience("person", (), "标题没有说明要哪些人，按全部在册居民", sure=False)


def audience(*titles: str) -> Audience:
    """Return whom the first of these titles that says it is about; everybody registered where none does."""
    for title in titles:
        for words, found in _listed():
            if any(word in title for word in words):
                return found
    return EVERYBODY


def audience_of(elements: Iterable[str], *titles: str) -> Audience:
    """Return whom a blank is about by its titles, and where they do not tell by what its columns speak of."""
    found = audience(*titles)
    if found.sure:
        return found
    spoken = [ENTITY_OF.get(code.partition(".")[0], "") for code in elements if code]
    most = max(dict.fromkeys(spoken), key=spoken.count, default="person")
    if most in ("", "person"):
        return found
    return Audience(most, (), f"各列说的是{standard.entities()[most].name}，按全部登记的填")


@cache
def _listed() -> tuple[tuple[tuple[str, ...], Audience], ...]:
    lines = files("qianxian.ledgers").joinpath("data/audiences.csv").read_text("utf-8").splitlines()
    return tuple(
        (tuple(row["words"].split("|")), Audience(row["of"], conditions(row["where"]), row["reason"]))
        for row in csv.DictReader(lines)
    )


class BadCondition(ValueError):
    """A condition is written ELEMENT=CODE, ELEMENT>=NUMBER or ELEMENT<=NUMBER."""


def conditions(written: str) -> tuple[Condition, ...]:
    """
    Return conditions as `person.sex=2|person.age>=15` writes them.

    :raises BadCondition: for a part that is none
    """
    found = []
    for part in filter(None, written.split("|")):
        read = re.fullmatch(r"\s*([a-z_]+\.[a-z_]+)\s*(>=|<=|!=|=)\s*(.+?)\s*", part)
        if read is None:
            raise BadCondition(part)
        test = {">=": Test.AT_LEAST, "<=": Test.AT_MOST, "=": Test.IS, "!=": Test.IS_NOT}[read[2]]
        found.append(Condition(read[1], test, (read[3],)))
    return tuple(found)
