"""A deadline in the words of a desk: 还剩 3 天, 已超时 2 小时."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class DueWords:
    """`state` is calm, soon, over or good; it picks icon and shape, so that colour is never the only carrier."""

    state: str
    words: str
    icon: str


def due_words(due_at: datetime, now: datetime, done_at: datetime | None = None) -> DueWords:
    """Return how a deadline stands at `now`, or how it stood when the work was done."""
    if done_at is not None:
        return _kept(due_at, done_at)
    left = due_at - now
    if left < timedelta(0):
        return DueWords("over", gettext("已超时 %(span)s") % {"span": span(-left)}, "alarm")
    state, icon = ("soon", "hourglass") if left <= SOON else ("calm", "clock")
    return DueWords(state, gettext("还剩 %(span)s") % {"span": span(left)}, icon)


def _kept(due_at: datetime, done_at: datetime) -> DueWords:
    if done_at <= due_at:
        return DueWords("good", gettext("按时办结"), "done")
    return DueWords("over", gettext("超时 %(span)s办结") % {"span": span(done_at - due_at)}, "alarm")


def span(length: timedelta) -> str:
    """Return days, hours or minutes, rounded down so that nothing is promised that does not hold."""
    minutes = int(length.total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(count)s 天", "%(count)s 天", days) % {"count": days}
    if minutes >= 60:
        return ngettext("%(count)s 小时", "%(count)s 小时", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s 分钟", "%(count)s 分钟", minutes) % {"count": minutes}
