"""A file of demands on a page: upload, see what each column means, take in, see what became of each row."""

import hashlib
import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from qianxian.collection import files, intake
from qianxian.collection.rules.columns import Column, Field, Why
from qianxian.matters.actions.intake import masked_name, masked_phone
from qianxian.web.acting import actor_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, SUPERVISOR

from . import sentences, store
from .jobs import take_in_file
from .results import LISTS

SHOWN, EXAMPLES = 50, 3
WHY = {Why.GIVEN: _("您指定的"), Why.NAME: _("按列名"), Why.CONTENT: _("按内容"), None: _("没有用到")}
LIST_NAMES = {"matters": _("已派单"), "exits": _("不派单"), "faults": _("未收下"), "already": _("以前已收")}


class FileForm(forms.Form):
    """The file to take in."""

    file = forms.FileField(
        label=_("选择文件"),
        help_text=_("CSV 或 Excel 工作簿，列的顺序不限；每行一件诉求。"),
        error_messages={"empty": _("文件是空的，请换一个有内容的文件。"), "required": _("请先选择一个文件。")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls"}),
    )


@for_roles(STREET, SUPERVISOR)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take the file and lead to the match of its columns; what cannot be read is said at once."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data["file"]
        token = store.keep(held.name, held.chunks(), _account(request))
        try:
            _matched(token, {})
        except sentences.Refusal as error:
            form.add_error("file", sentences.here(sentences.refusal(error)))
        else:
            return redirect("import_match", token)
    return render(request, "imports/upload.html", {"form": form}, status=422 if form.errors else 200)


@for_roles(STREET, SUPERVISOR)
@require_http_methods(["GET", "POST"])
def match(request: HttpRequest, token: str) -> HttpResponse:
    """Show what each column was taken for, let people correct it, and begin."""
    state = _state(request, token)
    if state["step"] != "match":
        return redirect("import_result", token)
    given = _given(request)
    try:
        table, columns = _matched(token, given)
    except sentences.Refusal as error:
        messages.error(request, sentences.here(sentences.refusal(error)))
        table, columns = _matched(token, {})
        return render(request, "imports/match.html", _match_page(state, table, columns), status=422)
    if request.method == "POST" and "begin" in request.POST:
        _begin(request, token, state, given)
        return redirect("import_result", token)
    return render(request, "imports/match.html", _match_page(state, table, columns))


@for_roles(STREET, SUPERVISOR)
@require_GET
def result(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far it has come; when it is done, the four lists."""
    state = _state(request, token)
    if state["step"] == "match":
        return redirect("import_match", token)
    page: dict[str, Any] = {"state": state, "token": token, "part": round(state.get("part", 0) * 100)}
    if state["step"] == "refused":
        page["sentence"] = sentences.here(tuple(state["sentence"]))
    if state["step"] == "done":
        told = json.loads(store.path(token, "result.json").read_text("utf-8"))
        page["lists"] = [
            {"name": name, "title": LIST_NAMES[name], "count": told[name], "rows": _lines(told["lists"][name])}
            for name in LISTS
        ]
        page["shown"] = SHOWN
    return render(request, "imports/result.html", page)


@for_roles(STREET, SUPERVISOR)
@require_GET
def download(request: HttpRequest, token: str) -> FileResponse:
    """Give the result as a workbook."""
    state = _state(request, token)
    if state["step"] != "done":
        raise Http404
    name = f"{state['name'].rpartition('.')[0] or state['name']}-派单结果.xlsx"
    return FileResponse(store.path(token, "result.xlsx").open("rb"), as_attachment=True, filename=name)


def _account(request: HttpRequest) -> int:
    assert request.user.pk is not None  # the guard lets nobody in who is not signed in
    return request.user.pk


def _given(request: HttpRequest) -> dict[str, str]:
    """Return what a person said of each column, by its header."""
    fields = (name for name in request.POST if name.startswith("column:"))
    return {name.removeprefix("column:"): request.POST.get(name, "") for name in fields}


def _state(request: HttpRequest, token: str) -> dict[str, Any]:
    try:
        return store.read(token, _account(request))
    except store.NotHere as error:
        raise Http404 from error


def _matched(token: str, given: dict[str, str]) -> tuple[files.Table, tuple[Column, ...]]:
    with files.opened(store.path(token, "file")) as table:
        return table, intake.columns(table, intake.known(), given)


def _begin(request: HttpRequest, token: str, state: dict[str, Any], given: dict[str, str]) -> None:
    """Hand the file to a job. The source is the content: the same file uploaded again takes nothing in twice."""
    actor = actor_of(request)
    with store.path(token, "file").open("rb") as file:
        digest = hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    held = {"name": actor.name, "unit": actor.unit, "role": actor.role, "area": actor.area}
    store.write(token, state | {"step": "waiting", "given": given, "source": f"upload:{digest}", "actor": held})
    take_in_file.defer(token=token, account=_account(request))


def _match_page(state: dict[str, Any], table: files.Table, columns: tuple[Column, ...]) -> dict[str, Any]:
    choices = [("", _("不用这一列")), *((field.value, sentences.here(sentences.FIELDS[field])) for field in Field)]
    return {
        "state": state,
        "remarks": [sentences.here(sentences.remark(one)) for one in table.remarks],
        "choices": choices,
        "columns": [
            {
                "header": column.header,
                "field": column.field.value if column.field else "",
                "why": WHY[column.why],
                "examples": _examples(table, column),
            }
            for column in columns
        ],
    }


def _examples(table: files.Table, column: Column) -> list[str]:
    """Return some cells of a column; names and numbers are shown as everywhere, by their masks."""
    cells = (row[column.position].strip() for row in table.sample if column.position < len(row))
    found = [cell[:60] for cell in dict.fromkeys(cells) if cell][:EXAMPLES]
    mask = MASKS.get(column.field) if column.field else None
    return list(map(mask, found)) if mask else found


MASKS = {Field.NAME: masked_name, Field.PHONE: masked_phone}


def _lines(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry | {"sentences": _sentences(entry)} for entry in entries[:SHOWN]]


def _sentences(entry: dict[str, Any]) -> list[str]:
    return [sentences.here(_pair(part)) for part in entry.get("faults") or entry.get("remarks") or []]


def _pair(part: dict[str, str]) -> sentences.Pair:
    return part["sentence_zh"], part["sentence_en"]
