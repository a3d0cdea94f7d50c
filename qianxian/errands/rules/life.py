"""The life of an errand: requested, heard, decided, running, gone. Stages only go forward."""

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from typing import Any


class Kind(StrEnum):
    """What is asked of a community: work, a ledger or form, to come to a meeting, to be inspected."""

    TASK = "task"
    LEDGER = "ledger"
    MEETING = "meeting"
    INSPECTION = "inspection"


class Frequency(StrEnum):
    ONCE = "once"
    YEARLY = "yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    WEEKLY = "weekly"
    DAILY = "daily"


PER_MONTH: dict[Frequency, int] = {
    Frequency.ONCE: 1,
    Frequency.YEARLY: 1,
    Frequency.QUARTERLY: 1,
    Frequency.MONTHLY: 1,
    Frequency.WEEKLY: 5,
    Frequency.DAILY: 31,
}
"""How many meetings or inspections a frequency allows in one calendar month."""


class Stage(IntEnum):
    DRAFT = 10
    FILED = 20
    HEARD = 30
    ADMITTED = 40
    REFUSED = 50
    WITHDRAWN = 60
    ENDED = 70


NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.FILED, Stage.WITHDRAWN}),
    Stage.FILED: frozenset({Stage.HEARD, Stage.WITHDRAWN}),
    Stage.HEARD: frozenset({Stage.ADMITTED, Stage.REFUSED, Stage.WITHDRAWN}),
    Stage.ADMITTED: frozenset({Stage.ENDED}),
    Stage.REFUSED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
    Stage.ENDED: frozenset(),
}
PUBLIC = (Stage.ADMITTED, Stage.REFUSED, Stage.ENDED)
"""What anybody may read: decisions are published with their reasons."""


class Opinion(StrEnum):
    """What a community says of a request; silence is recorded by the system and only after the period."""

    AGREE = "agree"
    CONDITIONS = "conditions"
    OPPOSE = "oppose"
    SILENT = "silent"


class Ending(StrEnum):
    DATE = "date"
    STOPPED = "stopped"


class NotAtThisStage(Exception):
    """The errand is not at the stage from which this can be done."""

    def __init__(self, stage: Stage, wanted: str):
        super().__init__(f"{stage.name}: {wanted}")
        self.stage, self.wanted = stage, wanted


def advance(stage: Stage, to: Stage) -> Stage:
    """
    Return the next stage.

    :raises NotAtThisStage: if that stage does not come next
    """
    if to not in NEXT[stage]:
        raise NotAtThisStage(stage, to.name)
    return to


def must_be(stage: Stage, allowed: Iterable[Stage], deed: str) -> None:
    """
    Check that a deed can be done at a stage.

    :raises NotAtThisStage: if it cannot
    """
    if stage not in allowed:
        raise NotAtThisStage(stage, deed)


def replay(deeds: Iterable[Mapping[str, Any]]) -> Stage:
    """
    Return the stage to which the deeds lead, told from the journal alone.

    :raises NotAtThisStage: if a stage falls back or skips
    """
    stage = Stage.DRAFT
    for details in deeds:
        told = Stage(details.get("stage", stage))
        stage = stage if told is stage else advance(stage, told)
    return stage
