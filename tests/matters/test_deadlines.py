import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING, Calendar, Kind, statutory_calendar
from qianxian.matters.rules.deadlines import (
    Limit,
    NoCause,
    NoDeadline,
    Running,
    Unit,
    counted_pause,
    deadline,
    load_causes,
    load_classes,
    load_overrides,
    may_pause,
    moved,
    select,
)
from qianxian.matters.rules.explanation import explain
from qianxian.matters.rules.notices import FaultyRow, NoticeFault, read_notice

CLASSES = load_classes()
CAUSES = load_causes()
CALENDAR = statutory_calendar(load_overrides(), "2026-1")
ONE_DAY = Limit(1, Unit.WORKING_DAY)
DISTRICT, COMMUNITY, ELSEWHERE = "990101", "990101001001", "130102001001"
TOPIC = "010203"


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


NOW = moment("2026-11-23 10:15")
FAR = moment("2028-01-01 00:00")


def reckon(limit, *, dispatched=NOW, calendar=CALENDAR, at=FAR, pauses=(), extensions=()):
    return deadline(
        dispatched=dispatched,
        limit=limit,
        contact_limit=ONE_DAY,
        calendar=calendar,
        at=at,
        pauses=pauses,
        extensions=extensions,
    )


@pytest.mark.parametrize(
    ("code", "kind", "place", "limit"),
    [
        ("general", None, COMMUNITY, Limit(7, Unit.CALENDAR_DAY)),
        ("general", "consult", COMMUNITY, Limit(1, Unit.WORKING_DAY)),
        ("general", "complaint", COMMUNITY, Limit(7, Unit.CALENDAR_DAY)),
        ("urgent", "consult", COMMUNITY, Limit(24, Unit.CLOCK_HOUR)),
        ("utility", None, COMMUNITY, Limit(24, Unit.CLOCK_HOUR)),
        ("site", None, COMMUNITY, Limit(4, Unit.WORKING_HOUR)),
        ("petition", None, COMMUNITY, Limit(60, Unit.CALENDAR_DAY)),
        ("general", None, "440305001001", Limit(10, Unit.WORKING_DAY)),
        ("general", "complaint", "440305001001", Limit(15, Unit.WORKING_DAY)),
        ("general", None, "370705001001", Limit(5, Unit.WORKING_DAY)),
        ("urgent", None, ELSEWHERE, Limit(24, Unit.CLOCK_HOUR)),
        ("no such class", None, ELSEWHERE, Limit(15, Unit.WORKING_DAY)),
    ],
)
def test_the_narrowest_class_in_force_prevails(code, kind, place, limit):
    assert select(CLASSES, code, TOPIC, place, NOW, kind).limit == limit


def test_a_class_out_of_force_gives_no_limit():
    then, now = moment("2024-06-01 00:00"), moment("2025-01-01 00:00")
    assert select(CLASSES, "general", TOPIC, COMMUNITY, then).limit == Limit(5, Unit.WORKING_DAY)
    assert select(CLASSES, "general", TOPIC, COMMUNITY, now).limit == Limit(7, Unit.CALENDAR_DAY)


GENERAL = select(CLASSES, "general", TOPIC, COMMUNITY, NOW)


@pytest.mark.parametrize(
    ("wins", "loses"),
    [
        ({"code": "general", "place": ""}, {"code": "", "place": COMMUNITY}),
        ({"place": "990101001", "topic": ""}, {"place": "990101", "topic": TOPIC}),
        ({"place": "990101001", "kind": None}, {"place": "990101", "kind": "help"}),
        ({"kind": "help", "topic": ""}, {"kind": None, "topic": TOPIC}),
        ({"topic": "0102", "period": Period(moment("2020-01-01 00:00"))}, {"topic": "01", "period": Period(NOW)}),
        ({"period": Period(NOW)}, {"period": Period(moment("2025-01-01 00:00"))}),
    ],
    ids=["code", "place before topic", "place before kind", "kind before topic", "topic before time", "newer"],
)
def test_what_is_told_apart_first_prevails(wins, loses):
    winner, loser = replace(GENERAL, **wins), replace(GENERAL, **loses)
    assert {select(rows, "general", TOPIC, COMMUNITY, NOW, "help") for rows in ([winner, loser], [loser, winner])} == {
        winner
    }


