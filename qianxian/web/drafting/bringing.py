"""A workbook of lists brought into a draft: read, shown sheet by sheet, taken whole or not at all."""

from collections import Counter
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qianxian.collection import files
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import actions
from qianxian.mandates.queries import drafts
from qianxian.mandates.rules.sheet_reading import Reading, Told
from qianxian.register import queries as register
from qianxian.register.rules import Unknown
from qianxian.web.acting import actor_of, now
from qianxian.web.drafting import reading
from qianxian.web.drafting.asking import Refusal, draft_or_404, refused
from qianxian.web.drafting.wording import speaker
from qianxian.web.imports import sentences, store
from qianxian.web.public.words import LISTS, named
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STEWARD, SUPERVISOR

if TYPE_CHECKING:
    from qianxian.mandates.models import Draft

SHOWN = 100


class BookForm(forms.Form):
    """The workbook, and what it may not say itself."""

    file = forms.FileField(
        label=gettext_lazy("选择清单文件"),
        help_text=gettext_lazy("Excel 工作簿或 CSV；一个工作簿里可以有几张清单，标题、合并的表头都不用改。"),
        error_messages={
            "empty": gettext_lazy("文件是空的，请换一个有内容的文件。"),
            "required": gettext_lazy("请先选择一个文件。"),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    body = forms.CharField(
        label=gettext_lazy("是哪个单位的清单"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("标题里已经写了单位的，不用填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "bodies"}),
    )
    day = forms.DateField(
        label=gettext_lazy("条款从哪天起适用"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def clean_body(self) -> str:
        """Return the code of the unit, '' where none is named."""
        typed = self.cleaned_data["body"].strip()
        try:
            return register.directory().organisation(typed).code if typed else ""
        except Unknown:
            raise forms.ValidationError(_("名录里没有“%(name)s”。") % {"name": typed}, code="body") from None


@for_roles(STEWARD, SUPERVISOR)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, number: int) -> HttpResponseBase:
    """Take the file, show what it says, and write it into the draft when that is agreed to."""
    held = draft_or_404(number)
    token = request.GET.get("token", "")
    if token:
        return _second(request, held, token)
    form = BookForm(request.POST or None, request.FILES or None, initial={"day": now().astimezone(BEIJING).date()})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        token = store.keep(file.name, file.chunks(), _account(request))
        asked = {"body": form.cleaned_data["body"], "day": form.cleaned_data["day"].isoformat(), "draft": held.pk}
        store.write(token, store.read(token, _account(request)) | asked)
        try:
            reading.read_file(store.path(token, "file"), valid_from=now())
        except files.Unreadable as error:
            form.add_error("file", sentences.here(sentences.refusal(error)))
        else:
            return redirect(f"{reverse('register_bring', args=[held.pk])}?token={token}")
    bodies = [body.name for body in register.directory().organisations.values()]
    shown = {"draft": held, "form": form, "bodies": bodies}
    return render(request, "drafting/bring.html", shown, status=422 if form.errors else 200)


def _second(request: HttpRequest, held: "Draft", token: str) -> HttpResponseBase:
    """Show what the file says; with faults, give it back marked; without, take it."""
    try:
        state = store.read(token, _account(request))
    except store.NotHere as error:
        raise Http404 from error
    path = store.path(token, "file")
    begins = datetime.combine(date.fromisoformat(state["day"]), time(), BEIJING)
    sheets, found = reading.read_file(path, valid_from=begins, body=state["body"])
    if "marked" in request.GET and found.faults:
        copy = store.path(token, "marked.xlsx")
        reading.write_marked(path, copy, sheets, found)
        name = f"{state['name'].rpartition('.')[0] or state['name']}-问题.xlsx"
        return _workbook(copy.open("rb"), name)
    if request.method == "POST" and found.columns and not found.faults:
        return _take(request, held, found)
    return _shown(request, held, token, state, found)


def _take(request: HttpRequest, held: "Draft", found: Reading) -> HttpResponse:
    whole = found.lists if request.POST.get("complete") else set()
    try:
        actions.bring_lines(held.pk, columns=found.columns, complete=whole, actor=actor_of(request).name, at=now())
    except Refusal as refusal:
        return _shown(request, held, "", {"name": ""}, found, refused(refusal))
    accept(request, "bring", _("%(count)s 条已写进草案。") % {"count": len(found.columns)})
    return redirect("register_draft", held.pk)


def _shown(
    request: HttpRequest, held: "Draft", token: str, state: dict[str, Any], found: Reading, wrong: str = ""
) -> HttpResponse:
    say = speaker()
    known = {columns["number"] for columns in drafts.articles_of(held.based_on)}
    kinds = Counter("change" if one["number"] in known else "add" for one in found.columns)
    over = _over(held, found)
    shown = {
        "draft": held, "token": token, "name": state["name"], "refused": wrong,
        "sheets": [_told(one, say.body(one.body) if one.body else "") for one in found.sheets],
        "faults": [(fault, reading.said(fault)) for fault in found.faults[:SHOWN]],
        "fault_count": len(found.faults), "more": len(found.faults) > SHOWN, "shown": SHOWN,
        "count": len(found.columns), "added": kinds["add"], "changed": kinds["change"], "over": over,
    }  # fmt: skip
    return render(request, "drafting/brought.html", shown, status=422 if wrong else 200)


def _over(held: "Draft", found: Reading) -> int:
    """Return how many older articles of the same lists did not come."""
    came = {one["number"] for one in found.columns}
    base = drafts.articles_of(held.based_on)
    return sum((one["list_kind"], one["body_id"]) in found.lists and one["number"] not in came for one in base)


def _told(one: Told, body: str) -> dict[str, Any]:
    form = _("逐条登记表") if one.form == "flat" else named(LISTS, one.form.value) if one.form else ""
    return {
        "name": one.name,
        "form": form,
        "body": body,
        "rows": one.rows,
        "articles": one.articles,
        "aside": one.left_aside,
    }


def _workbook(stream: Any, name: str) -> FileResponse:
    return FileResponse(stream, as_attachment=True, filename=name)


def _account(request: HttpRequest) -> int:
    assert request.user.pk is not None  # the guard lets nobody in who is not signed in
    return request.user.pk
