"""The form of one line of the register: body by any name, topic by code, name or synonym, nothing guessed."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.queries import crossings
from qianxian.mandates.rules.articles import Duty
from qianxian.mandates.rules.crosswalks import Labels
from qianxian.mandates.rules.drafts import Columns
from qianxian.register.rules import Directory, Unknown
from qianxian.web.drafting.wording import DEADLINES, day, speaker
from qianxian.web.public.words import BENEFITS, DUTIES, LISTS, POWERS, SETTINGS, Words

Choices = list[tuple[str, Any]]
CANDIDATES = 4


def _choices(words: Words, empty: Any = None) -> Choices:
    return [*([("", empty)] if empty is not None else []), *words.items()]


class LineForm(forms.Form):
    """One line of the register, all of it."""

    topic = forms.CharField(
        label=gettext_lazy("管什么事"),
        max_length=80,
        help_text=gettext_lazy("输几个字从列表里选，也可以直接填编码、名称或者俗称。"),
        widget=forms.TextInput(attrs={"list": "topics", "autocomplete": "off"}),
    )
    body = forms.CharField(
        label=gettext_lazy("单位"),
        max_length=80,
        help_text=gettext_lazy("全称、简称、别名都认得。"),
        widget=forms.TextInput(attrs={"list": "bodies", "autocomplete": "off"}),
    )
    duty = forms.ChoiceField(
        label=gettext_lazy("职责"), choices=_choices(DUTIES, gettext_lazy("没有职责，只有权力或保障")), required=False
    )
    list_kind = forms.ChoiceField(label=gettext_lazy("在哪张清单"), choices=_choices(LISTS))
    place = forms.CharField(
        label=gettext_lazy("管哪里"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    setting = forms.ChoiceField(
        label=gettext_lazy("什么场所"), choices=_choices(SETTINGS, gettext_lazy("任何场所")), required=False
    )
    powers = forms.MultipleChoiceField(
        label=gettext_lazy("有什么权"), choices=_choices(POWERS), required=False, widget=forms.CheckboxSelectMultiple
    )
    benefits = forms.MultipleChoiceField(
        label=gettext_lazy("有什么保障"),
        choices=_choices(BENEFITS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    basis = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=200,
        help_text=gettext_lazy("法律法规写到条，例如《物业管理条例》第四十五条。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    delegation = forms.CharField(
        label=gettext_lazy("委托文书"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("权力是别的单位委托来的，写委托书的名称和文号。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    deadline_class = forms.ChoiceField(
        label=gettext_lazy("时限类别"), choices=_choices(DEADLINES, gettext_lazy("按事项定")), required=False
    )
    valid_from = forms.DateField(
        label=gettext_lazy("这一条从哪天起"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    valid_to = forms.DateField(
        label=gettext_lazy("到哪天止"),
        required=False,
        help_text=gettext_lazy("长期有效的不填；这一天起不再适用。"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    number = forms.CharField(
        label=gettext_lazy("编号"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("不填就按单位接着往下编。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *given: Any, numbered: str = "", **more: Any):
        super().__init__(*given, **more)
        self.say = speaker()
        if numbered:
            del self.fields["number"]
        self.numbered = numbered

    def clean_topic(self) -> str:
        """Return the code of the one topic that the words name."""
        typed = self.cleaned_data["topic"].strip()
        tree = self.say.tree
        head = typed.split(maxsplit=1)[0]
        labels = Labels(tree, crossings())
        found = (head,) if head in tree.topics else labels.topics(typed)
        if len(found) == 1:
            return found[0]
        near = found or labels.near(typed, CANDIDATES)
        raise forms.ValidationError(_unclear(near[:CANDIDATES], self.say.tree.topics), code="topic")

    def clean_body(self) -> str:
        """Return the code of the unit of this name."""
        typed = self.cleaned_data["body"].strip()
        try:
            return self.say.directory.organisation(typed).code
        except Unknown:
            raise forms.ValidationError(
                _("名录里没有“%(name)s”。请从列表里选，或者先请管理员登记这个单位。") % {"name": typed}, code="body"
            ) from None

    def clean_place(self) -> str:
        """Return the code of the one place of this name."""
        typed = self.cleaned_data["place"].strip()
        directory: Directory = self.say.directory
        place = directory.places.get(typed.split(maxsplit=1)[0]) or directory.place_named(typed)
        if place is None:
            raise forms.ValidationError(_("没有认出地区“%(name)s”，请从列表里选。") % {"name": typed}, code="place")
        return place.code

    def clean(self) -> dict[str, Any]:
        """Check what several fields say together."""
        held = super().clean() or {}
        given = held.get("duty") or held.get("powers") or held.get("benefits")
        if not given and held.get("list_kind") != "negative":
            self.add_error("duty", _("这一条什么也没有给：请选职责，或者写明权力、保障。"))
        if held.get("valid_from") and held.get("valid_to") and held["valid_to"] <= held["valid_from"]:
            self.add_error("valid_to", _("止期要在起期之后。"))
        return held

    def columns(self, number: str, ruling: str) -> Columns:
        """Return the line as columns; the form must be valid."""
        held = self.cleaned_data
        return {
            "number": number,
            "list_kind": held["list_kind"],
            "body_id": held["body"],
            "duty": held["duty"],
            "powers": held["powers"],
            "benefits": held["benefits"],
            "topic_id": held["topic"],
            "place_id": held["place"],
            "setting": held["setting"],
            "valid_from": _moment(held["valid_from"]),
            "valid_to": _moment(held["valid_to"]) if held["valid_to"] else None,
            "basis": held["basis"],
            "deadline_class": held["deadline_class"],
            "delegation": held["delegation"],
            "ruling": ruling,
        }

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """Return what may be chosen by typing: value and hint of each topic, unit and place."""
        tree, directory = self.say.tree, self.say.directory
        return {
            "topics": [(f"{code} {topic.name}", "、".join(topic.synonyms[:4])) for code, topic in tree.topics.items()],
            "bodies": [(body.name, body.short) for body in directory.organisations.values()],
            "places": [(f"{code} {place.name}", "") for code, place in directory.places.items()],
        }


def initial_of(columns: Columns) -> dict[str, Any]:
    """Return what the form shows of a line."""
    say = speaker()
    body = say.directory.organisations.get(columns["body_id"])
    return {
        "number": columns["number"],
        "topic": f"{columns['topic_id']} {say.topic(columns['topic_id'])}",
        "body": body.name if body else columns["body_id"],
        "place": f"{columns['place_id']} {say.place(columns['place_id'])}",
        "valid_from": day(columns["valid_from"]),
        "valid_to": day(columns["valid_to"]),
        **{
            name: columns[name]
            for name in ("duty", "list_kind", "setting", "powers", "benefits", "basis", "delegation", "deadline_class")
        },
    }


def blank(area: str, today: date, asked: dict[str, str]) -> dict[str, Any]:
    """Return a new line: the whole district, from today, and what a finding has asked for."""
    say = speaker()
    topic, place = asked.get("topic", ""), asked.get("place", "") or area
    return {
        "duty": Duty.LEAD.value,
        "list_kind": "department",
        "topic": f"{topic} {say.topic(topic)}" if topic else "",
        "place": f"{place} {say.place(place)}",
        "setting": asked.get("setting", ""),
        "valid_from": today.isoformat(),
    }


def _moment(held: date) -> datetime:
    return datetime.combine(held, time(), BEIJING)


def _unclear(near: tuple[str, ...], topics: Any) -> str:
    if not near:
        return _("没有认出这是什么事，请从列表里选一个事项。")
    names = _("、").join(f"{code} {topics[code].name}" for code in near)
    return _("说得还不够清楚，不替您猜。可能是：%(names)s。请填其中一个。") % {"names": names}
