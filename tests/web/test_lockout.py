from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from qianxian.web.shell.allowance import address_of
from qianxian.web.shell.lockout import BY_ACCOUNT, BY_ADDRESS, Ended, locked_until, session_ended

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


GATEWAY, OTHER, CLIENT = "10.0.0.5", "10.1.2.3", "203.0.113.9"


@pytest.mark.parametrize(
    ("trusted", "seen", "told", "address"),
    [
        ("", CLIENT, "198.51.100.1", CLIENT),
        ("", GATEWAY, CLIENT, GATEWAY),
        (GATEWAY, GATEWAY, CLIENT, CLIENT),
        (GATEWAY, CLIENT, "198.51.100.1", CLIENT),
        (GATEWAY, GATEWAY, f"198.51.100.1, {CLIENT}", CLIENT),
        (f"{GATEWAY},10.1.0.0/16", GATEWAY, f"198.51.100.1, {CLIENT}, {OTHER}", CLIENT),
        (GATEWAY, GATEWAY, "", GATEWAY),
        (GATEWAY, GATEWAY, "' OR 1=1 --", GATEWAY),
        (GATEWAY, GATEWAY, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_an_address_told_by_a_header_is_believed_from_a_trusted_gateway_alone(
    settings, rf, trusted, seen, told, address
):
    settings.TRUSTED_PROXIES = [ip_network(part) for part in trusted.split(",") if part]
    assert address_of(rf.get("/", REMOTE_ADDR=seen, HTTP_X_FORWARDED_FOR=told)) == address


def test_lock_out_counts_for_the_visitor_and_not_for_the_gateway(settings, client, staff):
    settings.TRUSTED_PROXIES = [ip_network(GATEWAY)]
    staff()
    for number in range(BY_ADDRESS.failures):
        client.post(
            "/login/", {"username": f"x{number}", "password": "no"}, REMOTE_ADDR=GATEWAY, HTTP_X_FORWARDED_FOR=CLIENT
        )
    right = {"username": "lin", "password": "柳岸的灯亮了 2026"}
    assert client.post("/login/", right, REMOTE_ADDR=GATEWAY, HTTP_X_FORWARDED_FOR=CLIENT).status_code == 422
    assert client.post("/login/", right, REMOTE_ADDR=GATEWAY, HTTP_X_FORWARDED_FOR="203.0.113.10").status_code == 302
