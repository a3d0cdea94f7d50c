"""Where a register does not answer, and where power, duty and benefit part."""

import re
from datetime import date, datetime, timedelta

import pytest

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.articles import Article, Benefit, Case, Duty, Power, Scope
from qianxian.mandates.rules.audit import Kind, Severity, audit
from qianxian.mandates.rules.ground import Ground, Law, Posted, Practice
from qianxian.mandates.rules.saying_in_english import in_english
from qianxian.mandates.rules.topic_tree import Topic
from qianxian.register.rules import Kind as Body
from qianxian.register.rules import Organisation

START = datetime(2026, 1, 1, tzinfo=BEIJING)
MAY = datetime(2026, 5, 1, tzinfo=BEIJING)
ALWAYS = Period(START)
DISTRICT, STREET, LIUAN, ZHONGLOU = "990101", "990101001", "990101001001", "990101001002"
SAFETY, MOTORWAY = "080101", "060301"
TOPICS = {
    "08": Topic("08", "安全生产"),
    "0801": Topic("0801", "企业安全"),
    SAFETY: Topic(SAFETY, "企业生产安全隐患", powers=frozenset({Power.ENFORCEMENT, Power.ENTRY})),
}
PLACES = {DISTRICT: "云溪区", STREET: "清河街道", LIUAN: "柳岸社区", ZHONGLOU: "钟楼社区", "990101002": "东渡街道"}
BODIES = {
    code: Organisation(code, name, name, kind, place)
    for code, name, kind, place in [
        ("yj", "应急局", Body.DEPARTMENT, DISTRICT),
        ("jt", "交通局", Body.DEPARTMENT, DISTRICT),
        ("st", "清河街道", Body.STREET, STREET),
        ("cm", "柳岸社区", Body.COMMITTEE, LIUAN),
    ]
}
NEEDED = ("enforcement", "entry")


def lead(body, place=DISTRICT, *, topic=SAFETY, setting="", powers=(), benefits=("funds",), duty="lead", **more):
    period, basis = more.pop("period", ALWAYS), more.pop("basis", "清单")
    return Article(
        more.pop("number", f"{body}-{duty}-{place}-{setting}"), body, Duty(duty) if duty else None,
        Scope(topic, place, setting, period), basis, frozenset(map(Power, powers)), frozenset(map(Benefit, benefits)),
        **more,
    )  # fmt: skip


def ground(**more):
    given = {"at": MAY, "topics": TOPICS, "places": PLACES, "bodies": BODIES, "settings": {"enterprise": "企业里"}}
    return Ground(**given | more)


def kinds(*articles, **more):
    return [finding.kind.value for finding in audit(articles, ground(**more))]


GOOD = lead("yj", powers=NEEDED)
CASES = [
    ("nothing is wrong where one body leads and holds the powers", [GOOD], []),
    ("no lead at all", [], ["gap"]),
    ("no lead in one community", [lead("yj", ZHONGLOU, powers=NEEDED)], ["gap"]),
    ("no lead where the setting is not known", [lead("yj", setting="enterprise", powers=NEEDED)], ["gap"]),
    ("two leads of the same scope", [GOOD, lead("jt", powers=NEEDED)], ["contest"]),
    ("the narrower of two leads prevails", [GOOD, lead("jt", LIUAN, powers=NEEDED)], []),
    ("leads that cross", [lead("jt", topic="0801", setting="enterprise", powers=NEEDED), GOOD], ["contest"]),
    ("a lead without power", [lead("jt")], ["duty_without_power"]),
    ("one power of two", [lead("jt", powers=["entry"])], ["duty_without_power"]),
    ("the power comes by another article of the body", [lead("jt"), lead("jt", duty=None, powers=NEEDED)], []),
    ("the power comes by assistance", [lead("jt"), lead("yj", duty="assist", powers=NEEDED)], []),
    ("assistance elsewhere is none here",
     [lead("jt"), lead("yj", ZHONGLOU, duty="assist", powers=NEEDED)], ["duty_without_power"]),
    ("who holds the power need not help",
     [lead("jt"), lead("yj", duty=None, powers=NEEDED)], ["duty_without_power", "broken_chain", "power_without_duty"]),
    ("a committee leads", [lead("cm", LIUAN), GOOD], ["committee_leads", "duty_without_power", "broken_chain"]),
    ("a committee leads, though another prevails",
     [lead("cm", LIUAN), GOOD, lead("yj", LIUAN + "", setting="enterprise", powers=NEEDED),
      lead("yj", LIUAN, number="z", powers=NEEDED)], ["contest", "committee_leads", "duty_without_power"]),
    ("assistance without a lead", [lead("st", STREET, duty="assist", powers=NEEDED)], ["gap", "broken_chain"]),
    ("assistance without a lead and without power",
     [lead("st", STREET, duty="assist")], ["gap", "duty_without_power", "broken_chain"]),
    ("a task for a street without money", [GOOD, lead("st", STREET, duty="assist", benefits=())],
     ["duty_without_benefit"]),
    ("a task for a street with credit alone", [GOOD, lead("st", STREET, duty="assist", benefits=("credit",))],
     ["duty_without_benefit"]),
    ("a department's own budget is its benefit", [lead("yj", powers=NEEDED, benefits=())], []),
    ("a power that no topic needs is no fault", [GOOD, lead("jt", duty=None, powers=["decision"])], []),
]  # fmt: skip


@pytest.mark.parametrize(("_why", "articles", "found"), CASES, ids=[case[0] for case in CASES])
def test_the_audit_of(_why, articles, found):
    assert kinds(*articles) == found


