"""The district on its own outline: what is in work where, how much of it is late, and what comes up again and again."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianxian.kernel.period import Period
from qianxian.matters.queries import oversight
from qianxian.matters.queries.behind import narrowed
from qianxian.matters.queries.oversight import COMMUNITY, SECTION, Load
from qianxian.register import queries as register
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.spans import Span, span_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, SUPERVISOR

LEVELS = {"community": (12,), "grid": (15,)}
TOPICS = 12
MONTH = timedelta(days=30)


@for_roles(STREET, SUPERVISOR)
@require_GET
def outline(request: HttpRequest) -> HttpResponse:
    """Show the map, shaded by what is in work or by the share that is late, the same as a list, and the hot spots."""
    at, area = now(), actor_of(request).area
    level = "grid" if request.GET.get("level") == "grid" else "community"
    shade = "late" if request.GET.get("shade") == "late" else "open"
    known = names.known()
    loads = oversight.loads(area, at)
    places = [place for place in register.outlines(area) if len(place.code) in LEVELS[level]]
    gathered = {place.code: oversight.gathered(loads, place.code) for place in places}
    span = span_of(QueryDict(), at)
    shown = {
        "level": level,
        "shade": shade,
        "geojson": {"type": "FeatureCollection", "features": [_feature(place, gathered, shade) for place in places]},
        "places": [
            (place, gathered[place.code], _link(place.code, "working"), _link(place.code, "overdue"))
            for place in places
        ],
        "spots": _spots(known, area, Period(at - MONTH), span),
    }
    return render(request, "oversight/map.html", shown)


def _feature(place: Any, gathered: dict[str, Load], shade: str) -> dict[str, Any]:
    """Return a place to draw; a grid is too small for its name, which stands in the list beside the map."""
    load, most = gathered[place.code], max((held.open for held in gathered.values()), default=0)
    grid = len(place.code) in LEVELS["grid"]
    if shade == "open":
        share, value = load.open / most if most else 0, str(load.open)
        words = value if grid else _("%(open)s 件在办") % {"open": value}
    else:
        share, value = load.overdue / load.open if load.open else 0, f"{load.overdue}/{load.open}"
        words = value if grid else _("%(share)s 超时") % {"share": value}
    properties = {
        "name": "" if grid else place.name,
        "value": words,
        "level": round(share * 4),
        "href": _link(place.code, "working" if shade == "open" else "overdue"),
    }
    return {"type": "Feature", "properties": properties, "geometry": place.outline}


def _link(place: str, state: str) -> str:
    return f"{reverse('oversight_matters')}?place={place}&state={state}&sort=due"


def _spots(known: names.Known, area: str, period: Period, span: Span) -> dict[str, Any]:
    """Return topics by communities with their counts, the topics that come up most."""
    spots = oversight.hot_spots(area, period)
    communities = sorted({spot.community for spot in spots})
    totals: dict[str, int] = {}
    for spot in spots:
        totals[spot.topic] = totals.get(spot.topic, 0) + spot.demands
    counts = {(spot.topic, spot.community): spot.demands for spot in spots}
    rows = [
        {
            "name": known.topic(topic),
            "total": total,
            "link": f"{reverse('oversight_matters')}?{span.query}&topic={narrowed(topic, SECTION)}",
            "cells": [
                {
                    "count": counts.get((topic, community), 0),
                    "link": f"{reverse('oversight_matters')}?{span.query}&topic={narrowed(topic, SECTION)}&place={narrowed(community, COMMUNITY)}",
                }
                for community in communities
            ],
        }
        for topic, total in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:TOPICS]
    ]
    return {"communities": [known.place(code) for code in communities], "rows": rows}
