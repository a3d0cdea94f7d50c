"""The published lists as rows: what a street or department keeps in a workbook, read into articles or faults."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from qianxian.kernel.worktime import BEIJING
from qianxian.register.rules import Directory, Kind, Unknown

from .articles import Benefit, Duty, List, Power

COLUMNS = {
    "number": ("number", "编号", "序号", "清单编号"),
    "list": ("list", "清单", "清单类型"),
    "body": ("body", "单位", "责任单位", "主体"),
    "duty": ("duty", "责任", "职责", "责任类型"),
    "powers": ("powers", "权力", "职权"),
    "benefit": ("benefit", "保障", "利益"),
    "topic": ("topic", "事项", "事项编码"),
    "place": ("place", "地区", "区域"),
    "setting": ("setting", "场所", "情形"),
    "valid_from": ("valid_from", "生效", "生效日期"),
    "valid_to": ("valid_to", "失效", "失效日期"),
    "basis": ("basis", "依据", "法律依据"),
    "deadline_class": ("deadline_class", "时限", "时限类别"),
    "delegation": ("delegation", "委托", "委托文书"),
}
CHINESE: dict[str, str] = {
    "主责": "lead", "牵头": "lead", "协助": "assist", "配合": "assist", "知悉": "inform",
    "事权": "affairs", "财权": "funds", "决策权": "decision", "执法权": "enforcement", "进入权": "entry",
    "经费": "funds", "人员": "people", "培训": "training", "荣誉": "credit", "考核": "credit",
    "基本履职": "basic", "配合履职": "assisting", "上级收回": "taken_back", "权责清单": "department",
    "自治": "self_government", "社区协助": "community_assist", "负面": "negative",
}  # fmt: skip
CODE = TypeVar("CODE", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row, in which column, and what stood there."""

    row: int
    column: str
    code: str
    value: str


def read(
    rows: Iterable[Mapping[str, str]], directory: Directory, topics: Collection[str]
) -> tuple[list[dict[str, Any]], list[RowFault]]:
    """Return the columns of every article, and every fault with its row (the header is row 1). Nothing is guessed."""
    articles, faults, seen = [], [], set[str]()
    for number, row in enumerate(rows, start=2):
        reader = _Row(number, {key: _cell(row, names) for key, names in COLUMNS.items()})
        article = reader.article(directory, topics)
        if article["number"] in seen:
            reader.fault("number", "given_twice")
        seen.add(article["number"])
        faults += reader.faults
        if not reader.faults:
            articles.append(article)
    return articles, faults


def _cell(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((str(row[name]).strip() for name in names if row.get(name)), "")


class _Row:
    def __init__(self, number: int, cells: dict[str, str]):
        self.number, self.cells, self.faults = number, cells, list[RowFault]()

    def fault(self, column: str, code: str) -> None:
        self.faults.append(RowFault(self.number, column, code, self.cells[column]))

    def article(self, directory: Directory, topics: Collection[str]) -> dict[str, Any]:
        body = self.body(directory)
        duty = self.one("duty", Duty)
        list_kind = self.one("list", List) or List.DEPARTMENT
        if duty is Duty.LEAD and body and directory.organisations[body].kind is Kind.COMMITTEE:
            self.fault("duty", "committee_leads")
        if self.cells["topic"] not in topics:
            self.fault("topic", "unknown")
        if self.cells["place"] not in directory.places:
            self.fault("place", "unknown")
        for column in ("number", "basis"):
            if not self.cells[column]:
                self.fault(column, "empty")
        powers, benefits = self.several("powers", Power), self.several("benefit", Benefit)
        if not (duty or powers or benefits or list_kind is List.NEGATIVE):
            self.fault("duty", "gives_nothing")
        return {
            "number": self.cells["number"],
            "list_kind": list_kind.value,
            "body_id": body,
            "duty": duty.value if duty else "",
            "powers": powers,
            "benefits": benefits,
            "topic_id": self.cells["topic"],
            "place_id": self.cells["place"],
            "setting": self.cells["setting"],
            "valid_from": self.day("valid_from"),
            "valid_to": self.day("valid_to") if self.cells["valid_to"] else None,
            "basis": self.cells["basis"],
            "deadline_class": self.cells["deadline_class"],
            "delegation": self.cells["delegation"],
        }

    def body(self, directory: Directory) -> str:
        try:
            return directory.organisation(self.cells["body"]).code
        except Unknown:
            self.fault("body", "unknown")
            return ""

    def one(self, column: str, codes: type[CODE]) -> CODE | None:
        value = CHINESE.get(self.cells[column], self.cells[column])
        if not value:
            return None
        try:
            return codes(value)
        except ValueError:
            self.fault(column, "unknown")
            return None

    def several(self, column: str, codes: type[CODE]) -> list[str]:
        cell = self.cells[column].replace("、", "|").replace(",", "|")
        values = [CHINESE.get(part.strip(), part.strip()) for part in cell.split("|") if part.strip()]
        if any(value not in {code.value for code in codes} for value in values):
            self.fault(column, "unknown")
        return values

    def day(self, column: str) -> datetime | None:
        try:
            return datetime.combine(date.fromisoformat(self.cells[column][:10]), time(), BEIJING)
        except ValueError:
            self.fault(column, "not_a_date")
            return None
