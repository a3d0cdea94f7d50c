"""The timeline of a matter in residents' words: what each unit did and when, never which member of staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianxian.kernel.worktime import BEIJING
from qianxian.register.rules import Directory
from qianxian.web.desk.wording import PURPOSES, named
from qianxian.web.public.answers import body_name


@dataclass(frozen=True)
class Deed:
    """One line of the timeline."""

    at: datetime
    title: str
    who: str = ""
    words: str = ""
    article: str = ""


TITLES: dict[str, Any] = {
    "receive": gettext_lazy("收到您的诉求，确定由谁负责"),
    "sign": gettext_lazy("承办单位已签收"),
    "contact": gettext_lazy("承办单位与您联系"),
    "pause": gettext_lazy("时限暂停"),
    "resume": gettext_lazy("时限恢复"),
    "ask_extension": gettext_lazy("承办单位申请延长时限"),
    "grant_extension": gettext_lazy("同意延长时限"),
    "refuse_extension": gettext_lazy("不同意延长时限，按原时限办理"),
    "move_deadline": gettext_lazy("放假安排公布，到期时间重新推算"),
    "object": gettext_lazy("承办单位对职责提出异议，裁定前继续由其办理"),
    "adjudicate": gettext_lazy("裁定由谁负责，不再变动"),
    "consult": gettext_lazy("有关单位会商"),
    "dispatch": gettext_lazy("会商后派定承办单位"),
    "ask_help": gettext_lazy("请其他单位协助"),
    "answer_help": gettext_lazy("协助单位反馈"),
    "ask_above": gettext_lazy("请上级协调，承办单位照常办理"),
    "answer_above": gettext_lazy("上级答复协调请求"),
    "whistle": gettext_lazy("街道吹哨，召集有关单位到现场"),
    "arrive": gettext_lazy("被召集的单位到场"),
    "report_work": gettext_lazy("到场单位报告处置情况"),
    "close_whistle": gettext_lazy("现场处置结束"),
    "alarm": gettext_lazy("快到期了，已提醒"),
    "supervise": gettext_lazy("列入督办"),
    "answer_supervision": gettext_lazy("承办单位答复督办"),
    "attach": gettext_lazy("补充了材料"),
    "read_requester": gettext_lazy("查看了您的姓名和电话"),
    "resolve": gettext_lazy("承办单位答复办理结果"),
    "call_back": gettext_lazy("热线回访"),
    "rate": gettext_lazy("您作了评价"),
    "close": gettext_lazy("归档"),
    "remove": gettext_lazy("不计入考核，诉求照样办理"),
    "terminate": gettext_lazy("经审核终止办理"),
    "merge": gettext_lazy("与同一件事的诉求并案办理"),
}
BY_THE_UNIT = frozenset({"sign", "contact", "ask_extension", "object", "consult", "answer_help", "ask_above", "answer_above", "whistle", "arrive",
                         "report_work", "resolve", "read_requester", "answer_supervision", "ask_help", "pause"})  # fmt: skip


def story(matter: Any, entries: Iterable[Any], directory: Directory) -> list[Deed]:
    """Return the deeds of a matter that concern its resident, the newest first."""
    said = _words_by_moment(matter)
    told = [
        Deed(
            at=entry.at,
            title=_title(entry, matter),
            who=_who(entry, directory),
            words=said.get((entry.verb, entry.at), "") or _purpose(entry),
            article=entry.article if entry.verb != "pause" else "",
        )
        for entry in entries
        if entry.verb in TITLES
    ]
    return told[::-1]


def _title(entry: Any, matter: Any) -> str:
    if entry.verb == "receive" and matter.exit:
        return _("收到您的诉求，依法不派单，已作答复")
    if entry.verb == "resolve" and entry.details.get("result") == "refused":
        return _("承办单位答复：不能办理")
    if entry.verb == "attach" and entry.details.get("purpose") == "evidence":
        return _("承办单位附上材料")
    if entry.verb == "alarm" and entry.details.get("step") == "due":
        return _("到期未办结，已上报督办")
    return str(TITLES[entry.verb])


def _purpose(entry: Any) -> str:
    """Return what a reader of name and telephone number said it was for."""
    if entry.verb != "read_requester":
        return ""
    purpose, words = named(PURPOSES, entry.details.get("purpose", "")), entry.details.get("words", "")
    return _("用途：%(purpose)s。%(words)s") % {"purpose": purpose, "words": words}


def _who(entry: Any, directory: Directory) -> str:
    """Return the unit that did it, or those that were told or called; a person never."""
    if entry.verb == "receive":
        return _("负责单位：%(unit)s") % {"unit": body_name(entry.details["owner"], directory)}
    if entry.verb in ("adjudicate", "dispatch") and entry.details.get("owner"):
        return _("今后由%(unit)s负责") % {"unit": body_name(entry.details["owner"], directory)}
    if entry.details.get("called"):
        return body_name(entry.details["called"], directory)
    if entry.details.get("told"):
        return _("已告知%(unit)s") % {"unit": body_name(entry.details["told"], directory)}
    return body_name(entry.unit, directory) if entry.unit and entry.verb in BY_THE_UNIT else ""


def _words_by_moment(matter: Any) -> dict[tuple[str, datetime], str]:
    """Return what was said at each deed, found by verb and moment: the journal itself keeps no words."""
    found: dict[tuple[str, datetime], str] = {}

    def keep(verb: str, at: datetime | None, words: str) -> None:
        if at and words:
            found[verb, at] = words

    for help_ in matter.helps.select_related("unit"):
        keep("ask_help", help_.asked_at, _("请%(unit)s：%(what)s") % {"unit": help_.unit.name, "what": help_.what})
        keep("answer_help", help_.answered_at, help_.answer)
    for asked in matter.coordinations.select_related("unit", "executor"):
        keep("ask_above", asked.asked_at, _("请%(unit)s：%(what)s") % {"unit": asked.unit.name, "what": asked.wanted})
        keep("answer_above", asked.answered_at, asked.answer)
    for whistle in matter.whistles.prefetch_related("arrivals__unit"):
        called = list(whistle.arrivals.all())
        names = _("、").join(arrival.unit.name for arrival in called)
        keep("whistle", whistle.blown_at, "\n".join([whistle.what, *_required(names, called)]))
        keep("close_whistle", whistle.closed_at, whistle.outcome)
    for extension in matter.extensions.all():
        keep("ask_extension", extension.asked_at, extension.reason)
        keep("grant_extension" if extension.granted else "refuse_extension", extension.decided_at, extension.told)
    for pause in matter.pauses.all():
        keep("pause", pause.from_at, pause.note)
    for supervision in matter.supervisions.all():
        keep("answer_supervision", supervision.answered_at, supervision.answer)
    ruling = getattr(matter, "ruling", None)
    if ruling:
        keep("adjudicate", ruling.made_at, ruling.reason)
    if matter.resolved_at:
        keep("resolve", matter.resolved_at, matter.reply)
    return found


def _required(names: str, called: list[Any]) -> list[str]:
    if not called:
        return []
    by = called[0].required_at.astimezone(BEIJING)
    return [_("要求%(units)s在 %(time)s 前到场") % {"units": names, "time": f"{by:%m-%d %H:%M}"}]
