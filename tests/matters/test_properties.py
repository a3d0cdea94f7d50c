"""Whatever is done to a matter, in whatever order, by whomever: these things stay true."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianxian.cadres.rules import RESIDENT, Actor
from qianxian.deliberation import actions as deliberation
from qianxian.journal.models import Entry
from qianxian.matters import actions
from qianxian.matters.models import Arrival, Coordination, Help, Matter, Whistle
from qianxian.matters.queries import partings
from qianxian.matters.rules.life import Result, Satisfaction
from qianxian.web.sentences import Refusal, sentence
from tests.town import CATS, CENTRE, HEATING, MONDAY, NOISE, PARKING, STAFF, receive

pytestmark = pytest.mark.usefixtures("everything")
Deed = Callable[[Matter, Actor, datetime], Any]
HALF_BY_THE_OWNER = [None] * len(STAFF) + list(STAFF)
UNITS = ("ga", "zj", "jt", "st", "cm", "gov")


def newest(model: type, matter: Matter) -> int:
    found = (
        model.objects.filter(**{"whistle__matter" if model is Arrival else "matter": matter}).order_by("-pk").first()
    )
    return found.pk if found else 0


def helping(matter: Matter, actor: Actor, at: datetime) -> None:
    if number := newest(Help, matter):
        actions.answer_help(number, delivered=True, answer="已到场", actor=actor, at=at)


def answering_above(agreed: bool) -> Deed:
    def answer(matter: Matter, actor: Actor, at: datetime) -> None:
        if number := newest(Coordination, matter):
            decided = {"executor": "ga", "until": at + timedelta(days=2)} if agreed else {}
            actions.answer_above(number, agreed=agreed, answer="已研究", **decided, actor=actor, at=at)

    return answer


def calling_for_the_answer(matter: Matter, actor: Actor, at: datetime) -> None:
    if number := newest(Coordination, matter):
        actions.take_step_above(number, at=at)


def arriving(matter: Matter, actor: Actor, at: datetime) -> None:
    if number := newest(Arrival, matter):
        actions.arrive(number, actor=actor, at=at)


def closing_whistle(matter: Matter, actor: Actor, at: datetime) -> None:
    if number := newest(Whistle, matter):
        actions.close_whistle(number, outcome="已处置", actor=actor, at=at)


def with_unit(deed: Callable[..., Any], name: str, **words: Any) -> list[Deed]:
    """Return the deed once for each unit; words that are functions take the moment."""

    def for_unit(unit: str) -> Deed:
        def done(matter: Matter, actor: Actor, at: datetime) -> Any:
            more = {word: value(at) if callable(value) else value for word, value in words.items()}
            return deed(matter.pk, **{name: unit}, **more, actor=actor, at=at)

        return done

    return [for_unit(unit) for unit in UNITS]


DEEDS: list[Deed] = [
    lambda m, a, t: actions.sign(m.pk, actor=a, at=t),
    lambda m, a, t: actions.contact(m.pk, how="phone", note_="已电话联系", actor=a, at=t),
    lambda m, a, t: actions.pause(m.pk, cause="material", note_="等材料", actor=a, at=t),
    lambda m, a, t: actions.resume(m.pk, actor=a, at=t),
    lambda m, a, t: actions.ask_extension(m.pk, amount=2, reason="需要会勘", actor=a, at=t),
    lambda m, a, t: actions.decide_extension(m.pk, granted=True, told="延长两天", actor=a, at=t),
    lambda m, a, t: actions.decide_extension(m.pk, granted=False, told="不延长", actor=a, at=t),
    *with_unit(actions.ask_help, "unit", what="请到场", due_at=lambda t: t + timedelta(hours=2)),
    helping,
    *with_unit(actions.ask_above, "unit", reason="本级没有权限", wanted="请协调资金"),
    answering_above(True),
    answering_above(False),
    calling_for_the_answer,
    lambda m, a, t: actions.whistle(
        m.pk, kind="joint", units=["ga", "zj"], what="联合处置", required_at=t + timedelta(minutes=30), actor=a, at=t
    ),
    arriving,
    closing_whistle,
    *with_unit(actions.object_to, "names", article="清单", reason="不属本单位职责"),
    *with_unit(actions.adjudicate, "to", article="清单", reason="职责清楚"),
    *with_unit(actions.consult, "unit", opinion="同意牵头"),
    *with_unit(actions.dispatch, "to", article="清单", reason="会商一致"),
    lambda m, a, t: actions.resolve(m.pk, result=Result.SOLVED, reply="已处理", evidence="现场复核", actor=a, at=t),
    lambda m, a, t: actions.resolve(m.pk, result=Result.REFUSED, reply="不能办", evidence="", actor=a, at=t),
    lambda m, a, t: actions.call_back(m.pk, reached=True, note_="", actor=a, at=t),
    lambda m, a, t: deliberation.rate(
        m.pk, solved=True, satisfaction=Satisfaction.SATISFIED, comment="", actor=RESIDENT, at=t
    ),
    lambda m, a, t: actions.supervise(m.pk, cause="bad_effect", note_="群众反映强烈", actor=a, at=t),
    lambda m, a, t: actions.answer_supervision(m.pk, answer="正在办理", actor=a, at=t),
    lambda m, a, t: actions.plead(m.pk, purpose="terminate", ground="withdrawn", reason="已撤回", actor=a, at=t),
    lambda m, a, t: actions.plead(m.pk, purpose="remove", ground="historic", reason="有计划", actor=a, at=t),
    lambda m, a, t: actions.decide_plea(m.pk, purpose="terminate", granted=True, decision="同意", actor=a, at=t),
    lambda m, a, t: actions.decide_plea(m.pk, purpose="remove", granted=True, decision="同意", actor=a, at=t),
    lambda m, a, t: actions.take_step(m.pk, at=t),
    lambda m, a, t: actions.move_deadline(m.pk, actor=a, at=t),
]  # fmt: skip
ENTRIES_OF_ONE_CALL = {"close", "supervise"}
"""Deeds that another deed does in the same transaction: rating closes, the ladder supervises."""


def entries(matter: Matter) -> list[Entry]:
    return list(Entry.objects.filter(subject=f"matter:{matter.pk}"))


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    topic=st.sampled_from([NOISE, PARKING, CATS, HEATING, ""]),
    hard=st.booleans(),
    sequence=st.lists(
        st.tuples(st.sampled_from(DEEDS), st.sampled_from(HALF_BY_THE_OWNER), st.floats(0.1, 72)),
        min_size=5,
        max_size=40,
    ),
)
def test_whatever_is_done_one_owner_answers_and_the_journal_tells_it_all(topic, hard, sequence):
    with transaction.atomic():
        matter, at = receive(topic, hard=hard), MONDAY
        before = Matter.objects.get(pk=matter.pk)
        for deed, actor, hours in sequence:
            at += timedelta(hours=hours)
            written = len(entries(matter))
            done = attempt(deed, before, actor or owners_own(before), at)
            after = Matter.objects.get(pk=matter.pk)
            hold_true(before, after)
            told = [entry.verb for entry in entries(matter)[written:]]
            assert len([verb for verb in told if verb not in ENTRIES_OF_ONE_CALL or len(told) == 1]) == done
            before = after
        assert [parting for number, parting in partings() if number == matter.pk] == [None]
        transaction.set_rollback(True)


def owners_own(matter: Matter) -> Actor:
    """Return who may do most: one of the owner's own, so that long lives are tried and not only refusals."""
    return next(actor for actor in STAFF if actor.unit == matter.owner_id)


def attempt(deed: Deed, matter: Matter, actor: Actor, at: datetime) -> int:
    """Return how many deeds were done: none where it was refused or there was nothing to do."""
    try:
        with transaction.atomic():
            written = len(entries(matter))
            deed(matter, actor, at)
            return int(len(entries(matter)) > written)
    except Refusal as refusal:
        return 0 if sentence(refusal) else -1


def hold_true(before: Matter, after: Matter) -> None:
    assert after.owner_id
    assert after.owner_kind != "committee"
    assert after.owner.kind == after.owner_kind
    assert after.stage >= before.stage
    assert before.dispatched_at in (None, after.dispatched_at)
    assert after.owner_id in after.involved
    if before.ground == "ruling":
        assert after.owner_id == before.owner_id


def test_a_ruling_is_final_for_every_actor():
    matter = receive(PARKING)
    actions.adjudicate(matter.pk, to="jt", article="B2", reason="道路停车由交通局牵头", actor=CENTRE, at=MONDAY)
    for actor in STAFF:
        for deed in with_unit(actions.adjudicate, "to", article="清单", reason="再议"):
            assert attempt(deed, matter, actor, MONDAY) == 0
