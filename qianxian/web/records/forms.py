"""What is typed on these pages. A form of a block is made from the standard: nothing is declared twice."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qianxian.register.rules import reading
from qianxian.register.rules.facts import Held
from qianxian.standard import elements as standard
from qianxian.standard.compiled import Column, function_of
from qianxian.standard.elements import Element, Type
from qianxian.standard.faults import wordings
from qianxian.web.records import words

OTHER = "other"
LONG = 80
DERIVED = frozenset({"person.age", "party_branch.members"})
"""What follows from other facts is never asked; the place of a record is chosen once, when it is entered."""


class PurposeForm(forms.Form):
    """For what somebody reads: one of the usual purposes, and a few words where it is another."""

    kind = forms.ChoiceField(
        label=_("用来做什么"), choices=[("", _("请选择")), *words.PURPOSES.items(), (OTHER, _("其他，请写明"))]
    )
    typed = forms.CharField(label=_("具体是什么事"), max_length=100, required=False)

    purpose = ""

    def clean(self) -> dict[str, Any]:
        """Put both together; another purpose than the usual ones is written out."""
        cleaned = super().clean() or {}
        kind, typed = cleaned.get("kind", ""), cleaned.get("typed", "").strip()
        if kind == OTHER and not typed:
            self.add_error("typed", _("请写明用来做什么。"))
        said = [str(words.PURPOSES[kind])] if kind in words.PURPOSES else []
        self.purpose = "：".join([*said, *([typed] if typed else [])])
        return cleaned


class BlockForm(forms.Form):
    """
    The elements of one block of the standard.

    What an authority already holds is shown and not asked, but of that authority itself (`authorities`: for which the
    reader speaks); `values` has what was typed, cleaned by the standard.
    """

    def __init__(
        self,
        *args: Any,
        group: str,
        held: dict[str, Held],
        on: date,
        first: Collection[str] = (),
        authorities: Collection[str] = (),
        **more: Any,
    ):
        super().__init__(*args, **more)
        self.on, self.values, self.kept = on, dict[str, tuple[str, str]](), list[tuple[str, str, str]]()
        for element in standard.elements_of(group):
            if element.code in DERIVED or element.type is Type.PLACE:
                continue
            now_held = held.get(element.code)
            if now_held and now_held.fact.of_authority and element.authority not in authorities:
                self.kept.append((element.code, words.name_of(element.code), words.authority_name(element.authority)))
                continue
            self.fields[element.code] = field_of(element, on, required=element.code in first)
            if now_held:
                self._show(element.code, now_held.fact.value)

    def _show(self, code: str, value: str) -> None:
        """Put what is held into its field; what is masked stays masked, and is typed anew or left as it is."""
        seen = reading.masked(code, value)
        if seen == value:
            self.initial[code] = value
        else:
            self.fields[code].help_text = _("现为 %(seen)s，不改就空着。") % {"seen": seen}

    def clean(self) -> dict[str, Any]:
        """Clean each cell by the standard; a fault is said at its field, and nothing is lost."""
        cleaned = super().clean() or {}
        for code in list(self.fields):
            typed = str(cleaned.get(code) or "").strip()
            if typed:
                self._take(code, typed)
        if not self.errors and not self.values:
            raise forms.ValidationError(_("还没有填写任何内容。"), code="empty")
        return cleaned

    def _take(self, code: str, typed: str) -> None:
        outcome = function_of(Column(code, code), self.on)(typed)
        if outcome.fault:
            said = wordings()[outcome.fault]
            name = words.name_of(code)
            self.add_error(code, said.said(name) if words.in_chinese() else said.said_in_english(name))
        else:
            self.values[code] = (outcome.value, typed)


def field_of(element: Element, on: date, *, required: bool) -> forms.Field:
    """Return the field in which an element is typed or chosen."""
    label, codes = words.name_of(element.code), words.choices_of(element, on)
    if codes:
        return forms.ChoiceField(label=label, choices=[("", "—"), *codes], required=required)
    if element.type is Type.DATE:
        return forms.CharField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))
    longest = element.checks.longest or 200
    attributes = {Type.PHONE: {"type": "tel", "inputmode": "tel"}, Type.WHOLE: {"inputmode": "numeric"},
                  Type.DECIMAL: {"inputmode": "decimal"}}.get(element.type, {})  # fmt: skip
    widget: forms.Widget = forms.TextInput(attrs=attributes)
    if longest > LONG and element.type is Type.TEXT:
        widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=required, max_length=max(longest, 60), widget=widget)


class PlaceForm(forms.Form):
    """In which community or grid a new record lies."""

    place = forms.ChoiceField(label=_("所在社区或网格"))

    def __init__(self, *args: Any, places: list[tuple[str, str]], **more: Any):
        super().__init__(*args, **more)
        self.fields["place"] = forms.ChoiceField(label=_("所在社区或网格"), choices=places)


class ReceiptForm(forms.Form):
    """A benefit paid or a service given."""

    kind = forms.ChoiceField(label=_("是什么"), choices=list(words.KINDS.items()))
    name = forms.CharField(label=_("项目"), max_length=60)
    on = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    amount = forms.DecimalField(label=_("金额（元）"), max_digits=12, decimal_places=2, min_value=0, required=False)
    giver = forms.CharField(label=_("由谁提供"), max_length=80, required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class CorrectionForm(forms.Form):
    """What is wrong, and what it should be."""

    element = forms.ChoiceField(label=_("哪一项不对"))
    value = forms.CharField(label=_("应该是"), max_length=200)
    reason = forms.CharField(label=_("怎么知道的"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, held: Collection[str], **more: Any):
        super().__init__(*args, **more)
        self.fields["element"] = forms.ChoiceField(
            label=_("哪一项不对"), choices=[(code, words.name_of(code)) for code in held]
        )

    def clean(self) -> dict[str, Any]:
        """Clean the value by the standard; the name of a code stands for the code."""
        cleaned = super().clean() or {}
        element, value = cleaned.get("element"), cleaned.get("value")
        if element and value:
            outcome = function_of(Column(element, element), date.today())(value)  # noqa: DTZ011  (the day of Beijing is the server's)
            if outcome.fault:
                said = wordings()[outcome.fault]
                name = words.name_of(element)
                self.add_error("value", said.said(name) if words.in_chinese() else said.said_in_english(name))
            cleaned["value"] = outcome.value
        return cleaned


class AnswerForm(forms.Form):
    """The answer to a correction."""

    verdict = forms.ChoiceField(
        label=_("答复"), choices=[("yes", _("属实，更正")), ("no", _("不更正"))], widget=forms.RadioSelect
    )
    reply = forms.CharField(label=_("理由，本人看得到"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class HandoutForm(forms.Form):
    """For what a list is asked in bulk."""

    purpose = forms.CharField(label=_("导出用来做什么"), max_length=200)
