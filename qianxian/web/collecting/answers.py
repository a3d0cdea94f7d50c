"""What was filled: as a table and a spreadsheet, masked; one answer; what contradicts the register, settled by a person."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianxian.collection.forms import actions, queries
from qianxian.collection.forms.rules.filling import Wrong, path_of
from qianxian.collection.forms.rules.xform import each_control, plain_label, said_in
from qianxian.register.queries import records as registered
from qianxian.register.rules import reading
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.records import words as records
from qianxian.web.records.reader import READERS, Reader, reader_of
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles

from . import words
from .filling import form_known
from .listing import owns

if TYPE_CHECKING:
    from qianxian.collection.forms.models import Filled, Form, FormEdition

MOST_COLUMNS = 12
MOST_EXPORTED = 20_000


def readable(form: "Form", reader: Reader) -> bool:
    """Tell whether the reader may see answers: the unit that asks, and whoever serves the place."""
    return owns(reader, form) or reader.serves


def _form_to_read(request: HttpRequest, code: str) -> "tuple[Form, Reader]":
    form, reader = form_known(code), reader_of(request)
    if not readable(form, reader):
        raise Http404
    return form, reader


def columns_of(edition: "FormEdition") -> list[tuple[str, str]]:
    """Return path and words of every question outside of notes, in order."""
    return [
        (one["ref"], plain_label(one, words.language_of(edition.definition["languages"])))
        for one in each_control(edition.definition["body"])
        if one["kind"] not in ("group", "repeat", "trigger")
        and "readonly" not in edition.definition["binds"].get(one["ref"], {})
    ]


def cells_of(filled: "Filled") -> dict[str, str]:
    """Return the answers of a filled form by path, masked where the standard says so; rounds are joined."""
    filling = queries.filling_of(filled)
    bound = {one.path: one.element for one in queries.asked(filled.edition)}
    chosen = _choice_names(filled.edition)
    found: dict[str, str] = {}
    for address, value in filling.answers().items():
        path = path_of(address)
        names = chosen.get(path)
        shown = "、".join(names.get(one, one) for one in value.split()) if names and value else value
        shown = reading.masked(bound[path], shown) if path in bound else shown
        found[path] = "；".join(filter(None, (found.get(path, ""), shown)))
    return found


def _choice_names(edition: "FormEdition") -> dict[str, dict[str, str]]:
    """Return for each question with choices the words of each, in the reader's language."""
    definition = edition.definition
    language = words.language_of(definition["languages"])

    def label(item: dict[str, Any]) -> str:
        return "".join(part for part in said_in(item["label"], language) if isinstance(part, str))

    found = {}
    for one in each_control(definition["body"]):
        if "items" in one:
            found[one["ref"]] = {item["value"]: label(item) for item in one["items"]}
        elif "from" in one and isinstance(one["from"][1], list):
            listed = definition["lists"].get(one["from"][1][2][0][1], {"items": []})
            found[one["ref"]] = {item["columns"].get(one["value"], ""): label(item) for item in listed["items"]}
    return found


@for_roles(*READERS)
@require_GET
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """Show the answers to a form, or save them as a spreadsheet; sensitive ones are masked in both."""
    form, reader = _form_to_read(request, code)
    edition = queries.edition_of(form)
    if edition is None:
        raise Http404
    waiting = asked(request, "state") == "waiting"
    found = queries.answers_of(form, waiting=waiting)
    columns = columns_of(edition)
    if asked(request, "export") == "xlsx":
        actions.handed_out(form, answers=min(MOST_EXPORTED, found.count()), **reader.by)
        heads = [_("收到时间"), _("社区"), _("档案"), *(label for _path, label in columns)]
        return spreadsheet(f"form-{form.code}", heads, _sheet(found[:MOST_EXPORTED], columns))
    page = max(1, int(number) if (number := asked(request, "after", "1")).isdecimal() and len(number) < 6 else 1)
    listed = list(found[(page - 1) * queries.PAGE : page * queries.PAGE + 1])
    shown = {
        "form": form, "columns": columns[:MOST_COLUMNS], "waiting": waiting,
        "rows": [(one, _row(one, columns[:MOST_COLUMNS]), bool(one.conflicts) and not one.settled_at)
                 for one in listed[: queries.PAGE]],
        "after": str(page + 1) if len(listed) > queries.PAGE else None, "before": str(page - 1) if page > 1 else None,
        "export": f"?export=xlsx{'&state=waiting' if waiting else ''}",
    }  # fmt: skip
    return render(request, "collecting/answers.html", shown)


def _row(filled: "Filled", columns: list[tuple[str, str]]) -> list[str]:
    cells = cells_of(filled)
    return [cells.get(path, "") for path, _label in columns]


def _sheet(found: Any, columns: list[tuple[str, str]]) -> Iterator[list[object]]:
    for one in found.iterator(chunk_size=200):
        yield [one.came_at, one.place.name, one.record.code if one.record else "", *_row(one, columns)]


@for_roles(*READERS)
@require_GET
def answer(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one filled form; where it contradicts the register, both versions side by side."""
    form, reader = _form_to_read(request, code)
    found = queries.answer(form, number)
    if found is None:
        raise Http404
    cells = cells_of(found)
    shown = {
        "form": form, "answer": found, "reader": reader,
        "lines": [(label, cells.get(path, "")) for path, label in columns_of(found.edition)],
        "conflicts": _conflicts(found, reader) if found.conflicts else [], "files": queries.files_of([found]).get(found.pk, []),
        "waits": bool(found.conflicts) and found.settled_at is None,
        "faults": [str(words.wrong(Wrong(one["path"], one["code"], one["said"]))) for one in found.faults],
    }  # fmt: skip
    return render(request, "collecting/answer.html", shown)


def _conflicts(found: "Filled", reader: Reader) -> list[dict[str, str]]:
    said, _faults = actions.said_in(found.edition, queries.filling_of(found))
    held = registered.as_of(found.record, reader.at) if found.record else {}
    return [
        {
            "name": records.name_of(element),
            "ours": reading.masked(element, records.shown(element, said[element][0])) if element in said else "",
            "theirs": reading.masked(element, records.shown(element, held[element].fact.value))
            if element in held
            else "",
            "source": held[element].fact.source if element in held else "",
        }
        for element in found.conflicts
    ]


@for_roles(*READERS)
@require_POST
def settle(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take what was filled, or leave what the register holds; both stay on record."""
    form, reader = _form_to_read(request, code)
    found = queries.answer(form, number)
    if found is None or not reader.serves:
        raise Http404
    take = request.POST.get("take") == "yes"
    by = actions.Bringing(reader.name, reader.unit, reader.authorities, reader.area)
    try:
        actions.settle(found, take=take, by=by, at=reader.at)
    except actions.NothingToSettle as error:
        accept(request, f"settle-{number}", words.sentence(error))
    else:
        accept(request, f"settle-{number}", _("已采用这次填的。") if take else _("已保留档案里的。"))
    return redirect(reverse("collecting_answer", args=[code, number]))


@for_roles(*READERS)
@require_GET
def file(request: HttpRequest, code: str, number: int, name: str) -> HttpResponse:
    """Hand out a file that came with a filled form."""
    form, _reader = _form_to_read(request, code)
    found = queries.answer(form, number)
    held = queries.file_named(found, name) if found else None
    if held is None:
        raise Http404
    reply = HttpResponse(bytes(held.content), content_type=held.kind or "application/octet-stream")
    reply.headers["Content-Disposition"] = "attachment"
    return reply
