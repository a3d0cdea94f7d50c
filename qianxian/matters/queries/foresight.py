"""Who would answer for a demand, and until when, before it is taken in; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from qianxian.mandates.rules.topic_tree import Suggestion, Topic

from ..rules.deadlines import Deadline, DeadlineClass, deadline, select
from ..rules.intake import Assignment, Demand, Holder, Reference, above, assign, deadline_class
from . import deadline_classes, reference

MOST_SUGGESTED = 5


@dataclass(frozen=True)
class Foreseen:
    """Who would own a demand and by when, were it taken in now; `topics` are those that its words speak of, `led` why."""

    topics: tuple[Topic, ...]
    topic: str
    assignment: Assignment
    limits: DeadlineClass
    deadline: Deadline
    led: Mapping[str, tuple[str, ...]]

    @property
    def due(self) -> datetime:
        return self.deadline.due


def foresee(demand: Demand, at: datetime) -> Foreseen:
    """Return what would come of a demand; without a topic, the likeliest one is taken."""
    known = reference(at)
    found = known.topics.suggested(demand.words, MOST_SUGGESTED)
    likeliest = found[0].topic if found else ""
    return _foreseen(replace(demand, topic=demand.topic or likeliest), found, known, at)


def foreseen(demand: Demand, *, at: datetime) -> Foreseen:
    """Return what would come of a demand as it is coded; without a topic, it has none."""
    return _foreseen(demand, (), reference(at), at)


def _foreseen(demand: Demand, found: Sequence[Suggestion], known: Reference, at: datetime) -> Foreseen:
    topics = tuple(known.topics.topics[one.topic] for one in found)
    led = {one.topic: one.words for one in found}
    assignment = assign(demand, known, at)
    code = deadline_class(demand, assignment.answer, known.topics)
    limits = select(deadline_classes(), code, demand.topic, demand.place, at, demand.kind.value)
    reckoned = deadline(
        dispatched=at,
        limit=limits.limit,
        contact_limit=limits.contact_limit,
        feedback=limits.feedback,
        calendar=known.calendar,
        at=at,
    )
    return Foreseen(topics, demand.topic, assignment, limits, reckoned, led)


def meanwhile(place: str, *, at: datetime) -> Holder:
    """Return who answers in a place for what no article settles."""
    return above(None, place, reference(at), at)
