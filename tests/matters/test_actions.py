"""The deeds of one matter, on a real database: who may, when, and what it leaves."""

from datetime import timedelta

import pytest

from qianxian.cadres.rules import RESIDENT, Actor
from qianxian.deliberation import actions as deliberation
from qianxian.journal.models import Entry
from qianxian.mandates.models import Finding, Proposal
from qianxian.matters import actions
from qianxian.matters.actions.endings import RulingOutstanding
from qianxian.matters.actions.help import NotOnTheList
from qianxian.matters.actions.rulings import CommitteeCannotOwn
from qianxian.matters.actions.work import AlreadyDone, NothingToDecide, Said, TooLate
from qianxian.matters.models import Arrival, Help, Matter
from qianxian.matters.queries import partings, reckon
from qianxian.matters.rules.authority import NotYours
from qianxian.matters.rules.deadlines import NoCause
from qianxian.matters.rules.life import Ground, OutOfOrder, Result, Satisfaction, Stage
from tests.town import (
    CATS,
    CENTRE,
    COMMUNITY,
    GOVERNMENT,
    HOUSING,
    LIUAN,
    MONDAY,
    NOISE,
    PARKING,
    POLICE,
    STAFF,
    STREET_OFFICE,
    TRAFFIC,
    ZHONGLOU,
    later,
    post_secretary,
    receive,
)

pytestmark = pytest.mark.usefixtures("everything")


def fresh(matter):
    return Matter.objects.get(pk=matter.pk)


def verbs(matter):
    return list(Entry.objects.filter(subject=f"matter:{matter.pk}").values_list("verb", flat=True))


def resolved(topic=NOISE, result=Result.SOLVED, **more):
    matter = receive(topic, **more)
    actions.resolve(
        matter.pk, result=result, reply="已劝止，签了承诺书", evidence="回访三户确认", actor=POLICE, at=later(3)
    )
    return matter


def rate(matter, *, solved=True, satisfaction=Satisfaction.SATISFIED, at=None):
    deliberation.rate(
        matter.pk, solved=solved, satisfaction=satisfaction, comment="", actor=RESIDENT, at=at or later(4)
    )


def test_a_matter_goes_from_intake_to_closed():
    matter = resolved()
    rate(matter)
    stored = fresh(matter)
    assert (stored.stage, stored.ending, stored.solved, stored.satisfaction) == (60, "rated", True, "satisfied")
    assert verbs(matter) == ["receive", "resolve", "rate", "close"]
    assert [parting for number, parting in partings() if number == matter.pk] == [None]


def test_the_journal_holds_no_words_names_or_telephones():
    matter = receive(NOISE, words="楼上王某某每晚跳绳，我的电话19900001111")
    told = str(
        [(entry.actor, entry.details, entry.article) for entry in Entry.objects.filter(subject=f"matter:{matter.pk}")]
    )
    assert "王" not in told
    assert "1990" not in told


def test_personal_fields_are_sealed_and_masked():
    requester = receive(NOISE).requester
    assert (requester.name_mask, requester.phone_mask) == ("王**", "199****1111")
    assert "王小明".encode() not in bytes(requester.name_sealed)
    assert b"19900001111" not in bytes(requester.phone_sealed)


OWNERS_DEEDS = [
    ("sign", lambda n, a: actions.sign(n, actor=a, at=later(1))),
    ("contact", lambda n, a: actions.contact(n, how="phone", note_="通话", actor=a, at=later(1))),
    ("pause", lambda n, a: actions.pause(n, cause="material", note_="等", actor=a, at=later(1))),
    ("extend", lambda n, a: actions.ask_extension(n, amount=1, reason="会勘", actor=a, at=later(1))),
    ("object", lambda n, a: actions.object_to(n, names="zj", article="A2", reason="小区内", actor=a, at=later(1))),
    ("help", lambda n, a: actions.ask_help(n, unit="zj", what="到场", due_at=later(5), actor=a, at=later(1))),
    ("resolve", lambda n, a: actions.resolve(
        n, result=Result.SOLVED, reply="好了", evidence="复核", actor=a, at=later(1))),
    ("plead", lambda n, a: actions.plead(
        n, purpose="terminate", ground="withdrawn", reason="撤回", actor=a, at=later(1))),
]  # fmt: skip


