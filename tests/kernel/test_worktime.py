from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import (
    BEIJING,
    STATUTE,
    Calendar,
    Kind,
    Mark,
    OfficeHours,
    Override,
    add_calendar_days,
    add_clock_hours,
    add_working_days,
    add_working_hours,
    clock_time,
    office_time,
    settled,
    statutory_calendar,
)

PUBLISHED = statutory_calendar([], "published")
PLAIN = Calendar("plain", {}, {}, frozenset({2026}))
MONDAY = datetime(2026, 11, 23, 10, 15, tzinfo=BEIJING)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def hours(number):
    return number * HOUR


def pause(start, end):
    return Period(moment(start), moment(end))


days = st.dates(date(2026, 11, 1), date(2027, 1, 15))
moments = st.integers(0, 30 * 24 * 60).map(lambda minutes: moment("2026-11-10 00:00") + minutes * MINUTE)
calendars = st.builds(
    lambda off, work: Calendar(
        "drawn", dict.fromkeys(off - work, "节"), dict.fromkeys(work, "节"), frozenset({2026, 2027})
    ),
    st.frozensets(days, max_size=12),
    st.frozensets(days, max_size=6),
)
pauses = st.lists(st.tuples(moments, st.integers(1, 5000)), max_size=4).map(
    lambda drawn: settled(
        [Period(start, start + length * MINUTE) for start, length in drawn], moment("2027-06-01 00:00")
    )
)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2025-10-11", True),  # Saturday, made up for National Day
        ("2026-02-14", True),  # Saturday, made up for the Spring Festival
        ("2026-10-10", True),  # Saturday, made up for National Day
        ("2026-10-07", False),  # Wednesday, National Day
        ("2015-09-03", False),  # Thursday, decreed for one year only
        ("2026-11-21", False),  # Saturday
        ("2026-11-23", True),  # Monday
    ],
)
def test_the_published_calendar_knows_decreed_days(day, working):
    assert PUBLISHED.is_working(date.fromisoformat(day)) == working


def override(day, kind, version="2027-1"):
    return Override(version, date.fromisoformat(day), kind, "元旦", "国务院办公厅通知")


def test_an_override_prevails_over_what_was_published_and_a_later_one_over_an_earlier():
    calendar = statutory_calendar(
        [override("2026-11-24", Kind.OFF), override("2026-10-10", Kind.OFF), override("2026-11-24", Kind.WORK)], "next"
    )
    assert calendar.is_working(date(2026, 11, 24))
    assert not calendar.is_working(date(2026, 10, 10))


def test_a_year_without_a_notice_is_judged_by_the_weekend_and_says_so():
    day = date(2027, 1, 4)
    assert (PUBLISHED.is_working(day), PUBLISHED.is_guess(day)) == (True, True)
    assert not PUBLISHED.is_guess(date(2026, 12, 31))


def test_a_notice_makes_its_year_known_but_the_regulation_alone_does_not():
    noticed = statutory_calendar([override("2027-01-01", Kind.OFF)], "noticed")
    regulated = statutory_calendar([override("2027-01-01", Kind.OFF, version=STATUTE)], "regulated")
    january = date(2027, 1, 1), date(2027, 1, 4)
    assert [noticed.is_guess(day) for day in january] == [False, False]
    assert [regulated.is_guess(day) for day in january] == [False, True]


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23 10:15", 1, "2026-11-24 17:30"),
        ("2026-11-23 00:00", 1, "2026-11-24 17:30"),
        ("2026-11-23 23:59", 1, "2026-11-24 17:30"),
        ("2026-11-20 16:00", 1, "2026-11-23 17:30"),  # Friday afternoon: the weekend does not count
        ("2026-11-21 09:00", 1, "2026-11-23 17:30"),  # dispatched on Saturday
    ],
)
def test_working_days_count_from_the_day_after_dispatch(start, days, due):
    assert add_working_days(PLAIN, moment(start), days).due == moment(due)


def test_national_day_does_not_count_and_the_saturday_made_up_for_it_does():
    total = add_working_days(PUBLISHED, moment("2026-09-29 10:00"), 5)
    assert total.due == moment("2026-10-12 17:30")
    assert [(line.mark, line.name, line.start.day) for line in total.lines] == [
        (Mark.COUNTED, "", 30),
        *[(Mark.HOLIDAY, "国庆节", day) for day in range(1, 8)],
        (Mark.COUNTED, "", 8),
        (Mark.COUNTED, "", 9),
        (Mark.COUNTED, "国庆节", 10),
        (Mark.WEEKEND, "", 11),
        (Mark.COUNTED, "", 12),
    ]


