"""Who asks for what: fields asked twice, ledgers inside others, proposals, and the hours that they would save."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qianxian.ledgers import queries
from qianxian.ledgers.rules import matrix as rules
from qianxian.ledgers.rules.definition import Definition, Every, Way
from qianxian.ledgers.rules.derivation import source_of
from qianxian.ledgers.rules.frames import Frames
from qianxian.ledgers.rules.matrix import Proposal
from qianxian.ledgers.rules.periods import period_of
from qianxian.web.ledgers.asked_for import place_of
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.records import words
from qianxian.web.records.listing import places_of
from qianxian.web.records.reader import reader_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STAFF

PROPOSALS = {
    Proposal.KEEP: (gettext_lazy("保留（自动生成）"), "done"), Proposal.MERGE: (gettext_lazy("合并"), "soon"),
    Proposal.STOP: (gettext_lazy("停用"), "over"),
}  # fmt: skip
SHOWN_FIELDS, SHOWN_IDLE = 20, 60


@for_roles(*STAFF)
@require_GET
def matrix(request: HttpRequest) -> HttpResponse:
    """Show the matrix, drawn and in words, worked out over one community."""
    reader = reader_of(request)
    place = place_of(request, reader)
    every = queries.definitions()
    frames = queries.frames_of(place, period_of(Every.MONTH, reader.at.date()), reader.at)
    counts = {one.code: _count(one, frames) for one in every}
    seconds, minutes = (
        _number(request, "seconds", rules.SECONDS_A_CELL),
        _number(request, "minutes", rules.MINUTES_A_TIME),
    )
    judged = rules.judged(every, counts, seconds=seconds, minutes=minutes)
    if asked(request, "export") == "xlsx":
        return _sheet(judged)
    asked_by = [(words.name_of(code), code, held) for code, held in rules.asked_by(every).items()]
    titles = {one.code: one.title for one in every}
    shown = {
        "count": len(every), "fields": [(name, code, len(held), held[:6]) for name, code, held in asked_by[:SHOWN_FIELDS] if len(held) > 1],
        "twice": sum(len(held) > 1 for _name, _code, held in asked_by), "asked": len(asked_by),
        "proposals": [
            (*PROPOSALS[proposal], len(found), round(sum(one.hours for one in found)))
            for proposal in Proposal
            if (found := [one for one in judged if one.proposal is proposal])
        ],
        "judged": [
            (one, *PROPOSALS[one.proposal], titles.get(one.inside, "")) for one in judged if one.proposal is not Proposal.KEEP
        ],
        "hours": round(sum(one.hours for one in judged)), "idle": _idle(every, frames)[:SHOWN_IDLE],
        "heat": _heat(every), "seconds": seconds, "minutes": minutes, "place": place, "places": places_of(reader.area),
    }  # fmt: skip
    return render(request, "ledgers/matrix.html", shown)


def _number(request: HttpRequest, name: str, otherwise: float) -> float:
    typed = asked(request, name)
    return float(typed) if typed.isdecimal() and len(typed) < 4 else otherwise


def _count(one: Definition, frames: Frames) -> int:
    frame = frames.of(one.entity)
    return frame.how_many(frame.mask(one.of, one.where))


def _idle(every: list[Definition], frames: Frames) -> list[dict[str, Any]]:
    """Return columns that nobody has a value for, or that say the same of all."""
    found = []
    for one in every:
        frame = frames.of(one.entity)
        positions = [] if one.by else frame.positions(frame.mask(one.of, one.where))
        for column in one.columns:
            source = source_of(column, frame) if column.way is Way.ELEMENT and len(positions) > 1 else None
            why = rules.constant([source[place] for place in positions]) if source is not None else ""
            if why:
                found.append({"ledger": one, "column": column.name, "empty": why == "empty"})
    return found


def _heat(every: list[Definition]) -> dict[str, Any]:
    lines, elements, table = rules.crossed(every)
    names = [words.name_of(code) for code in elements]
    cells = [[x, y, number] for y, row in enumerate(table) for x, number in enumerate(row) if number]
    option = {
        "grid": {"left": 110, "right": 10, "top": 10, "bottom": 110},
        "tooltip": {},
        "xAxis": {"type": "category", "data": names, "axisLabel": {"rotate": 55, "interval": 0}},
        "yAxis": {"type": "category", "data": list(lines), "inverse": True, "axisLabel": {"interval": 0}},
        "visualMap": {"min": 0, "max": max((cell[2] for cell in cells), default=1), "show": False},
        "series": [{"type": "heatmap", "data": cells, "label": {"show": True}}],
    }
    rows = [(line, *numbers) for line, numbers in zip(lines, table, strict=True)]
    return {"option": option, "columns": [_("条线"), *names], "rows": rows}


def _sheet(judged: tuple[rules.Judged, ...]) -> HttpResponse:
    columns = (_("编号"), _("名称"), _("要表单位"), _("建议"), _("并入"), _("要人填的列"), _("每年手工小时"))
    rows = [
        (
            one.definition.code,
            one.definition.title,
            one.definition.asked_by,
            PROPOSALS[one.proposal][0],
            one.inside,
            one.by_hand,
            one.hours,
        )
        for one in judged
    ]
    return spreadsheet(_("谁要什么"), columns, rows)
