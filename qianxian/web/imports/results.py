"""What became of each row of a file, as lines for people: for the screen, for JSON, for a workbook."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook

from qianxian.collection.actions import Outcome
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.register.rules import Directory

from .sentences import Pair, fault

LISTS = ("matters", "exits", "faults", "already")
IN_MEMORY = 4 * 2**20
LONGEST_CELL = 32_000
NOT_TURNED_INTO = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")


@dataclass(frozen=True)
class Names:
    """What codes are called."""

    directory: Directory
    topics: TopicTree

    def unit(self, code: str) -> str:
        organisation = self.directory.organisations.get(code)
        return organisation.name if organisation else code

    def place(self, code: str) -> str:
        place = self.directory.places.get(code)
        return place.name if place else code

    def topic(self, code: str) -> str:
        return "／".join(topic.name for topic in self.topics.path(code))


def line(outcome: Outcome, names: Names) -> dict[str, Any]:
    """Return what became of one row; no personal data is in it."""
    row, matter = outcome.row, outcome.matter
    base: dict[str, Any] = {"row": row.number, "key": row.key}
    if outcome.earlier:
        return base | {"code": outcome.earlier.code}
    if matter is None:
        return base | {"faults": [_told(found.as_data(), fault(found)) for found in outcome.faults]}
    return base | {
        "code": matter.code,
        "title": matter.title,
        "owner": names.unit(matter.owner_id),
        "ground": matter.ground,
        "article": (matter.answer.get("article") or {}).get("number", ""),
        "basis": (matter.answer.get("article") or {}).get("basis", ""),
        "due_at": matter.due_at.astimezone(BEIJING).isoformat(timespec="minutes"),
        "topic": matter.topic_id or "",
        "topic_name": names.topic(matter.topic_id or ""),
        "why": row.why,
        "place": names.place(matter.place_id),
        "exit": matter.exit,
        "remarks": [_told(found.as_data(), fault(found)) for found in row.remarks],
    }


def _told(data: dict[str, str], pair: Pair) -> dict[str, str]:
    return data | {"sentence_zh": pair[0], "sentence_en": pair[1]}


@dataclass
class Tally:
    """Counts the rows by list and keeps their lines, beyond a few megabytes on disk."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LISTS, 0))
    _spools: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> "Tally":
        self._spools = {name: SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8") for name in LISTS}  # noqa: SIM115  (closed by __exit__)
        return self

    def __exit__(self, *_: object) -> None:
        for spool in self._spools.values():
            spool.close()

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    def add(self, name: str, entry: dict[str, Any]) -> None:
        self.counts[name] += 1
        self._spools[name].write(json.dumps(entry, ensure_ascii=False) + "\n")

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        self._spools[name].seek(0)
        return map(json.loads, self._spools[name])

    def write_json(self, out: IO[str], head: dict[str, Any]) -> None:
        """Write one JSON object: the head, the counts, and the four lists behind them."""
        opening = json.dumps(head | {"rows": self.rows, **self.counts}, ensure_ascii=False, indent=2)
        out.write(opening.rstrip("}\n") + ',\n  "lists": {')
        for place, name in enumerate(LISTS):
            out.write(f'{"," if place else ""}\n    "{name}": [')
            self._spools[name].seek(0)
            for number, entry in enumerate(self._spools[name]):
                out.write(("," if number else "") + "\n      " + entry.rstrip("\n"))
            out.write("]")
        out.write("\n  }\n}\n")


SHEETS: dict[str, tuple[str, tuple[tuple[str, str, int], ...]]] = {
    "matters": (
        "已派单",
        (
            ("row", "行", 6), ("key", "编号", 16), ("code", "查询码", 17), ("title", "诉求", 40),
            ("owner", "承办单位", 24), ("ground", "派单理由", 14), ("article", "清单条目", 14),
            ("basis", "依据", 40), ("due_at", "办结时限", 22),
            ("topic", "事项编码", 9), ("topic_name", "事项", 30),
            ("why", "判断依据", 24), ("place", "地点", 16), ("remarks", "提示", 40),
        ),
    ),
    "exits": (
        "不派单",
        (
            ("row", "行", 6), ("key", "编号", 16), ("code", "查询码", 17), ("title", "诉求", 40), ("exit", "类型", 6),
            ("owner", "答复单位", 24), ("remarks", "提示", 40),
        ),
    ),
    "faults": ("未收下", (("row", "行", 6), ("key", "编号", 16), ("faults", "原因", 80))),
    "already": ("以前已收", (("row", "行", 6), ("key", "编号", 16), ("code", "查询码", 17))),
}  # fmt: skip
GROUNDS = {
    "article": "有清单条目", "silent": "清单无规定", "contested": "清单有争议", "exit": "不派单",
    "consultation": "派前会商", "follow_up": "接续前件", "liaison": "驻区上级单位联动", "ruling": "裁定",
}  # fmt: skip


def write_workbook(path: Path | IO[bytes], tally: Tally) -> None:
    """Write one sheet for each list. Every cell is text or a number: nothing in it is ever run as a formula."""
    options = {"constant_memory": True} | dict.fromkeys(NOT_TURNED_INTO, False)
    with Workbook(str(path) if isinstance(path, Path) else path, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF4"})
        plain = book.add_format({"num_format": "@", "text_wrap": False})
        for name, (title, columns) in SHEETS.items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for place, (_, head, width) in enumerate(columns):
                sheet.set_column(place, place, width)
                sheet.write_string(0, place, head, bold)
            for number, entry in enumerate(tally.lines(name), start=1):
                for place, (key, _, _) in enumerate(columns):
                    if key == "row":
                        sheet.write_number(number, place, entry[key])
                    else:
                        sheet.write_string(number, place, _cell(key, entry.get(key, "")), plain)


def _cell(key: str, value: Any) -> str:
    if isinstance(value, list):
        return "；".join(part["sentence_zh"] for part in value)
    return GROUNDS.get(value, value) if key == "ground" else str(value)[:LONGEST_CELL]


def collected(outcomes: Iterable[Outcome], names: Names, tally: Tally) -> Iterator[Outcome]:
    """Note each outcome as it passes."""
    for outcome in outcomes:
        tally.add(outcome.list, line(outcome, names))
        yield outcome
