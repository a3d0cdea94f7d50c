"""The reader of words on pages: the one in use, one trained from a file, a text to try, use and drop."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianxian.collection import files
from qianxian.kernel.lazily import lazily
from qianxian.mandates import queries as mandates
from qianxian.web.acting import actor_of, now
from qianxian.web.imports import store
from qianxian.web.learned import sentences
from qianxian.web.learned.views import FileForm
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STEWARD

from . import kept
from .jobs import MODEL, train_reader

if TYPE_CHECKING:
    from qianxian.mandates.words import modelfile, serving
    from qianxian.mandates.words.model import Facts
else:
    modelfile = lazily("qianxian.mandates.words.modelfile")
    serving = lazily("qianxian.mandates.words.serving")

WORDS, MOST, EXAMPLES = 2_000, 5, 3
stewards = for_roles(STEWARD)
NOT_ENOUGH: dict[str, Any] = {
    "empty": gettext_lazy("没有一行同时有内容和类别，请检查所选的列。"),
    "one_label": gettext_lazy("所有行都是同一个类别“%(label)s”，无从区分；至少要有两个类别。"),
    "alike": gettext_lazy("类别“%(label)s”的各行几乎一模一样，等于只有一行；请补充不同的内容。"),
    "lonely": gettext_lazy(
        "类别“%(label)s”只有一行（这样的类别共 %(count)s 个），学不会也测不了；请补充、合并或删去。"
    ),
}


class ExamplesForm(FileForm):
    """A file of messages that people have sorted."""

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        self.fields["file"].label = _("选择已分好类的记录")
        self.fields["file"].help_text = _("CSV 或 Excel 工作簿，至少有内容和类别两列；每个类别至少两行，越多越准。")


@stewards
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show the reader in use and try a text on it; take a file to train another from."""
    form = ExamplesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data["file"]
        token = store.keep(held.name, held.chunks(), _account(request))
        store.write(token, store.read(token, _account(request)) | {"reading": True})
        try:
            _headers(token)
        except sentences.Refusal as error:
            form.add_error("file", sentences.here(sentences.refusal(error)))
        else:
            return redirect("words_match", token)
    page: dict[str, Any] = {"form": form, "facts": None, "broken": False, **_tried(request)}
    try:
        page["facts"] = kept.in_use()
    except modelfile.NoModel:
        page["broken"] = True
    if page["facts"]:
        page |= _told(page["facts"], serving.known_crosswalk(mandates.crosswalk_of_reader()))
    return render(request, "wordreader/home.html", page, status=422 if form.errors else 200)


@stewards
@require_http_methods(["GET", "POST"])
def match(request: HttpRequest, token: str) -> HttpResponse:
    """Let people say which columns hold the words and which the label, and begin."""
    state = _state(request, token)
    if state["step"] != "match":
        return redirect("words_result", token)
    headers, sample = _headers(token)
    texts = [name for name in request.POST.getlist("text") if name in headers]
    label, wrong = request.POST.get("label", ""), ""
    if request.method == "POST":
        if texts and label in headers and label not in texts:
            store.write(token, state | {"step": "waiting", "texts": texts, "label": label})
            train_reader.defer(token=token, account=_account(request))
            return redirect("words_result", token)
        wrong = _("请至少勾选一列内容，并选定另外一列作类别。")
    columns = [(name, _examples(sample, place)) for place, name in enumerate(headers)]
    page = {"state": state, "columns": columns, "texts": texts, "label": label, "wrong": wrong}
    return render(request, "wordreader/match.html", page, status=422 if wrong else 200)


