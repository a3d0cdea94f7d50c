"""What enters as a demand, who owns it, and which of the six lawful exits it takes (北京市接诉即办工作条例 10–14, 22)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

from qianxian.cadres.rules import Posting, finally_responsible
from qianxian.kernel.worktime import Calendar
from qianxian.mandates.rules.answering import Answer, Index, Outcome, answerable
from qianxian.mandates.rules.articles import Article, Case
from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.register.rules import Directory, Kind

from .life import Ground, Stage

TITLE = 40
WORDS = 20_000


class MatterKind(StrEnum):
    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    OTHER = "other"


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    API = "api"
    FILE = "file"
    WALK_IN = "walk_in"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Exit:
    """A lawful way out: what it is, the article, what the requester is told, and words that show it beyond doubt."""

    code: str
    name: str
    article: str
    reply: str
    pattern: re.Pattern[str] | None


@cache
def exits() -> dict[str, Exit]:
    """Return the six exits by code, as `matters/data/exits.csv` has them."""
    lines = files("qianxian.matters").joinpath("data/exits.csv").read_text("utf-8").splitlines()[1:]
    rows = (line.split(",") for line in lines)
    return {
        code: Exit(code, name, article, reply, re.compile(pattern) if pattern else None)
        for code, name, article, reply, pattern in rows
    }


@dataclass(frozen=True, slots=True)
class Demand:
    """
    What somebody wants, coded: the fields that the law requires (time, matter, contact) and where it is.

    `place` is the smallest place that is known, at least the district; `requester` is the blind index of the
    telephone number, never the number.
    """

    words: str
    place: str
    kind: MatterKind = MatterKind.HELP
    channel: Channel = Channel.WEB
    topic: str = ""
    setting: str = ""
    address: str = ""
    requester: str = ""
    exit: str = ""
    hard: bool = False
    urgent: bool = False

    @property
    def title(self) -> str:
        first = re.split(r"[\n。！？!?；;]", self.words.strip(), maxsplit=1)[0].strip() or self.words.strip()
        return first if len(first) <= TITLE else first[: TITLE - 1] + "…"

    @property
    def fingerprint(self) -> str:
        """The words without spaces and punctuation: equal for the same demand sent again."""
        return re.sub(r"[\W_]+", "", self.words)


class Unfit(ValueError):
    """A demand that cannot be taken in: `field` and a `code` of the fault."""

    def __init__(self, field: str, code: str):
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


def checked(demand: Demand, directory: Directory, topics: TopicTree, at: datetime) -> Demand:
    """
    Return the demand if it can be taken in.

    :raises Unfit: words missing or over 20,000 characters; unknown topic, place or exit;
        a place that no longer exists
    """
    if not demand.fingerprint:
        raise Unfit("words", "empty")
    if len(demand.words) > WORDS:
        raise Unfit("words", "too_long")
    if demand.topic and demand.topic not in topics.topics:
        raise Unfit("topic", "unknown")
    if demand.place not in directory.places:
        raise Unfit("place", "unknown")
    if at not in directory.places[demand.place].period:
        raise Unfit("place", "withdrawn")
    if demand.exit and demand.exit not in exits():
        raise Unfit("exit", "unknown")
    return demand


@dataclass(frozen=True)
class Reference:
    """All that decides who owns a demand: the register in force, postings, organisations, topics, days."""

    edition: int
    index: Index
    topics: TopicTree
    directory: Directory
    postings: Sequence[Posting]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Holder:
    """One owner: a unit, and the posting through which a cadre answers in person."""

    unit: str
    posting: int | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    Who owns a demand and why; `helpers` get it at the same time (双派单), `informed` may look on.

    `asked` is the body above the district that has the duty: the owner is its liaison unit, and it owes an answer.
    """

    owner: Holder
    ground: Ground
    stage: Stage
    answer: Answer
    exit: str = ""
    helpers: tuple[Article, ...] = ()
    informed: tuple[str, ...] = ()
    asked: str = ""

    @property
    def article(self) -> Article | None:
        return self.answer.article if self.ground in (Ground.ARTICLE, Ground.LIAISON) else None


AT_ONCE = frozenset({"urgent", "complex"})