def test_a_row_for_another_topic_kind_or_place_covers_nothing_here():
    elsewhere = [replace(GENERAL, topic="02"), replace(GENERAL, kind="report"), replace(GENERAL, place="990102")]
    with pytest.raises(NoDeadline):
        select(elsewhere, "general", TOPIC, COMMUNITY, NOW, "help")


def test_a_missing_limit_is_named():
    rows = [row for row in CLASSES if row.code]
    with pytest.raises(NoDeadline, match=r"2026-11-23.*“repair”.*“010203”.*“130102001001”"):
        select(rows, "repair", TOPIC, ELSEWHERE, NOW)


@given(st.text(max_size=8), st.text("0123456789", max_size=6), st.text("0123456789", max_size=15))
def test_with_the_catch_all_row_no_matter_is_without_a_limit(code, topic, place):
    assert select(CLASSES, code, topic, place, NOW).limit.amount > 0


def test_every_parameter_names_its_source():
    assert [row.name for row in (*CLASSES, *CAUSES) if not row.source] == []


def test_an_urgent_matter_is_contacted_within_an_hour_and_fed_back_within_two():
    row = select(CLASSES, "urgent", TOPIC, COMMUNITY, NOW)
    result = deadline(
        dispatched=NOW,
        limit=row.limit,
        contact_limit=row.contact_limit,
        feedback=row.feedback,
        calendar=CALENDAR,
        at=NOW,
    )
    hours = [(due - NOW) / timedelta(hours=1) for due in (result.contact_due, result.feedback_due, result.due)]
    assert hours == [1, 2, 24]


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Limit(0, Unit.WORKING_DAY)


@pytest.mark.parametrize(
    ("unit", "due"),
    [
        (Unit.CLOCK_HOUR, "2026-11-23 15:15"),
        (Unit.WORKING_HOUR, "2026-11-23 16:45"),
        (Unit.WORKING_DAY, "2026-11-30 17:30"),
        (Unit.CALENDAR_DAY, "2026-11-29 00:00"),
    ],
)
def test_five_of_each_unit(unit, due):
    assert reckon(Limit(5, unit)).due == moment(due)


def test_an_extension_adds_to_the_limit_and_leaves_the_contact_alone():
    plain, extended = reckon(Limit(5, Unit.WORKING_DAY)), reckon(Limit(5, Unit.WORKING_DAY), extensions=[3, 2])
    assert extended.due == reckon(Limit(10, Unit.WORKING_DAY)).due
    assert extended.contact_due == plain.contact_due


def test_an_open_pause_stands_still_and_counts_as_ending_now():
    open_pause, at = Period(moment("2026-11-23 11:00")), moment("2026-11-23 13:00")
    standing = reckon(Limit(24, Unit.CLOCK_HOUR), pauses=[open_pause], at=at)
    assert (standing.standing_still, standing.due) == (True, moment("2026-11-24 12:15"))
    ended = reckon(Limit(24, Unit.CLOCK_HOUR), pauses=[Period(open_pause.start, at)], at=at)
    assert (ended.standing_still, ended.due) == (False, standing.due)


def test_a_pause_after_the_due_moment_brings_nothing_back():
    late = Period(moment("2026-11-25 09:00"))
    result = reckon(Limit(24, Unit.CLOCK_HOUR), pauses=[late], at=moment("2026-11-26 09:00"))
    assert (result.standing_still, result.due) == (False, moment("2026-11-24 10:15"))


def test_a_deadline_as_known_then_ignores_what_was_recorded_later():
    then = moment("2026-11-24 09:00")
    later = Period(moment("2026-11-25 09:00"), moment("2026-11-27 09:00"))
    assert reckon(Limit(5, Unit.WORKING_DAY), at=then, pauses=[later]) == reckon(Limit(5, Unit.WORKING_DAY), at=then)


# Properties of every deadline

