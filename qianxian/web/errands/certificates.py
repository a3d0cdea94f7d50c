"""The certificates desk, the page to print, and the page on which anybody checks one."""

from datetime import timedelta

import segno
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianxian.cadres import queries as cadres
from qianxian.errands import actions
from qianxian.errands.queries import desk, gate
from qianxian.errands.rules.certificates import issuable, kinds_for, written
from qianxian.errands.rules.refusals import What
from qianxian.matters.rules.authority import NotYours
from qianxian.register import queries as register
from qianxian.web.acting import actor_of, now
from qianxian.web.errands.forms import CertificateForm, RevokeForm
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.allowance import require_allowance
from qianxian.web.shell.navigation import WORKER

GUESSES_MOST, GUESSES_PER = 60, timedelta(minutes=10)
MOST, SHEET = 50, 5000


@for_roles(WORKER)
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """Show which certificates are issued here, which are not and where people must go instead, and what was issued."""
    actor, at = actor_of(request), now()
    place = register.directory().organisations[actor.unit].place
    words = request.GET.get("q", "").strip()[:40]
    kinds = [
        kind
        for kind in kinds_for(gate.certificate_kinds(), place, gate.day_of(at))
        if words in kind.name or words in kind.office
    ]
    issued = desk.issued_by(actor.unit)
    if request.GET.get("export") == "xlsx":
        return _sheet(issued[:SHEET])
    shown = {
        "issued_here": [kind for kind in kinds if kind.issuable],
        "not_here": [kind for kind in kinds if not kind.issuable],
        "article": gate.refusal_article(What.CERTIFICATE, place, at),
        "issued": issued[:MOST],
        "words": words,
        "now": gate.day_of(at),
    }
    return render(request, "errands/certificates.html", shown)


def _sheet(issued: object) -> HttpResponse:
    columns = (
        _("编号"),
        _("种类"),
        _("居民"),
        _("交给"),
        _("用途"),
        _("开具时间"),
        _("有效期至"),
        _("撤销时间"),
        _("撤销理由"),
    )
    rows = (
        (c.number, c.title, c.name_mask, c.addressee, c.purpose, c.issued_at, c.valid_until, c.revoked_at or "", c.revocation)
        for c in issued  # type: ignore[attr-defined]
    )  # fmt: skip
    return spreadsheet("certificates", columns, rows)


@sensitive_post_parameters("name", "document", "facts")
@for_roles(WORKER)
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, kind: str) -> HttpResponse:
    """Issue a certificate of a kind that a community may issue; for any other, say who does."""
    actor, at = actor_of(request), now()
    place = register.directory().organisations[actor.unit].place
    try:
        listed = issuable(gate.certificate_kinds(), kind, place, gate.day_of(at))
    except Refusal as refused:
        return render(request, "oversight/refused.html", {"sentence": sentence(refused)}, status=422)
    form = CertificateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.issue(kind=kind, actor=actor, at=at, **form.cleaned_data)
        except Refusal as refused:
            form.add_error(None, sentence(refused))
        else:
            accept(request, "certificate", _("已开具 %(number)s，可以打印。") % {"number": made.number})
            return redirect("certificate", made.pk)
    return render(request, "errands/issue.html", {"form": form, "kind": listed}, status=422 if form.errors else 200)


@for_roles(WORKER)
@require_GET
def certificate(request: HttpRequest, number: int) -> HttpResponse:
    """Show a certificate as it is printed; each opening is recorded."""
    try:
        found, opened = actions.read(number, actor=actor_of(request), at=now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except NotYours as refused:
        raise PermissionDenied from refused
    address = request.build_absolute_uri(reverse("verify_certificate", args=[found.token]))
    shown = {
        "certificate": found,
        "text": written(
            **opened,
            addressee=found.addressee,
            purpose=found.purpose,
            issuer=found.committee.name,
            issued=gate.day_of(found.issued_at),
            until=found.valid_until,
            basis=found.basis,
        ),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=1),
        "form": None if found.revoked_at else RevokeForm(),
    }
    return render(request, "errands/certificate.html", shown)


@for_roles(WORKER)
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke a certificate."""
    try:
        actions.revoke(number, reason=request.POST.get("reason", ""), actor=actor_of(request), at=now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refused:
        return render(request, "oversight/refused.html", {"sentence": sentence(refused)}, status=422)
    accept(request, "revoke", _("已撤销，扫码核验会显示无效。"))
    return redirect("certificate", number)


@require_GET
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Say to anybody whether a certificate is genuine and valid, and nothing of its holder but a masked name."""
    require_allowance(request, "verify certificate", most=GUESSES_MOST, per=GUESSES_PER)
    cadres.reach(code=token)
    found, day = desk.by_token(token), gate.day_of(now())
    state = (
        "unknown"
        if found is None
        else "revoked"
        if found.revoked_at
        else "expired"
        if day > found.valid_until
        else "valid"
    )
    return render(
        request, "errands/verify.html", {"certificate": found, "state": state}, status=404 if found is None else 200
    )
