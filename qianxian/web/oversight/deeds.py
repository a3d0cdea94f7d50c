"""What was done to a matter, in the words of the office."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianxian.web.oversight import names

VERBS: dict[str, names.Words] = {
    "receive": gettext_lazy("收到诉求并派定承办单位"),
    "sign": gettext_lazy("签收"),
    "contact": gettext_lazy("联系诉求人"),
    "ask_help": gettext_lazy("请求协助"),
    "answer_help": gettext_lazy("反馈协助结果"),
    "whistle": gettext_lazy("吹哨召集"),
    "arrive": gettext_lazy("到场报到"),
    "report_work": gettext_lazy("报告现场处置"),
    "rate_arrival": gettext_lazy("评价到场单位"),
    "close_whistle": gettext_lazy("哨声办结"),
    "object": gettext_lazy("提出职责异议"),
    "adjudicate": gettext_lazy("作出裁定"),
    "ask_extension": gettext_lazy("申请延长"),
    "grant_extension": gettext_lazy("同意延长"),
    "refuse_extension": gettext_lazy("不同意延长"),
    "pause": gettext_lazy("时限中止"),
    "resume": gettext_lazy("时限恢复"),
    "supervise": gettext_lazy("列入督办"),
    "answer_supervision": gettext_lazy("答复督办"),
    "consult": gettext_lazy("记下会商意见"),
    "dispatch": gettext_lazy("会商后派单"),
    "resolve": gettext_lazy("办结"),
    "call_back": gettext_lazy("回访诉求人"),
    "rate": gettext_lazy("诉求人评价"),
    "close": gettext_lazy("归档"),
    "plead": gettext_lazy("提出终止或剔除申请"),
    "terminate": gettext_lazy("批准终止"),
    "remove": gettext_lazy("批准剔除"),
    "refuse_to_terminate": gettext_lazy("不同意终止"),
    "refuse_to_remove": gettext_lazy("不同意剔除"),
    "merge": gettext_lazy("并入另一件诉求"),
    "attach": gettext_lazy("附上材料"),
    "alarm": gettext_lazy("时限提醒"),
    "move_deadline": gettext_lazy("按放假通知重新推算时限"),
}


class Told(NamedTuple):
    """A deed as `timeline` draws it."""

    at: datetime
    title: str
    who: str
    words: str
    article: str


def told_deeds(entries: Iterable[Any]) -> list[Told]:
    """Return what the journal says of a matter, newest first; units are named, persons are not."""
    return [_told(entry) for entry in reversed(list(entries))]


def _told(entry: Any) -> Told:
    who = names.unit(entry.unit) if entry.unit else _("诉求人") if entry.actor == "resident" else _("系统")
    return Told(entry.at, str(VERBS.get(entry.verb, entry.verb)), who, _words(entry), entry.article)


def _words(entry: Any) -> str:
    details, said = entry.details, []
    if "owner" in details:
        said.append(_("承办单位：%(unit)s") % {"unit": names.unit(details["owner"])})
    if "names" in details:
        said.append(_("认为应由%(unit)s承办") % {"unit": names.unit(details["names"])})
    if "called" in details:
        said.append(names.unit(details["called"]))
    if "step" in details:
        said.append(str(names.STEPS.get(details["step"], details["step"])))
    return "；".join(said)
