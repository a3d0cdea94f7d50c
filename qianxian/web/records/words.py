"""The words of the register: fields of work, purposes, ties, steps of a comparison, refusals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qianxian.register import queries as registered
from qianxian.register.actions import linking, privacy, records
from qianxian.register.rules.records import ENTITY_OF
from qianxian.standard import code_tables as tables
from qianxian.standard import elements as standard
from qianxian.standard.elements import Element, Type

Words = str | Promise


@dataclass(frozen=True)
class Work:
    """One field of work: the lists that it has, each a block of the standard."""

    label: Words
    groups: tuple[str, ...]


WORKS: dict[str, Work] = {
    "population": Work(_("人口"), ("person", "resident", "mobile", "foreigner", "left_behind")),
    "service": Work(_("服务"), ("elder", "disabled", "child", "employment", "veteran", "volunteer")),
    "civil": Work(_("民政"), ("relief", "civil")),
    "party": Work(_("党务"), ("party_member", "party_branch")),
    "place": Work(_("房屋"), ("household", "home", "building", "rental")),
    "organisation": Work(_("单位"), ("organisation",)),
}
WORK_OF = {group: work for work, one in WORKS.items() for group in one.groups}
PURPOSES: dict[str, Words] = {
    "service": _("上门服务、联系本人"),
    "matter": _("办理居民诉求"),
    "benefit": _("办理救助、补贴、待遇"),
    "verify": _("核对信息是否准确"),
    "party": _("党员教育管理"),
    "rescue": _("抢险救援"),
}
TIES: dict[str, Words] = {
    "member": _("家庭成员"),
    "home": _("住在"),
    "building": _("所在楼栋"),
    "branch": _("所在党组织"),
    "works": _("工作单位"),
}
KINDS: dict[str, Words] = {"benefit": _("补贴、救助金"), "service": _("服务")}
STEPS: dict[str, Words] = {
    "same": _("完全相同"), "same_sound": _("同音"), "same_letters": _("字母相同、次序不同"), "within_1": _("差一个字符"),
    "within_2": _("差两个字符"), "third": _("大体相同"), "half": _("部分相同"), "fifth": _("几乎相同"),
    "third_same_numbers": _("号码相同、路名相近"), "exchanged": _("姓名倒置"), "same_given": _("名相同"),
    "same_day": _("月日相同"), "same_year": _("年份相同"), "same_tail": _("后四位相同"), "same_core": _("字号相同"),
    "different": _("不同"),
}  # fmt: skip
COMPARED: dict[str, Words] = {
    "person_name": _("姓名"), "birth_date": _("出生日期"), "citizen_number": _("公民身份号码"), "phone": _("电话"),
    "address": _("地址"), "sex": _("性别"), "email": _("邮箱"), "body_name": _("单位名称"),
    "credit_code": _("信用代码"), "legal_person": _("法定代表人"),
}  # fmt: skip


def in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def group_name(group: str) -> str:
    """Return the name of a block of the standard in the reader's language."""
    found = standard.entities()[group]
    return found.name if in_chinese() else found.english.capitalize()


def name_of(element: str) -> str:
    """Return the name of an element in the reader's language."""
    found = standard.elements().get(element)
    if found is None:
        return element
    return found.name if in_chinese() else found.english.capitalize()


def authority_name(code: str) -> str:
    found = standard.authorities().get(code)
    if found is None:
        return ""
    return found.name if in_chinese() else found.english


def shown(element: str, value: str) -> str:
    """Return a value as people read it: the name of a code, else what is kept."""
    declared = standard.elements().get(element)
    if declared is not None and declared.type is Type.PLACE:
        place = registered.directory().places.get(value)
        return place.name if place else value
    if declared is None or declared.type is not Type.CODE or not declared.table:
        return value
    entry = tables.code_table(declared.table).entries.get(value)
    return entry.name if entry else value


def choices_of(element: Element, on: Any) -> list[tuple[str, str]]:
    """Return the codes that hold on a day with their names; none where the table is still to be loaded."""
    if element.type is not Type.CODE or not element.table:
        return []
    return [(entry.code, entry.name) for entry in tables.code_table(element.table).in_force(on)]


def relation(role: str) -> str:
    entry = tables.code_table("family").entries.get(role)
    return entry.name if entry else ""


def work_of(entity: str) -> str:
    return WORK_OF.get(entity, WORK_OF.get(ENTITY_OF.get(entity, ""), "population"))


REFUSALS: dict[type[Exception], Words] = {
    privacy.NoPurpose: _("请先说明用来做什么，再查看。"),
    privacy.NoReply: _("请写明理由，几个字就行。"),
    privacy.NobodyAnswers: _("这一项还没有登记由哪个单位负责，请联系数据管理员。"),
    privacy.AlreadyAnswered: _("这件申请已经答复过了。"),
    privacy.SecondPerson: _("导出要由另一个人同意，不能自己批自己的。"),
    privacy.NotAllowed: _("这次导出没有被同意，或者已经下载过一次。"),
    linking.NotWaiting: _("这一对已经有人处理过了。"),
    linking.NothingToUndo: _("这一步不能撤销：之后又有新的归并。"),
    records.AlreadyUndone: _("这批数据已经撤销过了。"),
}
Refusal = tuple(REFUSALS)


def sentence(refusal: Exception) -> str:
    """Return the sentence for a refusal."""
    return str(next(words for kind, words in REFUSALS.items() if isinstance(refusal, kind)))


Say = Callable[[str], str]
