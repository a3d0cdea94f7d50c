"""A department's requests, their pages, and what may be done to each by whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianxian.cadres.rules import Actor, Role
from qianxian.errands import actions
from qianxian.errands.queries import gate, lists
from qianxian.errands.rules.life import Kind, Opinion, Stage
from qianxian.journal import queries as journal
from qianxian.register import queries as register
from qianxian.web.acting import actor_of, now
from qianxian.web.errands import wording
from qianxian.web.errands.forms import (
    AskAnyForm,
    AskForm,
    OpinionForm,
    RequestForm,
    ScheduleForm,
    VerdictForm,
    initial_of,
)
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import DEPARTMENT, STREET, SUPERVISOR, WORKER

ASKERS = (DEPARTMENT, STREET, SUPERVISOR)
MOST, SHEET = 200, 5000
TABS = {"mine": gettext_lazy("本单位申请的"), "table": gettext_lazy("等本单位会审"), "area": gettext_lazy("本辖区全部")}


@for_roles(*ASKERS)
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Show what the unit has asked for, what waits for its word, and all that enters its area."""
    actor, at = actor_of(request), now()
    tabs = _tabs(actor)
    table = lists.at_the_table(actor.unit)
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else "table" if actor.role is not Role.DEPARTMENT and table.exists() else "mine"
    found = {"mine": lists.of_department, "table": lists.at_the_table, "area": lists.inside}[tab](
        actor.area if tab == "area" else actor.unit
    )
    found = _narrowed(request, found)
    if request.GET.get("export") == "xlsx":
        return sheet_of(found[:SHEET])
    shown = {
        "tabs": [(code, label, code == tab, table.count() if code == "table" else 0) for code, label in tabs.items()],
        "tab": tab,
        "rows": [row(errand, at) for errand in found[:MOST]],
        "stages": wording.STAGES.items(),
        "kinds": wording.KINDS.items(),
        "refused": lists.refusals(department=actor.unit).count(),
        "export": f"?{_with(request, tab=tab, export='xlsx')}",
    }
    return render(request, "errands/requests.html", shown)


def _tabs(actor: Actor) -> dict[str, str | Promise]:
    return {code: label for code, label in TABS.items() if code != "area" or actor.role is not Role.DEPARTMENT}


def _narrowed(request: HttpRequest, found: Any) -> Any:
    words, stage, kind = (request.GET.get(name, "").strip()[:40] for name in ("q", "stage", "kind"))
    if words:
        found = found.filter(title__icontains=words) | found.filter(basis__icontains=words)
    if stage.isdecimal() and len(stage) < 4:
        found = found.filter(stage=int(stage))
    return found.filter(kind=kind) if kind in wording.KINDS else found


def _with(request: HttpRequest, **more: str) -> str:
    query = request.GET.copy()
    for name, value in more.items():
        query[name] = value
    return query.urlencode()


def row(errand: Any, at: datetime) -> dict[str, Any]:
    """Return a request as a list draws it."""
    known = register.directory()
    places = [known.places[code].name for code in errand.places if code in known.places]
    waits = errand.stage in (Stage.FILED, Stage.HEARD)
    return {
        "errand": errand, "href": reverse("errand", args=[errand.pk]), "number": wording.number_of(errand),
        "kind": wording.named(wording.KINDS, errand.kind), "stage": wording.named(wording.STAGES, errand.stage),
        "mark": wording.MARKS[errand.stage], "department": known.organisations[errand.department_id].short,
        "places": _("、").join(places), "due_at": errand.decision_due_at if waits else None,
        "returned": errand.stage == Stage.DRAFT and errand.returned_at,
    }  # fmt: skip


