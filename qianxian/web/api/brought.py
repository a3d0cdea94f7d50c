"""What another system sends, coded by the same rules as the rows of a file; but what it does not know is refused."""

from dataclasses import dataclass
from datetime import datetime

from qianxian.collection.rules.columns import Column, Field, Why
from qianxian.collection.rules.rows import Known, RowReader
from qianxian.matters.rules.intake import Channel, Demand
from qianxian.web.imports import sentences

from .shapes import Brought
from .wrong import Wrong

TAKEN = (
    Field.WORDS, Field.SUBJECT, Field.TOPIC, Field.PLACE, Field.SETTING, Field.ADDRESS, Field.KIND, Field.NAME,
    Field.PHONE, Field.TIME,
)  # fmt: skip
COLUMNS = tuple(Column(place, field.value, field, Why.GIVEN) for place, field in enumerate(TAKEN))
DOUBTS = frozenset({"no_topic", "not_a_phone"})
"""What is taken in all the same, as a person can still make it out."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A demand ready to be taken in, with what came."""

    demand: Demand
    name: str
    phone: str
    occurred_at: datetime | None
    raw: dict[str, str]
    personal: dict[str, str]


def demand_of(brought: Brought, known: Known, now: datetime) -> Ready:
    """
    Return the demand that was brought.

    :raises Wrong: if a field cannot be understood
    """
    row = [getattr(brought, field.value) for field in TAKEN]
    coded = RowReader(COLUMNS, known, now).coded(1, row, "")
    wrong = [*coded.faults, *(remark for remark in coded.remarks if remark.code not in DOUBTS)]
    if wrong or coded.demand is None:
        zh, en = sentences.fault(wrong[0])
        raise Wrong("unfit", field=wrong[0].field, reason=zh, reason_en=en)
    found = coded.demand
    demand = Demand(
        found.words,
        found.place,
        found.kind,
        Channel.API,
        found.topic,
        found.setting,
        found.address,
        urgent=brought.urgent,
    )
    return Ready(demand, coded.name, coded.phone, coded.occurred_at, coded.raw, coded.personal)
