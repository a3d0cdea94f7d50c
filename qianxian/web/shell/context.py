"""What base.html needs to know of the reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from qianxian.web.live import Ear, token_for
from qianxian.web.shell.forms import BurdenForm
from qianxian.web.shell.navigation import PUBLIC, ROLE_NAMES, STAFF, lines_for
from qianxian.web.shell.outbox import owner_of
from qianxian.web.shell.resident import resident_of

PRINT_COOKIE = "print"


def live(request: HttpRequest) -> dict[str, Any]:
    """Return the address at which a page hears of changes: of the reader's unit and area, or of the matter it shows."""
    account = getattr(request, "user", None)
    code = request.resolver_match.kwargs.get("code", "") if request.resolver_match else ""
    if account is not None and account.is_authenticated:
        ear = Ear(account.unit_id, account.area_id or "", code)
    elif code:
        ear = Ear(code=code)
    else:
        return {}
    return {"live_url": f"{live_origin(request)}/live?token={token_for(ear)}"}


def live_origin(request: HttpRequest) -> str:
    """Return where live events are served: behind a gateway at the same address, else on the next port."""
    if settings.CSRF_TRUSTED_ORIGINS:
        return str(settings.CSRF_TRUSTED_ORIGINS[0])
    return f"{request.scheme}://{request.get_host().rsplit(':', 1)[0]}:{settings.LIVE_PORT}"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's role, unit, navigation and size of print."""
    account = getattr(request, "user", None)
    signed_in = account is not None and account.is_authenticated
    role = getattr(account, "role", PUBLIC) if signed_in else PUBLIC
    return {
        "large_print": request.COOKIES.get(PRINT_COOKIE) == "large",
        "role": role,
        "role_name": ROLE_NAMES.get(role, ""),
        "is_staff_page": role in STAFF,
        "resident": None if signed_in else resident_of(request),
        "burden_form": BurdenForm(initial={"page": request.path}, auto_id="burden-%s"),
        "navigation": lines_for(request, role),
        "outbox_owner": owner_of(account) if account is not None and signed_in else "",
        "demonstration": settings.DEMONSTRATION,
    }
