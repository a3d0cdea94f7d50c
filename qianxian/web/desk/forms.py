"""One form for each deed. What may be chosen depends on the matter, so each is made from its page."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qianxian.mandates.rules.splitting import Piece
from qianxian.web.desk import wording
from qianxian.web.desk.choosing import Choices, key_of, names_of
from qianxian.web.shell.uploads import UploadField

LONGEST = 4000


def choices(words: wording.Words, first: Any = "") -> list[tuple[str, Any]]:
    """Return codes and words for a select."""
    return [*([("", first)] if first else []), *words.items()]


def words_field(label: Any, *, rows: int = 3, most: int = LONGEST, **more: Any) -> forms.CharField:
    """Return a field for a few sentences."""
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


class MomentField(forms.DateTimeField):
    """A date and time as people pick them on their device."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **more)


class DeedForm(forms.Form):
    """A deed that needs nothing but being done; the others add their fields."""

    def __init__(self, *args: Any, known: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.known = known
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and name in ("unit", "names", "to"):
                field.choices = self._units(name)

    def _units(self, name: str) -> list[tuple[Any, Any]]:
        groups: list[tuple[Any, Any]] = [(label, list(units)) for label, units in self.known.units if units]
        if name == "to":
            groups = [(_("维持现在的承办单位"), [self.known.owner]), *groups]
        return [("", _("请选择单位")), *groups]


class ContactForm(DeedForm):
    how = forms.ChoiceField(
        label=_("怎样联系的"),
        widget=forms.RadioSelect,
        initial="phone",
        choices=[("phone", _("电话")), ("visit", _("上门")), ("message", _("短信或微信"))],
    )
    note = words_field(_("沟通情况"), help_text=_("诉求人怎么说、答应了什么、约了什么时间。"))


class AskHelpForm(DeedForm):
    unit = forms.ChoiceField(label=_("请哪个单位配合"), choices=())
    what = words_field(_("请他们做什么"), most=500)
    due_at = MomentField(label=_("反馈时限"), help_text=_("不晚于本件时限。"))


class AnswerHelpForm(DeedForm):
    delivered = forms.ChoiceField(
        label=_("办得怎么样"),
        widget=forms.RadioSelect,
        choices=[("yes", _("已经办好")), ("no", _("没能办好，说明原因和进展"))],
    )
    answer = words_field(_("反馈内容"))


class AskAboveForm(DeedForm):
    unit = forms.ChoiceField(label=_("请哪个上级单位协调"), choices=())
    reason = words_field(_("本单位为什么解决不了"), help_text=_("写清做过什么、卡在哪里、缺什么权限或资源。"))
    wanted = words_field(_("请上级做什么"), most=500)

    def _units(self, name: str) -> list[tuple[Any, Any]]:
        return [("", _("请选择单位")), *self.known.above]


class AnswerAboveForm(DeedForm):
    agreed = forms.ChoiceField(
        label=_("答复"),
        widget=forms.RadioSelect,
        choices=[("yes", _("协调解决，作出安排")), ("no", _("不予协调，说明理由"))],
    )
    answer = words_field(_("怎么办，或者为什么不办"))
    executor = forms.ChoiceField(label=_("由谁办理"), choices=(), required=False, help_text=_("选“协调解决”时要填。"))
    until = MomentField(label=_("什么时候办完"), required=False, help_text=_("选“协调解决”时要填。"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["executor"].choices = [("", _("请选择单位")), *self.known.executors]  # type: ignore[attr-defined]


class WhistleForm(DeedForm):
    kind = forms.ChoiceField(
        label=_("哨的类型"), widget=forms.RadioSelect, choices=wording.WHISTLES.items(), initial="demand"
    )
    units = forms.MultipleChoiceField(
        label=_("清单上有配合职责或执法权的单位"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.MultipleChoiceField(label=_("其他单位"), required=False, widget=forms.CheckboxSelectMultiple)
    what = words_field(_("到哪里、办什么"), most=500)
    required_at = MomentField(label=_("要求到场时间"), help_text=_("一般不少于 30 分钟。"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["units"].choices = self.known.near  # type: ignore[attr-defined]
        self.fields["others"].choices = self.known.far  # type: ignore[attr-defined]
        if not self.known.near:
            del self.fields["units"]

    def clean(self) -> dict[str, Any]:
        """Return the units of both lists as one."""
        cleaned = super().clean() or self.cleaned_data
        called = [*cleaned.get("units", ()), *cleaned.pop("others", ())]
        if not called and not self.errors.keys() & {"units", "others"}:
            self.add_error("others", _("请至少选择一个要召集的单位。"))
        return cleaned | {"units": called}


class ReportWorkForm(DeedForm):
    work = words_field(_("现场处置情况"))
    rating = forms.ChoiceField(label=_("这一哨吹得准不准"), widget=forms.RadioSelect, choices=())

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["rating"].choices = RATINGS  # type: ignore[attr-defined]


RATINGS = [("5", _("很准")), ("4", _("较准")), ("3", _("一般")), ("2", _("不太准")), ("1", _("不该吹"))]
ARRIVALS = [("5", _("很好")), ("4", _("较好")), ("3", _("一般")), ("2", _("较差")), ("1", _("没到或没办"))]


class RateArrivalForm(DeedForm):
    rating = forms.ChoiceField(label=_("对报到单位的评价"), widget=forms.RadioSelect, choices=ARRIVALS)


class CloseWhistleForm(DeedForm):
    """The outcome, and a rating for each unit that was called and is not yet rated."""

    outcome = words_field(_("处置结果"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for number, unit in self.known.unrated:
            label = _("对%(unit)s的评价") % {"unit": unit}
            choices = [("", _("以后再评")), *ARRIVALS]
            self.fields[f"rate-{number}"] = forms.ChoiceField(label=label, required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        """Return the outcome and the ratings given, by the number of the arrival."""
        cleaned = super().clean() or self.cleaned_data
        given = {name: value for name, value in cleaned.items() if name.startswith("rate-") and value}
        return cleaned | {"ratings": {int(name.removeprefix("rate-")): int(value) for name, value in given.items()}}


class PauseForm(DeedForm):
    cause = forms.ChoiceField(label=_("暂停事由"), choices=choices(wording.PAUSES, _("请选择")))
    note = words_field(_("说明"), most=500, help_text=_("写明凭什么暂停，如补正通知编号、送检单位和日期。"))


class AskExtensionForm(DeedForm):
    amount = forms.IntegerField(label=_("延长多少"), min_value=1)
    reason = words_field(_("理由"), most=500)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        limit = self.known.limit
        self.fields["amount"].help_text = _("单位：%(unit)s，最多 %(most)s。只能批准一次。") % {
            "unit": LIMIT_UNITS.get(limit[1], limit[1]),
            "most": limit[0],
        }


LIMIT_UNITS = {
    "clock_hour": _("小时"),
    "working_hour": _("工作小时"),
    "working_day": _("工作日"),
    "calendar_day": _("天"),
}


class DecideForm(DeedForm):
    granted = forms.ChoiceField(
        label=_("审核结果"), widget=forms.RadioSelect, choices=[("yes", _("同意")), ("no", _("不同意"))]
    )


class DecideExtensionForm(DecideForm):
    told = words_field(_("怎样告知诉求人"), most=500, help_text=_("这段话会原样发给诉求人。"))


class DecidePleaForm(DecideForm):
    decision = words_field(_("审核意见"))


class ArticleForm(DeedForm):
    """A form that names an article, found by typing a part of it."""

    article = forms.CharField(
        label=_("依据条款"),
        max_length=200,
        help_text=_("输入编号或文字，从清单里选；也可以直接写条款。"),
        widget=forms.TextInput(attrs={"list": "articles", "autocomplete": "off"}),
    )


class ObjectForm(ArticleForm):
    names = forms.ChoiceField(label=_("应当由哪个单位承办"), choices=())
    reason = words_field(_("理由"), help_text=_("每件只能提一次。裁定前仍由本单位办理，时限照算。"))
    field_order = ("names", "article", "reason")


class AdjudicateForm(ArticleForm):
    to = forms.ChoiceField(label=_("裁定由哪个单位承办"), choices=())
    reason = words_field(_("裁定理由"), help_text=_("裁定是终局的，各单位和以后的同类诉求都会看到这段理由。"))
    field_order = ("to", "article", "reason")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["article"].help_text = _("写明法规、清单的名称和条款号。裁定书、先例和修订清单的建议都会引用它。")

    def _units(self, name: str) -> list[tuple[Any, Any]]:
        return [("", _("请选择单位")), *self.known.rulable]


class ConsultForm(DeedForm):
    unit = forms.ChoiceField(label=_("哪个单位的意见"), choices=())
    opinion = words_field(_("会商意见"))


class DispatchForm(ArticleForm):
    to = forms.ChoiceField(label=_("派给哪个单位"), choices=())
    reason = words_field(_("理由"))
    field_order = ("to", "article", "reason")


class ResolveForm(DeedForm):
    result = forms.ChoiceField(label=_("办理结果"), widget=forms.RadioSelect, choices=wording.RESULTS.items())
    reply = words_field(_("给诉求人的答复"), rows=4)
    evidence = words_field(
        _("结果凭据"), required=False, help_text=_("文字、数据、文书编号都行，不要求照片；选“已解决”“部分解决”时要写。")
    )
    paper = UploadField(label=_("附件"), required=False, help_text=_("照片或 PDF，可不传。"))


class PleadForm(DeedForm):
    ground = forms.ChoiceField(label=_("申请事由"), choices=choices(wording.REMOVAL, _("请选择")))
    reason = words_field(_("理由"))


class TerminateForm(PleadForm):
    ground = forms.ChoiceField(label=_("申请事由"), choices=choices(wording.TERMINATION, _("请选择")))


class AnswerSupervisionForm(DeedForm):
    answer = words_field(_("督办答复"))


class SuperviseForm(DeedForm):
    cause = forms.ChoiceField(label=_("督办事由"), choices=choices(wording.SUPERVISIONS, _("请选择")))
    note = words_field(_("督办要求"), most=500, help_text=_("承办单位三个工作日内答复。"))


class CallBackForm(DeedForm):
    reached = forms.ChoiceField(
        label=_("联系上了吗"), widget=forms.RadioSelect, choices=[("yes", _("联系上了")), ("no", _("没联系上"))]
    )
    note = words_field(_("回访情况"), most=500, required=False)


class MergeForm(DeedForm):
    into = forms.CharField(label=_("并入哪一件"), max_length=16, help_text=_("填查询码，或从下面相近的诉求里选。"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["into"].widget.attrs |= {"list": "similar", "autocomplete": "off", "autocapitalize": "characters"}


class PartForm(DeedForm):
    """Which pieces of the words become matters of their own; all but the first are ticked."""

    pieces = forms.MultipleChoiceField(label=_("单独成件的"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        named = names_of(self.known.pieces)
        self.fields["pieces"].choices = [(key, f"{words}（{topic}）") for key, words, topic in named]  # type: ignore[attr-defined]
        self.fields["pieces"].initial = [key for key, _words, _topic in named[1:]]

    def clean_pieces(self) -> list[Piece]:
        """Return the pieces that were ticked; one at least stays with the matter itself."""
        ticked = set(self.cleaned_data["pieces"])
        if len(ticked) == len(self.known.pieces):
            raise forms.ValidationError(_("至少留一件在原来的诉求里，请去掉一个勾。"))
        return [piece for piece in self.known.pieces if key_of(piece) in ticked]


class AttachForm(DeedForm):
    paper = UploadField(label=_("照片或 PDF"))


class UnmaskForm(forms.Form):
    """Why name and telephone number are needed."""

    purpose = forms.ChoiceField(label=_("用来做什么"), choices=choices(wording.PURPOSES, _("请选择")))
    words = forms.CharField(label=_("具体事由"), max_length=200, help_text=_("查看会记入日志，诉求人能看到谁看过。"))


def half_way(at: datetime, due: datetime) -> datetime:
    """Return the moment half-way to the due time: what a helper is asked for unless said otherwise."""
    return at + (due - at) / 2


def soonest(at: datetime) -> datetime:
    """Return when those called by a whistle are usually asked to be there."""
    return at + timedelta(minutes=30)
