"""The words under which kinds, stages, opinions and findings appear."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianxian.errands.rules.life import Kind, Opinion, Stage
from qianxian.errands.rules.meetings import State
from qianxian.register.rules import Directory

Words = str | Promise

KINDS: dict[str, Words] = {
    Kind.TASK: gettext_lazy("工作事项"),
    Kind.LEDGER: gettext_lazy("台账报表"),
    Kind.MEETING: gettext_lazy("会议"),
    Kind.INSPECTION: gettext_lazy("检查考核"),
}
FREQUENCIES: dict[str, Words] = {
    "once": gettext_lazy("一次"),
    "yearly": gettext_lazy("每年一次"),
    "quarterly": gettext_lazy("每季一次"),
    "monthly": gettext_lazy("每月一次"),
    "weekly": gettext_lazy("每周一次"),
    "daily": gettext_lazy("每天"),
}
ROLES: dict[str, Words] = {
    "assist": gettext_lazy("协助"),
    "inform": gettext_lazy("知悉、告知居民"),
    "lead": gettext_lazy("主责办理"),
}
LISTS: dict[str, Words] = {
    "community_assist": gettext_lazy("社区协助事项"),
    "self_government": gettext_lazy("社区自治事项"),
    "assisting": gettext_lazy("街道配合事项"),
    "basic": gettext_lazy("街道基本事项"),
    "department": gettext_lazy("部门权责事项"),
}
STAGES: dict[int, Words] = {
    Stage.DRAFT: gettext_lazy("草稿"),
    Stage.FILED: gettext_lazy("社区表态中"),
    Stage.HEARD: gettext_lazy("会审中"),
    Stage.ADMITTED: gettext_lazy("已准入"),
    Stage.REFUSED: gettext_lazy("未准入"),
    Stage.WITHDRAWN: gettext_lazy("已撤回"),
    Stage.ENDED: gettext_lazy("已退出"),
}
MARKS: dict[int, str] = {
    Stage.DRAFT: "calm",
    Stage.FILED: "info",
    Stage.HEARD: "soon",
    Stage.ADMITTED: "good",
    Stage.REFUSED: "over",
    Stage.WITHDRAWN: "calm",
    Stage.ENDED: "calm",
}
OPINIONS: dict[str, Words] = {
    Opinion.AGREE: gettext_lazy("同意"),
    Opinion.CONDITIONS: gettext_lazy("有条件同意"),
    Opinion.OPPOSE: gettext_lazy("不同意"),
    Opinion.SILENT: gettext_lazy("满期未表态"),
}
OPINION_MARKS = {"agree": "good", "conditions": "soon", "oppose": "over", "silent": "calm", "": "info"}
ATTENDEES: dict[str, Words] = {
    "secretary": gettext_lazy("书记"),
    "director": gettext_lazy("主任"),
    "deputy": gettext_lazy("副职"),
    "worker": gettext_lazy("条线工作者"),
    "grid": gettext_lazy("网格员"),
}
STATES: dict[int, Words] = {
    State.PLANNED: gettext_lazy("待召开"),
    State.HELD: gettext_lazy("已开"),
    State.CANCELLED: gettext_lazy("已取消"),
    State.MERGED: gettext_lazy("已并会"),
}
WAYS: dict[str, Words] = {
    "platform": gettext_lazy("平台交办"),
    "chat": gettext_lazy("微信群"),
    "phone": gettext_lazy("电话"),
    "paper": gettext_lazy("文件、表格"),
    "meeting": gettext_lazy("会上布置"),
    "other": gettext_lazy("其他"),
}
CHECKS: dict[str, Words] = {
    "lists": gettext_lazy("清单"),
    "basis": gettext_lazy("依据"),
    "handler": gettext_lazy("主责"),
    "fields": gettext_lazy("数据"),
    "means": gettext_lazy("费随事转"),
    "overlap": gettext_lazy("重复"),
    "hours": gettext_lazy("社区工时"),
    "ceiling": gettext_lazy("上限"),
    "notice": gettext_lazy("提前量"),
    "sunset": gettext_lazy("退出日期"),
    "assessment": gettext_lazy("考核"),
}
WEIGHTS: dict[str, tuple[Words, str, str]] = {
    "clear": (gettext_lazy("通过"), "good", "done"),
    "weigh": (gettext_lazy("会审掂量"), "soon", "scale"),
    "block": (gettext_lazy("不能通过"), "over", "close"),
}
FINDINGS: dict[str, Callable[[], str]] = {
    "no_topic": lambda: _("没有选事项，系统比对不了清单，请会审时核对。"),
    "comes_only": lambda: _("只是到会或陪同，工作仍由申请单位办。"),
    "negative": lambda: _("在社区负面清单上，不得交给社区。"),
    "taken_back": lambda: _("已由{body}收回办理，不得再交给社区。"),
    "listed": lambda: _("在社区协助清单上。"),
    "unlisted": lambda: _("社区协助清单里没有这一项，准入等于新增，请会审时从严掌握。"),
    "no_basis": lambda: _("没有写出法律法规或公开文件，“领导要求”“工作需要”不是依据。请写明《法规名称》第几条。"),
    "repealed": lambda: _("《{law}》到 {until} 为止，开始那天已经失效。{note}"),
    "unknown_law": lambda: _("法规库里没有《{law}》，请会审时核对是否有效。"),
    "by_number": lambda: _("依据只有文号，请会审时核对原文。"),
    "in_force": lambda: _("《{law}》现行有效。"),
    "leads": lambda: _("社区只协助、不主责。请改为协助，主责留在本单位。"),
    "assists": lambda: _("社区为协助或知悉，主责在申请单位。"),
    "held": lambda: _("“{field}”由{holder}掌握，请走数据共享，不得再向社区要。"),
    "held_here": lambda: _("“{field}”社区登记时已经有了，由部门在平台上自取，不用社区再报。"),
    "not_held": lambda: _("“{field}”现在没有单位掌握。"),
    "field_unknown": lambda: _("“{field}”不在数据标准里，请会审时核对由谁掌握。"),
    "no_fields": lambda: _("不要社区填数据。"),
    "no_means": lambda: _("没有随事划转经费，也没有派人。请至少补上一样。"),
    "little_money": lambda: _("折合每小时 {hourly} 元，低于 {least} 元，又没有派人。"),
    "no_training": lambda: _("没有安排培训。"),
    "means": lambda: _("经费 {funds} 元、人员 {people} 名随事到位。"),
    "runs_already": lambda: _("本单位的“{title}”正在运行，到 {until} 为止，不能重复交办；续期请从那一件点“续期”。"),
    "runs_alike": lambda: _("与正在运行的“{title}”（到 {until}）相近，请会审时考虑合并。"),
    "hours": lambda: _("每月要 {asked} 小时，还有 {left} 小时可用（上限 {most} 小时）。"),
    "hours_over": lambda: _("每月要 {asked} 小时，只剩 {left} 小时（上限 {most} 小时），准入就要减别的。"),
    "ledgers": lambda: _("加上这一件共有 {asked} 本手工台账，上限 {most} 本。"),
    "attendance": lambda: _("每个社区到场 {asked} 人，上限 {most} 人。"),
    "meeting_minutes": lambda: _("开会 {asked} 分钟，上限 {most} 分钟。"),
    "report_minutes": lambda: _("主报告 {asked} 分钟，上限 {most} 分钟。"),
    "comprehensive": lambda: _("本单位今年第 {asked} 次综合性会议或检查，上限 {most} 次。"),
    "meetings": lambda: _("当月会议加上这一件共 {asked} 次，上限 {most} 次。"),
    "inspections": lambda: _("当月检查加上这一件共 {asked} 次，上限 {most} 次。"),
    "too_soon": lambda: _("要提前 {days} 个工作日申请，最早 {earliest} 之后开始，现在写的是 {start}。"),
    "in_time": lambda: _("提前了 {days} 个工作日以上。"),
    "no_end": lambda: _("没有退出日期。进来的每件事都要有走的那天，最晚 {last}。"),
    "ends_before": lambda: _("退出日期早于开始日期。"),
    "too_long": lambda: _("最长 {months} 个月，最晚 {last} 退出；还需要的到时重新申请。"),
    "sunset": lambda: _("到 {end} 自动退出。"),
    "own_assessment": lambda: _("申请单位想另设考核，会审时可以作为条件去掉。"),
}


def named(words: Mapping[Any, Words], code: Any) -> str:
    """Return the word for a code, the code itself where there is none."""
    return str(words.get(code, code))


def finding_line(finding: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    """Return a finding as a page draws it: check, sentence, weight, article, place."""
    words = dict(finding["words"])
    if words.get("body") in directory.organisations:
        words["body"] = directory.organisations[words["body"]].short
    say, (weight, kind, icon) = FINDINGS[finding["code"]], WEIGHTS[finding["weight"]]
    words = {name: f"{value:g}" if isinstance(value, float) else value for name, value in words.items()}
    place = directory.places.get(finding["place"])
    return {
        "check": named(CHECKS, finding["check"]), "sentence": say().format(**words), "weight": weight, "kind": kind,
        "icon": icon, "article": finding["article"], "place": place.name if place else "",
    }  # fmt: skip


def gathered(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines with those that say the same of several communities drawn as one."""
    kept: dict[tuple[str, ...], dict[str, Any]] = {}
    for line in lines:
        key = (str(line["check"]), line["sentence"], line["article"], line["kind"])
        if key in kept and line["place"]:
            kept[key]["place"] += _("、") + line["place"]
        else:
            kept.setdefault(key, dict(line))
    return list(kept.values())


def number_of(errand: Any) -> str:
    """Return the number under which a request is spoken of: year of its drafting and its own number."""
    return _("准入〔%(year)s〕%(number)s号") % {"year": errand.drafted_at.year, "number": errand.pk}
