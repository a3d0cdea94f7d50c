"""The definition of a ledger: read and written as YAML, or put together by choosing, with live rows beside it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qianxian.ledgers import actions, queries
from qianxian.ledgers.rules import writing
from qianxian.ledgers.rules.audience import BadCondition, conditions
from qianxian.ledgers.rules.definition import ABOUT, Column, Definition, Every, Way, faults
from qianxian.ledgers.rules.derivation import derive_part
from qianxian.ledgers.rules.periods import period_of
from qianxian.register.rules.reading import masked
from qianxian.register.rules.records import ENTITY_OF
from qianxian.standard import elements as standard
from qianxian.web.ledgers import sentences
from qianxian.web.ledgers.asked_for import asks, ledger_or_404, place_of
from qianxian.web.ledgers.listing import EVERY
from qianxian.web.oversight.asked import asked
from qianxian.web.records import words
from qianxian.web.records.reader import Reader, reader_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import DEPARTMENT, STAFF, STEWARD, STREET, SUPERVISOR, WORKER

WRITERS = (WORKER, STREET, STEWARD, SUPERVISOR, DEPARTMENT)
PREVIEWED = 8
DERIVED = (("number", gettext_lazy("序号")), ("age", gettext_lazy("年龄")), ("place.community", gettext_lazy("社区")))


class HeadForm(forms.Form):
    """What stands above a ledger."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    code = forms.CharField(
        label=gettext_lazy("编号"), max_length=40, help_text=gettext_lazy("小写字母、数字和短横线，如 elder-visits。")
    )
    line = forms.CharField(label=gettext_lazy("条线"), max_length=40)
    asked_by = forms.CharField(label=gettext_lazy("要表单位"), max_length=80)
    article = forms.CharField(
        label=gettext_lazy("依据"), max_length=120, help_text=gettext_lazy("哪部法律、文件的哪一条。")
    )
    every = forms.ChoiceField(label=gettext_lazy("频次"), choices=[(str(key), name) for key, name in EVERY.items()])
    where = forms.CharField(
        label=gettext_lazy("只要哪些"), max_length=300, required=False,
        help_text=gettext_lazy("如 person.age>=80；几个条件用 | 隔开，不写就是全部。"),
    )  # fmt: skip
    by_hand = forms.CharField(
        label=gettext_lazy("要人填的列"), max_length=200, required=False, help_text=gettext_lazy("登记里没有的，用顿号隔开；每格由填的人签名。"),
    )  # fmt: skip


@for_roles(*STAFF)
@require_http_methods(["GET", "POST"])
def definition(request: HttpRequest, code: str) -> HttpResponse:
    """Give a definition as YAML, or keep a new edition of it."""
    ledger = ledger_or_404(code)
    reader = reader_of(request)
    text = queries.editions_of(ledger)[0].written
    if request.method == "GET" and asked(request, "as") == "yaml":
        response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{ledger.code}.yaml"'
        return response
    wrong: list[str] = []
    if request.method == "POST":
        text = request.POST.get("written", "").replace("\0", "").replace("\r\n", "\n")
        wrong = (
            _kept(text, ledger.code, reader)
            if _may_write(ledger.asked_by, reader)
            else [
                _("这张台账由%(unit)s提出，由它或街道、督查、数据管理员改；写好的内容还在，可以交给他们。")
                % {"unit": ledger.asked_by}
            ]
        )
        if not wrong:
            messages.success(request, _("已存为新的一版。"))
            return redirect("ledger", ledger.code)
    shown = {"ledger": ledger, "text": text, "wrong": wrong, "editions": queries.editions_of(ledger)}
    return render(request, "ledgers/definition.html", shown, status=422 if wrong else 200)


def _may_write(asked_by: str, reader: Reader) -> bool:
    """Tell whether a reader may write an edition of a ledger that stands: whoever asks for it, and those above it."""
    return reader.role in (STREET, SUPERVISOR, STEWARD) or asks(asked_by, reader.unit)


def _kept(text: str, code: str, reader: Reader) -> list[str]:
    """Keep a definition; return what is wrong with it, nothing where it was kept."""
    try:
        one = writing.read(text)
        if one.code != code:
            return [_("编号不能改，这张台账是 %(code)s。") % {"code": code}]
        actions.keep(one, actor=reader.name, unit=reader.unit, at=reader.at)
    except (writing.NotUnderstood, actions.Faulty) as error:
        return said(error)
    return []


def said(error: "writing.NotUnderstood | actions.Faulty") -> list[str]:
    """Return a sentence for each thing that is wrong with a definition."""
    if isinstance(error, actions.Faulty):
        return [sentences.told(sentences.fault(one)) for one in error.faults]
    chinese, english = sentences.FAULTS["not_understood"]
    facts = {"where": error.where, "what": error.what or "?"}
    return [sentences.told((chinese.format(**facts), english.format(**facts)))]


