"""Two records that may be one, side by side, decided with one key; the last decision can be taken back."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianxian.register.actions import linking, privacy
from qianxian.register.queries import linking as queries
from qianxian.register.queries import records as held
from qianxian.web.records import words
from qianxian.web.records.page import source_name
from qianxian.web.records.reader import Reader, reader_of, values_for
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, WORKER

if TYPE_CHECKING:
    from qianxian.register.models import Link

DECIDERS = (WORKER, STREET)
LAST = "last_pair"
TELLING = 0.5
"""A reason weaker than this (as log2) says nothing either way."""
SIDE_BY_SIDE = (
    "person.name", "person.sex", "person.birth_date", "person.citizen_number", "person.phone", "person.living_address",
    "person.registered_address", "organisation.name", "organisation.credit_code", "organisation.address",
    "organisation.legal_person",
)  # fmt: skip


@for_roles(*DECIDERS)
@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """Show the pair that waits, the likeliest first; `?skip=` passes pairs over."""
    reader = reader_of(request)
    skipped = [int(one) for one in request.GET.get("skip", "").split(",") if one.isdecimal()][:200]
    waiting = queries.waiting().exclude(pk__in=skipped)
    link = waiting.first()
    last = queries.link(request.session.get(LAST))
    shown: dict[str, Any] = {
        "link": link,
        "count": queries.waiting().count(),
        "skip": ",".join(map(str, [*skipped, link.pk] if link else skipped)),
        "last": last if last and last.state != "queued" else None,
        "decided": queries.decided()[:10],
        "bounds": linking.bounds(reader.at),
    }
    if link:
        shown |= _compared(link, reader)
    return render(request, "records/pairs.html", shown)


def _compared(link: "Link", reader: Reader) -> dict[str, Any]:
    """Return both records side by side; comparing them is the purpose, and it is written down."""
    sides = [held.opened(link.left), held.opened(link.right)]
    for record, said in zip((link.left, link.right), sides, strict=True):
        readable = [code for code in said if code in SIDE_BY_SIDE and reader.may_read(code)]
        privacy.read(record, elements=readable, purpose=_("核对是不是同一个人"), name=reader.signature, **reader.by)
    rows = []
    for code in SIDE_BY_SIDE:
        if code in sides[0] or code in sides[1]:
            cells = [_cell(code, said, reader) for said in sides]
            rows.append({"name": words.name_of(code), "cells": cells, "same": cells[0]["value"] == cells[1]["value"]})
    return {"rows": rows, "reasons": [_reason(one) for one in link.reasons], "percent": int(link.probability * 100)}


def _cell(code: str, said: dict[str, list[Any]], reader: Reader) -> dict[str, str]:
    if code not in said:
        return {"value": "", "source": ""}
    value = values_for(reader, {code: words.shown(code, said[code][0])}, full=True)[code]
    return {"value": value, "source": source_name(said[code][1])}


def _reason(one: dict[str, Any]) -> dict[str, Any]:
    weight = float(one["weight"])
    return {
        "element": words.COMPARED.get(one["element"], one["element"]),
        "step": words.STEPS.get(one["step"], one["step"]),
        "verdict": "for" if weight >= TELLING else "against" if weight <= -TELLING else "neither",
        "weight": f"{weight:+.1f}",
    }


@for_roles(*DECIDERS)
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Decide one pair, or take the decision back."""
    link, reader = queries.link(number), reader_of(request)
    if link is None:
        raise Http404
    deeds = {"same": linking.join, "two": linking.part, "undo": linking.undo}
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None:
        raise Http404
    try:
        deed(link, **reader.by)
    except words.Refusal as refusal:
        messages.error(request, words.sentence(refusal))
    else:
        request.session[LAST] = None if deed is linking.undo else link.pk
        if deed is linking.undo:
            messages.success(request, _("已撤销，两份档案恢复原样。"))
    return redirect("record_pairs")
