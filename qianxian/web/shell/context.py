"""What base.html needs to know of the reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from qianxian.web.shell.forms import BurdenForm
from qianxian.web.shell.navigation import PUBLIC, ROLE_NAMES, STAFF, lines_for
from qianxian.web.shell.resident import resident_of

PRINT_COOKIE = "print"


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
        "demonstration": settings.DEMONSTRATION,
    }
