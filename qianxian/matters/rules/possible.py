"""Which deeds an actor may do to a matter now: what a page offers, asked of the same rules that would refuse."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qianxian.cadres.rules import Actor, Role

from .authority import Cause, NotYours, must_adjudicate, must_convene, must_oversee, must_own, must_whistle
from .coordination import Way, may_answer, must_ask_above
from .intake import Holder
from .life import OPEN, WORKING, Ground, Stage


@dataclass(frozen=True, slots=True)
class Called:
    """One unit called by a whistle, as far as it matters for what comes next."""

    id: int
    unit: str
    caller: str
    arrived: bool
    reported: bool
    rated: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for coordination that waits for its answer."""

    id: int
    unit: str
    asker: str
    way: Way


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What is on record of a matter at a moment.

    `helps` are the open requests as (number, unit); `whistles` those not yet closed as (number, caller); `pleas` the
    purposes that were pleaded for, `undecided` those of them that await a decision.
    """

    stage: Stage
    owner: Holder
    answers_to: Holder
    place: str
    ground: Ground
    due_at: datetime
    objection_due: datetime
    signed: bool = False
    contacted: bool = False
    standing_still: bool = False
    objected: bool = False
    objection_open: bool = False
    extension_asked: bool = False
    extension_open: bool = False
    supervised: bool = False
    heard: bool = False
    parted: bool = False
    rivals: tuple[str, ...] = ()
    helps: tuple[tuple[int, str], ...] = ()
    called: tuple[Called, ...] = ()
    whistles: tuple[tuple[int, str], ...] = ()
    pleas: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()
    asked_above: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A deed that may be done now; `on` is the number of the help, arrival or whistle that it is done to."""

    deed: str
    on: int | None = None


def offers(facts: Facts, actor: Actor, at: datetime) -> list[Offer]:
    """Return what the actor may do now, what presses most first."""
    parts = (_asked_of_me, _next_for_owner, _to_decide, _more_for_owner, _of_whistles, _beside)
    return [offer for part in parts for offer in part(facts, actor, at)]


def cause_of(facts: Facts) -> Cause | None:
    """Return what waits for a ruling on a matter, None where nothing is in question."""
    if facts.stage is not Stage.ASSIGNED:
        return None
    if facts.objection_open:
        return Cause.OBJECTION
    return Cause(facts.ground) if facts.ground in (Ground.SILENT, Ground.CONTESTED) else None


def may_read_requester(facts: Facts, actor: Actor, *, confidential: bool) -> bool:
    """
    Tell whether the actor may see name and telephone number: who owns, helps now, or decides over the owner.

    Where the requester asked for secrecy, only the owner (信访工作条例 30; handbook of the field, 1.2).
    """
    if _owns(facts, actor):
        return True
    if confidential:
        return False
    helping = actor.unit in {unit for _, unit in facts.helps} | {called.unit for called in facts.called}
    return helping or _oversees(facts, actor)


def _asked_of_me(facts: Facts, actor: Actor, at: datetime) -> Iterator[Offer]:
    if facts.supervised and _owns(facts, actor):
        yield Offer("answer_supervision")
    if facts.stage in OPEN:
        yield from (Offer("answer_help", number) for number, unit in facts.helps if unit == actor.unit)
        yield from (
            Offer("answer_above", asked.id)
            for asked in facts.asked_above
            if may_answer(actor, asked.unit, asked.asker, asked.way)
        )
    for called in facts.called:
        if called.unit == actor.unit and not called.reported:
            yield Offer("report_work" if called.arrived else "arrive", called.id)


def _next_for_owner(facts: Facts, actor: Actor, at: datetime) -> Iterator[Offer]:
    if facts.stage is Stage.RECEIVED and _may(must_convene, actor, facts.owner, facts.place, ""):
        if facts.heard:
            yield Offer("dispatch")
        yield Offer("consult")
    if facts.stage in WORKING and _owns(facts, actor):
        if not facts.signed:
            yield Offer("sign")
        if facts.standing_still:
            yield Offer("resume")
        if not facts.contacted:
            yield Offer("contact")
        if not facts.objection_open:
            yield Offer("resolve")


def _to_decide(facts: Facts, actor: Actor, at: datetime) -> Iterator[Offer]:
    if facts.stage in WORKING and facts.extension_open and _oversees(facts, actor):
        yield Offer("decide_extension")
    if _adjudicates(facts, actor):
        yield Offer("adjudicate")
    if _supervises(facts, actor):
        yield from (Offer(f"decide_{purpose}") for purpose in sorted(facts.undecided))
        if facts.stage is Stage.RESOLVED:
            yield Offer("call_back")


def _more_for_owner(facts: Facts, actor: Actor, at: datetime) -> Iterator[Offer]:
    if not _owns(facts, actor):
        return
    if facts.stage in WORKING:
        if facts.contacted:
            yield Offer("contact")
        yield Offer("ask_help")
        if at < facts.due_at and not facts.extension_asked:
            yield Offer("ask_extension")
        if not facts.standing_still:
            yield Offer("pause")
        if facts.stage is Stage.ASSIGNED and not facts.objected and at < facts.objection_due:
            yield Offer("object")
        if "terminate" not in facts.pleas:
            yield Offer("plead_to_terminate")
    if "remove" not in facts.pleas and facts.stage is not Stage.RECEIVED:
        yield Offer("plead_to_remove")


def _of_whistles(facts: Facts, actor: Actor, at: datetime) -> Iterator[Offer]:
    if facts.stage in WORKING and _may(must_whistle, actor, facts.owner, facts.place):
        yield Offer("whistle")
    yield from (Offer("close_whistle", number) for number, caller in facts.whistles if caller == actor.unit)
    if not any(caller == actor.unit for _, caller in facts.whistles):  # else they are rated while it is closed
        mine = (called for called in facts.called if called.caller == actor.unit and not called.rated)
        yield from (Offer("rate_arrival", called.id) for called in mine)


def _beside(facts: Facts, actor: Actor, at: datetime) -> Iterator[Offer]:
    if facts.stage in WORKING and _may(must_ask_above, actor, facts.owner, facts.place):
        yield Offer("ask_above")
    if facts.stage in OPEN and not facts.supervised and _oversees(facts, actor):
        yield Offer("supervise")
    above = actor.role in (Role.STREET, Role.SUPERVISOR) and actor.over(facts.place)
    if facts.stage in OPEN and (above or _owns(facts, actor)):
        yield Offer("merge")
        if not (facts.signed or facts.parted):
            yield Offer("part")
    helping = actor.unit in {unit for _, unit in facts.helps} | {called.unit for called in facts.called}
    if facts.stage < Stage.CLOSED and (_owns(facts, actor) or helping):
        yield Offer("attach")


def _owns(facts: Facts, actor: Actor) -> bool:
    return _may(must_own, actor, facts.owner, "")


def _oversees(facts: Facts, actor: Actor) -> bool:
    return _may(must_oversee, actor, facts.owner, facts.answers_to, facts.place, "")


def _supervises(facts: Facts, actor: Actor) -> bool:
    return actor.role is Role.SUPERVISOR and actor.over(facts.place)


def _adjudicates(facts: Facts, actor: Actor) -> bool:
    cause = cause_of(facts)
    to = facts.rivals[0] if facts.rivals else ""
    return cause is not None and _may(
        must_adjudicate, actor, cause, facts.owner, facts.answers_to, facts.place, to, facts.rivals
    )


def _may(check: Callable[..., None], *args: Any) -> bool:
    try:
        check(*args)
    except NotYours:
        return False
    return True
