"""The calendar of meetings and inspections: by month, by week, as a list; merging, minutes, and the feed."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianxian.cadres import queries as cadres
from qianxian.cadres.rules import Actor, Role
from qianxian.errands import actions
from qianxian.errands.actions.feeds import digest
from qianxian.errands.queries import gate, meetings
from qianxian.errands.rules.life import Kind
from qianxian.errands.rules.meetings import State, lines_of, weeks_of_month
from qianxian.kernel.lazily import lazily
from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING
from qianxian.matters.queries import calendar as working_days
from qianxian.register import queries as register
from qianxian.web.acting import actor_of, now
from qianxian.web.errands import wording
from qianxian.web.errands.forms import MinutesForm, OwnMeetingForm, a_day
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import DEPARTMENT, STREET, SUPERVISOR, WORKER

if TYPE_CHECKING:
    from qianxian.cadres.models import Account
    from qianxian.web.errands import feed

feed = lazily("qianxian.web.errands.feed")
EVERYBODY = (WORKER, DEPARTMENT, STREET, SUPERVISOR)
A_DAY = timedelta(days=1)
FEED_PAST, FEED_AHEAD = timedelta(days=90), timedelta(days=365)


@for_roles(*EVERYBODY)
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the meetings of the unit and its area in a month or a week; a phone gets the list of the same."""
    actor, at = actor_of(request), now()
    view = "week" if request.GET.get("view") == "week" else "month"
    on = a_day(request.GET.get("on", "")) or gate.day_of(at)
    weeks = [_week_of(on)] if view == "week" else weeks_of_month(on)
    span = Period(_midnight(weeks[0][0]), _midnight(weeks[-1][-1] + A_DAY))
    found = list(meetings.occasions(actor.unit, _seen_area(actor), span))
    if request.GET.get("export") == "xlsx":
        return _sheet(found)
    by_day: dict[date, list[dict[str, Any]]] = {}
    for occasion in found:
        by_day.setdefault(gate.day_of(occasion.starts_at), []).append(_line(occasion))
    official = working_days()
    shown = {
        "view": view,
        "on": on,
        "today": gate.day_of(at),
        "weeks": [
            [(day, by_day.get(day, ()), day.month == on.month, official.is_working(day)) for day in week]
            for week in weeks
        ],
        "days": sorted(by_day.items()),
        "earlier": _earlier(on, view),
        "later": _later(on, view),
        "load": _load(actor, on, found, at),
        "proposals": meetings.proposals(actor.area, at) if actor.role in (Role.STREET, Role.SUPERVISOR) else [],
        "may_meet": actor.role is Role.WORKER,
        "export": f"?view={view}&on={on}&export=xlsx",
        "weekdays": (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")),
    }
    return render(request, "errands/calendar.html", shown)


def _seen_area(actor: Actor) -> str:
    """Return the area whose meetings a reader sees beside those of the unit: a department sees its own only."""
    return "" if actor.role is Role.DEPARTMENT else actor.area


def _load(actor: Any, on: date, found: list[Any], at: datetime) -> dict[str, int] | None:
    """Return how many meetings called by others a community has in the month, and how many it may have."""
    if actor.role is not Role.WORKER:
        return None
    place = register.directory().organisations[actor.unit].place
    held = gate.gatherings([place]).get((place, f"{on:%Y-%m}", Kind.MEETING), 0)
    return {"held": held, "most": gate.parameter("meetings", Kind.MEETING, place, at).amount}


def _week_of(day: date) -> list[date]:
    first = day - timedelta(days=day.weekday())
    return [first + timedelta(days=offset) for offset in range(7)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def _earlier(on: date, view: str) -> date:
    return on - timedelta(days=7) if view == "week" else (on.replace(day=1) - A_DAY).replace(day=1)


def _later(on: date, view: str) -> date:
    return on + timedelta(days=7) if view == "week" else (on.replace(day=28) + timedelta(days=5)).replace(day=1)


def _line(occasion: Any) -> dict[str, Any]:
    known = register.directory()
    places = [known.places[code].name for code in occasion.places if code in known.places]
    return {
        "occasion": occasion, "kind": wording.named(wording.KINDS, occasion.kind),
        "state": wording.named(wording.STATES, occasion.state), "places": _("、").join(places),
        "ends_at": occasion.starts_at + timedelta(minutes=occasion.minutes), "off": occasion.state == State.CANCELLED,
        "held": occasion.state == State.HELD, "own": occasion.errand_id is None,
        "who": _("、").join(wording.named(wording.ATTENDEES, code) for code in occasion.attendees),
    }  # fmt: skip


def _sheet(found: list[Any]) -> HttpResponse:
    columns = (
        _("时间"),
        _("时长（分钟）"),
        _("名称"),
        _("类型"),
        _("召集单位"),
        _("社区（村）"),
        _("谁到场"),
        _("地点"),
        _("状态"),
    )
    rows = (
        (
            o.starts_at, o.minutes, o.title, line["kind"], o.organiser.short, line["places"], line["who"], o.venue,
            line["state"],
        )
        for o in found
        for line in [_line(o)]
    )  # fmt: skip
    return spreadsheet("meetings", columns, rows)


@for_roles(*EVERYBODY)
@require_GET
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    """Show one meeting: who must come, its minutes, and what became of each line."""
    return _page(request, number)


def _page(request: HttpRequest, number: int, wrong: forms.Form | None = None, error: str = "") -> HttpResponse:
    try:
        found = meetings.occasion(number)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    actor, at = actor_of(request), now()
    there = actor.unit in found.involved
    area = _seen_area(actor)
    if not there and not (area and any(place.startswith(area) for place in found.places)):
        raise Http404
    become = meetings.outcomes(found)
    known = register.directory()
    shown = {
        **_line(found),
        "minutes": wrong or (MinutesForm() if there and found.state == State.PLANNED else None),
        "lines": [(line, become.get(line[:500])) for line in lines_of(found.record)],
        "open_lines": there and any(line[:500] not in become for line in lines_of(found.record)),
        "may_draft": there and actor.role is not Role.WORKER,
        "may_cancel": found.organiser_id == actor.unit and found.state == State.PLANNED,
        "communities": [(code, known.places[code].name) for code in found.places],
        "error": error,
        "now": at,
    }
    return render(request, "errands/meeting.html", shown, status=422 if wrong or error else 200)


@for_roles(*EVERYBODY)
@require_POST
def minute(request: HttpRequest, number: int) -> HttpResponse:
    """Write the minutes down."""
    form = MinutesForm(request.POST)
    if form.is_valid():
        try:
            actions.minute(number, record=form.cleaned_data["record"], actor=actor_of(request), at=now())
        except ObjectDoesNotExist as missing:
            raise Http404 from missing
        except Refusal as refused:
            form.add_error(None, sentence(refused))
        else:
            accept(request, f"minutes-{number}", _("纪要已存。勾选要办的事，直接转出去。"))
            return redirect("meeting", number)
    return _page(request, number, form)


@for_roles(*EVERYBODY)
@require_POST
def turn(request: HttpRequest, number: int) -> HttpResponse:
    """Make matters, or the draft of a request, of the lines that were ticked."""
    lines = [line for line in request.POST.getlist("lines") if line.strip()][:50]
    by: dict[str, Any] = {"actor": actor_of(request), "at": now()}
    try:
        if request.POST.get("into") == "errand":
            if len(lines) != 1:
                return _page(request, number, error=_("准入申请一次转一行，请只勾一行。"))
            outcome = actions.turn_into_draft(number, line=lines[0], **by)
            accept(request, "turn", _("已拟成准入申请草稿，请补充后提交。"))
            return redirect("errand", outcome.errand_id)
        made = actions.turn_into_matters(number, lines=lines, place=request.POST.get("place", ""), **by)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refused:
        return _page(request, number, error=sentence(refused))
    accept(request, "turn", _("已转成 %(count)s 件诉求，归谁办、哪天办完都已定好。") % {"count": len(made)})
    return redirect("meeting", number)


@for_roles(*EVERYBODY)
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Call a meeting off."""
    try:
        actions.cancel(number, actor=actor_of(request), at=now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refused:
        return _page(request, number, error=sentence(refused))
    accept(request, "cancel", _("会议已取消，各社区的日程里已经划掉。"))
    return redirect("meeting", number)


@for_roles(WORKER)
@require_http_methods(["GET", "POST"])
def meet(request: HttpRequest) -> HttpResponse:
    """Put a community's own meeting into its calendar."""
    form = OwnMeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.meet(actor=actor_of(request), at=now(), **form.cleaned_data)
        except Refusal as refused:
            form.add_error(None, sentence(refused))
        else:
            accept(request, "meet", _("已排进本社区日程。"))
            return redirect("meeting", made.pk)
    return render(request, "errands/meet.html", {"form": form}, status=422 if form.errors else 200)


@for_roles(STREET, SUPERVISOR)
@require_POST
def merge(request: HttpRequest) -> HttpResponse:
    """Hold as one the meetings of a proposal."""
    numbers = [int(number) for number in request.POST.getlist("meeting") if number.isdecimal()][:20]
    if len(numbers) < 2:
        raise Http404
    try:
        first = actions.merge(numbers[0], joining=numbers[1:], actor=actor_of(request), at=now())
    except Refusal as refused:
        return render(request, "oversight/refused.html", {"sentence": sentence(refused)}, status=422)
    accept(request, "merge", _("已并成一次会，日程和订阅都已更新。"))
    return redirect("meeting", first.pk)


@for_roles(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def subscription(request: HttpRequest) -> HttpResponse:
    """Make the secret address of one's calendar, shown once, or withdraw it."""
    account, address = cast("Account", request.user), ""
    if request.method == "POST":
        by: dict[str, Any] = {"account": account.pk, "actor": actor_of(request).name, "at": now()}
        if request.POST.get("close"):
            actions.close_feed(**by)
            accept(request, "feed", _("订阅地址已作废。"))
            return redirect("calendar_subscription")
        secret = actions.open_feed(**by)
        address = request.build_absolute_uri(reverse("calendar_feed", args=[secret]))
    shown = {"address": address, "held": meetings.has_feed(account.pk)}
    return render(request, "errands/subscription.html", shown)


@require_GET
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the calendar of the account whose secret address this is, to a program that subscribes to it."""
    held = meetings.feed_by(digest(secret))
    if held is None or not held.account.is_active:
        raise Http404
    account, at = held.account, now()
    cadres.reach(unit=account.unit_id, area=account.area_id or "")
    area = _seen_area(account.as_actor())
    span = Period(at - FEED_PAST, at + FEED_AHEAD)
    known = register.directory()
    content = feed.as_calendar(
        meetings.occasions(account.unit_id, area, span),
        title=_("%(unit)s会议日程") % {"unit": known.organisations[account.unit_id].short},
        address_of=lambda number: request.build_absolute_uri(reverse("meeting", args=[number])),
        at=at,
    )
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private"})
