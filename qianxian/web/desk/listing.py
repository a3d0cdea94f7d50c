"""The list: 等我办 from every thread, all that my unit owns, what goes on in my area, what we registered for others."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from qianxian.cadres import queries as cadres
from qianxian.cadres.rules import Actor, Role
from qianxian.mandates import queries as mandates
from qianxian.matters.queries import desk
from qianxian.register import queries as register
from qianxian.register.rules import Directory
from qianxian.web.acting import now
from qianxian.web.desk import wording

if TYPE_CHECKING:
    from qianxian.cadres.models import Account

BY_DUE, BY_ARRIVAL = ("due", "-due"), ("-arrived", "arrived")


def orders_of(view: str) -> tuple[str, ...]:
    """Return the orders in which a list is offered, the usual one first: what is over has no due order."""
    return (*BY_DUE, *BY_ARRIVAL) if view in ("mine", "area") else BY_ARRIVAL


CARRIED = {
    "own": ("contact", "resolve"),
    "posting": ("contact", "resolve"),
    "help": ("answer_help",),
    "whistle": ("report_work",),
}
"""What can be filled without a network, by the thread from which a matter waits; `on` is the help or the arrival."""
FILLABLE = ("contact", "resolve", "answer_help", "report_work")


@dataclass(frozen=True)
class Asked:
    """What the address asks for; whatever it holds that cannot be is left out."""

    view: str
    thread: str
    narrowing: desk.Narrowing
    paging: desk.Paging

    @classmethod
    def of(cls, query: QueryDict, actor: Actor, size: int = desk.PAGE) -> "Asked":
        """Read an address."""
        typed = " ".join(query.get("q", "").split())[:40]
        code = typed.upper() if _looks_like_code(typed) else ""
        view = query.get("view", "mine")
        view = view if view in views_for(actor) else next(iter(views_for(actor)), "mine")
        if typed and view == "mine" and query.get("everywhere"):
            view = "found"
        order = query.get("sort", "")
        order = order if order in orders_of(view) else orders_of(view)[0]
        narrowing = desk.Narrowing(
            state=query.get("state", "") if query.get("state") in desk.STATES else "",
            topic=_digits(query.get("topic", ""), 6),
            place=_digits(query.get("place", ""), 15),
            urgent=bool(query.get("urgent")),
            overdue=bool(query.get("overdue")),
            words="" if code or len(typed) < 2 else typed,
            code=code,
        )
        paging = desk.Paging(
            by=order.removeprefix("-"),
            falling=order.startswith("-"),
            after=desk.cursor(query.get("after", "")),
            before=desk.cursor(query.get("before", "")),
            last=query.get("before") == "end",
            size=size,
        )
        return cls(view, query.get("thread", ""), narrowing, paging)


def _looks_like_code(typed: str) -> bool:
    return len(typed) == 14 and typed.isascii() and typed.isalnum() and typed[:6].isdecimal()


def _digits(typed: str, most: int) -> str:
    return typed if typed.isascii() and typed.isdecimal() and len(typed) <= most else ""


def views_for(actor: Actor) -> dict[str, str]:
    """Return the lists that an actor is offered."""
    if actor.role is Role.STEWARD:
        return {}
    if actor.role is Role.WORKER:
        return {"mine": _("等我办"), "area": _("本社区在办"), "reported": _("我们代报的")}
    area = {"area": _("本辖区在办")} if actor.role in (Role.STREET, Role.SUPERVISOR) else {}
    return {"mine": _("等我办"), "unit": _("本单位全部"), **area}


@dataclass
class Listing:
    """One page of a list with all that is drawn around it; each part is read once, when it is drawn."""

    request: HttpRequest
    actor: Actor
    known: dict[str, int]
    at: datetime
    size: int = desk.PAGE
    asked: Asked = field(init=False)

    def __post_init__(self) -> None:
        self.asked = Asked.of(self.request.GET, self.actor, self.size)

    @property
    def threads(self) -> tuple[desk.Thread, ...]:
        offered = self._offered()
        chosen = tuple(thread for thread in offered if thread.code == self.asked.thread)
        return chosen if self.asked.view == "mine" and chosen else offered

    def _offered(self) -> tuple[desk.Thread, ...]:
        places = self.directory.places
        match self.asked.view:
            case "unit":
                return (desk.UNIT,)
            case "area":
                return desk.area_threads(self.actor.area, places)
            case "reported":
                return desk.reported_threads(self.actor.area, places)
            case "found":
                return (desk.FOUND,)
        return desk.threads_of(self.actor)

    @cached_property
    def page(self) -> desk.Page:
        return desk.waiting(self.actor, self.threads, self.asked.narrowing, self.asked.paging, self.at)

    @cached_property
    def counts(self) -> dict[str, int]:
        return desk.counts(self.actor, desk.threads_of(self.actor), self.at)

    @cached_property
    def directory(self) -> Directory:
        return register.directory(self.known)

    @property
    def before(self) -> str:
        return str(self.page.before or "")

    @property
    def after(self) -> str:
        return str(self.page.after or "")

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [self._row(row) for row in self.page.rows]

    @property
    def carried(self) -> list[dict[str, Any]]:
        """The matters of this page as a phone carries them along for work without a network; it keeps them in cipher."""
        return [
            {"id": f"{row['code']} {row['on']}", "code": row["code"], "title": row["title"], "on": row["on"]}
            | {deed: deed in CARRIED.get(row["thread_code"], ()) for deed in FILLABLE}
            for row in self.rows
            if row["thread_code"] in CARRIED
        ]

    def _row(self, row: desk.Waiting) -> dict[str, Any]:
        matter = row.matter
        topic = mandates.topics(self.known).path(matter["topic_id"] or "")
        return {
            "code": matter["code"],
            "title": matter["title"],
            "href": reverse("desk_matter", args=[matter["code"]]),
            "place": self.directory.places[matter["place_id"]].name,
            "owner": self.directory.organisations[matter["owner_id"]].short,
            "topic": topic[-1].name if topic else "",
            "kind": wording.named(wording.KINDS, matter["kind"]),
            "stage": wording.STAGES[matter["stage"]],
            "thread": wording.named(wording.THREADS, row.thread),
            "thread_code": row.thread,
            "on": str(row.part),
            "step": next_step(row),
            "due_at": row.due,
            "done_at": matter["resolved_at"],
            "received_at": matter["received_at"],
            "urgent": matter["deadline_class"] == "urgent",
            "supervised": matter["supervised"],
            "standing_still": matter["standing_still"],
        }

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The threads with how many wait in each; those without are left out, but the chosen one."""
        held = [(thread.code, self.counts.get(thread.code, 0)) for thread in desk.threads_of(self.actor)]
        return [
            {
                "label": wording.named(wording.THREADS, code),
                "words": _counted(count),
                "query": self._query(thread=code),
                "current": code == self.asked.thread,
            }
            for code, count in held
            if count or code == self.asked.thread
        ]

    @property
    def all_waiting(self) -> str:
        return _counted(sum(self.counts.values()))

    @property
    def views(self) -> list[dict[str, Any]]:
        return [
            {"code": code, "label": label, "query": f"?view={code}", "current": code == self.asked.view}
            for code, label in views_for(self.actor).items()
        ]

    @property
    def last_query(self) -> str:
        return self._query(keep_thread=True, before="end")

    @property
    def export_query(self) -> str:
        return self._query(keep_thread=True)

    @property
    def all_query(self) -> str:
        return self._query()

    def _query(self, *, keep_thread: bool = False, **more: str) -> str:
        query = self.request.GET.copy()
        for name in ("after", "before", *(() if keep_thread else ("thread",))):
            query.pop(name, None)
        query.update(more)
        return f"?{query.urlencode()}"

    @property
    def orders(self) -> list[tuple[str, str]]:
        return [(code, orders()[code]) for code in orders_of(self.asked.view)]

    @property
    def order(self) -> str:
        paging = self.asked.paging
        return f"-{paging.by}" if paging.falling else paging.by

    @property
    def states(self) -> list[tuple[str, str]]:
        return list(states().items())

    @property
    def topics(self) -> list[tuple[str, str]]:
        return [
            (code, topic.name) for code, topic in sorted(mandates.topics(self.known).topics.items()) if len(code) == 2
        ]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Places inside the area, down to the community; grids for those whose area is one community."""
        area = self.actor.area
        deepest = 15 if len(area) >= 12 else 12
        found = sorted(self.directory.places.items())
        return [
            (code, place.name) for code, place in found if code.startswith(area) and len(area) < len(code) <= deepest
        ]


def orders() -> dict[str, str]:
    return {
        "due": _("时限近的在前"),
        "-due": _("时限远的在前"),
        "arrived": _("先到的在前"),
        "-arrived": _("后到的在前"),
    }


def states() -> dict[str, str]:
    return {
        "sign": _("待签收"),
        "contact": _("待联系"),
        "resolve": _("已联系，待办结"),
        "undispatched": _("待会商派办"),
        "paused": _("计时暂停"),
    }


def next_step(row: desk.Waiting) -> str:
    """Return what is to be done next in a few words."""
    matter = row.matter
    steps = {
        "help": _("反馈配合结果"),
        "whistle": _("到场报到"),
        "supervision": _("答复督办"),
        "extension": _("审核延期"),
        "objection": _("裁定异议"),
        "unsettled": _("裁定归属"),
        "plea": _("审核申请"),
    }
    if row.thread in steps:
        return steps[row.thread]
    if matter["stage"] == 10:
        return _("会商派办")
    if row.thread not in ("own", "posting"):
        return str(wording.STAGES[matter["stage"]])
    if matter["signed_at"] is None:
        return _("签收")
    if matter["contacted_at"] is None:
        return _("联系诉求人")
    return _("办理并答复")


def _counted(count: int) -> str:
    return f"{desk.MOST_COUNTED - 1}+" if count >= desk.MOST_COUNTED else str(count)


def listing_of(request: HttpRequest, size: int = desk.PAGE) -> Listing:
    """Return the list that a request asks for; the revisions of reference data are read once."""
    known, at = register.revisions(), now()
    return Listing(request, cadres.acting(cast("Account", request.user), at, known), known, at, size)
