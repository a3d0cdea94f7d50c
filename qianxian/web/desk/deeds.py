"""Each deed that a matter's page offers: its name, its form, the one call it makes, the sentence when it is done."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qianxian.cadres.rules import Actor
from qianxian.matters import actions
from qianxian.matters.actions.work import Said
from qianxian.matters.queries.desk import number_of
from qianxian.matters.rules.life import Result
from qianxian.web.desk import forms

Cleaned = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does a deed to which matter, when; `on` is the number of the help, arrival or whistle that it is done to."""

    number: int
    on: int | None
    actor: Actor
    at: datetime

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": self.actor, "at": self.at}

    @property
    def part(self) -> int:
        return self.on or 0


@dataclass(frozen=True)
class Deed:
    """`lead` says what follows from it; `final` that it cannot be taken back."""

    label: str | Promise
    do: Callable[[Doing, Cleaned], object]
    said: str | Promise
    form: type[forms.DeedForm] = forms.DeedForm
    lead: str | Promise = ""
    icon: str = "check"
    final: bool = False


def _into(code: str) -> int:
    try:
        return number_of(code)
    except ObjectDoesNotExist as unknown:
        raise Said("into", "unknown") from unknown


def _yes(cleaned: Cleaned, name: str) -> bool:
    return bool(cleaned[name] == "yes")


@transaction.atomic
def _resolve(doing: Doing, cleaned: Cleaned) -> None:
    actions.resolve(
        doing.number, result=Result(cleaned["result"]), reply=cleaned["reply"], evidence=cleaned["evidence"], **doing.by
    )
    if cleaned.get("paper"):
        _attach(doing, cleaned, "evidence")


def _attach(doing: Doing, cleaned: Cleaned, purpose: str = "evidence") -> None:
    paper = cleaned["paper"]
    content = paper.read()
    actions.attach(
        doing.number,
        name=paper.name[:120],
        media_type=paper.content_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=purpose,
        **doing.by,
    )


def _plead(purpose: str) -> Callable[[Doing, Cleaned], object]:
    return lambda doing, cleaned: actions.plead(doing.number, purpose=purpose, **cleaned, **doing.by)


def _decide(purpose: str) -> Callable[[Doing, Cleaned], object]:
    return lambda doing, cleaned: actions.decide_plea(
        doing.number, purpose=purpose, granted=_yes(cleaned, "granted"), decision=cleaned["decision"], **doing.by
    )


def _part(doing: Doing, cleaned: Cleaned) -> None:
    parts = [actions.Part(piece.words, piece.topic) for piece in cleaned["pieces"]]
    actions.part(doing.number, parts=parts, **doing.by)


