"""How far each demand of the demonstration has come: every step is a deed done by somebody who may do it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from qianxian.cadres import queries as cadres
from qianxian.cadres.rules import RESIDENT, SYSTEM, Actor, Role
from qianxian.deliberation import actions as deliberation
from qianxian.kernel.worktime import Calendar
from qianxian.matters import actions as matters
from qianxian.matters.rules.intake import Channel, Demand, MatterKind
from qianxian.matters.rules.life import Result, Satisfaction

from .timing import awake, between, on_the_way, spread

if TYPE_CHECKING:
    from qianxian.cadres.models import Account
    from qianxian.matters.models import Matter


CENTRE, GOVERNMENT, STREET = "centre", "gov", "st-qinghe"
HALF_AN_HOUR = timedelta(minutes=30)
A_MOMENT = timedelta(minutes=2)


class Cast:
    """The accounts of the demonstration, by unit."""

    def __init__(self) -> None:
        self.by_unit: dict[str, list[Account]] = {}
        for account in get_user_model().objects.order_by("joined_at", "pk"):
            self.by_unit.setdefault(account.unit_id, []).append(account)

    def of(self, unit: str, at: datetime, *, role: Role | None = None, place: str = "") -> Actor:
        """Return somebody of a unit, of a role and reaching a place where that is asked."""
        actors = [cadres.acting(account, at) for account in self.by_unit[unit]]
        fitting = [actor for actor in actors if role in (None, actor.role) and (not place or actor.over(place))]
        return (fitting or actors)[0]

    def supervisor(self, at: datetime) -> Actor:
        return self.of(CENTRE, at, role=Role.SUPERVISOR)


@dataclass
class Way:
    """One demand on its way: what was said of it, when it comes and by when its story is told."""

    line: int
    row: dict[str, str]
    demand: Demand
    received: datetime
    contact_due: datetime
    end: datetime
    calendar: Calendar
    cast: Cast
    follows: "Way | None" = None
    latest: datetime | None = None
    number: int = 0
    unit: str = ""
    due: datetime | None = None
    matter: "Matter | None" = field(default=None, repr=False)

    def at(self, share: float) -> datetime:
        """Return the moment by which a share of the time of this story is over, later than what came before."""
        return self._after(on_the_way(self.received, self.end, share, self.calendar))

    def answering(self, low: float = 0.2, high: float = 0.8) -> datetime:
        """Return a moment in which a unit that does its work in time answers for the first time."""
        until = min(self.contact_due, self.end)
        return self._after(on_the_way(self.received, until, between(low, high, self.line, "answer"), self.calendar))

    def _after(self, moment: datetime) -> datetime:
        self.latest = max(moment, (self.latest or self.received) + A_MOMENT)
        return self.latest

    def owner(self, at: datetime) -> Actor:
        return self.cast.of(self.unit, at)

    @property
    def units(self) -> list[str]:
        return [unit for unit in self.row["units"].split("|") if unit]

    @property
    def said(self) -> list[str]:
        """What is said in the story, in the order of the units that it concerns."""
        return self.row["said"].split("|")


Story = Callable[[Way], Iterator[datetime]]
"""Yields each moment and then does the deed of that moment, so that the deeds of many matters happen in their order."""


def receive(way: Way) -> Iterator[datetime]:
    yield way.received
    contact = matters.Contact(way.row["name"], way.row["phone"])
    taken = matters.receive(
        demand=way.demand, contact=contact, actor=_receiver(way), at=way.received,
        follows=way.follows.matter if way.follows and way.row["story"] == "follow_up" else None,
    )  # fmt: skip
    way.number, way.unit, way.due, way.matter = taken.pk, taken.owner_id, taken.due_at, taken


def _receiver(way: Way) -> Actor:
    if way.demand.channel in (Channel.WALK_IN, Channel.WORKER):
        workers = [unit for unit in way.cast.by_unit if unit.startswith("cm-")]
        actors = [way.cast.of(unit, way.received, place=way.demand.place) for unit in workers]
        return next((actor for actor in actors if actor.over(way.demand.place)), RESIDENT)
    if way.demand.channel is Channel.WEB:
        return RESIDENT
    return SYSTEM if way.demand.channel is Channel.API else way.cast.of(CENTRE, way.received, role=Role.DEPARTMENT)


def new(way: Way) -> Iterator[datetime]:
    return receive(way)


def signed(way: Way) -> Iterator[datetime]:
    yield from receive(way)
    at = way.answering(0.05, 0.3)
    yield at
    matters.sign(way.number, actor=way.owner(at), at=at)


NOTES = {
    MatterKind.CONSULT: ("已电话告知办理条件和需要带的材料，诉求人表示清楚。", "已短信发送办事指南并电话说明要点。"),
    MatterKind.PRAISE: ("已致电感谢，并把表扬转达给当事的同志。",),
    MatterKind.SUGGESTION: (
        "已电话听取建议的详细想法，约好现场看点位。",
        "已与建议人通话，说明研究步骤和答复时间。",
    ),
}
USUAL_NOTES = (
    "已电话联系诉求人，核实了时间和位置，约定今天到现场看。",
    "已与诉求人通话，问清情况，告知由我单位负责和办理时限。",
    "已上门见到诉求人，一起看了现场，记下三处具体问题。",
    "电话联系诉求人，对方白天上班，约定傍晚到现场碰面。",
    "已联系诉求人并加了联系方式，方便随时告知进展。",
)
UNKNOWN_NOTE = "诉求人没有留联系方式，已按反映的位置到现场核实。"


def contacted(way: Way) -> Iterator[datetime]:
    yield from signed(way)
    at = way.answering(0.4, 0.9)
    yield at
    how = "phone" if way.row["phone"] else "visit"
    matters.contact(way.number, how=how, note_=_note(way), actor=way.owner(at), at=at)


def _note(way: Way) -> str:
    if not way.row["phone"]:
        return UNKNOWN_NOTE
    notes = NOTES.get(way.demand.kind, USUAL_NOTES)
    return notes[int(spread(way.line, "note") * len(notes))]


def help_asked(way: Way) -> Iterator[datetime]:
    """Of several units asked, all but the last have answered."""
    yield from contacted(way)
    at = way.at(0.55)
    yield at
    asked = [_ask(way, unit, what, at) for unit, what in zip(way.units, way.said, strict=False)]
    for share, (number, unit), answer in zip((0.75, 0.85), asked[:-1], way.said[len(asked) :], strict=False):
        at = way.at(share)
        yield at
        matters.answer_help(number, delivered=True, answer=answer, actor=way.cast.of(unit, at), at=at)


def _ask(way: Way, unit: str, what: str, at: datetime) -> tuple[int, str]:
    due = on_the_way(way.end, way.due or way.end, 0.5, way.calendar)
    asked = matters.ask_help(way.number, unit=unit, what=what, due_at=due, actor=way.owner(at), at=at)
    return asked.pk, unit


def asked_above(way: Way) -> Iterator[datetime]:
    """The owner cannot solve it alone; where a decision is told, it was made, and somebody carries it out."""
    yield from contacted(way)
    at = way.at(0.6)
    yield at
    unit, *executors = way.units
    reason, wanted, *decided = way.said
    asked = matters.ask_above(way.number, unit=unit, reason=reason, wanted=wanted, actor=way.owner(at), at=at)
    for answer, executor in zip(decided, executors, strict=True):
        at = way.at(0.85)
        yield at
        matters.answer_above(
            asked.pk, agreed=True, answer=answer, executor=executor, until=at + timedelta(days=20),
            actor=way.cast.of(unit, at), at=at,
        )  # fmt: skip


def liaised(way: Way) -> Iterator[datetime]:
    """A body above the district has answered by letter, and its liaison unit has written it down."""
    yield from contacted(way)
    at = way.at(0.8)
    yield at
    (number,) = matters.answers_awaited(way.number)
    matters.answer_above(
        number, agreed=True, answer=way.said[0], executor=way.units[0], until=at + timedelta(days=30),
        actor=way.owner(at), at=at,
    )  # fmt: skip


def whistled(way: Way) -> Iterator[datetime]:
    """The street blows; all but the last unit have come, the first has said what it did."""
    yield from contacted(way)
    at = way.at(0.6)
    yield at
    blown = matters.whistle(
        way.number, kind="demand", units=way.units, what=way.said[0], required_at=at + HALF_AN_HOUR,
        actor=way.cast.of(STREET, at, role=Role.STREET, place=way.demand.place), at=at,
    )  # fmt: skip
    arrivals = list(blown.arrivals.order_by("pk"))
    for share, arrival in zip((0.4, 0.6), arrivals[:-1], strict=False):
        came = at + min(HALF_AN_HOUR, way.end - at) * share
        yield came
        matters.arrive(arrival.pk, actor=way.cast.of(arrival.unit_id, came), at=came)
    done = max(way.at(0.85), at + min(HALF_AN_HOUR, way.end - at) * 0.8)
    yield done
    first = arrivals[0]
    matters.report_work(first.pk, work=way.said[1], rating=5, actor=way.cast.of(first.unit_id, done), at=done)


def extension_asked(way: Way) -> Iterator[datetime]:
    """Every third was granted, the others wait for whoever decides."""
    yield from contacted(way)
    at = way.at(0.7)
    yield at
    matters.ask_extension(way.number, amount=3, reason=way.said[0], actor=way.owner(at), at=at)
    if way.line % 3 == 0:
        at = way.at(0.9)
        yield at
        told = "因情况复杂，办理时间延长三天，经办单位会在延长期内给您结果。"
        matters.decide_extension(way.number, granted=True, told=told, actor=way.cast.supervisor(at), at=at)


def objected(way: Way) -> Iterator[datetime]:
    yield from signed(way)
    at = way.answering(0.4, 0.6)
    yield at
    article, reason = way.said[:2]
    matters.object_to(way.number, names=way.units[0], article=article, reason=reason, actor=way.owner(at), at=at)


def ruled(way: Way) -> Iterator[datetime]:
    """An objection was decided on, for the unit it names or against; whoever answers works on."""
    yield from objected(way)
    at = way.at(0.6)
    yield at
    to = way.units[0] if way.row["story"] == "upheld" else way.unit
    article, reason = way.said[2:4]
    matters.adjudicate(way.number, to=to, article=article, reason=reason, actor=way.cast.supervisor(at), at=at)
    way.unit = to
    at = way.at(0.85)
    yield at
    matters.contact(way.number, how="phone", note_=_note(way), actor=way.owner(at), at=at)


def consulted(way: Way) -> Iterator[datetime]:
    """A hard case: the units are heard one after the other before anybody is told to carry it."""
    yield from receive(way)
    for place, (unit, opinion) in enumerate(zip(way.units, way.said, strict=True), 1):
        at = way.at(place / (len(way.units) + 1))
        yield at
        matters.consult(way.number, unit=unit, opinion=opinion, actor=way.cast.of(GOVERNMENT, at), at=at)


def resolved(way: Way) -> Iterator[datetime]:
    yield from contacted(way)
    way.end = max(way.end, (way.latest or way.end) + A_MOMENT)
    yield way.end
    matters.resolve(
        way.number, result=_result(way), reply=way.row["reply"], evidence=way.row["evidence"],
        actor=way.owner(way.end), at=way.end,
    )  # fmt: skip


def _result(way: Way) -> Result:
    if not way.row["evidence"]:
        return Result.EXPLAINED
    return Result.PARTLY if way.row["story"] == "rated_bad" else Result.SOLVED


SATISFIED = ("办得快，谢谢。", "有人管，有回音，满意。", "师傅很耐心，问题解决了。", "谢谢，已经好了。", "", "")


def rated_good(way: Way) -> Iterator[datetime]:
    yield from _rated(way, solved=True, comment=SATISFIED[int(spread(way.line, "thanks") * len(SATISFIED))])


def rated_bad(way: Way) -> Iterator[datetime]:
    yield from _rated(way, solved=False, comment=way.said[0])


def _rated(way: Way, *, solved: bool, comment: str) -> Iterator[datetime]:
    yield from resolved(way)
    called = awake(way.end + timedelta(hours=between(3, 20, way.line, "call")), way.line)
    called = max(called, way.end + A_MOMENT)
    yield called
    matters.call_back(
        way.number, reached=bool(way.row["phone"]), note_="", actor=way.cast.supervisor(called), at=called
    )
    at = max(awake(called + timedelta(minutes=between(1, 400, way.line, "rate")), way.line), called + A_MOMENT)
    yield at
    best = Satisfaction.SATISFIED if spread(way.line, "best") < 0.8 else Satisfaction.BASICALLY
    level = best if solved else Satisfaction.DISSATISFIED
    deliberation.rate(way.number, solved=solved, satisfaction=level, comment=comment, actor=RESIDENT, at=at)


def paused(way: Way) -> Iterator[datetime]:
    yield from contacted(way)
    at = way.at(0.75)
    yield at
    matters.pause(way.number, cause=way.units[0], note_=way.said[0], actor=way.owner(at), at=at)


def supervised(way: Way) -> Iterator[datetime]:
    """Every second has been answered for."""
    yield from contacted(way)
    at = way.at(0.7)
    yield at
    matters.supervise(way.number, cause=way.units[0], note_=way.said[0], actor=way.cast.supervisor(at), at=at)
    if way.line % 2 == 0:
        at = way.at(0.9)
        yield at
        matters.answer_supervision(way.number, answer=way.said[1], actor=way.owner(at), at=at)


def terminated(way: Way) -> Iterator[datetime]:
    yield from contacted(way)
    yield from _pleaded(way, "terminate", way.at(0.8))


def removed(way: Way) -> Iterator[datetime]:
    yield from resolved(way)
    yield from _pleaded(way, "remove", way.end + timedelta(hours=2))


def _pleaded(way: Way, purpose: str, at: datetime) -> Iterator[datetime]:
    yield at
    reason, decision = way.said[:2]
    matters.plead(way.number, purpose=purpose, ground=way.units[0], reason=reason, actor=way.owner(at), at=at)
    at += timedelta(hours=between(2, 5, way.line, "plea"))
    yield at
    actor = way.cast.supervisor(at)
    matters.decide_plea(way.number, purpose=purpose, granted=True, decision=decision, actor=actor, at=at)


def merged(way: Way) -> Iterator[datetime]:
    yield from receive(way)
    at = way.at(0.5)
    yield at
    actor = way.cast.of(STREET, at, role=Role.STREET, place=way.demand.place)
    first = way.follows.number if way.follows else 0
    matters.merge(way.number, into=first, actor=actor, at=at)


@dataclass(frozen=True)
class Span:
    """
    How a story lies in time: the share of its time that is used when its last work is done, and how long ago that was.

    :param ago: days, from the shortest to the longest; both 0 for what still runs
    """

    used: tuple[float, float]
    ago: tuple[float, float] = (0, 0)


STORIES: dict[str, tuple[Story, Span]] = {
    "new": (new, Span((0.01, 0.06))),
    "exit": (new, Span((0.01, 0.01), (0.1, 44))),
    "signed": (signed, Span((0.12, 0.3))),
    "contacted": (contacted, Span((0.35, 0.7))),
    "help": (help_asked, Span((0.4, 0.6))),
    "above": (asked_above, Span((0.4, 0.6))),
    "liaised": (liaised, Span((0.4, 0.6))),
    "whistle": (whistled, Span((0.35, 0.4))),
    "extension": (extension_asked, Span((0.6, 0.85))),
    "objected": (objected, Span((0.1, 0.2))),
    "upheld": (ruled, Span((0.35, 0.5))),
    "refused_objection": (ruled, Span((0.35, 0.6))),
    "consultation": (consulted, Span((0.3, 0.6))),
    "resolved": (resolved, Span((0.35, 0.85), (0.2, 5))),
    "rated_good": (rated_good, Span((0.3, 0.9), (2, 38))),
    "rated_bad": (rated_bad, Span((0.8, 0.97), (8, 35))),
    "follow_up": (contacted, Span((0.3, 0.5))),
    "paused": (paused, Span((0.4, 0.5))),
    "supervised": (supervised, Span((0.55, 0.8))),
    "terminated": (terminated, Span((0.6, 0.7), (4, 9))),
    "removed": (removed, Span((0.4, 0.7), (3, 12))),
    "merged": (merged, Span((0.1, 0.15))),
    "overdue": (contacted, Span((1, 1))),
}


def story_of(row: dict[str, str]) -> tuple[Story, Span]:
    return STORIES[row["story"].partition(":")[0]]
