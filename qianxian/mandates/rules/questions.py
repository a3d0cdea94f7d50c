"""Questions to a register that a street's clerk can write and read, and what the register must say to each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING
from qianxian.register.rules import Directory, Unknown

from .answering import Answer, Index, Outcome, answerable
from .articles import Article, Benefit, Case, Duty, List, Power, Scope
from .audit import of_case
from .findings import KINDS, POWERS
from .ground import Ground, Posted
from .lists import CHINESE
from .settings import SETTINGS
from .topic_tree import TopicTree

NOBODY, SEVERAL = "无主", "多头"
Code = TypeVar("Code", bound=StrEnum)


class Unreadable(Exception):
    """A sheet of questions cannot be understood; the sentence says where and what."""


@dataclass(frozen=True, slots=True)
class Question:
    """A case, and what the register must say of it: only what stands in `expected` is compared."""

    words: str
    case: Case
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Questions; with articles of their own, or None where the register in force is asked."""

    title: str
    articles: tuple[Article, ...] | None
    postings: tuple[Posted, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A question, what the register says, and how that differs from what it must say."""

    question: Question
    answer: Answer
    differences: tuple[str, ...]


def read(document: object, directory: Directory, tree: TopicTree, today: datetime) -> Sheet:
    """
    Return a sheet from what stands in its file (keys and values in Chinese, as the documentation shows).

    :raises Unreadable: with the place and what is expected there
    """
    if not isinstance(document, Mapping) or not document.get("问题"):
        raise Unreadable("文件里没有“问题”：请按说明写“问题：”，下面逐条列出。")
    reader = _Reader(directory, tree, today)
    own = document.get("清单")
    return Sheet(
        str(document.get("名称", "")),
        None if own is None else tuple(reader.article(number, row) for number, row in _rows(own, "清单")),
        tuple(reader.posting(number, row) for number, row in _rows(document.get("派驻", ()), "派驻")),
        tuple(reader.question(number, row) for number, row in _rows(document["问题"], "问题")),
    )


def answered(sheet: Sheet, articles: Iterable[Article], ground: Ground) -> list[Result]:
    """Ask a register every question of a sheet."""
    articles = tuple(articles) if sheet.articles is None else sheet.articles
    world = replace(ground, postings=(*(() if sheet.articles else ground.postings), *sheet.postings))
    index = Index(articles)
    return [_result(question, articles, index, world) for question in sheet.questions]


def _result(question: Question, articles: tuple[Article, ...], index: Index, ground: Ground) -> Result:
    case = question.case
    answer = answerable(index, case, ground.topics[case.topic].powers)
    kinds = [KINDS[finding.kind] for finding in of_case(articles, ground, case)]
    said: dict[str, object] = {
        "主责": {Outcome.SILENT: NOBODY, Outcome.CONTESTED: SEVERAL}.get(answer.outcome, answer.body),
        "条款": answer.article.number if answer.article else "",
        "协助": sorted(article.body for article in answer.assisting),
        "毛病": sorted(set(kinds)),
    }
    differences = (
        f"{name}应当是{_shown(wanted, ground)}，清单说的是{_shown(said[name], ground)}"
        for name, wanted in question.expected.items()
        if wanted != said[name]
    )
    return Result(question, answer, tuple(differences))


def _shown(value: object, ground: Ground) -> str:
    if isinstance(value, list):
        return "、".join(_shown(one, ground) for one in value) or "没有"
    name = str(value)
    return ground.bodies[name].short if name in ground.bodies else name or "没有"


def _rows(written: object, under: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(written, list | tuple):
        raise Unreadable(f"“{under}”下面应当逐条列出，每条以“- ”开头。")
    for number, row in enumerate(written, start=1):
        if not isinstance(row, Mapping):
            raise Unreadable(f"“{under}”第 {number} 条应当写成“名称: 内容”。")
        yield f"“{under}”第 {number} 条", row


class _Reader:
    def __init__(self, directory: Directory, tree: TopicTree, today: datetime):
        self._directory, self._today = directory, today
        self._topics = {topic.name: code for code, topic in tree.topics.items()} | {code: code for code in tree.topics}

    def article(self, where: str, row: Mapping[str, Any]) -> Article:
        duty = self._codes(where, row.get("责任"), Duty)
        scope = Scope(*self._spot(where, row), self._period(where, row))
        return Article(
            str(row.get("编号") or where), self._body(where, row.get("单位")), duty[0] if duty else None, scope,
            str(row.get("依据", "")), frozenset(self._codes(where, row.get("权力"), Power)),
            frozenset(self._codes(where, row.get("保障"), Benefit)),
            list=(self._codes(where, row.get("清单"), List) or [List.DEPARTMENT])[0],
        )  # fmt: skip

    def posting(self, where: str, row: Mapping[str, Any]) -> Posted:
        powers = frozenset(self._codes(where, row.get("权力"), Power))
        return Posted(self._body(where, row.get("单位")), self._place(where, row), powers, self._period(where, row))

    def question(self, where: str, row: Mapping[str, Any]) -> Question:
        expected = row.get("应当")
        if not isinstance(expected, Mapping) or not expected:
            raise Unreadable(f"{where}没有写“应当”：请写主责、条款、协助或毛病中的一项。")
        topic, place, setting = self._spot(where, row)
        at = self._moment(where, row.get("时间")) or self._today
        return Question(str(row.get("问", where)), Case(topic, place, setting, at), self._expected(where, expected))

    def _expected(self, where: str, written: Mapping[str, Any]) -> dict[str, Any]:
        found = dict[str, Any]()
        for name, value in written.items():
            if name == "主责":
                found[name] = value if value in (NOBODY, SEVERAL) else self._body(where, value)
            elif name == "条款":
                found[name] = str(value)
            elif name == "协助":
                found[name] = sorted(self._body(where, one) for one in _several(value))
            elif name == "毛病":
                found[name] = sorted(self._fault(where, one) for one in _several(value))
            else:
                raise Unreadable(f"{where}的“应当”里不认识“{name}”：可以写主责、条款、协助、毛病。")
        return found

    def _fault(self, where: str, name: str) -> str:
        if name not in KINDS.values():
            raise Unreadable(f"{where}的毛病“{name}”不认识：可以写{'、'.join(KINDS.values())}。")
        return name

    def _spot(self, where: str, row: Mapping[str, Any]) -> tuple[str, str, str]:
        topic = self._topics.get(str(row.get("事项", "")))
        if topic is None:
            raise Unreadable(f"{where}的事项“{row.get('事项', '')}”不在事项目录里：请写名称或编码。")
        return topic, self._place(where, row), self._setting(where, row)

    def _place(self, where: str, row: Mapping[str, Any]) -> str:
        written = str(row.get("地区", ""))
        if written in self._directory.places:
            return written
        found = self._directory.place_named(written)
        if found is None:
            raise Unreadable(f"{where}的地区“{written}”不在名录里，或者同名的不止一处：请写全称或编码。")
        return found.code

    def _setting(self, where: str, row: Mapping[str, Any]) -> str:
        written = str(row.get("场所") or "")
        names = {
            code: name for code, name in SETTINGS.items() if written in (code, name) or written in name.split("、")
        }
        if written and len(names) != 1:
            raise Unreadable(f"{where}的场所“{written}”不认识：可以写{'、'.join(SETTINGS.values())}。")
        return next(iter(names)) if written else ""

    def _body(self, where: str, name: object) -> str:
        try:
            return self._directory.organisation(str(name)).code
        except Unknown as error:
            raise Unreadable(f"{where}的单位“{name}”不在名录里。") from error

    def _codes(self, where: str, written: object, codes: type[Code]) -> list[Code]:
        known = CHINESE | {name: power.value for power, name in POWERS.items()}
        try:
            return [codes(known.get(one, one)) for one in _several(written)]
        except ValueError as error:
            raise Unreadable(f"{where}里的“{written}”不认识。") from error

    def _period(self, where: str, row: Mapping[str, Any]) -> Period:
        begins = self._moment(where, row.get("从")) or datetime(2000, 1, 1, tzinfo=BEIJING)
        try:
            return Period(begins, self._moment(where, row.get("到")))
        except ValueError as error:
            raise Unreadable(f"{where}的“到”在“从”的前面。") from error

    def _moment(self, where: str, written: object) -> datetime | None:
        if written in (None, ""):
            return None
        try:
            day = written if isinstance(written, date) else date.fromisoformat(str(written))
        except ValueError as error:
            raise Unreadable(f"{where}的日期“{written}”认不出：请写成 2026-05-01。") from error
        return datetime.combine(day, time(), BEIJING)


def _several(written: object) -> list[str]:
    if written in (None, "", "没有"):
        return []
    parts = written if isinstance(written, list) else str(written).replace("，", "、").split("、")
    return [str(part).strip() for part in parts if str(part).strip()]
