"""Two deeds at the gate at the same moment: one is done, the other hears why not."""

from datetime import timedelta

import pytest

from qianxian.errands import actions
from qianxian.errands.models import Asking, Certificate, Entrance, Errand, Refusal, Verdict
from qianxian.errands.rules.life import Kind, Opinion, Stage
from qianxian.journal.models import Entry
from tests.errands.gatehouse import CIVIL_AFFAIRS, HOUSING, LIUAN_WORKER, POLICE, filed, heard
from tests.matters.test_concurrency import at_once, refused
from tests.town import CATS, LIUAN, MONDAY, STREET_OFFICE, later

pytestmark = pytest.mark.usefixtures("committed_gatehouse")


@pytest.mark.parametrize("_round", range(4))
def test_the_table_that_decides_at_once_admits_once(_round):
    errand = heard(title=f"探访 {_round}", topic_id=None)
    results = at_once(
        lambda: actions.decide(errand.pk, admitted=True, reason="同意", actor=STREET_OFFICE, at=later(3)),
        lambda: actions.decide(errand.pk, admitted=True, reason="同意", actor=CIVIL_AFFAIRS, at=later(3)),
        lambda: actions.decide(errand.pk, admitted=True, reason="同意", actor=STREET_OFFICE, at=later(3)),
    )
    assert len(refused(results)) == 1
    assert Errand.objects.get(pk=errand.pk).stage == Stage.ADMITTED
    told = Entry.objects.filter(subject=f"errand:{errand.pk}", verb="decide_errand")
    assert [entry.details.get("stage") for entry in told.order_by("pk")] == [None, int(Stage.ADMITTED)]


@pytest.mark.parametrize("_round", range(3))
def test_two_of_the_same_admitted_at_once_are_one(_round):
    pair = [heard(title=f"同一件事 {_round}", topic_id=CATS, kind="ledger" if _round else "task") for _ in range(2)]
    for errand in pair:
        actions.decide(errand.pk, admitted=True, reason="同意", actor=STREET_OFFICE, at=later(3))
    results = at_once(
        *[
            lambda number=errand.pk: actions.decide(
                number, admitted=True, reason="同意", actor=CIVIL_AFFAIRS, at=later(4)
            )
            for errand in pair
        ]
    )
    assert refused(results) == ["NoLongerFits"]
    admitted = Errand.objects.get(pk__in=[errand.pk for errand in pair], stage=Stage.ADMITTED)
    actions.stop(admitted.pk, actor=HOUSING, at=later(5))


@pytest.mark.parametrize("_round", range(4))
def test_admitting_and_refusing_at_once_leaves_a_refusal(_round):
    errand = heard(title=f"登记 {_round}", topic_id=None)
    at_once(
        lambda: actions.decide(errand.pk, admitted=True, reason="同意", actor=STREET_OFFICE, at=later(3)),
        lambda: actions.decide(errand.pk, admitted=False, reason="重复", actor=CIVIL_AFFAIRS, at=later(3)),
    )
    assert Errand.objects.get(pk=errand.pk).stage == Stage.REFUSED
    assert Verdict.objects.get(errand=errand, unit="mz").admitted is False


@pytest.mark.parametrize("_round", range(3))
def test_withdrawing_and_speaking_at_once_never_leaves_an_opinion_on_what_is_gone(_round):
    errand = filed(title=f"撤回 {_round}", topic_id=None)
    at_once(
        lambda: actions.withdraw(errand.pk, actor=HOUSING, at=later(1)),
        lambda: actions.give_opinion(
            errand.pk, place=LIUAN, opinion=Opinion.AGREE, words="", actor=LIUAN_WORKER, at=later(1)
        ),
    )
    entrance, stage = Entrance.objects.get(errand=errand), Errand.objects.get(pk=errand.pk).stage
    assert stage == Stage.WITHDRAWN
    verbs = list(Entry.objects.filter(subject=f"errand:{errand.pk}").order_by("pk").values_list("verb", flat=True))
    assert ("give_opinion" in verbs) == bool(entrance.opinion)
    assert verbs[-1] == "withdraw_errand"


def test_one_tap_by_six_thumbs_is_one_refusal():
    asking = actions.ask(place=LIUAN, kind=Kind.LEDGER, words="报表", actor=POLICE, at=MONDAY)
    results = at_once(*[lambda: actions.refuse(asking.pk, actor=LIUAN_WORKER, at=later(1))] * 6)
    assert refused(results) == ["AlreadyDone"] * 5
    assert Refusal.objects.filter(asking=asking).count() == 1
    assert Entry.objects.filter(subject=f"asking:{asking.pk}", verb="refuse_asking").count() == 1


def test_taking_back_and_refusing_at_once_does_one_of_them():
    asking = actions.ask(place=LIUAN, kind=Kind.TASK, words="入户", actor=POLICE, at=MONDAY)
    results = at_once(
        lambda: actions.refuse(asking.pk, actor=LIUAN_WORKER, at=later(1)),
        lambda: actions.take_back(asking.pk, actor=POLICE, at=later(1)),
    )
    assert refused(results) == ["AlreadyDone"]
    taken_back = Asking.objects.get(pk=asking.pk).taken_back_at is not None
    assert taken_back != Refusal.objects.filter(asking=asking).exists()


def test_certificates_issued_at_once_have_numbers_without_gap_or_double():
    def issue():
        return actions.issue(
            kind="residence", name="王小明", document="990101194603120021", facts="居住在本社区。",
            addressee="实验小学", purpose="入学", actor=LIUAN_WORKER, at=MONDAY,
        )  # fmt: skip

    before = Certificate.objects.count()
    results = at_once(*[issue] * 6)
    assert refused(results) == []
    serials = sorted(Certificate.objects.values_list("serial", flat=True))
    assert serials == list(range(1, before + 7))


def test_two_jobs_that_close_hearings_at_once_close_each_once():
    errand = filed(title="到期", topic_id=None)
    due = errand.opinions_due_at + timedelta(seconds=1)
    results = at_once(*[lambda: actions.close_hearing(errand.pk, at=due)] * 4)
    assert refused(results) == ["NotAtThisStage"] * 3
