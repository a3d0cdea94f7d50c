"""What a resident sees: the own record in full, by whose word each line stands, who read it, and a way to correct it."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qianxian.register.actions import privacy
from qianxian.register.queries import records as queries
from qianxian.register.rules.facts import Held
from qianxian.standard import elements as standard
from qianxian.web.acting import now
from qianxian.web.records import words
from qianxian.web.records.forms import CorrectionForm
from qianxian.web.records.page import reads_of, source_name
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_residents
from qianxian.web.shell.resident import resident_of

if TYPE_CHECKING:
    from qianxian.register.models import Record

ACTOR = "resident"


def _own(request: HttpRequest) -> "list[Record]":
    """Return the records of the phone that this session has proved; row-level security shows no others."""
    phone = resident_of(request)
    return queries.records_of_phone(phone.index) if phone else []


@for_residents
@require_GET
def my_record(request: HttpRequest) -> HttpResponse:
    """Show the own record."""
    shown = [_told(record) for record in _own(request)]
    return render(request, "records/mine.html", {"records": shown})


def _told(record: "Record") -> dict[str, Any]:
    held = queries.as_of(record, now())
    groups: dict[str, list[dict[str, Any]]] = {}
    for code, one in standard.elements().items():
        if code in held:
            groups.setdefault(one.entity, []).append(_line(code, held[code]))
    return {
        "record": record,
        "groups": [(words.group_name(group), lines) for group, lines in groups.items()],
        "reads": reads_of(record),
        "corrections": [
            {"asked": asked, "element": words.name_of(asked.element)} for asked in queries.corrections_of([record])
        ],
        "receipts": queries.receipts_of(record)[:30],
        "members": [
            {"name": tie.record.name, "role": words.relation(tie.role)} for tie in queries.household_of(record, now())
        ],
    }


def _line(code: str, held: Held) -> dict[str, Any]:
    return {
        "element": code, "name": words.name_of(code), "value": words.shown(code, held.fact.value),
        "source": source_name(held.fact.source), "since": held.fact.since, "of_authority": held.fact.of_authority,
        "authority": words.authority_name(standard.element(code).authority),
    }  # fmt: skip


@for_residents
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Ask that a value of the own record be corrected."""
    record = next((one for one in _own(request) if one.code == code), None)
    if record is None:
        raise Http404
    held = list(queries.as_of(record, now()))
    form = CorrectionForm(request.POST or None, held=held, initial={"element": request.GET.get("element", "")})
    if request.method == "POST" and form.is_valid():
        try:
            asked = privacy.ask_correction(record, actor=ACTOR, at=now(), **form.cleaned_data)
        except words.Refusal as refusal:
            form.add_error(None, words.sentence(refusal))
        else:
            told = {"body": asked.body.short, "day": f"{asked.due_at:%Y-%m-%d}"}
            accept(request, f"correct-{code}", _("已转 %(body)s，%(day)s 前答复您。") % told)
            return redirect("my_record")
    return render(request, "records/correct.html", {"form": form, "record": record}, status=422 if form.errors else 200)
