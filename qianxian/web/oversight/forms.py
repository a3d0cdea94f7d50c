"""What is typed on these pages; the names of the fields are those of the deeds."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONG = 2000


RATINGS = [
    (5, _("5 分：到得快、办得好")),
    (4, _("4 分")),
    (3, _("3 分：一般")),
    (2, _("2 分")),
    (1, _("1 分：没到或者没办")),
]


class RatingForm(forms.Form):
    """How a unit answered the whistle."""

    rating = forms.TypedChoiceField(
        label=_("对到场单位的评价"),
        coerce=int,
        choices=RATINGS,
    )


class OutcomeForm(forms.Form):
    """What the units achieved together, and how each that is not yet rated answered the whistle."""

    outcome = forms.CharField(label=_("处置结果"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, unrated: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        for number, unit in unrated:
            label = _("对%(unit)s的评价") % {"unit": unit}
            field = forms.TypedChoiceField(
                label=label, coerce=int, required=False, empty_value=None, choices=[("", _("以后再评")), *RATINGS]
            )
            self.fields[f"rate-{number}"] = field

    @property
    def ratings(self) -> dict[int, int]:
        """Return the ratings given, by the number of the arrival."""
        given = {name: value for name, value in self.cleaned_data.items() if name.startswith("rate-") and value}
        return {int(name.removeprefix("rate-")): value for name, value in given.items()}
