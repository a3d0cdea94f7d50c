"""One message with several demands is parted by a person: each gets its owner and its own clock, and keeps its requester."""

import pytest

from qianxian.journal.models import Entry
from qianxian.matters import actions
from qianxian.matters.actions import Part
from qianxian.matters.actions.rulings import CommitteeCannotOwn
from qianxian.matters.actions.work import AlreadyDone, Said
from qianxian.matters.models import Matter, Requester, Theme
from qianxian.matters.rules.authority import NotYours
from qianxian.matters.rules.intake import Demand, Unfit
from tests.town import CENTRE, COMMUNITY, DISTRICT, HEATING, LIUAN, MONDAY, NOISE, POLICE, STREET_OFFICE, later, receive

pytestmark = pytest.mark.usefixtures("everything")
WORDS = "楼上半夜跳绳。另外家里暖气不热。"
HEAT = Part("另外家里暖气不热。", HEATING)


def test_a_part_has_its_own_owner_and_keeps_time_place_and_requester():
    first = receive(NOISE, words=WORDS)
    (part,) = actions.part(first.pk, parts=[HEAT], actor=POLICE, at=later(5))
    stored = Matter.objects.get(pk=part.pk)
    assert (first.owner_id, stored.owner_id, stored.part_of_id) == ("ga", "zj", first.pk)
    assert (stored.received_at, stored.place_id) == (MONDAY, LIUAN)
    assert stored.requester_index == Matter.objects.get(pk=first.pk).requester_index != ""
    assert Requester.objects.get(pk=part.pk).phone_mask == "199****1111"
    assert Matter.objects.get(pk=first.pk).words == WORDS


def test_the_clocks_of_a_part_start_when_it_is_dispatched_and_those_of_the_first_go_on():
    first = receive(NOISE, words=WORDS)
    alone = receive(HEATING, at=later(5))
    (part,) = actions.part(first.pk, parts=[HEAT], actor=POLICE, at=later(5))
    stored = Matter.objects.get(pk=part.pk)
    assert (stored.dispatched_at, stored.due_at, stored.contact_due_at) == (
        later(5),
        alone.due_at,
        alone.contact_due_at,
    )
    assert Matter.objects.get(pk=first.pk).due_at == first.due_at


def test_the_journal_tells_both_when_it_was_done():
    first = receive(NOISE, words=WORDS)
    (part,) = actions.part(first.pk, parts=[HEAT], actor=POLICE, at=later(5))
    told = Entry.objects.get(subject=f"matter:{first.pk}", verb="part")
    received = Entry.objects.get(subject=f"matter:{part.pk}", verb="receive")
    assert (told.details["into"], received.details["part_of"]) == ([part.pk], first.pk)
    assert told.at == received.at == later(5)


@pytest.mark.parametrize("actor", [POLICE, STREET_OFFICE, CENTRE], ids=["owner", "street", "supervisor"])
def test_owner_street_and_supervisor_may_part(actor):
    assert actions.part(receive(NOISE).pk, parts=[HEAT], actor=actor, at=later(1))


def test_others_may_not_and_nothing_is_left_of_a_refusal():
    first = receive(NOISE)
    before = Matter.objects.count()
    with pytest.raises(NotYours):
        actions.part(first.pk, parts=[HEAT], actor=COMMUNITY, at=later(1))
    with pytest.raises(Said):
        actions.part(first.pk, parts=[], actor=POLICE, at=later(1))
    with pytest.raises(Unfit):
        actions.part(first.pk, parts=[HEAT, Part("  ")], actor=POLICE, at=later(1))
    assert Matter.objects.count() == before


def test_what_is_signed_or_parted_or_a_part_is_not_parted_again():
    first = receive(NOISE)
    (part,) = actions.part(first.pk, parts=[HEAT], actor=POLICE, at=later(1))
    signed = receive(NOISE)
    actions.sign(signed.pk, actor=POLICE, at=later(1))
    for number, actor in ((first.pk, POLICE), (part.pk, CENTRE), (signed.pk, POLICE)):
        with pytest.raises(AlreadyDone):
            actions.part(number, parts=[HEAT], actor=actor, at=later(2))


def test_at_the_phone_all_are_taken_in_at_once_or_none():
    demand = Demand(words=WORDS, place=LIUAN, topic=NOISE)
    contact = actions.Contact("王小明", "19900002222")
    first, part = actions.receive_parted(demand=demand, contact=contact, parts=[HEAT], actor=COMMUNITY, at=MONDAY)
    assert (part.part_of_id, part.owner_id) == (first.pk, "zj")
    before = Matter.objects.count()
    with pytest.raises(Unfit):
        actions.receive_parted(demand=demand, contact=contact, parts=[Part("")], actor=COMMUNITY, at=MONDAY)
    assert Matter.objects.count() == before


GIVEN = {
    "area": DISTRICT, "month": "2026-03", "title": "搅拌站扰民", "topic": NOISE, "lead": "zj",
    "problems": ["夜间停产", "道路冲洗"], "due_on": later(24 * 40).date(), "numbers": [1, 2],
}  # fmt: skip


def test_a_month_has_one_theme_with_lead_problems_and_day():
    theme = actions.declare_theme(**GIVEN, actor=CENTRE, at=MONDAY)
    assert Theme.objects.get().problems == ["夜间停产", "道路冲洗"]
    with pytest.raises(AlreadyDone):
        actions.declare_theme(**GIVEN, actor=CENTRE, at=MONDAY)
    done = actions.conclude_theme(theme.pk, outcome="夜间已停产", actor=CENTRE, at=later(9))
    assert done.concluded_at == later(9)
    assert list(Entry.objects.filter(subject=f"theme:{theme.pk}").values_list("verb", flat=True)) == [
        "declare_theme",
        "conclude_theme",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"problems": ["一"]}, "problems"), ({"problems": list("甲乙丙丁")}, "problems"), ({"title": " "}, "theme"), ({"due_on": MONDAY.date()}, "due_on")],
)  # fmt: skip
def test_a_theme_that_is_not_concrete_is_refused(changes, field):
    with pytest.raises(Said) as refused:
        actions.declare_theme(**GIVEN | changes, actor=CENTRE, at=MONDAY)
    assert refused.value.field == field


def test_only_the_supervisor_declares_and_no_committee_leads():
    with pytest.raises(NotYours):
        actions.declare_theme(**GIVEN, actor=STREET_OFFICE, at=MONDAY)
    with pytest.raises(CommitteeCannotOwn):
        actions.declare_theme(**GIVEN | {"lead": "cm"}, actor=CENTRE, at=MONDAY)
