"""What a resident fills in: words first, everything else may be left as it is."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.matters.rules.intake import Channel, Demand, MatterKind
from qianxian.register import queries as register
from qianxian.register.rules import Directory, Level
from qianxian.web.acting import now
from qianxian.web.public.words import KINDS, SETTINGS
from qianxian.web.shell.forms import PhoneField
from qianxian.web.shell.uploads import UploadField

MOST_FILES = 3
MOST_WORDS = 5000
NONE_OF_THESE = "-"
CLOSE_TO_HOME = (Level.COMMUNITY, Level.VILLAGE)


def places(directory: Directory) -> list[tuple[str, str]]:
    """Return the places to choose from: communities and villages, then the street for who does not know."""
    by_level = {level: [p for p in directory.places_at(now()) if p.level is level] for level in Level}
    near = [(p.code, p.name) for level in CLOSE_TO_HOME for p in sorted(by_level[level], key=lambda p: p.code)]
    wide = [
        (p.code, gettext("%(place)s（不清楚是哪个社区）") % {"place": p.name})
        for p in sorted(by_level[Level.STREET], key=lambda p: p.code)
    ]
    return [*near, *wide]


def grids(directory: Directory, place: str) -> list[tuple[str, str]]:
    """Return the grids of a community."""
    return [(p.code, p.name) for p in directory.places_at(now()) if p.level is Level.GRID and p.code.startswith(place)]


class SeveralFiles(forms.FileInput):
    """A file input that takes more than one."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return every file of this name."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class UploadsField(UploadField):
    """Up to three pictures or papers; none is ever required."""

    widget = SeveralFiles(attrs={"accept": "image/*,application/pdf"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files, or say what is wrong with one of them."""
        given = [file for file in (data or []) if file]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("一次最多附 3 个文件，请去掉几个。"), code="too_many")
        return [super(UploadsField, self).clean(file) for file in given]


class ReportForm(forms.Form):
    """A demand. Only the words, the place and a way to reach the resident are asked for."""

    words = forms.CharField(
        label=_("您要反映什么"),
        max_length=MOST_WORDS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写清楚什么地方、什么事、从什么时候开始的，希望怎么解决。像平常说话那样写就行。"),
        error_messages={
            "required": _("还没有写要反映的事。写一两句就可以。"),
            "max_length": _("写得太长了，请控制在 5000 字以内；材料多可以用附件。"),
        },
    )
    place = forms.ChoiceField(
        label=_("事情发生在哪个社区（村）"), error_messages={"required": _("请选一个社区，不清楚就选街道。")}
    )
    address = forms.CharField(
        label=_("具体位置"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("例如：柳岸里 3 号楼 2 单元门口。"),
    )  # fmt: skip
    setting = forms.ChoiceField(label=_("属于哪类地方"), required=False)
    kind = forms.ChoiceField(label=_("您希望"), choices=[], initial=MatterKind.HELP.value)
    topic = forms.CharField(required=False, widget=forms.HiddenInput)
    attached = UploadsField(
        label=_("照片或材料"), required=False, help_text=_("有照片更清楚，没有也可以。最多 3 个，每个不超过 10 MB。")
    )
    name = forms.CharField(
        label=_("怎么称呼您"), required=False, max_length=30, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(label=_("手机号"), max_length=30, help_text=_("只用来确认是您本人、告诉您办理进展。"))
    code = forms.CharField(
        label=_("验证码"), max_length=12,
        error_messages={"required": _("还差一步：点“获取验证码”，把手机收到的 6 位数字填进来。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "data-draft-never": ""}),
    )  # fmt: skip
    confidential = forms.BooleanField(label=_("请替我保密：不要让被反映的人知道是谁说的"), required=False)
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, proved: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.choice("place", [("", _("请选择")), *places(register.directory())])
        self.choice("setting", [("", _("不清楚，由系统判断")), *SETTINGS.items()])
        self.choice("kind", list(KINDS.items()))
        self.fields["phone"].required = self.fields["code"].required = not proved

    def choice(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_key(self) -> str:
        """Return what tells this submission apart from every other; a form that lost it gets a new one."""
        return self.cleaned_data["key"] or new_key()


def new_key() -> str:
    return secrets.token_urlsafe(16)


def demand_of(data: Any, topics: TopicTree) -> Demand:
    """Return a demand from what stands in a form, however little that is: what no form knows is left empty."""
    topic = chosen_topic(data, topics)
    hint = topics.topics[topic].setting_hint if topic else ""
    kind = data.get("kind", "")
    return Demand(
        words=data.get("words", "")[:MOST_WORDS],
        place=data.get("place", ""),
        kind=MatterKind(kind) if kind in KINDS else MatterKind.HELP,
        channel=Channel.WEB,
        topic=topic,
        setting=data.get("setting") if data.get("setting") in SETTINGS else hint,
        address=data.get("address", "")[:200],
    )


def chosen_topic(data: Any, topics: TopicTree) -> str:
    """Return the topic that the resident picked, or left as suggested; '' for none of these."""
    picked = data.get("topic", "")
    if picked == NONE_OF_THESE:
        return ""
    return picked if picked in topics.topics else likeliest(data.get("words", ""), topics)


def likeliest(words: str, topics: TopicTree) -> str:
    """Return the topic that the words speak of most, '' where they speak of none."""
    suggested = topics.suggested(words, most=1)
    return suggested[0].topic if suggested else ""


class MaterialForm(forms.Form):
    """What a resident adds to a matter in work."""

    words = forms.CharField(
        label=_("补充说明"), required=False, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )
    attached = UploadsField(label=_("照片或材料"), required=False, help_text=_("最多 3 个，每个不超过 10 MB。"))

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given = self.cleaned_data
        if not given.get("words") and not given.get("attached") and not self.errors:
            self.add_error("words", _("请写一句补充说明，或者选一个文件。"))
        return given


class RatingForm(forms.Form):
    """The resident's judgement: whether it is solved, how satisfied, and words that are never required."""

    solved = forms.ChoiceField(
        label=_("问题解决了吗"), choices=[("yes", _("解决了")), ("no", _("没有解决"))], widget=forms.RadioSelect,
        error_messages={"required": _("请选一项：解决了，还是没有解决。")},
    )  # fmt: skip
    satisfaction = forms.ChoiceField(
        label=_("对办理过程满意吗"),
        choices=[("satisfied", _("满意")), ("basically", _("基本满意")), ("dissatisfied", _("不满意"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项：满意、基本满意或者不满意。")},
    )
    comment = forms.CharField(
        label=_("还想说的话"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FollowUpForm(forms.Form):
    """Why a resident goes on."""

    words = forms.CharField(
        label=_("哪里没有解决，或者哪里不同意"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写一两句：哪里没有解决，希望怎么办。")},
    )  # fmt: skip


class TrackForm(forms.Form):
    """A tracking code, as it is typed."""

    code = forms.CharField(
        label=_("查询码"), max_length=40, help_text=_("14 位，提交时给您的。大小写、空格都没关系。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("请填查询码。")},
    )  # fmt: skip