@stewards
@require_GET
def result(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far the training has come; then the figures, the labels with their topics, and a text to try."""
    state = _state(request, token)
    if state["step"] == "match":
        return redirect("words_match", token)
    page: dict[str, Any] = {"state": state, "token": token, "part": round(state.get("part", 0) * 100)}
    if state["step"] == "refused":
        page["sentence"] = NOT_ENOUGH[state["code"]] % state["facts"]
    if state["step"] == "done":
        page |= _told(modelfile.facts(store.path(token, MODEL)), {}) | _tried(request, token)
    return render(request, "wordreader/result.html", page)


@stewards
@require_POST
def use(request: HttpRequest, token: str) -> HttpResponse:
    """Put a trained reader in use, each label standing for the topics that people gave it."""
    if _state(request, token)["step"] != "done":
        raise Http404
    facts, tree = modelfile.facts(store.path(token, MODEL)), mandates.topics()
    given = {label: request.POST.get(f"label:{turn}", "") for turn, label in enumerate(facts.labels)}
    crosswalk = {label: [code] if code in tree.topics else [] for label, code in given.items()}
    if not serving.matched(facts.labels, tree, crosswalk):
        messages.error(request, _("一个类别也没有对应到事项树，先给类别选事项，再启用。"))
        return redirect("words_result", token)
    kept.use(store.path(token, MODEL), crosswalk, actor=actor_of(request).name, at=now())
    messages.success(request, _("已启用：登记、受理和批量导入从现在起用它来推荐事项。由谁办仍以条款为准。"))
    return redirect("words")


@stewards
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Go back to the topic tree alone."""
    kept.drop(actor=actor_of(request).name, at=now())
    messages.success(request, _("已停用，只凭事项树推荐。"))
    return redirect("words")


def _told(facts: "Facts", crosswalk: dict[str, list[str]]) -> dict[str, Any]:
    tree = mandates.topics()
    codes = serving.matched(facts.labels, tree, crosswalk)
    labels = [
        (turn, label, codes.get(label, ("",))[0], _named(codes.get(label, ()), tree), *_rates(facts, turn))
        for turn, label in enumerate(facts.labels)
    ]
    confusion = [
        (label, list(enumerate(row)), turn)
        for turn, (label, row) in enumerate(zip(facts.labels, facts.confusion, strict=False))
    ]
    percent = {name: f"{facts.figures[name] * 100:.1f}%" for name in facts.figures if name != "rows"}
    topics = [(code, tree.topics[code].name) for code in sorted(tree.topics) if len(code) <= 4]
    return {
        "facts": facts, "labels": labels, "confusion": confusion, "percent": percent, "topics": topics,
        "unmatched": len(facts.labels) - len(codes),
    }  # fmt: skip


def _named(codes: Any, tree: Any) -> str:
    return "、".join(" › ".join(topic.name for topic in tree.path(code)) for code in codes)


def _rates(facts: "Facts", turn: int) -> tuple[int, str, str]:
    """Return rows, precision and recall of a label; empty where the confusion was not kept."""
    if not facts.confusion:
        return 0, "", ""
    hit, rows = facts.confusion[turn][turn], sum(facts.confusion[turn])
    called = sum(row[turn] for row in facts.confusion)
    return rows, f"{hit / max(called, 1) * 100:.0f}%", f"{hit / max(rows, 1) * 100:.0f}%"


def _tried(request: HttpRequest, token: str = "") -> dict[str, Any]:
    """Return what is made of the words that were typed to try: by a reader of one's own, else as every form does."""
    words = request.GET.get("words", "").strip()[:WORDS]
    if not words:
        return {"words": ""}
    if token:
        guesses = modelfile.load(store.path(token, MODEL)).guesses(words, MOST)
        found = [(one.label, f"{one.probability * 100:.0f}%", one.pieces) for one in guesses]
    else:
        tree = mandates.topics()
        found = [(_named([one.topic], tree), "", one.words[:4]) for one in tree.suggested(words, MOST)]
    return {"words": words, "found": found}


def _examples(sample: list[tuple[str, ...]], place: int) -> list[str]:
    cells = (row[place].strip()[:40] for row in sample if place < len(row))
    return [cell for cell in dict.fromkeys(cells) if cell][:EXAMPLES]


def _headers(token: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    with files.opened(store.path(token, "file")) as table:
        return table.headers, [row for _number, (_n, row) in zip(range(100), table.rows, strict=False)]


def _account(request: HttpRequest) -> int:
    assert request.user.pk is not None  # the guard lets nobody in who is not signed in
    return request.user.pk


def _state(request: HttpRequest, token: str) -> dict[str, Any]:
    try:
        state = store.read(token, _account(request))
    except store.NotHere as error:
        raise Http404 from error
    if not state.get("reading"):
        raise Http404
    return state
