"""A dispatch history on a page: upload, see what each column means, learn, see what it teaches."""

import json
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianxian.collection import files, intake
from qianxian.collection.rules.history import Layout, Meaning, layout
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import actions
from qianxian.mandates.queries import drafts
from qianxian.web.acting import actor_of, now
from qianxian.web.drafting import reading
from qianxian.web.drafting.asking import Refusal as DraftRefusal
from qianxian.web.drafting.asking import area_of, refused
from qianxian.web.imports import store
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STEWARD, STREET, SUPERVISOR

from . import drawing, kept, proposing, sentences, sheets
from .jobs import learn_from_history

SHOWN, MOST, EXAMPLES, SAMPLE = 20, 2_000, 3, 2_000
LACKS = {"body": gettext_lazy("单位"), "topic": gettext_lazy("事项"), "place": gettext_lazy("地区")}
MAY_USE = (SUPERVISOR, STEWARD)
MEANINGS = {
    Meaning.UNIT: gettext_lazy("承办单位"), Meaning.TOPIC: gettext_lazy("事项分类"), Meaning.PLACE: gettext_lazy("街道、社区"),
    Meaning.SETTING: gettext_lazy("场所"), Meaning.KIND: gettext_lazy("诉求类型"), Meaning.CHANNEL: gettext_lazy("渠道"),
    Meaning.TIME: gettext_lazy("派单时间"),
}  # fmt: skip
readers = for_roles(STREET, SUPERVISOR, STEWARD)


