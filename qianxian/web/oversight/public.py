"""The rates that are public, with their formulas: published figures only, no matter is read for this page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qianxian.matters.queries import rates
from qianxian.matters.queries.rates import Publication
from qianxian.matters.rules.rates import Measure
from qianxian.web.oversight import names
from qianxian.web.oversight.asked import asked


@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """Show one publication, the newest unless another is asked for."""
    found = rates.publications()
    moment = asked(request, "at")
    chosen = next((one for one in found if one.published_at.isoformat() == moment), found[0] if found else None)
    shown: dict[str, Any] = {
        "publications": found,
        "chosen": chosen,
        "measures": [names.MEASURES[measure] for measure in Measure],
    }
    if chosen:
        shown |= _table(chosen, asked(request, "q"), asked(request, "sort"))
    return render(request, "oversight/published.html", shown)


def _table(chosen: Publication, words: str, sort: str) -> dict[str, Any]:
    """Return the lines of a publication, by code of the unit or by name: units are not ranked."""
    by_unit: dict[Any, dict[str, Any]] = {}
    used = {}
    for row in rates.published(chosen.area).filter(published_at=chosen.published_at):
        by_unit.setdefault(row.unit, {})[row.measure] = row
        used[row.measure] = rates.formulas().get(row.formula)
    lines = [
        (unit, [found.get(measure.value) for measure in Measure])
        for unit, found in by_unit.items()
        if unit is not None and words in unit.name
    ]
    if sort.lstrip("-") == "name":
        lines.sort(key=lambda line: line[0].name, reverse=sort.startswith("-"))
    return {
        "lines": lines,
        "whole": [by_unit.get(None, {}).get(measure.value) for measure in Measure],
        "formulas": [(names.MEASURES[measure], used[measure.value]) for measure in Measure if used.get(measure.value)],
    }
