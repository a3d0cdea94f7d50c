"""A draft tried on past matters, part by part with its progress, and the list of those that would move."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qianxian.cadres.queries import posting_names
from qianxian.mandates.queries import drafts
from qianxian.matters import actions
from qianxian.matters.queries import replaying
from qianxian.matters.rules.replaying import Move, Owned
from qianxian.web.acting import actor_of, now
from qianxian.web.drafting.asking import Refusal, draft_or_404, refused
from qianxian.web.drafting.wording import Speaker, speaker
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.public.words import SETTINGS, named
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STEWARD, SUPERVISOR

if TYPE_CHECKING:
    from qianxian.mandates.models import Draft

PAGE = 50
SHEET = 20_000


@for_roles(STEWARD, SUPERVISOR)
@require_http_methods(["GET", "POST"])
def replay(request: HttpRequest, number: int) -> HttpResponse:
    """Try the next part (POST); show how far it has come, and when it is done, what would move."""
    held = draft_or_404(number)
    if request.method == "POST":
        try:
            actions.replay_draft(held.pk, actor=actor_of(request).name, at=now())
        except Refusal as refusal:
            return render(request, "drafting/replay.html", {"draft": held, "refused": refused(refusal)}, status=422)
        if not request.headers.get("HX-Request"):
            return redirect("register_replay", held.pk)
        held = draft_or_404(number)
    return _page(request, held)


def _page(request: HttpRequest, held: "Draft") -> HttpResponse:
    current = held.moves.get("content") == drafts.hash_of(held)
    if not (current and held.moves.get("done")):
        asked, of = (held.moves["asked"], held.moves["of"]) if current else (0, 0)
        running = {
            "draft": held,
            "running": current,
            "asked": asked,
            "of": of,
            "stale": bool(held.moves) and not current,
        }
        return render(request, "drafting/replay.html", running)
    say = speaker()
    moves = [replaying.from_data(kept) for kept in held.moves["moved"]]
    asked = [move for move in moves if _fits(move, request)]
    names = posting_names({o.owner.posting for m in asked for o in (m.before, m.after) if o.owner.posting})
    if request.GET.get("export") == "xlsx":
        return _sheet(held, asked[:SHEET], say, names)
    start = _start(request.GET.get("after", "") or request.GET.get("before", ""))
    part = asked[start : start + PAGE]
    known = replaying.titles([move.past.matter for move in part])
    query = request.GET.copy()
    query["export"] = "xlsx"
    shown = {
        "draft": held, "done": True, "asked": held.moves["asked"], "moved": len(moves), "count": len(asked),
        "totals": _totals(moves, say),
        "rows": [_row(move, known.get(move.past.matter), say, names) for move in part],
        "units": sorted({(o.owner.unit, say.body(o.owner.unit)) for m in moves for o in (m.before, m.after)}),
        "before": str(start - PAGE) if start >= PAGE else None,
        "after": str(start + PAGE) if start + PAGE < len(asked) else None,
        "export": f"?{query.urlencode()}",
    }  # fmt: skip
    return render(request, "drafting/replay.html", shown)


def _fits(move: Move, request: HttpRequest) -> bool:
    unit, article = request.GET.get("unit", ""), request.GET.get("article", "")
    units = (move.before.owner.unit, move.after.owner.unit)
    return (not unit or unit in units) and (not article or article in (move.before.article, move.after.article))


def _totals(moves: list[Move], say: Speaker) -> list[dict[str, Any]]:
    """Return for each unit how many matters it would give away and take over, those with the most first."""
    away = Counter(move.before.owner.unit for move in moves)
    over = Counter(move.after.owner.unit for move in moves)
    units = sorted(away.keys() | over.keys(), key=lambda unit: (-(away[unit] + over[unit]), unit))
    return [
        {"unit": unit, "name": say.body(unit), "away": away[unit], "over": over[unit], "net": over[unit] - away[unit]}
        for unit in units
    ]


def _row(move: Move, matter: Any, say: Speaker, names: dict[int, str]) -> dict[str, Any]:
    return {
        "matter": matter,
        "number": move.past.matter,
        "topic": say.topic(move.past.topic) if move.past.topic else _("未归类"),
        "where": _where(move, say),
        "old": _owner(move.before, say, names),
        "new": _owner(move.after, say, names),
        "old_article": _ground(move.before),
        "new_article": _ground(move.after),
    }


def _where(move: Move, say: Speaker) -> str:
    place = say.place(move.past.place)
    return f"{place}，{named(SETTINGS, move.past.setting)}" if move.past.setting else place


def _owner(owned: Owned, say: Speaker, names: dict[int, str]) -> str:
    unit = say.body(owned.owner.unit)
    person = names.get(owned.owner.posting, "") if owned.owner.posting else ""
    return f"{unit} · {person}" if person else unit


def _ground(owned: Owned) -> str:
    if owned.article:
        return _("第%(number)s条") % {"number": owned.article}
    return _("清单有争议，由在地负责人牵头") if owned.ground == "contested" else _("清单没有写，由在地负责人牵头")


def _start(asked: str) -> int:
    return int(asked) if asked.isdecimal() else 0


def _sheet(held: "Draft", moves: list[Move], say: Speaker, names: dict[int, str]) -> HttpResponse:
    known = replaying.titles([move.past.matter for move in moves])
    columns = (
        _("编号"), _("标题"), _("事项"), _("地点"), _("原承办单位"), _("原依据"), _("新承办单位"), _("新依据"),
    )  # fmt: skip
    rows = (_row(move, known.get(move.past.matter), say, names) for move in moves)
    return spreadsheet(
        f"replay-{held.pk}", columns,
        (
            (
                row["matter"].code if row["matter"] else row["number"], row["matter"].title if row["matter"] else "",
                row["topic"], row["where"], row["old"], row["old_article"], row["new"], row["new_article"],
            )
            for row in rows
        ),
    )  # fmt: skip
