"""What rulings came to, where matters lay without work, and where the register is silent or contested."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianxian.mandates.queries import drafts
from qianxian.matters.queries import oversight
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.oversight.spans import presets, span_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.due import span as in_words
from qianxian.web.shell.navigation import STREET, SUPERVISOR

MOST = 100


@for_roles(STREET, SUPERVISOR)
@require_GET
def rulings(request: HttpRequest) -> HttpResponse:
    """Show objections and their fate per unit, rulings, time without work, findings, proposals."""
    at, area = now(), actor_of(request).area
    span = span_of(request.GET, at)
    known = names.known()
    held = oversight.held_without_work(area, span.period, at)
    if asked(request, "export") == "held":
        columns = (_("单位"), _("件数"), _("中位空转小时"), _("最长空转小时"), _("至今未动"))
        rows = ((known.unit(h.unit), h.matters, _hours(h.median), _hours(h.longest), h.untouched) for h in held)
        return spreadsheet("held", columns, rows)
    words = asked(request, "q")
    found = oversight.rulings(area, span.period)
    shown = {
        "span": span,
        "presets": presets(at),
        "contentions": [(known.unit(c.unit), c) for c in oversight.contentions(area, span.period)],
        "rulings": (
            found.filter(article__icontains=words) | found.filter(matter__title__icontains=words) if words else found
        )[:MOST],
        "causes": names.CAUSES,
        "held_export": f"?{span.query}&export=held",
        "held": [(known.unit(h.unit), h, in_words(h.median), in_words(h.longest)) for h in held],
        "findings": oversight.witnesses(area),
        "proposals": drafts.proposals_with_drafts()[:MOST],
        "settled": drafts.proposals_settled()[:MOST],
        "may_write": actor_of(request).role == SUPERVISOR,
    }
    return render(request, "oversight/rulings.html", shown)


def _hours(length: timedelta) -> float:
    return round(length.total_seconds() / 3600, 1)
