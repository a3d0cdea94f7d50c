"""Every draft and every edition: begin a draft, compare two editions, bring an earlier one back."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qianxian.cadres.queries import account_names
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import actions
from qianxian.mandates import queries as mandates
from qianxian.mandates.queries import drafts
from qianxian.register import queries as register
from qianxian.web.acting import actor_of, now
from qianxian.web.drafting.asking import area_of
from qianxian.web.drafting.wording import STAGES
from qianxian.web.public.words import named
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STEWARD, SUPERVISOR

MOST = 100
KINDS = {"drafting": "info", "submitted": "soon", "approved": "good", "withdrawn": "calm"}


class TitleForm(forms.Form):
    """What the edition will be called."""

    title = forms.CharField(
        label=gettext_lazy("这一版叫什么"),
        max_length=80,
        help_text=gettext_lazy("例如：云溪区权责利清单（2026年第二版）。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@for_roles(STEWARD, SUPERVISOR)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show drafts and editions."""
    return _page(request, TitleForm(initial={"title": _suggested()}))


@for_roles(STEWARD, SUPERVISOR)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft on the latest edition."""
    form = TitleForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        held = actions.begin(
            title=form.cleaned_data["title"], area=area_of(request), actor=actor_of(request).name, at=now()
        )
    except drafts.NoEdition:
        messages.error(request, _("还没有公布过清单，没有底本可改。请先用命令导入第一版。"))
        return redirect("register_drafts")
    accept(request, "begin", _("草案已建好，从这里开始改。"))
    return redirect("register_draft", held.pk)


@for_roles(STEWARD, SUPERVISOR)
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Begin a draft that brings an earlier edition back."""
    number = request.POST.get("number", "")
    if not number.isdecimal():
        raise Http404
    title = _("恢复第 %(number)s 版") % {"number": number}
    try:
        held = actions.restore(
            number=int(number), title=title, area=area_of(request), actor=actor_of(request).name, at=now()
        )
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    accept(
        request,
        "restore",
        _("已按第 %(number)s 版的内容起好草案；同样要体检、回放、送另一人批准。") % {"number": number},
    )
    return redirect("register_draft", held.pk)


def _page(request: HttpRequest, form: TitleForm, status: int = 200) -> HttpResponse:
    found = list(drafts.drafts()[:MOST])
    names = account_names(one.authors[0] for one in found)
    editions = list(drafts.editions()[:MOST])
    shown = {
        "form": form,
        "drafts": [(one, named(STAGES, one.stage), KINDS[one.stage], names.get(one.authors[0], "")) for one in found],
        "editions": [(one, after) for one, after in zip(editions, [None, *editions], strict=False)],
        "latest": editions[0].number if editions else None,
        "proposals": drafts.proposals_with_drafts()[:MOST],
        "settled": drafts.proposals_settled()[:MOST],
        "may_write": True,
        "now": now(),
    }
    return render(request, "drafting/overview.html", shown, status=status)


def _suggested() -> str:
    """Return how the next edition may be called."""
    place = next((p.name for p in register.directory().places.values() if len(p.code) == 6), "")
    year = now().astimezone(BEIJING).year
    return _("%(place)s权责利清单（%(year)s年，第 %(number)s 版）") % {
        "place": place, "year": year, "number": mandates.next_number(),
    }  # fmt: skip
