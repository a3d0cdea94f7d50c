"""Codes of the domain in the words of an office."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qianxian.register.rules import Directory

Words = dict[str, str | Promise]

KINDS: Words = {
    "consult": _("咨询"), "help": _("求助"), "complaint": _("投诉"), "report": _("举报"),
    "suggestion": _("建议"), "praise": _("表扬"), "other": _("其他"),
}  # fmt: skip
CHANNELS: Words = {
    "web": _("网页"), "phone": _("电话"), "api": _("接口"), "file": _("热线转办"), "walk_in": _("窗口"),
    "worker": _("社区代报"),
}  # fmt: skip
GROUNDS: Words = {
    "article": _("按清单条款"), "silent": _("清单没有写到，由下沉干部或街道先接住"),
    "contested": _("清单有争议，由下沉干部或街道先接住"), "consultation": _("会商后派办"), "ruling": _("按裁定"),
    "follow_up": _("不满意再反映，交上一级"), "exit": _("依法不派单"),
    "liaison": _("职责在驻区上级单位，由联络单位承办并函商"),
}  # fmt: skip
RESULTS: Words = {
    "solved": _("已解决"), "partly": _("部分解决"), "explained": _("解释说明"), "refused": _("依法不予办理"),
}  # fmt: skip
SATISFACTIONS: Words = {
    "satisfied": _("满意"), "basically": _("基本满意"), "dissatisfied": _("不满意"), "unrated": _("未评价"),
}  # fmt: skip
ENDINGS: Words = {
    "exit": _("依法不派单"), "rated": _("已评价归档"), "unrated": _("未评价归档"), "terminated": _("批准终结"),
    "merged": _("并入同一诉求"),
}  # fmt: skip
CAUSES: Words = {"objection": _("职责异议"), "contested": _("职责有争议"), "silent": _("清单无条款")}
POWERS: Words = {
    "affairs": _("事权"), "funds": _("财权"), "decision": _("决策权"), "enforcement": _("执法权"), "entry": _("进入权"),
}  # fmt: skip
SETTINGS: Words = {
    "enterprise": _("企业内"), "construction": _("工地"), "compound": _("住宅小区"), "home": _("居民家中"),
    "road": _("市政道路"), "motorway": _("高速公路"), "alley": _("背街小巷"), "water": _("河湖水域"),
    "park": _("公园绿地"), "market": _("农贸市场"), "school": _("校园"), "hospital": _("医院"), "station": _("车站"),
    "farmland": _("农田"), "underground": _("地下空间"), "online": _("网络"), "railway": _("铁路沿线"),
    "parking": _("停车场"),
}  # fmt: skip
SIDES: Words = {
    "topic": _("事项更具体"),
    "place": _("地点更具体"),
    "setting": _("场所更具体"),
    "period": _("时间更具体"),
}
STAGES: dict[int, str | Promise] = {
    10: _("已收到"), 20: _("已派定"), 30: _("已裁定"), 40: _("已办结"), 50: _("已评价"), 60: _("已归档"),
}  # fmt: skip
THREADS: Words = {
    "own": _("本单位承办"), "posting": _("我本人负责"), "help": _("请我们配合"), "whistle": _("吹哨报到"),
    "supervision": _("督办待复"), "extension": _("延期待审"), "objection": _("异议待裁"), "unsettled": _("归属待定"),
    "plea": _("申请待审"), "above": _("请我们协调"), "awaited": _("等上级答复"),
}  # fmt: skip
WHISTLES: Words = {"demand": _("群众诉求"), "joint": _("联合执法"), "crisis": _("应急处置")}
PURPOSES: Words = {
    "contact": _("联系诉求人"), "visit": _("上门走访"), "verify": _("核实情况"), "deliver": _("送达答复"),
    "rescue": _("紧急救助"),
}  # fmt: skip
TERMINATION: Words = {
    "no_cooperation": _("诉求人多次不配合"), "concluded_lawfully": _("已依法作出结论"),
    "withdrawn": _("诉求人撤回"), "impossible": _("客观上无法办理"),
}  # fmt: skip
REMOVAL: Words = {
    "outside_law": _("要求超出法律政策"), "malicious": _("恶意反映"), "withdrawn": _("诉求人撤回"),
    "force_majeure": _("不可抗力"), "historic": _("历史遗留，按计划办理"), "wrong_dispatch": _("派错单位"),
}  # fmt: skip
SUPERVISIONS: Words = {
    "refused": _("职责内推诿不办"), "late": _("逾期未办"), "unsolved": _("应解决未解决"),
    "bad_effect": _("造成不良影响"),
}  # fmt: skip
PAUSES: Words = {
    "material": _("等待诉求人补充材料"), "appraisal": _("鉴定、检验、检测、检疫"), "hearing": _("依法公示、听证"),
    "expert": _("专家评审"), "force_majeure": _("不可抗力"), "joint_survey": _("联合勘查"),
    "litigation": _("有关问题正在诉讼、仲裁或行政复议"),
}  # fmt: skip
WAYS: Words = {"upward": _("请求上级协调"), "call": _("乡呼县应"), "liaison": _("驻区上级单位协调联动")}
LIMIT_UNITS: Words = {
    "clock_hour": _("小时"), "working_hour": _("个工作小时"), "working_day": _("个工作日"), "calendar_day": _("日"),
}  # fmt: skip
PLEAS: Words = {"terminate": _("申请终结"), "remove": _("申请剔除")}
VERBS: Words = {
    "receive": _("收到诉求"), "sign": _("签收"), "contact": _("联系诉求人"), "ask_help": _("请求配合"),
    "answer_help": _("反馈配合结果"), "ask_above": _("请求上级协调"), "answer_above": _("答复协调请求"), "whistle": _("吹哨"), "arrive": _("报到"), "report_work": _("报告现场处置"),
    "rate_arrival": _("评价报到"), "close_whistle": _("收哨"), "pause": _("暂停计时"), "resume": _("恢复计时"),
    "ask_extension": _("申请延期"), "grant_extension": _("同意延期"), "refuse_extension": _("不同意延期"),
    "object": _("提出职责异议"), "adjudicate": _("裁定归属"), "consult": _("会商"), "dispatch": _("派办"),
    "resolve": _("办结"), "rate": _("诉求人评价"), "close": _("归档"), "supervise": _("督办"),
    "answer_supervision": _("答复督办"), "plead": _("提出申请"), "terminate": _("批准终结"),
    "refuse_to_terminate": _("不同意终结"), "remove": _("批准剔除"), "refuse_to_remove": _("不同意剔除"),
    "merge": _("并入同一诉求"), "call_back": _("回访"), "attach": _("添加材料"), "alarm": _("到点提醒"),
    "part": _("拆成几件"),
    "move_deadline": _("按放假通知重算时限"), "read_requester": _("查看诉求人信息"),
}  # fmt: skip


def named(words: Words, code: object) -> str:
    """Return the words for a code, the code itself where there are none."""
    return str(words.get(str(code), code))


def unit(code: str, directory: Directory) -> str:
    """Return the short name of a unit."""
    body = directory.organisations.get(code)
    return body.short if body else code


def why(answer: dict[str, Any]) -> list[str]:
    """Return in sentences why the prevailing article prevailed over each that gave way."""
    return [
        gettext("与 %(other)s 相比，本条%(sides)s，故适用本条。")
        % {"other": beaten["number"], "sides": joined(named(SIDES, side) for side in beaten["narrower_in"])}
        for beaten in answer.get("beaten", ())
        if beaten["narrower_in"]
    ]


def joined(parts: Iterable[str]) -> str:
    return gettext("、").join(parts)


def until(due: datetime) -> str:
    """Return a due moment as people say it: the midnight that ends a day is 24:00 of that day."""
    moment = localtime(due)
    ends = moment - timedelta(days=1) if moment.time() == time() else moment
    return f"{ends:%Y-%m-%d} 24:00" if ends is not moment else f"{moment:%Y-%m-%d %H:%M}"