minutes = st.integers(0, 60 * 24 * 60).map(lambda number: moment("2026-11-01 00:00") + timedelta(minutes=number))
limits = st.builds(Limit, st.integers(1, 20), st.sampled_from(Unit))
pauses = st.lists(
    st.builds(lambda start, length: Period(start, start + timedelta(minutes=length)), minutes, st.integers(0, 9000)),
    max_size=3,
)
days = st.dates(date(2026, 11, 1), date(2027, 2, 28))


@given(limits, minutes, pauses, minutes, st.integers(0, 9000), st.integers(0, 9000))
def test_a_longer_pause_never_makes_a_matter_due_earlier(limit, dispatched, others, start, length, longer):
    end = start + timedelta(minutes=length)
    short = reckon(limit, dispatched=dispatched, pauses=[*others, Period(start, end)])
    long = reckon(limit, dispatched=dispatched, pauses=[*others, Period(start, end + timedelta(minutes=longer))])
    assert short.due <= long.due
    assert short.contact_due <= long.contact_due


@given(limits, minutes, pauses, st.integers(1, 5))
def test_more_time_means_due_later(limit, dispatched, others, more):
    plain = reckon(limit, dispatched=dispatched, pauses=others)
    assert plain.due < reckon(limit, dispatched=dispatched, pauses=others, extensions=[more]).due


@given(limits, minutes, minutes, minutes)
def test_while_a_clock_stands_still_its_deadline_only_moves_on(limit, dispatched, start, at):
    before = reckon(limit, dispatched=dispatched, pauses=[Period(start)], at=at)
    after = reckon(limit, dispatched=dispatched, pauses=[Period(start)], at=at + timedelta(minutes=90))
    assert before.due <= after.due


def with_days(calendar, kind, extra):
    off = {**calendar.off, **dict.fromkeys(extra, "节")} if kind is Kind.OFF else drop(calendar.off, extra)
    work = {**calendar.work, **dict.fromkeys(extra, "节")} if kind is Kind.WORK else drop(calendar.work, extra)
    return replace(calendar, version="next", off=off, work=work)


def drop(days_, extra):
    return {day: name for day, name in days_.items() if day not in extra}


@given(st.integers(1, 20), minutes, st.frozensets(days, min_size=1, max_size=12))
def test_a_decreed_holiday_moves_a_deadline_by_the_working_days_it_takes_away(amount, dispatched, decreed):
    limit = Limit(amount, Unit.WORKING_DAY)
    before = reckon(limit, dispatched=dispatched)
    decreed = {day for day in decreed if day <= before.due.date()}
    taken = sum(CALENDAR.is_working(day) for day in decreed if day > dispatched.date())
    after = reckon(limit, dispatched=dispatched, calendar=with_days(CALENDAR, Kind.OFF, decreed))
    moved_by = reckon(limit, dispatched=dispatched, extensions=[taken] if taken else [])
    assert after.due == moved_by.due


@given(st.sampled_from([Unit.CLOCK_HOUR, Unit.CALENDAR_DAY]), st.integers(1, 99), minutes, st.frozensets(days))
def test_a_decreed_holiday_never_moves_clock_hours_or_calendar_days(unit, amount, dispatched, decreed):
    limit = Limit(amount, unit)
    after = reckon(limit, dispatched=dispatched, calendar=with_days(CALENDAR, Kind.OFF, decreed))
    assert after.due == reckon(limit, dispatched=dispatched).due


@given(limits, minutes, pauses, days)
def test_a_make_up_day_never_makes_a_matter_due_later(limit, dispatched, others, day):
    after = reckon(limit, dispatched=dispatched, pauses=others, calendar=with_days(CALENDAR, Kind.WORK, {day}))
    assert after.due <= reckon(limit, dispatched=dispatched, pauses=others).due


@given(st.integers(1, 20), st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR]), minutes, pauses)
def test_a_limit_in_working_time_is_never_due_on_a_day_off(amount, unit, dispatched, others):
    assert CALENDAR.is_working(reckon(Limit(amount, unit), dispatched=dispatched, pauses=others).due.date())


# The explanation


