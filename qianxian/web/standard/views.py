"""Data elements: searched, narrowed, saved as a spreadsheet; each with its declaration and a form to try a value on."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from qianxian.standard import elements as standard
from qianxian.standard.addresses import reading as addresses
from qianxian.standard.addresses.pieces import NAMES
from qianxian.standard.code_tables import code_table, sources_of
from qianxian.standard.compiled import Column, function_of, steps_of
from qianxian.standard.elements import Checks, Element
from qianxian.standard.faults import wordings
from qianxian.web.acting import now
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STAFF

LONGEST_TRIED = 2000


class TryForm(forms.Form):
    """A value to try; of codes, also the table that it comes from."""

    value = forms.CharField(
        label=_("填一个值试试"), required=False, strip=False, max_length=LONGEST_TRIED,
        help_text=_("只在本页计算，不保存。"),
        error_messages={"max_length": _("最多试 2000 字。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    table = forms.ChoiceField(label=_("代码来自"), required=False)

    def __init__(self, one: Element, *arguments: Any, **options: Any):
        super().__init__(*arguments, **options)
        sources = (one.table, *sources_of(one.table)) if one.table else ()
        self.fields["table"].choices = [  # type: ignore[attr-defined]
            (name, f"{code_table(name).name}（{code_table(name).edition}）") for name in sources
        ]
        if len(sources) < 2:
            del self.fields["table"]


@dataclass(frozen=True, slots=True)
class Line:
    """An element as the list shows it."""

    element: Element
    entity: str
    kind: str
    table: str
    authority: str
    sensitivity: str
    retention: str


@for_roles(*STAFF)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the elements that the address asks for, by entity, or save them as a spreadsheet."""
    found = [_line(one) for one in standard.elements().values() if _wanted(request, one)]
    if asked(request, "export") == "xlsx":
        return _sheet(found)
    groups: dict[str, list[Line]] = {}
    for line in found:
        groups.setdefault(line.entity, []).append(line)
    query = request.GET.copy()
    query["export"] = "xlsx"
    shown = {
        "groups": groups.items(), "count": len(found), "total": len(standard.elements()), "export": f"?{query.urlencode()}",
        "entities": [(one.code, named(one)) for one in standard.entities().values()],
        "authorities": [(one.code, named(one)) for one in standard.authorities().values()],
        "sensitivities": [(one.code, named(one)) for one in standard.sensitivities().values()],
        **{name: asked(request, name) for name in ("entity", "authority", "sensitivity")},
    }  # fmt: skip
    return render(request, "standard/elements.html", shown)


@sensitive_variables("form", "cell", "tried")
@sensitive_post_parameters("value")
@for_roles(*STAFF)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Show an element's declaration; of a value that was tried, each step, what is kept, and what is wrong."""
    try:
        found = standard.element(code)
    except standard.UnknownElement as error:
        raise Http404 from error
    form = TryForm(found, request.POST or None)
    tried = _tried(found, form) if request.method == "POST" and form.is_valid() else None
    sensitivity, retention = standard.sensitivities()[found.sensitivity], standard.retentions()[found.retention]
    shown = {
        "element": found, "name": named(found), "line": _line(found), "form": form, "tried": tried,
        "kind": standard.kinds()[found.type], "steps": [_step(step) for step in found.steps], "checks": said(found.checks),
        "table": code_table(found.table) if found.table else None, "authority": standard.authorities()[found.authority],
        "sensitivity": sensitivity, "retention": retention,
        "faults": _possible(found),
    }  # fmt: skip
    return render(request, "standard/element.html", shown, status=422 if form.errors else 200)


def _tried(found: Element, form: TryForm) -> dict[str, Any]:
    cell = form.cleaned_data["value"]
    source = form.cleaned_data.get("table") or ""
    column = Column(found.name, found.code, table="" if source == found.table else source)
    outcome = function_of(column, now().date())(cell)
    wording = wordings().get(outcome.fault or outcome.warning)
    entry = code_table(found.table).entries.get(outcome.value) if found.table else None
    return {
        "cell": cell,
        "steps": [(_step(step), text) for step, text in steps_of(found, cell)],
        "outcome": outcome,
        "name": entry.name if entry else "",
        "address": _address(outcome.value) if found.type is standard.Type.ADDRESS and outcome.value else None,
        "sentence": _sentence(wording, named(found)) if wording else "",
        "code": outcome.fault or outcome.warning,
        "at_fault": bool(outcome.fault),
    }


def _address(text: str) -> dict[str, Any]:
    """Return what the address is made of, and where in the division tree it lies."""
    found = addresses.read(text)
    english = get_language() == "en"
    return {
        "pieces": [(NAMES[piece.kind][english], piece.text) for piece in found.pieces],
        "places": [(place.name, place.code) for place in found.places],
    }


def _sentence(wording: Any, name: str) -> str:
    return str(wording.said_in_english(name) if in_english() else wording.said(name))


def _possible(found: Element) -> list[dict[str, Any]]:
    """Return what may be said of this type of value, in the standard's order."""
    codes = standard.kinds()[found.type].faults
    return [asdict(wordings()[code]) | {"sentence": _sentence(wordings()[code], "")} for code in codes]


def _wanted(request: HttpRequest, one: Element) -> bool:
    words = asked(request, "q").lower()
    for name in ("entity", "authority", "sensitivity"):
        if (value := asked(request, name)) and getattr(one, name) != value:
            return False
    text = f"{one.code} {one.name} {one.english} {' '.join(one.also)} {one.source} {one.table}".lower()
    return all(word in text for word in words.split())


def _line(one: Element) -> Line:
    return Line(
        one,
        named(standard.entities()[one.entity]),
        named(standard.kinds()[one.type]),
        named(code_table(one.table)) if one.table else "",
        named(standard.authorities()[one.authority]),
        named(standard.sensitivities()[one.sensitivity]),
        named(standard.retentions()[one.retention]),
    )


def _sheet(lines: Iterable[Line]) -> HttpResponse:
    columns = (
        _("编码"), _("名称"), _("英文名"), _("对象"), _("类型"), _("代码表"), _("代码表版本"), _("校验"), _("权威来源"),
        _("敏感级别"), _("保存期限"), _("默认启用"), _("其他名称"), _("依据"),
    )  # fmt: skip
    rows = (
        (
            line.element.code, line.element.name, line.element.english, line.entity, line.kind, line.table,
            line.element.version, "；".join(map(str, said(line.element.checks))), line.authority, line.sensitivity, line.retention,
            _("是") if line.element.on else _("否"), "、".join(line.element.also), line.element.source,
        )
        for line in lines
    )  # fmt: skip
    return spreadsheet("standard-elements", columns, rows)


def said(checks: Checks) -> list[Any]:
    """Return the checks of an element in words."""
    found: list[Any] = [_("不超过 %(count)s 字") % {"count": checks.longest}] if checks.longest else []
    if checks.least is not None and checks.most is not None:
        found.append(_("%(least)s 到 %(most)s") % {"least": f"{checks.least:,.0f}", "most": f"{checks.most:,.0f}"})
    if checks.pattern:
        found.append(_("式样 %(pattern)s") % {"pattern": checks.pattern})
    if checks.not_future:
        found.append(_("不晚于当天"))
    return found


def named(one: Any) -> str:
    """Return a name of the standard in the reader's language."""
    return str(one.english if in_english() else one.name)


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def _step(code: str) -> str:
    return named(standard.steps()[code])
