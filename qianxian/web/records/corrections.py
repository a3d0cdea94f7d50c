"""Requests to correct a value: asked by staff here and by residents on their own page, answered by the authority's body."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianxian.register.actions import privacy
from qianxian.register.queries import records as queries
from qianxian.register.sealing import ring
from qianxian.web.records import words
from qianxian.web.records.forms import AnswerForm, CorrectionForm
from qianxian.web.records.page import known
from qianxian.web.records.reader import READERS, WRITERS, Reader, reader_of
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles

if TYPE_CHECKING:
    from qianxian.register.models import Correction


@for_roles(*READERS)
@require_GET
def corrections(request: HttpRequest) -> HttpResponse:
    """Show what the reader's unit has to answer."""
    reader = reader_of(request)
    rows = [row_of(asked, reader) for asked in queries.corrections_for(reader.unit)[:100]]
    return render(request, "records/corrections.html", {"rows": rows, "now": reader.at})


def row_of(asked: "Correction", reader: Reader, form: AnswerForm | None = None) -> dict[str, Any]:
    """Return one request with what is held and what is asked for; the body that answers reads both."""
    held = queries.as_of(asked.record, reader.at).get(asked.element)
    now_value = words.shown(asked.element, held.fact.value) if held else ""
    return {
        "asked": asked, "record": asked.record, "name": reader.name_shown(asked.record.name),
        "element": words.name_of(asked.element), "now": now_value,
        "wanted": words.shown(asked.element, ring().open(bytes(asked.sealed))),
        "form": form or AnswerForm(prefix=f"c{asked.pk}"),
    }  # fmt: skip


@for_roles(*READERS)
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer one request."""
    reader = reader_of(request)
    asked = queries.corrections_for(reader.unit).filter(pk=number).first()
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST, prefix=f"c{number}")
    if not form.is_valid():
        shown = {"rows": [row_of(asked, reader, form)], "now": reader.at}
        return render(request, "records/corrections.html", shown, status=422)
    privacy.read(asked.record, elements=[asked.element], purpose=_("答复更正申请"), name=reader.signature, **reader.by)
    try:
        privacy.answer_correction(
            asked, accept=form.cleaned_data["verdict"] == "yes", reply=form.cleaned_data["reply"], **reader.by
        )
    except words.Refusal as refusal:
        messages.error(request, words.sentence(refusal))
    else:
        accept(request, f"correction-{number}", _("已答复，本人看得到。"))
    return redirect("record_corrections")


@for_roles(*WRITERS)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask on behalf of somebody that a value be corrected."""
    found, reader = known(code), reader_of(request)
    held = [element for element in queries.as_of(found, reader.at) if reader.may_read(element)]
    form = CorrectionForm(request.POST or None, held=held, initial={"element": request.GET.get("element", "")})
    if request.method == "POST" and form.is_valid():
        try:
            asked = privacy.ask_correction(found, **form.cleaned_data, **reader.by)
        except words.Refusal as refusal:
            form.add_error(None, words.sentence(refusal))
        else:
            body = asked.body.short
            accept(
                request,
                f"ask-{code}",
                _("已转 %(body)s，%(day)s前答复。") % {"body": body, "day": f"{asked.due_at:%Y-%m-%d} "},
            )
            return redirect("record", found.code)
    shown = {"form": form, "record": found, "name": reader.name_shown(found.name)}
    return render(request, "records/ask.html", shown, status=422 if form.errors else 200)
