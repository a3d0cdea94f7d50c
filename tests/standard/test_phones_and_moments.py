"""What people write for a number, a day, a text, and what is kept of it."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.kernel.worktime import BEIJING
from qianxian.standard.moments import fault_of, moment
from qianxian.standard.phones import phone
from qianxian.standard.text import cleaned, half_width, keepable


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("13800138000、13900139000", "13800138000"),
        ("13800138000/010-66668888", "13800138000"),
        ("010-66668888", "01066668888"),
        ("（0731）66668888转801", "073166668888"),
        ("66668888", "66668888"),
        ("400-810-8888", "4008108888"),
        ("12345", "12345"),
        ("110", "110"),
        ("12800138000", None),
        ("1380013800", None),
        ("见附件", None),
        ("", None),
    ],
)
def test_a_telephone_number_is_its_digits_however_it_is_written(written: str, digits: str | None) -> None:
    assert phone(written) == digits


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-02 09:30:15", at(2026, 3, 2, 9, 30, 15)),
        ("2026/3/2 9:30", at(2026, 3, 2, 9, 30)),
        ("2026.3.2", at(2026, 3, 2)),
        ("20260302", at(2026, 3, 2)),
        ("20260302 0930", at(2026, 3, 2, 9, 30)),
        ("2026年3月2日", at(2026, 3, 2)),
        ("2026年3月2日 下午3点半", at(2026, 3, 2, 15, 30)),
        ("2026年3月2日上午9时05分", at(2026, 3, 2, 9, 5)),
        ("2026年3月2日 星期一 晚上8:15", at(2026, 3, 2, 20, 15)),
        ("二〇二六年三月二十一日", at(2026, 3, 21)),
        ("二〇二六年十月十日", at(2026, 10, 10)),
        ("２０２６－０３－０２　０９：３０", at(2026, 3, 2, 9, 30)),
        ("2026-03-02T09:30:00+08:00", at(2026, 3, 2, 9, 30)),
        ("2026-03-02T01:30:00Z", at(2026, 3, 2, 9, 30)),
        ("2026-03-02T09:30:00.123", at(2026, 3, 2, 9, 30)),
        ("46083.5", at(2026, 3, 2, 12)),
        ("2026-02-30", None),
        ("2026-13-01", None),
        ("-5", None),
        ("上周三", None),
        ("3月2日", None),
        ("2026-03-02 25:00", None),
        ("", None),
    ],
)
def test_a_moment_is_read_however_it_is_written(written: str, meant: datetime | None) -> None:
    assert moment(written) == meant


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_the_readers(text: str) -> None:
    assert moment(text) is None or isinstance(moment(text), datetime)
    assert phone(text) is None or str(phone(text)).isdigit()


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(BEIJING)))
def test_every_moment_written_in_iso_is_read_back(value: datetime) -> None:
    whole = value.replace(microsecond=0)
    assert moment(whole.isoformat()) == whole
    assert moment(whole.astimezone(timezone(timedelta(hours=2))).isoformat()) == whole


def test_a_moment_that_has_not_come_or_is_too_long_ago_is_a_fault() -> None:
    now = at(2026, 3, 2, 9)
    assert fault_of(now + timedelta(minutes=30), now) == ""
    assert fault_of(now + timedelta(days=1), now) == "future"
    assert fault_of(at(1900, 1, 1), now) == "absurd"


def test_text_loses_what_nobody_sees_and_keeps_the_rest() -> None:
    assert cleaned(" 路灯\x00不亮\r\n\u200b请\u202e来修 ") == "路灯不亮\n请来修"
    assert cleaned("<script>alert(1)</script>") == "<script>alert(1)</script>"
    assert cleaned("坏\ud800字") == "坏\ufffd字"
    assert half_width("（１３８）ＡＢＣ　！") == "(138)ABC !"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_what_is_kept_can_be_kept_by_the_database(text: str) -> None:
    for kept in (cleaned(text), keepable(text)):
        assert "\x00" not in kept
        kept.encode()
