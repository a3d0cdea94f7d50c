"""Frozen versions: made, fetched, and pulled by the department that asks; nobody submits upward."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianxian.cadres.queries import reach
from qianxian.ledgers import actions, queries, sheets
from qianxian.ledgers.rules.definition import Way
from qianxian.ledgers.rules.derivation import derive
from qianxian.web.ledgers.asked_for import Wanted, asks, wanted
from qianxian.web.ledgers.page import row_key
from qianxian.web.oversight.sheets import TYPE
from qianxian.web.records.reader import Reader, reader_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STAFF, STREET, WORKER


@for_roles(WORKER, STREET)
@require_POST
def freeze(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze a ledger as it stands now, with the cells that were signed."""
    reader = reader_of(request)
    one = wanted(request, reader, code)
    purpose = request.POST.get("purpose", "").replace("\0", "").strip()
    back = redirect(f"{reverse('ledger', args=[code])}?{request.GET.urlencode()}#versions")
    try:
        book, rows, codes = _book(one, reader)
        actions.read(
            one.definition.title, records=codes, purpose=purpose, area=one.place, period=one.period.written,
            actor=reader.name, unit=reader.unit, at=reader.at,
        )  # fmt: skip
        frozen = actions.freeze(
            one.ledger, edition=one.edition, area=one.place, period=one.period.written, book=book, rows=rows,
            actor=reader.name, unit=reader.unit, name=reader.signature, at=reader.at,
        )  # fmt: skip
    except actions.NoPurpose:
        messages.error(request, _("请先说明用来做什么，再定稿。"))
        return back
    except actions.Stopped:
        messages.error(request, _("这张台账已经停用，不用再填。"))
        return back
    messages.success(
        request, _("已定稿 %(code)s：%(rows)s 行，要表单位凭链接自取。") % {"code": frozen.code, "rows": rows}
    )
    return back


def _book(one: Wanted, reader: Reader) -> tuple[bytes, int, list[str]]:
    table = derive(one.definition, one.frames(reader), one.period.written)
    signed = {(cell.row, cell.column): cell for cell in queries.signed_cells(one.ledger, one.place, one.period.written)}
    if signed:
        for at, column in enumerate(one.definition.columns):
            if column.way is Way.MANUAL:
                held = [signed.get((row_key(table, row), column.name)) for row in range(table.count)]
                table.columns[at] = [f"{actions.value_of(cell)}（{cell.name}）" if cell else "" for cell in held]
    codes = [code for row in range(table.count) for code in table.behind(row, 0)]
    return sheets.workbook(table, area=one.place_name, period=one.period.written), table.count, codes


@for_roles(WORKER, STREET)
@require_GET
def fetch(request: HttpRequest, code: str) -> HttpResponse:
    """Hand a frozen version out, byte for byte."""
    frozen = queries.frozen_by_code(code)
    if frozen is None:
        raise Http404
    reader = reader_of(request)
    actions.told_pull(frozen, actor=reader.name, unit=reader.unit, at=reader.at)
    return _workbook(actions.book_of(frozen), f"{frozen.ledger.title}-{frozen.area}-{frozen.period}")


@for_roles(*STAFF)
@require_GET
def pull(request: HttpRequest, token: str) -> HttpResponse:
    """
    Hand a frozen version out by its link: to the unit that asks for the ledger, and to those who serve its place.

    :raises PermissionDenied: if the reader is neither
    """
    known, reader = actions.hash_of(token), reader_of(request)
    reach(unit=reader.unit, area=reader.area, code=known)
    frozen = queries.frozen_by_token(known)
    if frozen is None:
        raise Http404
    serves = reader.serves and frozen.area.startswith(reader.area)
    if not (serves or asks(frozen.ledger.asked_by, reader.unit)):
        raise PermissionDenied
    actions.told_pull(frozen, actor=reader.name, unit=reader.unit, at=reader.at)
    response = _workbook(actions.book_of(frozen), f"{frozen.ledger.title}-{frozen.area}-{frozen.period}")
    response.headers["X-Content-SHA256"] = frozen.sha256
    return response


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    response.headers["Cache-Control"] = "no-store"
    return response
