from datetime import UTC, datetime, timedelta

import pytest

from qianxian.web.shell.one_time_code import Code, Verdict, judge, masked, mobile

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SOON = NOON + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("code", "typed", "verdict"),
    [
        (None, "a", Verdict.NONE),
        (Code("a", SOON), "a", Verdict.RIGHT),
        (Code("a", SOON), "b", Verdict.WRONG),
        (Code("a", NOON), "a", Verdict.EXPIRED),
        (Code("a", SOON, tries=5), "a", Verdict.TRIED_OUT),
        (Code("a", SOON, used_at=NOON), "a", Verdict.USED),
        (Code("a", NOON, tries=5, used_at=NOON), "a", Verdict.USED),
    ],
)
def test_a_code_lives_five_minutes_five_tries_and_one_use(code, typed, verdict):
    assert judge(code, typed, NOON) is verdict


@pytest.mark.parametrize(
    "typed",
    [
        "13800000000",
        " 138 0000 0000 ",
        "+86 138-0000-0000",
        "8613800000000",
        "008613800000000",
        "１３８００００００００",
    ],
)
def test_a_number_is_understood_however_it_is_typed(typed):
    assert mobile(typed) == "13800000000"


@pytest.mark.parametrize(
    "typed", ["", "12345", "12800000000", "138000000001", "1380000000a", "02512345678", "<script>"]
)
def test_what_is_no_mobile_number_is_none(typed):
    assert mobile(typed) is None


def test_a_masked_number_shows_its_ends_only():
    assert masked("13812345678") == "138****5678"
