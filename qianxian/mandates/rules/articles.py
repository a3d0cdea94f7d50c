"""One line of the register of power, duty and benefit (权责利清单): what it gives, and for which cases it holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qianxian.kernel.period import Period


class Duty(StrEnum):
    LEAD = "lead"
    ASSIST = "assist"
    INFORM = "inform"


class Power(StrEnum):
    AFFAIRS = "affairs"
    FUNDS = "funds"
    DECISION = "decision"
    ENFORCEMENT = "enforcement"
    ENTRY = "entry"


class Benefit(StrEnum):
    FUNDS = "funds"
    PEOPLE = "people"
    TRAINING = "training"
    CREDIT = "credit"


class List(StrEnum):
    """The published list that an article stands on (2024 notice on duty lists of towns and streets; handbook 2.1)."""

    BASIC = "basic"
    ASSISTING = "assisting"
    TAKEN_BACK = "taken_back"
    DEPARTMENT = "department"
    SELF_GOVERNMENT = "self_government"
    COMMUNITY_ASSIST = "community_assist"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked of the register: a topic, a place, a setting ('' where unknown) and a moment."""

    topic: str
    place: str
    setting: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """For what, where, in which setting ('' for any) and how long an article holds."""

    topic: str
    place: str
    setting: str
    period: Period

    def covers(self, case: Case) -> bool:
        return (
            case.topic.startswith(self.topic)
            and case.place.startswith(self.place)
            and self.setting in ("", case.setting)
            and case.at in self.period
        )

    def inside(self, other: "Scope") -> bool:
        """Tell whether every case that this scope covers is covered by the other one too."""
        return (
            self.topic.startswith(other.topic)
            and self.place.startswith(other.place)
            and other.setting in ("", self.setting)
            and self.period.inside(other.period)
        )


@dataclass(frozen=True, slots=True)
class Article:
    """One line of the register. Without a duty it gives power or benefit alone."""

    number: str
    body: str
    duty: Duty | None
    scope: Scope
    basis: str
    powers: frozenset[Power] = frozenset()
    benefits: frozenset[Benefit] = frozenset()
    deadline_class: str = ""
    list: List = List.DEPARTMENT
    delegation: str = ""
    id: int | None = None