@pytest.mark.parametrize(("_deed", "deed"), OWNERS_DEEDS)
def test_only_the_owner_does_the_owners_deeds(_deed, deed):
    matter = receive(NOISE)
    for actor in STAFF:
        if actor is not POLICE:
            with pytest.raises(NotYours):
                deed(matter.pk, actor)
    deed(matter.pk, POLICE)


OVERSEERS_DEEDS = [
    ("supervise", lambda n, a: actions.supervise(n, cause="bad_effect", note_="反映强烈", actor=a, at=later(1)),
     {STREET_OFFICE, CENTRE}),
    ("decide an extension", lambda n, a: actions.decide_extension(n, granted=True, told="可以", actor=a, at=later(2)),
     {STREET_OFFICE, CENTRE}),
    ("decide a plea", lambda n, a: actions.decide_plea(
        n, purpose="remove", granted=True, decision="是", actor=a, at=later(2)), {CENTRE}),
]  # fmt: skip


@pytest.mark.parametrize(("_deed", "deed", "may"), OVERSEERS_DEEDS)
def test_only_who_oversees_decides(_deed, deed, may):
    for actor in STAFF:
        matter = receive(NOISE)
        actions.ask_extension(matter.pk, amount=2, reason="会勘", actor=POLICE, at=later(1))
        actions.plead(matter.pk, purpose="remove", ground="historic", reason="历史遗留", actor=POLICE, at=later(1))
        if actor in may:
            deed(matter.pk, actor)
        else:
            with pytest.raises(NotYours):
                deed(matter.pk, actor)


def test_nobody_decides_over_what_the_own_unit_owns():
    matter = receive(CATS)
    assert fresh(matter).owner_id == "st"
    actions.ask_extension(matter.pk, amount=2, reason="会勘", actor=STREET_OFFICE, at=later(1))
    with pytest.raises(NotYours):
        actions.decide_extension(matter.pk, granted=True, told="可以", actor=STREET_OFFICE, at=later(2))
    actions.decide_extension(matter.pk, granted=True, told="可以", actor=CENTRE, at=later(2))


# Owner and clock


def test_an_objection_moves_neither_owner_nor_clock_and_its_ruling_moves_only_the_owner():
    matter = receive(NOISE)
    before = fresh(matter)
    actions.object_to(matter.pk, names="zj", article="A2", reason="小区内由住建牵头", actor=POLICE, at=later(2))
    during = fresh(matter)
    assert (during.owner_id, during.due_at, during.stage) == (before.owner_id, before.due_at, before.stage)
    actions.adjudicate(matter.pk, to="zj", article="A2", reason="现场为住宅小区", actor=STREET_OFFICE, at=later(5))
    after = fresh(matter)
    assert (after.owner_id, after.ground, after.stage) == ("zj", Ground.RULING, Stage.SETTLED)
    assert (after.due_at, after.dispatched_at) == (before.due_at, before.dispatched_at)
    assert Proposal.objects.get(ruling=f"matter:{matter.pk}").body_id == "zj"
    with pytest.raises(OutOfOrder):
        actions.object_to(matter.pk, names="ga", article="A1", reason="推回", actor=HOUSING, at=later(6))


def test_an_objection_that_is_lost_is_told_as_lost_and_the_owner_stays():
    matter = receive(NOISE)
    actions.object_to(matter.pk, names="zj", article="A2", reason="小区内", actor=POLICE, at=later(2))
    actions.adjudicate(matter.pk, to="ga", article="A1", reason="发生在道路上", actor=CENTRE, at=later(5))
    stored = fresh(matter)
    assert (stored.owner_id, stored.objection.upheld, stored.stage) == ("ga", False, Stage.SETTLED)


