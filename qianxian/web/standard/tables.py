"""Code tables: listed, each with its codes and the crosswalks that lead to it and from it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from qianxian.standard import elements as standard
from qianxian.standard.code_tables import CodeTable, Crosswalk, UnknownTable, code_table, code_tables, crosswalks
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STAFF

from .views import named

STATUS = {
    "national": (_("国家或行业标准"), "good"),
    "local": (_("本平台自编"), "info"),
    "other": (_("来源系统"), "calm"),
    "to_load": (_("待装载"), "soon"),
}
MATCH = {"exact": _("一一对应"), "broader": _("归入更宽的代码"), "narrower": _("按更窄的代码理解")}


@for_roles(*STAFF)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the tables that the address asks for."""
    words, status = asked(request, "q").lower().split(), asked(request, "status")
    found = [
        (named(table), table, *STATUS[table.status])
        for table in code_tables().values()
        if status in ("", table.status) and all(word in _text(table) for word in words)
    ]
    shown = {"tables": found, "count": len(found), "statuses": [(key, name) for key, (name, _kind) in STATUS.items()]}
    return render(request, "standard/tables.html", shown | {"status": status})


@for_roles(*STAFF)
@require_GET
def one(request: HttpRequest, name: str) -> HttpResponse:
    """Show a table with its codes, or save it as a spreadsheet."""
    try:
        table = code_table(name)
    except UnknownTable as error:
        raise Http404 from error
    if asked(request, "export") == "xlsx":
        return _sheet(table)
    status, kind = STATUS[table.status]
    shown = {
        "table": table,
        "name": named(table),
        "status": status,
        "status_kind": kind,
        "entries": table.entries.values(),
        "used_by": [(one.code, named(one)) for one in standard.elements().values() if one.table == name],
        "walks": [_walk(walk) for walk in crosswalks().values() if name in (walk.table, walk.source_table)],
    }
    return render(request, "standard/table.html", shown)


def _walk(walk: Crosswalk) -> dict[str, Any]:
    source, target = code_table(walk.source_table), code_table(walk.table)
    return {
        "walk": walk,
        "source": source,
        "source_name": named(source),
        "target": target,
        "target_name": named(target),
        "lines": [
            (link.source_code, source.entries[link.source_code].name, link.code, target.entries[link.code].name,
             MATCH[link.match], "good" if link.match == "exact" else "soon", link.note)
            for link in walk.links.values()
        ],
    }  # fmt: skip


def _text(table: CodeTable) -> str:
    names = " ".join(f"{entry.name} {' '.join(entry.also)}" for entry in table.entries.values())
    return f"{table.code} {table.name} {table.english} {table.edition} {names}".lower()


def _sheet(table: CodeTable) -> HttpResponse:
    columns = (_("代码"), _("名称"), _("其他写法"), _("上级代码"), _("启用"), _("停用"))
    rows = (
        (entry.code, entry.name, "、".join(entry.also), entry.parent, entry.valid.first or "", entry.valid.end or "")
        for entry in table.entries.values()
    )
    return spreadsheet(f"code-table-{table.code}", columns, rows)
