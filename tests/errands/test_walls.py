"""Who reaches which row of the gate, whatever a page asks for; and what a certificate tells to whom."""

import pytest

from qianxian.cadres.queries import reach
from qianxian.errands import actions
from qianxian.errands.actions.certificates import token_of
from qianxian.errands.models import Asking, Certificate, Entrance, Errand, Occasion, Refusal, Verdict
from qianxian.errands.queries import desk, lists, meetings
from qianxian.errands.rules.certificates import MustNotIssue, UnknownKind
from qianxian.errands.rules.life import Kind
from qianxian.journal.models import Entry
from qianxian.matters.actions.work import AlreadyDone
from qianxian.matters.rules.authority import NotYours
from tests.errands.gatehouse import (
    HOUSING,
    LIUAN_WORKER,
    POLICE,
    ZHONGLOU_WORKER,
    a_meeting,
    admitted,
    drafted,
    filed,
)
from tests.town import DISTRICT, LIUAN, MONDAY, STREET, STREET_OFFICE, ZHONGLOU, later

pytestmark = pytest.mark.usefixtures("gatehouse")


@pytest.mark.parametrize(
    ("within", "seen"),
    [
        ({}, {"admitted"}),
        ({"everything": True}, {"draft", "filed", "admitted"}),
        ({"unit": "zj"}, {"draft", "filed", "admitted"}),
        ({"unit": "ga"}, {"admitted"}),
        ({"unit": "mz"}, {"filed", "admitted"}),
        ({"unit": "cm", "area": LIUAN}, {"filed", "admitted"}),
        ({"unit": "cz", "area": ZHONGLOU}, {"admitted"}),
        ({"unit": "st", "area": STREET}, {"filed", "admitted"}),
        ({"unit": "centre", "area": DISTRICT}, {"filed", "admitted"}),
        ({"area": "990199"}, {"admitted"}),
    ],
)
def test_a_draft_is_its_departments_a_request_whom_it_concerns_a_decision_everybodys(within, seen):
    held = {drafted().pk: "draft", filed(topic_id=None).pk: "filed", admitted().pk: "admitted"}
    reach(**within)
    assert {held[pk] for pk in Errand.objects.values_list("pk", flat=True)} == seen
    for parts in (Entrance, Verdict):
        assert {held[pk] for pk in parts.objects.values_list("errand_id", flat=True)} == seen - {"draft"}


@pytest.mark.parametrize(
    ("within", "seen"),
    [
        ({}, False),
        ({"unit": "ga"}, True),
        ({"unit": "zj"}, False),
        ({"unit": "cm", "area": LIUAN}, True),
        ({"unit": "cz", "area": ZHONGLOU}, False),
        ({"unit": "st", "area": STREET}, True),
    ],
)
def test_a_refusal_is_seen_by_the_two_sides_and_those_above(within, seen):
    asking = actions.ask(place=LIUAN, kind=Kind.TASK, words="x", actor=POLICE, at=MONDAY)
    refusal = actions.refuse(asking.pk, actor=LIUAN_WORKER, at=MONDAY)
    reach(**within)
    assert Asking.objects.filter(pk=asking.pk).exists() == seen
    assert Refusal.objects.filter(pk=refusal.pk).exists() == seen


def test_a_department_cannot_write_for_another_nor_change_what_it_does_not_reach():
    errand = filed()
    reach(unit="ga")
    assert Errand.objects.filter(pk=errand.pk).update(title="x") == 0
    with pytest.raises(Errand.DoesNotExist):
        actions.withdraw(errand.pk, actor=POLICE, at=MONDAY)


@pytest.mark.parametrize(("within", "seen"), [({"unit": "ga"}, 0), ({"unit": "cm"}, 1), ({"area": STREET}, 1), ({}, 0)])
def test_a_meeting_is_seen_by_who_must_come_and_who_called_it(within, seen):
    admitted(**a_meeting())
    reach(**within)
    assert Occasion.objects.count() == seen


