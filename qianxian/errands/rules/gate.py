"""The automatic checks of a request: values in, findings with reasons out. Nothing here touches database or clock."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from qianxian.kernel.worktime import BEIJING, Calendar, add_working_days
from qianxian.mandates.rules.articles import Article, Duty, List

from .life import PER_MONTH, Frequency, Kind
from .parameters import Law, Parameter, select


class Check(StrEnum):
    """What is looked at, in the order in which it is shown."""

    LISTS = "lists"
    BASIS = "basis"
    HANDLER = "handler"
    FIELDS = "fields"
    MEANS = "means"
    OVERLAP = "overlap"
    HOURS = "hours"
    CEILING = "ceiling"
    NOTICE = "notice"
    SUNSET = "sunset"
    ASSESSMENT = "assessment"


class Weight(StrEnum):
    """What a finding does: nothing, to be weighed by those who decide, or the request goes back."""

    CLEAR = "clear"
    WEIGH = "weigh"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: `code` names the sentence, `words` fill it, `article` is what it rests on."""

    check: Check
    weight: Weight
    code: str
    article: str = ""
    place: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return it as it is kept with the request."""
        return {
            "check": self.check.value, "weight": self.weight.value, "code": self.code, "article": self.article,
            "place": self.place, "words": dict(self.words),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gathering:
    """What a meeting or inspection takes: its moment, lengths in minutes, and who must come from each community."""

    starts_at: datetime
    minutes: int
    report_minutes: int = 0
    comprehensive: bool = False
    attendees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What a department asks of communities. Funds in yuan a year and people for each community, hours a month."""

    department: str
    kind: Kind
    topic: str
    role: Duty
    basis: str
    frequency: Frequency
    hours: float
    fields: tuple[str, ...]
    funds: int
    people: int
    training: str
    assessment: str
    start: date
    end: date | None
    places: tuple[str, ...]
    gathering: Gathering | None = None
    extends: int | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """What has been admitted into a community already."""

    number: int
    title: str
    department: str
    kind: Kind
    topic: str
    hours: float
    frequency: Frequency
    start: date
    end: date
    place: str

    def meets(self, start: date, end: date) -> bool:
        """Tell whether it runs on some day of a span."""
        return self.start <= end and start <= self.end


@dataclass(frozen=True, slots=True)
class Holding:
    """
    A data element and the authority that holds it ('' where nobody does).

    `here`: communities and streets keep it in the register, where a department reads it by itself.
    """

    code: str
    name: str
    authority: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """
    All that decides about a request at a moment.

    `gatherings` counts planned meetings by place, month and kind, `comprehensive` those of the line in the same year.
    """

    articles: tuple[Article, ...]
    laws: tuple[Law, ...]
    holdings: Mapping[str, Holding]
    running: tuple[Running, ...]
    parameters: tuple[Parameter, ...]
    calendar: Calendar
    gatherings: Mapping[tuple[str, str, Kind], int] = field(default_factory=dict)
    comprehensive: int = 0

    def parameter(self, code: str, request: Request, on: date, place: str = "") -> Parameter:
        """Return a dated parameter for the kind of a request, at its first place unless another is named."""
        return select(self.parameters, code, request.kind, place or next(iter(request.places), ""), on)


HANDLER_ARTICLE = "《北京市接诉即办工作条例》第十七条（参照）"
SHARING_ARTICLE = "《政务数据共享条例》（2025年8月1日施行）：能够通过共享获得的，不得重复收集"
MEANS_ARTICLE = "《北京市街道办事处条例》第十条、第四十一条（参照）：费随事转，人财物与任务同时到位"
RELIEF_ARTICLE = "《整治形式主义为基层减负若干规定》"
ASSESSMENT_ARTICLE = "《北京市街道办事处条例》第四十三条（参照）：部门不得另设考核"
DISTRICT = 6
CLOSE_TOPIC = 4


def checked(request: Request, known: Known, at: datetime) -> list[Finding]:
    """Return what every check finds of a request filed at a moment; several for one check where places differ."""
    checks = (_lists, _basis, _handler, _fields, _means, _overlap, _hours, _ceilings, _notice, _sunset, _assessment)
    return [finding for check in checks for finding in check(request, known, at)]