def test_a_resident_reads_the_arithmetic_line_by_line():
    result = reckon(Limit(4, Unit.WORKING_DAY), dispatched=moment("2026-09-29 15:10"), extensions=[1], at=FAR)
    assert explain(result) == [
        "2026-09-29 周二 15:10 交办，时限4个工作日，交办当日不计",
        "经批准延长1个工作日，时限共5个工作日",
        "2026-09-30 周三 第1个工作日",
        "2026-10-01 周四 至 2026-10-07 周三 国庆节放假，不计",
        "2026-10-08 周四 第2个工作日",
        "2026-10-09 周五 第3个工作日",
        "2026-10-10 周六 第4个工作日（国庆节调休，上班）",
        "2026-10-11 周日 周末，不计",
        "2026-10-12 周一 第5个工作日",
        "2026-10-12 周一 17:30 到期",
        "2026-09-30 周三 17:30 前先行联系诉求人",
    ]


def test_the_same_arithmetic_in_english():
    result = reckon(Limit(2, Unit.WORKING_DAY), dispatched=moment("2026-10-09 15:10"), at=FAR)
    assert explain(result, "en") == [
        "2026-10-09 Fri 15:10: dispatched, to be settled within 2 working day(s); the day of dispatch does not count",
        "2026-10-10 Sat: working day 1 (made up for National Day)",
        "2026-10-11 Sun: weekend, not counted",
        "2026-10-12 Mon: working day 2",
        "2026-10-12 Mon 17:30: due",
        "first contact with the resident before 2026-10-10 Sat 17:30",
    ]


def test_working_hours_and_pauses_are_added_up():
    paused = [Period(moment("2026-11-23 11:15"), moment("2026-11-24 09:20"))]
    assert explain(reckon(Limit(4, Unit.WORKING_HOUR), pauses=paused)) == [
        "2026-11-23 周一 10:15 交办，时限4个工作小时，从交办起计时",
        "2026-11-23 周一 10:15 至 11:15 计1小时，累计1小时",
        "2026-11-23 周一 11:15 至 2026-11-24 周二 09:20 时限中止，不计",
        "2026-11-24 周二 09:20 至 12:00 计2小时40分钟，累计3小时40分钟",
        "2026-11-24 周二 13:30 至 13:50 计20分钟，累计4小时",
        "2026-11-24 周二 13:50 到期",
        "2026-11-24 周二 17:30 前先行联系诉求人",
    ]


def test_calendar_days_end_at_24_o_clock_and_a_clock_that_stands_still_is_said_to():
    result = reckon(
        Limit(2, Unit.CALENDAR_DAY), pauses=[Period(moment("2026-11-24 11:00"))], at=moment("2026-11-25 08:00")
    )
    assert explain(result)[1:5] == [
        "2026-11-24 周二 时限中止，不计",
        "2026-11-25 周三 第1日",
        "2026-11-26 周四 第2日",
        "2026-11-26 周四 24:00 到期",
    ]
    assert explain(result)[-1] == "时限正在中止，以上按中止到此刻结束推算"


def test_a_year_without_a_notice_is_said_to_be_a_guess():
    lines = explain(reckon(Limit(3, Unit.WORKING_DAY), dispatched=moment("2026-12-30 09:00")))
    assert "2027-01-01 周五 元旦放假，不计" in lines
    assert lines[-1] == "2027年尚无国务院办公厅通知，暂按周末推算，通知公布后重新推算"
    assert not any("尚无" in line for line in explain(reckon(Limit(3, Unit.WORKING_DAY))))


@given(limits, minutes, pauses, st.sampled_from(["zh-hans", "en"]))
def test_the_days_explained_are_as_many_as_the_limit(limit, dispatched, others, language):
    assume(limit.unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY))
    lines = explain(reckon(limit, dispatched=dispatched, pauses=others), language)
    numbered = [line for line in lines if re.search(r"第\d+(日|个工作日)|: (working )?day \d+", line)]
    assert len(numbered) == limit.amount


# Pauses have a cause, a notice moves what is running


def test_a_clock_stands_still_only_for_a_listed_cause():
    assert may_pause(CAUSES, "material", NOW).name == "等待诉求人补充材料"
    with pytest.raises(NoCause, match=r"“busy”.*不可抗力"):
        may_pause(CAUSES, "busy", NOW)


