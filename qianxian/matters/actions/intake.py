"""Taking a demand in: its owner is decided in the transaction that creates it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from django.db import connection, transaction

from qianxian.cadres.rules import Actor
from qianxian.journal import actions as journal
from qianxian.kernel.sealing import Seal
from qianxian.kernel.worktime import Calendar
from qianxian.kernel.writing import write_rows
from qianxian.mandates import actions as mandates
from qianxian.mandates.rules.answering import Answer
from qianxian.mandates.rules.articles import Article
from qianxian.register.sealing import ring

from ..models import Coordination, Help, Matter, Requester
from ..queries import answered_to, ladder, limits_of, reference, twins
from ..rules.coordination import Way
from ..rules.deadlines import Limit, deadline
from ..rules.escalation import next_step
from ..rules.intake import Assignment, Demand, Reference, above, assign, checked, deadline_class, exits
from ..rules.life import Ending, Ground, Stage
from .coordination import asking
from .deeds import fingerprint, tracking_code

BLOCK = 100
LONG_ENOUGH_TO_BE_THE_SAME = 20


@dataclass(frozen=True, slots=True)
class Contact:
    """Who asks and how to reach them; empty for a demand that came without."""

    name: str = ""
    phone: str = ""
    confidential: bool = False


def seal() -> Seal:
    """Return the seal of this platform."""
    return ring()


def index_of(phone: str) -> str:
    """Return the blind index of a telephone number, '' for none."""
    return seal().index(phone) if phone else ""


def receive(*, demand: Demand, contact: Contact, actor: Actor, at: datetime, follows: Matter | None = None) -> Matter:
    """
    Take in one demand and give it to whoever has the duty.

    A follow-up goes upward: to the one whom the first matter answered to.

    :raises Unfit: if it cannot be taken in
    """
    return receive_all(demands=[(demand, contact)], actor=actor, at=at, follows=follows)[0]


@transaction.atomic
def receive_all(
    *, demands: Sequence[tuple[Demand, Contact]], actor: Actor, at: datetime, follows: Matter | None = None
) -> list[Matter]:
    """
    Take in many demands in few statements; all or none.

    :raises Unfit: if one of them cannot be taken in
    """
    return receive_within(demands=demands, actor=actor, at=at, follows=follows)


def receive_within(
    *,
    demands: Sequence[tuple[Demand, Contact]],
    actor: Actor,
    at: datetime,
    follows: Matter | None = None,
    revisions: dict[str, int] | None = None,
    part_of: Matter | None = None,
) -> list[Matter]:
    """
    Take in demands inside the transaction of the caller, who must leave it where this raises.

    Parts of another matter came when that came: their clocks run from then, by the register of then.

    :param revisions: those of the reference data, where the caller has just read them
    :raises Unfit: if one of them cannot be taken in
    """
    came = part_of.received_at if part_of else at
    known = reference(came, revisions)
    for demand, _ in demands:
        checked(demand, known.directory, known.topics, came)
    sealed = [replace(demand, requester=index_of(contact.phone)) for demand, contact in demands]
    numbers = _numbers(len(sealed))
    parents = {} if follows else _twins_of(sealed, numbers)
    arrivals = [
        _arrival(number, replace(demand, exit="E3") if number in parents else demand, known, came, follows, parents)
        for number, demand in zip(numbers, sealed, strict=True)
    ]
    for arrival in arrivals:
        arrival.matter.part_of = part_of
    _write(arrivals, [contact for _, contact in demands], known.calendar, actor, at)
    return [arrival.matter for arrival in arrivals]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A matter about to be written, and why it is as it is."""

    matter: Matter
    assignment: Assignment


