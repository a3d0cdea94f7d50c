"""Forms against the register: what is held is not asked, each is taken in once, what contradicts is kept."""

from datetime import timedelta

import pytest

from qianxian.cadres.queries import reach, reaching_everything
from qianxian.collection.forms import actions, queries
from qianxian.collection.forms.models import Filled
from qianxian.collection.forms.rules.filling import filled, world_of, written
from qianxian.collection.forms.rules.holding import AsksWhatIsHeld
from qianxian.collection.forms.xlsforms import read
from qianxian.journal.queries import entries_of
from qianxian.register.actions import records
from qianxian.register.models import Record, Statement
from qianxian.register.queries import records as registered
from tests.collection.forms.workbooks import ASKS_TOO_MUCH, PERSON, VISIT
from tests.register.test_records import LIN
from tests.town import LIUAN, MONDAY, ZHONGLOU, build

BY = actions.Bringing("account:1", "cm", frozenset(), LIUAN)


@pytest.fixture
def lin(db):
    build()
    with reaching_everything():
        yield records.state(
            None, entity="person", place=LIUAN, said=LIN, source="户籍名册", authority="police", actor="test", at=MONDAY
        )


def publish(content, *, own=(), area=LIUAN, **more):
    return actions.publish(
        read=read(content, "form.md"), name="form.md", content=content, unit="cm", area=area, roles=["worker"],
        own=own, actor="test", at=MONDAY, **more,
    )  # fmt: skip


def fill(edition, posted, instance="uuid:1", at=MONDAY, **more):
    filling = filled(edition.definition, posted, world_of(edition.definition, at))
    return actions.take_in(
        edition=edition, filling=filling, xml=written(filling, instance), instance=instance,
        **{"by": BY, "filled_at": at, "at": at, **more},
    )  # fmt: skip


def test_a_form_that_asks_what_an_authority_holds_is_refused_with_the_list(lin):
    with pytest.raises(AsksWhatIsHeld) as refused:
        publish(ASKS_TOO_MUCH)
    assert [(one.label, one.element, one.authority, one.records) for one in refused.value.held] == [
        ("姓名", "person.name", "police", 1),
        ("身份证号", "person.citizen_number", "police", 1),
    ]
    assert queries.form_by_code("too_much") is None


def test_the_authority_itself_may_ask_what_it_keeps(lin):
    assert publish(ASKS_TOO_MUCH, own=["police"]).number == 1


def test_a_form_may_ask_where_nobody_holds_it(lin):
    assert publish(ASKS_TOO_MUCH, area=ZHONGLOU).number == 1


def test_the_questions_may_be_shown_instead_of_asked(lin):
    edition = publish(ASKS_TOO_MUCH, shown=["/data/name", "/data/number"])
    assert edition.xform.count('readonly="true()"') >= 2
    assert all(one.shown_only for one in queries.asked(edition))


def test_what_is_filled_is_stated_with_its_source_time_and_raw_form(lin):
    edition = publish(PERSON)
    found, new = fill(edition, {"/data/phone": "199 0000 4321", "/data/note": "门铃坏了"}, record=lin)
    assert new
    held = registered.as_of(lin, MONDAY)["person.phone"].fact
    assert (held.value, held.raw, held.source, held.since) == ("19900004321", "199 0000 4321", "unit:cm", MONDAY)
    (entry,) = entries_of("form:person").filter(verb="fill_form")
    assert entry.details["elements"] == ["person.phone"]
    assert "19900004321" not in str(entry.details)
    assert b"4321" not in bytes(found.sealed)
    assert queries.opened(found).decode().count("门铃坏了") == 1


def test_the_same_number_is_taken_in_once(lin):
    edition = publish(VISIT)
    first, _ = fill(edition, {"/data/need": "灯坏了"})
    again, new = fill(edition, {"/data/need": "灯坏了"})
    assert (again.pk, new, Filled.objects.count()) == (first.pk, False, 1)


def test_forms_that_come_out_of_order_leave_the_later_word_standing(lin):
    edition, later = publish(PERSON), MONDAY + timedelta(hours=2)
    fill(edition, {"/data/phone": "19900002222"}, "uuid:b", later, record=lin)
    late, _ = fill(edition, {"/data/phone": "19900001111"}, "uuid:a", at=later, filled_at=MONDAY, record=lin)
    assert late.conflicts == {}
    held = registered.as_of(lin, later)["person.phone"]
    assert held.fact.value == "19900002222"
    said = Statement.objects.filter(record=lin, source="unit:cm").count()
    assert said == 2


def test_what_the_register_learned_unseen_is_kept_beside_what_was_filled_until_somebody_settles_it(lin):
    edition, seen, later = publish(PERSON), MONDAY, MONDAY + timedelta(hours=3)
    records.state(lin, entity="person", place=LIUAN, said={"person.phone": ("19900008888", "19900008888")},
                  source="unit:st", actor="other", at=MONDAY + timedelta(hours=1))  # fmt: skip
    found, _ = fill(edition, {"/data/phone": "19900001111"}, at=later, seen=seen, record=lin)
    assert list(found.conflicts) == ["person.phone"]
    assert registered.as_of(lin, later)["person.phone"].fact.value == "19900008888"
    assert queries.answers_of(edition.form, waiting=True).count() == 1
    actions.settle(found, take=True, by=BY, at=later)
    held = registered.as_of(lin, later)["person.phone"]
    assert (held.fact.value, "19900008888" in [one.value for one in held.others]) == ("19900001111", True)
    with pytest.raises(actions.NothingToSettle):
        actions.settle(found, take=False, by=BY, at=later)


def test_an_authoritys_word_is_never_stated_over(lin):
    edition = publish(ASKS_TOO_MUCH, shown=["/data/name", "/data/number"])
    fill(edition, {"/data/name": "别的名字", "/data/note": "来过"}, record=lin)
    assert registered.as_of(lin, MONDAY)["person.name"].fact.value == "林晓禾"
    assert Statement.objects.filter(record=lin).count() == 1


def test_a_person_whom_nobody_knows_becomes_a_record(lin):
    edition = publish(ASKS_TOO_MUCH, own=["police"])
    found, _ = fill(edition, {"/data/name": "苏小舟", "/data/number": ""})
    assert Record.objects.get(pk=found.record_id).name == "苏小舟"


def test_another_community_sees_neither_form_nor_answers(lin):
    edition = publish(VISIT)
    fill(edition, {"/data/need": "灯坏了"})
    reach(area=ZHONGLOU)
    assert queries.form_by_code("visit") is None
    assert not Filled.objects.exists()
    reach(area=LIUAN)
    assert Filled.objects.count() == 1
