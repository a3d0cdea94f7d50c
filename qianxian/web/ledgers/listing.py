"""All ledgers: by line of work, searched, narrowed, saved as a spreadsheet."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qianxian.ledgers import queries
from qianxian.ledgers.rules.definition import Every, Way
from qianxian.web.ledgers.asked_for import place_of
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.records.listing import places_of
from qianxian.web.records.reader import reader_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STAFF

EVERY = {
    Every.MONTH: gettext_lazy("每月"), Every.QUARTER: gettext_lazy("每季"), Every.HALF: gettext_lazy("每半年"),
    Every.YEAR: gettext_lazy("每年"),
}  # fmt: skip


@for_roles(*STAFF)
@require_GET
def ledgers(request: HttpRequest) -> HttpResponse:
    """Show the ledgers that the address asks for, by line of work, or save them as a spreadsheet."""
    reader = reader_of(request)
    held = queries.ledgers()
    bodies = sorted(set(held.values_list("asked_by", flat=True)))
    lines = list(dict.fromkeys(held.values_list("line", flat=True)))
    words, line, body = asked(request, "q"), asked(request, "line"), asked(request, "by")
    found = held.filter(Q(title__contains=words) | Q(code__contains=words.lower()) | Q(asked_by__contains=words))
    found = found.filter(line=line) if line else found
    found = found.filter(asked_by=body) if body else found
    defined = {one.code: one for one in queries.definitions()}
    rows = [_row(one, defined.get(one.code)) for one in found]
    if asked(request, "export") == "xlsx":
        columns = (
            _("编号"),
            _("名称"),
            _("条线"),
            _("要表单位"),
            _("依据"),
            _("频次"),
            _("列数"),
            _("要人填的列"),
            _("停用原因"),
        )
        return spreadsheet(_("台账清单"), columns, [tuple(row.values())[:9] for row in rows])
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["line"], []).append(row)
    query = request.GET.copy()
    query["export"] = "xlsx"
    place = place_of(request, reader)
    shown = {
        "groups": groups.items(), "count": len(rows), "total": held.count(), "lines": lines, "bodies": bodies, "line": line,
        "body": body, "export": f"?{query.urlencode()}", "place": place, "places": places_of(reader.area),
        "narrowed": bool(words or line or body),
    }  # fmt: skip
    return render(request, "ledgers/list.html", shown)


def _row(one: Any, definition: Any) -> dict[str, Any]:
    columns = definition.columns if definition else ()
    return {
        "code": one.code, "title": one.title, "line": one.line, "asked_by": one.asked_by,
        "article": definition.article if definition else "", "every": str(EVERY[Every(one.every)]), "columns": len(columns),
        "by_hand": sum(column.way is Way.MANUAL for column in columns), "stopped": one.stopped_why,
    }  # fmt: skip
