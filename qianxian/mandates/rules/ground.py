"""What an audit of the register looks at besides its articles, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from qianxian.kernel.period import Period
from qianxian.register.rules import Organisation

from .articles import Case, Power
from .topic_tree import Topic


@dataclass(frozen=True, slots=True)
class Posted:
    """Powers that a cadre brings down to a unit, inside an area and for a time (三带下沉)."""

    unit: str
    scope: str
    powers: frozenset[Power]
    period: Period


@dataclass(frozen=True, slots=True)
class Practice:
    """
    What happened with the matters of one topic at one unit.

    `case` is the latest of them; `led` counts those that the unit handled as the main one, `objections` those that it
    said were not its own and `lost` those of them that it was told to keep; `witnesses` name some of the matters.
    """

    topic: str
    body: str
    case: Case
    matters: int
    led: int = 0
    objections: int = 0
    lost: int = 0
    late: int = 0
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    """One version of a law: from which day to which day (exclusive) it is in force, and what came in its place."""

    name: str
    since: date | None
    until: date | None = None
    replaced_by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many matters on practice speaks against the register; settings of ours, not of any law."""

    objections: int = 2
    late: int = 3
    late_share: float = 0.2
    led: int = 3


@dataclass(frozen=True)
class Ground:
    """
    The world in which a register must answer.

    :param at: the moment of which the audit speaks
    :param topics: the tree; cases arise at its leaves, which say what powers they need
    :param places: code and name of every place; cases arise in those that have no part
    :param settings: code and name of every setting; the unknown one ('') is always looked at too
    :param until: look ahead to this moment (exclusive) as well; None for `at` alone
    """

    at: datetime
    topics: Mapping[str, Topic]
    places: Mapping[str, str]
    bodies: Mapping[str, Organisation]
    settings: Mapping[str, str]
    postings: tuple[Posted, ...] = ()
    practice: tuple[Practice, ...] = ()
    laws: tuple[Law, ...] = ()
    until: datetime | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)

    def leaves(self) -> list[Topic]:
        """Return the topics that have no part, by code."""
        above = {code[:length] for code in self.topics for length in range(len(code))}
        return [topic for code, topic in sorted(self.topics.items()) if code not in above]

    def innermost(self) -> list[str]:
        """Return the places that have no part, by code."""
        codes = sorted(self.places)
        return [code for code, after in zip(codes, [*codes[1:], ""], strict=True) if not after.startswith(code)]
