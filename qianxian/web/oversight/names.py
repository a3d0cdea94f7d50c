"""The words under which units, topics, places and states appear on these pages."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.matters.queries.behind import State
from qianxian.matters.queries.rates import By, Part
from qianxian.matters.rules.rates import Measure
from qianxian.register import queries as register
from qianxian.register.rules import Directory
from qianxian.web.desk import wording

Words = str | Promise
COMMUNITY = 12

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
CAUSES, WHISTLES = wording.CAUSES, wording.WHISTLES
CAUSES_OF_SUPERVISION = wording.SUPERVISIONS
GROUNDS = wording.TERMINATION | wording.REMOVAL
PLEAS: dict[str, Words] = {"terminate": _("申请终止办理"), "remove": _("申请剔除考评")}
STEPS: dict[str, Words] = {
    "half": _("用时过半"),
    "three_quarters": _("用时四分之三"),
    "nine_tenths": _("即将到期"),
    "due": _("到期未办结"),
    "overdue": _("逾期一个工作日"),
    "above_soon": _("答复协调请求的时限将到"),
    "above_due": _("上级逾期未答复"),
    "above_overdue": _("上级逾期一个工作日未答复"),
}


@dataclass(frozen=True)
class Known:
    """The names of units, topics and places, as they stood when the page was asked for."""

    directory: Directory
    topics: TopicTree

    def unit(self, code: str) -> str:
        """Return the short name of a unit."""
        found = self.directory.organisations.get(code)
        return found.short if found else code

    def units(self) -> dict[str, str]:
        """Return the short name of each unit, by code."""
        return {code: body.short for code, body in self.directory.organisations.items()}

    def topic(self, code: str) -> str:
        """Return the name of a topic, after those of the topics above it."""
        return " / ".join(step.name for step in self.topics.path(code)) or code if code else gettext("未归类")

    def place(self, code: str) -> str:
        """Return the name of a place."""
        found = self.directory.places.get(code)
        return found.name if found else code

    def communities(self, area: str) -> list[tuple[str, str]]:
        """Return code and name of the communities of an area."""
        found = self.directory.places.values()
        return [(p.code, p.name) for p in found if len(p.code) == COMMUNITY and p.code.startswith(area)]


def known() -> Known:
    """Return the names as now known: one statement for a page, however many are looked up."""
    revisions = register.revisions()
    return Known(register.directory(revisions), mandates.topics(revisions))
