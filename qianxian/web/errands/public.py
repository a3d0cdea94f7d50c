"""What was admitted into which community and why, until when: for anybody to read."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qianxian.errands.queries import lists
from qianxian.errands.rules.life import PUBLIC, Stage
from qianxian.web.acting import now
from qianxian.web.errands import wording
from qianxian.web.errands.forms import communities
from qianxian.web.errands.requests import facts, row, sheet_of

MOST, SHEET = 100, 5000


@require_GET
def admitted(request: HttpRequest) -> HttpResponse:
    """Show every decision, narrowed by community and stage."""
    at, found = now(), lists.published()
    words, place, stage = (request.GET.get(name, "").strip()[:40] for name in ("q", "place", "stage"))
    if words:
        found = found.filter(title__icontains=words) | found.filter(department__name__icontains=words)
    if place:
        found = found.filter(places__contains=[place])
    if stage.isdecimal() and int(stage) in {int(code) for code in PUBLIC}:
        found = found.filter(stage=int(stage))
    if request.GET.get("export") == "xlsx":
        return sheet_of(found[:SHEET])
    query = request.GET.copy()
    query["export"] = "xlsx"
    shown = {
        "rows": [row(errand, at) | {"href": reverse("admitted_one", args=[errand.pk])} for errand in found[:MOST]],
        "counts": lists.counted_stages(found),
        "places": communities(at),
        "stages": [(int(code), wording.STAGES[code]) for code in PUBLIC],
        "export": f"?{query.urlencode()}",
    }
    return render(request, "errands/admitted.html", shown)


@require_GET
def admitted_one(request: HttpRequest, number: int) -> HttpResponse:
    """Show one decision with its reasons, conditions, and what the communities said."""
    try:
        found = lists.errand(number)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    if found.stage not in PUBLIC:
        raise Http404
    shown = {
        **row(found, now()),
        "facts": facts(found),
        "entrances": [
            (entrance, wording.named(wording.OPINIONS, entrance.opinion), wording.OPINION_MARKS[entrance.opinion])
            for entrance in found.entrances.all()
        ],
        "runs": found.stage == Stage.ADMITTED,
    }
    return render(request, "errands/admitted_one.html", shown)
