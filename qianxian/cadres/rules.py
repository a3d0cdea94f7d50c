"""Who serves where, and who acts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qianxian.kernel import place as places
from qianxian.kernel.period import Period
from qianxian.mandates.rules.articles import Power


class Role(StrEnum):
    WORKER = "worker"
    DEPARTMENT = "department"
    STREET = "street"
    SUPERVISOR = "supervisor"
    STEWARD = "steward"


class Mode(StrEnum):
    """How a cadre has come down (三带下沉)."""

    FIRST_SECRETARY = "first_secretary"
    SECONDED = "seconded"
    PROJECT_LEAD = "project_lead"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who does a deed: name for the journal, unit, role, and the area inside which the role reaches.

    The system itself and residents act too: they have neither role nor unit.
    """

    name: str
    unit: str = ""
    role: Role | None = None
    area: str = ""
    posting: int | None = None

    def over(self, place: str) -> bool:
        """Tell whether a place lies inside the area of the role."""
        return bool(self.area) and place.startswith(self.area)


SYSTEM = Actor("system")
RESIDENT = Actor("resident")


@dataclass(frozen=True, slots=True)
class Posting:
    """A cadre who has gone down to a place with power and resources, and may answer for it finally."""

    id: int
    cadre: str
    home_unit: str
    unit: str
    scope: str
    powers: frozenset[Power]
    period: Period
    final: bool


def finally_responsible(postings: Iterable[Posting], *, place: str, at: datetime) -> Posting | None:
    """Return the one person who answers for a place finally, the most local one; None where nobody is posted."""
    by_scope = {posting.scope: posting for posting in postings if posting.final and at in posting.period}
    return next((by_scope[area] for area in places.around(place) if area in by_scope), None)
