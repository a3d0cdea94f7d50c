"""One draft: how far it has come, what it lacks and the way on, what changed, what the audit found, who did what."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qianxian.cadres.queries import account_names
from qianxian.journal.queries import entries_of
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.queries import drafts
from qianxian.mandates.rules.drafts import Lack, Stage
from qianxian.mandates.rules.findings import Kind
from qianxian.web.acting import actor_of, now
from qianxian.web.drafting.asking import draft_or_404
from qianxian.web.drafting.wording import LACKS, STAGES, Speaker, speaker, told
from qianxian.web.oversight.board import KINDS
from qianxian.web.public.words import named
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STEWARD, SUPERVISOR

if TYPE_CHECKING:
    from qianxian.mandates.models import Draft

SHOWN = 20
STOPPING = (Kind.GAP.value, Kind.CONTEST.value)


class SubmitForm(forms.Form):
    """From which day the edition is to be in force."""

    day = forms.DateField(
        label=gettext_lazy("从哪天起生效"),
        help_text=gettext_lazy("批准时这一天已过的，从批准时起生效。"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class ReasonForm(forms.Form):
    """Why a draft is returned or given up."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


@for_roles(STEWARD, SUPERVISOR)
@require_GET
def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one draft."""
    return shown(request, draft_or_404(number))


def shown(request: HttpRequest, held: "Draft", refused: str = "", **forms_: forms.Form) -> HttpResponse:
    """Return the page of a draft, with what was refused and the form in which it was asked."""
    say, changes, lacks = speaker(), drafts.changes_of(held), drafts.lacks_of(held)
    audited = held.audited == drafts.hash_of(held)
    entries = list(entries_of(f"draft:{held.pk}"))[::-1]
    names = account_names(entry.actor for entry in entries)
    me = actor_of(request)
    page = {
        "draft": held,
        "stage": named(STAGES, held.stage),
        "writing": held.stage == Stage.DRAFTING.value,
        "open": held.stage in (Stage.DRAFTING.value, Stage.SUBMITTED.value),
        "submitted": held.stage == Stage.SUBMITTED.value,
        "steps": _steps(held, lacks),
        "lacks": [(lack.value, LACKS[lack]) for lack in lacks],
        "changes": [(one, say.difference(one)) for one in changes[:SHOWN]],
        "count": len(changes),
        "audited": audited,
        "stopping": [_stopping(finding, say) for finding in held.findings if finding["kind"] in STOPPING],
        "others": _grouped(held.findings),
        "moves": held.moves if held.replayed and Lack.NOT_REPLAYED not in lacks else None,
        "author": names.get(held.authors[0], ""),
        "may_approve": me.role == SUPERVISOR and me.name not in held.authors,
        "mine": me.name in held.authors,
        "submit_form": SubmitForm(
            initial={"day": (held.in_force_from or now()).astimezone(BEIJING).date()}, auto_id="submit-%s"
        ),
        "return_form": ReasonForm(auto_id="return-%s"),
        "withdraw_form": ReasonForm(auto_id="withdraw-%s"),
        "story": [told(entry, names) for entry in entries[:SHOWN]],
        "refused": refused,
    } | forms_
    return render(request, "drafting/draft.html", page, status=422 if refused or forms_ else 200)


def _stopping(finding: dict[str, Any], say: Speaker) -> dict[str, Any]:
    """Return a finding that keeps a draft from being published, with the ways on."""
    ways = [(number, say.body(body)) for number, body in zip(finding["articles"], finding["bodies"], strict=True)]
    return finding | {"name": KINDS[Kind(finding["kind"])][0], "ways": ways}


def _steps(held: "Draft", lacks: tuple[Lack, ...]) -> list[dict[str, Any]]:
    """Return the way of a draft, each step done, now or later."""
    gone = held.stage in (Stage.SUBMITTED.value, Stage.APPROVED.value)
    done = [
        Lack.EMPTY not in lacks,
        not {Lack.EMPTY, Lack.NOT_AUDITED, Lack.GAP, Lack.CONTEST} & set(lacks),
        not {Lack.EMPTY, Lack.NOT_REPLAYED} & set(lacks),
        gone,
        held.stage == Stage.APPROVED.value,
    ]
    names = [_("起草"), _("体检"), _("回放"), _("送审"), _("批准生效")]
    first = done.index(False) if False in done else len(done)
    return [
        {"name": name, "state": "done" if ready else "now" if place == first else "later"}
        for place, (name, ready) in enumerate(zip(names, done, strict=True))
    ]


def _grouped(findings: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the findings that do not stop a draft, kind by kind."""
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        if finding["kind"] not in STOPPING:
            found.setdefault(str(KINDS[Kind(finding["kind"])][0]), []).append(finding)
    return list(found.items())
