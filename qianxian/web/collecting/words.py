"""What is said of a workbook that makes no form and of an answer that does not fit, each in one sentence."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qianxian.collection.forms import actions
from qianxian.collection.forms.rules.filling import Wrong
from qianxian.collection.forms.rules.holding import UnknownBinding
from qianxian.standard.faults import wordings
from qianxian.web.records import words as records

Words = str | Promise

REASONS: dict[str, Words] = {
    "wrong_kind": gettext_lazy("只收 XLSForm 表单文件：.xlsx、.xls、.csv 或 .md"),
    "broken": gettext_lazy("文件损坏，打不开，请重新保存后再传"),
    "encrypted": gettext_lazy("文件有密码，请去掉密码后再传"),
    "too_large": gettext_lazy("文件展开后太大，请删掉与表单无关的工作表"),
    "unreadable": gettext_lazy("读不出表单，请对照 XLSForm 的样子检查"),
    "no_survey": gettext_lazy("没有名为 survey 的工作表，或它的第一行不是列名"),
    "no_header": gettext_lazy("缺少必需的列名，第一行应当有 type、name、label"),
    "two_headers": gettext_lazy("有两列是同一个意思，请只留一列"),
    "no_questions": gettext_lazy("没有一个要人填的问题"),
    "unknown_type": gettext_lazy("不认识这种题型"),
    "type": gettext_lazy("不支持这种类型"),
    "include": gettext_lazy("不支持 include（引用另一张表），请把那些问题直接写进来"),
    "no_label": gettext_lazy("问题没有写题目"),
    "no_type": gettext_lazy("问题没有写题型"),
    "no_name": gettext_lazy("问题没有写变量名"),
    "no_list": gettext_lazy("选项表 choices 里没有这组选项"),
    "choices": gettext_lazy("选项表 choices 有误"),
    "end_without_begin": gettext_lazy("多了一个 end，前面没有对应的 begin"),
    "begin_without_end": gettext_lazy("少了一个 end，这一组没有收尾"),
    "no_question": gettext_lazy("引用了不存在的问题"),
    "twice": gettext_lazy("名称重复"),
    "bad_name": gettext_lazy("变量名只能用字母、数字、下划线，并以字母开头"),
    "parameters": gettext_lazy("参数 parameters 有误"),
    "not_the_standard": gettext_lazy("不符合 XLSForm 标准"),
    "syntax": gettext_lazy("表达式写错了"),
    "unknown_function": gettext_lazy("表达式用了网页填报不支持的函数"),
    "arguments": gettext_lazy("函数的参数个数不对"),
    "file": gettext_lazy("选项来自外部文件；只支持 records.csv（本辖区的档案名单），其他选项请写进 choices 表"),
    "too_deep": gettext_lazy("表达式套得太深"),
}


def refusal(error: Any) -> str:
    """Return why a workbook makes no form, and where: sheet, row, column."""
    place = error.place
    where = [
        _("“%(sheet)s”表") % {"sheet": place.sheet} if place.sheet else "",
        _("第 %(row)s 行") % {"row": place.row} if place.row else "",
        _("“%(column)s”列") % {"column": place.column} if place.column else "",
    ]
    at = "".join(where) if in_chinese() else ", ".join(filter(None, where))
    reason = str(REASONS.get(error.code, REASONS["not_the_standard"]))
    said = (_("%(reason)s（%(part)s）") % {"reason": reason, "part": error.part}) if error.part else reason
    if at:
        return _("%(where)s：%(reason)s。") % {"where": at, "reason": said}
    return _("%(reason)s。") % {"reason": said}


WRONG: dict[str, Words] = {
    "required": gettext_lazy("这一项要填。"),
    "constraint": gettext_lazy("填的内容不在允许的范围内。"),
    "not_int": gettext_lazy("请填整数。"),
    "not_decimal": gettext_lazy("请填数字。"),
    "not_date": gettext_lazy("请填日期，例如 2026-03-02。"),
    "not_time": gettext_lazy("请填时间，例如 09:30。"),
    "not_dateTime": gettext_lazy("请填日期和时间。"),
    "not_geopoint": gettext_lazy("请填“纬度 经度”，例如 30.5 114.3。"),
    "not_offered": gettext_lazy("请从列出的选项里选。"),
}


def wrong(one: Wrong) -> str:
    """Return what is wrong with an answer: the form's own words where it has any."""
    if one.code in WRONG:
        return one.said or str(WRONG[one.code])
    wording = wordings().get(one.code)
    if wording is None:
        return str(WRONG["constraint"])
    name = records.name_of(one.said)
    return wording.said(name) if in_chinese() else wording.said_in_english(name)


Refusal = (actions.OfAnotherUnit, actions.OtherEntity, actions.NothingToSettle, UnknownBinding)


def sentence(error: Exception) -> str:
    """Return the sentence for a refused deed."""
    match error:
        case actions.OfAnotherUnit():
            return _("已有别的单位用了这个表单编号，请在 settings 表的 form_id 里换一个。")
        case actions.OtherEntity(entities=entities):
            names = "、".join(records.group_name(one) for one in entities)
            return _("一张表只能写一种档案，这张表同时对应了：%(names)s。请分成几张表。") % {"names": names}
        case UnknownBinding(path=path, element=element):
            return _("问题 %(path)s 对应的数据元 %(element)s 不在数据标准里，或者没有启用。") % {
                "path": path.rpartition("/")[2], "element": element,
            }  # fmt: skip
    return _("这份填报已经有人处理过了。")


def in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def language_of(languages: list[str]) -> str:
    """Return which language of a form the reader reads: that of the page, else the first."""
    marks = ("zh", "chinese", "中文", "汉") if in_chinese() else ("en", "english")
    found = (one for one in languages if any(mark in one.lower() for mark in marks))
    return next(found, languages[0] if languages else "default")
