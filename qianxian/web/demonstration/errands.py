"""Requests in every state, a month of meetings, what communities sent back, and certificates of the demonstration."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from qianxian.cadres.rules import Actor, Role
from qianxian.errands import actions
from qianxian.errands.queries import gate, lists
from qianxian.errands.rules.gate import Weight
from qianxian.errands.rules.life import Kind, Opinion, Stage
from qianxian.errands.rules.refusals import Way
from qianxian.kernel.worktime import BEIJING, Calendar
from qianxian.matters.queries import calendar

from .district import ACTOR, BrokenDemonstration
from .stories import Cast
from .timing import in_office

PLACES = {
    "liuan": "990101001001", "zhonglou": "990101001002", "xinyuan": "990101001003", "shangtang": "990101001201",
}  # fmt: skip
DISTRICT = "990101"
HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
HEARD = ("admitted", "coming", "heard", "table", "refused", "ended", "stopped")


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of one table of the demonstration."""
    return list(csv.DictReader(files(__package__).joinpath(name).read_text("utf-8").splitlines()))


def tell(at: datetime, cast: Cast) -> None:
    """Let departments ask, communities speak and refuse, the table decide, and meetings be held, up to a moment."""
    days = calendar()
    rows = sorted(rows_of("errands.csv"), key=lambda row: -float(row["filed"]))
    for row in rows:
        Story(row, at, cast, days).tell()
    for row in rows_of("gate.csv"):
        _ask(row, at, cast, days)
    for row in rows_of("own_meetings.csv"):
        _meet(row, at, cast, days)
    for row in rows_of("certificates.csv"):
        _certify(row, at, cast, days)


def moment_of(row: dict[str, str], at: datetime, days: Calendar, *, evenings: bool = False) -> datetime:
    """Return the moment of a meeting: a week from this one, a day of it, an hour; a day off gives way to a working day."""
    today = at.astimezone(BEIJING).date()
    day = today - timedelta(days=today.weekday()) + timedelta(weeks=int(row["week"]), days=int(row["weekday"]) - 1)
    while not (evenings or days.is_working(day)):
        day += A_DAY
    return datetime.combine(day, time.fromisoformat(row["time"]), BEIJING)


def somebody(cast: Cast, unit: str, moment: datetime, role: Role | None = None) -> Actor:
    """Return somebody of a unit; a unit from which nobody has an account here asks through the district."""
    if unit not in cast.by_unit:
        return Actor(ACTOR, unit, Role.DEPARTMENT, DISTRICT)
    return cast.of(unit, moment, role=role)