DEEDS: dict[str, Deed] = {
    "sign": Deed(
        _("签收"),
        lambda doing, _cleaned: actions.sign(doing.number, **doing.by),
        _("已签收。下一步：先联系诉求人。"),
        lead=_("表示本单位已经知道。时限从派办起算，签收不影响计时。"),
    ),
    "contact": Deed(
        _("联系诉求人"),
        lambda doing, cleaned: actions.contact(doing.number, how=cleaned["how"], note_=cleaned["note"], **doing.by),
        _("联系情况已记下。"),
        forms.ContactForm,
        icon="call",
    ),
    "resolve": Deed(
        _("办结"),
        _resolve,
        _("已办结，诉求人会收到答复并评价。"),
        forms.ResolveForm,
        icon="done",
        final=True,
        lead=_("办结后请诉求人评价，不能退回；不满意的会作为新诉求交上一级。"),
    ),
    "ask_help": Deed(
        _("请求配合"),
        lambda doing, cleaned: actions.ask_help(doing.number, **cleaned, **doing.by),
        _("已请求配合，对方会在“等我办”里看到。"),
        forms.AskHelpForm,
        icon="people",
        lead=_("配合单位按时反馈，本单位仍是主责。"),
    ),
    "answer_help": Deed(
        _("反馈配合结果"),
        lambda doing, cleaned: actions.answer_help(
            doing.part, delivered=_yes(cleaned, "delivered"), answer=cleaned["answer"], **doing.by
        ),
        _("已反馈给主责单位。"),
        forms.AnswerHelpForm,
        icon="done",
    ),
    "ask_above": Deed(
        _("请求上级协调"),
        lambda doing, cleaned: actions.ask_above(doing.number, **cleaned, **doing.by),
        _("已请求上级协调，对方要在时限内答复；答复前照常办理。"),
        forms.AskAboveForm,
        icon="up",
        lead=_("本级解决不了的，请上级政府、主管部门或驻区上级单位研究决定。承办单位不变，时限照算。"),
    ),
    "answer_above": Deed(
        _("答复协调请求"),
        lambda doing, cleaned: actions.answer_above(
            doing.part, **{**cleaned, "agreed": _yes(cleaned, "agreed")}, **doing.by
        ),
        _("已答复，请求单位马上能看到。"),
        forms.AnswerAboveForm,
        icon="scale",
        final=True,
        lead=_("要么作出安排：办什么、谁来办、何时办完；要么说明不办的理由。"),
    ),
    "whistle": Deed(
        _("吹哨"),
        lambda doing, cleaned: actions.whistle(doing.number, **cleaned, **doing.by),
        _("哨已吹响，被召集的单位已收到。"),
        forms.WhistleForm,
        icon="whistle",
    ),
    "arrive": Deed(
        _("报到"),
        lambda doing, _cleaned: actions.arrive(doing.part, **doing.by),
        _("已报到。"),
        icon="flag",
        lead=_("确认已经到达现场，记下此刻时间。"),
    ),
    "report_work": Deed(
        _("报告现场处置"),
        lambda doing, cleaned: actions.report_work(
            doing.part, work=cleaned["work"], rating=int(cleaned["rating"]), **doing.by
        ),
        _("现场处置情况已报告。"),
        forms.ReportWorkForm,
        icon="write",
    ),
    "rate_arrival": Deed(
        _("评价报到"),
        lambda doing, cleaned: actions.rate_arrival(doing.part, rating=int(cleaned["rating"]), **doing.by),
        _("评价已记下。"),
        forms.RateArrivalForm,
        icon="star",
    ),
    "close_whistle": Deed(
        _("收哨"),
        lambda doing, cleaned: actions.close_whistle(
            doing.part, outcome=cleaned["outcome"], ratings=cleaned["ratings"], **doing.by
        ),
        _("已收哨。"),
        forms.CloseWhistleForm,
        final=True,
        lead=_("事办完了再收哨，同时评价到场的单位；收哨后各单位离场。"),
    ),
    "pause": Deed(
        _("暂停计时"),
        lambda doing, cleaned: actions.pause(doing.number, cause=cleaned["cause"], note_=cleaned["note"], **doing.by),
        _("已暂停计时，事由消除后请恢复。"),
        forms.PauseForm,
        icon="hourglass",
    ),
    "resume": Deed(
        _("恢复计时"),
        lambda doing, _cleaned: actions.resume(doing.number, **doing.by),
        _("已恢复计时，时限已重算。"),
        icon="clock",
    ),
    "ask_extension": Deed(
        _("申请延期"),
        lambda doing, cleaned: actions.ask_extension(doing.number, **cleaned, **doing.by),
        _("延期申请已提交，批准前时限不变。"),
        forms.AskExtensionForm,
        icon="calendar",
    ),
    "decide_extension": Deed(
        _("审核延期"),
        lambda doing, cleaned: actions.decide_extension(
            doing.number, granted=_yes(cleaned, "granted"), told=cleaned["told"], **doing.by
        ),
        _("延期申请已审核，诉求人会看到告知。"),
        forms.DecideExtensionForm,
        icon="scale",
        final=True,
    ),
    "object": Deed(
        _("提出职责异议"),
        lambda doing, cleaned: actions.object_to(doing.number, **cleaned, **doing.by),
        _("异议已提交，等候裁定；期间请继续办理。"),
        forms.ObjectForm,
        icon="scale",
        final=True,
        lead=_("认为不是本单位职责的，指明应由谁办、依据哪一条。每件只有一次机会，没有“退回”。"),
    ),
    "adjudicate": Deed(
        _("裁定归属"),
        lambda doing, cleaned: actions.adjudicate(doing.number, **cleaned, **doing.by),
        _("裁定已作出，当事单位马上能看到；裁定已记为先例。"),
        forms.AdjudicateForm,
        icon="scale",
        final=True,
    ),
    "consult": Deed(
        _("记录会商意见"),
        lambda doing, cleaned: actions.consult(doing.number, **cleaned, **doing.by),
        _("会商意见已记下。"),
        forms.ConsultForm,
        icon="talk",
    ),
    "dispatch": Deed(
        _("派办"),
        lambda doing, cleaned: actions.dispatch(doing.number, **cleaned, **doing.by),
        _("已派办，时限开始计算。"),
        forms.DispatchForm,
        icon="flag",
        final=True,
    ),
    "plead_to_terminate": Deed(
        _("申请终结"),
        _plead("terminate"),
        _("终结申请已提交，批准前照常办理。"),
        forms.TerminateForm,
        icon="file",
    ),
    "plead_to_remove": Deed(
        _("申请剔除"),
        _plead("remove"),
        _("剔除申请已提交。"),
        forms.PleadForm,
        icon="file",
        lead=_("剔除只影响评价统计，事情照常办理，记录照常可见。"),
    ),
    "decide_terminate": Deed(
        _("审核终结申请"), _decide("terminate"), _("已审核。"), forms.DecidePleaForm, icon="scale", final=True
    ),
    "decide_remove": Deed(
        _("审核剔除申请"), _decide("remove"), _("已审核。"), forms.DecidePleaForm, icon="scale", final=True
    ),
    "answer_supervision": Deed(
        _("答复督办"),
        lambda doing, cleaned: actions.answer_supervision(doing.number, **cleaned, **doing.by),
        _("督办答复已提交。"),
        forms.AnswerSupervisionForm,
        icon="alarm",
    ),
    "supervise": Deed(
        _("督办"),
        lambda doing, cleaned: actions.supervise(
            doing.number, cause=cleaned["cause"], note_=cleaned["note"], **doing.by
        ),
        _("已列入督办，承办单位三个工作日内答复。"),
        forms.SuperviseForm,
        icon="eye",
    ),
    "call_back": Deed(
        _("回访"),
        lambda doing, cleaned: actions.call_back(
            doing.number, reached=_yes(cleaned, "reached"), note_=cleaned["note"], **doing.by
        ),
        _("回访已记下。"),
        forms.CallBackForm,
        icon="call",
    ),
    "merge": Deed(
        _("并入同一诉求"),
        lambda doing, cleaned: actions.merge(doing.number, into=_into(cleaned["into"]), **doing.by),
        _("已并入，诉求人跟随那一件。"),
        forms.MergeForm,
        icon="link",
        final=True,
        lead=_("同一个人、同一件事重复反映的才并入；本件随之归档，互相能查到。"),
    ),
    "part": Deed(
        _("拆成几件"),
        _part,
        _("已拆开，每件都有了自己的承办单位；查询码在“相关诉求”里。"),
        forms.PartForm,
        icon="plus",
        final=True,
        lead=_(
            "这条话里像是说了几件事。勾上的各成一件，按清单派给该办的单位；诉求人和时间照旧，时限从原来收到时算起。"
        ),
    ),
    "attach": Deed(_("添加材料"), _attach, _("材料已添加。"), forms.AttachForm, icon="upload"),
}
