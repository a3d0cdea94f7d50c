"""Forms listed, one form with its editions, closing and opening it again, its workbook handed out."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianxian.collection.forms import actions, queries
from qianxian.collection.forms.rules.xform import each_control
from qianxian.web.oversight.asked import asked
from qianxian.web.records import words as records
from qianxian.web.records.reader import READERS, Reader, reader_of
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import DEPARTMENT, ROLE_NAMES, STEWARD, STREET, SUPERVISOR, WORKER

from .filling import form_known

if TYPE_CHECKING:
    from qianxian.collection.forms.models import Form

PUBLISHERS = (DEPARTMENT, STREET, STEWARD, SUPERVISOR)
FILLERS = (WORKER, STREET, DEPARTMENT)


def owns(reader: Reader, form: "Form") -> bool:
    """Tell whether the reader's unit publishes this form."""
    return reader.role in PUBLISHERS and reader.unit == form.unit_id


@for_roles(*READERS)
@require_GET
def forms(request: HttpRequest) -> HttpResponse:
    """List the forms within reach."""
    reader, state = reader_of(request), asked(request, "state")
    lines = queries.forms_within(words=asked(request, "q")[:60], state=state, at=reader.at)
    rows = [
        (line, queries.is_open(line.form, reader.at), queries.may_fill(line.form, reader.role, reader.at))
        for line in lines
    ]
    shown = {"rows": rows, "state": state, "may_publish": reader.role in PUBLISHERS}
    return render(request, "collecting/list.html", shown)


@for_roles(*READERS)
@require_GET
def form(request: HttpRequest, code: str) -> HttpResponse:
    """Show one form: what it asks, who may fill it, its editions."""
    found, reader = form_known(code), reader_of(request)
    edition = queries.edition_of(found)
    if edition is None:
        raise Http404
    questions = [one for one in each_control(edition.definition["body"]) if one["kind"] not in ("group", "repeat")]
    shown = {
        "form": found, "edition": edition, "editions": list(queries.editions_of(found)), "questions": len(questions),
        "roles": [ROLE_NAMES[role] for role in found.roles], "is_open": queries.is_open(found, reader.at),
        "may_fill": queries.may_fill(found, reader.role, reader.at), "owns": owns(reader, found),
        "entity": records.group_name(found.entity) if found.entity else "",
        "bound": [(one.label, records.name_of(one.element), one.shown_only) for one in queries.asked(edition)],
    }  # fmt: skip
    return render(request, "collecting/form.html", shown)


@for_roles(*PUBLISHERS)
@require_POST
def turn(request: HttpRequest, code: str) -> HttpResponse:
    """Close a form, or open it again."""
    found, reader = form_known(code), reader_of(request)
    if not owns(reader, found):
        raise PermissionDenied
    if queries.is_open(found, reader.at):
        actions.close(found, **reader.by)
        accept(request, f"turn-{code}", _("已停止填报；已经填好还没送出的，仍会收下。"))
    else:
        actions.reopen(found, **reader.by)
        accept(request, f"turn-{code}", _("已重新开放填报。"))
    return redirect("collecting_form", code)


@for_roles(*READERS)
@require_GET
def workbook(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Hand out the workbook of an edition, as it was brought."""
    edition = queries.edition_of(form_known(code), number)
    if edition is None:
        raise Http404
    answer = HttpResponse(bytes(edition.source), content_type="application/octet-stream")
    suffix = edition.name.rpartition(".")[2]
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}-{number}.{suffix}"'
    return answer