def sheet_of(found: Any) -> HttpResponse:
    """Return requests as a workbook."""
    at = now()
    columns = (
        _("编号"), _("名称"), _("类型"), _("申请单位"), _("状态"), _("社区（村）"), _("依据"), _("每月小时"), _("经费（元/年）"),
        _("开始日期"), _("退出日期"), _("提交时间"), _("决定时间"), _("理由"), _("条件"),
    )  # fmt: skip
    rows = (
        (
            line["number"], e.title, line["kind"], line["department"], line["stage"], line["places"], e.basis,
            float(e.hours_month), e.funds, e.starts_on or "", e.ends_on or "", e.filed_at or "", e.decided_at or "",
            e.reason, e.conditions,
        )
        for e in found
        for line in [row(e, at)]
    )  # fmt: skip
    return spreadsheet("errands", columns, rows)


@for_roles(*ASKERS)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Write a request, or mend the draft of one; saving keeps a draft, filing sends it through the checks."""
    actor, at = actor_of(request), now()
    errand = _found(number) if number else None
    if errand and (errand.department_id != actor.unit or errand.stage != Stage.DRAFT):
        return redirect("errand", errand.pk)
    form = RequestForm(request.POST or None, initial=initial_of(errand) if errand else None, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            kept = (
                actions.revise(errand.pk, actor=actor, at=at, **form.particulars())
                if errand
                else actions.draft(actor=actor, at=at, **form.particulars())
            )
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            accept(request, "request", _("草稿已保存，下面是自动检查的结果。"))
            return redirect("errand", kept.pk)
    shown = {
        "form": form,
        "errand": errand,
        "parts": [
            (_("做什么"), [form[name] for name in form.WHAT]),
            (_("要用多少时间和数据"), [form[name] for name in form.LOAD]),
            (_("会议或检查才填"), [form[name] for name in form.GATHERING]),
            (_("带来什么（费随事转）"), [form[name] for name in form.MEANS]),
        ],
        "draft": f"request-{errand.pk}" if errand else "request",
    }
    return render(request, "errands/write.html", shown, status=422 if form.errors else 200)


def _found(number: int) -> Any:
    try:
        return lists.errand(number)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


@for_roles(*ASKERS)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask something of a community; what was not admitted stands at its gate, where one tap sends it back."""
    actor, at = actor_of(request), now()
    held = [(found.pk, found.title) for found in lists.runs_of(actor.unit, at)]
    form = AskAnyForm(request.POST or None, at=at, held=held)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        number = int(said["errand"]) if said["errand"] else None
        try:
            actions.ask(
                place=said["place"], kind=Kind(said["kind"]), words=said["words"], errand=number, actor=actor, at=at
            )
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            accept(request, "ask", _("已请社区办理。") if number else _("已送到社区门口。没有准入，社区可以退回。"))
            return redirect("errands")
    shown = {"form": form, "asked": lists.askings_of(actor.unit)[:20]}
    return render(request, "errands/ask.html", shown, status=422 if form.errors else 200)


