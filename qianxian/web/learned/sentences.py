"""What a history lacks or shows, in one sentence of each language."""

from qianxian.collection.rules.columns import UnknownField
from qianxian.collection.rules.history import Meaning, NoTopics, NoUnits
from qianxian.mandates.rules.learning.records import RowFault
from qianxian.mandates.rules.learning.units import Unusable, Why
from qianxian.web.imports import sentences as imports
from qianxian.web.imports.sentences import Pair, here

__all__ = ["Pair", "Refusal", "fault", "here", "refusal"]

Refusal = (*imports.Refusal, NoUnits, NoTopics)
FAULTS: dict[tuple[str, str], Pair] = {
    ("unit", Unusable.BLANK): ("没有写承办单位", "no unit is named"),
    ("unit", Unusable.SEVERAL): (
        "一格写了几个单位：“{value}”，分不清由谁主办",
        "“{value}” names several units: who leads cannot be told",
    ),
    ("unit", Unusable.PERSON): (
        "“{value}”像是人名，不是单位",
        "“{value}” looks like a person's name, not a unit",
    ),
    ("unit", Unusable.TRIAL): ("“{value}”是测试单位", "“{value}” is a unit made for trials"),
    ("unit", Unusable.TOO_LONG): ("“{value}”太长，不像单位名称", "“{value}” is too long for the name of a unit"),
    ("topic", "empty"): ("没有写事项", "no topic is named"),
    ("time", "empty"): ("没有写时间，排不出先后", "no time is given, so its turn is unknown"),
    ("time", "not_a_time"): ("“{value}”不是能认出的时间", "“{value}” is no time that can be read"),
}
REASONS: dict[Why, Pair] = {
    Why.WRITING: ("只差全角半角、空格或括号", "only width, blanks or brackets differ"),
    Why.HOST_TWICE: ("名称里已有街道，括号里又写一遍", "the street is in the name already and once more in brackets"),
    Why.HOST_MOVED: ("街道一处写在前面、一处写在括号里", "the street stands before the name here, in brackets there"),
    Why.HOST_WORDED: ("同一街道的不同写法（街道、办事处、街道办）", "the same street, worded in another way"),
    Why.ONLY_HOST: ("这个社区只属于这一个街道", "this community is only ever named with this street"),
    Why.DISTRICT: ("只差前面的区名", "only the district in front differs"),
    Why.SUFFIX: ("办公室与办、有限公司与公司", "a usual shortening of the ending"),
    Why.SECTION: ("是该单位的内设科室", "it is an inner section of the unit"),
}
ANY_FAULT: Pair = ("“{value}”用不了", "“{value}” cannot be used")


def fault(found: RowFault) -> Pair:
    """Return why nothing is learned from a row."""
    pair = FAULTS.get((found.column, found.code), ANY_FAULT)
    return pair[0].format(value=found.value), pair[1].format(value=found.value)


def refusal(error: Exception) -> Pair:
    """Return why a file cannot be learned from; an error without a sentence is raised again."""
    match error:
        case NoUnits():
            return _with_headers(
                error.headers,
                "找不到写承办单位的列，请指明是哪一列（命令行用 --map 列名=unit）。文件里有：{headers}。",
                "No column names the unit: say which one does (--map COLUMN=unit). There are: {headers}.",
            )
        case NoTopics():
            return _with_headers(
                error.headers,
                "找不到写事项分类的列，请指明是哪一列（命令行用 --map 列名=topic）。文件里有：{headers}。",
                "No column names the topic: say which one does (--map COLUMN=topic). There are: {headers}.",
            )
        case UnknownField():
            fields = "、".join(Meaning)
            return (
                f"没有“{error.field}”这个字段；可以用：{fields}。",
                f"There is no field “{error.field}”; there are: {fields}.",
            )
    return imports.refusal(error)


def _with_headers(headers: tuple[str, ...], zh: str, en: str) -> Pair:
    named = "、".join(headers[:30])
    return zh.format(headers=named), en.format(headers=named)