def test_the_day_of_dispatch_is_that_of_beijing():
    evening = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # half past midnight on Tuesday in Beijing
    assert add_working_days(PLAIN, evening, 1).due == moment("2026-11-25 17:30")
    assert add_calendar_days(evening, 1).due == moment("2026-11-26 00:00")


@pytest.mark.parametrize(
    ("paused", "due"),
    [
        (("2026-11-24 10:00", "2026-11-24 16:00"), "2026-11-24 17:30"),  # runs again before the office closes
        (("2026-11-24 17:00", "2026-11-24 17:31"), "2026-11-25 17:30"),
        (("2026-11-24 10:00", "2026-11-24 17:30"), "2026-11-25 17:30"),
        (("2026-11-24 17:30", "2026-11-25 09:00"), "2026-11-24 17:30"),  # the day was over when the pause began
        (("2026-11-23 18:00", "2026-11-27 12:00"), "2026-11-27 17:30"),
    ],
)
def test_a_working_day_does_not_count_when_the_clock_stands_still_at_its_close(paused, due):
    assert add_working_days(PLAIN, MONDAY, 1, [pause(*paused)]).due == moment(due)


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        ("2026-11-23 10:15", 1, "2026-11-23 11:15"),
        ("2026-11-23 11:30", 1, "2026-11-23 14:00"),  # across lunch
        ("2026-11-23 12:10", 1, "2026-11-23 14:30"),
        ("2026-11-23 17:00", 1, "2026-11-24 09:30"),
        ("2026-11-20 17:30", 4, "2026-11-23 14:30"),  # Friday at the close, then the weekend
        ("2026-11-21 03:00", 7, "2026-11-23 17:30"),
    ],
)
def test_only_office_minutes_count_as_working_hours(start, number, due):
    assert add_working_hours(PLAIN, moment(start), hours(number)).due == moment(due)


def test_working_hours_stand_still_in_a_pause():
    total = add_working_hours(PLAIN, MONDAY, hours(2), [pause("2026-11-23 11:15", "2026-11-23 14:00")])
    assert total.due == moment("2026-11-23 15:00")
    assert [(line.mark, line.end - line.start) for line in total.lines] == [
        (Mark.COUNTED, hours(1)),
        (Mark.PAUSED, 45 * MINUTE),
        (Mark.PAUSED, 30 * MINUTE),
        (Mark.COUNTED, hours(1)),
    ]


@pytest.mark.parametrize(
    ("start", "paused"),
    [
        ("2026-11-23 12:00", ("2026-11-20 09:00", "2026-11-20 10:00")),  # dispatched as the office closes for lunch
        ("2026-11-23 13:30", ("2026-11-23 09:00", "2026-11-23 13:30")),  # the pause ends as the clock starts
        ("2026-11-23 13:30", ("2026-11-23 17:30", "2026-11-24 09:00")),  # the pause begins as the office closes
    ],
)
def test_an_empty_stretch_of_time_has_no_line(start, paused):
    total = add_working_hours(PLAIN, moment(start), hours(5), [pause(*paused)])
    assert [(line.mark, line.end - line.start) for line in total.lines] == [
        (Mark.COUNTED, hours(4)),
        (Mark.COUNTED, hours(1)),
    ]


def test_clock_hours_run_through_nights_and_holidays():
    assert add_clock_hours(moment("2026-09-30 20:00"), hours(24)).due == moment("2026-10-01 20:00")


def test_clock_hours_stand_still_in_a_pause():
    total = add_clock_hours(MONDAY, hours(3), [pause("2026-11-23 11:15", "2026-11-24 08:00")])
    assert total.due == moment("2026-11-24 10:00")


def test_a_pause_that_begins_when_the_time_is_up_changes_nothing():
    late = [pause("2026-11-23 11:15", "2026-11-30 00:00")]
    assert add_clock_hours(MONDAY, hours(1), late).due == moment("2026-11-23 11:15")


def test_calendar_days_end_at_midnight_and_count_holidays():
    assert add_calendar_days(moment("2026-09-28 15:10"), 7).due == moment("2026-10-06 00:00")


def test_office_hours_change_on_their_day():
    summer = OfficeHours(date(2026, 6, 1), ((time(9), time(12)), (time(14, 30), time(18))))
    calendar = Calendar("summer", {}, {}, frozenset({2026}), (*PLAIN.office, summer))
    friday = moment("2026-05-29 09:00")
    assert add_working_days(calendar, friday - timedelta(days=1), 1).due == moment("2026-05-29 17:30")
    assert add_working_days(calendar, friday, 1).due == moment("2026-06-01 18:00")


