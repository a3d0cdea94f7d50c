"""Who would answer for a demand, and until when, before it is taken in."""

from dataclasses import dataclass, replace
from datetime import datetime

from qianxian.mandates.rules import Topic

from ..rules.deadlines import deadline, select
from ..rules.intake import Assignment, Demand, assign, deadline_class
from . import deadline_classes, reference

MOST_SUGGESTED = 5


@dataclass(frozen=True)
class Foresight:
    """The topics that the words speak of, the one taken, who would answer and until when."""

    topics: tuple[Topic, ...]
    topic: str
    assignment: Assignment
    due: datetime


def foresee(demand: Demand, at: datetime) -> Foresight:
    """Return what would come of a demand; without a topic, the likeliest one is taken."""
    known = reference(at)
    topics = tuple(known.topics.topics[found.topic] for found in known.topics.suggested(demand.words, MOST_SUGGESTED))
    topic = demand.topic or (topics[0].code if topics else "")
    demand = replace(demand, topic=topic)
    assignment = assign(demand, known, at)
    code = deadline_class(demand, assignment.answer, known.topics)
    limits = select(deadline_classes(), code, topic, demand.place, at, demand.kind.value)
    reckoned = deadline(
        dispatched=at, limit=limits.limit, contact_limit=limits.contact_limit, calendar=known.calendar, at=at
    )
    return Foresight(topics, topic, assignment, reckoned.due)
