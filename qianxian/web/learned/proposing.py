"""Proposals as rows of the import workbook: names resolved to the platform's own codes, or said not to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qianxian.collection.rules.rows import Known, place_of
from qianxian.collection.rules.topics import TopicReader
from qianxian.register.rules import Directory, Kind, Organisation, Unknown

COLUMNS = (
    ("number", "编号", 14), ("list", "清单", 12), ("body", "单位", 28), ("duty", "责任", 8), ("topic", "事项", 12),
    ("place", "地区", 18), ("setting", "场所", 10), ("valid_from", "生效", 12), ("basis", "依据", 46),
    ("topic_name", "历史里的事项", 30), ("place_name", "历史里的地区", 16), ("support", "记录数", 8), ("records", "其中该单位", 10),
    ("share", "占比", 8), ("rows", "来源行", 40),
)  # fmt: skip
UNRESOLVED = {"body": "单位", "topic": "事项", "place": "地区"}
SHOWN = 60
ASIDE = (
    ("lacks", "名录里没有的", 16),
    *((key, f"历史里的{head.removeprefix('历史里的')}", width) for key, head, width in COLUMNS),
)
"""Heads of the sheet that the import leaves aside: none of them is a column of a list."""


@dataclass(frozen=True)
class Row:
    """One proposal in the form of the import; `lacks` names the columns that the platform's registers do not know."""

    cells: dict[str, Any]
    lacks: tuple[str, ...]


def rows(data: Mapping[str, Any], known: Known, on: date) -> list[Row]:
    """
    Return each proposal of an answer (see `results.as_data`) as a row.

    Its number holds part of the history's hash, so that the same history proposes under the same numbers and another
    one never under those of an article that stands already.
    """
    names = {unit["unit"]: [one["written"] for one in unit["spellings"]] for unit in data["units_merged"]}
    head = f"学{data['digest'][:6]}"
    return [_row(f"{head}-{number}", one, known, names, on) for number, one in enumerate(data["proposals"], start=1)]


def _row(number: str, one: Mapping[str, Any], known: Known, names: Mapping[str, Sequence[str]], on: date) -> Row:
    body = organisation(one["unit"], names, known.directory)
    topic = topic_of(one["topics"], known.reader)
    place = place_of(one["street"], known.directory, "") if one["street"] else known.directory.places.get(known.place)
    found = {"body": body, "topic": topic, "place": place}
    committee = body is not None and body.kind is Kind.COMMITTEE
    cells = {
        "number": number,
        "list": "基本履职" if body and body.kind is Kind.STREET else "权责清单",
        "body": body.name if body else one["unit"],
        "duty": "协助" if committee else "主责",
        "topic": topic or one["topic"],
        "place": place.code if place else one["street"],
        "setting": one["setting"],
        "valid_from": on.isoformat(),
        "basis": f"历史派单{one['support']}件中{one['records']}件由其办理，法律依据待补",
        "topic_name": "／".join(one["topics"]),
        "place_name": one["street"] or "全区",
        "support": one["support"],
        "records": one["records"],
        "share": one["share"],
        "rows": "、".join(map(str, one["rows"][:SHOWN])),
    }
    return Row(cells, tuple(column for column in UNRESOLVED if not found[column]))


def topic_of(labels: Sequence[str], reader: TopicReader) -> str:
    """Return the platform's topic of a history's labels, widest first; '' where the narrowest of them is not known."""
    path = [label for label in labels if label]
    found = reader.of_labels(path).topic
    by_the_last = found != reader.of_labels(path[:-1]).topic or found == reader.of_labels(path[-1:]).topic
    return found if by_the_last else ""


def organisation(unit: str, names: Mapping[str, Sequence[str]], directory: Directory) -> Organisation | None:
    """Return the organisation that a unit of a history is, by any of its spellings."""
    for name in (unit, *names.get(unit, ())):
        try:
            return directory.organisation(name)
        except Unknown:
            continue
    return None
