"""
Asking those above: a unit that cannot solve a matter asks for coordination, and is answered within a time.

The one asked analyses, decides and acts (北京市接诉即办工作条例 20); a street may call too (乡呼县应); a body above the
district that merely sits in it is asked through a liaison unit, which owns the matter (在京单位协调联动, 条例 22).
Owner and clock of the matter run on in any case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qianxian.cadres.rules import Actor, Role
from qianxian.kernel.period import Period
from qianxian.register.rules import Directory, Kind, Organisation

from .authority import NotYours, must_be_of, must_own
from .deadlines import Limit, NoDeadline, Proof, limit_of, period_of, read_table
from .intake import Holder


class Way(StrEnum):
    """By which way somebody is asked: 请求上级协调, 乡呼县应, 驻区上级单位协调联动."""

    UPWARD = "upward"
    CALL = "call"
    LIAISON = "liaison"


@dataclass(frozen=True, slots=True)
class Term:
    """One dated parameter: within what time an answer is owed; an empty class or place matches everything."""

    way: Way
    name: str
    deadline_class: str
    place: str
    limit: Limit
    source: str
    mark: Proof
    period: Period


def term(terms: Iterable[Term], way: Way, deadline_class: str, place: str, at: datetime) -> Term:
    """
    Return the term in force: that of the class before one for any, then the narrower place, then the newer.

    :raises NoDeadline: if no term covers the way
    """
    covering = [
        row
        for row in terms
        if row.way is way
        and row.deadline_class in ("", deadline_class)
        and place.startswith(row.place)
        and at in row.period
    ]
    if not covering:
        raise NoDeadline(f"协调时限表没有“{way.value}”在{place}的适用条目，请补一条")
    return max(covering, key=lambda row: (bool(row.deadline_class), len(row.place), row.period.start))


class NotAbove(Exception):
    """The one asked does not stand above the asker, so that this would be passing on and no coordination."""

    def __init__(self, asked: str):
        super().__init__(asked)
        self.asked = asked


def way_to(asked: Organisation, asker: Organisation) -> Way:
    """
    Return by which way one unit asks another.

    A body above the district is always asked as such. Else the one asked governs the asker's place from higher up, or
    stands over it at the same level: the government over a department, a line department over an enterprise.

    :raises NotAbove: if neither is so
    """
    if asked.kind is Kind.SUPERIOR:
        return Way.LIAISON
    higher = _rank(asked) < _rank(asker) and asker.place.startswith(asked.place)
    if not higher or asked.kind not in ORDER:
        raise NotAbove(asked.code)
    return Way.CALL if asker.kind is Kind.STREET else Way.UPWARD


ORDER = {Kind.GOVERNMENT: 0, Kind.DEPARTMENT: 1}


def _rank(body: Organisation) -> tuple[int, int]:
    return len(body.place), ORDER.get(body.kind, len(ORDER))


def may_be_asked(directory: Directory, asker: str, place: str) -> list[Organisation]:
    """Return the bodies that a unit may ask about a matter of a place: the nearest above first, organs of others last."""
    bodies = directory.organisations
    found = [body for body in bodies.values() if asker in bodies and _stands_above(body, bodies[asker], place)]
    return sorted(found, key=lambda body: (body.kind is Kind.SUPERIOR, -len(body.place), body.code))


def _stands_above(body: Organisation, asker: Organisation, place: str) -> bool:
    try:
        way_to(body, asker)
    except NotAbove:
        return False
    return body.kind is not Kind.SUPERIOR or place.startswith(body.place[:DISTRICT])


DISTRICT = 6


def must_ask_above(actor: Actor, owner: Holder, place: str) -> None:
    """
    Check that the actor may ask those above: who owns the matter, or the street of its place (乡呼县应).

    :raises NotYours: if neither
    """
    if actor.role is Role.STREET and actor.over(place):
        return
    must_own(actor, owner, "ask_above")


def must_answer_above(actor: Actor, asked: str, asker: str, way: Way) -> None:
    """
    Check that the actor may answer: the one asked; for a body without an account here, the unit that asked writes it.

    :raises NotYours: if neither
    """
    if way is Way.LIAISON and actor.unit == asker:
        return
    must_be_of(actor, asked, "answer_above")


def may_answer(actor: Actor, asked: str, asker: str, way: Way) -> bool:
    """Tell whether the actor may answer."""
    try:
        must_answer_above(actor, asked, asker, way)
    except NotYours:
        return False
    return True


def over_the_one_asked(directory: Directory, asked: str) -> str:
    """Return the government over a body, one of a larger place where it is a government itself; '' where none is."""
    body = directory.organisations[asked]
    place = body.place if body.kind is not Kind.GOVERNMENT else body.place[:-2]
    government = directory.over(place, Kind.GOVERNMENT)
    return government.code if government and government.code != asked else ""


def load_terms() -> tuple[Term, ...]:
    """Return the terms that come with the platform."""
    return tuple(
        Term(
            way=Way(row["way"]),
            name=row["name"],
            deadline_class=row["deadline_class"],
            place=row["place"],
            limit=Limit(limit.amount, limit.unit),
            source=row["source"],
            mark=Proof(row["mark"]),
            period=period_of(row),
        )
        for row in read_table("coordination.csv")
        if (limit := limit_of(row))
    )
