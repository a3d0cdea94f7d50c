"""An errand enters a community only through the gate, and leaves by itself."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from qianxian.errands import actions
from qianxian.errands.actions.hearings import NoLongerFits, StillBeingHeard
from qianxian.errands.actions.meetings import NotWithinErrand
from qianxian.errands.actions.refusals import NotByYourself, NotRunning, WasAdmitted
from qianxian.errands.models import Asking, Entrance, Errand, Occasion, Outcome, Refusal
from qianxian.errands.rules.life import Kind, NotAtThisStage, Opinion, Stage, replay
from qianxian.errands.rules.meetings import MeetingIsOver, State
from qianxian.errands.rules.refusals import Way
from qianxian.journal.models import Entry
from qianxian.kernel.worktime import BEIJING
from qianxian.matters.actions.work import AlreadyDone, Said
from qianxian.matters.models import Matter
from qianxian.matters.rules.authority import NotYours
from tests.errands.gatehouse import (
    CIVIL_AFFAIRS,
    DISPATCH,
    HOUSING,
    LIUAN_WORKER,
    POLICE,
    REGISTRY,
    SUPERVISOR,
    ZHONGLOU_WORKER,
    a_meeting,
    admitted,
    drafted,
    filed,
    heard,
)
from tests.town import LIUAN, MONDAY, STREET_OFFICE, ZHONGLOU, later

pytestmark = pytest.mark.usefixtures("gatehouse")


def blocked(errand: Errand) -> set[str]:
    return {finding["code"] for finding in errand.checks if finding["weight"] == "block"}


def test_a_request_that_passes_is_heard_decided_and_runs_until_its_end():
    errand = admitted()
    assert errand.stage == Stage.ADMITTED
    assert errand.reason == "清河街道办事处：在协助清单内，经费随事到位。\n区民政局：在协助清单内，经费随事到位。"
    last = datetime(2026, 12, 31, 23, 59, tzinfo=BEIJING)
    assert actions.errands_to_leave(last) == []
    with pytest.raises(NotAtThisStage):
        actions.leave(errand.pk, at=last)
    midnight = datetime(2027, 1, 1, tzinfo=BEIJING)
    assert actions.errands_to_leave(midnight) == [errand.pk]
    gone = actions.leave(errand.pk, at=midnight)
    assert (gone.stage, gone.ending) == (Stage.ENDED, "date")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"topic_id": DISPATCH}, "negative"),
        ({"topic_id": REGISTRY}, "taken_back"),
        ({"basis": "领导要求"}, "no_basis"),
        ({"basis": "《流动人口计划生育工作条例》第三条"}, "repealed"),
        ({"role": "lead"}, "leads"),
        ({"funds": 0, "people": 0}, "no_means"),
        ({"starts_on": date(2026, 4, 1)}, "too_soon"),
        ({"ends_on": date(2027, 5, 7)}, "too_long"),
    ],
)
def test_what_a_check_forbids_goes_back_with_its_reason_and_nothing_is_lost(changed, code):
    errand = filed(**changed)
    assert errand.stage == Stage.DRAFT
    assert errand.returned_at == MONDAY
    assert code in blocked(errand)
    assert errand.words == "每月上门探访八十岁以上独居老人一次。"
    assert Entry.objects.filter(subject=f"errand:{errand.pk}").last().verb == "return_errand"


def test_what_went_back_is_mended_and_filed_again():
    errand = filed(funds=0, people=0)
    actions.revise(errand.pk, actor=HOUSING, at=later(1), funds=9000)
    assert actions.file(errand.pk, actor=HOUSING, at=later(1)).stage == Stage.FILED


def test_the_same_of_the_same_department_does_not_enter_twice_but_may_be_extended():
    first = admitted()
    assert blocked(filed(title="又一个探访")) == {"runs_already"}
    more = actions.copy(first.pk, extending=True, actor=HOUSING, at=later(5))
    assert (more.stage, more.extends_id, more.title, more.starts_on) == (Stage.DRAFT, first.pk, first.title, None)
    actions.revise(more.pk, starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 30), actor=HOUSING, at=later(5))
    assert actions.file(more.pk, actor=HOUSING, at=later(6)).stage == Stage.FILED


def test_the_hearing_cannot_be_skipped_and_silence_is_noted_only_after_it():
    errand = filed()
    for at in (later(3), errand.opinions_due_at - timedelta(seconds=1)):
        with pytest.raises(StillBeingHeard):
            actions.close_hearing(errand.pk, at=at)
        with pytest.raises(StillBeingHeard):
            actions.decide(errand.pk, admitted=True, reason="同意", actor=STREET_OFFICE, at=at)
    assert actions.hearings_to_close(errand.opinions_due_at) == [errand.pk]
    actions.close_hearing(errand.pk, at=errand.opinions_due_at)
    [entrance] = Entrance.objects.filter(errand=errand)
    assert (entrance.opinion, entrance.given_at) == ("silent", errand.opinions_due_at)
    with pytest.raises(NotAtThisStage):
        actions.give_opinion(
            errand.pk, place=LIUAN, opinion=Opinion.AGREE, words="", actor=LIUAN_WORKER, at=errand.opinions_due_at
        )


def test_the_database_refuses_silence_before_the_period_and_a_decision_without_a_hearing():
    errand = filed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entrance.objects.filter(errand=errand).update(opinion="silent", given_at=later(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Errand.objects.filter(pk=errand.pk).update(stage=40, decided_at=later(1), heard_at=later(1), reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Errand.objects.filter(pk=errand.pk).update(hours_month=200)


def test_of_two_requests_that_pass_alone_but_not_together_one_enters():
    one, other = heard(), heard(title="又一个探访")
    for decider in (STREET_OFFICE, CIVIL_AFFAIRS):
        actions.decide(one.pk, admitted=True, reason="同意", actor=decider, at=later(4))
    actions.decide(other.pk, admitted=True, reason="同意", actor=STREET_OFFICE, at=later(4))
    with pytest.raises(NoLongerFits) as caught:
        actions.decide(other.pk, admitted=True, reason="同意", actor=CIVIL_AFFAIRS, at=later(4))
    assert caught.value.finding.code == "runs_already"
    refused = actions.decide(other.pk, admitted=False, reason="与已准入的重复", actor=CIVIL_AFFAIRS, at=later(4))
    assert refused.stage == Stage.REFUSED


def test_a_community_speaks_for_itself_and_says_why_it_is_against():
    errand = filed(places=[LIUAN, ZHONGLOU])
    with pytest.raises(NotYours):
        actions.give_opinion(
            errand.pk, place=LIUAN, opinion=Opinion.AGREE, words="", actor=ZHONGLOU_WORKER, at=later(1)
        )
    with pytest.raises(Said):
        actions.give_opinion(errand.pk, place=LIUAN, opinion=Opinion.OPPOSE, words=" ", actor=LIUAN_WORKER, at=later(1))
    actions.give_opinion(
        errand.pk, place=LIUAN, opinion=Opinion.OPPOSE, words="人手不够", actor=LIUAN_WORKER, at=later(1)
    )
    assert Errand.objects.get(pk=errand.pk).stage == Stage.FILED
    actions.give_opinion(errand.pk, place=ZHONGLOU, opinion=Opinion.AGREE, words="", actor=ZHONGLOU_WORKER, at=later(2))
    assert Errand.objects.get(pk=errand.pk).stage == Stage.HEARD


def test_one_unit_of_the_joint_table_that_refuses_is_enough():
    errand = heard()
    with pytest.raises(NotYours):
        actions.decide(errand.pk, admitted=True, reason="同意", actor=POLICE, at=later(3))
    with pytest.raises(Said):
        actions.decide(errand.pk, admitted=False, reason="", actor=CIVIL_AFFAIRS, at=later(3))
    refused = actions.decide(errand.pk, admitted=False, reason="与已有探访重复", actor=CIVIL_AFFAIRS, at=later(3))
    assert (refused.stage, refused.reason) == (Stage.REFUSED, "区民政局：与已有探访重复")
    with pytest.raises(NotAtThisStage):
        actions.decide(errand.pk, admitted=True, reason="同意", actor=STREET_OFFICE, at=later(4))


def test_nobody_decides_twice():
    errand = heard()
    actions.decide(errand.pk, admitted=True, reason="同意", actor=STREET_OFFICE, at=later(3))
    with pytest.raises(AlreadyDone):
        actions.decide(errand.pk, admitted=True, reason="同意", actor=STREET_OFFICE, at=later(3))


def test_what_did_not_pass_is_refused_with_one_deed_that_cites_the_article_and_counts_for_the_department():
    asking = actions.ask(place=LIUAN, kind=Kind.LEDGER, words="报一份出租房台账", actor=POLICE, at=later(1))
    refusal = actions.refuse(asking.pk, actor=LIUAN_WORKER, at=later(2))
    assert "第三十二条" in refusal.article
    assert refusal.department_id == "ga"
    [entry] = Entry.objects.filter(subject=f"asking:{asking.pk}", verb="refuse_asking")
    assert entry.article == refusal.article[:200]
    with pytest.raises(AlreadyDone):
        actions.refuse(asking.pk, actor=LIUAN_WORKER, at=later(2))
    noted = actions.note_refusal(refusal.pk, words="已告知公安分局走准入", actor=STREET_OFFICE, at=later(3))
    assert noted.note == "已告知公安分局走准入"


def test_what_was_admitted_is_not_refused_and_an_errand_is_named_only_where_it_runs():
    errand = admitted()
    may = datetime(2026, 5, 7, 9, tzinfo=BEIJING)
    asking = actions.ask(place=LIUAN, kind=Kind.TASK, words="五月探访", errand=errand.pk, actor=HOUSING, at=may)
    with pytest.raises(WasAdmitted):
        actions.refuse(asking.pk, actor=LIUAN_WORKER, at=may)
    for place, actor, at in (
        (ZHONGLOU, HOUSING, may),
        (LIUAN, POLICE, may),
        (LIUAN, HOUSING, later(5)),
        (LIUAN, HOUSING, datetime(2027, 1, 1, tzinfo=BEIJING)),
    ):
        with pytest.raises(NotRunning):
            actions.ask(place=place, kind=Kind.TASK, words="探访", errand=errand.pk, actor=actor, at=at)


def test_what_came_by_chat_is_refused_too():
    refusal = actions.refuse_what_came(
        department="ga", kind=Kind.LEDGER, words="群里要接龙", way=Way.CHAT, actor=LIUAN_WORKER, at=MONDAY
    )
    assert Asking.objects.get(refusal=refusal).way == "chat"
    with pytest.raises(NotByYourself):
        actions.refuse_what_came(
            department="cm", kind=Kind.TASK, words="x", way=Way.CHAT, actor=LIUAN_WORKER, at=MONDAY
        )
    with pytest.raises(NotYours):
        actions.refuse_what_came(department="ga", kind=Kind.TASK, words="x", way=Way.CHAT, actor=POLICE, at=MONDAY)


def test_a_street_answers_only_refusals_of_its_own_communities():
    asking = actions.ask(place=LIUAN, kind=Kind.TASK, words="x", actor=POLICE, at=MONDAY)
    refusal = actions.refuse(asking.pk, actor=LIUAN_WORKER, at=MONDAY)
    with pytest.raises(NotYours):
        actions.note_refusal(refusal.pk, words="x", actor=POLICE, at=MONDAY)
    assert Refusal.objects.get(pk=refusal.pk).noted_at is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"report_minutes": 61}, "report_minutes"),
        ({"minutes": 150}, "meeting_minutes"),
        ({"attendees": ["secretary", "director", "worker"]}, "attendance"),
        ({"starts_at": later(24 * 3)}, "too_soon"),
        ({"frequency": "daily", "ends_on": date(2026, 6, 1)}, "meetings"),
    ],
)
def test_a_meeting_keeps_to_its_ceilings_when_it_is_filed(changed, code):
    assert code in blocked(filed(**a_meeting(**changed)))


def test_a_line_holds_one_comprehensive_meeting_a_year():
    admitted(**a_meeting(comprehensive=True))
    first = Errand.objects.get(comprehensive=True)
    actions.leave(first.pk, at=later(24 * 30))
    again = filed(**a_meeting(comprehensive=True, starts_at=later(24 * 60), topic_id=None))
    assert blocked(again) == {"comprehensive"}
    next_year = filed(**a_meeting(comprehensive=True, starts_at=later(24 * 365), topic_id=None))
    assert next_year.stage == Stage.FILED
    assert filed(POLICE, **a_meeting(comprehensive=True, starts_at=later(24 * 60))).stage == Stage.FILED


def test_an_admitted_meeting_stands_in_the_calendar_and_its_minutes_become_matters_without_retyping():
    errand = admitted(**a_meeting())
    [occasion] = Occasion.objects.filter(errand=errand)
    assert occasion.starts_at == errand.starts_at
    held = occasion.starts_at + timedelta(hours=2)
    actions.minute(occasion.pk, record="一、更换二号楼楼道灯\n二、开展入户探访", actor=LIUAN_WORKER, at=held)
    [outcome] = actions.turn_into_matters(
        occasion.pk, lines=["更换二号楼楼道灯"], place=LIUAN, actor=LIUAN_WORKER, at=held
    )
    assert Matter.objects.get(pk=outcome.matter_id).words.startswith("更换二号楼楼道灯")
    with pytest.raises(AlreadyDone):
        actions.turn_into_matters(occasion.pk, lines=["更换二号楼楼道灯"], place=LIUAN, actor=LIUAN_WORKER, at=held)
    with pytest.raises(Said):
        actions.turn_into_matters(occasion.pk, lines=["没说过的话"], place=LIUAN, actor=LIUAN_WORKER, at=held)
    actions.turn_into_draft(occasion.pk, line="开展入户探访", actor=HOUSING, at=held)
    drafts = Outcome.objects.get(line="开展入户探访").errand
    assert (drafts.stage, drafts.department_id, drafts.words) == (Stage.DRAFT, "zj", "开展入户探访")


def test_a_meeting_is_called_no_oftener_and_no_longer_than_was_admitted():
    errand = admitted(**a_meeting(frequency="monthly", ends_on=date(2026, 6, 30)))
    april = errand.starts_at + timedelta(days=30)
    with pytest.raises(NotWithinErrand) as caught:
        actions.schedule(errand.pk, starts_at=april, minutes=120, agenda="", actor=HOUSING, at=later(5))
    assert caught.value.code == "length"
    actions.schedule(errand.pk, starts_at=april, minutes=60, agenda="", actor=HOUSING, at=later(5))
    for moment, code in ((april + timedelta(hours=5), "frequency"), (april + timedelta(days=120), "period")):
        with pytest.raises(NotWithinErrand) as caught:
            actions.schedule(errand.pk, starts_at=moment, minutes=60, agenda="", actor=HOUSING, at=later(5))
        assert caught.value.code == code


def test_meetings_of_one_week_are_held_as_one():
    one = admitted(**a_meeting(minutes=60))
    other = admitted(POLICE, **a_meeting(minutes=60, title="平安建设例会", starts_at=later(24 * 14 + 26)))
    first, second = (Occasion.objects.get(errand=errand) for errand in (one, other))
    with pytest.raises(NotYours):
        actions.merge(first.pk, joining=[second.pk], actor=POLICE, at=later(5))
    merged = actions.merge(first.pk, joining=[second.pk], actor=STREET_OFFICE, at=later(5))
    assert (merged.minutes, merged.state) == (120, State.PLANNED)
    assert "平安建设例会（60 分钟）" in merged.agenda
    second.refresh_from_db()
    assert (second.state, second.merged_into_id) == (State.MERGED, first.pk)
    with pytest.raises(MeetingIsOver):
        actions.cancel(second.pk, actor=POLICE, at=later(6))


def test_what_was_planned_under_an_errand_is_off_when_it_is_stopped():
    errand = admitted(**a_meeting())
    actions.stop(errand.pk, actor=HOUSING, at=later(5))
    assert Occasion.objects.get(errand=errand).state == State.CANCELLED


def test_the_journal_alone_tells_the_stage_of_every_errand():
    for errand in (admitted(), heard(title="另一件", topic_id=None), filed(basis="领导要求"), drafted()):
        entries = Entry.objects.filter(subject=f"errand:{errand.pk}").order_by("pk")
        assert replay(entry.details for entry in entries) == Errand.objects.get(pk=errand.pk).stage


def test_the_supervisor_is_not_at_the_table_unless_its_unit_is():
    errand = heard()
    with pytest.raises(NotYours):
        actions.decide(errand.pk, admitted=True, reason="同意", actor=SUPERVISOR, at=later(3))


@pytest.mark.parametrize(
    ("named", "code"),
    [("person.name", "held"), ("home.house_number", "field_unknown"), ("person.phone", None)],
)
def test_a_field_that_an_authority_holds_is_not_asked_for_again(named, code):
    errand = filed(fields=[named])
    assert blocked(errand) == ({"held"} if code == "held" else set())
    if code:
        assert code in {finding["code"] for finding in errand.checks}
