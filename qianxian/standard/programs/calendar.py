"""Days as people write them in tables: ISO, Chinese and mixed forms, day numbers of workbooks; arithmetic of the calendar."""

from datetime import date

from qianxian.standard.expressions import (
    CELL,
    Constant,
    Expression,
    Full,
    Group,
    Has,
    Not,
    Number,
    Padded,
    Part,
    Program,
    Rarely,
    Substitute,
    Translate,
    Variable,
    first,
    joined,
)

from .steps import BLANK, SCIENTIFIC, Lets

EARLIEST, LATEST = 1850, 2199
ONES = "[一二三四五六七八九]"
NUMERALS = "零〇○一二三四五六七八九"
SEPARATORS = "[-—–‐/.\\\\年、]"
AFTER_MONTH = "[-—–‐/.\\\\月、]"
WRITTEN = f"([0-9]{{4}}){SEPARATORS}([0-9]{{1,2}}){AFTER_MONTH}([0-9]{{1,2}})[日号]?"
DIGITS = "([0-9]{4})([0-9]{2})([0-9]{2})"
SERIAL = "[1-6][0-9]{4}(?:[.][0-9]+)?"
MONTH = f"([0-9]{{4}}){SEPARATORS}([0-9]{{1,2}})月?"
MONTH_DIGITS = "((?:18|19|20|21)[0-9]{2})(0[1-9]|1[0-2])"
TIME = f"[{BLANK}T]+[0-9]{{1,2}}[:点时][^年月]*\\z"
USUAL = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
FROM_YEAR_0 = 693_899
"""Days from 1 March of the year 0 to day 0 of a workbook, 30 December 1899."""


INCOMPLETE = (
    ("'?[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}[日号]?", "two_digit_year"),
    ("[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}", "order"),
    (f"(?:{MONTH}|{MONTH_DIGITS})", "no_day"),
    ("(?:18|19|20|21)[0-9]{2}年?", "only_year"),
)
"""What people write that says less than a day, or says it in a way that can be read twice."""


def compact(day: date) -> int:
    """Return a day as the number 20260305."""
    return day.year * 10_000 + day.month * 100 + day.day


def exists(year: Expression, month: Expression, day: Expression) -> Expression:
    """Return whether the calendar has this day."""
    leap = (year % 4).same(0) & (Not((year % 100).same(0)) | (year % 400).same(0))
    thirty = month.same(4) | month.same(6) | month.same(9) | month.same(11)
    longest = first((month.same(2) & leap, 29), (month.same(2), 28), (thirty, 30), otherwise=31)
    return (month >= 1) & (month <= 12) & (day >= 1) & (day <= longest)


def day(steps: tuple[str, ...], today: date, *, not_future: bool) -> Program:
    """
    Return the program of a day; the value is 2026-03-05.

    Faults: scientific, two_digit_year, order (day and month before the year), no_day, only_year, not_a_date, date (no
    such day), too_early, too_late, future. Warning: serial (it came as the day number of a workbook).
    """
    lets = Lets()
    clean = lets.cleaned(steps)
    text = _in_digits(lets, clean)
    serial = lets.let("serial", Full(text, SERIAL))
    count = lets.let("count", first((serial, Number(Part(text, 0, 5))), otherwise=0) + FROM_YEAR_0)
    counted = _civil(lets, count)
    year, month, number = (
        lets.let(name, first(
            (Full(text, WRITTEN), Number(Group(text, rf"\A{WRITTEN}\z", place))),
            (Full(text, DIGITS), Number(Group(text, rf"\A{DIGITS}\z", place))),
            (serial, counted[place - 1]),
            otherwise=0,
        ))
        for place, name in enumerate(("year", "month", "day"), start=1)
    )  # fmt: skip
    value = lets.let("written", joined(Padded(year, 4), "-", Padded(month, 2), "-", Padded(number, 2)))
    unread = lets.let("unread", Not(serial | Full(text, f"(?:{WRITTEN}|{DIGITS})")))
    faults = (
        (Full(text, SCIENTIFIC), "scientific"),
        *((unread & Full(text, pattern), code) for pattern, code in INCOMPLETE),
        (unread, "not_a_date"),
        *_out_of_range(year, Not(exists(year, month, number))),
        *(((value > Constant(today.isoformat()), "future"),) if not_future else ()),
    )
    usual: Expression = Full(CELL, USUAL)
    if not_future:
        usual = usual & (Constant(today.isoformat()) >= CELL)
    return lets.program(clean, faults, value, ((serial, "serial"),), shortcut=usual)


