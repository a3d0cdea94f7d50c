"""Following it: who answers, by which article, by when, what was done; then judging it. 查进度 · 评价"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianxian.cadres import queries as cadres
from qianxian.cadres.rules import RESIDENT
from qianxian.deliberation import actions as deliberation
from qianxian.deliberation.rules import may_judge
from qianxian.journal import queries as journal
from qianxian.matters import actions as matters
from qianxian.matters import queries
from qianxian.matters.rules.codes import in_groups, plain_code
from qianxian.matters.rules.explanation import explain, until
from qianxian.matters.rules.intake import exits
from qianxian.matters.rules.life import Satisfaction, Stage
from qianxian.register import queries as register
from qianxian.register.rules import Kind
from qianxian.web.acting import now
from qianxian.web.public.answers import reasons
from qianxian.web.public.words import SETTINGS, named
from qianxian.web.resident.emergency import NUMBERS
from qianxian.web.resident.forms import FollowUpForm, MaterialForm, RatingForm, TrackForm
from qianxian.web.resident.keeping import attach, attach_all, know, known
from qianxian.web.resident.story import story
from qianxian.web.resident.ways import ways
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_residents
from qianxian.web.shell.allowance import require_allowance
from qianxian.web.shell.resident import resident_number, resident_of, resident_phone
from qianxian.web.shell.tags import stage_steps

if TYPE_CHECKING:
    from qianxian.matters.models import Matter

GUESSES_MOST, GUESSES_PER = 60, timedelta(minutes=10)
MATERIAL_MOST, MATERIAL_PER = 20, timedelta(hours=1)
PAGE = 20

STANDING: dict[str, Any] = {
    "solved": lambda: _("承办单位说已经解决"),
    "partly": lambda: _("承办单位说部分解决"),
    "explained": lambda: _("承办单位作了解释"),
    "refused": lambda: _("承办单位答复不能办理"),
}


@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for the tracking code and lead to its matter."""
    form = TrackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = plain_code(form.cleaned_data["code"])
        _reach(request, code)
        if queries.has_code(code):
            know(request, code)
            return redirect("matter", code)
        form.add_error("code", _("没有查到这个编号。请对照提交时给您的查询码再输一次，也可以用手机号查。"))
    words = {"form": form, "mine": _mine(request)[:5] if resident_of(request) else ()}
    return render(request, "resident/track.html", words, status=422 if form.errors else 200)


@for_residents
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show every matter that was brought from the phone that was proved."""
    start = int(request.GET.get("after", "0")) if request.GET.get("after", "0").isdecimal() else 0
    found = _mine(request)[start : start + PAGE + 1]
    rows = [row_of(matter) for matter in found[:PAGE]]
    after = str(start + PAGE) if len(found) > PAGE else None
    return render(request, "resident/mine.html", {"rows": rows, "after": after, "before": None})


@require_GET
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """Show one matter to whoever has its code or has proved its phone."""
    return _page(request, _opened(request, code))


@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """Take the resident's judgement of a resolved matter."""
    found = _theirs(request, code)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, rating=form, status=422)
    given = form.cleaned_data
    try:
        deliberation.rate(
            found.pk, solved=given["solved"] == "yes", satisfaction=Satisfaction(given["satisfaction"]),
            comment=given["comment"], actor=RESIDENT, at=now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(request, found, refusal, rating=form)
    accept(request, "rate", _("谢谢，您的评价记下了。"))
    return redirect("matter", found.code)


@require_POST
def material(request: HttpRequest, code: str) -> HttpResponse:
    """Add words and files to a matter in work."""
    found = _theirs(request, code)
    require_allowance(request, "material", most=MATERIAL_MOST, per=MATERIAL_PER)
    form = MaterialForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, material=form, status=422)
    if found.stage >= Stage.RESOLVED:
        messages.error(request, _("这件事已经办结，不能再补充。还有问题，请在下面接着反映。"))
        return _page(request, found, material=form, status=409)
    at = now()
    if words := form.cleaned_data["words"]:
        attach(found, _("补充说明") + ".txt", "text/plain", words.encode(), at=at)
    attach_all(found, form.cleaned_data["attached"], at=at)
    accept(request, "material", _("补充的材料已转给承办单位。"))
    return redirect("matter", found.code)


@require_POST
def follow_up(request: HttpRequest, code: str) -> HttpResponse:
    """Go on with a closed matter: a new one, whose owner is the one whom the first answered to."""
    found = _theirs(request, code)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return _page(request, found, follow=form, status=422)
    try:
        next_ = deliberation.follow_up(
            found.pk, words=form.cleaned_data["words"], contact=_contact(request, found), actor=RESIDENT, at=now()
        )
    except Refusal as refusal:
        return _refused(request, found, refusal, follow=form)
    know(request, next_.code)
    accept(request, "follow", _("已经交给上一级办理，这是新的查询码，请记下。"))
    return redirect("matter", next_.code)


