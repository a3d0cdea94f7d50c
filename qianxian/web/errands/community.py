"""The community's own page: what waits for its word, what stands at the gate, what runs here and for how many hours."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianxian.errands import actions
from qianxian.errands.queries import gate, lists
from qianxian.errands.rules.life import Kind
from qianxian.errands.rules.refusals import Way, What
from qianxian.register import queries as register
from qianxian.web.acting import actor_of, now
from qianxian.web.errands import wording
from qianxian.web.errands.forms import NoteForm, RefuseForm
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import DEPARTMENT, STREET, SUPERVISOR, WORKER

MOST, SHEET = 100, 5000


@for_roles(WORKER)
@require_GET
def community(request: HttpRequest) -> HttpResponse:
    """Show what a community has at its gate and inside it."""
    return _community(request)


def _community(request: HttpRequest, form: RefuseForm | None = None, error: str = "") -> HttpResponse:
    actor, at = actor_of(request), now()
    place = register.directory().organisations[actor.unit].place
    runs = lists.runs_in(place, at)
    if request.GET.get("export") == "xlsx":
        return _runs_sheet(runs)
    most = gate.parameter("hours", Kind.TASK, place, at)
    hours = sum(float(errand.hours_month) for errand in runs)
    shown = {
        "place": register.directory().places[place],
        "opinions": [
            (entrance, wording.named(wording.KINDS, entrance.errand.kind), wording.number_of(entrance.errand))
            for entrance in lists.awaiting_opinion(actor.unit, at)
        ],
        "askings": [
            (asking, _kind(asking), wording.named(wording.WAYS, asking.way))
            for asking in lists.askings_at_the_gate(actor.unit)
        ],
        "article": gate.refusal_article(What.ERRAND, place, at),
        "runs": [(errand, _kind(errand), wording.number_of(errand)) for errand in runs],
        "comes": [(errand, _kind(errand)) for errand in lists.comes_to(place, at)],
        "within": [(asking, _kind(asking)) for asking in lists.asked_within(actor.unit)[:5]],
        "hours": hours,
        "most": most,
        "share": min(100, round(100 * hours / most.amount)) if most.amount else 100,
        "form": form or RefuseForm(),
        "open": form is not None,
        "error": error,
        "slip": _slip(request, actor.unit),
        "over": [
            (errand, _kind(errand), wording.named(wording.STAGES, errand.stage)) for errand in lists.over_in(place, at)
        ],
        "refusals": lists.refusals(committee=actor.unit)[:5],
        "refused": lists.refusals(committee=actor.unit).count(),
        "now": at,
    }
    return render(request, "errands/community.html", shown, status=422 if form is not None or error else 200)


def _slip(request: HttpRequest, committee: str) -> Any:
    """Return the refusal made just now, as long as it can be undone."""
    number = request.GET.get("refused", "")
    found = lists.refusals(committee=committee).filter(noted_at=None)
    return found.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None


def _kind(row: Any) -> str:
    return wording.named(wording.KINDS, row.kind)


def _runs_sheet(runs: list[Any]) -> HttpResponse:
    columns = (_("编号"), _("名称"), _("类型"), _("申请单位"), _("每月小时"), _("开始日期"), _("退出日期"), _("条件"))
    rows = (
        (
            wording.number_of(e), e.title, _kind(e), e.department.short, float(e.hours_month), e.starts_on, e.ends_on,
            e.conditions,
        )
        for e in runs
    )  # fmt: skip
    return spreadsheet("running", columns, rows)


@for_roles(WORKER)
@require_POST
def refuse(request: HttpRequest, number: int) -> HttpResponse:
    """Send back what stands at the gate: one tap."""
    try:
        refusal = actions.refuse(number, actor=actor_of(request), at=now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refused:
        return _community(request, error=sentence(refused))
    accept(request, f"refuse-{number}", _said(refusal))
    return redirect(f"{reverse('gate')}?refused={refusal.pk}")


@for_roles(WORKER)
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Undo a refusal that was a slip."""
    try:
        actions.undo_refusal(number, actor=actor_of(request), at=now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refused:
        return _community(request, error=sentence(refused))
    accept(request, "undo", _("已撤回刚才的退回，不计入任何单位。"))
    return redirect("gate")


@for_roles(WORKER)
@require_POST
def refuse_what_came(request: HttpRequest) -> HttpResponse:
    """Send back what came past the platform."""
    form = RefuseForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        kind = Kind(said["kind"])
        try:
            refusal = actions.refuse_what_came(
                department=said["department"], kind=kind, way=Way(said["way"]),
                words=said["words"] or wording.named(wording.KINDS, kind), actor=actor_of(request), at=now(),
            )  # fmt: skip
        except Refusal as refused:
            form.add_error(None, sentence(refused))
        else:
            accept(request, "refuse", _said(refusal))
            return redirect(f"{reverse('gate')}?refused={refusal.pk}")
    return _community(request, form)


def _said(refusal: Any) -> str:
    return _("已退回，依据%(article)s。街道已收到，计入%(unit)s，不影响对社区的评价。") % {
        "article": refusal.article,
        "unit": register.directory().organisations[refusal.department_id].short,
    }


@for_roles(WORKER, DEPARTMENT, STREET, SUPERVISOR)
@require_GET
def refusals(request: HttpRequest) -> HttpResponse:
    """Show refusals: a department its own, a community its own, a street and a supervisor those of the area."""
    return _refusals(request)


def _refusals(request: HttpRequest, wrong: int = 0, form: NoteForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    role = str(actor.role)
    found = lists.refusals(
        department=actor.unit if role == DEPARTMENT else "",
        committee=actor.unit if role == WORKER else "",
        area=actor.area if role in (STREET, SUPERVISOR) else "",
    )
    words, unit = request.GET.get("q", "").strip()[:40], request.GET.get("unit", "")
    if words:
        found = found.filter(asking__words__icontains=words)
    if unit:
        found = found.filter(department=unit)
    if request.GET.get("export") == "xlsx":
        return _refusals_sheet(found[:SHEET])
    may_note = role in (STREET, SUPERVISOR)
    shown = {
        "counts": lists.refused_by_department(found),
        "rows": [
            {
                "refusal": refusal,
                "kind": _kind(refusal.asking),
                "way": wording.named(wording.WAYS, refusal.asking.way),
                "form": (form if refusal.pk == wrong and form else NoteForm(auto_id=f"note-{refusal.pk}-%s"))
                if may_note and not refusal.noted_at
                else None,
            }
            for refusal in found[:MOST]
        ],
        "mine": role == DEPARTMENT,
        "unit": unit,
    }
    return render(request, "errands/refusals.html", shown, status=422 if form else 200)


def _refusals_sheet(found: Any) -> HttpResponse:
    columns = (
        _("退回时间"),
        _("单位"),
        _("社区（村）"),
        _("要什么"),
        _("怎么来的"),
        _("内容"),
        _("依据"),
        _("街道处理"),
    )
    rows = (
        (
            r.refused_at, r.department.short, r.asking.place.name, _kind(r.asking),
            wording.named(wording.WAYS, r.asking.way), r.asking.words, r.article, r.note,
        )
        for r in found
    )  # fmt: skip
    return spreadsheet("refusals", columns, rows)


@for_roles(STREET, SUPERVISOR)
@require_POST
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Write down what was said to the department."""
    form = NoteForm(request.POST, auto_id=f"note-{number}-%s")
    if form.is_valid():
        try:
            actions.note_refusal(number, words=form.cleaned_data["words"], actor=actor_of(request), at=now())
        except ObjectDoesNotExist as missing:
            raise Http404 from missing
        except Refusal as refused:
            form.add_error(None, sentence(refused))
        else:
            accept(request, f"note-{number}", _("已记下。"))
            return redirect("refusals")
    return _refusals(request, number, form)
