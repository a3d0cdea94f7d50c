"""What is done to a draft by one button: audit, submit, return, approve, withdraw, take up the latest edition."""

from collections.abc import Callable
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qianxian.cadres.queries import powers_sent_down
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import actions
from qianxian.mandates.queries import drafts
from qianxian.mandates.rules.articles import Duty
from qianxian.web.acting import actor_of, now
from qianxian.web.drafting.asking import Refusal, draft_or_404, refused
from qianxian.web.drafting.draft import ReasonForm, SubmitForm, shown
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STEWARD, SUPERVISOR

if TYPE_CHECKING:
    from qianxian.mandates.models import Draft


@for_roles(STEWARD, SUPERVISOR)
@require_POST
def do(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """Do one deed, or show the draft with what is wrong."""
    held = draft_or_404(number)
    if deed not in DEEDS:
        raise Http404
    try:
        return DEEDS[deed](request, held) or redirect("register_draft", held.pk)
    except Refusal as refusal:
        return shown(request, held, refused(refusal))


def _audit(request: HttpRequest, held: "Draft") -> None:
    found = actions.audit(held.pk, actor=actor_of(request).name, at=now(), postings=powers_sent_down())
    accept(request, "audit", _("体检完成：%(count)s 处提示。") % {"count": len(found.findings)})


def _end(request: HttpRequest, held: "Draft") -> None:
    number = request.POST.get("article", "")
    actions.end_line(held.pk, number=number, actor=actor_of(request).name, at=now())
    accept(request, "line", _("第%(number)s条在这一版里终止；可以在改动里撤销。") % {"number": number})


def _assist(request: HttpRequest, held: "Draft") -> None:
    number = request.POST.get("article", "")
    columns = drafts.columns_of(held, number)
    if columns is None:
        raise actions.NoSuchArticle(number)
    actions.write_line(
        held.pk, columns={**columns, "duty": Duty.ASSIST.value}, actor=actor_of(request).name, at=now()
    )  # fmt: skip
    accept(request, "line", _("第%(number)s条在这一版里改为协助；可以在改动里撤销。") % {"number": number})


def _undo(request: HttpRequest, held: "Draft") -> None:
    number = request.POST.get("article", "")
    actions.undo_line(held.pk, number=number, actor=actor_of(request).name, at=now())
    accept(request, "line", _("第%(number)s条的改动已撤销。") % {"number": number})


def _latest(request: HttpRequest, held: "Draft") -> None:
    found = actions.rest_on_latest(held.pk, actor=actor_of(request).name, at=now())
    accept(request, "latest", _("底本已换成第 %(number)s 版，改动都在。") % {"number": found.based_on.number})


def _submit(request: HttpRequest, held: "Draft") -> HttpResponse | None:
    form = SubmitForm(request.POST, auto_id="submit-%s")
    if not form.is_valid():
        return shown(request, held, submit_form=form)
    begins = datetime.combine(form.cleaned_data["day"], time(), BEIJING)
    actions.submit(held.pk, in_force_from=begins, actor=actor_of(request).name, at=now())
    accept(request, "submit", _("已送审，等另一位同事批准。"))
    return None


def _return(request: HttpRequest, held: "Draft") -> HttpResponse | None:
    form = ReasonForm(request.POST, auto_id="return-%s")
    if not form.is_valid():
        return shown(request, held, return_form=form)
    actions.give_back(held.pk, reason=form.cleaned_data["reason"], actor=actor_of(request).name, at=now())
    accept(request, "return", _("已退回修改，理由会显示给起草人。"))
    return None


def _withdraw(request: HttpRequest, held: "Draft") -> HttpResponse | None:
    form = ReasonForm(request.POST, auto_id="withdraw-%s")
    if not form.is_valid():
        return shown(request, held, withdraw_form=form)
    actions.withdraw(held.pk, reason=form.cleaned_data["reason"], actor=actor_of(request).name, at=now())
    accept(request, "withdraw", _("草案已撤回，收进来的裁定建议重新待收。"))
    return None


def _approve(request: HttpRequest, held: "Draft") -> None:
    actor = actor_of(request)
    if actor.role != SUPERVISOR:
        raise Http404
    edition = actions.approve(held.pk, actor=actor.name, at=now())
    begins = f"{edition.in_force_from.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    accept(
        request, "approve",
        _("第 %(number)s 版已批准，%(begins)s 起生效。") % {"number": edition.number, "begins": begins},
    )  # fmt: skip


DEEDS: dict[str, Callable[[HttpRequest, "Draft"], HttpResponse | None]] = {
    "audit": _audit,
    "assist": _assist,
    "end": _end,
    "undo": _undo,
    "latest": _latest,
    "submit": _submit,
    "return": _return,
    "withdraw": _withdraw,
    "approve": _approve,
}