def test_a_pause_must_be_settled_before_it_is_counted():
    with pytest.raises(ValueError, match="settled"):
        add_clock_hours(MONDAY, hours(1), [Period(MONDAY)])


def test_settled_pauses_are_those_known_at_the_moment():
    open_one, later = Period(moment("2026-11-24 09:00")), pause("2026-11-26 09:00", "2026-11-27 09:00")
    known = settled([later, open_one, pause("2026-11-23 09:00", "2026-11-23 10:00")], moment("2026-11-25 09:00"))
    assert known == (
        pause("2026-11-23 09:00", "2026-11-23 10:00"),
        pause("2026-11-24 09:00", "2026-11-25 09:00"),
    )


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (("09:00", "17:00"), ("10:00", "11:00"), ("09:00", "17:00")),
        (("09:00", "10:00"), ("10:00", "11:00"), ("09:00", "11:00")),
        (("10:00", "12:00"), ("09:00", "11:00"), ("09:00", "12:00")),
    ],
    ids=["within", "touching", "overlapping"],
)
def test_pauses_that_touch_or_overlap_count_once(one, other, both):
    first, second, merged = (pause(*(f"2026-11-23 {clock}" for clock in pair)) for pair in (one, other, both))
    assert settled([first, second], moment("2026-12-01 00:00")) == (merged,)


def test_a_pause_that_will_end_later_is_known_only_up_to_the_moment():
    assert settled([pause("2026-11-23 09:00", "2026-11-30 09:00")], moment("2026-11-24 09:00")) == (
        pause("2026-11-23 09:00", "2026-11-24 09:00"),
    )


@given(calendars, moments, st.integers(1, 25), pauses)
def test_working_days_end_on_a_working_day_and_count_as_many_as_asked(calendar, start, amount, paused):
    total = add_working_days(calendar, start, amount, paused)
    counted = [line for line in total.lines if line.mark is Mark.COUNTED]
    assert calendar.is_working(total.due.date())
    assert len(counted) == amount
    assert (total.lines[-1].mark, total.lines[-1].end, total.lines[-1].total.days) == (Mark.COUNTED, total.due, amount)


@given(calendars, moments, st.integers(1, 25), pauses)
def test_every_day_after_dispatch_has_its_line(calendar, start, amount, paused):
    total = add_working_days(calendar, start, amount, paused)
    first = start.date()
    assert [line.start.date() for line in total.lines] == [
        first + timedelta(days=number) for number in range(1, (total.due.date() - first).days + 1)
    ]


def minutes_of_office(calendar, start, amount, paused):
    """Find the end of so many office minutes by looking at every minute."""
    moment_ = start
    while amount:
        sessions = calendar.sessions(moment_.date()) if calendar.is_working(moment_.date()) else ()
        at_work = any(opening <= moment_.time() < close for opening, close in sessions)
        amount -= at_work and not any(moment_ in pause_ for pause_ in paused)
        moment_ += MINUTE
    return moment_


@given(calendars, moments, st.integers(1, 1500), pauses)
def test_working_hours_agree_with_a_count_of_every_minute(calendar, start, minutes, paused):
    due = add_working_hours(calendar, start, minutes * MINUTE, paused).due
    assert due == minutes_of_office(calendar, start, minutes, paused)


@given(calendars, moments, st.integers(1, 5000), pauses)
def test_the_time_between_start_and_due_is_the_time_asked_for(calendar, start, minutes, paused):
    span = minutes * MINUTE
    assert office_time(calendar, start, add_working_hours(calendar, start, span, paused).due, paused) == span
    assert clock_time(start, add_clock_hours(start, span, paused).due, paused) == span


@given(calendars, moments, st.integers(1, 5000), pauses)
def test_the_counted_stretches_add_up_and_lie_outside_pauses(calendar, start, minutes, paused):
    for total in (
        add_working_hours(calendar, start, minutes * MINUTE, paused),
        add_clock_hours(start, minutes * MINUTE, paused),
    ):
        counted = [Period(line.start, line.end) for line in total.lines if line.mark is Mark.COUNTED]
        assert sum(((period.end - period.start) for period in counted), timedelta()) == minutes * MINUTE
        assert not any(period.overlaps(pause_) for period in counted for pause_ in paused)
        assert counted[-1].end == total.due
        assert [line for line in total.lines if line.start >= line.end] == []