def test_an_objection_comes_once_and_within_a_working_day():
    matter = receive(NOISE)
    with pytest.raises(TooLate):
        actions.object_to(matter.pk, names="zj", article="A2", reason="晚了", actor=POLICE, at=later(72))
    actions.object_to(matter.pk, names="zj", article="A2", reason="小区内", actor=POLICE, at=later(2))
    with pytest.raises(AlreadyDone):
        actions.object_to(matter.pk, names="jt", article="B2", reason="再来", actor=POLICE, at=later(3))


@pytest.mark.parametrize(("names", "error"), [("cm", CommitteeCannotOwn), ("ga", Said)])
def test_an_objection_names_another_unit_that_may_own(names, error):
    matter = receive(NOISE)
    with pytest.raises(error):
        actions.object_to(matter.pk, names=names, article="A2", reason="推给它", actor=POLICE, at=later(1))


def test_a_matter_in_question_is_not_resolved_before_the_ruling():
    matter = receive(NOISE)
    actions.object_to(matter.pk, names="zj", article="A2", reason="小区内", actor=POLICE, at=later(2))
    with pytest.raises(RulingOutstanding):
        actions.resolve(matter.pk, result=Result.SOLVED, reply="好", evidence="有", actor=POLICE, at=later(3))


def test_a_street_chooses_among_rivals_and_makes_no_new_duty():
    contested, silent = receive(PARKING), receive(CATS)
    with pytest.raises(NotYours):
        actions.adjudicate(contested.pk, to="zj", article="x", reason="推给住建", actor=STREET_OFFICE, at=later(1))
    with pytest.raises(NotYours):
        actions.adjudicate(silent.pk, to="zj", article="x", reason="推给住建", actor=STREET_OFFICE, at=later(1))
    actions.adjudicate(contested.pk, to="jt", article="B2", reason="道路停车", actor=STREET_OFFICE, at=later(1))
    actions.adjudicate(silent.pk, to="ga", article="会议纪要", reason="由公安牵头", actor=CENTRE, at=later(1))
    assert (fresh(contested).owner_id, fresh(silent).owner_id) == ("jt", "ga")
    assert not Finding.objects.filter(
        witness__in=[f"matter:{m.pk}" for m in (contested, silent)], closed_at=None
    ).exists()


def test_a_posted_cadre_owns_in_person_what_no_article_settles():
    secretary = post_secretary()
    matter = fresh(receive(CATS))
    assert (matter.owner_id, matter.owner_posting_id) == ("st", secretary.posting)
    actions.resolve(matter.pk, result=Result.SOLVED, reply="已绝育放归", evidence="名单", actor=secretary, at=later(3))


def test_a_posted_cadre_decides_over_the_departments_that_answer_to_the_place():
    secretary = post_secretary()
    matter = receive(NOISE)
    actions.object_to(matter.pk, names="zj", article="A2", reason="小区内", actor=POLICE, at=later(2))
    actions.adjudicate(matter.pk, to="zj", article="A2", reason="现场为住宅小区", actor=secretary, at=later(3))
    assert fresh(matter).owner_id == "zj"


def test_a_hard_case_is_heard_before_it_is_dispatched_and_its_clock_starts_then():
    matter = receive(PARKING, hard=True)
    assert (fresh(matter).stage, fresh(matter).dispatched_at) == (Stage.RECEIVED, None)
    with pytest.raises(NothingToDecide):
        actions.dispatch(matter.pk, to="jt", article="B2", reason="会商一致", actor=GOVERNMENT, at=later(1))
    actions.consult(matter.pk, unit="jt", opinion="同意牵头", actor=GOVERNMENT, at=later(1))
    actions.dispatch(matter.pk, to="jt", article="B2", reason="会商一致", actor=GOVERNMENT, at=later(2))
    stored = fresh(matter)
    assert (stored.owner_id, stored.stage, stored.dispatched_at) == ("jt", Stage.ASSIGNED, later(2))
    assert reckon(stored, at=later(2)).due == stored.due_at


# The clock


