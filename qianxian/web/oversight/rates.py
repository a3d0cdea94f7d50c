"""The three rates for those who watch over the work: each figure with its formula, and a way down to its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianxian.matters import actions
from qianxian.matters.queries.behind import narrowed
from qianxian.matters.queries.rates import CHAPTER, COMMUNITY, By, Counted, Part, counted, formulas, rates_of, together
from qianxian.matters.rules.rates import Formula, Measure, NoFormula, Rate, in_percent, official
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.oversight.spans import Span, presets, span_of
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, SUPERVISOR

PARAMETER = {By.UNIT: "unit", By.TOPIC: "topic", By.COMMUNITY: "place", By.WHOLE: ""}
PERCENT: dict[str, Any] = {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}}
DIGITS = {By.TOPIC: CHAPTER, By.COMMUNITY: COMMUNITY}


@dataclass(frozen=True)
class Cell:
    """One rate as the page shows it; every figure has its address."""

    rate: Rate
    links: dict[str, str]

    @property
    def numerator(self) -> str:
        return figure(self.rate)


def figure(rate: Rate) -> str:
    """Return a numerator as people write it: whole, or with its half."""
    whole = rate.numerator.denominator == 1
    return str(rate.numerator.numerator) if whole else f"{float(rate.numerator):.1f}"


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    key: str
    name: str
    total: int
    cells: list[Cell]
    pending: int
    exits: int
    removed: int
    links: dict[str, str]


@for_roles(STREET, SUPERVISOR)
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """Show the rates of units, topics or communities, or save them as a spreadsheet."""
    at, area = now(), actor_of(request).area
    span, by = span_of(request.GET, at), _grouping(request)
    chosen = _formulas(request, span)
    table = counted(span.period, area, by, at)
    naming = _naming(by)
    lines = [_line(key, naming(key), counts, by, span, chosen) for key, counts in table.items()]
    lines = _ordered([line for line in lines if asked(request, "q") in line.name], asked(request, "sort", "key"))
    if asked(request, "export") == "xlsx":
        return _sheet(lines, chosen, span)
    weeks = counted(span.period, area, By.WEEK, at)
    shown = {
        "span": span,
        "presets": presets(at),
        "by": by,
        "groupings": names.GROUPINGS.items(),
        "lines": lines,
        "whole": _line("", _("合计"), together(table.values()), By.WHOLE, span, chosen),
        "formulas": [(names.MEASURES[measure], formula) for measure, formula in chosen.items()],
        "choices": _choices(chosen),
        "export": _with(request, export="xlsx"),
        "trend": _trend(weeks, chosen),
        "bars": _bars(lines, chosen, by),
        "may_publish": actor_of(request).role == SUPERVISOR,
    }
    return render(request, "oversight/rates.html", shown)


def _grouping(request: HttpRequest) -> By:
    by = asked(request, "by")
    return By(by) if by in {grouping.value for grouping in names.GROUPINGS} else By.UNIT


def _formulas(request: HttpRequest, span: Span) -> dict[Measure, Formula]:
    """Return the formula of each measure: the one asked for, else the one that counts at the end of the span."""
    at = span.period.end or now()
    try:
        chosen = official(formulas().values(), at)
    except NoFormula:
        chosen = official(formulas().values(), now())
    wanted = (formulas().get(asked(request, measure.value)) for measure in Measure)
    chosen |= {formula.measure: formula for formula in wanted if formula}
    return {measure: chosen[measure] for measure in Measure}


def _choices(chosen: dict[Measure, Formula]) -> list[tuple[Measure, names.Words, list[tuple[Formula, bool]]]]:
    """Return for each measure its formulas, the chosen one marked."""
    return [
        (
            measure,
            names.MEASURES[measure],
            [(f, f is chosen[measure]) for f in formulas().values() if f.measure is measure],
        )
        for measure in Measure
    ]


def _line(key: str, name: str, counts: Counted, by: By, span: Span, chosen: dict[Measure, Formula]) -> Line:
    def link(**more: str) -> str:
        only = {PARAMETER[by]: narrowed(key, DIGITS.get(by, 0))} if PARAMETER[by] else {}
        query = urlencode({"from": str(span.first), "to": str(span.last), **only, **more})
        return f"{reverse('oversight_matters')}?{query}"

    cells = [
        Cell(
            rate,
            {
                part.value: link(formula=rate.formula, part=part.value)
                for part in (Part.NUMERATOR, Part.DENOMINATOR, Part.LEFT_OUT)
            },
        )
        for rate in rates_of(counts, chosen.values()).values()
    ]
    others = {part.value: link(part=part.value) for part in (Part.PENDING, Part.EXITS, Part.REMOVED)}
    removed = max((cell.rate.removed for cell in cells), default=0)
    return Line(key, name, counts.total, cells, counts.pending, counts.exits, removed, others | {"all": link()})


def _naming(by: By) -> Callable[[str], str]:
    known = names.known()
    return {By.UNIT: known.unit, By.TOPIC: known.topic, By.COMMUNITY: known.place}[by]


def _ordered(lines: list[Line], sort: str) -> list[Line]:
    """Order by code, name or number of matters; never by a rate: units are not ranked."""
    keys: dict[str, Callable[[Line], str | int]]
    keys = {"key": _by_key, "name": lambda line: line.name, "total": lambda line: line.total}
    key = keys.get(sort.lstrip("-"), _by_key)
    return sorted(lines, key=lambda line: (key(line), line.key), reverse=sort.startswith("-"))


def _by_key(line: Line) -> str:
    return line.key


def _with(request: HttpRequest, **more: str) -> str:
    query = request.GET.copy()
    query.update(more)
    return f"?{query.urlencode()}"


def _percent(rate: Rate) -> float | None:
    return float(in_percent(rate.value)) if rate.value is not None else None


def _trend(weeks: dict[str, Counted], chosen: dict[Measure, Formula]) -> dict[str, Any]:
    """Return the weeks: how many matters came as bars, the rates as lines where enough were assessed to state them."""
    rows = [(week[:10], counts.total, rates_of(counts, chosen.values())) for week, counts in weeks.items()]
    lines = [
        {"name": str(names.MEASURES[measure]), "type": "line", "yAxisIndex": 1, "symbolSize": 8, "z": 3,
         "data": [_percent(found[measure]) for _week, _total, found in rows]}
        for measure in chosen
    ]  # fmt: skip
    option = {
        "legend": {"top": 0},
        "xAxis": {"type": "category", "data": [week for week, _total, _found in rows]},
        "yAxis": [{"type": "value", "minInterval": 1}, PERCENT | {"splitLine": {"show": False}}],
        "series": [{"name": _("收到件数"), "type": "bar", "barMaxWidth": 32, "data": [row[1] for row in rows]}, *lines],
    }
    table = [(week, total, *(_shown(found[measure]) for measure in chosen)) for week, total, found in rows]
    columns = [_("自当周周一起"), _("收到件数"), *(names.MEASURES[measure] for measure in chosen)]
    return {"option": option, "columns": columns, "rows": table}


def _shown(rate: Rate) -> str:
    share = f"{figure(rate)}/{rate.denominator}"
    return f"{rate.percent}%（{share}）" if rate.percent is not None else _("样本不足（%(share)s）") % {"share": share}


def _bars(lines: list[Line], chosen: dict[Measure, Formula], by: By) -> dict[str, Any]:
    """Return the bars of those whose rates can be stated, by code; empty where there are none. The table has all."""
    lines = sorted((line for line in lines if any(cell.rate.value is not None for cell in line.cells)), key=_by_key)
    if not lines:
        return {}
    series = [
        {
            "name": str(names.MEASURES[measure]),
            "type": "bar",
            "data": [_percent(line.cells[number].rate) for line in lines],
        }
        for number, measure in enumerate(chosen)
    ]
    option = {
        "legend": {"top": 0},
        "xAxis": {
            "type": "category",
            "data": [line.name for line in lines],
            "axisLabel": {"rotate": 40, "interval": 0, "hideOverlap": True},
        },
        "yAxis": PERCENT,
        "series": series,
    }
    rows = [(line.name, *(_shown(cell.rate) for cell in line.cells)) for line in lines]
    return {
        "option": option,
        "columns": [names.GROUPINGS.get(by, ""), *(names.MEASURES[measure] for measure in chosen)],
        "rows": rows,
    }


def _sheet(lines: list[Line], chosen: dict[Measure, Formula], span: Span) -> HttpResponse:
    columns = [_("名称"), _("收到"), _("在办未到期"), _("依法不派单"), _("已剔除")]
    for measure, formula in chosen.items():
        name = names.MEASURES[measure]
        columns += [
            f"{name}（%）",
            _("%(name)s分子") % {"name": name},
            _("%(name)s分母") % {"name": name},
            f"{name} {formula.id}",
        ]
    rows = (
        [
            line.name, line.total, line.pending, line.exits, line.removed,
            *(value for cell in line.cells for value in (
                _("样本不足") if cell.rate.percent is None else float(cell.rate.percent), float(cell.rate.numerator),
                cell.rate.denominator, cell.rate.formula,
            )),
        ]
        for line in lines
    )  # fmt: skip
    return spreadsheet(f"rates-{span.first}-{span.last}", columns, rows)


@for_roles(SUPERVISOR)
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the rates of the span that the page shows."""
    at: datetime = now()
    span = span_of(request.POST, at)
    try:
        written = actions.publish_rates(area=actor_of(request).area, span=span.period, actor=actor_of(request), at=at)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect(f"{reverse('oversight_rates')}?{span.query}")
    messages.success(
        request,
        _("已公开 %(count)s 个数字，从现在起不再改动；要更正就再公开一次，两次都看得到。") % {"count": len(written)},
    )
    return redirect("published_rates")
