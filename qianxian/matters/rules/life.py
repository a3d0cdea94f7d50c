"""The life of a matter: stages only go forward, and each deed has those who may do it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any


class Stage(IntEnum):
    RECEIVED = 10
    ASSIGNED = 20
    SETTLED = 30
    RESOLVED = 40
    RATED = 50
    CLOSED = 60


NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.ASSIGNED, Stage.CLOSED}),
    Stage.ASSIGNED: frozenset({Stage.SETTLED, Stage.RESOLVED, Stage.CLOSED}),
    Stage.SETTLED: frozenset({Stage.RESOLVED, Stage.CLOSED}),
    Stage.RESOLVED: frozenset({Stage.RATED, Stage.CLOSED}),
    Stage.RATED: frozenset({Stage.CLOSED}),
    Stage.CLOSED: frozenset(),
}
WORKING = (Stage.ASSIGNED, Stage.SETTLED)
OPEN = (Stage.RECEIVED, *WORKING)


class OutOfOrder(Exception):
    """The matter is not at the stage from which this can be done."""

    def __init__(self, stage: Stage, wanted: str):
        super().__init__(f"{stage.name}: {wanted}")
        self.stage, self.wanted = stage, wanted


def advance(stage: Stage, to: Stage) -> Stage:
    """
    Return the next stage.

    :raises OutOfOrder: if that stage does not come next
    """
    if to not in NEXT[stage]:
        raise OutOfOrder(stage, to.name)
    return to


def must_be(stage: Stage, allowed: Iterable[Stage], deed: str) -> None:
    """
    Check that a deed can be done at a stage.

    :raises OutOfOrder: if it cannot
    """
    if stage not in allowed:
        raise OutOfOrder(stage, deed)


class Ground(StrEnum):
    """Why the owner owns the matter."""

    ARTICLE = "article"
    SILENT = "silent"
    CONTESTED = "contested"
    CONSULTATION = "consultation"
    RULING = "ruling"
    FOLLOW_UP = "follow_up"
    LIAISON = "liaison"
    EXIT = "exit"


class Result(StrEnum):
    """What the owner says came of it; only the first two may count as solved, and only if the resident agrees."""

    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"
    REFUSED = "refused"


class Satisfaction(StrEnum):
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"
    UNRATED = "unrated"


class Ending(StrEnum):
    """How a matter came to be closed."""

    EXIT = "exit"
    RATED = "rated"
    UNRATED = "unrated"
    TERMINATED = "terminated"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a matter stands by its journal: stage, owner, the posting through which the owner answers."""

    stage: Stage
    owner: str
    posting: int | None


def replay(deeds: Iterable[Mapping[str, Any]]) -> Standing:
    """
    Return where the deeds lead, told from the journal alone.

    :raises OutOfOrder: if a stage falls back or skips
    :raises Ownerless: if the first deed names no owner
    """
    standing: Standing | None = None
    for details in deeds:
        standing = _after(standing, details)
    if standing is None:
        raise Ownerless("no deeds")
    return standing


class Ownerless(Exception):
    """The journal names no owner."""


def _after(standing: Standing | None, details: Mapping[str, Any]) -> Standing:
    if standing is None:
        standing = Standing(Stage.RECEIVED, "", None)
    stage = Stage(details["stage"]) if "stage" in details else standing.stage
    if stage is not standing.stage:
        stage = advance(standing.stage, stage)
    owner, posting = details.get("owner", standing.owner), details.get("posting", standing.posting)
    if not owner:
        raise Ownerless(details)
    return Standing(stage, owner, posting)
