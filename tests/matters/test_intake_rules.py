"""What enters as a demand, and who owns it: dispatch rules in tables, without a database."""

from dataclasses import replace
from datetime import datetime

import pytest

from qianxian.cadres.rules import Posting
from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING, statutory_calendar
from qianxian.mandates.rules.answering import Index
from qianxian.mandates.rules.articles import Article, Duty, Scope
from qianxian.mandates.rules.topic_tree import Topic, TopicTree
from qianxian.matters.rules.intake import (
    WORDS,
    Demand,
    Holder,
    MatterKind,
    NoGovernment,
    Reference,
    Unfit,
    above,
    assign,
    checked,
    deadline_class,
    exits,
)
from qianxian.matters.rules.life import Ground, Stage
from qianxian.register.rules import Kind, Level, Organisation, Place, directory

START = datetime(2026, 1, 1, tzinfo=BEIJING)
MAY = datetime(2026, 5, 1, tzinfo=BEIJING)
ALWAYS = Period(START)
D, S, C = "990101", "990101001", "990101001001"


def body(code, kind, place=D):
    return Organisation(code, code, code, kind, place), ()


def article(number, holder, topic, duty=Duty.LEAD, place=D, deadline=""):
    return Article(number, holder, duty, Scope(topic, place, "", ALWAYS), "清单", deadline_class=deadline)


BODIES = [
    body("gov", Kind.GOVERNMENT), body("centre", Kind.CENTRE), body("ga", Kind.DEPARTMENT), body("zj", Kind.DEPARTMENT),
    body("st", Kind.STREET, S), body("cm", Kind.COMMITTEE, C), body("rail", Kind.SUPERIOR, C),
    (Organisation("army", "army", "army", Kind.SUPERIOR, C, liaison="zj"), ()),
    (Organisation("bank", "bank", "bank", Kind.SUPERIOR, C, liaison="cm"), ()),
]  # fmt: skip
PLACES = [
    (Place(code, code, level, ALWAYS), ())
    for code, level in [(D, Level.DISTRICT), (S, Level.STREET), (C, Level.COMMUNITY)]
]
PLACES.append((Place("990101009", "旧街道", Level.STREET, Period(START, MAY)), ()))
ARTICLES = [
    article("1", "ga", "0101"),
    article("2", "st", "0102"),
    article("3", "cm", "0103"),
    article("4", "ga", "0104"),
    article("5", "zj", "0104"),
    article("6", "ga", "0105", deadline="urgent"),
    article("7", "zj", "0105", Duty.ASSIST),
    article("8", "cm", "0105", Duty.ASSIST, C),
    article("9", "ga", "0107"),
    article("10", "rail", "0107", place=C),
    article("11", "army", "0108"),
    article("12", "bank", "0109"),
    article("13", "rail", "0110"),
    article("14", "zj", "0110"),
    article("15", "rail", "0105", Duty.ASSIST),
]
TOPICS = TopicTree(
    [Topic(f"010{n}", f"事项{n}") for n in range(1, 10)]
    + [Topic("0110", "事项10"), Topic("01", "全部", deadline_class="complex")]
)
SECRETARY = Posting(7, "account:7", "zj", "st", C, frozenset(), ALWAYS, True)
KNOWN = Reference(1, Index(ARTICLES), TOPICS, directory(BODIES, PLACES), [], statutory_calendar((), "test"))
POSTED = replace(KNOWN, postings=[SECRETARY])
AT_A_COMMITTEE = replace(KNOWN, postings=[replace(SECRETARY, unit="cm")])


def demand(topic="0101", **more):
    return Demand(words="请管一管这件事", place=C, topic=topic, **more)


SOMEWHERE = replace(demand("0106"), place=D)
OWNERS = [
    ("D1 duty and place are clear", KNOWN, demand("0101"), Holder("ga"), Ground.ARTICLE, Stage.ASSIGNED),
    ("D1 a street's own duty", KNOWN, demand("0102"), Holder("st"), Ground.ARTICLE, Stage.ASSIGNED),
    ("a committee never leads, even by an article", KNOWN, demand("0103"), Holder("st"), Ground.SILENT, Stage.ASSIGNED),
    ("contest, nobody posted", KNOWN, demand("0104"), Holder("st"), Ground.CONTESTED, Stage.ASSIGNED),
    ("contest, a cadre posted", POSTED, demand("0104"), Holder("st", 7), Ground.CONTESTED, Stage.ASSIGNED),
    ("silence, a cadre posted", POSTED, demand("0106"), Holder("st", 7), Ground.SILENT, Stage.ASSIGNED),
    ("silence, a cadre posted to a committee", AT_A_COMMITTEE, demand("0106"), Holder("st", 7), Ground.SILENT, Stage.ASSIGNED),
    ("D2 no topic", POSTED, demand(""), Holder("st", 7), Ground.SILENT, Stage.ASSIGNED),
    ("D2 no place but the district", KNOWN, SOMEWHERE, Holder("gov"), Ground.SILENT, Stage.ASSIGNED),
    ("D3 a hard case", KNOWN, demand("0104", hard=True), Holder("gov"), Ground.CONSULTATION, Stage.RECEIVED),
    ("D8 the duty of a body above the district, which names no liaison", KNOWN, demand("0107"), Holder("gov"), Ground.LIAISON, Stage.ASSIGNED),
    ("D8 its liaison unit is named in the register", KNOWN, demand("0108"), Holder("zj"), Ground.LIAISON, Stage.ASSIGNED),
    ("D8 a committee is no liaison unit", KNOWN, demand("0109"), Holder("gov"), Ground.LIAISON, Stage.ASSIGNED),
    ("D8 a body above the district in a contest", POSTED, demand("0110"), Holder("st", 7), Ground.CONTESTED, Stage.ASSIGNED),
    ("an exit stays with the centre", KNOWN, demand("0101", exit="E5"), Holder("centre"), Ground.EXIT, Stage.CLOSED),
]  # fmt: skip