@for_roles(*ASKERS)
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take back what was asked, before it is sent back."""
    try:
        actions.take_back(number, actor=actor_of(request), at=now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return render(request, "oversight/refused.html", {"sentence": sentence(refusal)}, status=422)
    accept(request, "take-back", _("已收回，不计退回。"))
    return redirect("errand_ask")


@for_roles(WORKER, *ASKERS)
@require_GET
def errand(request: HttpRequest, number: int) -> HttpResponse:
    """Show one request: what is asked, what the checks find, who said what, and what the reader may do."""
    return _page(request, number)


@for_roles(WORKER, *ASKERS)
@require_POST
def deed(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """Do one of the deeds that the page offers."""
    doing = DEEDS.get(deed)
    if doing is None:
        raise Http404
    at = now()
    form = doing.form(request.POST, at=at) if doing.form is AskForm else (doing.form or forms.Form)(request.POST)
    if not form.is_valid():
        return _page(request, number, deed, form)
    try:
        done = doing.do(number, form.cleaned_data, {"actor": actor_of(request), "at": at}, request)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        form.add_error(None, sentence(refusal))
        return _page(request, number, deed, form)
    if done.stage == Stage.DRAFT and deed == "file":
        accept(request, deed, _("没有通过自动检查，已退回草稿。改好下面标红的几项再提交。"))
    else:
        accept(request, deed, doing.said)
    return redirect("errand", done.pk)


@dataclass(frozen=True)
class Doing:
    """One deed: what it does, the sentence when it is done, its form where it has one."""

    do: Callable[[int, dict[str, Any], dict[str, Any], HttpRequest], Any]
    said: str | Promise
    form: type[forms.Form] | None = None


def _opinion(number: int, said: dict[str, Any], by: dict[str, Any], request: HttpRequest) -> Any:
    place = register.directory().organisations[by["actor"].unit].place
    given = actions.give_opinion(number, place=place, opinion=Opinion(said["opinion"]), words=said["words"], **by)
    return given.errand


def _decide(number: int, said: dict[str, Any], by: dict[str, Any], request: HttpRequest) -> Any:
    return actions.decide(
        number, admitted=said["admitted"] == "yes", reason=said["reason"], conditions=said["conditions"], **by
    )


def _schedule(number: int, said: dict[str, Any], by: dict[str, Any], request: HttpRequest) -> Any:
    return actions.schedule(number, **said, **by).errand


def _ask(number: int, said: dict[str, Any], by: dict[str, Any], request: HttpRequest) -> Any:
    asking = actions.ask(place=said["place"], kind=Kind(said["kind"]), words=said["words"], errand=number, **by)
    return asking.errand


DEEDS: dict[str, Doing] = {
    "file": Doing(lambda number, said, by, request: actions.file(number, **by), gettext_lazy("已提交，社区开始表态。")),
    "withdraw": Doing(lambda number, said, by, request: actions.withdraw(number, **by), gettext_lazy("已撤回。")),
    "copy": Doing(lambda number, said, by, request: actions.copy(number, **by), gettext_lazy("已照着拟了一份草稿。")),
    "extend": Doing(
        lambda number, said, by, request: actions.copy(number, extending=True, **by),
        gettext_lazy("续期是一件新申请：已照着拟了草稿，请填新的起止日期。"),
    ),
    "stop": Doing(
        lambda number, said, by, request: actions.stop(number, **by), gettext_lazy("已提前退出，社区不再办这件事。")
    ),
    "opinion": Doing(_opinion, gettext_lazy("社区意见已记下。"), OpinionForm),
    "decide": Doing(_decide, gettext_lazy("会审意见已记下。"), VerdictForm),
    "schedule": Doing(_schedule, gettext_lazy("会议已排进日程。"), ScheduleForm),
    "ask": Doing(_ask, gettext_lazy("已请社区办理。"), AskForm),
}


def _page(request: HttpRequest, number: int, deed: str = "", form: forms.Form | None = None) -> HttpResponse:
    found, actor, at = _found(number), actor_of(request), now()
    known = register.directory()
    findings = found.checks
    if found.stage == Stage.DRAFT:
        findings = [finding.as_data() for finding in actions.findings_of(found, at)]
    lines = [wording.finding_line(finding, known) for finding in findings]
    offered = _offered(found, actor, at, deed, form)
    order = {"block": 0, "weigh": 1, "clear": 2}
    weights = [order[finding["weight"]] for finding in findings]
    shown = {
        **row(found, at),
        "lines": wording.gathered(
            [line for _weight, line in sorted(zip(weights, lines, strict=True), key=lambda pair: pair[0])]
        ),
        "blocked": 0 in weights,
        "entrances": [
            (entrance, wording.named(wording.OPINIONS, entrance.opinion), wording.OPINION_MARKS[entrance.opinion])
            for entrance in found.entrances.all()
        ],
        "facts": facts(found),
        "deeds": told(found.pk),
        "forms": offered,
        "mine": found.department_id == actor.unit,
        "may_extend": found.stage in (Stage.ADMITTED, Stage.ENDED),
        "wrong": form if deed not in offered else None,
        "now": at,
        "occasions": found.occasions.order_by("starts_at"),
        "back": reverse("gate") if actor.role is Role.WORKER else reverse("errands"),
    }
    return render(request, "errands/errand.html", shown, status=422 if form is not None else 200)


def _offered(found: Any, actor: Actor, at: datetime, deed: str, form: Any) -> dict[str, forms.Form]:
    """Return the forms that this reader is offered now."""
    offered: dict[str, forms.Form] = {}
    heard_here = any(e.committee_id == actor.unit and at < e.due_at for e in found.entrances.all())
    if found.stage == Stage.FILED and heard_here:
        offered["opinion"] = OpinionForm()
    undecided = any(v.unit_id == actor.unit and not v.made_at for v in found.verdicts.all())
    if found.stage == Stage.HEARD and undecided:
        offered["decide"] = VerdictForm()
    if found.stage == Stage.ADMITTED and found.department_id == actor.unit:
        if found.kind in (Kind.MEETING, Kind.INSPECTION):
            offered["schedule"] = ScheduleForm(initial={"minutes": found.minutes})
        elif found.starts_on <= gate.day_of(at) <= found.ends_on:
            offered["ask"] = AskForm(at=at, within=found.places, initial={"kind": found.kind})
    if deed in offered and form is not None:
        offered[deed] = form
    return offered


def facts(found: Any) -> list[tuple[str, str]]:
    """Return what is asked as lines of name and value; what was left empty is left out."""
    elements = gate.holdings()
    named = [elements[code].name if code in elements else code for code in found.fields]
    attendees = [wording.named(wording.ATTENDEES, code) for code in found.attendees]
    means = [
        _("经费 %(sum)s 元/年") % {"sum": found.funds} if found.funds else "",
        _("人员 %(count)s 名") % {"count": found.people} if found.people else "",
        found.training,
    ]
    lines = [
        (_("做什么"), found.words),
        (_("事项"), found.topic.name if found.topic else ""),
        (_("清单"), wording.named(wording.LISTS, found.list_kind) if found.list_kind else ""),
        (_("依据"), found.basis),
        (_("为什么要社区做"), found.why),
        (_("社区的角色"), wording.named(wording.ROLES, found.role)),
        (_("频次"), wording.named(wording.FREQUENCIES, found.frequency)),
        (_("每月小时"), str(found.hours_month) if found.hours_month else ""),
        (_("起止"), f"{found.starts_on} — {found.ends_on}" if found.starts_on else ""),
        (_("要社区填的数据"), _("、").join(named)),
        (_("随事带来"), _("；").join(part for part in means if part)),
        (_("想怎样考核"), found.assessment),
        (_("每个社区谁到场"), _("、").join(attendees)),
        (_("时长（分钟）"), str(found.minutes) if found.minutes else ""),
    ]
    return [(label, value) for label, value in lines if value]


@dataclass(frozen=True)
class Told:
    """One line of what was done."""

    at: datetime
    title: str
    who: str = ""
    words: str = ""
    article: str = ""


VERBS: dict[str, str | Promise] = {
    "draft_errand": gettext_lazy("拟稿"),
    "revise_errand": gettext_lazy("修改草稿"),
    "return_errand": gettext_lazy("自动检查没有通过，退回"),
    "file_errand": gettext_lazy("提交，社区开始表态"),
    "give_opinion": gettext_lazy("社区表态"),
    "close_hearing": gettext_lazy("表态期满"),
    "decide_errand": gettext_lazy("会审"),
    "withdraw_errand": gettext_lazy("撤回"),
    "end_errand": gettext_lazy("退出"),
    "schedule_meeting": gettext_lazy("排会"),
}


def told(number: int) -> list[Told]:
    """Return what was done to a request, the newest first; who is a unit, never a person."""
    known = register.directory().organisations
    entries = journal.entries_of(f"errand:{number}").order_by("-pk")[:100]
    return [
        Told(
            entry.at,
            wording.named(VERBS, entry.verb),
            known[entry.unit].short if entry.unit in known else _("系统"),
            article=entry.article,
        )
        for entry in entries
    ]
