"""Topic trees and crosswalks as tables: what another office brings, read whole or told row by row what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .articles import Power
from .crosswalks import Crossing, Labels, Match
from .settings import SETTINGS

Rows = Iterable[tuple[int, Mapping[str, str]]]
TOPIC_COLUMNS = {
    "code": ("code", "编码", "事项编码"),
    "name": ("name", "名称", "事项", "事项名称"),
    "synonyms": ("synonyms", "同义词", "俗称"),
    "examples": ("examples", "例句", "示例"),
    "powers": ("powers", "所需权力", "权力"),
    "setting_hint": ("setting_hint", "常见场所", "场所"),
    "deadline_class": ("deadline_class", "时限", "时限类别"),
    "gb30428": ("gb30428", "国标编码"),
}
CROSSING_COLUMNS = {
    "catalogue": ("catalogue", "目录", "目录名称"),
    "version": ("version", "版本"),
    "code": ("code", "编码", "类别编码"),
    "name": ("name", "名称", "类别", "类别名称"),
    "topic": ("topic", "对应事项", "事项"),
    "match": ("match", "对应关系", "关系"),
}
MATCHES = {"等同": "exact", "相同": "exact", "包含于": "narrow", "更窄": "narrow", "更宽": "broad", "相关": "related"}
LEVELS = (2, 4, 6)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: column, code, what stood there."""

    row: int
    column: str
    code: str
    value: str = ""


def read_topics(rows: Rows, held: Iterable[str] = ()) -> tuple[list[dict[str, Any]], list[RowFault]]:
    """
    Return the topics of a table as columns, those above before those below, and every fault.

    :param held: codes that the tree has already: a row may stand under one of them
    """
    found, faults, seen = list[dict[str, Any]](), list[RowFault](), set[str]()
    named: dict[tuple[int, str], str] = {}
    for number, row in rows:
        cells = {key: _cell(row, names) for key, names in TOPIC_COLUMNS.items()}
        wrong = list(_wrong_topic(number, cells, seen, named))
        seen.add(cells["code"])
        named.setdefault((len(cells["code"]), cells["name"]), cells["code"])
        faults += wrong
        if not wrong:
            found.append(_topic(cells))
    known = {topic["code"] for topic in found} | set(held) | seen
    orphans = [topic for topic in found if topic["parent_id"] and topic["parent_id"] not in known]
    faults += [RowFault(0, "code", "no_parent", topic["code"]) for topic in orphans]
    return sorted(found, key=lambda topic: (len(topic["code"]), topic["code"])), faults


def read_crossings(rows: Rows, labels: Labels) -> tuple[dict[tuple[str, str], list[Crossing]], list[RowFault]]:
    """Return the crossings of a table by catalogue and version, and every fault; a topic is named, never guessed."""
    found: dict[tuple[str, str], list[Crossing]] = {}
    faults = list[RowFault]()
    for number, row in rows:
        cells = {key: _cell(row, names) for key, names in CROSSING_COLUMNS.items()}
        match = MATCHES.get(cells["match"], cells["match"] or Match.EXACT.value)
        topics = labels.topics(cells["topic"])
        wrong = [RowFault(number, key, "empty") for key in ("catalogue", "code", "name", "topic") if not cells[key]]
        if cells["topic"] and len(topics) != 1:
            wrong.append(RowFault(number, "topic", "unclear" if topics else "unknown", cells["topic"]))
        if match not in set(Match):
            wrong.append(RowFault(number, "match", "unknown", cells["match"]))
        faults += wrong
        if not wrong:
            key = (cells["catalogue"], cells["version"])
            one = Crossing(cells["catalogue"], cells["code"], cells["name"], topics[0], Match(match), cells["version"])
            found.setdefault(key, []).append(one)
    return found, faults


def _cell(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((str(row[name]).strip() for name in names if row.get(name)), "")


def _wrong_topic(
    row: int, cells: Mapping[str, str], seen: set[str], named: Mapping[tuple[int, str], str]
) -> Iterable[RowFault]:
    code = cells["code"]
    if not (code.isascii() and code.isdigit() and len(code) in LEVELS):
        yield RowFault(row, "code", "not_a_code", code)
    if code in seen:
        yield RowFault(row, "code", "given_twice", code)
    if not cells["name"]:
        yield RowFault(row, "name", "empty")
    elif named.get((len(code), cells["name"]), code) != code:
        yield RowFault(row, "name", "given_twice", cells["name"])
    if unknown := set(_several(cells["powers"])) - {power.value for power in Power}:
        yield RowFault(row, "powers", "unknown", "、".join(sorted(unknown)))
    if cells["setting_hint"] and cells["setting_hint"] not in SETTINGS:
        yield RowFault(row, "setting_hint", "unknown", cells["setting_hint"])


def _topic(cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": cells["code"],
        "name": cells["name"],
        "parent_id": cells["code"][:-2] or None,
        "synonyms": _several(cells["synonyms"]),
        "examples": _several(cells["examples"], "|"),
        "powers": _several(cells["powers"]),
        "setting_hint": cells["setting_hint"],
        "deadline_class": cells["deadline_class"],
        "gb30428": cells["gb30428"],
    }


def _several(cell: str, signs: str = "|、,，") -> list[str]:
    for sign in signs[1:]:
        cell = cell.replace(sign, signs[0])
    return [part.strip() for part in cell.split(signs[0]) if part.strip()]
