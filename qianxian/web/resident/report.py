"""Saying it: words first, then who will answer and by when, then one button. 我要反映"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianxian.cadres.queries import posting_names, reach
from qianxian.cadres.rules import RESIDENT
from qianxian.collection import actions as collection
from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.matters import actions as matters
from qianxian.matters import queries
from qianxian.matters.actions.deeds import fingerprint
from qianxian.matters.actions.intake import answer_as_data
from qianxian.matters.queries import foresight
from qianxian.matters.rules.explanation import explain, until
from qianxian.matters.rules.intake import Demand, NoGovernment, Unfit, exit_shown, exits
from qianxian.register import queries as register
from qianxian.web.acting import now
from qianxian.web.public.answers import body_name, reasons
from qianxian.web.public.words import SETTINGS, named
from qianxian.web.resident import forms
from qianxian.web.resident.emergency import NUMBERS
from qianxian.web.resident.keeping import attach_all, know
from qianxian.web.sentences import sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.allowance import address_of, require_allowance, spend
from qianxian.web.shell.one_time_code import LASTS, SENTENCES, Verdict, mobile
from qianxian.web.shell.resident import Phone, ask_code, awaited, enter_by_code, resident_number, resident_of

if TYPE_CHECKING:
    from qianxian.matters.models import Matter

DRAFT = "report"
CODES_BY_PHONE, CODES_BY_ADDRESS = 5, 30  # a whole community may come from one address
REPORTS_MOST, REPORTS_PER = 20, timedelta(hours=1)
LOOKS_MOST, LOOKS_PER = 300, timedelta(minutes=10)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form, and take in what was written."""
    if request.method == "GET":
        form = _form(request)
        form.initial = {"place": request.GET.get("place", ""), "key": forms.new_key()}
        return _page(request, form)
    if request.POST.get("step") == "code":
        return _with_code(request)
    form = _form(request, request.POST, request.FILES)
    if not (form.is_valid() and _proved(request, form)):
        return _page(request, form, status=422)
    if not request.POST.get("seen"):
        return _page(request, form)
    return _taken_in(request, form)


@require_POST
def topics(request: HttpRequest) -> HttpResponse:
    """Suggest, while words are written, what they speak of; name the emergency lines where life may be in danger."""
    require_allowance(request, "report look", most=LOOKS_MOST, per=LOOKS_PER)
    return render(request, "resident/topics.html", suggestions(request.POST))


@require_POST
def owner(request: HttpRequest) -> HttpResponse:
    """Show who would answer for what is written so far, by which article and by when."""
    require_allowance(request, "report look", most=LOOKS_MOST, per=LOOKS_PER)
    return render(request, "resident/owner.html", preview(request.POST))