def test_a_pause_moves_the_deadline_and_ends_by_itself_at_the_longest_time_of_its_cause():
    matter = receive(NOISE)
    due = fresh(matter).due_at
    actions.pause(matter.pk, cause="joint_survey", note_="联合勘查", actor=POLICE, at=later(25))
    with pytest.raises(AlreadyDone):
        actions.pause(matter.pk, cause="joint_survey", note_="再停", actor=POLICE, at=later(26))
    actions.resume(matter.pk, actor=POLICE, at=later(73))
    assert fresh(matter).due_at == due + timedelta(days=2)
    actions.pause(matter.pk, cause="joint_survey", note_="再勘查", actor=POLICE, at=later(74))
    assert not reckon(fresh(matter), at=later(24 * 60)).standing_still


def test_a_cause_that_no_rule_knows_pauses_nothing():
    with pytest.raises(NoCause):
        actions.pause(receive(NOISE).pk, cause="busy", note_="太忙", actor=POLICE, at=later(1))


def test_more_time_is_asked_before_expiry_and_granted_once():
    matter = receive(NOISE)
    due = fresh(matter).due_at
    with pytest.raises(TooLate):
        actions.ask_extension(matter.pk, amount=2, reason="晚了", actor=POLICE, at=due)
    with pytest.raises(Said):
        actions.ask_extension(matter.pk, amount=99, reason="太多", actor=POLICE, at=later(1))
    actions.ask_extension(matter.pk, amount=2, reason="会勘", actor=POLICE, at=later(1))
    actions.decide_extension(matter.pk, granted=True, told="因需会勘，延长两天", actor=STREET_OFFICE, at=later(2))
    assert fresh(matter).due_at == due + timedelta(days=2)
    with pytest.raises(AlreadyDone):
        actions.ask_extension(matter.pk, amount=1, reason="再延", actor=POLICE, at=later(3))


def test_a_refused_extension_leaves_the_deadline_and_may_be_asked_again():
    matter = receive(NOISE)
    due = fresh(matter).due_at
    actions.ask_extension(matter.pk, amount=2, reason="会勘", actor=POLICE, at=later(1))
    actions.decide_extension(matter.pk, granted=False, told="不同意延长", actor=STREET_OFFICE, at=later(2))
    assert fresh(matter).due_at == due
    actions.ask_extension(matter.pk, amount=1, reason="补充理由", actor=POLICE, at=later(3))


def test_the_clock_runs_whether_or_not_anybody_signs():
    signed, unsigned = receive(NOISE), receive(NOISE)
    actions.sign(signed.pk, actor=POLICE, at=later(20))
    assert fresh(signed).due_at == fresh(unsigned).due_at


# Others


def test_help_has_a_due_time_and_an_answer_and_the_owner_stays():
    matter = receive(NOISE)
    asked = actions.ask_help(matter.pk, unit="zj", what="提供物业联系人", due_at=later(8), actor=POLICE, at=later(1))
    with pytest.raises(NotYours):
        actions.answer_help(asked.pk, delivered=True, answer="给了", actor=TRAFFIC, at=later(2))
    actions.answer_help(asked.pk, delivered=False, answer="物业已撤场，先给临时联系人", actor=HOUSING, at=later(2))
    assert (Help.objects.get(pk=asked.pk).delivered, fresh(matter).owner_id) == (False, "ga")
    assert "zj" in fresh(matter).involved


def test_a_community_is_asked_only_for_what_an_article_lets_it_assist_with():
    assisted, other = receive(NOISE, LIUAN), receive(CATS, ZHONGLOU)
    asked = actions.ask_help(assisted.pk, unit="cm", what="上门劝解", due_at=later(8), actor=POLICE, at=later(1))
    assert asked.article.startswith("A4")
    with pytest.raises(NotOnTheList):
        actions.ask_help(other.pk, unit="cm", what="抓猫", due_at=later(8), actor=STREET_OFFICE, at=later(1))


@pytest.mark.parametrize("due_at", [MONDAY, later(24 * 90)])
def test_help_is_due_after_now_and_before_the_matter(due_at):
    with pytest.raises(Said):
        actions.ask_help(receive(NOISE).pk, unit="zj", what="到场", due_at=due_at, actor=POLICE, at=later(1))