def test_a_cause_holds_only_while_it_is_in_force():
    with pytest.raises(NoCause):
        may_pause(CAUSES, "hearing", datetime(2022, 4, 30, 15, tzinfo=UTC))


def test_a_pause_ends_by_itself_when_the_longest_time_of_its_cause_is_over():
    survey = may_pause(CAUSES, "joint_survey", NOW)
    latest, soon = moment("2026-11-30 17:30"), moment("2026-11-24 09:00")
    assert counted_pause(survey, NOW, None, CALENDAR) == Period(NOW, latest)
    assert counted_pause(survey, NOW, FAR, CALENDAR) == Period(NOW, latest)
    assert counted_pause(survey, NOW, soon, CALENDAR) == Period(NOW, soon)


def test_a_new_notice_moves_the_running_deadlines_it_touches_and_no_closed_one():
    dispatched = moment("2026-12-30 09:00")
    running = [
        Running("touched", dispatched, Limit(5, Unit.WORKING_DAY), ONE_DAY),
        Running("hours", dispatched, Limit(200, Unit.CLOCK_HOUR), ONE_DAY),
        Running("closed", dispatched, Limit(5, Unit.WORKING_DAY), ONE_DAY, closed=True),
        Running("earlier", moment("2026-12-20 09:00"), Limit(5, Unit.WORKING_DAY), ONE_DAY),
    ]
    rows = [
        {"日期": "2027年1月1日", "类型": "休", "名称": "元旦"},
        {"日期": "2027/1/4", "类型": "休", "名称": "元旦"},
        {"日期": "2027-01-09", "类型": "班", "名称": "元旦"},
    ]
    overrides, faults = read_notice(rows, calendar=CALENDAR, version="2027-1", source="通知")
    after = statutory_calendar([*load_overrides(), *overrides], "2027-1")
    moves = moved(CALENDAR, after, running, at=dispatched)
    assert faults == []
    assert [(move.matter, move.before.due, move.after.due) for move in moves] == [
        ("touched", moment("2027-01-07 17:30"), moment("2027-01-08 17:30"))
    ]


def test_a_faulty_row_of_a_notice_is_a_value_beside_the_days_taken_over():
    rows = [
        {"date": date(2027, 2, 5), "kind": "off", "name": "春节"},
        {"date": "2027-02-30", "kind": "off", "name": "春节"},
        {"date": "2027-02-08", "kind": "maybe", "name": "春节"},
        {"date": "2027-02-05", "kind": "work", "name": "春节"},
        {"date": "2027-02-09", "kind": "off", "name": ""},
        {"date": "2027-02-10", "kind": "work", "name": "春节"},
        {"date": datetime(2027, 2, 20), "kind": "work", "name": "春节"},
        {},
    ]
    overrides, faults = read_notice(rows, calendar=CALENDAR, version="2027-1", source="通知")
    assert [(override.day.isoformat(), override.kind) for override in overrides] == [
        ("2027-02-05", Kind.OFF),
        ("2027-02-20", Kind.WORK),
    ]
    assert [(fault.row, fault.fault) for fault in faults] == [
        (2, NoticeFault.BAD_DATE),
        (3, NoticeFault.BAD_KIND),
        (4, NoticeFault.DUPLICATE),
        (5, NoticeFault.NO_NAME),
        (6, NoticeFault.POINTLESS),
        (8, NoticeFault.BAD_DATE),
    ]
    assert faults[0] == FaultyRow(2, NoticeFault.BAD_DATE, "2027-02-30，off，春节")


def test_a_notice_may_say_again_what_is_made_up_and_may_take_a_holiday_back():
    rows = [
        {"date": "2026-10-10", "kind": "work", "name": "国庆节"},
        {"date": "2027-01-01", "kind": "work", "name": "元旦"},
    ]
    overrides, faults = read_notice(rows, calendar=CALENDAR, version="2027-1", source="通知")
    assert ([override.day.year for override in overrides], faults) == ([2026, 2027], [])


def test_the_days_that_come_with_the_platform_are_a_calendar_of_their_own():
    assert isinstance(CALENDAR, Calendar)
    assert not CALENDAR.is_working(date(2027, 1, 1))
