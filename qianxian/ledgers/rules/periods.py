"""The periods for which ledgers are asked: 2026-10, 2026-Q3, 2026-H1, 2026."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from qianxian.kernel.worktime import BEIJING

from .definition import Every


class BadPeriod(ValueError):
    """A period is written 2026-10, 2026-Q3, 2026-H1 or 2026."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period as it is written, its first day and the first day after it."""

    written: str
    first: date
    after: date

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def ends(self) -> datetime:
        """The moment at which it is over, in Beijing."""
        return datetime.combine(self.after, time(), BEIJING)


MONTHS = {"M": 1, "Q": 3, "H": 6, "Y": 12}


def period(written: str) -> Period:
    """
    Return a period.

    :raises BadPeriod: if it is not written as one
    """
    found = re.fullmatch(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?", written.strip().upper())
    if found is None or not 1900 <= int(found[1]) <= 2999:
        raise BadPeriod(written)
    year = int(found[1])
    for length, part in (("M", found[2]), ("Q", found[3]), ("H", found[4]), ("Y", "1")):
        if part:
            begin = (int(part) - 1) * MONTHS[length]
            end = begin + MONTHS[length]
            after = date(year + end // 12, end % 12 + 1, 1)
            return Period(found[0], date(year, begin + 1, 1), after)
    raise BadPeriod(written)


def period_of(every: Every, day: date) -> Period:
    """Return the period in which a day lies."""
    month = day.month - 1
    ways = {
        Every.MONTH: f"{day.year}-{day.month:02}", Every.QUARTER: f"{day.year}-Q{month // 3 + 1}",
        Every.HALF: f"{day.year}-H{month // 6 + 1}", Every.YEAR: f"{day.year}",
    }  # fmt: skip
    return period(ways[every])