def test_units_whistled_for_report_in_work_and_both_sides_rate():
    matter = receive(NOISE)
    with pytest.raises(NotYours):
        actions.whistle(
            matter.pk, kind="joint", units=["zj"], what="到场", required_at=later(2), actor=COMMUNITY, at=later(1)
        )
    whistle = actions.whistle(
        matter.pk, kind="joint", units=["ga", "zj", "zj"], what="联合处置", required_at=later(1.5),
        actor=STREET_OFFICE, at=later(1),
    )  # fmt: skip
    housing = Arrival.objects.get(whistle=whistle, unit_id="zj")
    with pytest.raises(NothingToDecide):
        actions.report_work(housing.pk, work="还没到", rating=5, actor=HOUSING, at=later(1.2))
    actions.arrive(housing.pk, actor=HOUSING, at=later(1.4))
    actions.report_work(housing.pk, work="约谈物业", rating=5, actor=HOUSING, at=later(3))
    with pytest.raises(Said):
        actions.rate_arrival(housing.pk, rating=6, actor=STREET_OFFICE, at=later(4))
    actions.rate_arrival(housing.pk, rating=4, actor=STREET_OFFICE, at=later(4))
    police = Arrival.objects.exclude(pk=housing.pk).get(whistle=whistle)
    for wrong, refusal in (({police.pk: 0}, Said), ({police.pk + 999: 3}, NothingToDecide)):
        with pytest.raises(refusal):
            actions.close_whistle(whistle.pk, outcome="已恢复秩序", ratings=wrong, actor=STREET_OFFICE, at=later(5))
    closing = {"outcome": "已恢复秩序", "ratings": {police.pk: 1}}
    actions.close_whistle(whistle.pk, **closing, actor=STREET_OFFICE, at=later(5))
    police.refresh_from_db()
    assert police.unit_rated == 1
    assert Entry.objects.filter(verb="close_whistle").latest("pk").details["ratings"] == {police.unit_id: 1}
    stored = Arrival.objects.get(pk=housing.pk)
    assert (stored.required_at, stored.arrived_at, stored.unit_rated, stored.caller_rated) == (
        later(1.5),
        later(1.4),
        4,
        5,
    )
    assert Arrival.objects.filter(whistle=whistle).count() == 2


# Endings


def test_a_solution_is_shown_by_words_and_a_photograph_is_never_needed():
    matter = receive(NOISE)
    with pytest.raises(Said):
        actions.resolve(matter.pk, result=Result.SOLVED, reply="好了", evidence=" ", actor=POLICE, at=later(1))
    actions.resolve(matter.pk, result=Result.SOLVED, reply="好了", evidence="回访三户", actor=POLICE, at=later(1))
    assert fresh(matter).attachments.count() == 0


def test_a_refusal_needs_its_reply_and_stays_a_refusal():
    matter = receive(NOISE)
    actions.resolve(matter.pk, result=Result.REFUSED, reply="该路段不具备条件", evidence="", actor=POLICE, at=later(1))
    rate(matter, solved=False, satisfaction=Satisfaction.DISSATISFIED)
    assert (fresh(matter).result, fresh(matter).solved) == ("refused", False)


def test_resolving_does_not_pass_for_having_spoken_to_the_requester():
    assert fresh(resolved()).contacted_at is None


def test_a_matter_is_rated_once_and_only_when_resolved():
    open_matter, matter = receive(NOISE), resolved()
    with pytest.raises(OutOfOrder):
        rate(open_matter)
    rate(matter)
    with pytest.raises(OutOfOrder):
        rate(matter, solved=False, satisfaction=Satisfaction.DISSATISFIED)


def test_a_follow_up_is_a_new_matter_that_goes_to_whom_the_first_answered_to():
    first = resolved()
    rate(first, solved=False, satisfaction=Satisfaction.DISSATISFIED)
    second = receive(NOISE, at=later(30), follows=fresh(first))
    assert (fresh(second).owner_id, fresh(second).ground, fresh(second).follows_id) == (
        "st",
        Ground.FOLLOW_UP,
        first.pk,
    )
    assert fresh(first).stage == Stage.CLOSED
    third = receive(NOISE, at=later(60), follows=fresh(second))
    assert fresh(third).owner_id == "gov"


