"""What a column of a blank means: the element of the standard, how surely, and why; and where it is to come from."""

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from qianxian.register.rules.records import ENTITY_OF
from qianxian.standard import code_tables
from qianxian.standard import elements as standard
from qianxian.standard.elements import Type
from qianxian.standard.headers import by_header, plain

from .blanks import Blank, Heading, Option
from .definition import Way

SURE = 0.6
"""Below this a likeness is told and not used."""


class Status(StrEnum):
    """Where the values of a column are to come from."""

    HELD = "held"
    DERIVABLE = "derivable"
    ASKED_ELSEWHERE = "asked_elsewhere"
    NOT_HELD = "not_held"


@dataclass(frozen=True, slots=True)
class Coded:
    """One choice of a legend with the code of the standard that it stands for, '' for none."""

    sign: str
    meaning: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    What one column means.

    :param code: of `has`, the code that makes it 是; empty where any value does
    """

    heading: Heading
    way: Way
    element: str
    confidence: float
    status: Status
    reason: str
    legend: tuple[Coded, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Guess:
    way: Way
    element: str
    confidence: float
    reason: str
    code: str = ""


NOTHING = _Guess(Way.MANUAL, "", 0.0, "")


def meanings(blank: Blank, asked: Mapping[str, Sequence[str]] | None = None) -> tuple[Meaning, ...]:
    """
    Return what each column means.

    :param asked: by plain header, the titles of other ledgers in which people fill the same column by hand
    """
    guesses = [_guess(one) for one in blank.headings]
    about = _about(guesses)
    settled = [_among(guess, heading, about) for guess, heading in zip(guesses, blank.headings, strict=True)]
    return tuple(_meaning(guess, heading, asked or {}) for guess, heading in zip(settled, blank.headings, strict=True))


def _about(guesses: Sequence[_Guess]) -> str:
    """Return the entity that most of the sure columns speak of."""
    counts = Counter(
        ENTITY_OF.get(standard.elements()[one.element].entity, "")
        for one in guesses
        if one.element and one.confidence > 0.9
    )
    return counts.most_common(1)[0][0] if counts else "person"


NEAR = {
    "person": ("person", "resident", "home", "household", "building"),
    "home": ("home", "rental", "building"), "building": ("building", "home"),
    "household": ("household", "home", "building"), "organisation": ("organisation",),
}  # fmt: skip


def _among(guess: _Guess, heading: Heading, about: str) -> _Guess:
    """Return the element that fits what the sheet is about, where a header means several."""
    if guess.way is not Way.ELEMENT:
        return guess
    named = by_header().get(plain(heading.path[-1])) or by_header().get(plain("".join(heading.path))) or ()
    codes = [one.code for one in named]
    if len(codes) < 2 or guess.element not in codes:
        return guess
    ranks = NEAR.get(about, (about,))
    best = min(codes, key=lambda code: _rank(code, ranks, about))
    return _Guess(guess.way, best, guess.confidence - (0.05 if best != codes[0] else 0), _named(best, heading.path[-1]))


def _rank(code: str, ranks: Sequence[str], about: str) -> int:
    entity = standard.elements()[code].entity
    if entity in ranks:
        return ranks.index(entity)
    return len(ranks) if ENTITY_OF.get(entity) == about else len(ranks) + 1


def _guess(heading: Heading) -> _Guess:
    """Return what a column seems to mean by its headers alone."""
    if not heading.path:
        return NOTHING
    if heading.formula:
        return _Guess(Way.FORMULA, "", 0.99, f"表里有公式 {heading.formula}，照原样保留")
    last, whole, pair = heading.path[-1], "".join(heading.path), "".join(heading.path[-2:])
    for text in dict.fromkeys((whole, pair, last)):
        if text == last and text != whole and _of_another(heading.path):
            return _Guess(Way.MANUAL, "", 0.5, f"说的是“{heading.path[-2]}”，不是登记的本人")
        for read in (_special, _known, _trimmed, _yes_no, _like):
            found = read(text)
            if found.confidence >= SURE or (found.way is Way.MANUAL and found.reason):
                return found
    return _like(last)


ROLES = re.compile(
    r"配偶|父亲|母亲|父母|子女|监护|户主|联系人|法人|负责人|赡养|亲属|介绍人|帮扶|担保|家长|代办|经办|包保|网格员|家庭成员|房东|房主|业主|单位"
)


def _of_another(path: Sequence[str]) -> bool:
    """Tell whether an upper header names somebody else than the person of the row."""
    return any(ROLES.search(text) and not re.search(r"基本|信息$|本人", text) for text in path[:-1])


@cache
def _listed() -> Mapping[str, tuple[str, str, str]]:
    """Return what `ledgers/data/headers.csv` says: by plain header the way, the element, and the reason."""
    lines = files("qianxian.ledgers").joinpath("data/headers.csv").read_text("utf-8").splitlines()
    found: dict[str, tuple[str, str, str]] = {}
    for row in csv.DictReader(lines):
        for name in row["headers"].split("|"):
            found[plain(name)] = (row["way"], row["element"], row["reason"])
    return found


def _special(text: str) -> _Guess:
    held = _listed().get(plain(text)) or _listed().get(plain(_without_brackets(text)))
    if held is None:
        return NOTHING
    way, element, reason = Way(held[0]), held[1], held[2]
    return _Guess(way, element, 0.95 if way is not Way.MANUAL else 0.9, reason or _named(element, text))


def _known(text: str) -> _Guess:
    found = by_header().get(plain(text))
    if not found:
        return NOTHING
    first = found[0]
    sure = 0.99 if plain(first.name) == plain(text) else 0.95
    if first.code == "person.age":
        return _Guess(Way.AGE, first.code, 0.99, "由出生日期算出，到填报期末为止")
    return _Guess(Way.ELEMENT, first.code, sure, _named(first.code, text))


def _named(code: str, text: str) -> str:
    declared = standard.elements().get(code)
    if declared is None:
        return ""
    return (
        f"就是数据元“{declared.name}”"
        if plain(declared.name) == plain(text)
        else f"“{text}”是数据元“{declared.name}”的另一种叫法"
    )


BEFORE = re.compile(
    r"^(?:现|原|本人|居民|人员|目前|当前|最新|个人|老人|老年人|儿童|学生|党员|残疾人|住户|户籍人口|常用|主要|被访人?|服务对象|对象|申请人|享受人|受助人|失业人员|就业人员|就业|工作)"
)
AFTER = re.compile(r"(?:情况|信息|名称|栏|项|代码|（.*?）|\(.*?\)|元|岁|人|平方米|㎡)$")
MEANT_OTHERWISE = frozenset("原")


def _trimmed(text: str) -> _Guess:
    """Look for the header without what may stand before or after it: 现就业单位, 民族情况, 年龄（岁）."""
    for cut, said in _cuts(text):
        found = _special(cut)
        found = found if found.confidence else _known(cut)
        if found.confidence and len(plain(cut)) >= 2:
            return _Guess(
                found.way,
                found.element,
                round(found.confidence - 0.1, 2),
                f"去掉“{said}”后，{found.reason}",
                found.code,
            )
    return NOTHING


def _cuts(text: str) -> list[tuple[str, str]]:
    shorter = _without_brackets(text)
    found = [(shorter, text.replace(shorter, ""))] if shorter != text else []
    for begin in (shorter,):
        before = BEFORE.match(begin)
        if before and before[0] not in MEANT_OTHERWISE:
            found.append((begin[before.end() :], before[0]))
        after = AFTER.search(begin)
        if after:
            found.append((begin[: after.start()], after[0]))
    return [(cut, said) for cut, said in found if cut]


def _without_brackets(text: str) -> str:
    return re.sub(r"[(（\[【].*?[)）\]】]", "", text)


YES_NO = re.compile(r"^(?:是否属?于?|有无|是不是)(.{2,})$")


def _yes_no(text: str) -> _Guess:
    """是否低保 is answered by the code 最低生活保障; 是否残疾 by there being a certificate."""
    asked = YES_NO.match(_without_brackets(text))
    if asked is None:
        return NOTHING
    words = re.sub(r"(?:人员|对象|家庭|户|人|者)$", "", plain(asked[1]))
    for group, entity in _group_names().items():
        if words in (group, f"{group}人"):
            return _Guess(Way.HAS, f"{entity}.*", 0.85, f"登记了“{group}”的就是“是”")
    code = _code_names().get(words)
    if code is None:
        turned = "".join(sorted(words))
        code = next(
            (held for name, held in _code_names().items() if len(name) >= 4 and "".join(sorted(name)) == turned), None
        )
    if code is None:
        return NOTHING
    element, value = code
    return _Guess(Way.HAS, element, 0.85, f"“{standard.elements()[element].name}”登记为“{words}”的就是“是”", value)


@cache
def _group_names() -> Mapping[str, str]:
    found = {one.name: code for code, one in standard.entities().items() if ENTITY_OF.get(code) == "person"}
    shorter = {re.sub(r"(?:人员|对象|人口|人)$", "", name): code for name, code in found.items()}
    return {name: code for name, code in {**shorter, **found}.items() if len(name) >= 2}


@cache
def _code_names() -> Mapping[str, tuple[str, str]]:
    """Return for each name of a code that one element alone has: the element and the code."""
    found: dict[str, set[tuple[str, str]]] = {}
    for one in standard.elements().values():
        if one.type is Type.CODE and one.table and one.on and one.entity in ENTITY_OF:
            for entry in code_tables.code_table(one.table).entries.values():
                for name in (entry.name, *entry.also):
                    if len(name) >= 2:
                        found.setdefault(plain(name), set()).add((one.code, entry.code))
    return {name: next(iter(held)) for name, held in found.items() if len(held) == 1}


@cache
def _grams_of_names() -> tuple[tuple[str, str, frozenset[str]], ...]:
    return tuple(
        (name, held[0].code, _grams(name))
        for name, held in by_header().items()
        if not name.isascii() and len(name) >= 3
    )


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _like(text: str) -> _Guess:
    """Look for the name that has most pairs of characters in common."""
    bare = plain(_without_brackets(text))
    mine = _grams(bare)
    if len(mine) < 2:
        return NOTHING
    best, name, code = max(
        ((2 * len(mine & theirs) / (len(mine) + len(theirs)), name, code) for name, code, theirs in _grams_of_names()),
        default=(0.0, "", ""),
    )
    if best < 0.4 or _differs(bare, name) or (bare.endswith(name) and len(bare) - len(name) >= 2):
        return NOTHING
    confidence = round(min(0.8, best - 0.05), 2)
    return _Guess(Way.ELEMENT, code, confidence, f"与“{name}”相近")


TELLING = (
    "时间",
    "日期",
    "电话",
    "号码",
    "证号",
    "姓名",
    "地址",
    "类型",
    "类别",
    "等级",
    "人数",
    "金额",
    "情况",
    "单位",
    "意向",
    "原因",
    "状况",
    "次数",
)
SAME_ENDING = ({"时间", "日期"}, {"电话", "号码"}, {"类型", "类别"}, {"情况", "状况"})


def _differs(left: str, right: str) -> bool:
    """Tell whether two names end on different kinds of thing: 失业人员类型 is no 失业登记日期."""
    ends = [next((word for word in TELLING if text.endswith(word)), "") for text in (left, right)]
    if ends[0] == ends[1]:
        return False
    return not any(set(ends) <= same for same in SAME_ENDING)


def _meaning(guess: _Guess, heading: Heading, asked: Mapping[str, Sequence[str]]) -> Meaning:
    used = guess if guess.confidence >= SURE else NOTHING
    legend = _coded(heading.legend, used.element)
    if _is_foreign(legend, used):
        guess, used = _Guess(Way.MANUAL, "", 0.3, "列名像，但代码说明里的取值对不上"), NOTHING
    status, reason = _status(used, heading, asked)
    reason = "；".join(filter(None, (used.reason or _unsure(guess), reason)))
    confidence = used.confidence or (
        guess.confidence if guess.way is Way.MANUAL and guess.reason else 0.9 - guess.confidence
    )
    return Meaning(heading, used.way, used.element, round(confidence, 2), status, reason, legend, used.code)


def _is_foreign(legend: Sequence[Coded], guess: _Guess) -> bool:
    """Tell whether the choices of a legend are not those of the element that the header seems to mean."""
    declared = standard.elements().get(guess.element)
    if guess.way is not Way.ELEMENT or not legend or declared is None or not declared.table:
        return False
    loaded = bool(code_tables.code_table(declared.table).entries)
    return loaded and sum(bool(one.code) for one in legend) * 3 < len(legend)


def _unsure(guess: _Guess) -> str:
    if guess.way is Way.ELEMENT and guess.element:
        return f"有些像“{standard.elements()[guess.element].name}”，把握不够，不用"
    return guess.reason or "数据标准里没有这一项"


def _status(guess: _Guess, heading: Heading, asked: Mapping[str, Sequence[str]]) -> tuple[Status, str]:
    if guess.way in (Way.NUMBER, Way.AGE, Way.FORMULA, Way.PLACE, Way.PERIOD, Way.HAS):
        return Status.DERIVABLE, ""
    if guess.way is Way.ELEMENT:
        declared = standard.elements()[guess.element]
        if declared.on and declared.entity in ENTITY_OF:
            return Status.HELD, f"以{standard.authorities()[declared.authority].name}登记的为准"
        if not declared.on:
            return Status.NOT_HELD, "这一项高度敏感，默认停用，不采集"
    elsewhere = asked.get(plain(heading.path[-1])) or asked.get(plain("".join(heading.path))) if heading.path else None
    if elsewhere:
        return Status.ASKED_ELSEWHERE, f"《{elsewhere[0]}》已经在要，用那一份"
    return Status.NOT_HELD, "没有单位登记，要采集须先过准入"


def _coded(legend: Sequence[Option], element: str) -> tuple[Coded, ...]:
    """Return the choices of a legend with the codes of the element's table that they mean."""
    declared = standard.elements().get(element)
    if declared is None or not declared.table:
        return tuple(Coded(one.sign, one.meaning) for one in legend)
    entries = code_tables.code_table(declared.table).entries.values()
    names = {plain(name): entry.code for entry in entries for name in (entry.name, *entry.also)}
    return tuple(Coded(one.sign, one.meaning, _code_of(one.meaning, names)) for one in legend)


def _code_of(meaning: str, names: Mapping[str, str]) -> str:
    said = plain(meaning)
    if said in names:
        return names[said]
    inside = [name for name in names if len(name) >= 2 and (name in said or said in name)]
    return names[max(inside, key=len)] if inside else names.get(f"{said}族", "")
