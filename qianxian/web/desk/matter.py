"""One matter: everything on one page, what can be done now first; each deed is a small form of its own."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from qianxian.cadres.rules import Actor
from qianxian.matters import actions
from qianxian.matters.queries.page import MatterPage, attachment_of, page_of
from qianxian.matters.rules.possible import Offer, may_read_requester, offers
from qianxian.register import queries as register
from qianxian.register.rules import Directory
from qianxian.web.acting import actor_of, now
from qianxian.web.desk import wording
from qianxian.web.desk.choosing import Choices, choices_of
from qianxian.web.desk.deeds import DEEDS, Doing
from qianxian.web.desk.forms import AskHelpForm, DeedForm, UnmaskForm, WhistleForm, half_way, soonest
from qianxian.web.desk.showing import extension_words, plea_words, shown
from qianxian.web.desk.views import on_desks
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.navigation import STREET, SUPERVISOR, Way, way_back

SHOWN_INLINE = ("image/jpeg", "image/png", "image/gif", "image/webp")


@on_desks
@require_GET
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """Show one matter; `?deed=` opens the form of a deed in the page, for browsers without dialogs."""
    page = _page(code)
    return _drawn(request, page, asked=request.GET.get("deed", ""))


def _page(code: str) -> MatterPage:
    try:
        return page_of(code, now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


@on_desks
@require_POST
def deed(request: HttpRequest, code: str, deed: str) -> HttpResponse:
    """Do one deed; what is refused comes back with its sentence and all that was typed."""
    page, actor = _page(code), actor_of(request)
    if deed not in DEEDS:
        raise Http404
    on = _number(request.POST.get("on", ""))
    form = _form(deed, choices_of(page, register.directory(), actor, now()), on, request)
    if form.is_valid() and _done(request, page, deed, on, form, actor):
        accept(request, _draft(page, deed, on), str(DEEDS[deed].said))
        return redirect(reverse("desk_matter", args=[page.matter.code]) + _carried(way_back(request, actor.role)))
    return _drawn(request, _page(code), asked=deed, form=form, on=on, status=422)


def _done(request: HttpRequest, page: MatterPage, deed: str, on: int | None, form: DeedForm, actor: Actor) -> bool:
    try:
        DEEDS[deed].do(Doing(page.matter.pk, on, actor, now()), form.cleaned_data)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, sentence(refusal))
        return False
    return True


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None


def _form(deed: str, known: Choices, on: int | None, request: HttpRequest | None = None, **more: Any) -> DeedForm:
    prefix = f"deed-{deed}-{on or 0}-%s"
    if request is None:
        return DEEDS[deed].form(known=known, auto_id=prefix, **more)
    return DEEDS[deed].form(request.POST, request.FILES, known=known, auto_id=f"asked-{prefix}")


def _carried(back: Way, **more: str) -> str:
    """Return what an address must hold so that the way back is still known there."""
    held = more | ({"from": back.url} if back.asked else {})
    return f"?{urlencode(held)}" if held else ""


def _draft(page: MatterPage, deed: str, on: int | None) -> str:
    return f"{page.matter.code}-{deed}-{on or 0}"


def _drawn(
    request: HttpRequest, page: MatterPage, *, asked: str = "", form: DeedForm | None = None, on: int | None = None,
    status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    actor, at, directory = actor_of(request), now(), register.directory()
    known, back = choices_of(page, directory, actor, at), way_back(request, actor.role)
    possible = [
        _offered(page, offer, known, directory, back)
        for offer in offers(page.facts, actor, at)
        if offer.deed != "part" or known.pieces
    ]
    confidential = bool(page.requester and page.requester.confidential)
    words = {
        **shown(page, directory),
        "back": back,
        "carried": _carried(back),
        "may_rule": any(offer["name"] == "adjudicate" for offer in possible),
        "sees_whistles": actor.role in (STREET, SUPERVISOR),
        "offers": possible,
        "opened": _opened(page, possible, known, asked, form, on),
        "known": known,
        "before": _before(known, directory),
        "may_unmask": page.requester is not None and may_read_requester(page.facts, actor, confidential=confidential),
        "unmask": UnmaskForm(auto_id="unmask-%s"),
        **more,
    }
    return render(request, "desk/matter.html", words, status=status)


def _before(known: Choices, directory: Directory) -> dict[str, Any]:
    """Return the units that handled matters of this kind, with how many, and those that similar matters point to."""
    named = [(wording.unit(one.unit, directory), one) for one in known.before]
    near = wording.joined(name for name, one in named if not one.records)
    return {"alike": [(name, one) for name, one in named if one.records], "near": near}


def _offered(page: MatterPage, offer: Offer, known: Choices, directory: Directory, back: Way) -> dict[str, Any]:
    initial = {}
    if DEEDS[offer.deed].form is AskHelpForm:
        initial = {"due_at": half_way(now(), page.matter.due_at)}
    if DEEDS[offer.deed].form is WhistleForm:
        initial = {"required_at": soonest(now())}
    return {
        "name": offer.deed,
        "on": offer.on,
        "deed": DEEDS[offer.deed],
        "form": _form(offer.deed, known, offer.on, initial=initial),
        "id": f"deed-{offer.deed}-{offer.on or 0}",
        "draft": _draft(page, offer.deed, offer.on),
        "href": _carried(back, deed=offer.deed),
        "about": _about(page, offer, directory),
    }


def _about(page: MatterPage, offer: Offer, directory: Directory) -> str:
    """Return what a help, a whistle, an extension or a plea asks, so that nobody has to look for it."""
    if offer.deed == "decide_extension":
        return next(extension_words(asked, page) for asked in page.extensions if asked.decided_at is None)
    if offer.deed in ("decide_terminate", "decide_remove"):
        purpose = offer.deed.removeprefix("decide_")
        return next(plea_words(plea) for plea in page.pleas if plea.purpose == purpose and plea.decided_at is None)
    if offer.deed == "answer_above":
        asked = next(asked for asked in page.coordinations if asked.pk == offer.on)
        unit = wording.unit(asked.unit_id, directory)
        return "\n".join(words for words in (f"{unit}：{asked.wanted}", asked.reason) if words)
    if offer.deed == "answer_help":
        return next((asked.what for asked in page.helps if asked.pk == offer.on), "")
    for blown in page.whistles:
        for arrival in blown.arrivals.all():
            if arrival.pk == offer.on and offer.deed in ("arrive", "report_work", "rate_arrival"):
                return f"{directory.organisations[arrival.unit_id].short}：{blown.what}"
        if blown.pk == offer.on and offer.deed == "close_whistle":
            return blown.what
    return ""


def _opened(
    page: MatterPage, possible: list[dict[str, Any]], known: Choices, asked: str, form: DeedForm | None, on: int | None
) -> dict[str, Any] | None:
    """Return the deed whose form stands open in the page: one that was refused, or one that the address asks for."""
    same = (offer for offer in possible if offer["name"] == asked and (form is None or offer["on"] == on))
    found = next(same, None)
    if form is not None and found is None:
        return {
            "name": asked,
            "on": on,
            "deed": DEEDS[asked],
            "form": form,
            "draft": _draft(page, asked, on),
            "about": "",
        }
    return found and {**found, "form": form or _form(asked, known, found["on"], initial=found["form"].initial)}


@never_cache
@sensitive_variables("identity")
@on_desks
@require_POST
def requester(request: HttpRequest, code: str) -> HttpResponse:
    """Show name and telephone number once, for a stated purpose; the reading is journaled."""
    page = _page(code)
    form = UnmaskForm(request.POST, auto_id="unmask-asked-%s")
    identity = None
    if form.is_valid():
        try:
            identity = actions.read_requester(page.matter.pk, **form.cleaned_data, actor=actor_of(request), at=now())
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
    return _drawn(
        request,
        _page(code),
        identity=identity,
        asked_unmask=None if identity else form,
        status=200 if identity else 422,
    )


@on_desks
@require_GET
def attachment(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Hand out a picture or paper; pictures are shown, everything else is saved."""
    try:
        found = attachment_of(code, number)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    shown = "inline" if found.media_type in SHOWN_INLINE else "attachment"
    ending = found.media_type.rpartition("/")[2]
    return HttpResponse(
        bytes(found.content),
        content_type=found.media_type,
        headers={"Content-Disposition": f'{shown}; filename="{found.pk}.{ending}"'},
    )