@pytest.mark.parametrize(("_rule", "known", "wanted", "owner", "ground", "stage"), OWNERS)
def test_the_owner_is_decided_by_the_dispatch_rules(_rule, known, wanted, owner, ground, stage):
    assignment = assign(wanted, known, MAY)
    assert (assignment.owner, assignment.ground, assignment.stage) == (owner, ground, stage)


def test_the_district_gets_a_copy_of_what_goes_straight_to_a_street():
    assert "gov" in assign(demand("0102"), KNOWN, MAY).informed
    assert "gov" not in assign(demand("0101"), KNOWN, MAY).informed


def test_an_urgent_matter_goes_to_owner_and_assisting_units_together_but_orders_no_committee():
    assignment = assign(demand("0105"), KNOWN, MAY)
    assert [helper.body for helper in assignment.helpers] == ["zj"]
    assert set(assignment.informed) == {"zj", "cm", "rail"}
    assert assign(demand("0101"), KNOWN, MAY).helpers == ()


@pytest.mark.parametrize(("topic", "asked"), [("0107", "rail"), ("0108", "army"), ("0101", ""), ("0110", "")])
def test_a_body_above_the_district_is_asked_and_the_article_stays_the_ground(topic, asked):
    assignment = assign(demand(topic), KNOWN, MAY)
    assert assignment.asked == asked
    assert (assignment.article.body if assignment.article else "") == (asked or ("ga" if topic == "0101" else ""))


LADDERS = [
    (AT_A_COMMITTEE, Holder("ga"), Holder("st", 7)),
    (AT_A_COMMITTEE, Holder("st", 7), Holder("st")),
    (POSTED, Holder("ga"), Holder("st", 7)),
    (POSTED, Holder("st", 7), Holder("st")),
    (POSTED, Holder("st"), Holder("gov")),
    (POSTED, Holder("gov"), Holder("gov")),
    (KNOWN, Holder("ga"), Holder("st")),
    (KNOWN, Holder("st"), Holder("gov")),
]


@pytest.mark.parametrize(("known", "owner", "higher"), LADDERS)
def test_everyone_answers_to_someone_higher(known, owner, higher):
    assert above(owner, C, known, MAY) == higher


EXITS = [
    ("隔壁楼正在着火，快来人", "E1"),
    ("老人煤气中毒了", "E1"),
    ("我已经起诉到法院，请问判决", "E2"),
    ("帮我查一下前妻的住址", "E4"),
    ("你们替我教训他", "E6"),
    ("担心电动车着火，希望装充电桩", ""),
    ("小区消防通道被占", ""),
    ("法院门口的路灯坏了", ""),
]


@pytest.mark.parametrize(("words", "code"), EXITS)
def test_only_words_beyond_doubt_show_an_exit(words, code):
    assignment = assign(replace(demand("0101"), words=words), KNOWN, MAY)
    assert assignment.exit == code
    assert (assignment.stage is Stage.CLOSED) == bool(code)


def test_every_exit_has_an_article_and_a_reply():
    assert list(exits()) == ["E1", "E2", "E3", "E4", "E5", "E6"]
    assert all("条例" in way_out.article and len(way_out.reply) > 20 for way_out in exits().values())


CLASSES = [
    (demand("0101"), "complex"),
    (demand("0105"), "urgent"),
    (demand("0101", kind=MatterKind.CONSULT), "consult"),
    (demand("0105", urgent=True, kind=MatterKind.CONSULT), "urgent"),
    (demand(""), "general"),
]


@pytest.mark.parametrize(("wanted", "expected"), CLASSES)
def test_the_class_of_the_deadline_comes_from_urgency_kind_article_and_topic_in_this_order(wanted, expected):
    assert deadline_class(wanted, assign(wanted, KNOWN, MAY).answer, TOPICS) == expected


UNFIT = [
    ({"words": ""}, "words", "empty"),
    ({"words": " ，。！\n"}, "words", "empty"),
    ({"words": "长" * (WORDS + 1)}, "words", "too_long"),
    ({"topic": "999999"}, "topic", "unknown"),
    ({"place": "110101"}, "place", "unknown"),
    ({"place": "990101009"}, "place", "withdrawn"),
    ({"exit": "E9"}, "exit", "unknown"),
]


@pytest.mark.parametrize(("wrong", "field", "code"), UNFIT)
def test_an_unfit_demand_says_which_field_and_why(wrong, field, code):
    with pytest.raises(Unfit) as refusal:
        checked(replace(demand(), **wrong), KNOWN.directory, TOPICS, MAY)
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_district_without_government_is_named_as_the_fault_it_is():
    known = replace(KNOWN, directory=directory([body("ga", Kind.DEPARTMENT)], PLACES))
    with pytest.raises(NoGovernment):
        assign(demand("0106"), known, MAY)


TITLES = [
    ("路灯坏了。已经一个月了。", "路灯坏了"),
    ("  \n路灯坏了\n请修", "路灯坏了"),
    ("坏" * 60, "坏" * 39 + "…"),
    ("。。。", "。。。"),
]


@pytest.mark.parametrize(("words", "title"), TITLES)
def test_the_title_is_the_first_sentence(words, title):
    assert replace(demand(), words=words).title == title