class FileForm(forms.Form):
    """The history to learn from."""

    file = forms.FileField(
        label=gettext_lazy("选择派单记录"),
        help_text=gettext_lazy("CSV 或 Excel 工作簿，列的顺序不限；至少有事项分类和承办单位两列。"),
        error_messages={
            "empty": gettext_lazy("文件是空的，请换一个有内容的文件。"),
            "required": gettext_lazy("请先选择一个文件。"),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls"}),
    )


@readers
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take the file and lead to the match of its columns; what cannot be read is said at once."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data["file"]
        token = store.keep(held.name, held.chunks(), _account(request))
        store.write(token, store.read(token, _account(request)) | {"learning": True})
        try:
            _headers(token)
        except sentences.Refusal as error:
            form.add_error("file", sentences.here(sentences.refusal(error)))
        else:
            return redirect("learned_match", token)
    page = {"form": form, "current": _current(), "broken": kept.is_broken()}
    return render(request, "learned/upload.html", page, status=422 if form.errors else 200)


def _current() -> dict[str, Any]:
    """Return what the platform's own ranking was learned from; empty where there is none."""
    held = kept.current()
    return held.about if held else {}


@readers
@require_POST
def from_own(request: HttpRequest) -> HttpResponse:
    """Learn from the platform's own matters of the reader's area."""
    token = store.keep(_("本平台的诉求"), [b""], _account(request))
    _begin(request, token, store.read(token, _account(request)) | {"learning": True}, {}, own=True)
    return redirect("learned_result", token)


@readers
@require_http_methods(["GET", "POST"])
def match(request: HttpRequest, token: str) -> HttpResponse:
    """Show what each column was taken for, let people correct it, and begin."""
    state = _state(request, token)
    if state["step"] != "match":
        return redirect("learned_result", token)
    given = {name.removeprefix("column:"): request.POST[name] for name in request.POST if name.startswith("column:")}
    headers, sample = _headers(token)
    found, wrong = None, ""
    try:
        found = layout(headers, sample, given)
    except sentences.Refusal as error:
        wrong = sentences.here(sentences.refusal(error))
    if found and request.method == "POST" and "begin" in request.POST:
        _begin(request, token, state, given)
        return redirect("learned_result", token)
    if wrong and request.method == "POST":
        messages.error(request, wrong)
    page = {"state": state, "token": token, "choices": _choices(), "columns": _columns(headers, sample, found, given)}
    return render(request, "learned/match.html", page | {"wrong": wrong}, status=422 if wrong and given else 200)


def _choices() -> list[tuple[str, str]]:
    return [("", _("不用这一列")), *((meaning.value, str(name)) for meaning, name in MEANINGS.items())]


def _columns(
    headers: tuple[str, ...], sample: list[tuple[str, ...]], found: Layout | None, given: dict[str, str]
) -> list[dict[str, Any]]:
    meant = _meant(found) if found else {}
    columns = [
        {
            "header": header,
            "field": given.get(header) or meant.get(place, ""),
            "examples": _examples(sample, place),
        }
        for place, header in enumerate(headers)
    ]
    return sorted(columns, key=lambda column: not column["field"])


def _meant(found: Layout) -> dict[int, str]:
    places = [place for place in (*found.wider, found.street, found.community) if place is not None]
    single = {found.unit: "unit", found.setting: "setting", found.kind: "kind", found.channel: "channel"}
    return (
        dict.fromkeys(places, "place")
        | dict.fromkeys(found.topics, "topic")
        | {place: meaning for place, meaning in (single | {found.time: "time"}).items() if place is not None}
    )


def _examples(sample: list[tuple[str, ...]], place: int) -> list[str]:
    cells = (row[place].strip()[:40] for row in sample[:200] if place < len(row))
    return [cell for cell in dict.fromkeys(cells) if cell][:EXAMPLES]


@readers
@require_GET
def result(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far it has come; when it is done, all that the history teaches."""
    state = _state(request, token)
    if state["step"] == "match":
        return redirect("learned_match", token)
    page: dict[str, Any] = {"state": state, "token": token, "part": round(state.get("part", 0) * 100)}
    if state["step"] == "refused":
        page["sentence"] = sentences.here(tuple(state["sentence"]))
    if state["step"] == "done":
        may_write = request.user.role in MAY_USE  # type: ignore[union-attr]
        page |= _told(_data(token), MOST if "all" in request.GET else SHOWN) | {
            "may_write": may_write,
            "may_use": may_write and state.get("taught"),
        }
        page["draft"] = drafts.draft_in_work() if may_write else None
    return render(request, "learned/result.html", page)


def _told(data: dict[str, Any], most: int) -> dict[str, Any]:
    proposals = _rows(data, most)
    return {
        "data": data,
        "figures": drawing.figures(data),
        "heat": drawing.heat(data),
        "bars": drawing.communities(data),
        "merged": data["units_merged"][:SHOWN],
        "proposals": proposals,
        "some_fit": any(not lacks for _turn, _one, lacks in proposals),
        "more": len(data["proposals"]) > most,
        "contested": data["contested"][:SHOWN],
        "faults": [fault | {"sentence": sentences.here(_pair(fault))} for fault in data["faults"][:SHOWN]],
        "fault_count": sum(data["faults_counted"].values()),
        "shown": SHOWN,
    }


def _rows(data: dict[str, Any], most: int) -> list[tuple[int, dict[str, Any], str]]:
    """Return the proposals with their turns, and what of each the registers of the platform do not know."""
    rows = proposing.rows(data, intake.known(), now().astimezone(BEIJING).date())
    found = zip(data["proposals"], rows, strict=True)
    lacking = (_("、").join(str(LACKS[column]) for column in row.lacks) for row in rows)
    return [(turn, one, lacks) for turn, ((one, _row), lacks) in enumerate(zip(found, lacking, strict=True))][:most]


def _pair(part: dict[str, str]) -> sentences.Pair:
    return part["sentence_zh"], part["sentence_en"]


@for_roles(*MAY_USE)
@require_POST
def use(request: HttpRequest, token: str) -> HttpResponse:
    """Let this ranking sort the list beside rulings."""
    state = _state(request, token)
    if not state.get("taught"):
        raise Http404
    kept.use(store.path(token, "ranking.npz"), source=state["name"], actor=actor_of(request).name, at=now())
    messages.success(request, _("裁定页的候选单位从现在起按这份历史排序。由谁负责仍以条款和裁定为准。"))
    return redirect("learned_result", token)


@for_roles(*MAY_USE)
@require_POST
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Write the chosen proposals into the draft in work, or into a new one, as the import would."""
    data = _finished(_state(request, token), token)
    at, chosen = now(), set(request.POST.getlist("one"))
    rows = proposing.rows(data, intake.known(), at.astimezone(BEIJING).date())
    fit = [row for turn, row in enumerate(rows) if str(turn) in chosen and not row.lacks]
    if not fit:
        messages.warning(request, _("还没有勾选条款。先勾选，再写进草案。"))
        return redirect("learned_result", token)
    book = store.path(token, "chosen.xlsx")
    sheets.write_proposals(book, fit)
    _sheets, found = reading.read_file(book, valid_from=at)
    if found.faults:
        messages.error(request, " ".join(dict.fromkeys(reading.said(fault) for fault in found.faults[:3])))
        return redirect("learned_result", token)
    actor = actor_of(request).name
    try:
        held = drafts.draft_in_work() or actions.begin(
            title=_("根据历史派单修订"), area=area_of(request), actor=actor, at=at
        )
        actions.bring_lines(held.pk, columns=found.columns, actor=actor, at=at)
    except (*DraftRefusal, drafts.NoEdition) as refusal:
        nothing = _("还没有公布过清单，没有底本可改。请先用命令导入第一版。")
        messages.error(request, nothing if isinstance(refusal, drafts.NoEdition) else refused(refusal))
        return redirect("learned_result", token)
    messages.success(request, _("%(count)s 条已写进草案，法律依据还要补上。") % {"count": len(found.columns)})
    return redirect("register_draft", held.pk)


@readers
@require_GET
def proposals_book(request: HttpRequest, token: str) -> HttpResponse:
    """Give the proposals in the form that the import of a register reads."""
    state = _state(request, token)
    rows = proposing.rows(_finished(state, token), intake.known(), now().astimezone(BEIJING).date())
    answer = _workbook(f"{_stem(state)}-{_('建议条款')}")
    sheets.write_proposals(answer, rows)  # type: ignore[arg-type]
    return answer


@readers
@require_GET
def sheet(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Give one list as a workbook."""
    state = _state(request, token)
    if name not in sheets.LISTS:
        raise Http404
    data = _finished(state, token)
    answer = _workbook(f"{_stem(state)}-{sheets.LISTS[name][0]}")
    sheets.write_list(answer, name, data)  # type: ignore[arg-type]
    return answer


def _workbook(name: str) -> HttpResponse:
    answer = HttpResponse(content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return answer


def _stem(state: dict[str, Any]) -> str:
    return str(state["name"]).rpartition(".")[0] or str(state["name"])


def _finished(state: dict[str, Any], token: str) -> dict[str, Any]:
    if state["step"] != "done":
        raise Http404
    return _data(token)


def _data(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(store.path(token, "result.json").read_text("utf-8"))
    return found


def _account(request: HttpRequest) -> int:
    assert request.user.pk is not None  # the guard lets nobody in who is not signed in
    return request.user.pk


def _state(request: HttpRequest, token: str) -> dict[str, Any]:
    try:
        state = store.read(token, _account(request))
    except store.NotHere as error:
        raise Http404 from error
    if not state.get("learning"):
        raise Http404
    return state


def _headers(token: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    with files.opened(store.path(token, "file")) as table:
        return table.headers, [row for _number, (_n, row) in zip(range(SAMPLE), table.rows, strict=False)]


def _begin(
    request: HttpRequest, token: str, state: dict[str, Any], given: dict[str, str], *, own: bool = False
) -> None:
    area = actor_of(request).area
    store.write(token, state | {"step": "waiting", "given": given, "own": own, "area": area})
    learn_from_history.defer(token=token, account=_account(request))