@for_roles(*WRITERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a ledger together: choose what the rows are, tick columns and number them, look at live rows, keep it."""
    reader = reader_of(request)
    given = request.POST if request.method == "POST" else request.GET
    of = given.get("of", "person")
    of = of if of in ENTITY_OF else "person"
    form = HeadForm(request.POST or None)
    wrong: list[str] = []
    preview: dict[str, Any] | None = None
    chosen = _chosen(request.POST)
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        one, wrong = _definition(form, of, chosen)
        if one and not wrong and "keep" in request.POST:
            wrong = _new_kept(one, reader)
            if not wrong:
                messages.success(request, _("台账已经建好，不用人填的列都从登记里来。"))
                return redirect("ledger", one.code)
        if one and not wrong:
            preview = _preview(request, one, reader)
    shown = {
        "form": form, "of": of, "groups": [(group, words.group_name(group)) for group in ENTITY_OF if group not in ("youth", "special")],
        "elements": _elements(of, chosen), "wrong": wrong, "preview": preview,
    }  # fmt: skip
    return render(
        request,
        "ledgers/new.html",
        shown,
        status=422 if wrong or (form.errors and "change" not in request.POST) else 200,
    )


def _chosen(posted: Any) -> dict[str, int]:
    """Return the columns that were ticked with the number that says their order."""
    found = {}
    for at, code in enumerate(posted.getlist("column") if posted else ()):
        order = posted.get(f"order:{code}", "")
        found[code] = int(order) if order.isdecimal() and len(order) < 4 else 500 + at
    return found


def _elements(of: str, chosen: dict[str, int]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for key, name in DERIVED:
        groups.setdefault(str(_("推算的")), []).append(_line(key, str(name), chosen))
    for one in standard.elements().values():
        if one.on and ENTITY_OF.get(one.entity) in ABOUT[ENTITY_OF[of]] and one.entity not in ("youth", "special"):
            groups.setdefault(words.group_name(one.entity), []).append(_line(one.code, words.name_of(one.code), chosen))
    return list(groups.items())


def _line(code: str, name: str, chosen: dict[str, int]) -> dict[str, Any]:
    order = chosen.get(code)
    return {"code": code, "name": name, "ticked": code in chosen, "order": order if order and order < 500 else ""}


def _definition(form: HeadForm, of: str, chosen: dict[str, int]) -> tuple[Definition | None, list[str]]:
    data = form.cleaned_data
    try:
        where = conditions(data["where"])
    except BadCondition as error:
        return None, [_("看不懂条件“%(part)s”，写成 person.age>=80 这样。") % {"part": str(error)}]
    names = {key: str(name) for key, name in DERIVED}
    columns = [
        _column(code, names)
        for code in sorted(chosen, key=lambda code: chosen[code])
        if code in names or code in standard.elements()
    ]
    columns += [
        Column((part.strip(),), Way.MANUAL)
        for part in data["by_hand"].replace(",", "、").replace("，", "、").split("、")
        if part.strip()
    ]
    one = Definition(
        data["code"].strip(), data["title"], data["line"], data["asked_by"], data["article"], Every(data["every"]), of,
        tuple(columns), where,
    )  # fmt: skip
    return one, [sentences.told(sentences.fault(found)) for found in faults(one)]


def _column(code: str, names: dict[str, str]) -> Column:
    if code == "number":
        return Column((names[code],), Way.NUMBER)
    if code in ("age", "person.age"):
        return Column((names["age"],), Way.AGE)
    if code.startswith("place."):
        return Column((names[code],), Way.PLACE, code.removeprefix("place."))
    return Column((standard.element(code).name,), Way.ELEMENT, code)


def _new_kept(one: Definition, reader: Reader) -> list[str]:
    if queries.ledger_by_code(one.code) is not None:
        return [_("已经有编号为 %(code)s 的台账，请换一个编号。") % {"code": one.code}]
    try:
        actions.keep(one, actor=reader.name, unit=reader.unit, at=reader.at)
    except actions.Faulty as error:
        return said(error)
    return []


def _preview(request: HttpRequest, one: Definition, reader: Reader) -> dict[str, Any]:
    """Return the first rows as they are now, personal data masked."""
    when = period_of(one.every, reader.at.date())
    table, total = derive_part(
        one, queries.frames_of(place_of(request, reader), when, reader.at), 0, PREVIEWED, when.written
    )
    columns = [
        [masked(column.element, value) for value in values] if column.way is Way.ELEMENT else values
        for column, values in zip(one.columns, table.columns, strict=True)
    ]
    return {
        "headers": [column.name for column in one.columns],
        "rows": list(zip(*columns, strict=True)),
        "total": total,
    }


@for_roles(STREET, SUPERVISOR)
@require_POST
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """Stop a ledger for a reason, or take it up again."""
    ledger, reader = ledger_or_404(code), reader_of(request)
    try:
        if ledger.stopped_at is not None:
            actions.take_up(ledger, actor=reader.name, unit=reader.unit, at=reader.at)
            messages.success(request, _("台账已经恢复。"))
        else:
            why = request.POST.get("why", "").replace("\0", "")
            actions.stop(ledger, why=why, actor=reader.name, unit=reader.unit, at=reader.at)
            messages.success(request, _("台账已经停用，各社区不用再填；需要时可以恢复。"))
    except actions.NoReason:
        messages.error(request, _("请写明停用的理由。"))
    return redirect("ledger", code)
