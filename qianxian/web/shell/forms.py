"""Forms of the way in, and of a burden."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qianxian.web.shell.one_time_code import mobile


class SignInForm(forms.Form):
    """Name and password of a member of staff."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PhoneField(forms.CharField):
    """A mainland mobile number, however it is typed."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"})

    def clean(self, value: Any) -> str:
        """Return its eleven digits."""
        typed = super().clean(value)
        phone = mobile(typed)
        if phone is None:
            raise forms.ValidationError(_("请填 11 位手机号，例如 138 开头的号码。"), code="invalid")
        return phone


class PhoneForm(forms.Form):
    """The phone to which a code goes."""

    phone = PhoneField(label=_("手机号"), max_length=30, help_text=_("只用来确认是您本人、告诉您办理进展。"))


class CodeForm(forms.Form):
    """The code that came."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "data-draft-never": ""}),
    )

    def clean_code(self) -> str:
        """Return its six digits without the spaces that some phones paste."""
        code = "".join(self.cleaned_data["code"].split())
        if len(code) != 6 or not code.isdecimal():
            raise forms.ValidationError(_("验证码是 6 位数字。"), code="invalid")
        return code


class BurdenForm(forms.Form):
    """What should not have been asked: answered in two taps, words are welcome and never required."""

    KINDS = (
        ("repeat", _("同样的数据又要填一遍")),
        ("ledger", _("要手工做台账、报表")),
        ("trace", _("要拍照、截图、打卡留痕")),
        ("rank", _("积分、排名、在线时长")),
        ("meeting", _("会议、培训太多")),
        ("not_ours", _("不是社区的事派给了社区")),
        ("other", _("其他")),
    )
    kind = forms.ChoiceField(label=_("多出来的是什么负担"), choices=KINDS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("说两句"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    cause = forms.CharField(
        label=_("哪个单位要的"), required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    page = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
