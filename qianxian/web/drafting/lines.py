"""The lines of a draft: the whole register as it would be, searched and sorted; one line written; a proposal taken."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import actions
from qianxian.mandates.queries import drafts
from qianxian.mandates.rules.drafts import Columns, Stage
from qianxian.web.acting import actor_of, now
from qianxian.web.drafting.asking import Refusal, area_of, draft_or_404, refused
from qianxian.web.drafting.forms import LineForm, blank, initial_of
from qianxian.web.drafting.wording import CHANGES, Speaker, speaker
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.public.words import DUTIES, LISTS, named
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STEWARD, SUPERVISOR

if TYPE_CHECKING:
    from qianxian.mandates.models import Draft, Proposal

PAGE = 50
SORTS = ("number", "topic_id", "body_id", "place_id", "valid_from")
KINDS = {"add": "good", "change": "info", "end": "soon"}


@for_roles(STEWARD, SUPERVISOR)
@require_GET
def listing(request: HttpRequest, number: int) -> HttpResponse:
    """Show the register as it would be, fifty at a time; what ends stands in it too, marked."""
    held, say = draft_or_404(number), speaker()
    everything = _everything(held)
    rows = _asked(request, everything, say)
    if request.GET.get("export") == "xlsx":
        return _sheet(held, rows, say)
    start = _start(request.GET.get("after", "") or request.GET.get("before", ""), len(rows))
    query = request.GET.copy()
    query["export"] = "xlsx"
    shown = {
        "draft": held,
        "writing": held.stage == Stage.DRAFTING.value,
        "rows": [_row(change, columns, say) for change, columns in rows[start : start + PAGE]],
        "count": len(rows),
        "before": str(start - PAGE) if start >= PAGE else None,
        "after": str(start + PAGE) if start + PAGE < len(rows) else None,
        "note": _("第 %(first)s–%(last)s 条，共 %(count)s 条")
        % {"first": start + 1, "last": min(start + PAGE, len(rows)), "count": len(rows)},
        "changes": CHANGES.items(), "duties": DUTIES.items(), "lists": LISTS.items(),
        "bodies": sorted({(c["body_id"], say.body(c["body_id"])) for _change, c in everything}),
        "export": f"?{query.urlencode()}",
    }  # fmt: skip
    return render(request, "drafting/lines.html", shown)


@for_roles(STEWARD, SUPERVISOR)
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, number: int) -> HttpResponse:
    """Write a new line, or change the one that the address names (`?article=`)."""
    held = draft_or_404(number)
    article = request.GET.get("article", "")
    columns = drafts.columns_of(held, article) if article else None
    if article and columns is None:
        raise Http404
    ruling = columns["ruling"] if columns else ""
    return _written(request, held, initial_of(columns) if columns else None, article, ruling)


@for_roles(STEWARD, SUPERVISOR)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, proposal: int) -> HttpResponse:
    """Take what a ruling proposes into the draft in work, or into a new one: one click, the form filled in."""
    try:
        asked = drafts.proposal(proposal)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    held = drafts.draft_in_work()
    if held is None and request.method == "POST":
        title = _("第 %(number)s 版（收裁定建议）") % {"number": drafts.latest_edition().number + 1}
        held = actions.begin(title=title, area=area_of(request), actor=actor_of(request).name, at=now())
    if request.method == "GET" or held is None:
        return redirect("register_drafts")
    if asked.topic_id is None:
        messages.warning(request, _("这件诉求还没有归类，请在表里选好事项再保存。"))
        return _form(request, held, LineForm(initial=_proposed(asked)), "", asked)
    try:
        actions.write_line(
            held.pk, columns=_columns(asked, held), proposal=asked.pk, actor=actor_of(request).name, at=now()
        )
    except Refusal as refusal:
        messages.error(request, refused(refusal))
        return redirect("register_drafts")
    accept(request, "line", _("裁定建议已收进草案，成为其中一条；可以接着改。"))
    return redirect("register_draft", held.pk)


def _columns(asked: "Proposal", held: "Draft") -> Columns:
    """Return the article that a ruling proposes, the lead of the unit to which it gave the matter."""
    return {
        "number": drafts.free_number(held, asked.body_id),
        "list_kind": "department" if asked.body.kind != "street" else "basic",
        "body_id": asked.body_id,
        "duty": "lead",
        "powers": [],
        "benefits": [],
        "topic_id": asked.topic_id,
        "place_id": asked.place_id,
        "setting": asked.setting,
        "valid_from": now().astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0),
        "valid_to": None,
        "basis": asked.basis,
        "deadline_class": "",
        "delegation": "",
        "ruling": asked.ruling,
    }


def _proposed(asked: "Proposal") -> dict[str, Any]:
    return {
        **blank(asked.place_id, now().astimezone(BEIJING).date(), {"setting": asked.setting}),
        "body": asked.body.name,
        "basis": asked.basis,
    }


def _written(
    request: HttpRequest, held: "Draft", initial: dict[str, Any] | None, article: str, ruling: str
) -> HttpResponse:
    if initial is None:
        today = now().astimezone(BEIJING).date()
        initial = blank(held.area_id, today, {k: request.GET.get(k, "") for k in ("topic", "place", "setting")})
    asked = _asked_proposal(request.POST.get("proposal", ""))
    form = LineForm(request.POST or None, initial=initial, numbered=article)
    if request.method == "GET" or not form.is_valid():
        return _form(request, held, form, article, asked)
    number = article or form.cleaned_data["number"] or drafts.free_number(held, form.cleaned_data["body"])
    if not article and drafts.columns_of(held, number):
        form.add_error("number", _("这个编号已经用了，换一个，或者不填由系统编。"))
        return _form(request, held, form, article, asked)
    try:
        actions.write_line(
            held.pk, columns=form.columns(number, asked.ruling if asked else ruling),
            proposal=asked.pk if asked else None, actor=actor_of(request).name, at=now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, refused(refusal))
        return _form(request, held, form, article, asked)
    accept(request, f"line-{article}", _("第%(number)s条已写进草案。") % {"number": number})
    if "another" in request.POST:
        return redirect("register_line", held.pk)
    return redirect("register_draft", held.pk)


def _asked_proposal(number: str) -> "Proposal | None":
    if not number.isdecimal():
        return None
    try:
        return drafts.proposal(int(number))
    except ObjectDoesNotExist:
        return None


def _form(
    request: HttpRequest, held: "Draft", form: LineForm, article: str, asked: "Proposal | None" = None
) -> HttpResponse:
    page = {"draft": held, "form": form, "article": article, "proposal": asked, "lists": form.choices()}
    return render(request, "drafting/line.html", page, status=422 if form.errors else 200)


def _everything(held: "Draft") -> list[tuple[str, Columns]]:
    """Return every line with what the draft does to it ('' for nothing); ended ones with their last columns."""
    changed = {line.number: line for line in held.lines.all()}
    rows = [("", columns) for columns in drafts.articles_of(held.based_on) if columns["number"] not in changed]
    rows += [(line.change, line.columns()) for line in changed.values()]
    return sorted(rows, key=lambda row: str(row[1]["number"]))


def _asked(request: HttpRequest, everything: list[tuple[str, Columns]], say: Speaker) -> list[tuple[str, Columns]]:
    asked = request.GET
    rows = [row for row in everything if _fits(row, asked, say)]
    sort = asked.get("sort", "number")
    if sort.lstrip("-") in SORTS:
        rows.sort(key=lambda row: str(row[1][sort.lstrip("-")]), reverse=sort.startswith("-"))
    return rows


def _fits(row: tuple[str, Columns], asked: Any, say: Speaker) -> bool:
    change, columns = row
    exact = {"body": columns["body_id"], "duty": columns["duty"], "list": columns["list_kind"]}
    if any(asked.get(name) and asked[name] != held for name, held in exact.items()):
        return False
    if asked.get("change") and (change != asked["change"] if asked["change"] != "any" else not change):
        return False
    text = " ".join(
        (columns["number"], say.topic(columns["topic_id"]), say.body(columns["body_id"]), columns["basis"])
    )  # fmt: skip
    return all(piece in text for piece in asked.get("q", "").split()[:5])


def _row(change: str, columns: Columns, say: Speaker) -> dict[str, Any]:
    return {
        "number": columns["number"],
        "change": change,
        "change_name": named(CHANGES, change) if change else "",
        "kind": KINDS.get(change, "calm"),
        "topic": say.topic(columns["topic_id"]),
        "body": say.body(columns["body_id"]),
        "duty": say.duty(columns),
        "place": say.place(columns["place_id"]),
        "setting": say.value("setting", columns),
        "basis": columns["basis"],
    }


def _start(asked: str, count: int) -> int:
    return min(int(asked), count // PAGE * PAGE) if asked.isdecimal() else 0


def _sheet(held: "Draft", rows: list[tuple[str, Columns]], say: Speaker) -> HttpResponse:
    """Save the lines in the columns that the import reads, so that the workbook can be brought back."""
    columns = (
        "编号", "清单", "单位", "责任", "权力", "保障", "事项", "地区", "场所", "生效", "失效", "依据", "时限", "委托",
        "改动", "事项名称",
    )  # fmt: skip
    return spreadsheet(f"draft-{held.pk}", columns, (_cells(change, held_, say) for change, held_ in rows))


def _cells(change: str, held: Columns, say: Speaker) -> list[str]:
    return [
        held["number"], held["list_kind"], say.body(held["body_id"]), held["duty"], "|".join(held["powers"]),
        "|".join(held["benefits"]), held["topic_id"], held["place_id"], held["setting"],
        say.value("valid_from", held), say.value("valid_to", held), held["basis"], held["deadline_class"],
        held["delegation"], named(CHANGES, change) if change else "", say.topic(held["topic_id"]),
    ]  # fmt: skip
