"""Drafts in sentences: what changed, what is lacking, what was done."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.queries import topics
from qianxian.mandates.rules.drafts import Change, Columns, Difference, Lack, Stage
from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.register import queries as register
from qianxian.register.rules import Directory
from qianxian.web.public.words import BENEFITS, DUTIES, LISTS, POWERS, SETTINGS, Words, named

DEADLINES: Words = {
    "urgent": gettext_lazy("紧急"),
    "utility": gettext_lazy("公用事业"),
    "general": gettext_lazy("一般"),
    "complex": gettext_lazy("疑难复杂"),
    "consult": gettext_lazy("咨询"),
}
FIELDS: Words = {
    "list_kind": gettext_lazy("所在清单"),
    "body_id": gettext_lazy("责任单位"),
    "duty": gettext_lazy("职责"),
    "powers": gettext_lazy("权力"),
    "benefits": gettext_lazy("保障"),
    "topic_id": gettext_lazy("事项"),
    "place_id": gettext_lazy("地区"),
    "setting": gettext_lazy("场所"),
    "valid_from": gettext_lazy("生效日期"),
    "valid_to": gettext_lazy("失效日期"),
    "basis": gettext_lazy("依据"),
    "deadline_class": gettext_lazy("时限类别"),
    "delegation": gettext_lazy("委托文书"),
    "ruling": gettext_lazy("所依裁定"),
}
CHANGES: Words = {
    Change.ADD.value: gettext_lazy("新增"),
    Change.CHANGE.value: gettext_lazy("修改"),
    Change.END.value: gettext_lazy("终止"),
}
STAGES: Words = {
    Stage.DRAFTING.value: gettext_lazy("起草中"),
    Stage.SUBMITTED.value: gettext_lazy("待批准"),
    Stage.APPROVED.value: gettext_lazy("已批准"),
    Stage.WITHDRAWN.value: gettext_lazy("已撤回"),
}
LACKS: dict[Lack, Promise] = {
    Lack.EMPTY: gettext_lazy("还没有一条改动。先添、改或者终止一条，也可以导入表格。"),
    Lack.OUTDATED: gettext_lazy("起草期间已有新的一版公布。先把底本换成最新一版，改动都会留着。"),
    Lack.MISPLACED: gettext_lazy("有改动和底本对不上（要改的条款底本里没有）。到改动列表里撤销或重写。"),
    Lack.NOT_AUDITED: gettext_lazy("内容改过之后还没有体检。"),
    Lack.GAP: gettext_lazy("有的事项没有单位主责，不能公布。给每一处补上主责单位，再体检。"),
    Lack.CONTEST: gettext_lazy("有的事项几家都主责、谁也压不过谁，不能公布。只留一家主责，再体检。"),
    Lack.NOT_REPLAYED: gettext_lazy("内容改过之后还没有用以往诉求回放，看不出谁的活会变。"),
}
VERBS: Words = {
    "begin_draft": gettext_lazy("开始起草"),
    "write_line": gettext_lazy("写了一条"),
    "end_line": gettext_lazy("终止一条"),
    "undo_line": gettext_lazy("撤销一处改动"),
    "bring_lines": gettext_lazy("导入表格"),
    "audit_draft": gettext_lazy("体检"),
    "replay_draft": gettext_lazy("回放以往诉求"),
    "rest_on_latest": gettext_lazy("换成最新底本"),
    "submit_draft": gettext_lazy("送审"),
    "return_draft": gettext_lazy("退回修改"),
    "withdraw_draft": gettext_lazy("撤回草案"),
    "approve_draft": gettext_lazy("批准"),
}


@dataclass(frozen=True)
class Speaker:
    """Says columns of the register with the names that are known now."""

    directory: Directory
    tree: TopicTree

    def body(self, code: str) -> str:
        """Return the short name of a unit."""
        found = self.directory.organisations.get(code)
        return found.short if found else code

    def topic(self, code: str) -> str:
        """Return the name of a topic."""
        return self.tree.topics[code].name if code in self.tree.topics else code

    def place(self, code: str) -> str:
        """Return the name of a place."""
        return self.directory.places[code].name if code in self.directory.places else code

    def duty(self, columns: Columns) -> str:
        """Return what the line lays on its body: a duty, else its powers, else that it forbids."""
        if columns["duty"]:
            return named(DUTIES, columns["duty"])
        return _several(POWERS, columns["powers"]) or _several(BENEFITS, columns["benefits"]) or _("不得交给社区")

    def value(self, field: str, columns: Columns) -> str:
        """Return one column in words, '' where it holds nothing."""
        held = columns[field]
        say: Callable[[Any], object] = {
            "body_id": self.body,
            "topic_id": self.topic,
            "place_id": self.place,
            "duty": lambda code: named(DUTIES, code) if code else "",
            "list_kind": lambda code: named(LISTS, code),
            "setting": lambda code: named(SETTINGS, code) if code else _("任何场所"),
            "deadline_class": lambda code: named(DEADLINES, code) if code else _("按事项"),
            "powers": lambda codes: _several(POWERS, codes),
            "benefits": lambda codes: _several(BENEFITS, codes),
            "valid_from": day,
            "valid_to": day,
            "ruling": lambda of: _("诉求裁定 %(number)s") % {"number": of.partition(":")[2]} if of else "",
        }.get(field, str)
        return str(say(held))

    def difference(self, one: Difference) -> str:
        """Return what changed in one article, as a sentence."""
        columns = one.after or one.before
        assert columns is not None  # a difference has one side at least
        if one.change is Change.CHANGE and one.before and one.after:
            return _("第%(number)s条：%(changes)s。") % {
                "number": one.number,
                "changes": _("；").join(self._moved(field, one.before, one.after) for field in one.fields),
            }
        facts = {
            "number": one.number,
            "body": self.body(columns["body_id"]),
            "duty": self.duty(columns),
            "topic": self.topic(columns["topic_id"]),
            "where": self.where(columns),
        }
        if one.change is Change.ADD:
            return _("新增第%(number)s条：%(body)s对“%(topic)s”%(duty)s（%(where)s）。") % facts
        return _("第%(number)s条终止：%(body)s对“%(topic)s”不再%(duty)s（%(where)s）。") % facts

    def where(self, columns: Columns) -> str:
        """Return place and setting as one phrase."""
        parts = [self.place(columns["place_id"]), named(SETTINGS, columns["setting"]) if columns["setting"] else ""]
        return _("，").join(part for part in parts if part)

    def _moved(self, field: str, before: Columns, after: Columns) -> str:
        old, new = self.value(field, before), self.value(field, after)
        facts = {"field": named(FIELDS, field), "old": old, "new": new}
        if not old:
            return _("%(field)s写为%(new)s") % facts
        return _("%(field)s由%(old)s改为%(new)s") % facts if new else _("%(field)s（原为%(old)s）取消") % facts


def speaker() -> Speaker:
    """Return who says the register with the names of now: one statement."""
    known = register.revisions()
    return Speaker(register.directory(known), topics(known))


def day(moment: datetime | None) -> str:
    """Return a moment as a day of Beijing."""
    return moment.astimezone(BEIJING).date().isoformat() if moment else ""


def _several(words: Words, codes: Iterable[str]) -> str:
    return _("、").join(named(words, code) for code in codes)


@dataclass(frozen=True)
class Told:
    """One deed on a draft as the timeline draws it."""

    at: datetime
    title: str
    who: str
    words: str
    article: str


def told(entry: Any, names: Mapping[str, str]) -> Told:
    """Return one entry of the journal in words."""
    details = entry.details
    say: Callable[[], str] = {
        "audit_draft": lambda: _("找到 %(count)s 处问题") % {"count": details["findings"]},
        "replay_draft": lambda: _("回放 %(asked)s 件，%(moved)s 件会换承办单位") % details,
        "bring_lines": lambda: _("导入 %(lines)s 条，终止 %(ended)s 条") % details,
        "return_draft": lambda: details["reason"],
        "withdraw_draft": lambda: details["reason"],
    }.get(entry.verb, str)
    who = names.get(entry.actor, _("命令行") if entry.actor == "command" else entry.actor)
    return Told(entry.at, named(VERBS, entry.verb), who, say(), entry.article)
