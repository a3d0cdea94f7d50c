"""What the rates are made of, and that the rows behind a figure are as many as the figure says."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from qianxian.deliberation import actions as deliberation
from qianxian.kernel.period import Period
from qianxian.matters import actions
from qianxian.matters.queries import behind, oversight
from qianxian.matters.queries.rates import By, Counted, Part, counted, formulas, publications, published, rates_of
from qianxian.matters.rules.authority import Cause, NotYours
from qianxian.matters.rules.life import Ground, Result, Satisfaction
from qianxian.matters.rules.rates import official
from tests.town import (
    CATS,
    CENTRE,
    DISTRICT,
    HOUSING,
    LIUAN,
    MONDAY,
    NOISE,
    PARKING,
    POLICE,
    RESIDENT,
    STREET_OFFICE,
    ZHONGLOU,
    later,
    receive,
)

SPAN = Period(MONDAY - timedelta(days=1), MONDAY + timedelta(days=30))
END = MONDAY + timedelta(days=40)
pytestmark = pytest.mark.usefixtures("everything")


def answered(
    result: Result = Result.SOLVED,
    contact: float | None = 1,
    judged: tuple[bool, Satisfaction] | None = None,
    **more: object,
):
    """Bring a matter of the police to its answer, contacted after so many hours, judged or not."""
    matter = receive(NOISE, **more)
    if contact:
        actions.contact(matter.pk, how="phone", note_="已联系", actor=POLICE, at=later(contact))
    actions.resolve(matter.pk, result=result, reply="已处理", evidence="现场看过", actor=POLICE, at=later(60))
    if judged:
        deliberation.rate(matter.pk, solved=judged[0], satisfaction=judged[1], comment="", actor=RESIDENT, at=later(70))
    return matter


def of(by: By, key: str, at=END) -> Counted:
    return counted(SPAN, DISTRICT, by, at)[key]


def rate(measure: str, by: By = By.UNIT, key: str = "ga"):
    chosen = official(formulas().values(), END)
    return {m.value: r for m, r in rates_of(of(by, key), chosen.values()).items()}[measure]


def test_whoever_was_contacted_in_time_counts_as_answered_to():
    answered(contact=1)
    answered(contact=None)
    answered(contact=50)
    assert (rate("response").numerator, rate("response").denominator) == (1, 3)


def test_refused_is_not_solved_whatever_the_resident_says():
    answered(Result.REFUSED, judged=(True, Satisfaction.SATISFIED))
    answered(judged=(True, Satisfaction.SATISFIED))
    assert (rate("resolution").numerator, rate("resolution").denominator) == (1, 2)


def test_half_content_counts_half_and_silence_not_at_all():
    answered(judged=(True, Satisfaction.SATISFIED))
    answered(judged=(True, Satisfaction.BASICALLY))
    answered()
    found = rate("satisfaction")
    assert (float(found.numerator), found.denominator, found.left_out) == (1.5, 2, 1)


def test_no_rate_is_stated_of_few_matters():
    answered(judged=(True, Satisfaction.SATISFIED))
    assert rate("satisfaction").value is None


def test_a_removed_matter_is_counted_apart_and_stays_visible():
    matter = answered(judged=(False, Satisfaction.DISSATISFIED))
    actions.plead(matter.pk, purpose="remove", ground="malicious", reason="查无此事", actor=POLICE, at=later(71))
    actions.decide_plea(matter.pk, purpose="remove", granted=True, decision="属实", actor=CENTRE, at=later(72))
    found = rate("satisfaction")
    assert (found.denominator, found.removed) == (0, 1)
    assert list(behind.listed(behind.Wanted(DISTRICT, END, state=behind.State.REMOVED))) == [matter]


def test_a_matter_is_assessed_when_its_time_is_up_though_nobody_touched_it():
    matter = receive(NOISE)
    before, after = of(By.UNIT, "ga", later(2)), of(By.UNIT, "ga", matter.due_at)
    assert (before.pending, before.facts) == (1, ())
    assert (after.pending, sum(fact.count for fact in after.facts)) == (0, 1)


def test_lawful_exits_stand_in_no_rate():
    receive(NOISE, exit="E5")
    found = of(By.UNIT, "centre")
    assert (found.exits, found.facts, found.total) == (1, (), 1)


@pytest.mark.parametrize("by", list(By))
def test_every_matter_stands_in_one_row_of_each_table(by):
    answered()
    receive(PARKING, ZHONGLOU)
    receive("", DISTRICT)
    receive(NOISE, exit="E5")
    assert sum(counts.total for counts in counted(SPAN, DISTRICT, by, END).values()) == 4


@pytest.mark.parametrize("by", list(By))
def test_a_table_of_rates_is_one_statement(by):
    for place in (LIUAN, ZHONGLOU):
        answered(place=place)
    with CaptureQueriesContext(connection) as statements:
        counted(SPAN, DISTRICT, by, END)
    assert len(statements) == 1


@pytest.mark.parametrize("name", sorted(formulas()))
def test_the_rows_behind_a_figure_are_as_many_as_it_says(name):
    for result in (Result.SOLVED, Result.REFUSED):
        for judged in (
            None,
            (True, Satisfaction.SATISFIED),
            (True, Satisfaction.BASICALLY),
            (False, Satisfaction.DISSATISFIED),
        ):
            for contact in (1, None):
                answered(result, contact, judged)
    formula = formulas()[name]
    counts = of(By.UNIT, "ga")
    found = rates_of(counts, [formula])[formula.measure]
    rows = {
        part: behind.listed(behind.Wanted(DISTRICT, END, SPAN, "ga", part=part, formula=formula)).count()
        for part in Part
    }
    assert (rows[Part.DENOMINATOR], rows[Part.LEFT_OUT], rows[Part.REMOVED]) == (found.denominator, found.left_out, 0)
    assert rows[Part.NUMERATOR] == sum(fact.count for fact in counts.facts if formula.share(fact))


@pytest.mark.parametrize("order", list(behind.Order))
@pytest.mark.parametrize("backwards", [True, False])
def test_pages_hold_every_matter_once_there_and_back(order, backwards):
    for _number in range(7):
        receive(NOISE)
    wanted = behind.Wanted(DISTRICT, END, order=order, backwards=backwards)
    pages, after = [], ""
    while after is not None:
        pages.append(behind.page(wanted, after=after, size=3))
        after = pages[-1].after
    walked = [matter.pk for page in pages for matter in page.matters]
    assert walked == list(behind.listed(wanted).values_list("pk", flat=True))
    assert [m.pk for m in behind.page(wanted, before=pages[-1].before, size=3).matters] == walked[3:6]


def test_a_published_rate_is_frozen_and_a_correction_stands_beside_it():
    answered(judged=(True, Satisfaction.SATISFIED))
    first = actions.publish_rates(area=DISTRICT, span=SPAN, actor=CENTRE, at=END)
    assert {(r.unit_id, r.measure) for r in first} == {
        (u, m) for u in (None, "ga") for m in ("response", "resolution", "satisfaction")
    }
    for statement in ("UPDATE qianxian_publishedrate SET denominator = 99", "DELETE FROM qianxian_publishedrate"):
        with pytest.raises(Error, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    actions.publish_rates(area=DISTRICT, span=SPAN, actor=CENTRE, at=END + timedelta(hours=1))
    assert [one.published_at for one in publications()] == [END + timedelta(hours=1), END]
    assert published(DISTRICT).count() == 12


def test_only_the_supervisor_publishes_and_only_what_is_over():
    with pytest.raises(NotYours):
        actions.publish_rates(area=DISTRICT, span=SPAN, actor=STREET_OFFICE, at=END)
    with pytest.raises(actions.work.Said):
        actions.publish_rates(area=DISTRICT, span=SPAN, actor=CENTRE, at=MONDAY)


def test_nobody_bears_the_idleness_of_another():
    matter = receive(NOISE)
    actions.object_to(matter.pk, names="zj", article="A2", reason="在小区里", actor=POLICE, at=later(2))
    actions.adjudicate(matter.pk, to="zj", article="A2", reason="小区内归住建", actor=CENTRE, at=later(10))
    actions.contact(matter.pk, how="phone", note_="已联系", actor=HOUSING, at=later(12))
    held = {h.unit: (h.matters, h.longest, h.untouched) for h in oversight.held_without_work(DISTRICT, SPAN, END)}
    assert held == {"ga": (1, timedelta(hours=10), 0), "zj": (1, timedelta(hours=2), 0)}


def test_to_sign_is_no_work():
    matter = receive(NOISE)
    actions.sign(matter.pk, actor=POLICE, at=later(1))
    (held,) = oversight.held_without_work(DISTRICT, SPAN, later(5))
    assert (held.longest, held.untouched) == (timedelta(hours=5), 1)


def test_objections_are_counted_for_the_unit_that_made_them():
    for to in ("zj", "ga"):
        matter = receive(NOISE)
        actions.object_to(matter.pk, names="zj", article="A2", reason="在小区里", actor=POLICE, at=later(1))
        actions.adjudicate(matter.pk, to=to, article="A1", reason="理由", actor=CENTRE, at=later(2))
    assert oversight.contentions(DISTRICT, SPAN) == [("ga", 2, 1, 1, 0)]


def test_a_street_chooses_among_rivals_and_leaves_silence_to_the_supervisor():
    contested, silent = receive(PARKING), receive(CATS)
    assert oversight.may_answer(contested, STREET_OFFICE, Cause.CONTESTED) == ["ga", "jt"]
    assert oversight.may_answer(silent, STREET_OFFICE, Cause.SILENT) == []
    assert "cm" not in oversight.may_answer(silent, CENTRE, Cause.SILENT)
    assert list(oversight.unsettled(DISTRICT, Ground.SILENT)) == [silent]


def test_a_ruling_becomes_a_precedent_of_its_topic():
    first, second = receive(PARKING), receive(PARKING)
    actions.adjudicate(first.pk, to="ga", article="B1", reason="路面归交警", actor=CENTRE, at=later(1))
    assert [past.matter for past in oversight.precedents(second)] == [first]


def test_what_is_in_work_is_gathered_by_place():
    receive(NOISE)
    late = receive(NOISE, ZHONGLOU)
    loads = oversight.loads(DISTRICT, late.due_at + timedelta(hours=1))
    assert oversight.gathered(loads, DISTRICT) == (2, 2)
    assert oversight.gathered(oversight.loads(DISTRICT, later(1)), LIUAN) == (1, 0)


def test_what_waits_is_counted_by_kind():
    objected, extended, silent = receive(NOISE), receive(NOISE), receive(CATS)
    actions.object_to(objected.pk, names="zj", article="A2", reason="理由", actor=POLICE, at=later(1))
    actions.ask_extension(extended.pk, amount=1, reason="配件未到", actor=POLICE, at=later(1))
    actions.supervise(silent.pk, cause="late", note_="请抓紧", actor=CENTRE, at=later(1))
    receive(NOISE, hard=True)
    waiting = oversight.waiting(DISTRICT, later(2))
    assert {kind: count for kind, count in waiting.items() if count} == {
        "objection": 1, "silent": 1, "extension": 1, "consultation": 1, "supervision": 1,
    }  # fmt: skip
