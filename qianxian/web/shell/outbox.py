"""
Forms that were filled without a network: each is taken once, whenever and however often it comes (decision 0008).

The browser gives a filled form a key. Key and deed are written in one transaction, so that a form whose answer was lost
on the way is not done twice. What is kept on the phone is enciphered by a key that only its writer is given.
"""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET

from qianxian.web.models import Delivery
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.lockout import LONGEST
from qianxian.web.shell.navigation import STAFF

if TYPE_CHECKING:
    from qianxian.cadres.models import Account

ASSETS = ("built/app.css", "built/app.js", "shell/icons.svg", "shell/mark.svg")
FIELD, KEY, OWNER, FILLED, TAKEN = "_outbox", "X-Outbox", "X-Outbox-Owner", "X-Outbox-Filled", "X-Outbox-Taken"


def owner_of(account: object) -> str:
    """Return the name under which a browser keeps what this account has filled; it tells nothing of the account."""
    return salted_hmac("qianxian.outbox.owner", _number(account), algorithm="sha256").hexdigest()[:24]


def _number(account: object) -> str:
    return str(cast("Account", account).pk)


def cipher_of(account: object) -> str:
    """Return the key by which a browser enciphers what this account has filled, in base64."""
    return base64.b64encode(salted_hmac("qianxian.outbox.key", _number(account), algorithm="sha256").digest()).decode()


Respond = Callable[[HttpRequest], HttpResponse]
TAKE = """
INSERT INTO qianxian_delivery (key, account_id, path, filled_at, taken_at, location)
VALUES (%s, %s, %s, %s, %s, '') ON CONFLICT (key) DO NOTHING
"""


class Once:
    """
    Takes a form with a key once: what was taken before is answered with its result, what is refused leaves the key free.

    A page that sends from the outbox names key and owner in headers and is answered in JSON; a form that the browser
    itself sends names the key in a field and is answered as ever.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        if not request.user.is_authenticated:
            return JsonResponse({}, status=401) if KEY in request.headers else self.get_response(request)
        if request.headers.get(OWNER, owner_of(request.user)) != owner_of(request.user):
            return JsonResponse({}, status=401)
        key = _key(request)
        return self._once(request, key) if key else self.get_response(request)

    def _once(self, request: HttpRequest, key: UUID) -> HttpResponse:
        with transaction.atomic():
            if not _is_first(request, key):
                before = Delivery.objects.filter(key=key, account=cast("Account", request.user)).first()
                return _taken(request, before.location if before else reverse("home"))
            response = self.get_response(request)
            if response.status_code in (302, 303):
                location = response.headers["Location"][:400]
                Delivery.objects.filter(key=key).update(location=location)
                return _taken(request, location) if KEY in request.headers else response
            _free(key)
        return response


def _free(key: UUID) -> None:
    """Let the key be used again. All else that the refusing page wrote stays: a reading that it journaled, a try it counted."""
    if connection.needs_rollback:
        transaction.set_rollback(True)
    else:
        Delivery.objects.filter(key=key).delete()


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.headers.get(KEY) or request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _is_first(request: HttpRequest, key: UUID) -> bool:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [key, request.user.pk, request.path[:200], _filled(request, now), now])
        return bool(cursor.rowcount == 1)


def _filled(request: HttpRequest, now: datetime) -> datetime | None:
    """Return when the form was filled by the phone's clock, which may be wrong and is never ahead of ours."""
    try:
        told = parse_datetime(request.headers.get(FILLED, ""))
    except ValueError:
        return None
    return min(told, now) if told and timezone.is_aware(told) else None


def _taken(request: HttpRequest, location: str) -> HttpResponse:
    if KEY not in request.headers:
        return redirect(location or "home")
    said = [str(message) for message in messages.get_messages(request)]
    return JsonResponse({"url": location, "said": said}, headers={TAKEN: "yes"})


@never_cache
@for_roles(*STAFF)
@require_GET
def key(request: HttpRequest) -> HttpResponse:
    """Give a signed-in member of staff the key of the own outbox, for as long as a session can last."""
    until = timezone.now() + LONGEST
    return JsonResponse(
        {
            "owner": owner_of(request.user),
            "key": cipher_of(request.user),
            "until": int(until.timestamp() * 1000),
            "token": get_token(request),
        }
    )


@cache_control(no_cache=True)
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Hand out the service worker of this build, for the whole site."""
    built = settings.STATICFILES_DIRS[0] / "built" / "sw.js"
    known = {
        "STATIC": settings.STATIC_URL,
        "OUTBOX": reverse("outbox"),
        "ASSETS": [static(name) for name in ASSETS],
    }
    text = built.read_text("utf-8") if built.exists() else ""
    return HttpResponse(f"self.PLATFORM={json.dumps(known)};\n{text}", content_type="text/javascript; charset=utf-8")


@cache_control(max_age=3600)
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the platform stands on a phone's screen."""
    sizes = ((192, "any"), (512, "any"), (512, "maskable"))
    icons = [
        {
            "src": static(f"shell/icon-{'maskable-' if purpose == 'maskable' else ''}{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in sizes
    ]
    told = {
        "id": "/",
        "name": _("千线"),
        "short_name": _("千线"),
        "start_url": reverse("desk"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f5f1",
        "theme_color": "#f7f5f1",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
