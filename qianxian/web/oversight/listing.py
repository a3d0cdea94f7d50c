"""The matters behind any figure: searched, narrowed, ordered and paged by the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianxian.matters.queries import behind
from qianxian.matters.queries.rates import Part, formulas
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.oversight.spans import Span, span_of
from qianxian.web.oversight.waiting import leading_back, row_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, SUPERVISOR
from qianxian.web.shell.tags import STAGES

SHEET = 20_000
STAGE_NAMES = dict(STAGES)


@for_roles(STREET, SUPERVISOR)
@require_GET
def matters(request: HttpRequest) -> HttpResponse:
    """Show the matters that the address asks for, or save them as a spreadsheet."""
    at = now()
    known = names.known()
    span = span_of(request.GET, at) if "from" in request.GET or "to" in request.GET else None
    wanted = _wanted(request, span)
    if asked(request, "export") == "xlsx":
        return _sheet(wanted)
    try:
        page = behind.page(wanted, after=asked(request, "after"), before=asked(request, "before"))
    except behind.BadCursor:
        page = behind.page(wanted)
    shown = {
        "rows": [leading_back(request, _row(matter)) for matter in page.matters],
        "page": page,
        "span": span,
        "said": _said(wanted, span, known),
        "states": names.STATES.items(),
        "units": sorted(known.units().items()),
        "communities": known.communities(wanted.area),
        "export": _export(request),
        "carried": {key: request.GET[key] for key in ("part", "formula", "topic", "place") if request.GET.get(key)},
    }
    return render(request, "oversight/matters.html", shown)


def _wanted(request: HttpRequest, span: Span | None) -> behind.Wanted:
    sort = asked(request, "sort", "-received")
    return behind.Wanted(
        area=actor_of(request).area,
        at=now(),
        span=span.period if span else None,
        unit=asked(request, "unit"),
        topic=asked(request, "topic"),
        place=asked(request, "place"),
        state=_one_of(behind.State, asked(request, "state")),
        part=_one_of(Part, asked(request, "part")),
        formula=formulas().get(asked(request, "formula")),
        words=asked(request, "q"),
        order=_one_of(behind.Order, sort.lstrip("-")) or behind.Order.RECEIVED,
        backwards=sort.startswith("-"),
    )


def _one_of(kind: Any, value: str) -> Any:
    return kind(value) if value in {member.value for member in kind} else None


def _row(matter: Any) -> Any:
    marks = [(_("督办"), "over")] if matter.supervised else []
    marks += [(_("已剔除"), "calm")] if matter.removed else []
    row = row_of(matter, marks=marks)
    return row.__class__(
        **{**row.__dict__, "done_at": matter.resolved_at or matter.closed_at, "stage_name": STAGE_NAMES[matter.stage]}
    )


def _said(wanted: behind.Wanted, span: Span | None, known: names.Known) -> list[str]:
    """Return in words what the list was narrowed to."""
    said = [_("%(first)s 至 %(last)s 收到") % {"first": span.first, "last": span.last}] if span else []
    said += [known.topic(wanted.topic.rstrip("$-"))] if wanted.topic else []
    said += [known.place(wanted.place.rstrip("$"))] if wanted.place else []
    if wanted.formula:
        said.append(f"{names.MEASURES[wanted.formula.measure]}（{wanted.formula.name} {wanted.formula.id}）")
    said += [str(names.PARTS[wanted.part])] if wanted.part else []
    return said


def _export(request: HttpRequest) -> str:
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    query["export"] = "xlsx"
    return f"?{query.urlencode()}"


def _sheet(wanted: behind.Wanted) -> HttpResponse:
    columns = (
        _("编号"),
        _("标题"),
        _("事项"),
        _("地点"),
        _("承办单位"),
        _("状态"),
        _("收到时间"),
        _("期限"),
        _("办结时间"),
        _("满意程度"),
    )
    rows = (
        (
            matter.code, matter.title, matter.topic.name if matter.topic else "", matter.place.name, matter.owner.short,
            STAGE_NAMES[matter.stage], matter.received_at, matter.due_at, matter.resolved_at, matter.satisfaction,
        )
        for matter in behind.listed(wanted)[:SHEET]
    )  # fmt: skip
    return spreadsheet("matters", columns, rows)
