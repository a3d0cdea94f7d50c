"""The words under which units, topics, places and states appear on these pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qianxian.mandates import queries as mandates
from qianxian.matters.queries.behind import State
from qianxian.matters.queries.rates import By, Part
from qianxian.matters.rules.rates import Measure
from qianxian.register import queries as register
from qianxian.web.desk import wording

Words = str | Promise

CAUSES: dict[str, Words] = {"objection": _("职责异议"), "contested": _("职责有争议"), "silent": _("清单无条款")}
MEASURES: dict[Measure, Words] = {
    Measure.RESPONSE: _("响应率"),
    Measure.RESOLUTION: _("解决率"),
    Measure.SATISFACTION: _("满意率"),
}
STATES: dict[State, Words] = {
    State.WORKING: _("在办"),
    State.OVERDUE: _("已超时"),
    State.SUPERVISED: _("督办中"),
    State.UNTOUCHED: _("尚未联系诉求人"),
    State.RESOLVED: _("已办结待评价"),
    State.CLOSED: _("已归档"),
    State.REMOVED: _("已剔除"),
}
PARTS: dict[Part, Words] = {
    Part.NUMERATOR: _("计入分子"),
    Part.DENOMINATOR: _("计入分母"),
    Part.LEFT_OUT: _("诉求人未评价，不计入"),
    Part.REMOVED: _("已剔除，单独计数"),
    Part.PENDING: _("在办未到期，尚不考评"),
    Part.EXITS: _("依法不派单"),
}
GROUPINGS: dict[By, Words] = {By.UNIT: _("承办单位"), By.TOPIC: _("事项"), By.COMMUNITY: _("社区（村）")}
WHISTLES, POWERS, RESULTS, VERBS = wording.WHISTLES, wording.POWERS, wording.RESULTS, wording.VERBS
CAUSES_OF_SUPERVISION = wording.SUPERVISIONS
GROUNDS = wording.TERMINATION | wording.REMOVAL
PLEAS: dict[str, Words] = {"terminate": _("申请终止办理"), "remove": _("申请剔除考评")}
STEPS: dict[str, Words] = {
    "half": _("用时过半"),
    "three_quarters": _("用时四分之三"),
    "nine_tenths": _("即将到期"),
    "due": _("到期未办结"),
    "overdue": _("逾期一个工作日"),
}
LIMIT_UNITS: dict[str, Words] = {
    "clock_hour": _("小时"),
    "working_hour": _("个工作小时"),
    "working_day": _("个工作日"),
    "calendar_day": _("日"),
}


def unit(code: str) -> str:
    """Return the short name of a unit."""
    known = register.directory().organisations.get(code)
    return known.short if known else code


def units() -> dict[str, str]:
    """Return the short name of each unit, by code."""
    return {code: body.short for code, body in register.directory().organisations.items()}


def topic(code: str) -> str:
    """Return the name of a topic, after those of the topics above it."""
    if not code:
        return gettext("未归类")
    known = mandates.topics()
    return " / ".join(step.name for step in known.path(code)) or code


def place(code: str) -> str:
    """Return the name of a place."""
    known = register.directory().places.get(code)
    return known.name if known else code
