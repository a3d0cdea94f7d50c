"""What is typed on these pages; the names of the fields are those of the deeds."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qianxian.web.oversight import names

LONG = 2000
Choices = list[tuple[str, Any]]


def words(
    label: Any, rows: int = 3, *, most: int = LONG, required: bool = True, help_text: Any = ""
) -> forms.CharField:
    """Return a field for some sentences."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Let a field of choices offer these."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class RulingForm(forms.Form):
    """Who answers from now on, by which article, and why."""

    to = forms.ChoiceField(label=_("裁定由谁承办"))
    article = forms.CharField(
        label=_("依据条款"),
        max_length=200,
        help_text=_("写明法规、清单的名称和条款号。裁定书、先例和修订清单的建议都会引用它。"),
    )
    reason = words(_("裁定理由"), 4, help_text=_("裁定是终局的，各单位和以后的同类诉求都会看到这段理由。"))

    def __init__(self, *given: Any, choices: list[tuple[str, str]], **more: Any):
        super().__init__(*given, **more)
        offer(self, "to", [("", _("请选择")), *choices])


class ExtensionForm(forms.Form):
    """Whether more time is granted, and what the requester is told."""

    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("yes", _("同意延长")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    told = words(_("告知诉求人的话"), most=500, help_text=_("这段话会原样发给诉求人。"))


class PleaForm(forms.Form):
    """Whether what an owner pleads for is approved."""

    granted = forms.TypedChoiceField(
        label=_("审核结果"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    decision = words(_("审核意见"))


class SupervisionForm(forms.Form):
    """Why a matter is put under supervision."""

    cause = forms.ChoiceField(label=_("督办事由"), choices=list(names.CAUSES_OF_SUPERVISION.items()))
    note_ = words(_("督办要求"), most=500, help_text=_("承办单位三个工作日内答复。"))


class CallbackForm(forms.Form):
    """Whether the requester was reached, and what they said."""

    reached = forms.TypedChoiceField(
        label=_("是否联系上诉求人"),
        choices=[("yes", _("联系上了")), ("no", _("没有联系上"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note_ = words(_("回访情况"), most=500, required=False)


class OpinionForm(forms.Form):
    """What a unit says of a hard case."""

    unit = forms.ChoiceField(label=_("参加会商的单位"))
    opinion = words(_("会商意见"))

    def __init__(self, *given: Any, choices: list[tuple[str, str]], **more: Any):
        super().__init__(*given, **more)
        offer(self, "unit", [("", _("请选择")), *choices])


class DispatchForm(RulingForm):
    """To whom a hard case goes after consultation."""

    def __init__(self, *given: Any, **more: Any):
        super().__init__(*given, **more)
        self.fields["to"].label = _("派给哪个单位")
        self.fields["reason"].label = _("派单理由")
        self.fields["article"].help_text = self.fields["reason"].help_text = ""


class MomentInput(forms.DateTimeInput):
    """Day and time in the browser's own control."""

    input_type = "datetime-local"

    def __init__(self, **more: Any):
        super().__init__(format="%Y-%m-%dT%H:%M", **more)


class WhistleForm(forms.Form):
    """Which units are called to the spot, for what, and by when."""

    kind = forms.ChoiceField(label=_("哨声类型"), choices=list(names.WHISTLES.items()), widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(
        label=_("清单上有配合职责或执法权的单位"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.MultipleChoiceField(label=_("其他单位"), required=False, widget=forms.CheckboxSelectMultiple)
    what = words(_("到场做什么"), most=500)
    required_at = forms.DateTimeField(
        label=_("要求到场时间"),
        widget=MomentInput,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=_("一般不少于 30 分钟。"),
    )

    def __init__(
        self,
        *given: Any,
        suggested: list[tuple[str, str]],
        others: list[tuple[str, str]],
        at: datetime | None = None,
        **more: Any,
    ):
        super().__init__(*given, **more)
        offer(self, "units", suggested)
        offer(self, "others", others)
        self.fields["required_at"].initial = at
        if not suggested:
            del self.fields["units"]

    def clean(self) -> dict[str, Any]:
        """Return the units of both lists as one."""
        cleaned = super().clean() or self.cleaned_data
        called = [*cleaned.get("units", ()), *cleaned.pop("others", ())]
        if not called:
            self.add_error("others", _("请至少选择一个要召集的单位。"))
        return cleaned | {"units": called}


class RatingForm(forms.Form):
    """How a unit answered the whistle."""

    rating = forms.TypedChoiceField(
        label=_("对到场单位的评价"),
        coerce=int,
        choices=[
            (5, _("5 分：到得快、办得好")),
            (4, _("4 分")),
            (3, _("3 分：一般")),
            (2, _("2 分")),
            (1, _("1 分：没到或者没办")),
        ],
    )


class OutcomeForm(forms.Form):
    """What the units achieved together."""

    outcome = words(_("处置结果"))
