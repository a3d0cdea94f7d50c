"""Publishing a form: the workbook is brought, what it asks is compared with what is held, and then it is opened."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qianxian.collection.forms import actions
from qianxian.collection.forms.rules.holding import AlreadyHeld, AsksWhatIsHeld, UnknownBinding, asked_elements, likely
from qianxian.collection.forms.rules.xform import each_control, plain_label
from qianxian.kernel.lazily import lazily
from qianxian.register.queries import records as registered
from qianxian.web.imports import store
from qianxian.web.records import words as records
from qianxian.web.records.reader import Reader, reader_of
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import ROLE_NAMES

from . import words
from .listing import FILLERS, PUBLISHERS

if TYPE_CHECKING:
    from qianxian.collection.forms import xlsforms
    from qianxian.collection.forms.xlsforms import Read
else:
    xlsforms = lazily("qianxian.collection.forms.xlsforms")

LARGEST = 10 * 1024 * 1024


class WorkbookForm(forms.Form):
    """The workbook of a form."""

    file = forms.FileField(
        label=_("选择表单文件"),
        help_text=_("XLSForm 格式的 Excel 工作簿（.xlsx、.xls）或 .csv。"),
        error_messages={"empty": _("文件是空的，请换一个有内容的文件。"), "required": _("请先选择一个文件。")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.md"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is larger than any form."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("这个文件超过 10 MB，请删掉图片后再传。"), code="too_large")
        return file


class RolesForm(forms.Form):
    """Who may fill a form."""

    roles = forms.MultipleChoiceField(
        label=_("谁来填"), choices=[(role, ROLE_NAMES[role]) for role in FILLERS], initial=["worker"],
        widget=forms.CheckboxSelectMultiple, error_messages={"required": _("请选择至少一类人来填。")},
    )  # fmt: skip


@for_roles(*PUBLISHERS)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Take a workbook and lead to the comparison; one that makes no form is refused with reason and place."""
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            _need_area(reader_of(request))
            xlsforms.read(content, file.name)
        except NoArea:
            form.add_error("file", __("您的账号没有辖区，不能发布采集表，请联系数据管理员。"))
        except xlsforms.Refused as error:
            form.add_error("file", words.refusal(error))
        else:
            return redirect("collecting_check", keep(request, file.name, content))
    return render(request, "collecting/bring.html", {"form": form}, status=422 if form.errors else 200)


class NoArea(Exception):
    """Whoever has no area has nobody to ask."""


def _need_area(reader: Reader) -> None:
    if not reader.area:
        raise NoArea


def keep(request: HttpRequest, name: str, content: bytes) -> str:
    """Keep a workbook until its form is published; returns its token."""
    assert request.user.pk is not None  # the guard lets nobody in who is not signed in
    return store.keep(name, [content], request.user.pk)


@for_roles(*PUBLISHERS)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a form asks that is held already, let its publisher decide, and publish it."""
    reader = reader_of(request)
    try:
        state = store.read(token, request.user.pk or 0)
    except store.NotHere as error:
        raise Http404 from error
    content = store.path(token, "file").read_bytes()
    read = xlsforms.read(content, state["name"])
    form = RolesForm(request.POST or None)
    elements, shown = _decided(request, read)
    said = ""
    if request.method == "POST" and form.is_valid():
        try:
            edition = actions.publish(
                read=read, name=state["name"], content=content, area=reader.area, roles=form.cleaned_data["roles"],
                own=reader.authorities, elements=elements, shown=shown, **reader.by,
            )  # fmt: skip
        except AsksWhatIsHeld:
            said = __("这张表问了主管部门已经掌握的信息，不能发布。")
        except words.Refusal as error:
            said = words.sentence(error)
        else:
            accept(request, f"publish-{token}", __("已发布。"))
            return redirect("collecting_form", edition.form.code)
    return _page(request, read, form, elements, shown, said)


def _decided(request: HttpRequest, read: "Read") -> tuple[dict[str, str], list[str]]:
    """Return which likely bindings were confirmed, and which questions are to be shown instead of asked."""
    guessed = likely(read.definition)
    confirmed = {path: guessed[path] for path in request.POST.getlist("bind") if path in guessed}
    return confirmed, request.POST.getlist("show")


def _page(
    request: HttpRequest, read: "Read", form: RolesForm, elements: dict[str, str], shown: list[str], said: str
) -> HttpResponse:
    reader, definition = reader_of(request), read.definition
    try:
        guessed = likely(definition)
        every = guessed if request.method == "GET" else elements
        held = actions.held_list(definition, area=reader.area, own=reader.authorities, elements=every, shown=shown)
        bound = asked_elements(definition)
    except UnknownBinding as error:
        guessed, held, bound, said = {}, (), [], words.sentence(error)
    labels = {one["ref"]: plain_label(one) for one in each_control(definition["body"])}
    page = {
        "read": read, "definition": definition, "form": form, "said": said,
        "questions": sum(1 for one in each_control(definition["body"]) if one["kind"] not in ("group", "repeat")),
        "held": [(one, records.name_of(one.element), _holder(one, reader)) for one in held],
        "guessed": [(path, labels.get(path, path), records.name_of(code), path in elements or request.method == "GET")
                    for path, code in guessed.items()],
        "bound": [(one.label, records.name_of(one.element), one.shown_only) for one in bound], "shown": shown,
    }  # fmt: skip
    return render(request, "collecting/check.html", page, status=422 if said or form.errors else 200)


def _holder(one: AlreadyHeld, reader: Reader) -> str:
    """Return who holds a fact in this area: the unit by its name, else the kind of authority."""
    keeper = registered.keeper_of(one.authority, reader.area, reader.at)
    return keeper.unit.short if keeper else records.authority_name(one.authority)
