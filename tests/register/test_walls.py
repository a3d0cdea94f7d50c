"""What row-level security keeps apart in the register, whatever a query asks for."""

import pytest
from django.db import DatabaseError, transaction

from qianxian.cadres.queries import reach, reaching_everything
from qianxian.register.actions import linking, privacy, records
from qianxian.register.models import Correction, Find, Handout, Link, Origin, Receipt, Record, Statement, Tie
from qianxian.register.rules import reading
from qianxian.register.rules.records import Incoming
from qianxian.register.sealing import ring
from qianxian.standard import elements as standard
from tests.register.test_records import ACTOR, LIN, said, state
from tests.town import DISTRICT, LIUAN, MONDAY, ZHONGLOU

pytestmark = pytest.mark.usefixtures("everything")


@pytest.fixture
def two_places():
    """One person in each of two communities, with everything that hangs on a record."""
    privacy.keep(authority="civil_affairs", unit="zj", area=DISTRICT, actor=ACTOR, at=MONDAY)
    found = {}
    for name, place, phone in (("林晓禾", LIUAN, "19900001234"), ("周福生", ZHONGLOU, "19900009999")):
        batch = records.open_batch(source="名册", key=place, actor=ACTOR, at=MONDAY)
        for _ in records.enter_persons(
            batch, [Incoming(place, place, said(name=name, phone=phone, marital="20"))], actor=ACTOR, at=MONDAY
        ):
            pass
        found[place] = record = Record.objects.get(name=name)
        house = records.state(
            None,
            entity="household",
            place=place,
            said={"household.number": (place, place)},
            source="x",
            actor=ACTOR,
            at=MONDAY,
        )
        records.tie(record, house, kind="member", source="x", actor=ACTOR, at=MONDAY)
        privacy.give(record, kind="service", name="助餐", on=MONDAY.date(), source="x", actor=ACTOR, at=MONDAY)
        privacy.ask_correction(record, element="person.marital", value="40", reason="有误", actor="resident", at=MONDAY)
        privacy.ask_handout(purpose="慰问", wanted={}, area=place, actor=ACTOR, unit="cm", name="林", at=MONDAY)
    left, right = sorted(found.values(), key=lambda one: one.pk)
    Link.objects.create(left=left, right=right, probability=0.5, state="queued", at=MONDAY)
    return found


PARTS = (Statement, Origin, Receipt, Correction)


@pytest.mark.parametrize(("within", "seen"), [
    ({"everything": True}, {LIUAN, ZHONGLOU}), ({"area": DISTRICT}, {LIUAN, ZHONGLOU}), ({"area": LIUAN}, {LIUAN}),
    ({"area": ZHONGLOU}, {ZHONGLOU}), ({"area": "990199"}, set()), ({}, set()), ({"unit": "st"}, set()),
])  # fmt: skip
def test_a_connection_reaches_the_records_of_its_area_and_all_that_hangs_on_them(two_places, within, seen):
    reach(**within)
    assert {one.place_id for one in Record.objects.filter(entity="person")} == seen
    for table in PARTS:
        assert {
            one.place_id for one in Record.objects.filter(pk__in=table.objects.values("record"), entity="person")
        } == seen, table
        assert table.objects.count() >= len(seen)
    assert {one.area for one in Handout.objects.all()} == seen
    assert Tie.objects.count() == len(seen)
    assert Link.objects.exists() == (len(seen) == 2)


def test_a_resident_reaches_the_own_record_and_no_other(two_places):
    reach(requester=ring().index("19900001234"))
    assert [one.name for one in Record.objects.all()] == ["林晓禾"]
    assert {one.record_id for one in Statement.objects.all()} == {two_places[LIUAN].pk}
    assert Record.objects.update(name="x") == 0


def test_nobody_enters_or_changes_a_record_outside_the_area(two_places):
    reach(area=ZHONGLOU)
    with pytest.raises(DatabaseError), transaction.atomic():
        state(said=said(name="外来"))
    assert Record.objects.filter(pk=two_places[LIUAN].pk).update(name="x") == 0
    with reaching_everything():
        assert Record.objects.get(pk=two_places[LIUAN].pk).name == "林晓禾"


def test_blind_indices_say_nothing_of_whom_they_find(two_places):
    indices = set(Find.objects.values_list("index", flat=True))
    assert ring().index("19900001234") in indices
    assert not any("19900001234" in index for index in indices)


READERS = [
    ("worker", (), "person.phone", True),
    ("street", (), "person.ethnicity", True),
    ("department", ("civil_affairs",), "person.marital", True),
    ("department", ("civil_affairs",), "person.name", True),
    ("department", ("civil_affairs",), "person.ethnicity", False),
    ("department", ("civil_affairs",), "party_member.state", False),
    ("department", (), "person.phone", False),
    ("supervisor", (), "person.phone", False),
    ("steward", (), "person.citizen_number", False),
    ("steward", (), "organisation.name", True),
    ("worker", (), "special.hiv_way", False),
    ("street", (), "person.religion", False),
    ("department", ("health",), "special.hiv_way", True),
]


@pytest.mark.parametrize(("role", "authorities", "element", "may"), READERS)
def test_who_may_read_an_element_in_full(role, authorities, element, may):
    assert reading.may_read(standard.element(element), role, authorities) is may


MASKS = [
    ("person.name", "林晓禾", "林＊＊"), ("person.phone", "19900001234", "199＊＊＊＊1234"),
    ("person.citizen_number", "990101199003071231", "990101＊＊＊＊＊＊＊＊1231"), ("person.living_address", "柳岸里6号楼402室", "柳岸里＊＊"),
    ("person.ethnicity", "汉族", "＊＊＊"), ("person.sex", "女性", "女性"), ("organisation.name", "云溪纺织厂", "云溪纺织厂"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "value", "seen"), MASKS)
def test_a_value_is_masked_until_a_purpose_is_said(element, value, seen):
    assert reading.masked(element, value) == seen


def test_the_first_bounds_are_dated_and_new_ones_hold_from_their_day():
    assert (linking.bounds(MONDAY).upper, linking.bounds(MONDAY).lower) == (0.99, 0.3)
    linking.set_bounds(upper=0.95, lower=0.5, source="区数据目录", actor=ACTOR, at=MONDAY)
    assert linking.bounds(MONDAY).upper == 0.95
    with pytest.raises(DatabaseError), transaction.atomic():
        linking.set_bounds(upper=0.4, lower=0.5, source="x", actor=ACTOR, at=MONDAY.replace(day=5))


def test_sealed_values_are_sealed():
    record = state(said=LIN)
    assert "person.phone" not in record.values
    assert set(record.values) == {
        "person.name",
        "person.sex",
        "person.birth_date",
        "person.living_address",
        "person.marital",
    }
