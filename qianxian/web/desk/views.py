"""The list, what is done to many matters at once, and the workbook."""

import io
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qianxian.cadres.rules import Actor
from qianxian.matters import actions
from qianxian.matters.queries.desk import numbers_of
from qianxian.web.acting import actor_of, now
from qianxian.web.desk.listing import listing_of
from qianxian.web.sentences import Refusal, sentence
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import DEPARTMENT, STREET, SUPERVISOR, WORKER
from qianxian.web.shell.views import next_page

MOST_EXPORTED = 5000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
on_desks = for_roles(WORKER, DEPARTMENT, STREET, SUPERVISOR)


@on_desks
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for the reader."""
    return render(request, "desk/list.html", {"listing": listing_of(request)})


@on_desks
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Sign several matters, or answer several with the same words; each is a deed of its own and is refused alone."""
    codes = request.POST.getlist("code")[:200]
    if request.POST.get("do") == "export":
        return _workbook([row for row in listing_of(request, MOST_EXPORTED).rows if row["code"] in set(codes)])
    if not codes:
        messages.warning(request, _("还没有勾选诉求。先勾选，再点批量办理。"))
        return redirect(next_page(request))
    done, refused = _each(codes, _deed(request), actor_of(request))
    if done:
        accept(request, "batch", ngettext("已办 %(count)s 件。", "已办 %(count)s 件。", done) % {"count": done})
    for code, words in refused[:10]:
        messages.error(request, f"{code}：{words}")
    return redirect(next_page(request))


def _deed(request: HttpRequest) -> Any:
    if request.POST.get("do") == "reply":
        reply = request.POST.get("reply", "")
        return lambda number, by: actions.answer_alike(number, reply=reply, **by)
    return lambda number, by: actions.sign(number, **by)


def _each(codes: list[str], deed: Any, actor: Actor) -> tuple[int, list[tuple[str, str]]]:
    """Do one deed to each matter; return how many were done, and the sentence for each that was refused."""
    done, refused = 0, []
    for code, number in numbers_of(codes).items():
        try:
            deed(number, {"actor": actor, "at": now()})
            done += 1
        except Refusal as refusal:
            refused.append((code, sentence(refusal)))
    return done, refused


@on_desks
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Hand out the list as it is narrowed, as a workbook of at most 5,000 rows."""
    return _workbook(listing_of(request, MOST_EXPORTED).rows)


def _workbook(rows: list[dict[str, Any]]) -> HttpResponse:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("等我办"))
    head = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for column, (name, width) in enumerate(_columns()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    for number, row in enumerate(rows, 1):
        texts = (
            row["code"], row["title"], row["thread"], row["step"], row["kind"], row["topic"], row["place"],
            row["owner"], str(row["stage"]),
        )  # fmt: skip
        for column, text in enumerate(texts):
            sheet.write_string(number, column, text)
        for column, at in enumerate((row["received_at"], row["due_at"]), len(texts)):
            sheet.write_datetime(number, column, localtime(at).replace(tzinfo=None), moment)
    sheet.freeze_panes(1, 1)
    book.close()
    return HttpResponse(
        held.getvalue(),
        content_type=WORKBOOK,
        headers={"Content-Disposition": f'attachment; filename="qianxian-{localtime(now()):%Y%m%d-%H%M}.xlsx"'},
    )


def _columns() -> list[tuple[str, int]]:
    return [
        (_("查询码"), 16), (_("诉求"), 44), (_("来源"), 14), (_("下一步"), 14), (_("类型"), 8), (_("事项"), 18),
        (_("地点"), 16), (_("承办单位"), 14), (_("阶段"), 10), (_("收到时间"), 17), (_("时限"), 17),
    ]  # fmt: skip
