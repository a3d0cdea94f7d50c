"""Whistles: units called to the spot, when they had to be there and when they were, and how both sides found it."""

from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianxian.matters import actions
from qianxian.matters.queries import oversight
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.forms import OutcomeForm, RatingForm
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, SUPERVISOR

MOST = 100


@for_roles(STREET, SUPERVISOR)
@require_GET
def whistles(request: HttpRequest) -> HttpResponse:
    """Show the whistles of the area, open ones first, with arrivals required and actual."""
    found = oversight.whistles(actor_of(request).area)
    state = asked(request, "state")
    if state in ("open", "closed"):
        found = found.filter(closed_at__isnull=state == "open")
    if words := asked(request, "q"):
        found = found.filter(what__icontains=words)
    return render(request, "oversight/whistles.html", {"whistles": found[:MOST], "kinds": names.WHISTLES, "now": now()})


@for_roles(STREET, SUPERVISOR)
@require_GET
def whistle(request: HttpRequest, number: int) -> HttpResponse:
    """Show one whistle."""
    return _page(request, number)


@for_roles(STREET)
@require_POST
def rate(request: HttpRequest, number: int) -> HttpResponse:
    """Rate how a unit answered."""
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            arrival = actions.rate_arrival(number, actor=actor_of(request), at=now(), **form.cleaned_data)
        except ObjectDoesNotExist as missing:
            raise Http404 from missing
        except Refusal as refusal:
            return render(request, "oversight/refused.html", {"sentence": sentence(refusal)}, status=422)
        accept(request, f"rate-{number}", _("评价已记下。"))
        return redirect("oversight_whistle", arrival.whistle_id)
    return render(request, "oversight/refused.html", {"sentence": _("请从 1 到 5 分里选一个。")}, status=422)


@for_roles(STREET)
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Send the units home."""
    form = OutcomeForm(request.POST, unrated=_unrated(_blown(number)))
    if form.is_valid():
        said = {"outcome": form.cleaned_data["outcome"], "ratings": form.ratings}
        try:
            actions.close_whistle(number, actor=actor_of(request), at=now(), **said)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            accept(request, "close", _("哨声已办结。"))
            return redirect("oversight_whistle", number)
    return _page(request, number, form)


def _blown(number: int) -> Any:
    try:
        return oversight.whistle(number)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _unrated(blown: Any) -> list[tuple[int, str]]:
    return [(arrival.pk, arrival.unit.short) for arrival in blown.arrivals.all() if not arrival.unit_rated]


def _page(request: HttpRequest, number: int, closing: forms.Form | None = None) -> HttpResponse:
    blown = _blown(number)
    mine = blown.caller_id == actor_of(request).unit
    shown = {
        "whistle": blown,
        "arrivals": [(arrival, RatingForm(auto_id=f"rate-{arrival.pk}-%s")) for arrival in blown.arrivals.all()],
        "kind": names.WHISTLES[blown.kind],
        "closing": (closing or OutcomeForm(unrated=_unrated(blown))) if mine and not blown.closed_at else None,
        "may_rate": mine,
        "now": now(),
    }
    return render(request, "oversight/whistle.html", shown, status=422 if closing else 200)
