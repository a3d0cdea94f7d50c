"""What is read of matters; every list begins at an index and reads no more rows than it shows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby

from django.db import connection
from django.db.models import QuerySet

from qianxian.cadres import queries as cadres
from qianxian.journal import queries as journal
from qianxian.kernel.period import Period
from qianxian.kernel.worktime import Calendar, Kind, Override, add_working_days, statutory_calendar
from qianxian.mandates import queries as mandates
from qianxian.register import queries as register

from ..models import CalendarDay, Matter
from ..rules.coordination import Term, load_terms
from ..rules.deadlines import (
    Deadline,
    DeadlineClass,
    PauseCause,
    counted_pause,
    deadline,
    load_causes,
    load_classes,
    load_overrides,
    select,
)
from ..rules.escalation import Step, load_ladder
from ..rules.intake import Holder, Reference
from ..rules.life import OutOfOrder, Ownerless, Stage, Standing, replay

URGENT_OBJECTION = timedelta(hours=1)


def reference(at: datetime, revisions: dict[str, int] | None = None) -> Reference:
    """Return all that decides who owns a demand at a moment; one statement when nothing was changed."""
    known = register.revisions() if revisions is None else revisions
    edition = mandates.in_force(at, known)
    return Reference(
        edition.edition,
        edition.index,
        mandates.topics(known),
        register.directory(known),
        cadres.postings(known),
        calendar(known),
    )


def decreed() -> list[Override]:
    """Return the days of every notice taken in, the oldest notice first."""
    return [
        Override(day.version, day.date, Kind(day.kind), day.name, day.source)
        for day in CalendarDay.objects.order_by("pk")
    ]


def _read_calendar() -> Calendar:
    days = decreed()
    return statutory_calendar((*load_overrides(), *days), days[-1].version if days else SHIPPED)


SHIPPED = "shipped"


_calendar = register.Kept("calendar", _read_calendar)


def calendar(known: dict[str, int] | None = None) -> Calendar:
    """Return the working days as now known: published notices, then those imported since."""
    return _calendar.at(register.revisions() if known is None else known)


@cache
def deadline_classes() -> tuple[DeadlineClass, ...]:
    """Return the dated parameters of deadlines."""
    return load_classes()


@cache
def pause_causes() -> tuple[PauseCause, ...]:
    """Return the causes for which a clock may stand still."""
    return load_causes()


@cache
def ladder() -> tuple[Step, ...]:
    """Return the dated steps of escalation."""
    return load_ladder()


@cache
def coordination_terms() -> tuple[Term, ...]:
    """Return the dated parameters of answers owed by those above."""
    return load_terms()


@cache
def coordination_ladder() -> tuple[Step, ...]:
    """Return the dated steps for answers that those above owe."""
    return load_ladder("coordination_ladder.csv")


def limits_of(matter: Matter) -> DeadlineClass:
    """Return the parameters under which a matter runs: those in force at its dispatch."""
    return select(
        deadline_classes(),
        matter.deadline_class,
        matter.topic_id or "",
        matter.place_id,
        matter.dispatched_at or matter.received_at,
        matter.kind,
    )


def reckon(matter: Matter, *, at: datetime, by: Calendar | None = None) -> Deadline:
    """Return the deadline of a matter from what is on record: dispatch, pauses, extensions granted, calendar."""
    limits = limits_of(matter)
    return deadline(
        dispatched=matter.dispatched_at or matter.received_at,
        limit=limits.limit,
        contact_limit=limits.contact_limit,
        feedback=limits.feedback,
        calendar=by or calendar(),
        at=matter.resolved_at or matter.closed_at or at,
        pauses=pauses_of(matter),
        extensions=list(matter.extensions.filter(granted=True).values_list("amount", flat=True)),
    )


def pauses_of(matter: Matter) -> list[Period]:
    """Return the spans in which the clock of a matter stood still; each ends at the longest time of its cause."""
    causes = {cause.code: cause for cause in pause_causes()}
    days = calendar()
    recorded = matter.pauses.order_by("from_at").values_list("cause", "from_at", "to_at")
    return [counted_pause(causes[cause], start, end, days) for cause, start, end in recorded]


def matter_by_code(code: str) -> Matter:
    """
    Return one matter with all that its page shows beside it.

    :raises Matter.DoesNotExist: if there is none within reach
    """
    return Matter.objects.select_related(
        "topic", "place", "owner", "owner_posting__cadre", "answers_to", "article", "article__body", "requester"
    ).get(code=code)


def has_code(code: str) -> bool:
    """Tell whether a matter with this tracking code lies within reach."""
    return Matter.objects.filter(code=code).exists()


def neighbour(number: int | None) -> Matter | None:
    """Return a matter that another one leads to, None where there is none or it lies out of reach."""
    return Matter.objects.filter(pk=number).first() if number else None


def follow_up_of(matter: Matter) -> Matter | None:
    """Return the matter by which its resident went on, None where there is none or it lies out of reach."""
    return Matter.objects.filter(follows=matter).order_by("pk").first()


def matter_numbered(number: int) -> Matter:
    """
    Return one matter by its number.

    :raises Matter.DoesNotExist: if there is none within reach
    """
    return Matter.objects.get(pk=number)


def matters_of(requester: str) -> QuerySet[Matter]:
    """Return the matters of one resident, the newest first, by the blind index of the telephone number."""
    return Matter.objects.filter(requester_index=requester).select_related("owner", "topic").order_by("-received_at")


@dataclass(frozen=True, slots=True)
class Twin:
    """A matter already here that says the same in the same words."""

    id: int
    code: str
    fingerprint: str
    requester: str


def twins(fingerprints: Sequence[str], requesters: Sequence[str]) -> list[Twin]:
    """Return the first matter for each of these words, by the same requester or by nobody known."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, code, fingerprint, requester FROM qianxian_twins(%s, %s)",
            [list(fingerprints), list(requesters)],
        )
        return [Twin(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Parting:
    """A matter whose journal tells something else than its row."""

    matter: int
    by_journal: Standing | str
    stored: Standing | None


def count() -> int:
    """Return how many matters there are within reach."""
    return Matter.objects.count()


def partings() -> Iterator[tuple[int, Parting | None]]:
    """Replay the journal of every matter and yield its number with the difference to its row, None where they agree."""
    stored = {
        number: Standing(Stage(stage), owner, posting)
        for number, stage, owner, posting in Matter.objects.values_list(
            "id", "stage", "owner_id", "owner_posting_id"
        ).iterator()
    }
    for subject, entries in groupby(journal.entries_by_subject("matter"), key=lambda entry: entry.subject):
        number = int(subject.partition(":")[2])
        yield number, _parting(number, stored.pop(number, None), [entry.details for entry in entries])
    for number, standing in stored.items():
        yield number, _parting(number, standing, ())


def _parting(number: int, stored: Standing | None, deeds: Iterable[dict[str, object]]) -> Parting | None:
    by_journal = _replayed(deeds)
    return None if by_journal == stored else Parting(number, by_journal, stored)


def _replayed(deeds: Iterable[dict[str, object]]) -> Standing | str:
    try:
        return replay(deeds)
    except (OutOfOrder, Ownerless) as error:
        return f"{type(error).__name__}: {error}"


def owner_of(matter: Matter) -> Holder:
    return Holder(matter.owner_id, matter.owner_posting_id)


def answered_to(matter: Matter) -> Holder:
    return Holder(matter.answers_to_id, matter.answers_to_posting_id)


def objection_due(matter: Matter) -> datetime:
    """Return until when the owner of a matter may object."""
    start = matter.dispatched_at or matter.received_at
    return start + URGENT_OBJECTION if matter.deadline_class == "urgent" else add_working_days(calendar(), start, 1).due
