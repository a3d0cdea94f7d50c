"""Forms of the gate, the calendar and the certificates desk."""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qianxian.errands.queries import gate
from qianxian.errands.rules.life import Kind, Opinion
from qianxian.mandates import queries as mandates
from qianxian.register import queries as register
from qianxian.register.rules import Kind as BodyKind
from qianxian.register.rules import Level
from qianxian.web.desk.forms import MomentField, choices, words_field
from qianxian.web.errands import wording

SEPARATORS = re.compile(r"[、，,;；\s]+")


class DayField(forms.DateField):
    """A day as people pick it on their device."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def communities(at: datetime, area: str = "") -> list[tuple[str, str]]:
    """Return the communities and villages that have a committee and exist at a moment."""
    known = register.directory()
    return [
        (place.code, place.name)
        for place in known.places_at(at)
        if place.level in (Level.COMMUNITY, Level.VILLAGE) and place.code.startswith(area)
        and (body := known.over(place.code, BodyKind.COMMITTEE)) and body.place == place.code
    ]  # fmt: skip


def topics() -> list[tuple[Any, Any]]:
    """Return the topics of the third level under those of the first."""
    held = mandates.topics().topics
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, topic in sorted(held.items()):
        if len(code) == 6:
            above = held.get(code[:2])
            groups.setdefault(above.name if above else code[:2], []).append((code, topic.name))
    return [("", _("没有合适的事项")), *groups.items()]


class RequestForm(forms.Form):
    """A department's request, in the order in which it is weighed; only the title is needed to save a draft."""

    kind = forms.ChoiceField(
        label=_("要社区做的是"), choices=wording.KINDS.items(), widget=forms.RadioSelect, initial=Kind.TASK.value
    )
    title = forms.CharField(label=_("名称"), max_length=80)
    words = words_field(_("具体做什么"), required=False, help_text=_("社区要做到什么程度，交什么结果。"))
    topic_id = forms.ChoiceField(label=_("事项"), required=False, choices=())
    list_kind = forms.ChoiceField(
        label=_("在哪张清单上"), required=False, choices=choices(wording.LISTS, _("都不在，是新增的"))
    )
    basis = forms.CharField(
        label=_("法律法规或公开文件依据"),
        required=False,
        max_length=500,
        help_text=_("写明《名称》第几条。没有依据的不能提交。"),
    )
    why = words_field(_("为什么要社区做"), required=False, rows=2)
    role = forms.ChoiceField(
        label=_("社区的角色"), choices=wording.ROLES.items(), widget=forms.RadioSelect, initial="assist"
    )
    places = forms.MultipleChoiceField(
        label=_("进入哪些社区（村）"), required=False, choices=(), widget=forms.CheckboxSelectMultiple
    )
    frequency = forms.ChoiceField(label=_("频次"), choices=wording.FREQUENCIES.items(), initial="once")
    hours_month = forms.DecimalField(
        label=_("每个社区每月要用多少小时"), min_value=0, max_value=9999, decimal_places=1, initial=0
    )
    starts_on = DayField(label=_("开始日期"), required=False)
    ends_on = DayField(label=_("退出日期"), required=False, help_text=_("到这一天自动退出，最长一年。"))
    fields_named = forms.CharField(
        label=_("要社区填的数据"),
        required=False,
        max_length=1000,
        help_text=_("用顿号隔开，例如：姓名、居住地址。已有单位掌握的走共享，不能再要。"),
    )
    funds = forms.IntegerField(label=_("给每个社区的经费（元/年）"), min_value=0, max_value=100_000_000, initial=0)
    people = forms.IntegerField(label=_("派到每个社区的人员（名）"), min_value=0, max_value=999, initial=0)
    training = forms.CharField(label=_("培训安排"), required=False, max_length=300)
    assessment = forms.CharField(label=_("想怎样考核"), required=False, max_length=300, help_text=_("不考核就空着。"))
    starts_at = MomentField(label=_("会议或检查的时间"), required=False)
    minutes = forms.IntegerField(label=_("时长（分钟）"), required=False, min_value=1, max_value=1440)
    report_minutes = forms.IntegerField(
        label=_("主报告（分钟）"), required=False, min_value=0, max_value=1440, help_text=_("不超过一小时。")
    )
    comprehensive = forms.BooleanField(label=_("是综合性会议或检查（一条线一年一次）"), required=False)
    venue = forms.CharField(label=_("地点"), required=False, max_length=120)
    attendees = forms.MultipleChoiceField(
        label=_("每个社区谁到场"),
        required=False,
        choices=wording.ATTENDEES.items(),
        widget=forms.CheckboxSelectMultiple,
    )

    WHAT = ("kind", "title", "words", "topic_id", "list_kind", "basis", "why", "role", "places")
    LOAD = ("frequency", "hours_month", "starts_on", "ends_on", "fields_named")
    MEANS = ("funds", "people", "training", "assessment")
    GATHERING = ("starts_at", "minutes", "report_minutes", "comprehensive", "venue", "attendees")

    def __init__(self, *args: Any, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["places"].choices = communities(at)  # type: ignore[attr-defined]
        self.fields["topic_id"].choices = topics()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Return the columns of a request; a meeting fills its days by its moment."""
        cleaned = super().clean() or self.cleaned_data
        moment = cleaned.get("starts_at")
        gathering = cleaned.get("kind") in (Kind.MEETING, Kind.INSPECTION)
        if gathering and moment and not cleaned.get("starts_on"):
            cleaned["starts_on"] = gate.day_of(moment)
        if gathering and moment and not cleaned.get("ends_on"):
            cleaned["ends_on"] = cleaned["starts_on"]
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("退出日期不能早于开始日期。"))
        return cleaned

    def particulars(self) -> dict[str, Any]:
        """Return what a draft is made of."""
        held = dict(self.cleaned_data)
        typed = [part for part in SEPARATORS.split(held.pop("fields_named")) if part]
        held["fields"] = list(dict.fromkeys(gate.element_named(part) for part in typed))
        held["topic_id"] = held["topic_id"] or None
        held["report_minutes"] = held["report_minutes"] or 0
        if held["kind"] not in (Kind.MEETING, Kind.INSPECTION):
            held |= {"starts_at": None, "minutes": None, "report_minutes": 0, "comprehensive": False, "attendees": []}
        return held


class OpinionForm(forms.Form):
    """What the community says."""

    opinion = forms.ChoiceField(
        label=_("社区意见"),
        widget=forms.RadioSelect,
        choices=[(code, word) for code, word in wording.OPINIONS.items() if code != Opinion.SILENT],
    )
    words = words_field(_("条件或理由"), required=False, rows=2, help_text=_("同意的可以不写。"))


class VerdictForm(forms.Form):
    """What one unit of the joint table says."""

    admitted = forms.ChoiceField(
        label=_("会审意见"), widget=forms.RadioSelect, choices=[("yes", _("同意准入")), ("no", _("不予准入"))]
    )
    reason = words_field(_("理由（公开）"), rows=2)
    conditions = words_field(
        _("条件（公开）"), required=False, rows=2, help_text=_("例如：不另设考核，数据由平台自取。")
    )


class AskForm(forms.Form):
    """Something asked of one community, within an errand or without."""

    place = forms.ChoiceField(label=_("请哪个社区"), choices=())
    kind = forms.ChoiceField(label=_("请做的是"), choices=wording.KINDS.items(), initial="task")
    words = words_field(_("做什么"), rows=2, most=500)

    def __init__(self, *args: Any, at: datetime, within: Collection[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        offered = [pair for pair in communities(at) if not within or pair[0] in within]
        self.fields["place"].choices = offered  # type: ignore[attr-defined]


class AskAnyForm(AskForm):
    """Something asked of one community, whether or not it was admitted."""

    errand = forms.ChoiceField(
        label=_("按哪件准入"), required=False, choices=(), help_text=_("没有准入的，社区可以一键退回，并计入本单位。")
    )
    field_order = ("errand", "place", "kind", "words")

    def __init__(self, *args: Any, held: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["errand"].choices = [("", _("没有准入")), *held]  # type: ignore[attr-defined]


class RefuseForm(forms.Form):
    """What came past the platform: three taps and it is sent back; words are welcome."""

    department = forms.ChoiceField(label=_("哪个单位"), choices=())
    kind = forms.ChoiceField(
        label=_("要什么"), choices=wording.KINDS.items(), widget=forms.RadioSelect, initial="ledger"
    )
    way = forms.ChoiceField(
        label=_("怎么来的"),
        widget=forms.RadioSelect,
        initial="chat",
        choices=[(code, word) for code, word in wording.WAYS.items() if code != "platform"],
    )
    words = words_field(_("要做什么"), required=False, rows=2, most=500)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offices = [
            (body.code, body.short)
            for body in register.directory().organisations.values()
            if body.kind is not BodyKind.COMMITTEE
        ]
        self.fields["department"].choices = [("", _("请选择单位")), *offices]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """What the street said to the department."""

    words = words_field(_("怎样处理的"), rows=2, most=2000)


class ScheduleForm(forms.Form):
    """A further meeting under an errand."""

    starts_at = MomentField(label=_("时间"))
    minutes = forms.IntegerField(label=_("时长（分钟）"), min_value=1, max_value=1440)
    agenda = words_field(_("议题"), required=False, rows=2)


class OwnMeetingForm(forms.Form):
    """A community's own meeting."""

    title = forms.CharField(label=_("会议名称"), max_length=80)
    starts_at = MomentField(label=_("时间"))
    minutes = forms.IntegerField(label=_("时长（分钟）"), min_value=1, max_value=1440, initial=60)
    venue = forms.CharField(label=_("地点"), required=False, max_length=120)
    agenda = words_field(_("议题"), required=False, rows=2)


class MinutesForm(forms.Form):
    """What a meeting came to."""

    record = words_field(
        _("会议纪要"), rows=8, help_text=_("一行写一件事，办会后可以直接转成诉求或准入申请，不用再打一遍。")
    )


class CertificateForm(forms.Form):
    """What a certificate says."""

    name = forms.CharField(label=_("居民姓名"), max_length=40)
    document = forms.CharField(
        label=_("身份证件号码"),
        max_length=24,
        widget=forms.TextInput(attrs={"data-draft-never": "", "autocomplete": "off"}),
    )
    facts = words_field(_("证明内容"), rows=4, most=600, help_text=_("只写社区了解的事实，不写推断。"))
    addressee = forms.CharField(label=_("交给哪个单位"), max_length=80)
    purpose = forms.CharField(label=_("办什么事用"), max_length=120)


class RevokeForm(forms.Form):
    """Why a certificate is revoked."""

    reason = forms.CharField(label=_("撤销理由"), max_length=300)


def initial_of(errand: Any) -> dict[str, Any]:
    """Return a draft as its form shows it."""
    names = [name for name in RequestForm.base_fields if name not in ("fields_named", "topic_id")]
    held = {name: getattr(errand, name) for name in names}
    elements = gate.holdings()
    listed = [elements[code].name if code in elements else code for code in errand.fields]
    return held | {"fields_named": "、".join(listed), "topic_id": errand.topic_id or ""}


def a_day(typed: str) -> date | None:
    """Return a day as an address names it, None where it is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