@require_GET
def attachment(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give back a picture or paper, as a file to keep and never as a page."""
    found = _opened(request, code)
    kept = found.attachments.filter(pk=number).first()
    if kept is None:
        raise Http404
    shown = kept.media_type in ("image/jpeg", "image/png", "image/gif", "image/webp")
    headers = {"Content-Disposition": "inline" if shown else "attachment", "Content-Security-Policy": "sandbox"}
    return HttpResponse(bytes(kept.content), content_type=kept.media_type, headers=headers)


def _reach(request: HttpRequest, code: str) -> None:
    """Open the database to the matter with this code; looking for codes is counted, opening a known one is not."""
    if not known(request, code):
        require_allowance(request, "track", most=GUESSES_MOST, per=GUESSES_PER)
    cadres.reach(code=code, requester=resident_phone(request) or "")


def _opened(request: HttpRequest, code: str) -> "Matter":
    code = plain_code(code)
    _reach(request, code)
    try:
        found = queries.matter_by_code(code)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    know(request, code)
    return found


def _theirs(request: HttpRequest, code: str) -> "Matter":
    found = _opened(request, code)
    if not _may_judge(request, found):
        raise PermissionDenied
    return found


def _may_judge(request: HttpRequest, found: "Matter") -> bool:
    return may_judge(
        requester=found.requester_index, proved=resident_phone(request) or "", staff=request.user.is_authenticated
    )


def _mine(request: HttpRequest) -> Any:
    return queries.matters_of(resident_phone(request) or "").select_related("place", "owner")


def _contact(request: HttpRequest, found: "Matter") -> matters.Contact:
    requester = getattr(found, "requester", None)
    return matters.Contact(
        phone=resident_number(request) or "", confidential=bool(requester and requester.confidential)
    )


def row_of(found: "Matter") -> dict[str, Any]:
    """Return a matter as a line of a list."""
    done = found.resolved_at or found.closed_at
    return {
        "code": in_groups(found.code), "title": found.title, "href": reverse("matter", args=[found.code]),
        "stage_name": stage_name(found), "owner": found.owner.name, "place": found.place.name,
        "due_at": None if found.exit or found.result == "refused" else found.due_at, "done_at": done,
        "marks": [(_("等您评价"), "soon")] if found.stage == Stage.RESOLVED else [],
    }  # fmt: skip


def stage_name(found: "Matter") -> str:
    """Return where a matter stands; a refusal is called a refusal, and an exit is told as one."""
    if found.exit:
        return str(exits()[found.exit].name)
    if found.result == "refused":
        return _("答复不能办理")
    names = {
        10: _("已收到"),
        20: _("办理中"),
        30: _("已裁定，办理中"),
        40: _("已答复"),
        50: _("已评价"),
        60: _("已归档"),
    }
    return names[found.stage]


def steps(found: "Matter") -> list[dict[str, str]]:
    """Return the stages as steps; a refusal was answered and not done."""
    settled = getattr(found, "ruling", None) is not None
    shown: list[dict[str, str]] = stage_steps(found.stage, settled=settled)["steps"]
    if found.result == "refused":
        done = stage_steps(Stage.RESOLVED)["steps"]
        resolved = next(step["name"] for step in done if step["state"] == "now")
        shown = [step | {"name": _("已答复")} if step["name"] == resolved else step for step in shown]
    return shown


def _refused(request: HttpRequest, found: "Matter", refusal: Exception, **forms: Any) -> HttpResponse:
    messages.error(request, sentence(refusal))
    found.refresh_from_db()
    return _page(request, found, status=409, **forms)


def _page(request: HttpRequest, found: "Matter", status: int = 200, **forms: Any) -> HttpResponse:
    directory = register.directory()
    posting = found.owner_posting_id or found.answers_to_posting_id
    at, deeds = now(), list(journal.entries_of(f"matter:{found.pk}"))
    words = {
        "matter": found,
        "code": in_groups(found.code),
        "steps": steps(found),
        "exit": exits().get(found.exit),
        "numbers": NUMBERS,
        "reasons": reasons(found.answer, directory, found.edition),
        "ruling": getattr(found, "ruling", None),
        "person": cadres.posting_names({posting}).get(posting, "") if posting else "",
        "person_is_owner": bool(found.owner_posting_id),
        "arithmetic": explain(queries.reckon(found, at=at), get_language() or "zh") if found.dispatched_at else (),
        "due": until(found.due_at, get_language() or "zh"),
        "ways": ways(found.exit),
        "limits": queries.limits_of(found) if found.dispatched_at else None,
        "done_at": found.resolved_at or found.closed_at,
        "story": story(found, deeds, directory),
        "helps": found.helps.select_related("unit"),
        "files": found.attachments.defer("content"),
        "setting_name": named(SETTINGS, found.setting) if found.setting else "",
        "standing": STANDING[found.result]() if found.result else "",
        "stage_name": stage_name(found),
        "is_refused": found.result == "refused",
        "committee": directory.over(found.place_id, Kind.COMMITTEE),
        "before": queries.neighbour(found.follows_id),
        "merged_into": queries.neighbour(found.merged_into_id),
        "parts": queries.parts_of(found),
        "parts_made": sum(len(entry.details["into"]) for entry in deeds if entry.verb == "part"),
        "part_of": queries.neighbour(found.part_of_id),
        "next": queries.follow_up_of(found),
        "higher": found.answers_to,
        "may_judge": _may_judge(request, found),
        "resident": resident_of(request),
        "rating_form": forms.get("rating") or RatingForm(),
        "material_form": forms.get("material") or MaterialForm(auto_id="material-%s"),
        "follow_form": forms.get("follow") or FollowUpForm(auto_id="follow-%s"),
    }
    return render(request, "resident/matter.html", words, status=status)
