"""What every request passes: the cap on bodies, strict headers, the end of a session, refusals in product style."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from qianxian.cadres.queries import reach
from qianxian.web.shell.allowance import TooMany
from qianxian.web.shell.context import live_origin
from qianxian.web.shell.errors import has_own_page, refuse
from qianxian.web.shell.lockout import ENDED_SENTENCES
from qianxian.web.shell.resident import resident_phone
from qianxian.web.shell.sign_in import forget_sign_in, note_seen, why_ended

Respond = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'{live}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class PageSafety:
    """Puts the headers of a strict page on every answer, and keeps pages of signed-in people out of every cache."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(live=f" {live_origin(request)}"))
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("X-Frame-Options", "DENY")
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME) and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response


class Refusals:
    """Refuses a body beyond the cap before it is read, and gives bare refusals of any view their page."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _announced_length(request) > settings.LARGEST_BODY:
            return refuse(request, 413)
        response = self.get_response(request)
        if response.status_code >= 400 and not has_own_page(response):
            return _with_headers_of(response, refuse(request, response.status_code))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a used-up allowance with its page."""
        return refuse(request, 429) if isinstance(exception, TooMany) else None


def _announced_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def _with_headers_of(bare: HttpResponse, page: HttpResponse) -> HttpResponse:
    for name in ("Allow", "Retry-After"):
        if name in bare.headers:
            page.headers[name] = bare.headers[name]
    return page


class SessionLimits:
    """Ends a member of staff's session after half an hour without use and after half a day in any case.

    A password that another has set is changed before anything else.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            if ended := why_ended(request, at=now):
                forget_sign_in(request)
                logout(request)
                messages.warning(request, str(ENDED_SENTENCES[ended]))
            else:
                note_seen(request, at=now)
                if request.user.must_change_password and request.path not in _open_before_change():
                    return redirect("password_change")
        return self.get_response(request)


def _open_before_change() -> set[str]:
    return {reverse(name) for name in ("password_change", "logout", "set_language", "print_size")}


BY_KEY = "/api/matters"


class WithinReach:
    """
    Tells the database before each request how far the reader reaches, so that nothing is left of the last.

    A caller of the interface who brings a demand says it with the key, in the one statement that reads the key.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.path == BY_KEY:
            return self.get_response(request)
        if request.user.is_authenticated:
            reach(unit=request.user.unit_id, area=request.user.area_id or "")
        else:
            reach(requester=resident_phone(request) or "")
        return self.get_response(request)
