from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.kernel.period import Period

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
moments = st.integers(0, 8).map(lambda hours: NOON + hours * HOUR)
periods = st.builds(
    lambda start, length: Period(start, None if length is None else start + length * HOUR),
    moments,
    st.none() | st.integers(0, 4),
)


def test_a_period_includes_its_start_and_excludes_its_end():
    period = Period(NOON, NOON + HOUR)
    assert (NOON in period, NOON + HOUR in period) == (True, False)


def test_a_period_without_an_end_is_still_open():
    assert NOON + 10**5 * HOUR in Period(NOON)


@pytest.mark.parametrize(
    ("start", "end"),
    [(NOON.replace(tzinfo=None), None), (NOON, (NOON + HOUR).replace(tzinfo=None)), (NOON, NOON - HOUR)],
    ids=["naive start", "naive end", "end before start"],
)
def test_a_period_that_cannot_be_is_refused(start, end):
    with pytest.raises(ValueError, match="a period"):
        Period(start, end)


@given(periods, periods)
def test_periods_overlap_when_some_moment_lies_in_both(one, other):
    ticks = [NOON + half * HOUR / 2 for half in range(30)]
    assert one.overlaps(other) == any(tick in one and tick in other for tick in ticks)


@given(periods, periods, moments)
def test_what_lies_in_a_period_lies_in_every_period_around_it(one, other, moment):
    if one.inside(other) and moment in one:
        assert moment in other


def test_an_open_period_lies_only_inside_an_open_one():
    assert Period(NOON).inside(Period(NOON - HOUR))
    assert not Period(NOON).inside(Period(NOON - HOUR, NOON + HOUR))
    assert not Period(NOON - HOUR).inside(Period(NOON))
