"""Dates and times as people write them: ISO, Chinese, mixed, full-width, and the day numbers of workbooks."""

import re
from datetime import datetime, timedelta

from qianxian.kernel.worktime import BEIJING

from .text import half_width

OLDEST = datetime(2000, 1, 1, tzinfo=BEIJING)
SLACK = timedelta(hours=1)
"""How far the clock of another system may run ahead of ours."""
SERIAL_DAY_0 = datetime(1899, 12, 30, tzinfo=BEIJING)
DIGITS = dict(zip("零〇○一二三四五六七八九", "000123456789", strict=True))
DATE = re.compile(
    r"(?P<y>\d{4})\s*[年\-/.]\s*(?P<m>\d{1,2})\s*[月\-/.]\s*(?P<d>\d{1,2})\s*[日号]?|(?P<y2>\d{4})(?P<m2>\d{2})(?P<d2>\d{2})(?!\d{1,5}$)"
)
TIME = re.compile(
    r"\s*T?(?:星期.|周.)?\s*(?P<half>凌晨|早上|清晨|上午|中午|下午|傍晚|晚上|夜间|AM|PM)?\s*"
    r"(?:(?P<h>\d{1,2})\s*[:点时]\s*(?:(?P<i>\d{1,2}|半)\s*[:分]?\s*(?:(?P<s>\d{1,2})(?:\.\d+)?\s*秒?)?)?"
    r"|(?P<h2>\d{2})(?P<i2>\d{2})(?P<s2>\d{2})?)?\s*(?P<late>AM|PM)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?\s*",
    re.IGNORECASE,
)
AFTERNOON = frozenset({"下午", "傍晚", "晚上", "夜间", "PM"})
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


def moment(raw: str) -> datetime | None:
    """Return the moment that is meant, in Beijing where no zone is written; None where none can be read."""
    text = half_width(raw).strip()
    if SERIAL.fullmatch(text):
        return SERIAL_DAY_0 + timedelta(seconds=round(float(text) * 86400))
    text = _in_digits(text)
    date = DATE.match(text)
    time = TIME.fullmatch(text, date.end()) if date else None
    if not date or not time:
        return None
    try:
        return _put_together(date, time)
    except ValueError:
        return None


def fault_of(value: datetime, now: datetime) -> str:
    """Return `future` or `absurd` for a moment at which nothing can have been brought, '' for any other."""
    if value > now + SLACK:
        return "future"
    return "absurd" if value < OLDEST else ""


def _put_together(date: re.Match[str], time: re.Match[str]) -> datetime:
    year, month, day = (int(date[name] or date[f"{name}2"]) for name in "ymd")
    hour, minute, second = (_number(time[name] or time.groupdict().get(f"{name}2")) for name in "his")
    half = (time["half"] or time["late"] or "").upper()
    if half in AFTERNOON and hour < 12:
        hour += 12
    zone = time["zone"]
    if zone and zone not in "zZ":
        return datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
    if zone:
        return datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00")
    return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING)


def _number(written: str | None) -> int:
    return 30 if written == "半" else int(written or 0)


def _in_digits(text: str) -> str:
    """Return 二〇二六年三月二十一日 as 2026年3月21日."""
    if not re.search("[一二三四五六七八九十]", text):
        return text
    tens = re.sub("([一二三四五六七八九]?)十([一二三四五六七八九]?)", _tens, text)
    return tens.translate(str.maketrans("".join(DIGITS), "".join(DIGITS.values())))


def _tens(found: re.Match[str]) -> str:
    return (DIGITS[found[1]] if found[1] else "1") + (DIGITS[found[2]] if found[2] else "0")