def test_the_same_words_from_the_same_person_are_exit_e3_and_lead_to_the_first():
    first = receive(NOISE, words="楼上每天半夜拖椅子，敲门也不改。")
    again = receive(NOISE, words="楼上每天半夜，拖椅子；敲门也不改", at=later(2))
    assert (again.exit, again.merged_into_id, again.stage) == ("E3", first.pk, Stage.CLOSED)
    assert first.exit == ""


def test_duplicates_are_merged_with_the_link_kept():
    first, second = receive(NOISE), receive(NOISE)
    with pytest.raises(Said):
        actions.merge(second.pk, into=second.pk, actor=STREET_OFFICE, at=later(1))
    with pytest.raises(NotYours):
        actions.merge(second.pk, into=first.pk, actor=TRAFFIC, at=later(1))
    actions.merge(second.pk, into=first.pk, actor=STREET_OFFICE, at=later(1))
    assert (fresh(second).merged_into_id, fresh(second).ending) == (first.pk, "merged")
    with pytest.raises(Said):
        actions.merge(first.pk, into=second.pk, actor=STREET_OFFICE, at=later(2))


def test_a_terminated_matter_is_closed_only_by_approval():
    matter = receive(NOISE)
    actions.plead(
        matter.pk, purpose="terminate", ground="no_cooperation", reason="三次联系不上", actor=POLICE, at=later(1)
    )
    assert fresh(matter).stage == Stage.ASSIGNED
    actions.decide_plea(matter.pk, purpose="terminate", granted=True, decision="同意终止", actor=CENTRE, at=later(2))
    assert (fresh(matter).stage, fresh(matter).ending) == (Stage.CLOSED, "terminated")


def test_a_removed_matter_stays_visible_and_is_marked():
    matter = resolved()
    actions.plead(matter.pk, purpose="remove", ground="historic", reason="列入改造计划", actor=POLICE, at=later(5))
    with pytest.raises(AlreadyDone):
        actions.plead(matter.pk, purpose="remove", ground="historic", reason="再申请", actor=POLICE, at=later(6))
    actions.decide_plea(matter.pk, purpose="remove", granted=True, decision="同意剔除", actor=CENTRE, at=later(7))
    assert fresh(matter).removed
    assert fresh(matter).stage == Stage.RESOLVED


def test_supervision_asks_once_and_is_answered_by_the_owner():
    matter = receive(NOISE)
    actions.supervise(matter.pk, cause="bad_effect", note_="媒体报道", actor=CENTRE, at=later(1))
    with pytest.raises(AlreadyDone):
        actions.supervise(matter.pk, cause="late", note_="再督", actor=CENTRE, at=later(2))
    with pytest.raises(NotYours):
        actions.answer_supervision(matter.pk, answer="在办", actor=HOUSING, at=later(2))
    actions.answer_supervision(matter.pk, answer="已约谈", actor=POLICE, at=later(2))
    assert fresh(matter).supervised


def test_the_centre_calls_back_only_what_is_resolved():
    matter, open_matter = resolved(), receive(NOISE)
    with pytest.raises(OutOfOrder):
        actions.call_back(open_matter.pk, reached=True, note_="", actor=CENTRE, at=later(4))
    with pytest.raises(NotYours):
        actions.call_back(matter.pk, reached=True, note_="", actor=POLICE, at=later(4))
    actions.call_back(matter.pk, reached=True, note_="满意", actor=CENTRE, at=later(4))


def test_silence_closes_a_matter_as_unrated_after_a_week():
    matter = resolved()
    assert matter.pk not in actions.silent(later(24 * 7))
    assert matter.pk in actions.silent(later(24 * 7 + 3))
    actions.close_silent(matter.pk, at=later(24 * 8))
    assert (fresh(matter).ending, fresh(matter).satisfaction, fresh(matter).solved) == ("unrated", "unrated", None)


def test_an_actor_of_no_unit_can_do_nothing_but_ask_and_rate():
    matter = receive(NOISE)
    for _name, deed in OWNERS_DEEDS:
        with pytest.raises(NotYours):
            deed(matter.pk, Actor("resident"))
