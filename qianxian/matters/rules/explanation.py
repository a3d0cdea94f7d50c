"""The arithmetic of a deadline in sentences, line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from qianxian.kernel.worktime import BEIJING, DAY, ENGLISH_HOLIDAYS, Line, Mark
from qianxian.matters.rules.deadlines import DAY_UNITS, Deadline, Unit


@dataclass(frozen=True)
class Wording:
    """The sentences of an explanation in one language."""

    weekdays: tuple[str, ...]
    limits: Mapping[Unit, str]
    dispatched_days: str
    dispatched_hours: str
    extended: str
    span: str
    counted_day: Mapping[Unit, str]
    make_up: str
    weekend: str
    holiday: str
    paused: str
    stretch: str
    hours: str
    minutes: str
    seconds: str
    due: str
    contact: str
    feedback: str
    standing_still: str
    guess: str


CHINESE = Wording(
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    limits={
        Unit.CLOCK_HOUR: "{}小时",
        Unit.WORKING_HOUR: "{}个工作小时",
        Unit.WORKING_DAY: "{}个工作日",
        Unit.CALENDAR_DAY: "{}日",
    },
    dispatched_days="{moment} 交办，时限{limit}，交办当日不计",
    dispatched_hours="{moment} 交办，时限{limit}，从交办起计时",
    extended="经批准延长{extension}，时限共{limit}",
    span="{start} 至 {end}",
    counted_day={Unit.WORKING_DAY: "{when} 第{n}个工作日", Unit.CALENDAR_DAY: "{when} 第{n}日"},
    make_up="（{name}调休，上班）",
    weekend="{when} 周末，不计",
    holiday="{when} {name}放假，不计",
    paused="{when} 时限中止，不计",
    stretch="{when} 计{time}，累计{total}",
    hours="{}小时",
    minutes="{}分钟",
    seconds="{}秒",
    due="{moment} 到期",
    contact="{moment} 前先行联系诉求人",
    feedback="{moment} 前首次反馈",
    standing_still="时限正在中止，以上按中止到此刻结束推算",
    guess="{years}年尚无国务院办公厅通知，暂按周末推算，通知公布后重新推算",
)
ENGLISH = Wording(
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    limits={
        Unit.CLOCK_HOUR: "{} h",
        Unit.WORKING_HOUR: "{} office h",
        Unit.WORKING_DAY: "{} working day(s)",
        Unit.CALENDAR_DAY: "{} day(s)",
    },
    dispatched_days="{moment}: dispatched, to be settled within {limit}; the day of dispatch does not count",
    dispatched_hours="{moment}: dispatched, to be settled within {limit} from then on",
    extended="extension granted: {extension}, together {limit}",
    span="{start} to {end}",
    counted_day={Unit.WORKING_DAY: "{when}: working day {n}", Unit.CALENDAR_DAY: "{when}: day {n}"},
    make_up=" (made up for {name})",
    weekend="{when}: weekend, not counted",
    holiday="{when}: {name}, not counted",
    paused="{when}: the clock stands still, not counted",
    stretch="{when}: {time}, together {total}",
    hours="{} h ",
    minutes="{} min ",
    seconds="{} s ",
    due="{moment}: due",
    contact="first contact with the resident before {moment}",
    feedback="first feedback before {moment}",
    standing_still="The clock stands still; the above holds if it goes on now.",
    guess="No State Council notice for {years} yet: judged by weekends, to be reckoned again once it is published.",
)


def explain(deadline: Deadline, language: str = "zh") -> list[str]:
    """Return the arithmetic in sentences that a resident can check by a wall calendar, in Chinese or English."""
    words = ENGLISH if language.startswith("en") else CHINESE
    lines = [*_heading(deadline, words)]
    for (mark, name), same in groupby(deadline.lines, key=lambda line: (line.mark, line.name)):
        lines += _sentences(list(same), mark, name, deadline.limit.unit, words)
    lines.append(words.due.format(moment=_moment(deadline.due, words, ends=True)))
    lines.append(words.contact.format(moment=_moment(deadline.contact_due, words, ends=True)))
    if deadline.feedback_due:
        lines.append(words.feedback.format(moment=_moment(deadline.feedback_due, words, ends=True)))
    return lines + _reservations(deadline, words)


def until(moment: datetime, language: str = "zh") -> str:
    """Return a moment before which something is due, as the explanation says it: midnight is 24:00 of the day before."""
    return _moment(moment, ENGLISH if language.startswith("en") else CHINESE, ends=True)


def _heading(deadline: Deadline, words: Wording) -> Iterator[str]:
    limit = deadline.limit
    form = words.dispatched_days if limit.unit in DAY_UNITS else words.dispatched_hours
    in_words = words.limits[limit.unit].format
    yield form.format(moment=_moment(deadline.dispatched, words), limit=in_words(limit.amount))
    if deadline.extended:
        together = in_words(limit.amount + deadline.extended)
        yield words.extended.format(extension=in_words(deadline.extended), limit=together)


def _reservations(deadline: Deadline, words: Wording) -> list[str]:
    years = sorted({line.start.year for line in (*deadline.lines, *deadline.contact_lines) if line.guess})
    guess = [words.guess.format(years="、".join(map(str, years)))] if years else []
    return guess + [words.standing_still] * deadline.standing_still


def _sentences(lines: list[Line], mark: Mark, name: str, unit: Unit, words: Wording) -> list[str]:
    """Return one sentence for each line that counts, and one for a run of lines that do not."""
    name = _holiday(name, words)
    if mark is Mark.COUNTED:
        return [_counted(line, unit, words) + (words.make_up.format(name=name) if name else "") for line in lines]
    form = {Mark.WEEKEND: words.weekend, Mark.HOLIDAY: words.holiday, Mark.PAUSED: words.paused}[mark]
    by_day = mark is not Mark.PAUSED or unit in DAY_UNITS
    when = _days(lines, words) if by_day else _stretch(lines[0].start, lines[-1].end, words)
    return [form.format(when=when, name=name)]


def _counted(line: Line, unit: Unit, words: Wording) -> str:
    if unit in DAY_UNITS:
        return words.counted_day[unit].format(when=_day(line.start, words), n=line.total.days)
    time, total = _duration(line.end - line.start, words), _duration(line.total, words)
    return words.stretch.format(when=_stretch(line.start, line.end, words), time=time, total=total)


def _days(lines: list[Line], words: Wording) -> str:
    first, last = _day(lines[0].start, words), _day(lines[-1].start, words)
    return first if len(lines) == 1 else words.span.format(start=first, end=last)


def _stretch(start: datetime, end: datetime, words: Wording) -> str:
    """Return two moments; the day is said once where both lie in one."""
    first, last = _moment(start, words), _moment(end, words, ends=True)
    return words.span.format(start=first, end=last.removeprefix(_day(start, words)).strip())


def _day(moment: datetime, words: Wording) -> str:
    moment = moment.astimezone(BEIJING)
    return f"{moment:%Y-%m-%d} {words.weekdays[moment.weekday()]}"


def _moment(moment: datetime, words: Wording, *, ends: bool = False) -> str:
    """Return day and time; the midnight that ends something is 24:00 of the day before."""
    moment = moment.astimezone(BEIJING)
    if ends and moment.time() == datetime.min.time():
        return f"{_day(moment - DAY, words)} 24:00"
    return f"{_day(moment, words)} {moment:%H:%M:%S}".removesuffix(":00")


def _duration(span: timedelta, words: Wording) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((words.hours, hours), (words.minutes, minutes), (words.seconds, seconds))
    return "".join(form.format(number) for form, number in parts if number).strip() or words.minutes.format(0).strip()


def _holiday(name: str, words: Wording) -> str:
    if words is CHINESE:
        return name
    return ENGLISH_HOLIDAYS.get(name) or ENGLISH_HOLIDAYS.get(name.removesuffix("节"), name)