@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Send a one-time code to the phone in the form and ask for it there."""
    return _with_code(request)


@require_GET
def all_topics(request: HttpRequest) -> HttpResponse:
    """Offer every topic, for whoever finds none of the suggested ones fitting."""
    tree = mandates.topics()
    groups = [
        (above.name, [t for t in tree.topics.values() if len(t.code) == 6 and t.code.startswith(above.code)])
        for above in tree.topics.values()
        if len(above.code) == 4
    ]
    return render(request, "resident/all_topics.html", {"groups": groups})


def _form(request: HttpRequest, *data: Any) -> forms.ReportForm:
    return forms.ReportForm(*data, proved=resident_of(request) is not None)


def _page(request: HttpRequest, form: forms.ReportForm, status: int = 200, **more: Any) -> HttpResponse:
    data: Any = form.data if form.is_bound else {**form.initial, "words": request.GET.get("words", "")}
    if not form.is_bound:
        form.initial = {**form.initial, "words": data["words"]}
    words = {
        "form": form,
        "resident": resident_of(request),
        "numbers": NUMBERS,
        **suggestions(data),
        **preview(data),
        **_awaiting(request, form),
        **more,
    }
    return render(request, "resident/report.html", words, status=status)


def _awaiting(request: HttpRequest, form: forms.ReportForm) -> dict[str, Any]:
    """Return whether a code is on its way to the very phone that stands in the form."""
    phone, typed = awaited(request), mobile(form.data.get("phone", "")) if form.is_bound else None
    waiting = phone is not None and typed is not None and Phone.of(typed).index == phone.index
    return {"code_sent": waiting, "masked": phone.masked if phone and waiting else ""}


def suggestions(data: Any) -> dict[str, Any]:
    """Return the topics that words speak of, with the pieces that led to them, and the emergency if there is one."""
    words = data.get("words", "")
    tree = mandates.topics()
    found = tree.suggested(words, most=4) if words.strip() else []
    picked = data.get("topic", "")
    listed = {suggestion.topic for suggestion in found}
    if picked in tree.topics and picked not in listed and data.get("by_hand"):
        listed.add(picked)
    chosen = picked if picked in listed or picked == forms.NONE_OF_THESE else (found[0].topic if found else "")
    lines = [{"code": s.topic, **_named(s.topic, tree), "words": s.words[:4]} for s in found]
    if chosen and chosen != forms.NONE_OF_THESE and chosen not in {line["code"] for line in lines}:
        lines.append({"code": chosen, **_named(chosen, tree), "words": ()})
    return {
        "suggested": lines, "chosen": chosen, "none_of_these": forms.NONE_OF_THESE,
        "emergency": exit_shown(words) == "E1", "numbers": NUMBERS,
    }  # fmt: skip


def _named(topic: str, tree: TopicTree) -> dict[str, Any]:
    *above, own = (topic.name for topic in tree.path(topic))
    return {"name": own, "above": " › ".join(above)}


def preview(data: Any) -> dict[str, Any]:
    """Return who would answer: unit, article with its reasons, deadline with its arithmetic; empty without words or place."""
    demand = forms.demand_of(data, mandates.topics())
    directory = register.directory()
    if not demand.fingerprint or demand.place not in directory.places:
        return {"foreseen": None}
    try:
        seen = foresight.foreseen(demand, at=now())
    except (mandates.NothingInForce, NoGovernment):
        return {"foreseen": None, "unready": True}
    assignment, language = seen.assignment, get_language() or "zh"
    return {
        "foreseen": seen,
        "limits": seen.limits,
        "exit": exits().get(assignment.exit),
        "owner_name": body_name(assignment.owner.unit, directory),
        "person": person_of(assignment.owner.posting),
        "reasons": reasons(answer_as_data(assignment.answer), directory, queries.reference(now()).edition),
        "arithmetic": explain(seen.deadline, language),
        "due": until(seen.deadline.due, language),
        "contact_due": until(seen.deadline.contact_due, language),
        "setting_name": named(SETTINGS, demand.setting) if demand.setting else "",
        "setting_guessed": bool(demand.setting) and not data.get("setting"),
    }


def person_of(posting: int | None) -> str:
    """Return the name and title of the cadre of a posting, '' where nobody is posted."""
    return posting_names({posting}).get(posting, "") if posting else ""


def _with_code(request: HttpRequest) -> HttpResponse:
    """Send a code; with script only the part that asks for it comes back, so that chosen files stay chosen."""
    form = _form(request, request.POST)
    for name in set(form.errors) - {"phone"}:
        del form.errors[name]
    sent = "" if form.errors else _sent(request, form)
    shown: dict[str, Any] = {"shown_code": sent if settings.DEMONSTRATION else ""}
    if request.headers.get("HX-Request"):
        words = {"form": form, "resident": resident_of(request), **shown, **_awaiting(request, form)}
        return render(request, "resident/contact.html", words)
    return _page(request, form, **shown)


def _sent(request: HttpRequest, form: forms.ReportForm) -> str:
    """Send a code to the phone in the form and return it; say so where too many were asked for."""
    phone, at = Phone.of(form.cleaned_data["phone"]), now()
    by_address = spend("report code", address_of(request), most=CODES_BY_ADDRESS, per=2 * LASTS, at=at)
    if not (by_address and spend("one-time code phone", phone.index, most=CODES_BY_PHONE, per=2 * LASTS, at=at)):
        form.add_error("phone", _("短时间内获取验证码太多次了，请过 10 分钟再试。着急的事请直接拨打 12345。"))
        return ""
    return ask_code(request, phone, at=at)


def _proved(request: HttpRequest, form: forms.ReportForm) -> bool:
    """Prove the phone by the code that was typed, unless this session has proved one; say what is missing."""
    if resident_of(request) is not None:
        return True
    phone = Phone.of(form.cleaned_data["phone"])
    typed = "".join(form.cleaned_data["code"].split())
    verdict = enter_by_code(request, phone, typed, at=now())
    if verdict is not Verdict.RIGHT:
        form.add_error("code", str(SENTENCES[verdict]))
        return False
    reach(requester=phone.index)
    return True


def _taken_in(request: HttpRequest, form: forms.ReportForm) -> HttpResponse:
    resident = resident_of(request)
    require_allowance(
        request, "report", most=REPORTS_MOST, per=REPORTS_PER, phone_index=resident.index if resident else ""
    )
    try:
        matter = take_in(request, form)
    except Unfit as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, sentence(refusal))
        return _page(request, form, status=422)
    except (mandates.NothingInForce, NoGovernment):
        form.add_error(None, _("平台还没有公布权责利清单，暂时收不了。请先拨打 12345；您写的内容还在。"))
        return _page(request, form, status=503)
    know(request, matter.code)
    accept(request, DRAFT, _("收到了。请记下查询码，或者以后用手机号查。"))
    return redirect("matter", matter.code)


@transaction.atomic
def take_in(request: HttpRequest, form: forms.ReportForm) -> "Matter":
    """
    Take a valid form in once, with its files; the same form sent again leads to the same matter.

    The words are part of the key, so that a form changed after it was sent is not taken for the one before.
    """
    given = form.cleaned_data
    demand = forms.demand_of(given | {"topic": request.POST.get("topic", "")}, mandates.topics())
    at = now()
    matter = collection.take_in(
        source="web",
        key=f"{given['key']}:{fingerprint(given['words'])}",
        raw=_raw(demand),
        demand=demand,
        contact=_contact(request, given),
        actor=RESIDENT,
        at=at,
    )
    resident = resident_of(request)
    reach(code=matter.code, requester=resident.index if resident else "")
    attach_all(matter, given["attached"], at=at)
    return matter


def _raw(demand: Demand) -> dict[str, str]:
    return {
        "words": demand.words, "place": demand.place, "address": demand.address, "kind": demand.kind.value,
        "topic": demand.topic, "setting": demand.setting,
    }  # fmt: skip


def _contact(request: HttpRequest, given: dict[str, Any]) -> matters.Contact:
    return matters.Contact(given["name"], resident_number(request) or "", given["confidential"])