def month(steps: tuple[str, ...], today: date, *, not_future: bool) -> Program:
    """
    Return the program of a month; the value is 2026-03, of whole days too.

    Faults: as those of a day, without no_day.
    """
    lets = Lets()
    text = _in_digits(lets, lets.cleaned(steps))
    forms = (MONTH, MONTH_DIGITS, WRITTEN, DIGITS)
    year, number = (
        lets.let(name, first(
            *((Full(text, form), Number(Group(text, rf"\A{form}\z", place))) for form in forms), otherwise=0
        ))
        for place, name in enumerate(("year", "month"), start=1)
    )  # fmt: skip
    value = lets.let("written", joined(Padded(year, 4), "-", Padded(number, 2)))
    unread = lets.let("unread", Not(Full(text, f"(?:{'|'.join(forms)})")))
    faults = (
        (Full(text, SCIENTIFIC), "scientific"),
        *((unread & Full(text, pattern), code) for pattern, code in INCOMPLETE if code != "no_day"),
        (unread, "not_a_date"),
        *_out_of_range(year, Not((number >= 1) & (number <= 12))),
        *(((value > Constant(f"{today:%Y-%m}"), "future"),) if not_future else ()),
    )
    return lets.program(text, faults, value)


def _out_of_range(year: Expression, absent: Expression) -> tuple[tuple[Expression, str], ...]:
    return (absent, "date"), (year < EARLIEST, "too_early"), (year > LATEST, "too_late")


def _in_digits(lets: Lets, clean: Variable) -> Variable:
    """Name the text without time of day and blanks, 二〇二六年三月二十一日 as 2026年3月21日."""
    bare = lets.let("bare", Rarely(Has(clean, "[:点时]"), Substitute(clean, TIME, ""), clean))
    close = lets.let("close", Rarely(Has(bare, f"[{BLANK}]"), Substitute(bare, f"[{BLANK}]+", ""), bare))
    tens: Expression = Translate(Substitute(Substitute(close, "廿", "二十"), "卅", "三十"), "O", "〇")
    for pattern, by in (
        (f"({ONES})十({ONES})", r"\1\2"),
        (f"({ONES})十", r"\1〇"),
        (f"十({ONES})", r"一\1"),
        ("十", "一〇"),
    ):
        tens = Substitute(tens, pattern, by)
    numerals = Translate(tens, NUMERALS, "000123456789")
    return lets.let("text", Rarely(Has(close, f"[{NUMERALS}十廿卅]"), numerals, close))


def _civil(lets: Lets, days: Variable) -> tuple[Expression, Expression, Expression]:
    """Return year, month and day of a count of days (Hinnant, "chrono-compatible low-level date algorithms")."""
    era = lets.let("era", days // 146_097)
    of_era = lets.let("of_era", days % 146_097)
    year = lets.let("year_of_era", (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365)
    of_year = lets.let("of_year", of_era - (year * 365 + year // 4 - year // 100))
    march = lets.let("march", (of_year * 5 + 2) // 153)
    january = lets.let("january", march >= 10)
    return (
        year + era * 400 + first((january, 1), otherwise=0),
        first((january, march - 9), otherwise=march + 3),
        of_year - (march * 153 + 2) // 5 + 1,
    )
