"""Entering a new record, adding to one, benefits and services."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qianxian.register.actions import privacy, records
from qianxian.register.queries import records as queries
from qianxian.register.rules.records import ENTITY_OF
from qianxian.web.records import words
from qianxian.web.records.forms import BlockForm, PlaceForm, ReceiptForm
from qianxian.web.records.listing import places_of
from qianxian.web.records.page import known
from qianxian.web.records.reader import WRITERS, Reader, reader_of
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles

if TYPE_CHECKING:
    from qianxian.register.models import Record

FIRST = {"person": "person.name", "organisation": "organisation.name", "party_branch": "party_branch.name",
         "building": "building.name", "home": "home.number", "household": "household.number"}  # fmt: skip


@for_roles(*WRITERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, entity: str) -> HttpResponse:
    """Enter a new record, after a look at who is there already."""
    if entity not in FIRST:
        raise Http404
    reader = reader_of(request)
    form = BlockForm(request.POST or None, group=entity, held={}, on=reader.at.date(), first=[FIRST[entity]])
    places = PlaceForm(request.POST or None, places=places_of(reader.area))
    if request.method == "POST" and form.is_valid() and places.is_valid():
        alike = _alike(entity, form, reader)
        if not alike or request.POST.get("sure"):
            found = _say(None, entity, places.cleaned_data["place"], form, reader)
            accept(request, f"new-{entity}", _("已登记。"))
            return redirect("record", found.code)
        return _page(request, entity, form, places, alike)
    return _page(request, entity, form, places, [])


def _page(request: HttpRequest, entity: str, form: BlockForm, places: PlaceForm, alike: "list[Record]") -> HttpResponse:
    shown = {
        "form": form, "places": places, "entity": entity, "entity_name": words.group_name(entity), "alike": alike,
        "group": entity,
    }  # fmt: skip
    return render(request, "records/new.html", shown, status=422 if form.errors or places.errors else 200)


def _alike(entity: str, form: BlockForm, reader: Reader) -> "list[Record]":
    """Return records that have the same number, or the same name in the reader's area."""
    number = form.values.get("person.citizen_number") or form.values.get("organisation.credit_code")
    name = form.values.get(FIRST[entity], ("", ""))[0]
    sought = [one for one in (number[0] if number else "", name) if one]
    found = {
        record.pk: record
        for text in sought
        for record in queries.listed(queries.Wanted(entity=entity, words=text, place=reader.area))[:5]
    }
    return list(found.values())[:5]


def _say(record: "Record | None", entity: str, place: str, form: BlockForm, reader: Reader) -> "Record":
    """Say what was typed: what the unit keeps as its authority in one statement, the rest in another."""
    by_authority: dict[str, dict[str, tuple[str, str]]] = {}
    for code, value in form.values.items():
        by_authority.setdefault(reader.authority_over(code), {})[code] = value
    for authority, said in by_authority.items():
        record = records.state(
            record, entity=entity, place=place, said=said, source=reader.source, authority=authority, **reader.by
        )
    if record is None:
        raise ValueError("a form without values is not valid")
    return record


@for_roles(*WRITERS)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, code: str, group: str) -> HttpResponse:
    """Add what is known of one block; what an authority holds is shown there and not asked."""
    found, reader = known(code), reader_of(request)
    if ENTITY_OF.get(group) != found.entity or not (reader.serves or reader.authorities):
        raise Http404
    held = {element: one for element, one in queries.as_of(found, reader.at).items() if reader.may_read(element)}
    form = BlockForm(request.POST or None, group=group, held=held, on=reader.at.date(), authorities=reader.authorities)
    if request.method == "POST" and form.is_valid():
        changed = {c: v for c, v in form.values.items() if c not in held or held[c].fact.value != v[0]}
        form.values = changed
        if changed:
            _say(found, found.entity, found.place_id, form, reader)
        accept(request, f"write-{found.code}-{group}", _("已保存。") if changed else _("没有改动。"))
        return redirect("record", found.code)
    shown = {"form": form, "record": found, "group": group, "group_name": words.group_name(group),
             "name": reader.name_shown(found.name)}  # fmt: skip
    return render(request, "records/write.html", shown, status=422 if form.errors else 200)


@for_roles(*WRITERS)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Write down a benefit or a service."""
    found, reader = known(code), reader_of(request)
    form = ReceiptForm(request.POST or None, initial={"on": reader.at.date(), "giver": reader.unit_name})
    if request.method == "POST" and form.is_valid():
        privacy.give(found, source=reader.source, **form.cleaned_data, **reader.by)
        accept(request, f"give-{found.code}", _("已记下。"))
        return redirect("record", found.code)
    shown = {"form": form, "record": found, "name": reader.name_shown(found.name)}
    return render(request, "records/give.html", shown, status=422 if form.errors else 200)


@for_roles(*WRITERS)
@require_POST
def take_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take back what was written down by mistake."""
    found, reader = known(code), reader_of(request)
    receipt = found.receipts.filter(pk=number).first()
    if receipt is None:
        raise Http404
    privacy.take_back(receipt, **reader.by)
    accept(request, f"receipt-{number}", _("已撤回。"))
    return redirect("record", found.code)
