"""每月一题: what grows among the demands of a month, and the theme that is declared of it, public with its state."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qianxian.cadres.rules import Role
from qianxian.matters import actions
from qianxian.matters.queries import themes as queries
from qianxian.register import queries as register
from qianxian.register.rules import Kind
from qianxian.web import growing as growth
from qianxian.web import themes as own
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, SUPERVISOR

if TYPE_CHECKING:
    from qianxian.mandates.words import themes

MOST_LINES, DRAWN = 30, 6
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
LEADS = (Kind.DEPARTMENT, Kind.GOVERNMENT, Kind.STREET, Kind.ENTERPRISE)


class DeclareForm(forms.Form):
    """The theme of a month, as the supervisor declares it."""

    month = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", label=gettext_lazy("月份"), widget=forms.HiddenInput)
    topic = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)
    numbers = forms.CharField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("本月一题"), max_length=60)
    lead = forms.ChoiceField(label=gettext_lazy("牵头部门"))
    first = forms.CharField(label=gettext_lazy("具体问题一"), max_length=200)
    second = forms.CharField(label=gettext_lazy("具体问题二"), max_length=200)
    third = forms.CharField(label=gettext_lazy("具体问题三"), max_length=200, required=False)
    due_on = forms.DateField(
        label=gettext_lazy("完成期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        bodies = [body for body in register.directory().organisations.values() if body.kind in LEADS]
        self.fields["lead"].choices = [("", _("请选择单位")), *((body.code, body.name) for body in bodies)]  # type: ignore[attr-defined]

    def clean_numbers(self) -> list[int]:
        return [int(part) for part in self.cleaned_data["numbers"].split(",") if part.isdecimal() and len(part) < 19]


class ConcludeForm(forms.Form):
    """What came of a theme."""

    outcome = forms.CharField(
        label=gettext_lazy("办成了什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


@dataclass(frozen=True)
class Line:
    """One growing theme as the page shows it."""

    name: str
    topic: str
    place: str
    theme: "themes.Theme"
    href: str
    declare: str

    @property
    def times(self) -> str:
        return f"{self.theme.times:.1f}" if self.theme.times else ""


@for_roles(STREET, SUPERVISOR)
@require_GET
def growing(request: HttpRequest) -> HttpResponse:
    """Show what grows in a month, or save it as a spreadsheet."""
    return _page(request)


def _page(request: HttpRequest, form: DeclareForm | None = None, status: int = 200) -> HttpResponse:
    actor, known = actor_of(request), names.known()
    place, month = _place(request, known), asked(request, "month")
    found = growth.growing(place, month if MONTH.fullmatch(month) else "", now())
    if found is None:
        return render(request, "oversight/themes_waiting.html", {"query": request.GET.urlencode()})
    months, month = found.months, found.month
    lines = [_line(theme, known) for theme in found.themes[:MOST_LINES]]
    lines = [line for line in lines if asked(request, "q") in f"{line.name}{line.topic}{line.place}"]
    if asked(request, "export") == "xlsx":
        return _sheet(month, lines)
    shown = {
        "lines": lines,
        "months": months[:-1],
        "worked_out": found.at,
        "month": month,
        "communities": known.communities(actor.area),
        "trend": _trend(lines),
        "export": _export(request),
        "themes": queries.declared(actor.area),
        "enough": len(months) > 1,
        "may_declare": actor.role == SUPERVISOR,
        "form": form or _asked_form(request, lines, month, actor.role),
    }
    return render(request, "oversight/themes.html", shown, status=status)


@for_roles(SUPERVISOR)
@require_POST
def declare(request: HttpRequest) -> HttpResponse:
    """Declare the theme of a month."""
    form, actor = DeclareForm(request.POST), actor_of(request)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.declare_theme(
                area=actor.area, month=given["month"], title=given["title"], topic=given["topic"], lead=given["lead"],
                problems=[given["first"], given["second"], given["third"]], due_on=given["due_on"],
                numbers=given["numbers"], actor=actor, at=now(),
            )  # fmt: skip
        except Refusal as refusal:
            field = getattr(refusal, "field", None)
            form.add_error(field if field in form.fields else None, sentence(refusal))
        else:
            accept(request, "theme", _("本月一题已公开，居民能看到由谁牵头、解决什么、到什么时候。"))
            return redirect("themes")
    return _page(request, form, status=422)


@for_roles(STREET, SUPERVISOR)
@require_POST
def conclude(request: HttpRequest, number: int) -> HttpResponse:
    """Conclude a theme with what came of it."""
    form = ConcludeForm(request.POST)
    if form.is_valid():
        try:
            actions.conclude_theme(number, outcome=form.cleaned_data["outcome"], actor=actor_of(request), at=now())
        except ObjectDoesNotExist as missing:
            raise Http404 from missing
        except Refusal as refusal:
            return render(request, "oversight/refused.html", {"sentence": sentence(refusal)}, status=422)
        accept(request, f"theme-{number}", _("结果已公开。"))
        return redirect("themes")
    return render(request, "oversight/refused.html", {"sentence": _("请写明办成了什么。")}, status=422)


@require_GET
def declared(request: HttpRequest) -> HttpResponse:
    """Show everybody the themes that were declared, with their state; no matter is read for this page."""
    found = queries.declared()
    state = asked(request, "state")
    if state in ("open", "done"):
        found = found.filter(concluded_at__isnull=state == "open")
    if words := asked(request, "q"):
        found = found.filter(title__icontains=words)
    actor = actor_of(request) if request.user.is_authenticated else None
    may = actor is not None and actor.role == SUPERVISOR
    today = now().date()
    return render(
        request, "public/themes.html", {"themes": found, "conclude": ConcludeForm() if may else None, "today": today}
    )


def _place(request: HttpRequest, known: names.Known) -> str:
    area, place = actor_of(request).area, asked(request, "place")
    return place if place in {code for code, _name in known.communities(area)} else area


def _line(theme: "themes.Theme", known: names.Known) -> Line:
    name = own.name_of(theme, known.topics)
    first, last = _span(theme.month)
    sought = {"q": theme.name} if theme.name else {"topic": theme.topic}
    query = urlencode({"from": first, "to": last, **sought, **({"place": theme.place} if theme.place else {})})
    declaring = urlencode({"month": theme.month, "declare": name, "topic": theme.topic})
    return Line(
        name=name,
        topic=known.topic(theme.topic) if theme.topic and theme.name else "",
        place=known.place(theme.place) if theme.place else "",
        theme=theme,
        href=f"{reverse('oversight_matters')}?{query}",
        declare=f"?{declaring}#declare",
    )


def _span(month: str) -> tuple[date, date]:
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def _asked_form(request: HttpRequest, lines: list[Line], month: str, role: Role | None) -> DeclareForm | None:
    """Return the form for the theme that the address names, with the matters behind it."""
    title = asked(request, "declare")
    if role != SUPERVISOR or not title:
        return None
    line = next((line for line in lines if line.name == title), None)
    numbers = ",".join(line.theme.keys) if line else ""
    return DeclareForm(
        initial={"month": month, "title": title[:60], "topic": asked(request, "topic")[:6], "numbers": numbers}
    )


def _trend(lines: list[Line]) -> dict[str, Any]:
    """Return the months of the clearest themes, as bars beside one another and as a table."""
    drawn = lines[:DRAWN]
    months = [month for month, _count in drawn[0].theme.series] if drawn else []
    option = {
        "legend": {"top": 0, "type": "scroll"},
        "xAxis": {"type": "category", "data": months},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"name": line.name, "type": "bar", "data": [count for _month, count in line.theme.series]} for line in drawn
        ],
    }
    rows = [(line.name, *(count for _month, count in line.theme.series)) for line in drawn]
    return {"option": option, "columns": [_("主题"), *months], "rows": rows}


def _export(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["export"] = "xlsx"
    return f"?{query.urlencode()}"


def _sheet(month: str, lines: list[Line]) -> HttpResponse:
    columns = (_("主题"), _("事项"), _("地点"), _("件数"), _("按以往估计"), _("倍数"), _("碰巧的可能"), _("相关说法"))
    rows = (
        (
            line.name, line.topic, line.place, line.theme.count, line.theme.expected,
            "" if line.theme.times is None else round(line.theme.times, 1), line.theme.chance,
            "、".join(line.theme.phrases),
        )
        for line in lines
    )  # fmt: skip
    return spreadsheet(f"themes-{month}", columns, rows)
