from datetime import UTC, datetime, timedelta

import pytest

from qianxian.web.shell.lockout import BY_ACCOUNT, Ended, locked_until, session_ended

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def before(*minutes: int) -> list[datetime]:
    return [NOON - timedelta(minutes=m) for m in minutes]


@pytest.mark.parametrize(
    ("failures", "until"),
    [
        ([], None),
        (before(1, 2, 3, 4), None),
        (before(1, 2, 3, 4, 5), NOON + timedelta(minutes=14)),
        (before(14, 14, 14, 14, 14), NOON + timedelta(minutes=1)),
        (before(15, 15, 15, 15, 15), None),
        (before(1, 2, 3, 4, 20), None),
    ],
)
def test_five_failures_within_a_quarter_of_an_hour_close_the_way_for_another(failures, until):
    assert locked_until(failures, BY_ACCOUNT, NOON) == until


@pytest.mark.parametrize(
    ("began", "seen", "ended"),
    [
        (timedelta(hours=1), timedelta(minutes=29, seconds=59), None),
        (timedelta(hours=1), timedelta(minutes=30), Ended.IDLE),
        (timedelta(hours=12), timedelta(minutes=1), Ended.TOO_LONG),
    ],
)
def test_a_session_ends_by_half_an_hour_of_rest_or_half_a_day_of_work(began, seen, ended):
    assert session_ended(NOON - began, NOON - seen, NOON) == ended
