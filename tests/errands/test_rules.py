"""The checks, ceilings, merging, articles of refusal and lists of certificates, as tables."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.errands.rules import certificates, gate, meetings, parameters, refusals
from qianxian.errands.rules.gate import Gathering, Holding, Known, Request, Running, Weight, blocks, checked
from qianxian.errands.rules.life import NEXT, Frequency, Kind, Stage
from qianxian.errands.rules.refusals import What
from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING, add_working_days, statutory_calendar
from qianxian.mandates.rules.articles import Article, Duty, List, Scope

AT = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
PLACE, OTHER = "990101001001", "990101001002"
ALWAYS = Period(datetime(2026, 1, 1, tzinfo=BEIJING))
CALENDAR = statutory_calendar((), "test")


def article(number, topic, kind, duty=None, place="990101"):
    return Article(number, "mz", duty, Scope(topic, place, "", ALWAYS), "清单", list=kind)


KNOWN = Known(
    articles=(
        article("1", "130105", List.COMMUNITY_ASSIST, Duty.ASSIST, PLACE),
        article("2", "1801", List.NEGATIVE, None, PLACE),
        article("3", "0806", List.TAKEN_BACK, Duty.LEAD),
    ),
    laws=parameters.load_laws(),
    holdings={
        "name": Holding("name", "姓名", "公安机关"),
        "wish": Holding("wish", "心愿", ""),
        "visit": Holding("visit", "走访日期", "社区", here=True),
    },
    running=(),
    parameters=parameters.load_parameters(),
    calendar=CALENDAR,
)
REQUEST = Request(
    department="zj", kind=Kind.TASK, topic="130105", role=Duty.ASSIST,
    basis="《中华人民共和国老年人权益保障法》第七条", frequency=Frequency.MONTHLY, hours=20, fields=(), funds=12000,
    people=1, training="半天", assessment="", start=date(2026, 5, 6), end=date(2026, 12, 31), places=(PLACE,),
)  # fmt: skip
MEETING = replace(
    REQUEST,
    kind=Kind.MEETING,
    frequency=Frequency.ONCE,
    funds=0,
    people=0,
    start=date(2026, 3, 20),
    end=date(2026, 3, 20),
    gathering=Gathering(datetime(2026, 3, 20, 9, tzinfo=BEIJING), 90, 60, attendees=("director",)),
)


def runs(**changed):
    held = Running(
        7, "老的", "zj", Kind.TASK, "130105", 30, Frequency.MONTHLY, date(2026, 1, 1), date(2026, 12, 31), PLACE
    )
    return replace(held, **changed)


def codes(request, known=KNOWN, weight=None):
    return {f.code for f in checked(request, known, AT) if weight in (None, f.weight)}


def test_a_fair_request_is_blocked_by_nothing_and_every_check_says_something():
    findings = checked(REQUEST, KNOWN, AT)
    assert blocks(findings) == []
    assert {f.check.value for f in findings} == {
        "lists", "basis", "handler", "fields", "means", "hours", "notice", "sunset",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "code", "weight"),
    [
        ({"topic": "180103"}, "negative", Weight.BLOCK),
        ({"topic": "180103", "places": (OTHER,)}, "unlisted", Weight.WEIGH),
        ({"topic": "080601"}, "taken_back", Weight.BLOCK),
        ({"topic": "080601", "role": Duty.INFORM}, "unlisted", Weight.WEIGH),
        ({"topic": ""}, "no_topic", Weight.WEIGH),
        ({"basis": "工作需要"}, "no_basis", Weight.BLOCK),
        ({"basis": "云政发〔2026〕3号"}, "by_number", Weight.WEIGH),
        ({"basis": "《某某暂行规定》"}, "unknown_law", Weight.WEIGH),
        ({"basis": "《老年人权益保障法》"}, "in_force", Weight.CLEAR),
        ({"basis": "《中华人民共和国城市居民委员会组织法（2018年修正）》"}, "repealed", Weight.BLOCK),
        ({"role": Duty.LEAD}, "leads", Weight.BLOCK),
        ({"fields": ("name",)}, "held", Weight.BLOCK),
        ({"fields": ("visit",)}, "held_here", Weight.BLOCK),
        ({"fields": ("wish",)}, "not_held", Weight.CLEAR),
        ({"fields": ("血型",)}, "field_unknown", Weight.WEIGH),
        ({"funds": 0, "people": 0}, "no_means", Weight.BLOCK),
        ({"funds": 1200, "people": 0}, "little_money", Weight.WEIGH),
        ({"training": ""}, "no_training", Weight.WEIGH),
        ({"hours": 241}, "hours_over", Weight.WEIGH),
        ({"end": None}, "no_end", Weight.BLOCK),
        ({"end": date(2027, 5, 6)}, "sunset", Weight.CLEAR),
        ({"end": date(2027, 5, 7)}, "too_long", Weight.BLOCK),
        ({"end": date(2026, 5, 1)}, "ends_before", Weight.BLOCK),
        ({"assessment": "排名"}, "own_assessment", Weight.WEIGH),
        ({"kind": Kind.LEDGER}, "ledgers", Weight.CLEAR),
    ],
)
def test_each_check_finds_what_it_is_for(changed, code, weight):
    assert code in codes(replace(REQUEST, **changed), weight=weight)


@pytest.mark.parametrize(
    ("changed", "code", "weight"),
    [
        ({}, "runs_already", Weight.BLOCK),
        ({"department": "ga"}, "runs_alike", Weight.WEIGH),
        ({"topic": "130102"}, "runs_alike", Weight.WEIGH),
        ({"end": date(2026, 5, 5)}, None, None),
        ({"place": OTHER}, None, None),
        ({"kind": Kind.LEDGER}, None, None),
        ({"hours": 221, "topic": "090201"}, "hours_over", Weight.WEIGH),
    ],
)
def test_what_runs_already_is_weighed_against_what_is_asked(changed, code, weight):
    found = codes(REQUEST, replace(KNOWN, running=(runs(**changed),)), weight)
    assert (code in found) if code else not found & {"runs_already", "runs_alike", "hours_over"}


def test_a_seventh_ledger_is_one_too_many():
    held = tuple(runs(number=n, kind=Kind.LEDGER, topic="090201") for n in range(6))
    assert "ledgers" in codes(replace(REQUEST, kind=Kind.LEDGER), replace(KNOWN, running=held), Weight.BLOCK)
    assert "ledgers" in codes(replace(REQUEST, kind=Kind.LEDGER), replace(KNOWN, running=held[:5]), Weight.CLEAR)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"minutes": 121}, "meeting_minutes"),
        ({"report_minutes": 61}, "report_minutes"),
        ({"attendees": ("secretary", "director", "worker")}, "attendance"),
    ],
)
def test_a_meeting_keeps_to_its_ceilings(changed, code):
    asked = replace(MEETING, gathering=replace(MEETING.gathering, **changed))
    assert codes(asked, weight=Weight.BLOCK) == ({code} if code else set())


def test_the_ninth_meeting_of_a_month_and_the_second_comprehensive_of_a_year_are_refused():
    full = {(PLACE, "2026-03", Kind.MEETING): 8}
    assert codes(MEETING, replace(KNOWN, gatherings=full), Weight.BLOCK) == {"meetings"}
    big = replace(MEETING, gathering=replace(MEETING.gathering, comprehensive=True))
    assert codes(big, replace(KNOWN, comprehensive=1), Weight.BLOCK) == {"comprehensive"}
    assert codes(big, KNOWN, Weight.BLOCK) == codes(MEETING, replace(KNOWN, comprehensive=1), Weight.BLOCK) == set()


def test_notice_is_counted_in_working_days():
    thirtieth = add_working_days(CALENDAR, AT, 30).due.date()
    for start, code in ((thirtieth, "too_soon"), (thirtieth + timedelta(days=1), "in_time")):
        assert code in codes(replace(REQUEST, start=start))


@given(
    topic=st.sampled_from(["130105", "180103", "080601", ""]),
    role=st.sampled_from(Duty),
    fields=st.lists(st.sampled_from(["name", "wish", "visit", "x"])),
    funds=st.integers(0, 10**6),
    people=st.integers(0, 9),
    start=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    length=st.integers(-9, 900),
)
def test_whatever_passes_leaves_within_a_year_leads_nothing_and_asks_nothing_that_is_held(
    topic, role, fields, funds, people, start, length
):
    asked = replace(
        REQUEST,
        topic=topic,
        role=role,
        fields=tuple(fields),
        funds=funds,
        people=people,
        start=start,
        end=start + timedelta(days=length),
    )
    findings = checked(asked, KNOWN, AT)
    assert all(f.as_data()["code"] for f in findings)
    if not blocks(findings):
        assert role is not Duty.LEAD
        assert topic != "180103"
        assert set(fields) <= {"wish", "x"}
        assert funds or people
        assert timedelta(0) <= asked.end - start <= timedelta(days=366)
        assert start > add_working_days(CALENDAR, AT, 30).due.date()


def test_stages_only_go_forward():
    assert all(later > stage for stage, following in NEXT.items() for later in following)


def planned(number, day, minutes=60, places=(PLACE,), who=("worker",), **more):
    starts = datetime(2026, 3, day, 9, tzinfo=BEIJING)
    return meetings.Planned(
        number, f"会{number}", "zj", Kind.MEETING, starts, minutes, frozenset(places), frozenset(who), **more
    )


@pytest.mark.parametrize(
    ("held", "merged"),
    [
        ([planned(1, 2), planned(2, 4)], [[1, 2]]),
        ([planned(1, 2), planned(2, 9)], []),
        ([planned(1, 2), planned(2, 4, places=(OTHER,))], []),
        ([planned(1, 2), planned(2, 4, who=("director",))], []),
        ([planned(1, 2), planned(2, 4, minutes=91)], []),
        ([planned(1, 2), planned(2, 4, comprehensive=True)], []),
        ([planned(1, 2), planned(2, 3, 100), planned(3, 4)], [[1, 3]]),
        ([planned(3, 6), planned(2, 4), planned(1, 2, 30)], [[1, 2, 3]]),
    ],
)
def test_the_same_people_in_the_same_week_meet_once(held, merged):
    proposals = meetings.merging(held, most_minutes=150, travel_minutes=40)
    assert [[meeting.number for meeting in proposal.meetings] for proposal in proposals] == merged


@given(st.lists(st.tuples(st.integers(2, 20), st.integers(10, 120), st.booleans()), max_size=12))
def test_no_merging_is_too_long_and_no_meeting_is_merged_twice(rows):
    held = [planned(n, day, minutes, (PLACE,) if here else (OTHER,)) for n, (day, minutes, here) in enumerate(rows)]
    proposals = meetings.merging(held, most_minutes=150, travel_minutes=40)
    numbers = [meeting.number for proposal in proposals for meeting in proposal.meetings]
    assert len(set(numbers)) == len(numbers)
    assert all(proposal.minutes == sum(m.minutes for m in proposal.meetings) <= 150 for proposal in proposals)
    assert all(len({meetings.week_of(m.starts_at) for m in proposal.meetings}) == 1 for proposal in proposals)


def test_minutes_are_read_line_by_line_without_their_numbers():
    assert meetings.lines_of("一、换灯\n\n2. 清淤\n- 公示\n散会") == ["换灯", "清淤", "公示", "散会"]


@pytest.mark.parametrize(
    ("place", "what", "on", "words"),
    [
        ("110101001001", What.ERRAND, date(2026, 3, 2), "北京市街道办事处条例》第三十二条"),
        ("310106012003", What.ERRAND, date(2026, 3, 2), "上海市居民委员会工作条例》第二十七条"),
        ("310106012003", What.CERTIFICATE, date(2026, 3, 2), "上海市居民委员会工作条例》第二十八条"),
        ("440305001001", What.ERRAND, date(2026, 3, 2), "整治形式主义为基层减负若干规定"),
        ("440305001001", What.ERRAND, date(2020, 3, 2), "城市居民委员会组织法》（2018年修正）第二十条"),
        ("440305001001", What.CERTIFICATE, date(2026, 3, 2), "民发〔2020〕20号"),
    ],
)
def test_a_refusal_cites_the_article_of_its_own_jurisdiction_and_time(place, what, on, words):
    assert words in refusals.article_for(refusals.load_articles(), what, place, on).article


def not_issued(place):
    kinds = certificates.kinds_for(certificates.load_kinds(), place, date(2026, 3, 2))
    return {kind.code for kind in kinds if not kind.issuable}


def test_twenty_certificates_are_not_a_communitys_and_provinces_differ():
    national = not_issued("990101001001")
    assert len(national) == 20
    assert not_issued("420106001001") == national - {"alive"} | {"receipt", "transfer"}
    assert all(kind.office for kind in certificates.load_kinds() if not kind.issuable and kind.place == "")


def test_a_certificate_of_another_office_is_refused_with_that_office():
    kinds = certificates.load_kinds()
    with pytest.raises(certificates.MustNotIssue) as refused:
        certificates.issuable(kinds, "crime", PLACE, date(2026, 3, 2))
    assert "派出所" in refused.value.kind.office
    with pytest.raises(certificates.UnknownKind):
        certificates.issuable(kinds, "good_person", PLACE, date(2026, 3, 2))
    assert certificates.issuable(kinds, "residence", PLACE, date(2026, 3, 2)).issuable


def test_every_parameter_names_its_source_and_is_found_for_every_kind():
    rows = parameters.load_parameters()
    assert all(row.source and row.mark in ("S", "K", "L") for row in rows)
    for code in ("notice", "decision", "opinion", "sunset", "hours", "ledgers", "meetings", "inspections"):
        for kind in Kind:
            assert parameters.select(rows, code, kind, PLACE, date(2026, 3, 2)).amount > 0
    assert parameters.select(rows, "notice", Kind.TASK, "110102001001", date(2026, 3, 2)).mark == "S"
    assert parameters.deciders_for(parameters.load_deciders(), PLACE, date(2026, 3, 2)).units == ("street", "mz")


def test_months_are_counted_to_the_same_day_or_the_last_of_a_shorter_month():
    assert gate.months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert gate.months_later(date(2026, 5, 6), 12) == date(2027, 5, 6)


def test_a_terminal_stage_leads_nowhere():
    assert [stage for stage, following in NEXT.items() if not following] == [
        Stage.REFUSED, Stage.WITHDRAWN, Stage.ENDED,
    ]  # fmt: skip