def _arrival(
    number: int, demand: Demand, known: Reference, at: datetime, follows: Matter | None, parents: dict[int, int]
) -> Arrival:
    assignment = assign(demand, known, at)
    if follows and assignment.ground is not Ground.EXIT:
        assignment = replace(
            assignment, owner=answered_to(follows), ground=Ground.FOLLOW_UP, stage=Stage.ASSIGNED, asked=""
        )
    owner, higher = assignment.owner, above(assignment.owner, demand.place, known, at)
    closed = assignment.stage is Stage.CLOSED
    matter = Matter(
        id=number,
        code=tracking_code(at),
        kind=demand.kind.value,
        channel=demand.channel.value,
        title=demand.title,
        words=demand.words,
        fingerprint=fingerprint(demand.words),
        topic_id=demand.topic or None,
        place_id=demand.place,
        setting=demand.setting,
        address=demand.address,
        requester_index=demand.requester,
        stage=assignment.stage,
        owner_id=owner.unit,
        owner_kind=known.directory.organisations[owner.unit].kind.value,
        owner_posting_id=owner.posting,
        answers_to_id=higher.unit,
        answers_to_posting_id=higher.posting,
        involved=_involved(assignment, higher.unit),
        ground=assignment.ground.value,
        article_id=assignment.article.id if assignment.article else None,
        edition=known.edition,
        answer=answer_as_data(assignment.answer),
        deadline_class=deadline_class(demand, assignment.answer, known.topics),
        received_at=at,
        dispatched_at=at if assignment.stage is Stage.ASSIGNED else None,
        exit=assignment.exit,
        reply=exits()[assignment.exit].reply if assignment.exit else "",
        ending=Ending.EXIT.value if closed else "",
        closed_at=at if closed else None,
        follows=follows,
        merged_into_id=parents.get(number),
    )
    _set_clock(matter, known.calendar, at)
    return Arrival(matter, assignment)


def _set_clock(matter: Matter, days: Calendar, at: datetime) -> None:
    limits = limits_of(matter)
    first = _first_moments(limits.limit, limits.contact_limit, days, at)
    matter.calendar, matter.due_at = days.version, first.due
    if matter.dispatched_at:
        matter.contact_due_at, matter.next_alarm_at = first.contact_due, first.alarm


def _involved(assignment: Assignment, higher: str) -> list[str]:
    helpers = (article.body for article in assignment.helpers)
    asked = (assignment.asked,) if assignment.asked else ()
    return list(dict.fromkeys((assignment.owner.unit, higher, *helpers, *asked, *assignment.informed)))


@dataclass(frozen=True, slots=True)
class FirstMoments:
    due: datetime
    contact_due: datetime
    alarm: datetime


@lru_cache(maxsize=4096)
def _first_moments(limit: Limit, contact_limit: Limit, days: Calendar, at: datetime) -> FirstMoments:
    """Reckon due times and the first rung of the ladder: the same for every demand of a class at one moment."""
    reckoned = deadline(dispatched=at, limit=limit, contact_limit=contact_limit, calendar=days, at=at)
    call = next_step(
        start=at, due=reckoned.due, unit=limit.unit, pauses=(), done=(), ladder=ladder(), calendar=days, at=at
    )
    return FirstMoments(reckoned.due, reckoned.contact_due, call.moment if call else reckoned.due)


def _write(arrivals: list[Arrival], contacts: list[Contact], days: Calendar, actor: Actor, at: datetime) -> None:
    write_rows(connection, [arrival.matter for arrival in arrivals])
    requesters = (_requester(arrival.matter, contact) for arrival, contact in zip(arrivals, contacts, strict=True))
    write_rows(connection, filter(None, requesters))
    write_rows(connection, [asked for arrival in arrivals for asked in _helps(arrival, at)])
    write_rows(connection, [_asked_above(arrival, days, at) for arrival in arrivals if arrival.assignment.asked])
    mandates.open_findings([_finding(arrival, at) for arrival in arrivals if _unsettled(arrival)])
    journal.record_all([_entry(arrival, actor, at) for arrival in arrivals])


_block_lock = threading.Lock()
_block: Iterator[int] = iter(())


def _numbers(count: int) -> list[int]:
    """Return so many numbers of matters; each process draws a hundred at once and keeps the rest."""
    global _block
    with _block_lock:
        given = list(islice(_block, count))
        if missing := count - len(given):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval('qianxian_matter_number') FROM generate_series(1, %s)", [-(-missing // BLOCK)]
                )
                _block = chain.from_iterable(range(first, first + BLOCK) for (first,) in cursor.fetchall())
            given += islice(_block, missing)
    return given


def _requester(matter: Matter, contact: Contact) -> Requester | None:
    if not (contact.name or contact.phone):
        return None
    held = seal()
    return Requester(
        matter=matter,
        name_sealed=held.close(contact.name),
        phone_sealed=held.close(contact.phone),
        name_mask=masked_name(contact.name),
        phone_mask=masked_phone(contact.phone),
        confidential=contact.confidential,
    )