@dataclass(frozen=True)
class Story:
    """One request and how far it has come."""

    row: dict[str, str]
    at: datetime
    cast: Cast
    days: Calendar

    @property
    def story(self) -> str:
        return self.row["story"]

    def office(self, ago: float) -> datetime:
        """Return a moment of office hours so many days ago."""
        return min(in_office(self.at - timedelta(days=ago), self.days), self.at)

    def by(self, unit: str, moment: datetime, role: Role | None = None) -> dict[str, Any]:
        """Return who does a deed, and when: what the deeds ask for."""
        return {"actor": somebody(self.cast, unit, moment, role), "at": moment}

    def tell(self) -> None:
        """Do every deed of the story up to the moment."""
        filed = self.office(float(self.row["filed"]))
        asker = self.row["department"]
        errand = actions.draft(**self.particulars(), **self.by(asker, filed))
        if self.story == "draft":
            return
        filing = actions.file(errand.pk, **self.by(asker, filed))
        if (filing.stage == Stage.DRAFT) != (self.story == "returned"):
            raise BrokenDemonstration(self.row["title"], [f for f in filing.checks if f["weight"] == Weight.BLOCK])
        if self.story == "withdrawn":
            actions.withdraw(errand.pk, **self.by(asker, self.at))
        if self.story in HEARD:
            self.hear(errand.pk, filed)

    def hear(self, number: int, filed: datetime) -> None:
        """Let the communities speak and, where the story goes on, the table decide."""
        moment = filed + HOUR
        said = self.row["opinions"].strip("|").split("|")
        for place, words in zip(self.row["places"].split("|"), said, strict=True):
            opinion, _, why = words.partition(":")
            if opinion != Opinion.SILENT:
                actions.give_opinion(
                    number, place=PLACES[place], opinion=Opinion(opinion), words=why, **self.by(f"cm-{place}", moment)
                )
        if self.at < moment or "silent" in said:
            moment = lists.errand(number).opinions_due_at or moment
            actions.close_hearing(number, at=moment)
        if self.story != "heard":
            self.decide(number, moment + HOUR)
        self.end(number)

    def decide(self, number: int, moment: datetime) -> None:
        reasons = self.row["reasons"].split("|")
        table = [verdict.unit_id for verdict in lists.errand(number).verdicts.all()]
        for unit, reason in zip(table, [*reasons, ""][:2], strict=True):
            if reason:
                first = unit == table[0]
                role = Role.STREET if first else None
                conditions = self.row["conditions"] if first else ""
                actions.decide(
                    number, admitted=self.story != "refused", reason=reason, conditions=conditions,
                    **self.by(unit, moment, role),
                )  # fmt: skip
        if self.story == "admitted" and self.row["kind"] in ("meeting", "inspection"):
            self.meet(number, moment)

    def meet(self, number: int, moment: datetime) -> None:
        """Call the meetings that follow the first, and write down the minutes of those that were held."""
        errand = lists.errand(number)
        if self.row["frequency"] == "monthly" and errand.starts_at:
            following = errand.starts_at + timedelta(weeks=5)
            actions.schedule(
                number, starts_at=following, minutes=errand.minutes or 60, agenda=errand.words, **self.by(errand.department_id, moment),
            )  # fmt: skip

    def end(self, number: int) -> None:
        if self.story == "ended":
            actions.leave(number, at=datetime.combine(self.day("ends") or self.at.date(), time(0, 5), BEIJING) + A_DAY)
        if self.story == "stopped":
            actions.stop(number, **self.by(self.row["department"], self.office(15)))

    def day(self, column: str) -> date | None:
        """Return a day that the table tells by its distance from the moment."""
        told = self.row[column]
        return (self.at.astimezone(BEIJING) + timedelta(days=int(told))).date() if told else None

    def particulars(self) -> dict[str, Any]:
        row = self.row
        starts_at = moment_of(row, self.at, self.days) if row["time"] else None
        day = starts_at.date() if starts_at else None
        return {
            "kind": row["kind"], "title": row["title"], "words": row["words"], "topic_id": row["topic"] or None,
            "list_kind": row["list"], "basis": row["basis"], "why": row["why"] or row["words"],
            "frequency": row["frequency"], "hours_month": row["hours"], "funds": int(row["funds"]),
            "people": int(row["people"]), "training": row["training"], "assessment": row["assessment"],
            "fields": [gate.element_named(name) for name in row["fields"].split("|") if name],
            "places": [PLACES[place] for place in row["places"].split("|")],
            "starts_on": day or self.day("starts"), "ends_on": self.day("ends") or day, "starts_at": starts_at,
            "minutes": int(row["minutes"]) if row["minutes"] else None, "report_minutes": int(row["report"] or 0),
            "comprehensive": row["comprehensive"] == "yes", "venue": row["venue"],
            "attendees": [code for code in row["attendees"].split("|") if code],
        }  # fmt: skip


def _ask(row: dict[str, str], at: datetime, cast: Cast, days: Calendar) -> None:
    moment = min(in_office(at - timedelta(days=float(row["asked"])), days), at)
    place, kind = PLACES[row["place"]], Kind(row["kind"])
    worker, asker = cast.of(f"cm-{row['place']}", moment), somebody(cast, row["department"], moment)
    if row["way"] == "platform":
        asking = actions.ask(place=place, kind=kind, words=row["words"], actor=asker, at=moment)
        if row["state"] == "taken_back":
            actions.take_back(asking.pk, actor=asker, at=moment)
        return
    refusal = actions.refuse_what_came(
        department=row["department"], kind=kind, words=row["words"], way=Way(row["way"]), actor=worker, at=moment
    )
    if row["note"]:
        street = cast.of("st-qinghe", moment, role=Role.STREET)
        actions.note_refusal(refusal.pk, words=row["note"], actor=street, at=min(moment + 3 * HOUR, at))


def _meet(row: dict[str, str], at: datetime, cast: Cast, days: Calendar) -> None:
    starts = moment_of(row, at, days, evenings=True)
    planned = min(in_office(starts - timedelta(days=6), days), at)
    worker = cast.of(f"cm-{row['place']}", planned)
    occasion = actions.meet(
        title=row["title"], starts_at=starts, minutes=int(row["minutes"]), venue=row["venue"], agenda=row["agenda"],
        actor=worker, at=planned,
    )  # fmt: skip
    ended = starts + timedelta(minutes=int(row["minutes"]))
    if row["record"] and ended < at:
        actions.minute(occasion.pk, record=row["record"].replace("\\n", "\n"), actor=worker, at=ended)


def _certify(row: dict[str, str], at: datetime, cast: Cast, days: Calendar) -> None:
    moment = in_office(at - timedelta(days=int(row["issued"])), days)
    worker: Actor = cast.of(f"cm-{row['place']}", moment)
    names: Iterator[str] = iter(("kind", "name", "document", "facts", "addressee", "purpose"))
    made = actions.issue(actor=worker, at=moment, **{name: row[name] for name in names})
    if row["revoked"]:
        actions.revoke(made.pk, reason=row["revoked"], actor=worker, at=moment + A_DAY)
