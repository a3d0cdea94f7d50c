"""What is typed on these pages; the names of the fields are those of the deeds."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONG = 2000


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

    outcome = forms.CharField(label=_("处置结果"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))
