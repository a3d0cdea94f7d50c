"""What a history teaches, as data for programs, pages and workbooks; the words are of the history, no person's."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qianxian.mandates.rules.learning.records import RowFault
from qianxian.mandates.rules.learning.units import Merged

from . import sentences

if TYPE_CHECKING:
    from qianxian.mandates.learning import Learned, Trial

LISTED, MOST_FAULTS = 200, 20_000
"""Rows behind one item, and faults, that an answer lists; the rest is counted."""
LABEL = "承办单位（同一单位的不同写法已按名称合并；合并只看名称，先于训练和测试）"


def as_data(learned: "Learned", read_faults: Sequence[RowFault], rows: int) -> dict[str, Any]:
    """Return all that was learned; `top1` and `top3` are the frozen figures, None where nothing could be tried."""
    faults = [*read_faults, *learned.faults]
    trial = learned.trial
    return {
        "rows": rows,
        "records": learned.records,
        "top1": round(trial.frozen.top1, 4) if trial else None,
        "top3": round(trial.frozen.top3, 4) if trial else None,
        "cells": len(learned.cells),
        "cells_contested": len(learned.contested),
        "community_as_handler": learned.on_communities,
        "units": len(learned.units),
        "units_merged": [_merged(unit) for unit in learned.merged],
        "test": _trial(trial) if trial else None,
        "proposals": [
            {
                "unit": one.unit, "topic": one.topic, "topics": list(one.topics), "street": one.street,
                "setting": one.setting, "support": one.support, "records": len(one.rows),
                "share": round(one.share, 4), "streets": one.streets, "rows": list(one.rows[:LISTED]),
            }
            for one in learned.proposals
        ],
        "cells_open": learned.open_cells,
        "contested": [
            {
                "topic": cell.topic, "topics": list(cell.topics), "street": cell.street, "records": cell.records,
                "units": [
                    {"unit": unit, "records": count, "rows": list(cell.rows[unit][:LISTED])}
                    for unit, count in cell.units
                ],
            }
            for cell in learned.contested
        ],
        "communities": [
            {
                "community": one.community, "topic": one.topic, "street": one.street, "records": len(one.rows),
                "rows": list(one.rows[:LISTED]),
            }
            for one in learned.handed
        ],
        "faults_counted": dict(Counter(f"{found.column}.{found.code}" for found in faults)),
        "faults": [_fault(found) for found in sorted(faults, key=lambda found: found.row)[:MOST_FAULTS]],
        "digest": learned.digest,
    }  # fmt: skip


def _merged(unit: Merged) -> dict[str, Any]:
    return {
        "unit": unit.name,
        "records": unit.records,
        "spellings": [
            {
                "written": spelling.written,
                "records": spelling.records,
                "why": [why.value for why in spelling.why],
                "sentence_zh": "；".join(sentences.REASONS[why][0] for why in spelling.why),
                "sentence_en": "; ".join(sentences.REASONS[why][1] for why in spelling.why),
            }
            for spelling in unit.spellings
        ],
    }


def _trial(trial: "Trial") -> dict[str, Any]:
    return {
        "label": LABEL,
        "counted": "没有可用单位的测试行不计入分母；训练期没出现过的单位计为不中",
        "learned_from": trial.learned_from,
        "since": _moment(trial.since),
        "until": _moment(trial.until),
        "without_unit": trial.without_unit,
        "unseen_unit": trial.unseen,
        "frozen": trial.frozen.as_data() | {"history": "只用测试期之前的记录"},
        "rolling": trial.rolling.as_data() | {"history": "测试期每五分之一之前，用严格更早的记录重新训练"}
        if trial.rolling
        else None,
        "lookup": trial.lookup.as_data() | {"history": "对照：同事项同街道最常见的单位"},
    }


def _fault(found: RowFault) -> dict[str, Any]:
    zh, en = sentences.fault(found)
    return {
        "row": found.row, "column": found.column, "code": str(found.code), "value": found.value,
        "sentence_zh": zh, "sentence_en": en,
    }  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None
