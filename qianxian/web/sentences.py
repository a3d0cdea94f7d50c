"""What went wrong, in one sentence in the reader's language: what, where, and what to do."""

from collections.abc import Callable

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qianxian.errands.actions.hearings import NoLongerFits, StillBeingHeard
from qianxian.errands.actions.meetings import NotWithinErrand
from qianxian.errands.actions.refusals import NotByYourself, NotRunning, WasAdmitted
from qianxian.errands.queries.gate import NoCommittee
from qianxian.errands.rules.certificates import MustNotIssue, UnknownKind
from qianxian.errands.rules.life import NotAtThisStage
from qianxian.errands.rules.meetings import MeetingIsOver
from qianxian.matters.actions.coordination import AskedBefore
from qianxian.matters.actions.endings import OnlyQuestions, RulingOutstanding
from qianxian.matters.actions.help import NotOnTheList
from qianxian.matters.actions.reading import NobodyNamed
from qianxian.matters.actions.rulings import CommitteeCannotOwn, OnlyThroughLiaison
from qianxian.matters.actions.work import AlreadyDone, NothingToDecide, Said, TooLate
from qianxian.matters.rules.authority import NotYours
from qianxian.matters.rules.coordination import NotAbove
from qianxian.matters.rules.deadlines import NoCause
from qianxian.matters.rules.intake import Unfit
from qianxian.matters.rules.life import OutOfOrder
from qianxian.register.rules import Unknown

Refusal = (
    AlreadyDone,
    AskedBefore,
    CommitteeCannotOwn,
    MeetingIsOver,
    MustNotIssue,
    NoCommittee,
    NoLongerFits,
    NotAtThisStage,
    NotByYourself,
    NotRunning,
    NotWithinErrand,
    RulingOutstanding,
    StillBeingHeard,
    UnknownKind,
    WasAdmitted,
    NoCause,
    NobodyNamed,
    NotAbove,
    NotOnTheList,
    NothingToDecide,
    NotYours,
    OnlyQuestions,
    OnlyThroughLiaison,
    OutOfOrder,
    Said,
    TooLate,
    Unfit,
    Unknown,
)
"""Every refusal of a deed that a person can do something about."""


def sentence(refusal: Exception) -> str:
    """Return the sentence for a refusal; a refusal without one is an error of the program and is raised again."""
    for kind, say in SENTENCES.items():
        if isinstance(refusal, kind):
            return say(refusal)
    raise refusal


def _of_field(refusal: Exception) -> str:
    field, code = getattr(refusal, "field", ""), getattr(refusal, "code", "")
    name = FIELDS[field]() if field in FIELDS else field
    say = FAULTS.get(code, FAULTS["unknown"])
    return say().format(field=name)


def _within(refusal: Exception) -> str:
    say = WITHIN[getattr(refusal, "code", "kind")]
    return say().format(most=getattr(refusal, "most", ""))


def _elsewhere(refusal: Exception) -> str:
    kind = refusal.kind  # type: ignore[attr-defined]
    return _("{name}社区不能开（{basis}），请到{office}办理：{how}。").format(
        name=kind.name, basis=kind.basis, office=kind.office, how=kind.how
    )


def _heard_until(refusal: Exception) -> str:
    until = localtime(refusal.until)  # type: ignore[attr-defined]
    return _("社区还在表态，{moment} 以后才能会审；这段时间不能省。").format(moment=f"{until:%m-%d %H:%M}")


