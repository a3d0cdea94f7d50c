"""What waits for a decision of the street or the supervisor, one list for each kind."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qianxian.matters.queries import oversight
from qianxian.matters.rules.life import Ground
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.asked import asked
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, SUPERVISOR

MOST = 100
ALARMS_OF = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """A matter as `matter_row` draws it."""

    code: str
    title: str
    href: str
    due_at: datetime | None
    place: str
    owner: str
    note: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)
    done_at: datetime | None = None
    thread: str = ""
    stage_name: str = ""


def row_of(matter: Any, note: str = "", due_at: datetime | None = None, marks: Iterable[tuple[str, str]] = ()) -> Row:
    """Return a matter as a row that leads to its page."""
    return Row(
        matter.code,
        matter.title,
        reverse("desk_matter", args=[matter.code]),
        due_at or matter.due_at,
        matter.place.name,
        matter.owner.short,
        note,
        list(marks),
        thread=matter.topic.name if matter.topic else "",
    )


def leading_back(request: HttpRequest, row: Row) -> Row:
    """Return a row whose page leads back to this list as it is narrowed now."""
    return replace(row, href=f"{row.href}?{urlencode({'from': request.get_full_path()})}")


@dataclass(frozen=True)
class Kind:
    """One kind of thing that waits: its words, whose it is, where its rows come from, and how one is told."""

    label: names.Words
    hint: names.Words
    roles: tuple[str, ...]
    rows: Callable[[str, datetime], QuerySet[Any]]
    tell: Callable[[Any, names.Known], Row]
    path: str = "matter__"


BOTH = (STREET, SUPERVISOR)


def _objection(objection: Any, _known: names.Known) -> Row:
    words = _("%(unit)s认为应由%(names)s承办，依据：%(article)s")
    told = {"unit": objection.unit.short, "names": objection.names.short, "article": objection.article}
    return row_of(objection.matter, words % told, objection.due_at)


def _contested(matter: Any, known: names.Known) -> Row:
    bodies = "、".join(known.unit(unit) for unit in oversight.rivals(matter))
    return row_of(matter, _("争议单位：%(bodies)s") % {"bodies": bodies})


def _silent(matter: Any, _known: names.Known) -> Row:
    return row_of(matter, _("清单里没有对应条款，暂由现承办单位负责"))


def _extension(extension: Any, _known: names.Known) -> Row:
    return row_of(extension.matter, extension.reason)


def _above(asked: Any, _known: names.Known) -> Row:
    told = {"asker": asked.asker.short, "unit": asked.unit.short, "wanted": asked.wanted}
    return row_of(asked.matter, _("%(asker)s请%(unit)s：%(wanted)s") % told, asked.due_at)


def _consultation(matter: Any, _known: names.Known) -> Row:
    return row_of(matter, _("会商后派单"))


def _plea(plea: Any, _known: names.Known) -> Row:
    words = f"{names.PLEAS[plea.purpose]}：{names.GROUNDS.get(plea.ground, plea.ground)}"
    return row_of(plea.matter, words)


def _callback(matter: Any, _known: names.Known) -> Row:
    moment = date_format(localtime(matter.resolved_at), "Y-m-d H:i")
    return row_of(matter, _("%(moment)s 办结，等候回访") % {"moment": moment}, matter.resolved_at)


def _supervision(opened: Any, _known: names.Known) -> Row:
    words = f"{names.CAUSES_OF_SUPERVISION.get(opened.cause, opened.cause)}：{opened.note}"
    return row_of(opened.matter, words, opened.due_at)


KINDS: dict[str, Kind] = {
    "objection": Kind(
        gettext_lazy("职责异议"), gettext_lazy("承办单位只能异议一次；裁定前照常办理，时限照常计算。"), BOTH,
        lambda area, at: oversight.objections(area), _objection,
    ),
    "contested": Kind(
        gettext_lazy("职责有争议"), gettext_lazy("几家单位的条款同时覆盖，街道可以在这几家里指定一家。"), BOTH,
        lambda area, at: oversight.unsettled(area, Ground.CONTESTED), _contested, "",
    ),
    "silent": Kind(
        gettext_lazy("清单无条款"), gettext_lazy("清单里没有条款的，由督查裁定；裁定作为先例，并建议修订清单。"), BOTH,
        lambda area, at: oversight.unsettled(area, Ground.SILENT), _silent, "",
    ),
    "extension": Kind(
        gettext_lazy("申请延长"), gettext_lazy("到期前提出，最多延长一次；不管同不同意，都要告知诉求人。"), BOTH,
        lambda area, at: oversight.extensions_asked(area), _extension,
    ),
    "above": Kind(
        gettext_lazy("等上级答复"), gettext_lazy("请上级协调的，上级要在时限内决定怎么办、谁来办、何时办完，或者说明理由。"), BOTH,
        lambda area, at: oversight.coordinations(area), _above,
    ),
    "consultation": Kind(
        gettext_lazy("派单前会商"), gettext_lazy("疑难诉求先听取有关单位意见，再派单，派单时开始计时。"), (SUPERVISOR,),
        lambda area, at: oversight.before_dispatch(area), _consultation, "",
    ),
    "plea": Kind(
        gettext_lazy("终止与剔除"), gettext_lazy("剔除的诉求照样看得到，单独计数。"), (SUPERVISOR,),
        lambda area, at: oversight.pleas(area), _plea,
    ),
    "callback": Kind(
        gettext_lazy("到期回访"), gettext_lazy("时限已到、已经办结的，回访诉求人。"), (SUPERVISOR,),
        oversight.callbacks_due, _callback, "",
    ),
    "supervision": Kind(
        gettext_lazy("督办中"), gettext_lazy("等承办单位答复。"), BOTH,
        lambda area, at: oversight.supervisions(area), _supervision,
    ),
    "overdue": Kind(
        gettext_lazy("已超时"), gettext_lazy("在办、时限已过的。"), BOTH,
        lambda area, at: oversight.overdue(area, at).order_by("due_at", "pk"), lambda matter, _known: row_of(matter), "",
    ),
}  # fmt: skip


@for_roles(*BOTH)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Show what waits: the number of each kind, and the rows of the kind that is asked for."""
    area, at, role = actor_of(request).area, now(), actor_of(request).role
    offered = {name: kind for name, kind in KINDS.items() if role in kind.roles}
    counts = oversight.waiting(area, at)
    chosen = request.GET.get("kind", "")
    if chosen not in offered:
        chosen = next((name for name in offered if counts[name]), "objection")
    known = names.known()
    kind, found = offered[chosen], _found(offered[chosen], request, area, at)
    rows = [leading_back(request, kind.tell(row, known)) for row in found[: MOST + 1]]
    return render(
        request,
        "oversight/waiting.html",
        {
            "tabs": [(name, kind.label, counts[name], name == chosen) for name, kind in offered.items()],
            "chosen": chosen,
            "kind": kind,
            "rows": rows[:MOST],
            "more": len(rows) > MOST,
            "places": known.communities(area),
            "alarms": oversight.alarms(area, at - ALARMS_OF)[:12],
            "steps": names.STEPS,
        },
    )


def _found(kind: Kind, request: HttpRequest, area: str, at: datetime) -> QuerySet[Any]:
    found = kind.rows(area, at)
    if words := asked(request, "q"):
        found = found.filter(
            Q(**{f"{kind.path}title__icontains": words}) | Q(**{f"{kind.path}code": words.upper()})
            | Q(**{f"{kind.path}owner__short__icontains": words})
        )  # fmt: skip
    if place := asked(request, "place"):
        found = found.filter(**{f"{kind.path}place__code__startswith": place})
    if request.GET.get("sort") == "received":
        found = found.order_by(f"{kind.path}received_at", "pk")
    return found
