from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING, statutory_calendar
from qianxian.matters.rules.deadlines import Limit, Unit, deadline, load_overrides
from qianxian.matters.rules.escalation import Tells, load_ladder, next_step, used

LADDER = load_ladder()
CODES = [step.code for step in LADDER]
CALENDAR = statutory_calendar(load_overrides(), "2026-1")


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


START = moment("2026-11-23 09:00")  # a Monday
FAR = moment("2028-01-01 00:00")


def clock(limit, pauses=(), at=FAR, start=START):
    due = deadline(dispatched=start, limit=limit, contact_limit=limit, pauses=pauses, calendar=CALENDAR, at=at).due
    return {"start": start, "due": due, "unit": limit.unit, "pauses": pauses, "calendar": CALENDAR, "at": at}


def climb(limit, pauses=(), at=FAR, start=START):
    """Take step after step, and return who was told when."""
    done, calls = [], []
    while call := next_step(**clock(limit, pauses, at, start), done=done, ladder=LADDER):
        done.append(call.step.code)
        calls.append((call.step.tells, call.moment))
    return calls


@pytest.mark.parametrize(
    ("limit", "moments"),
    [
        (
            Limit(24, Unit.CLOCK_HOUR),
            ["2026-11-23 21:00", "2026-11-24 03:00", "2026-11-24 06:36", "2026-11-24 09:00", "2026-11-25 17:30"],
        ),
        (
            Limit(4, Unit.WORKING_HOUR),
            ["2026-11-23 11:00", "2026-11-23 12:00", "2026-11-23 14:06", "2026-11-23 14:30", "2026-11-24 17:30"],
        ),
        (
            Limit(4, Unit.WORKING_DAY),  # five office days of seven hours, as dispatched at nine
            ["2026-11-25 14:00", "2026-11-26 15:45", "2026-11-27 14:00", "2026-11-27 17:30", "2026-11-30 17:30"],
        ),
        (
            Limit(4, Unit.CALENDAR_DAY),  # 111 hours
            ["2026-11-25 16:30", "2026-11-26 20:15", "2026-11-27 12:54", "2026-11-28 00:00", "2026-11-30 17:30"],
        ),
    ],
    ids=lambda value: value.unit.value if isinstance(value, Limit) else "",
)
def test_the_ladder_is_climbed_by_the_share_of_time_used(limit, moments):
    parts = [Tells.OWNER, Tells.OWNER_LEADER, Tells.ANSWERS_TO, Tells.SUPERVISOR, Tells.DISTRICT]
    assert climb(limit) == list(zip(parts, map(moment, moments), strict=True))


def test_a_day_that_ends_at_midnight_is_followed_by_the_next_working_day():
    due_at_midnight = Limit(1, Unit.CALENDAR_DAY)
    assert climb(due_at_midnight)[-2:] == [
        (Tells.SUPERVISOR, moment("2026-11-25 00:00")),
        (Tells.DISTRICT, moment("2026-11-25 17:30")),
    ]


def test_a_step_that_was_missed_is_still_taken_in_order():
    late = clock(Limit(24, Unit.CLOCK_HOUR), at=moment("2026-12-20 09:00"))
    call = next_step(**late, done=["half"], ladder=LADDER)
    assert (call.step.code, call.moment) == ("three_quarters", moment("2026-11-24 03:00"))


def test_at_the_top_of_the_ladder_nothing_is_left():
    assert next_step(**clock(Limit(24, Unit.CLOCK_HOUR)), done=CODES, ladder=LADDER) is None


def test_while_the_clock_stands_still_no_new_step_is_reached():
    limit, pauses = Limit(24, Unit.CLOCK_HOUR), [Period(moment("2026-11-23 20:00"))]
    for at in (moment("2026-11-24 20:00"), moment("2026-12-24 20:00")):
        call = next_step(**clock(limit, pauses, at), done=[], ladder=LADDER)
        assert (call.step.code, call.moment - at) == ("half", timedelta(hours=1))


def test_a_step_out_of_force_is_not_taken():
    before = Period(moment("2020-01-01 00:00"), moment("2021-01-01 00:00"))
    ladder = [replace(LADDER[0], period=before), *LADDER[1:]]
    assert next_step(**clock(Limit(24, Unit.CLOCK_HOUR)), done=[], ladder=ladder).step.code == "three_quarters"


@pytest.mark.parametrize(("share", "after"), [("0", None), ("1.1", None), ("0.5", Limit(1, Unit.WORKING_DAY))])
def test_a_step_that_cannot_be_reached_is_refused(share, after):
    with pytest.raises(ValueError, match="half"):
        replace(LADDER[0], share=Fraction(share), after=after)


def test_the_share_used_stops_overnight_for_office_time():
    four_hours = Limit(4, Unit.WORKING_HOUR)
    start = moment("2026-11-23 15:30")
    shares = [
        used(**clock(four_hours, at=moment(at), start=start))
        for at in ("2026-11-23 16:30", "2026-11-23 17:30", "2026-11-24 09:00", "2026-11-24 10:00", "2026-11-24 11:00")
    ]
    assert shares == [Fraction(1, 4), Fraction(1, 2), Fraction(1, 2), Fraction(3, 4), Fraction(1)]


def test_no_more_than_the_whole_is_used():
    assert used(**clock(Limit(4, Unit.WORKING_HOUR), at=moment("2026-11-30 11:00"))) == 1


minutes = st.integers(0, 30 * 24 * 60).map(lambda number: START + timedelta(minutes=number))
pauses = st.lists(
    st.builds(lambda start, length: Period(start, start + timedelta(minutes=length)), minutes, st.integers(0, 5000)),
    max_size=3,
).map(tuple)
limits = st.builds(Limit, st.integers(1, 15), st.sampled_from(Unit))


@given(limits, pauses, minutes)
def test_the_steps_come_in_the_order_of_the_ladder_and_none_but_the_last_after_the_due_moment(limit, paused, start):
    calls = climb(limit, paused, start=start)
    due = clock(limit, paused, start=start)["due"]
    assert [told for told, _ in calls] == [step.tells for step in LADDER]
    assert [when for _, when in calls] == sorted(when for _, when in calls)
    assert start <= calls[0][1] <= calls[3][1] == due < calls[4][1]


@given(limits, minutes)
def test_a_step_is_reached_when_its_share_is_used(limit, start):
    state = clock(limit, start=start)
    for step in LADDER[:4]:
        call = next_step(**state, done=[], ladder=[step])
        assert abs(used(**state | {"at": call.moment}) - step.share) < Fraction(1, 10**6)
