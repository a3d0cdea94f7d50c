"""Asking those above: they owe an answer within a time, the owner stays the owner, silence climbs the ladder."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from qianxian.cadres.queries import reach, reaching_everything
from qianxian.cadres.rules import Actor, Role
from qianxian.journal.models import Entry
from qianxian.kernel.period import Period
from qianxian.mandates import actions as mandates
from qianxian.matters import actions
from qianxian.matters.actions.coordination import AskedBefore
from qianxian.matters.actions.rulings import CommitteeCannotOwn, OnlyThroughLiaison
from qianxian.matters.actions.work import NothingToDecide, Said
from qianxian.matters.models import Alarm, Coordination, Help, Matter
from qianxian.matters.queries import partings
from qianxian.matters.queries.desk import Narrowing, Paging, threads_of, waiting
from qianxian.matters.queries.page import facts_of
from qianxian.matters.rules.authority import NotYours
from qianxian.matters.rules.coordination import (
    NotAbove,
    Term,
    Way,
    load_terms,
    may_be_asked,
    over_the_one_asked,
    term,
    way_to,
)
from qianxian.matters.rules.deadlines import Limit, NoDeadline, Proof, Unit
from qianxian.matters.rules.life import Ground, OutOfOrder, Result, Stage
from qianxian.matters.rules.possible import offers
from qianxian.register import actions as register
from qianxian.register.rules import Kind, Organisation, directory
from tests.town import (
    ARTICLES,
    CATS,
    CENTRE,
    COMMUNITY,
    DISTRICT,
    GOVERNMENT,
    HOUSING,
    LIUAN,
    MONDAY,
    NOISE,
    POLICE,
    START,
    STREET_OFFICE,
    article,
    later,
    receive,
)

CITY, OTHER = "9901", "990102"
BODIES = {
    code: Organisation(code, code, code, kind, place)
    for code, kind, place in [
        ("city", Kind.GOVERNMENT, CITY), ("city-zj", Kind.DEPARTMENT, CITY), ("gov", Kind.GOVERNMENT, DISTRICT),
        ("zj", Kind.DEPARTMENT, DISTRICT), ("ga", Kind.DEPARTMENT, DISTRICT), ("st", Kind.STREET, DISTRICT + "001"),
        ("water", Kind.ENTERPRISE, DISTRICT), ("cm", Kind.COMMITTEE, LIUAN), ("rail", Kind.SUPERIOR, LIUAN),
        ("abroad", Kind.DEPARTMENT, OTHER), ("abroad-rail", Kind.SUPERIOR, OTHER),
    ]
}  # fmt: skip
TOWN = directory([(body, ()) for body in BODIES.values()], [])
WAYS = [
    ("zj", "gov", Way.UPWARD), ("zj", "city-zj", Way.UPWARD), ("zj", "city", Way.UPWARD), ("gov", "city", Way.UPWARD),
    ("gov", "city-zj", Way.UPWARD), ("water", "zj", Way.UPWARD), ("st", "zj", Way.CALL), ("st", "gov", Way.CALL),
    ("st", "city", Way.CALL), ("zj", "rail", Way.LIAISON), ("st", "rail", Way.LIAISON),
    ("zj", "ga", None), ("gov", "zj", None), ("zj", "st", None), ("st", "cm", None), ("st", "abroad", None),
    ("zj", "water", None), ("gov", "gov", None),
]  # fmt: skip


@pytest.mark.parametrize(("asker", "asked", "way"), WAYS)
def test_only_those_above_are_asked(asker, asked, way):
    if way is None:
        with pytest.raises(NotAbove):
            way_to(BODIES[asked], BODIES[asker])
    else:
        assert way_to(BODIES[asked], BODIES[asker]) is way


def test_the_nearest_above_is_offered_first_and_organs_of_this_district_last():
    assert [body.code for body in may_be_asked(TOWN, "st", LIUAN)] == ["ga", "gov", "zj", "city", "city-zj", "rail"]
    assert [body.code for body in may_be_asked(TOWN, "gov", LIUAN)] == ["city", "city-zj", "rail"]
    assert may_be_asked(TOWN, "nobody", LIUAN) == []


@pytest.mark.parametrize(("asked", "higher"), [("zj", "gov"), ("gov", "city"), ("city-zj", "city"), ("city", "")])
def test_over_a_silent_body_stands_its_government(asked, higher):
    assert over_the_one_asked(TOWN, asked) == higher


def test_the_time_for_an_answer_is_a_dated_parameter_and_the_narrower_row_prevails():
    always, day = Period(START), Limit(1, Unit.WORKING_DAY)
    rows = [
        Term(Way.CALL, "", deadline_class, place, day, "", Proof.KNOWN, always)
        for deadline_class, place in [("", ""), ("", DISTRICT), ("urgent", ""), ("", OTHER)]
    ]
    found = [term(rows, Way.CALL, code, LIUAN, MONDAY) for code in ("general", "urgent")]
    assert [(row.deadline_class, row.place) for row in found] == [("", DISTRICT), ("urgent", "")]
    with pytest.raises(NoDeadline):
        term(rows, Way.UPWARD, "", LIUAN, MONDAY)
    assert {row.way for row in load_terms() if not row.deadline_class and not row.place} == set(Way)


def ask(matter, actor=POLICE, unit="gov", at=None, **more):
    words = {"reason": "警力和场地都不够", "wanted": "请区政府定一处停放场地"} | more
    return actions.ask_above(matter.pk, unit=unit, **words, actor=actor, at=at or later(2))


def fresh(matter):
    return Matter.objects.get(pk=matter.pk)


@pytest.fixture
def town(everything: None) -> None:
    pass


@pytest.mark.usefixtures("town")
class TestDeeds:
    def test_the_owner_asks_upward_and_stays_the_owner_while_the_clock_runs_on(self):
        matter = receive(NOISE)
        asked = ask(matter)
        after = fresh(matter)
        assert (after.owner_id, after.stage, after.due_at) == ("ga", Stage.ASSIGNED, matter.due_at)
        assert (asked.way, asked.asker_id, asked.unit_id) == ("upward", "ga", "gov")
        assert asked.due_at == datetime.fromisoformat("2026-03-05T17:30:00+08:00")
        assert "gov" in after.involved
        entry = Entry.objects.filter(subject=f"matter:{matter.pk}").last()
        assert (entry.verb, entry.unit, entry.details["coordination"]) == ("ask_above", "ga", asked.pk)

    def test_the_street_of_the_place_calls_though_it_does_not_own(self):
        assert ask(receive(NOISE), STREET_OFFICE, "zj").way == Way.CALL

    @pytest.mark.parametrize("actor", [HOUSING, COMMUNITY, GOVERNMENT, CENTRE])
    def test_nobody_else_asks(self, actor):
        with pytest.raises(NotYours):
            ask(receive(NOISE), actor)

    def test_a_neighbour_is_no_one_above(self):
        with pytest.raises(NotAbove):
            ask(receive(NOISE), unit="zj")

    @pytest.mark.parametrize("missing", ["reason", "wanted"])
    def test_reason_and_request_are_said(self, missing):
        with pytest.raises(Said) as refused:
            ask(receive(NOISE), **{missing: " "})
        assert refused.value.field == missing

    def test_the_same_unit_is_asked_once_even_after_a_no(self):
        matter = receive(NOISE)
        asked = ask(matter)
        actions.answer_above(asked.pk, agreed=False, answer="不属于区级事权", actor=GOVERNMENT, at=later(5))
        with pytest.raises(AskedBefore):
            ask(matter, at=later(6))

    def test_a_resolved_matter_asks_nobody(self):
        matter = receive(NOISE)
        actions.resolve(matter.pk, result=Result.SOLVED, reply="已劝止", evidence="复查", actor=POLICE, at=later(1))
        with pytest.raises(OutOfOrder):
            ask(matter)

    def test_a_decision_says_what_who_and_until_when_and_lands_on_the_desk_of_who_does_it(self):
        matter = receive(NOISE)
        asked = ask(matter)
        decided = actions.answer_above(
            asked.pk, agreed=True, answer="由住建局在月底前腾出场地", executor="zj", until=later(24 * 9),
            actor=GOVERNMENT, at=later(5),
        )  # fmt: skip
        assert (decided.executor_id, decided.until, decided.answered_by_id) == ("zj", later(24 * 9), "gov")
        owed = Help.objects.get(matter=matter)
        assert (owed.unit_id, owed.what, owed.due_at) == ("zj", "由住建局在月底前腾出场地", later(24 * 9))
        assert fresh(matter).owner_id == "ga"
        assert {"zj", "gov"} <= set(fresh(matter).involved)

    def test_the_owner_itself_may_be_told_to_go_on_with_the_means_it_was_given(self):
        asked = ask(receive(NOISE))
        actions.answer_above(
            asked.pk, agreed=True, answer="经费已批", executor="ga", until=later(99), actor=GOVERNMENT, at=later(5)
        )
        assert not Help.objects.filter(matter_id=asked.matter_id).exists()

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"executor": "zj"}, Said),
            ({"until": later(50)}, Said),
            ({"executor": "zj", "until": later(1)}, Said),
            ({"executor": "cm", "until": later(50)}, CommitteeCannotOwn),
        ],
    )
    def test_half_a_decision_is_none(self, given, refusal):
        asked = ask(receive(NOISE))
        with pytest.raises(refusal):
            actions.answer_above(asked.pk, agreed=True, answer="办", **given, actor=GOVERNMENT, at=later(5))

    def test_the_database_refuses_half_a_decision_too(self):
        asked = ask(receive(NOISE))
        with pytest.raises(DatabaseError), transaction.atomic():
            Coordination.objects.filter(pk=asked.pk).update(agreed=True)

    def test_a_no_has_its_reasons_and_an_answer_is_given_once_by_the_one_asked(self):
        asked = ask(receive(NOISE))
        no = {"agreed": False, "answer": "街道已有场地", "at": later(5)}
        with pytest.raises(Said):
            actions.answer_above(asked.pk, **no | {"answer": " "}, actor=GOVERNMENT)
        for actor in (POLICE, CENTRE, STREET_OFFICE):
            with pytest.raises(NotYours):
                actions.answer_above(asked.pk, **no, actor=actor)
        actions.answer_above(asked.pk, **no, actor=GOVERNMENT)
        with pytest.raises(NothingToDecide):
            actions.answer_above(asked.pk, **no, actor=GOVERNMENT)

    def test_it_waits_on_both_desks_and_is_offered_where_it_can_be_done(self):
        matter = receive(NOISE)
        asked = ask(matter)
        for actor, thread in ((GOVERNMENT, "above"), (POLICE, "awaited")):
            found = waiting(actor, threads_of(actor), Narrowing(), Paging(), later(3)).rows
            assert (thread, asked.due_at, matter.pk) in [(row.thread, row.due, row.matter["id"]) for row in found]
        facts = facts_of(fresh(matter))
        assert "answer_above" in [offer.deed for offer in offers(facts, GOVERNMENT, later(3))]
        assert "answer_above" not in [offer.deed for offer in offers(facts, POLICE, later(3))]
        assert "ask_above" in [offer.deed for offer in offers(facts, STREET_OFFICE, later(3))]

    def test_silence_climbs_the_ladder_step_by_step_and_an_answer_ends_it(self):
        matter = receive(NOISE)
        asked = ask(matter)
        at, told = asked.due_at + timedelta(days=4), []
        while asked.pk in actions.due_coordinations(at):
            alarm = actions.take_step_above(asked.pk, at=at)
            told.append((alarm.step, alarm.told_id))
        assert told == [("above_soon", "gov"), ("above_due", "centre"), ("above_overdue", "centre")]
        steps = [e.details["step"] for e in Entry.objects.filter(subject=f"matter:{matter.pk}", verb="alarm")]
        assert steps == ["above_soon", "above_due", "above_overdue"]
        assert actions.take_step_above(asked.pk, at=at) is None
        second = ask(matter, STREET_OFFICE, "zj", at=at)
        actions.answer_above(second.pk, agreed=False, answer="无此事权", actor=HOUSING, at=at + timedelta(hours=1))
        assert second.pk not in actions.due_coordinations(at + timedelta(days=30))

    def test_the_ladder_of_the_matter_is_its_own(self):
        matter = receive(NOISE)
        asked = ask(matter)
        late = matter.due_at + timedelta(days=9)
        while actions.take_step(matter.pk, at=late):
            pass
        while actions.take_step_above(asked.pk, at=late):
            pass
        taken = Alarm.objects.filter(matter=matter)
        assert (taken.filter(coordination=None).count(), taken.filter(coordination=asked).count()) == (5, 3)
        assert [parting for number, parting in partings() if number == matter.pk] == [None]


@pytest.fixture
def station(everything: None) -> Actor:
    """A body above the district with a duty of its own, whose liaison unit the register names."""
    register.enter_organisation(
        code="rail", name="路局云溪站段", short="云溪站段", kind="superior", place_id=LIUAN, liaison_id="zj",
        actor="test", at=START,
    )  # fmt: skip
    mandates.publish(
        number=2, title="第二版", articles=[*ARTICLES, article("D1", "rail", "lead", CATS)],
        in_force_from=MONDAY - timedelta(days=1), actor="test", at=MONDAY - timedelta(days=1),
    )  # fmt: skip
    return Actor("account:rail", "rail", Role.DEPARTMENT)


def test_the_matter_of_a_body_above_the_district_has_its_liaison_unit_as_owner_and_the_body_owes_an_answer(station):
    matter = fresh(receive(CATS))
    assert (matter.owner_id, matter.ground, matter.article.body_id) == ("zj", Ground.LIAISON, "rail")
    asked = Coordination.objects.get(matter=matter)
    assert (asked.way, asked.asker_id, asked.unit_id) == ("liaison", "zj", "rail")
    assert asked.due_at > MONDAY
    assert "rail" in matter.involved
    assert Entry.objects.get(subject=f"matter:{matter.pk}").details["asked"] == "rail"
    assert [parting for number, parting in partings() if number == matter.pk] == [None]


def test_the_body_answers_itself_or_its_liaison_unit_writes_down_what_it_answered(station):
    for actor in (station, HOUSING):
        asked = Coordination.objects.get(matter=receive(CATS))
        with pytest.raises(NotYours):
            actions.answer_above(asked.pk, agreed=False, answer="否", actor=POLICE, at=later(4))
        answered = actions.answer_above(
            asked.pk,
            agreed=True,
            answer="本段月内修复围墙",
            executor="rail",
            until=later(200),
            actor=actor,
            at=later(5),
        )
        assert answered.answered_by_id == actor.unit
        assert not Help.objects.filter(matter_id=asked.matter_id).exists()


def test_no_ruling_and_no_dispatch_puts_a_body_above_the_district_in_charge(station):
    matter = receive(NOISE, hard=True)
    actions.consult(matter.pk, unit="zj", opinion="可由住建局联络", actor=GOVERNMENT, at=later(1))
    with pytest.raises(OnlyThroughLiaison):
        actions.dispatch(matter.pk, to="rail", article="清单", reason="会商", actor=GOVERNMENT, at=later(2))
    objected = receive(NOISE)
    with pytest.raises(OnlyThroughLiaison):
        actions.object_to(objected.pk, names="rail", article="清单", reason="在铁路用地内", actor=POLICE, at=later(1))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE qianxian_matter SET owner_id = 'rail', owner_kind = 'superior' WHERE id = %s", [matter.pk]
        )


def test_who_has_no_part_in_a_matter_sees_no_request_of_it(everything):
    asked = ask(receive(NOISE))
    for unit, seen in (("jt", 0), ("gov", 1), ("ga", 1)):
        reach(unit=unit)
        assert Coordination.objects.filter(pk=asked.pk).count() == seen
    with reaching_everything():
        assert Coordination.objects.filter(pk=asked.pk).exists()
