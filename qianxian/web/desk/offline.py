"""The outbox: what was filled without a network and waits to go up, and forms to fill. It holds nobody's data itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qianxian.register import queries as bodies
from qianxian.web.acting import actor_of
from qianxian.web.desk.choosing import Choices
from qianxian.web.desk.deeds import DEEDS
from qianxian.web.desk.listing import FILLABLE
from qianxian.web.desk.phone import RegisterForm
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STAFF, STREET, SUPERVISOR, WORKER
from qianxian.web.shell.outbox import owner_of

NOTHING = Choices(
    units=[], rulable=[], near=[], far=[], before=[], above=[], executors=[], unrated=[], articles=[], limit=(1, ""),
    similar=[], owner=("", ""), pieces=(),
)  # fmt: skip


@never_cache
@for_roles(*STAFF)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the outbox; the browser keeps this page for the time without a network."""
    actor = actor_of(request)
    registers = actor.role in (WORKER, STREET, SUPERVISOR)
    words = {
        "owner": owner_of(request.user),
        "deeds": [
            (name, DEEDS[name].label, DEEDS[name].form(known=NOTHING, auto_id=f"{name}-%s")) for name in FILLABLE
        ],
        "register": RegisterForm(directory=bodies.directory(), area=actor.area) if registers else None,
    }
    return render(request, "desk/outbox.html", words)