def masked_name(name: str) -> str:
    """Return a name as screens show it: the first character, and a star for each other one."""
    return name[:1] + "*" * (len(name) - 1)


def masked_phone(phone: str) -> str:
    """Return a telephone number as screens show it: three digits, four stars, four digits."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "*" * len(phone)


def _asked_above(arrival: Arrival, days: Calendar, at: datetime) -> Coordination:
    """The body above the district that has the duty is asked at once, and owes an answer."""
    matter, article = arrival.matter, arrival.assignment.article
    owed = asking(Way.LIAISON, matter.deadline_class, matter.place_id, days, at)
    return Coordination(
        matter=matter,
        way=Way.LIAISON.value,
        asker_id=matter.owner_id,
        unit_id=arrival.assignment.asked,
        reason=f"{article.number} {article.basis}" if article else "",
        wanted="请按职责研究处理，并告知处理意见、承办部门和完成时间",
        asked_at=at,
        due_at=owed.due_at,
        next_alarm_at=owed.next_alarm_at,
    )


def _helps(arrival: Arrival, at: datetime) -> list[Help]:
    """Double dispatch: the assisting units get it at the same time as the owner."""
    matter = arrival.matter
    return [
        Help(
            matter=matter,
            unit_id=article.body,
            what="随单同派：请按配合职责到场处置并反馈结果",
            article=f"{article.number} {article.basis}",
            asked_at=at,
            due_at=at + (matter.due_at - at) / 2,
        )
        for article in arrival.assignment.helpers
    ]


def _unsettled(arrival: Arrival) -> bool:
    return arrival.assignment.ground in (Ground.SILENT, Ground.CONTESTED)


def _finding(arrival: Arrival, at: datetime) -> dict[str, Any]:
    matter, answer = arrival.matter, arrival.assignment.answer
    return {
        "outcome": arrival.assignment.ground.value,
        "topic_id": matter.topic_id,
        "place_id": matter.place_id,
        "setting": matter.setting,
        "edition": matter.edition,
        "witness": f"matter:{matter.pk}",
        "rivals": [article.number for article in answer.rivals],
        "opened_at": at,
    }


def _entry(arrival: Arrival, actor: Actor, at: datetime) -> Any:
    matter, article = arrival.matter, arrival.assignment.article
    return journal.entry(
        at=at,
        actor=actor.name,
        unit=actor.unit,
        verb="receive",
        subject=f"matter:{matter.pk}",
        article=article.number if article else exits()[matter.exit].article if matter.exit else "",
        stage=int(matter.stage),
        owner=matter.owner_id,
        posting=matter.owner_posting_id,
        ground=matter.ground,
        edition=matter.edition,
        due_at=matter.due_at.isoformat(),
        **({"part_of": matter.part_of_id} if matter.part_of_id else {}),
        **({"asked": arrival.assignment.asked} if arrival.assignment.asked else {}),
    )


def answer_as_data(answer: Answer) -> dict[str, Any]:
    """Return the register's answer as it is kept with the matter: what prevailed, what gave way and why, who helps."""
    return {
        "outcome": answer.outcome.value,
        "article": _line(answer.article) if answer.article else None,
        "rivals": [_line(article) for article in answer.rivals],
        "beaten": [_line(b.article) | {"narrower_in": list(b.narrower_in)} for b in answer.beaten],
        "assisting": [_line(article) for article in answer.assisting],
        "informed": [_line(article) for article in answer.informed],
        "holders": {power.value: list(bodies) for power, bodies in answer.holders.items()},
    }


def _line(article: Article) -> dict[str, str]:
    return {"number": article.number, "body": article.body, "basis": article.basis}


def _twins_of(demands: list[Demand], numbers: list[int]) -> dict[int, int]:
    """Return by number the matter that says the same already, here or earlier in the batch: exit E3 leads there."""
    keys = {
        number: (fingerprint(demand.words), demand.requester)
        for number, demand in zip(numbers, demands, strict=True)
        if not demand.exit and (demand.requester or len(demand.fingerprint) >= LONG_ENOUGH_TO_BE_THE_SAME)
    }
    here = twins([key[0] for key in keys.values()], [key[1] for key in keys.values()]) if keys else []
    first = {(twin.fingerprint, twin.requester): twin.id for twin in here}
    for number, key in keys.items():
        first.setdefault(key, number)
    return {number: first[key] for number, key in keys.items() if first[key] != number}