def assign(demand: Demand, reference: Reference, at: datetime) -> Assignment:
    """
    Say who owns a demand: dispatch rules D1 to D5 and D8 (条例 12–14, 22), never nobody and never a committee.

    An exit stays with the hotline centre; a hard case is consulted on by the district before dispatch; a decided
    case goes to the body of the prevailing article, or to its liaison unit where the body stands above the district;
    silence and contest go to the cadre who answers for the place.
    """
    answer = _asked(demand, reference, at)
    if code := demand.exit or exit_shown(demand.words):
        return Assignment(Holder(_centre(demand, reference)), Ground.EXIT, Stage.CLOSED, answer, exit=code)
    if demand.hard:
        return Assignment(Holder(_district(demand, reference)), Ground.CONSULTATION, Stage.RECEIVED, answer)
    if answer.outcome is Outcome.DECIDED and _may_lead(answer.body, reference):
        helpers = tuple(a for a in answer.assisting if a.body != answer.body)
        return Assignment(
            Holder(answer.body),
            Ground.ARTICLE,
            Stage.ASSIGNED,
            answer,
            helpers=tuple(a for a in helpers if _may_lead(a.body, reference)) if _at_once(demand, answer) else (),
            informed=_looking_on(demand, answer, reference),
        )
    if answer.outcome is Outcome.DECIDED and _is_superior(answer.body, reference):
        return Assignment(
            Holder(liaison_of(answer.body, demand.place, reference)),
            Ground.LIAISON,
            Stage.ASSIGNED,
            answer,
            informed=_looking_on(demand, answer, reference),
            asked=answer.body,
        )
    ground = Ground.CONTESTED if answer.outcome is Outcome.CONTESTED else Ground.SILENT
    return Assignment(above(None, demand.place, reference, at), ground, Stage.ASSIGNED, answer)


def liaison_of(body: str, place: str, reference: Reference) -> str:
    """Return the unit that deals with a body above the district: the one the register names, else the government."""
    named = reference.directory.organisations[body].liaison
    return named if _may_lead(named, reference) else _top(place, reference)


def above(owner: Holder | None, place: str, reference: Reference, at: datetime) -> Holder:
    """
    Return whom an owner answers to: the posted cadre of the place, then the street, then the district.

    Without an owner it is the posted cadre: the one who owns what no article settles. A cadre posted to a committee
    answers in person, and the street stands behind; the committee itself never does.
    """
    ladder = _ladder(place, reference, at)
    if owner in ladder:
        return ladder[min(ladder.index(owner) + 1, len(ladder) - 1)]
    higher = [holder for holder in ladder if owner is None or holder.unit != owner.unit or holder.posting is not None]
    return higher[0] if higher else ladder[-1]


def exit_shown(words: str) -> str:
    """Return the exit that the words show beyond doubt, '' where there is any."""
    return next((e.code for e in exits().values() if e.pattern and e.pattern.search(words)), "")


def deadline_class(demand: Demand, answer: Answer, topics: TopicTree) -> str:
    """Return the class of the deadline: by urgency, kind, article, then the topic or those above it."""
    if demand.urgent:
        return "urgent"
    if demand.kind is MatterKind.CONSULT:
        return "consult"
    if answer.article and answer.article.deadline_class:
        return answer.article.deadline_class
    by_topic = [topic.deadline_class for topic in reversed(topics.path(demand.topic)) if topic.deadline_class]
    return by_topic[0] if by_topic else "general"


def _asked(demand: Demand, reference: Reference, at: datetime) -> Answer:
    needs = {power for topic in reference.topics.path(demand.topic)[-1:] for power in topic.powers}
    return answerable(reference.index, Case(demand.topic, demand.place, demand.setting, at), needs)


def _at_once(demand: Demand, answer: Answer) -> bool:
    return demand.urgent or (answer.article is not None and answer.article.deadline_class in AT_ONCE)


def _may_lead(body: str, reference: Reference) -> bool:
    organisation = reference.directory.organisations.get(body)
    return organisation is not None and organisation.kind not in NEVER_OWN


NEVER_OWN = frozenset({Kind.COMMITTEE, Kind.SUPERIOR})
"""A committee only assists (条例 17); a body above the district is asked and not ordered (条例 22)."""


def _is_superior(body: str, reference: Reference) -> bool:
    organisation = reference.directory.organisations.get(body)
    return organisation is not None and organisation.kind is Kind.SUPERIOR


def _looking_on(demand: Demand, answer: Answer, reference: Reference) -> tuple[str, ...]:
    """D1: the district gets a copy of what goes straight to a street; those whom an article informs look on."""
    informed: Iterable[str] = (article.body for article in (*answer.informed, *answer.assisting))
    owner = reference.directory.organisations[answer.body]
    copy = (_district(demand, reference),) if owner.kind is Kind.STREET else ()
    return tuple(dict.fromkeys((*copy, *informed)))


def _ladder(place: str, reference: Reference, at: datetime) -> list[Holder]:
    posting = finally_responsible(reference.postings, place=place, at=at)
    street = reference.directory.over(place, Kind.STREET)
    rungs = [Holder(street.code)] if street else []
    rungs.append(Holder(_top(place, reference)))
    if posting is None:
        return rungs
    unit = posting.unit if _may_lead(posting.unit, reference) else rungs[0].unit
    return [Holder(unit, posting.id), *rungs]


def _district(demand: Demand, reference: Reference) -> str:
    return _top(demand.place, reference)


def _centre(demand: Demand, reference: Reference) -> str:
    centre = reference.directory.over(demand.place, Kind.CENTRE)
    return centre.code if centre else _top(demand.place, reference)


def _top(place: str, reference: Reference) -> str:
    for kind in (Kind.GOVERNMENT, Kind.CENTRE):
        if body := reference.directory.over(place, kind):
            return body.code
    raise NoGovernment(place)


class NoGovernment(Exception):
    """The register has no district government or hotline centre over a place: nobody could own its matters."""