def blocks(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings for which a request goes back."""
    return [finding for finding in findings if finding.weight is Weight.BLOCK]


LASTING = (Check.LISTS, Check.OVERLAP, Check.CEILING)
"""Checks that hold at the decision too, for others may have entered since the filing."""


def _lists(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """Whether the published lists forbid it, took it back to those above, or let communities assist with it."""
    if request.gathering:
        yield Finding(Check.LISTS, Weight.CLEAR, "comes_only")
        return
    if not request.topic:
        yield Finding(Check.LISTS, Weight.WEIGH, "no_topic")
        return
    for place in request.places:
        covering = [a for a in known.articles if _covers(a, request.topic, place, at)]
        negative = [a for a in covering if a.list is List.NEGATIVE]
        taken = [a for a in covering if a.list is List.TAKEN_BACK and request.role is not Duty.INFORM]
        listed = [a for a in covering if a.list is List.COMMUNITY_ASSIST and a.duty is Duty.ASSIST]
        for article in negative:
            yield Finding(Check.LISTS, Weight.BLOCK, "negative", _cited(article), place)
        for article in taken if not negative else ():
            words = {"body": article.body}
            yield Finding(Check.LISTS, Weight.BLOCK, "taken_back", _cited(article), place, words)
        if listed and not negative and not taken:
            yield Finding(Check.LISTS, Weight.CLEAR, "listed", _cited(listed[0]), place)
        elif not negative and not taken:
            yield Finding(Check.LISTS, Weight.WEIGH, "unlisted", place=place)


def _covers(article: Article, topic: str, place: str, at: datetime) -> bool:
    """A list forbids or lets in whatever the setting, for a request seldom names one."""
    scope = article.scope
    return topic.startswith(scope.topic) and place.startswith(scope.place) and at in scope.period


def _cited(article: Article) -> str:
    return f"{article.number} {article.basis}"


TITLES = re.compile(r"《([^》]+)》")
NUMBERED = re.compile(r"[〔\[（(]20\d\d[〕\]）)]\s*\d+\s*号")


def _basis(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """Whether it rests on a law or published document that is in force when it begins."""
    titles = TITLES.findall(request.basis)
    if not titles and not NUMBERED.search(request.basis):
        yield Finding(Check.BASIS, Weight.BLOCK, "no_basis")
        return
    for title in titles:
        versions = [law for law in known.laws if law.name == title or law.name == f"中华人民共和国{title}"]
        if not versions:
            yield Finding(Check.BASIS, Weight.WEIGH, "unknown_law", words={"law": title})
        elif any(law.in_force(request.start) for law in versions):
            yield Finding(Check.BASIS, Weight.CLEAR, "in_force", words={"law": title})
        else:
            last = max(versions, key=lambda law: law.until or date.max)
            words = {"law": title, "until": f"{last.until or last.since}", "note": last.note}
            yield Finding(Check.BASIS, Weight.BLOCK, "repealed", words=words)
    if not titles:
        yield Finding(Check.BASIS, Weight.WEIGH, "by_number")


def _handler(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """A community assists: it is never made the main handler."""
    leads = request.role is Duty.LEAD
    yield Finding(
        Check.HANDLER, Weight.BLOCK if leads else Weight.CLEAR, "leads" if leads else "assists", HANDLER_ARTICLE
    )


def _fields(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """What an authority holds already may not be asked of a community again."""
    for code in request.fields:
        holding = known.holdings.get(code)
        if holding is None:
            yield Finding(Check.FIELDS, Weight.WEIGH, "field_unknown", words={"field": code})
        elif holding.here:
            yield Finding(Check.FIELDS, Weight.BLOCK, "held_here", SHARING_ARTICLE, words={"field": holding.name})
        elif holding.authority:
            words = {"field": holding.name, "holder": holding.authority}
            yield Finding(Check.FIELDS, Weight.BLOCK, "held", SHARING_ARTICLE, words=words)
        else:
            yield Finding(Check.FIELDS, Weight.CLEAR, "not_held", words={"field": holding.name})
    if not request.fields:
        yield Finding(Check.FIELDS, Weight.CLEAR, "no_fields")


def _means(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """Money and people come with the work (费随事转); to come to a meeting or be inspected needs neither."""
    if request.gathering:
        return
    if not request.funds and not request.people:
        yield Finding(Check.MEANS, Weight.BLOCK, "no_means", MEANS_ARTICLE)
        return
    least = known.parameter("funds_per_hour", request, request.start)
    hourly = request.funds / (request.hours * 12) if request.hours else float(request.funds)
    if not request.people and hourly < least.amount:
        words = {"hourly": round(hourly, 1), "least": least.amount}
        yield Finding(Check.MEANS, Weight.WEIGH, "little_money", MEANS_ARTICLE, words=words)
    elif not request.training:
        yield Finding(Check.MEANS, Weight.WEIGH, "no_training", MEANS_ARTICLE)
    else:
        yield Finding(Check.MEANS, Weight.CLEAR, "means", words={"funds": request.funds, "people": request.people})


def _overlap(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """Whether the same is running there already; the one that a request extends runs out before it begins."""
    end = request.end or request.start
    for other in known.running:
        if other.place not in request.places or not request.topic or not other.meets(request.start, end):
            continue
        same = other.topic == request.topic and other.kind is request.kind
        words = {"number": other.number, "title": other.title, "until": f"{other.end}"}
        if same and other.department == request.department:
            yield Finding(Check.OVERLAP, Weight.BLOCK, "runs_already", place=other.place, words=words)
        elif same or (other.topic[:CLOSE_TOPIC] == request.topic[:CLOSE_TOPIC] and other.kind is request.kind):
            yield Finding(Check.OVERLAP, Weight.WEIGH, "runs_alike", place=other.place, words=words)


def _hours(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """Whether the community has the hours left in a month."""
    for place in request.places:
        most = known.parameter("hours", request, request.start, place).amount
        taken = taken_hours(known.running, place, request.start, request.end or request.start)
        words = {"asked": request.hours, "left": round(most - taken, 1), "most": most}
        weight = Weight.WEIGH if taken + request.hours > most else Weight.CLEAR
        yield Finding(Check.HOURS, weight, "hours_over" if weight is Weight.WEIGH else "hours", "", place, words)


def taken_hours(running: Iterable[Running], place: str, start: date, end: date) -> float:
    """Return the hours a month that admitted errands take of a community in a span."""
    return sum(errand.hours for errand in running if errand.place == place and errand.meets(start, end))


def _ceilings(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    if request.kind is Kind.LEDGER:
        yield from _ledgers(request, known)
    elif request.gathering:
        yield from _gathering(request, request.gathering, known)


def _ledgers(request: Request, known: Known) -> Iterator[Finding]:
    for place in request.places:
        ceiling = known.parameter("ledgers", request, request.start, place)
        held = sum(
            1
            for other in known.running
            if other.place == place and other.kind is Kind.LEDGER and other.meets(request.start, request.end or request.start)
        )  # fmt: skip
        yield _measured("ledgers", held + 1, ceiling, place)


def _gathering(request: Request, gathering: Gathering, known: Known) -> Iterator[Finding]:
    """Ceilings of a meeting or inspection: lengths, who must come, how many a month, one comprehensive a year."""
    day = gathering.starts_at.astimezone(BEIJING).date()
    yield _measured("attendance", len(gathering.attendees), known.parameter("attendance", request, day))
    if request.kind is Kind.MEETING:
        yield _measured("meeting_minutes", gathering.minutes, known.parameter("meeting_minutes", request, day))
        yield _measured("report_minutes", gathering.report_minutes, known.parameter("report_minutes", request, day))
    if gathering.comprehensive:
        yield _measured("comprehensive", known.comprehensive + 1, known.parameter("comprehensive", request, day))
    code = "meetings" if request.kind is Kind.MEETING else "inspections"
    for place in request.places:
        planned = known.gatherings.get((place, month_of(day), request.kind), 0) + PER_MONTH[request.frequency]
        yield _measured(code, planned, known.parameter(code, request, day, place), place)


def month_of(day: date) -> str:
    """Return a month as it is counted by."""
    return f"{day:%Y-%m}"


def _measured(code: str, asked: int, ceiling: Parameter, place: str = "") -> Finding:
    weight = Weight.BLOCK if asked > ceiling.amount else Weight.CLEAR
    words = {"asked": asked, "most": ceiling.amount}
    return Finding(Check.CEILING, weight, code, ceiling.source if weight is Weight.BLOCK else "", place, words)


def _notice(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """Whether it is asked early enough: so many whole working days lie between filing and beginning."""
    notice = known.parameter("notice", request, at.astimezone(BEIJING).date())
    earliest = add_working_days(known.calendar, at, notice.amount).due.astimezone(BEIJING).date()
    begins = request.gathering.starts_at.astimezone(BEIJING).date() if request.gathering else request.start
    late = begins <= earliest
    words = {"days": notice.amount, "earliest": f"{earliest}", "start": f"{begins}"}
    yield Finding(
        Check.NOTICE,
        Weight.BLOCK if late else Weight.CLEAR,
        "too_soon" if late else "in_time",
        notice.source,
        "",
        words,
    )


def _sunset(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """Everything that enters has a day on which it leaves."""
    most = known.parameter("sunset", request, request.start)
    last = months_later(request.start, most.amount)
    words = {"months": most.amount, "last": f"{last}"}
    if request.end is None:
        yield Finding(Check.SUNSET, Weight.BLOCK, "no_end", most.source, "", words)
    elif request.end < request.start:
        yield Finding(Check.SUNSET, Weight.BLOCK, "ends_before", "", "", words)
    elif request.end > last:
        yield Finding(Check.SUNSET, Weight.BLOCK, "too_long", most.source, "", words)
    else:
        yield Finding(Check.SUNSET, Weight.CLEAR, "sunset", words={"end": f"{request.end}"})


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


def _assessment(request: Request, known: Known, at: datetime) -> Iterator[Finding]:
    """A department may not hang an assessment of its own on what it asks."""
    if request.assessment:
        yield Finding(Check.ASSESSMENT, Weight.WEIGH, "own_assessment", ASSESSMENT_ARTICLE)
