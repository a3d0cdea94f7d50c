"""One matter as those see it who decide over it: both sides, the register, the precedents, and the deeds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qianxian.cadres.rules import Actor
from qianxian.journal import queries as journal
from qianxian.matters import actions
from qianxian.matters import queries as matters
from qianxian.matters.queries import oversight
from qianxian.matters.rules.explanation import explain
from qianxian.matters.rules.life import OPEN, WORKING, Ground, Stage
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.deeds import told_deeds
from qianxian.web.oversight.forms import (
    CallbackForm,
    DispatchForm,
    ExtensionForm,
    OpinionForm,
    PleaForm,
    RulingForm,
    SupervisionForm,
)
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, SUPERVISOR


@dataclass(frozen=True)
class Deed:
    """What can be done on this page: its form, the deed, and the sentence that says it is done."""

    form: Callable[..., forms.Form]
    do: Callable[..., Any]
    done: names.Words
    chooses: bool = False


DEEDS: dict[str, Deed] = {
    "adjudicate": Deed(RulingForm, actions.adjudicate, gettext_lazy("裁定已作出，当事单位马上能看到；裁定已记为先例。"), True),
    "decide_extension": Deed(ExtensionForm, actions.decide_extension, gettext_lazy("延长申请已答复，诉求人会收到告知。")),
    "supervise": Deed(SupervisionForm, actions.supervise, gettext_lazy("已列入督办，承办单位三个工作日内答复。")),
    "call_back": Deed(CallbackForm, actions.call_back, gettext_lazy("回访已记下。")),
    "consult": Deed(OpinionForm, actions.consult, gettext_lazy("会商意见已记下。"), True),
    "dispatch": Deed(DispatchForm, actions.dispatch, gettext_lazy("已派单，从现在开始计时。"), True),
    "terminate": Deed(PleaForm, lambda number, **said: actions.decide_plea(number, purpose="terminate", **said), gettext_lazy("审核意见已记下。")),
    "remove": Deed(PleaForm, lambda number, **said: actions.decide_plea(number, purpose="remove", **said), gettext_lazy("审核意见已记下。")),
}  # fmt: skip


@for_roles(STREET, SUPERVISOR)
@require_GET
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """Show one matter with what can be decided about it."""
    return _page(request, _matter(code), {})


@for_roles(STREET, SUPERVISOR)
@require_POST
def decide(request: HttpRequest, code: str, deed: str) -> HttpResponse:
    """Do one deed; a refusal comes back on the page with what was typed."""
    if deed not in DEEDS:
        raise Http404
    found, actor = _matter(code), actor_of(request)
    form = _form(deed, found, actor, request.POST)
    if form.is_valid():
        try:
            DEEDS[deed].do(found.pk, actor=actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            accept(request, deed, str(DEEDS[deed].done))
            return redirect("oversight_matter", code)
    return _page(request, _matter(code), {deed: form})


def _matter(code: str) -> Any:
    try:
        return matters.matter_by_code(code)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _form(deed: str, found: Any, actor: Actor, said: Any = None) -> forms.Form:
    more = {"choices": _choices(deed, found, actor)} if DEEDS[deed].chooses else {}
    return DEEDS[deed].form(said, auto_id=f"{deed}-%s", **more)


def _choices(deed: str, found: Any, actor: Actor) -> list[tuple[str, str]]:
    known = names.known()
    units = oversight.may_answer(found, actor) if deed == "adjudicate" else oversight.may_own()
    parties = [unit for unit in _parties(found) if unit in units] if deed == "adjudicate" else []
    return [(unit, known.unit(unit)) for unit in dict.fromkeys((*parties, *units))]


def _parties(found: Any) -> list[str]:
    objection = getattr(found, "objection", None)
    sides = [objection.unit_id, objection.names_id] if objection else []
    return [*sides, *oversight.rivals(found)]


def _page(request: HttpRequest, found: Any, bound: dict[str, forms.Form]) -> HttpResponse:
    actor, at = actor_of(request), now()
    offered = list(_offered(found, actor, at))
    shown = {deed: bound.get(deed) or _form(deed, found, actor) for deed in dict.fromkeys((*offered, *bound))}
    known = names.known()
    deadline = matters.reckon(found, at=at)
    objection = getattr(found, "objection", None)
    return render(
        request,
        "oversight/matter.html",
        {
            "matter": found,
            "cause": oversight.cause_in_question(found),
            "cause_words": names.CAUSES.get(oversight.cause_in_question(found) or "", ""),
            "objection": objection,
            "ruling": getattr(found, "ruling", None),
            "sides": [_side(unit, found, known) for unit in dict.fromkeys(_parties(found))],
            "answer": found.answer,
            "named": known.units(),
            "precedents": oversight.precedents(found),
            "lines": explain(deadline, request.LANGUAGE_CODE),
            "forms": shown,
            "consultation": getattr(found, "consultation", None),
            "extension": found.extensions.filter(decided_at=None).first(),
            "limit_unit": names.LIMIT_UNITS.get(deadline.limit.unit.value, ""),
            "pleas": [
                (plea, names.PLEAS[plea.purpose], names.GROUNDS.get(plea.ground, plea.ground))
                for plea in found.pleas.all()
            ],
            "whistles": found.whistles.order_by("-blown_at"),
            "may_whistle": found.stage in WORKING and actor_of(request).role == STREET,
            "deeds": told_deeds(journal.entries_of(f"matter:{found.pk}"), known),
            "settled": found.ground == Ground.RULING or getattr(found, "ruling", None) is not None,
            "result_words": names.RESULTS.get(found.result, ""),
        },
        status=422 if bound else 200,
    )


def _offered(found: Any, actor: Actor, at: datetime) -> list[str]:
    """Return the deeds that fit the state of the matter; whether the actor may do them the deed itself decides."""
    stage, supervisor = Stage(found.stage), actor.role == SUPERVISOR
    waiting = set(found.pleas.filter(decided_at=None).values_list("purpose", flat=True)) if supervisor else set()
    fits = {
        "adjudicate": bool(oversight.may_answer(found, actor)),
        "decide_extension": found.extensions.filter(decided_at=None).exists() and oversight.may_oversee(found, actor),
        "consult": supervisor and stage is Stage.RECEIVED,
        "dispatch": supervisor and stage is Stage.RECEIVED and hasattr(found, "consultation"),
        "terminate": "terminate" in waiting,
        "remove": "remove" in waiting,
        "call_back": supervisor and stage is Stage.RESOLVED,
        "supervise": stage in OPEN
        and oversight.may_oversee(found, actor)
        and not found.supervisions.filter(answered_at=None).exists(),
    }
    return [deed for deed, fitting in fits.items() if fitting]


def _side(unit: str, found: Any, known: names.Known) -> dict[str, Any]:
    """Return one side of a question: the unit, its part in it, and what the register gives it for this case."""
    objection = getattr(found, "objection", None)
    lines = [("lead", line) for line in found.answer.get("rivals", ()) if line["body"] == unit]
    prevailing = found.answer.get("article")
    if prevailing and prevailing["body"] == unit:
        lines.append(("lead", prevailing))
    lines += [("beaten", line) for line in found.answer.get("beaten", ()) if line["body"] == unit]
    lines += [("assist", line) for line in found.answer.get("assisting", ()) if line["body"] == unit]
    part = ""
    if objection and unit == objection.unit_id:
        part = _("提出异议，现承办单位") if unit == found.owner_id else _("提出异议")
    elif objection and unit == objection.names_id:
        part = _("被指应当承办")
    elif unit == found.owner_id:
        part = _("现承办单位")
    powers = [names.POWERS[power] for power, bodies in found.answer.get("holders", {}).items() if unit in bodies]
    return {
        "unit": unit,
        "name": known.unit(unit),
        "part": part,
        "lines": lines,
        "powers": powers,
        "claims": objection if objection and unit == objection.unit_id else None,
    }
