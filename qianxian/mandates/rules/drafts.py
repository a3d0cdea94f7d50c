"""
A draft of the next edition: lines added, changed and ended against the edition on which it rests.

Lines are told as columns (`Columns`), the way a row of the register is kept; nothing here touches the database.
A draft is settled by the hash of its content: an audit or a replay counts only for the content that it looked at.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from qianxian.kernel.period import Period

from .articles import Article, Benefit, Duty, List, Power, Scope

Columns = Mapping[str, Any]
COLUMNS = (
    "number", "list_kind", "body_id", "duty", "powers", "benefits", "topic_id", "place_id", "setting", "valid_from",
    "valid_to", "basis", "deadline_class", "delegation", "ruling",
)  # fmt: skip
SETS = frozenset({"powers", "benefits"})
"""Columns of which the order says nothing."""


class Change(StrEnum):
    ADD = "add"
    CHANGE = "change"
    END = "end"


class Stage(StrEnum):
    """How far a draft has come; audited and replayed are no stages, they lapse with each change of a line."""

    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Lack(StrEnum):
    """What a draft still lacks before it may be submitted and published, in the order in which it is mended."""

    EMPTY = "empty"
    OUTDATED = "outdated"
    MISPLACED = "misplaced"
    NOT_AUDITED = "not_audited"
    GAP = "gap"
    CONTEST = "contest"
    NOT_REPLAYED = "not_replayed"


class NotInThisStage(Exception):
    """The draft has gone on: what is asked belongs to another stage."""

    def __init__(self, stage: Stage):
        super().__init__(stage.value)
        self.stage = stage


class NotReady(Exception):
    """The draft cannot be submitted or published; `lacks` says why, in the order in which it is mended."""

    def __init__(self, lacks: Sequence[Lack]):
        super().__init__(", ".join(lacks))
        self.lacks = tuple(lacks)


class SecondPerson(Exception):
    """Whoever wrote or submitted a draft never approves it: four eyes."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change of a draft: the article's number, what is done, and the columns that it has then (None: it ends)."""

    number: str
    change: Change
    columns: Columns | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """In what one article differs between two registers; `before` or `after` is None where there is none."""

    number: str
    before: Columns | None
    after: Columns | None
    fields: tuple[str, ...] = ()

    @property
    def change(self) -> Change:
        if self.before is None:
            return Change.ADD
        return Change.END if self.after is None else Change.CHANGE


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a draft when somebody asks whether it may go on."""

    content: str
    lines: int
    outdated: bool
    misplaced: int
    audited: str
    gaps: int
    contests: int
    replayed: str


def must_be(stage: Stage, *allowed: Stage) -> None:
    """:raises NotInThisStage: unless the draft stands in one of these"""
    if stage not in allowed:
        raise NotInThisStage(stage)


def must_be_another(person: str, authors: Iterable[str]) -> None:
    """:raises SecondPerson: if this person has written or submitted the draft"""
    if person in set(authors):
        raise SecondPerson(person)


def lacks(standing: Standing) -> tuple[Lack, ...]:
    """Return what keeps a draft from being submitted and published; nothing where it is ready."""
    audited = standing.audited == standing.content
    found = {
        Lack.EMPTY: not standing.lines,
        Lack.OUTDATED: standing.outdated,
        Lack.MISPLACED: bool(standing.misplaced),
        Lack.NOT_AUDITED: not audited,
        Lack.GAP: audited and bool(standing.gaps),
        Lack.CONTEST: audited and bool(standing.contests),
        Lack.NOT_REPLAYED: standing.replayed != standing.content,
    }
    return tuple(lack for lack, present in found.items() if present)


def content_hash(edition: int, lines: Iterable[Line]) -> str:
    """Return the hash of a draft's content: editions are never edited, so number and changes settle it."""
    told = [(line.number, line.change.value, _plain(line.columns)) for line in sorted(lines, key=_number)]
    return sha256(json.dumps([edition, told], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def applied(base: Iterable[Columns], lines: Iterable[Line]) -> list[Columns]:
    """Return the register as it would be with a draft's changes, in order of number."""
    found = {columns["number"]: columns for columns in base}
    for line in lines:
        if line.columns is None:
            found.pop(line.number, None)
        else:
            found[line.number] = line.columns
    return [found[number] for number in sorted(found)]


def misplaced(numbers: Iterable[str], lines: Iterable[Line]) -> list[Line]:
    """Return the changes that do not fit the edition: a number added that it has, or changed or ended that it lacks."""
    held = set(numbers)
    return [line for line in lines if (line.number in held) == (line.change is Change.ADD)]


def differences(before: Iterable[Columns], after: Iterable[Columns]) -> list[Difference]:
    """Return in what a register differs from an earlier one, article by article, in order of number."""
    old = {columns["number"]: columns for columns in before}
    new = {columns["number"]: columns for columns in after}
    found = (_difference(number, old.get(number), new.get(number)) for number in sorted(old.keys() | new.keys()))
    return [one for one in found if one]


def lines_towards(before: Iterable[Columns], after: Iterable[Columns]) -> list[Line]:
    """Return the changes that lead from one register to another: how an earlier edition comes back as a new one."""
    return [Line(one.number, one.change, one.after) for one in differences(before, after)]


def as_article(columns: Columns, id: int | None = None) -> Article:  # noqa: A002  (the key of the row)
    """Return an article from its columns."""
    return Article(
        number=columns["number"],
        body=columns["body_id"],
        duty=Duty(columns["duty"]) if columns["duty"] else None,
        scope=Scope(
            columns["topic_id"], columns["place_id"], columns["setting"],
            Period(columns["valid_from"], columns["valid_to"]),
        ),
        basis=columns["basis"],
        powers=frozenset(Power(power) for power in columns["powers"]),
        benefits=frozenset(Benefit(benefit) for benefit in columns["benefits"]),
        deadline_class=columns["deadline_class"],
        list=List(columns["list_kind"]),
        delegation=columns["delegation"],
        id=id,
    )  # fmt: skip


def _difference(number: str, old: Columns | None, new: Columns | None) -> Difference | None:
    if old is None or new is None:
        return Difference(number, old, new)
    fields = tuple(name for name in COLUMNS if _compared(old, name) != _compared(new, name))
    return Difference(number, old, new, fields) if fields else None


def _compared(columns: Columns, name: str) -> Any:
    return sorted(columns[name]) if name in SETS else columns[name]


def _plain(columns: Columns | None) -> dict[str, Any] | None:
    return None if columns is None else {name: _told(_compared(columns, name)) for name in COLUMNS}


def _told(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else value


def _number(line: Line) -> str:
    return line.number