def issued(**changed):
    said = {"kind": "residence", "name": "王小明", "document": "990101194603120021", "facts": "居住在北院。",
            "addressee": "实验小学", "purpose": "入学", **changed}  # fmt: skip
    return actions.issue(**said, actor=LIUAN_WORKER, at=MONDAY)


def test_a_certificate_is_sealed_numbered_and_found_by_its_token_alone():
    certificate = issued()
    assert certificate.number == "柳岸社区居委会证〔2026〕0001号"
    assert certificate.name_mask == "王**"
    assert "王小明".encode() not in bytes(certificate.name_sealed)
    assert certificate.token == token_of("cm 2026 1") != token_of("cm 2026 2")
    for within, seen in (({}, False), ({"unit": "st", "area": STREET}, False), ({"code": certificate.token}, True)):
        reach(**within)
        assert (desk.by_token(certificate.token) is not None) == seen
    reach(everything=True)
    _, opened = actions.read(certificate.pk, actor=LIUAN_WORKER, at=later(1))
    assert opened == {"name": "王小明", "document": "990101194603120021", "facts": "居住在北院。"}
    verbs = Entry.objects.filter(subject=f"certificate:{certificate.pk}").values_list("verb", flat=True)
    assert list(verbs) == ["issue_certificate", "read_certificate"]
    with pytest.raises(NotYours):
        actions.read(certificate.pk, actor=ZHONGLOU_WORKER, at=later(1))


def test_no_word_of_a_certificate_stands_in_the_journal():
    certificate = issued()
    told = str(list(Entry.objects.filter(subject=f"certificate:{certificate.pk}").values()))
    assert not any(word in told for word in ("王小明", "990101194603120021", "北院", "实验小学"))


def test_a_certificate_is_revoked_once_by_who_issued_it():
    certificate = issued()
    with pytest.raises(NotYours):
        actions.revoke(certificate.pk, reason="x", actor=ZHONGLOU_WORKER, at=later(1))
    actions.revoke(certificate.pk, reason="写错了", actor=LIUAN_WORKER, at=later(1))
    with pytest.raises(AlreadyDone):
        actions.revoke(certificate.pk, reason="写错了", actor=LIUAN_WORKER, at=later(1))
    assert issued().serial == 2


@pytest.mark.parametrize(("kind", "error"), [("crime", MustNotIssue), ("marriage", MustNotIssue), ("x", UnknownKind)])
def test_what_another_office_issues_is_not_issued(kind, error):
    with pytest.raises(error):
        issued(kind=kind)
    assert Certificate.objects.count() == 0


def test_a_refusal_undone_counts_for_nobody_and_can_be_made_anew():
    asking = actions.ask(place=LIUAN, kind=Kind.TASK, words="x", actor=POLICE, at=MONDAY)
    refusal = actions.refuse(asking.pk, actor=LIUAN_WORKER, at=MONDAY)
    assert [line.refused for line in lists.refused_by_department(lists.refusals(area=STREET))] == [1]
    actions.undo_refusal(refusal.pk, actor=LIUAN_WORKER, at=later(1))
    assert lists.refused_by_department(lists.refusals(area=STREET)) == []
    assert [found.pk for found in lists.askings_at_the_gate("cm")] == [asking.pk]
    actions.refuse(asking.pk, actor=LIUAN_WORKER, at=later(2))
    actions.note_refusal(refusal.pk, words="已告知", actor=STREET_OFFICE, at=later(3))
    with pytest.raises(AlreadyDone):
        actions.undo_refusal(refusal.pk, actor=LIUAN_WORKER, at=later(4))


def test_meetings_that_can_be_one_are_proposed_to_those_above():
    admitted(**a_meeting(minutes=60))
    admitted(HOUSING, **a_meeting(minutes=60, title="另一个会", topic_id=None, starts_at=later(24 * 14 + 26)))
    [proposal] = meetings.proposals(STREET, later(5))
    assert [meeting.title for meeting in proposal.meetings] == ["养老服务工作会", "另一个会"]
    assert meetings.proposals("990101002", later(5)) == []
