"""Which pages each role is offered. A page is added by one line of ENTRIES."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

WORKER, DEPARTMENT, STREET, SUPERVISOR, STEWARD = "worker", "department", "street", "supervisor", "steward"
STAFF = (WORKER, DEPARTMENT, STREET, SUPERVISOR, STEWARD)
PUBLIC = "public"

ROLE_NAMES: dict[str, str | Promise] = {
    WORKER: _("社区工作者"),
    DEPARTMENT: _("部门"),
    STREET: _("街道"),
    SUPERVISOR: _("督查"),
    STEWARD: _("数据管理员"),
}

SEEN, LISTS, DATA, OPEN = _("看全区"), _("权责利清单"), _("数据"), _("公开")
"""Parts of the rail below the daily work."""

Badge = Callable[[HttpRequest], int]


@dataclass(frozen=True)
class Entry:
    """One line of the rail; the first four of a role stand in the phone's bar.

    `icon` is a symbol of shell/icons.svg; `part` is the heading under which it stands; `badge` counts what waits there.
    """

    url_name: str
    label: str | Promise
    icon: str
    roles: tuple[str, ...]
    part: str | Promise = ""
    badge: Badge | None = None


ENTRIES: tuple[Entry, ...] = (
    Entry("desk", _("等我办"), "desk", (WORKER, DEPARTMENT, STREET, SUPERVISOR)),
    Entry("desk_register", _("代为登记"), "call", (WORKER, STREET, SUPERVISOR)),
    Entry("gate", _("准入把关"), "flag", (WORKER,)),
    Entry("oversight_waiting", _("待决事项"), "scale", (STREET, SUPERVISOR)),
    Entry("errands", _("事项准入"), "flag", (DEPARTMENT, STREET, SUPERVISOR)),
    Entry("calendar", _("会议日程"), "calendar", (WORKER, DEPARTMENT, STREET, SUPERVISOR)),
    Entry("certificates", _("开证明"), "file", (WORKER,)),
    Entry("ledgers", _("台账"), "book", STAFF),
    Entry("refusals", _("社区退回"), "undo", (WORKER, DEPARTMENT, STREET, SUPERVISOR)),
    Entry("oversight_whistles", _("吹哨报到"), "whistle", (STREET, SUPERVISOR)),
    Entry("oversight_matters", _("全部诉求"), "desk", (STREET, SUPERVISOR)),
    Entry("import_upload", _("批量导入"), "upload", (STREET, SUPERVISOR)),
    Entry("oversight_rates", _("三率"), "chart", (STREET, SUPERVISOR), SEEN),
    Entry("oversight_map", _("一张图"), "map", (STREET, SUPERVISOR), SEEN),
    Entry("oversight_themes", _("每月一题"), "flag", (STREET, SUPERVISOR), SEEN),
    Entry("oversight_rulings", _("裁定与清单"), "law", (STREET, SUPERVISOR), LISTS),
    Entry("register_drafts", _("清单修订"), "book", (STEWARD, SUPERVISOR), LISTS),
    Entry("oversight_board", _("清单体检"), "check", (DEPARTMENT, STREET, SUPERVISOR, STEWARD), LISTS),
    Entry("learned_upload", _("历史派单"), "chart", (STREET, SUPERVISOR, STEWARD), LISTS),
    Entry("words", _("内容识别"), "talk", (STEWARD,), LISTS),
    Entry("records", _("综合体数据库"), "people", STAFF, DATA),
    Entry("collecting", _("采集表"), "write", STAFF, DATA),
    Entry("record_pairs", _("疑似同人"), "link", (WORKER, STREET), DATA),
    Entry("record_corrections", _("更正申请"), "undo", STAFF, DATA),
    Entry("record_handouts", _("导出审批"), "save", STAFF, DATA),
    Entry("standard", _("数据标准"), "book", (STEWARD, SUPERVISOR), DATA),
    Entry("home", _("首页"), "home", (PUBLIC, *STAFF), OPEN),
    Entry("report", _("我要反映"), "write", (PUBLIC,), OPEN),
    Entry("track", _("查进度"), "search", (PUBLIC,), OPEN),
    Entry("who", _("谁管这件事"), "scale", (PUBLIC, *STAFF), OPEN),
    Entry("my_record", _("我的档案"), "person", (PUBLIC,), OPEN),
    Entry("published_rates", _("三率公开"), "chart", (PUBLIC, WORKER, DEPARTMENT), OPEN),
    Entry("themes", _("每月一题"), "flag", (PUBLIC, WORKER, DEPARTMENT), OPEN),
    Entry("admitted", _("准入公开"), "eye", (PUBLIC, *STAFF), OPEN),
)


@dataclass(frozen=True)
class Line:
    """An entry as this reader sees it now."""

    url: str
    label: str | Promise
    icon: str
    current: bool
    count: int
    part: str | Promise = ""


def lines_for(request: HttpRequest, role: str) -> list[Line]:
    """Return what `role` is offered, the line that holds this page marked; a page that does not exist is left out."""
    found = [(entry, url) for entry in ENTRIES if role in entry.roles and (url := _url(entry.url_name))]
    current = max((url for _entry, url in found if _holds(url, request.path)), key=len, default=None)
    return [
        Line(
            url,
            entry.label,
            entry.icon,
            url == current,
            entry.badge(request) if entry.badge else 0,
            entry.part if role != PUBLIC else "",
        )
        for entry, url in found
    ]


@dataclass(frozen=True)
class Way:
    """Where a page's way back leads; `asked` if the address named it."""

    url: str
    label: str | Promise
    asked: bool


def way_back(request: HttpRequest, role: str | None, otherwise: str = "desk") -> Way:
    """Return the list that the reader came from: `?from=` where it names a page that `role` is offered."""
    asked = request.GET.get("from", "")
    found = [
        (len(url), entry.label)
        for entry in ENTRIES
        if role in entry.roles and (url := _url(entry.url_name)) and _holds(url, urlsplit(asked).path)
    ]
    if found and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return Way(asked, max(found, key=lambda one: one[0])[1], asked=True)
    return Way(reverse(otherwise), next(entry.label for entry in ENTRIES if entry.url_name == otherwise), asked=False)


def _holds(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