WITHIN: dict[str, Callable[[], str]] = {
    "kind": lambda: _("准入的不是会议或检查，不能排会。"),
    "period": lambda: _("会期要在准入的起止日期以内（到 {most} 为止），需要延长请点“续期”。"),
    "length": lambda: _("时间太长了，最多 {most} 分钟。"),
    "frequency": lambda: _("超过了准入的频次，最多 {most} 次；要增加请另行申请。"),
    "ceiling": lambda: _("那个月社区的会议已经满 {most} 次，请换一个月，或者与别的会合并。"),
}
FIELDS: dict[str, Callable[[], str]] = {
    "title": lambda: _("名称"),
    "basis": lambda: _("依据"),
    "why": lambda: _("为什么要社区做"),
    "places": lambda: _("进入哪些社区（村）"),
    "starts_on": lambda: _("开始日期"),
    "ends_on": lambda: _("退出日期"),
    "starts_at": lambda: _("时间"),
    "minutes": lambda: _("时长（分钟）"),
    "attendees": lambda: _("每个社区谁到场"),
    "meetings": lambda: _("要合并的会议"),
    "record": lambda: _("会议纪要"),
    "lines": lambda: _("要转出的行"),
    "name": lambda: _("居民姓名"),
    "document": lambda: _("身份证件号码"),
    "facts": lambda: _("证明内容"),
    "addressee": lambda: _("交给哪个单位"),
    "words": lambda: _("诉求内容"),
    "topic": lambda: _("事项"),
    "place": lambda: _("地点"),
    "exit": lambda: _("不派单类型"),
    "note": lambda: _("说明"),
    "reason": lambda: _("理由"),
    "article": lambda: _("依据条款"),
    "reply": lambda: _("答复内容"),
    "evidence": lambda: _("办理结果说明"),
    "answer": lambda: _("反馈内容"),
    "told": lambda: _("告知诉求人的话"),
    "what": lambda: _("请求事项"),
    "unit": lambda: _("单位"),
    "wanted": lambda: _("请求协调的事项"),
    "executor": lambda: _("由谁办理"),
    "until": lambda: _("完成时间"),
    "units": lambda: _("被召集单位"),
    "names": lambda: _("应当承办的单位"),
    "due_at": lambda: _("反馈时限"),
    "required_at": lambda: _("到场时间"),
    "amount": lambda: _("延长的时间"),
    "rating": lambda: _("评价"),
    "satisfaction": lambda: _("满意程度"),
    "opinion": lambda: _("会商意见"),
    "work": lambda: _("现场处置情况"),
    "outcome": lambda: _("处置结果"),
    "decision": lambda: _("审核意见"),
    "ground": lambda: _("申请事由"),
    "cause": lambda: _("督办事由"),
    "kind": lambda: _("类型"),
    "purpose": lambda: _("查看事由"),
    "into": lambda: _("并入的诉求"),
    "parts": lambda: _("单独成件的"),
    "theme": lambda: _("本月一题"),
    "due_on": lambda: _("完成期限"),
    "problems": lambda: _("具体问题"),
}
FAULTS: dict[str, Callable[[], str]] = {
    "empty": lambda: _("“{field}”还没有填写，请补充后再提交。"),
    "too_long": lambda: _("“{field}”太长了，请控制在两万字以内。"),
    "unknown": lambda: _("“{field}”不在可选范围内，请重新选择。"),
    "withdrawn": lambda: _("“{field}”已经撤销或者合并，请选择现在的社区（村）。"),
    "owner": lambda: _("“{field}”就是现在的承办单位，请选择另一个单位。"),
    "out_of_range": lambda: _("“{field}”超出允许的范围，请改成允许范围内的值。"),
    "two_or_three": lambda: _("“{field}”请写两到三条，写得越具体越好办。"),
    "same": lambda: _("“{field}”不能是它自己，也不能是已经并入别处的诉求。"),
}
SENTENCES: dict[type[Exception], Callable[[Exception], str]] = {
    Unfit: _of_field,
    Said: _of_field,
    NotYours: lambda refusal: _("这一步不该由您办理，请交由有权的单位处理；您的填写没有丢失。"),
    OutOfOrder: lambda refusal: _("这件诉求的办理状态已经变化，请刷新页面查看最新情况。"),
    AlreadyDone: lambda refusal: _("这一步已经办过了，不用重复办理，请刷新页面查看。"),
    NothingToDecide: lambda refusal: _("没有等待办理的申请，可能已有人办理，请刷新页面查看。"),
    TooLate: lambda refusal: _("已经过了可以提出的时间，请继续办理；确有困难请与街道或督查联系。"),
    CommitteeCannotOwn: lambda refusal: _("居（村）委会只协助、不主责，请选择有法定职责的单位。"),
    OnlyThroughLiaison: lambda refusal: _(
        "驻区上级单位不由本区派单：请派给它的联络单位，再由联络单位用“请求上级协调”函商。"
    ),
    NotAbove: lambda refusal: _("只能请求上级政府、上级主管部门或驻区上级单位协调；同级单位请用“请求配合”。"),
    AskedBefore: lambda refusal: _("这件事已请求过这个单位协调；它不同意的，请向更高一级请求。"),
    NotOnTheList: lambda refusal: _("社区协助清单里没有这一项，社区可以不接；确需协助请先走事项准入。"),
    RulingOutstanding: lambda refusal: _("职责异议还在裁定，裁定后才能办结；期间请继续办理。"),
    OnlyQuestions: lambda refusal: _("只有咨询能用同一答复办结，其他诉求请逐件答复。"),
    NobodyNamed: lambda refusal: _("诉求人没有留下姓名和电话。"),
    NoCause: lambda refusal: _("这不是可以暂停计时的事由，请从列出的事由中选择。"),
    StillBeingHeard: _heard_until,
    NoLongerFits: lambda refusal: _("提交以后别的事先准入了，现在已超上限或重复，只能不予准入，或请申请单位改后重提。"),
    NotAtThisStage: lambda refusal: _("这件申请的进展已经变化，请刷新页面查看最新情况。"),
    NotWithinErrand: _within,
    MeetingIsOver: lambda refusal: _("这次会已经开过、取消或并会，不能再改。"),
    NotRunning: lambda refusal: _("这件事现在没有在该社区运行，请先走准入。"),
    WasAdmitted: lambda refusal: _("这件事已经准入，不能退回；觉得负担重可以点“报负担”。"),
    NotByYourself: lambda refusal: _("请选择提出要求的单位，不能选本社区。"),
    NoCommittee: lambda refusal: _("这个地方没有居（村）委会，请只选社区或村。"),
    MustNotIssue: _elsewhere,
    UnknownKind: lambda refusal: _("没有法律法规依据的证明，社区不开。请让索要单位写明依据。"),
    Unknown: lambda refusal: _("没有找到这个单位，请从列表中选择。"),
}
