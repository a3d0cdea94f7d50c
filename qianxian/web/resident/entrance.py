"""The front door of the public, and the entrance of each community with its QR code and poster."""

import io

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qianxian.register import queries as register
from qianxian.register.rules import Kind, Level, Place
from qianxian.web.acting import now
from qianxian.web.resident.emergency import NUMBERS
from qianxian.web.resident.forms import CLOSE_TO_HOME
from qianxian.web.shell.views import home as home_of_staff


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the public three ways in; staff have a front door of their own."""
    if request.user.is_authenticated:
        return home_of_staff(request)
    near = [place for place in register.directory().places_at(now()) if place.level in CLOSE_TO_HOME]
    return render(
        request, "resident/home.html", {"numbers": NUMBERS, "communities": sorted(near, key=lambda p: p.code)}
    )


@require_GET
def community(request: HttpRequest, place: str) -> HttpResponse:
    """Show the entrance of one community: say it, follow it, and whom to call."""
    return render(request, "resident/community.html", _community(request, place))


@require_GET
def poster(request: HttpRequest, place: str) -> HttpResponse:
    """Show the poster of one community, to be printed on A4."""
    return render(request, "resident/poster.html", _community(request, place))


@require_GET
def qr(request: HttpRequest, place: str) -> HttpResponse:
    """Draw the QR code that leads to the entrance of a community."""
    found = _known(place)
    code = segno.make_qr(request.build_absolute_uri(reverse("community", args=[found.code])), error="q")
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=2, omitsize=True, xmldecl=False)
    return HttpResponse(
        drawn.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"}
    )


def _community(request: HttpRequest, place: str) -> dict[str, object]:
    found = _known(place)
    directory = register.directory()
    committee = directory.over(found.code, Kind.COMMITTEE)
    street = directory.over(found.code, Kind.STREET)
    bodies = [body for body in (committee, street) if body]
    phones = register.phones([body.code for body in bodies])
    return {
        "place": found,
        "numbers": NUMBERS,
        "bodies": [{"name": body.name, "phone": phones.get(body.code, "")} for body in bodies],
        "address": request.build_absolute_uri(reverse("community", args=[found.code])),
    }


def _known(code: str) -> Place:
    found = register.directory().places.get(code)
    if found is None or found.level not in (*CLOSE_TO_HOME, Level.STREET):
        raise Http404
    return found
