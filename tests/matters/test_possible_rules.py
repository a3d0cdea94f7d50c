"""What a page offers: only deeds that the same rules would not refuse."""

from dataclasses import replace

import pytest

from qianxian.cadres.rules import Actor, Role
from qianxian.matters.rules.intake import Holder
from qianxian.matters.rules.life import Ground, Stage
from qianxian.matters.rules.possible import Called, Facts, may_read_requester, offers
from tests.town import CENTRE, COMMUNITY, HOUSING, LIUAN, POLICE, STREET_OFFICE, later

FACTS = Facts(
    stage=Stage.ASSIGNED, owner=Holder("ga"), answers_to=Holder("st"), place=LIUAN, ground=Ground.ARTICLE,
    due_at=later(48), objection_due=later(8),
)  # fmt: skip
NOW = later(1)


def deeds(actor: Actor, at=NOW, **facts: object) -> list[str]:
    return [offer.deed for offer in offers(replace(FACTS, **facts), actor, at)]


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({}, "sign"),
        ({"signed": True}, "contact"),
        ({"signed": True, "contacted": True}, "resolve"),
        ({"signed": True, "standing_still": True}, "resume"),
        ({"supervised": True}, "answer_supervision"),
        ({"stage": Stage.RECEIVED}, "consult"),
        ({"stage": Stage.RECEIVED, "heard": True}, "dispatch"),
    ],
)
def test_what_presses_most_comes_first(facts, first):
    assert deeds(POLICE, **facts)[0] == first


def test_who_only_looks_on_is_offered_nothing():
    assert deeds(HOUSING) == []
    assert deeds(COMMUNITY) == []


def test_nothing_is_offered_to_the_owner_of_a_closed_matter_but_to_ask_that_it_be_left_out():
    assert deeds(POLICE, stage=Stage.CLOSED) == ["plead_to_remove"]
    assert deeds(POLICE, stage=Stage.CLOSED, pleas=frozenset({"remove"})) == []


def test_an_objection_is_offered_once_and_only_in_its_time():
    assert "object" in deeds(POLICE)
    assert "object" not in deeds(POLICE, objected=True)
    assert "object" not in deeds(POLICE, at=later(9))
    assert "object" not in deeds(POLICE, stage=Stage.SETTLED)


def test_a_matter_is_not_resolved_while_its_ruling_is_awaited():
    assert "resolve" not in deeds(POLICE, objected=True, objection_open=True)
    assert deeds(STREET_OFFICE, objected=True, objection_open=True)[0] == "adjudicate"


def test_more_time_is_asked_for_before_it_is_over_and_decided_by_whom_the_owner_answers_to():
    assert "ask_extension" not in deeds(POLICE, at=later(48))
    assert "ask_extension" not in deeds(POLICE, extension_asked=True)
    assert deeds(STREET_OFFICE, extension_asked=True, extension_open=True)[0] == "decide_extension"
    assert "decide_extension" not in deeds(HOUSING, extension_open=True)


def test_silence_is_settled_by_the_supervisor_alone_and_a_contest_by_the_street_that_holds_it():
    held = {"owner": Holder("st"), "answers_to": Holder("gov")}
    assert "adjudicate" not in deeds(STREET_OFFICE, ground=Ground.SILENT, **held)
    assert "adjudicate" in deeds(CENTRE, ground=Ground.SILENT, **held)
    assert "adjudicate" in deeds(STREET_OFFICE, ground=Ground.CONTESTED, rivals=("ga", "jt"), **held)


def test_a_hard_case_is_consulted_on_and_dispatched_by_the_supervisor_too():
    assert deeds(CENTRE, stage=Stage.RECEIVED)[0] == "consult"
    assert deeds(CENTRE, stage=Stage.RECEIVED, heard=True)[:2] == ["dispatch", "consult"]
    assert "consult" not in deeds(STREET_OFFICE, stage=Stage.RECEIVED)


def test_help_and_whistle_are_answered_by_those_who_were_asked():
    called = (Called(7, "zj", "st", arrived=False, reported=False, rated=False),)
    assert deeds(COMMUNITY, helps=((3, "cm"),))[0] == "answer_help"
    assert deeds(HOUSING, called=called)[0] == "arrive"
    assert deeds(HOUSING, called=(replace(called[0], arrived=True),))[0] == "report_work"
    assert "close_whistle" in deeds(STREET_OFFICE, called=called, whistles=((1, "st"),))
    assert "rate_arrival" not in deeds(STREET_OFFICE, called=called, whistles=((1, "st"),))
    assert "rate_arrival" in deeds(STREET_OFFICE, called=called)


def test_pleas_are_decided_by_the_supervisor():
    assert "decide_remove" in deeds(CENTRE, undecided=frozenset({"remove"}))
    assert "decide_remove" not in deeds(STREET_OFFICE, undecided=frozenset({"remove"}))


def test_name_and_number_are_for_those_who_work_on_it_or_decide_over_it():
    assert may_read_requester(FACTS, POLICE, confidential=False)
    assert may_read_requester(FACTS, STREET_OFFICE, confidential=False)
    assert may_read_requester(replace(FACTS, helps=((3, "cm"),)), COMMUNITY, confidential=False)
    assert not may_read_requester(FACTS, COMMUNITY, confidential=False)
    assert not may_read_requester(FACTS, Actor("account:x", "jt", Role.DEPARTMENT), confidential=False)


def test_where_secrecy_was_asked_only_the_owner_reads_who_it_was():
    assert may_read_requester(FACTS, POLICE, confidential=True)
    assert not may_read_requester(FACTS, STREET_OFFICE, confidential=True)
    assert not may_read_requester(replace(FACTS, helps=((3, "cm"),)), COMMUNITY, confidential=True)