def test_a_gap_names_where_it_is_and_its_witness_lies_there():
    (gap,) = audit([lead("yj", ZHONGLOU, powers=NEEDED)], ground())
    assert (gap.witness, gap.severity) == (Case(SAFETY, LIUAN, "", MAY), Severity.STOPS)
    assert gap.sentence == "“企业生产安全隐患”（在柳岸社区、东渡街道）：没有哪个单位主责，来了诉求就没人接。"


def test_a_contest_names_the_case_in_which_two_leads_meet():
    crossing = lead("jt", topic="0801", setting="enterprise", powers=NEEDED)
    (contest,) = audit([crossing, GOOD], ground())
    assert contest.witness == Case(SAFETY, LIUAN, "enterprise", MAY)
    assert contest.bodies == ("jt", "yj")
    assert "在云溪区，场所是企业里" in contest.sentence


def test_a_posting_that_brings_the_power_cures_and_its_end_brings_the_finding_back():
    duty = lead("st", STREET)
    end = MAY + timedelta(days=30)
    posting = Posted("st", STREET, frozenset(map(Power, NEEDED)), Period(MAY, end))
    settled = lead("yj", powers=NEEDED)
    before = kinds(duty, settled, at=MAY - timedelta(days=1), postings=(posting,))
    during = kinds(duty, settled, postings=(posting,))
    after = kinds(duty, settled, at=end, postings=(posting,))
    assert (before, during, after) == (
        ["duty_without_power", "broken_chain"],
        [],
        ["duty_without_power", "broken_chain"],
    )
    ahead = audit([duty, settled], ground(postings=(posting,), until=end + timedelta(days=1)))
    assert [finding.witness.at for finding in ahead] == [end, end]
    assert "从2026年5月31日起，在清河街道" in ahead[0].sentence


def test_a_posting_to_another_unit_or_elsewhere_cures_nothing():
    powers = frozenset(map(Power, NEEDED))
    others = (Posted("jt", STREET, powers, ALWAYS), Posted("st", ZHONGLOU, powers, ALWAYS))
    (lacking, _chain) = audit([lead("st", STREET), GOOD], ground(postings=others))
    assert (lacking.kind, lacking.places) == (Kind.DUTY_WITHOUT_POWER, (LIUAN,))


LAWS = (
    Law("中华人民共和国旧条例", date(2000, 1, 1), date(2026, 3, 1), "新条例", "新条例第九条"),
    Law("修订法", date(2000, 1, 1), date(2026, 1, 1)),
    Law("修订法", date(2026, 1, 1)),
)


@pytest.mark.parametrize(
    ("basis", "at", "found"),
    [
        ("《旧条例》第三条", MAY, ["no_basis"]),
        ("《中华人民共和国旧条例（2010年修订）》第三条", MAY, ["no_basis"]),
        ("《旧条例》第三条", MAY.replace(month=2), []),
        ("《修订法》第三条", MAY, []),
        ("清单第三项", MAY, []),
    ],
)
def test_an_article_stands_on_a_law_in_force(basis, at, found):
    assert kinds(lead("yj", powers=NEEDED, basis=basis), laws=LAWS, at=at) == found


def practice(body, **counts):
    return Practice(SAFETY, body, Case(SAFETY, LIUAN, "enterprise", MAY), 10, witnesses=("Q1",), **counts)


PRACTISED = [
    ("takes the money and lost its objection", practice("yj", objections=1, lost=1), ["claims_and_shirks"]),
    ("takes the money and objects again and again", practice("yj", objections=2), ["claims_and_shirks"]),
    ("takes the money and is late", practice("yj", late=3), ["claims_and_shirks"]),
    ("was right to object once", practice("yj", objections=1), []),
    ("is late now and then", practice("yj", late=2), []),
    ("assists by list and leads by practice", practice("st", led=3), ["assist_became_lead"]),
    ("a community is handed one matter", practice("cm", led=1), ["assist_became_lead"]),
    ("a street helped out twice", practice("st", led=2), []),
    ("leads by list and by practice", practice("yj", led=10), []),
]


@pytest.mark.parametrize(("_why", "done", "found"), PRACTISED, ids=[case[0] for case in PRACTISED])
def test_what_happened_shows_who(_why, done, found):
    assert kinds(GOOD, lead("st", STREET, duty="assist"), practice=(done,)) == found


def test_a_finding_of_practice_leads_to_its_matters():
    (finding,) = audit([GOOD], ground(practice=(practice("yj", objections=3, lost=2),)))
    assert finding.matters == ("Q1",)
    assert "10 件诉求里却有3 件提出不归它管，其中 2 件裁定就归它管" in finding.sentence


ALL_KINDS = [
    [lead("cm", LIUAN), GOOD, lead("jt", duty=None, powers=["entry"])],
    [GOOD, lead("jt", basis="《旧条例》第三条"), lead("st", STREET, duty="assist", benefits=())],
    [lead("st", STREET, duty="assist")],
]


def test_every_kind_of_fault_is_said_in_chinese_and_in_english():
    done = (practice("yj", objections=3, lost=2, late=4), practice("cm", led=1))
    world = ground(practice=done, laws=LAWS)
    names = {power.value: power.value for power in Power}
    told = {}
    for articles in ALL_KINDS:
        for finding in audit(articles, world):
            sentence, remedy = in_english(finding, world, {"enterprise": "inside an enterprise"}, names)
            assert re.search("[，。：、（）]", sentence + remedy) is None, sentence
            assert finding.sentence.endswith("。")
            assert finding.remedy.endswith("。")
            told[finding.kind] = sentence
    assert set(told) == set(Kind)
    assert told[Kind.CLAIMS_AND_SHIRKS].endswith("it said 3 were not its own, 2 were ruled to be, and 4 were late.")
    assert "《中华人民共和国旧条例》 ended on 2026-03-01, 《新条例》 took its place" in told[Kind.NO_BASIS]
