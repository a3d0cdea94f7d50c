"""The span of time that a page is about, as its address says it: from, to (both days included)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Two days, both included, and what was wrong with those that were asked for."""

    first: date
    last: date
    fault: str = ""

    @property
    def period(self) -> Period:
        return Period(_midnight(self.first), _midnight(self.last + DAY))

    @property
    def query(self) -> str:
        return f"from={self.first}&to={self.last}"


def span_of(query: QueryDict, at: datetime, *, days: int = 30) -> Span:
    """Return the span that an address asks for, else the last `days` days with today."""
    today = at.astimezone(BEIJING).date()
    usual = Span(today - timedelta(days=days - 1), today)
    try:
        first = date.fromisoformat(str(query["from"])) if query.get("from") else None
        last = date.fromisoformat(str(query["to"])) if query.get("to") else None
    except ValueError:
        return Span(usual.first, usual.last, _("日期没有看懂，已按最近 %(days)s 天显示。") % {"days": days})
    last = last or today
    first = first or min(usual.first, last)
    if not 2000 <= first.year <= last.year <= 2100:
        return Span(
            usual.first, usual.last, _("起止日期前后颠倒或超出范围，已按最近 %(days)s 天显示。") % {"days": days}
        )
    if first > last:
        return Span(
            usual.first, usual.last, _("起止日期前后颠倒或超出范围，已按最近 %(days)s 天显示。") % {"days": days}
        )
    return Span(first, last)


def presets(at: datetime) -> list[tuple[str, Span]]:
    """Return the spans that people ask for most."""
    today = at.astimezone(BEIJING).date()
    this_month = today.replace(day=1)
    last_month = (this_month - DAY).replace(day=1)
    return [
        (_("最近 30 天"), Span(today - timedelta(days=29), today)),
        (_("本月"), Span(this_month, today)),
        (_("上月"), Span(last_month, this_month - DAY)),
        (_("今年"), Span(today.replace(month=1, day=1), today)),
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)
