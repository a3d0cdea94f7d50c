"""Who may open a page: `@for_roles(WORKER, STREET)` and `@for_residents` above a view."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

from qianxian.web.shell.resident import resident_of

View = Callable[..., HttpResponseBase]


def for_roles(*roles: str) -> Callable[[View], View]:
    """Open a view to signed-in staff of these roles; others sign in first, or are told that it is not theirs."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_enter(request, "login")
            if getattr(request.user, "role", None) not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def for_residents(view: View) -> View:
    """Open a view to whoever has proved a phone; others are asked for it and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if resident_of(request) is None:
            return ask_to_enter(request, "resident_enter")
        return view(request, *args, **kwargs)

    return guarded


def ask_to_enter(request: HttpRequest, url_name: str) -> HttpResponseBase:
    """Lead to a sign-in and from there back to the page on which the reader was."""
    response = redirect_to_login(return_path(request), resolve_url(url_name))
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": response.url})
    return response


def return_path(request: HttpRequest) -> str:
    """Return the page to come back to: this one, or the one that holds the form when something was posted."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return "/"
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")
