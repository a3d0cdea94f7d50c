"""One ledger: its rows as they come out of the register now, each cell led back to the records behind it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qianxian.ledgers import actions, queries
from qianxian.ledgers.rules.definition import Column, Way
from qianxian.ledgers.rules.derivation import TOTAL, Table, derive, derive_part
from qianxian.ledgers.rules.formulas import number
from qianxian.ledgers.rules.frames import Frames
from qianxian.register.queries import records as register
from qianxian.register.rules.reading import masked
from qianxian.web.ledgers.asked_for import Wanted, wanted
from qianxian.web.ledgers.listing import EVERY
from qianxian.web.oversight.asked import asked
from qianxian.web.records.listing import places_of
from qianxian.web.records.reader import READERS, Reader, reader_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STREET, WORKER

PAGE, SHOWN_RECORDS = 50, 200


class PurposeForm(forms.Form):
    """For what a ledger is read in full."""

    purpose = forms.CharField(
        label=gettext_lazy("用来做什么"), min_length=2, max_length=200,
        help_text=gettext_lazy("会记入日志，名单里的每个人都能看到。"),
        error_messages={"required": gettext_lazy("请先说明用来做什么，再查看。"), "min_length": gettext_lazy("请写明用途，两个字以上。")},
    )  # fmt: skip


@for_roles(*READERS)
@require_http_methods(["GET", "POST"])
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """Show a ledger; personal data in full only after a purpose was said."""
    reader = reader_of(request)
    one = wanted(request, reader, code)
    form = PurposeForm(request.POST or None)
    full = request.method == "POST" and form.is_valid()
    after = asked(request, "after")
    page = max(1, int(after)) if after.isdecimal() and len(after) < 7 else 1
    frames = one.frames(reader)
    table, total = derive_part(one.definition, frames, (page - 1) * PAGE, page * PAGE, one.period.written)
    if full:
        actions.read(
            one.definition.title, records=[code for row in range(table.count) for code in table.behind(row, 0)],
            purpose=form.cleaned_data["purpose"], area=one.place, period=one.period.written, actor=reader.name,
            unit=reader.unit, at=reader.at,
        )  # fmt: skip
    signed = {(cell.row, cell.column): cell for cell in queries.signed_cells(one.ledger, one.place, one.period.written)}
    shown = {
        "one": one, "definition": one.definition, "every": EVERY[one.definition.every], "total": total,
        "headers": [column.path for column in one.definition.columns],
        "rows": _rows(table, one, reader, signed, page=page, full=full),
        "behind": _behind(request, table, one, reader), "form": form, "full": full, "reader": reader,
        "may_keep": reader.role in (WORKER, STREET), "checks": _checks(one, frames),
        "places": places_of(reader.area), "frozen": _versions(one, reader),
        "editions": queries.editions_of(one.ledger), "lost": one.lost,
        "before": str(page - 1) if page > 1 else None, "after": str(page + 1) if page * PAGE < total and table.count < total else None,
        "address": f"?place={one.place}&period={one.period.written}",
    }  # fmt: skip
    return render(request, "ledgers/ledger.html", shown, status=422 if form.errors else 200)


def _versions(one: Wanted, reader: Reader) -> list[dict[str, Any]]:
    """Return what was frozen within reach, each with the token of its link."""
    return [
        {"code": each.code, "period": each.period, "rows": each.rows, "at": each.at, "name": each.name,
         "sha256": each.sha256, "token": actions.token_for(each.code, each.sha256)}
        for each in queries.frozen_of(one.ledger, reader.area)[:20]
    ]  # fmt: skip


def _rows(
    table: Table, one: Wanted, reader: Reader, signed: dict[tuple[str, str], Any], *, page: int, full: bool
) -> list[list[dict[str, Any]]]:
    columns = [
        _seen(column, values, reader, full=full)
        for column, values in zip(one.definition.columns, table.columns, strict=True)
    ]
    return [
        [
            _cell(value, column, table, row, at, one, signed, page)
            for at, (column, value) in enumerate(zip(one.definition.columns, cells, strict=True))
        ]
        for row, cells in enumerate(zip(*columns, strict=True))
    ]


def _seen(column: Column, values: Sequence[Any], reader: Reader, *, full: bool) -> Sequence[Any]:
    """Return the cells of a column as this reader may see them."""
    if column.way is not Way.ELEMENT:
        return values
    if (reader.serves and column.element == "person.name") or (full and reader.may_read(column.element)):
        return values
    return [masked(column.element, value) for value in values]


def _cell(
    value: Any,
    column: Column,
    table: Table,
    row: int,
    at: int,
    one: Wanted,
    signed: dict[tuple[str, str], Any],
    page: int,
) -> dict[str, Any]:
    key = row_key(table, row)
    found = signed.get((key, column.name)) if column.way is Way.MANUAL else None
    return {
        "value": actions.value_of(found) if found else value, "by_hand": column.way is Way.MANUAL, "signed": found,
        "href": f"?place={one.place}&period={one.period.written}&after={page}&row={row}&column={at}#behind",
        "key": key, "column": column.name,
    }  # fmt: skip


def row_key(table: Table, row: int) -> str:
    """Return what names a row from month to month: the record it is about, or the keys of its group."""
    if not table.definition.by:
        return table.behind(row, 0)[0] if len(table.rows[row]) == 1 else TOTAL
    names = [
        str(values[row])
        for column, values in zip(table.definition.columns, table.columns, strict=True)
        if column.way in (Way.ELEMENT, Way.AGE)
    ]
    return "/".join(names)[:120] or TOTAL


def _behind(request: HttpRequest, table: Table, one: Wanted, reader: Reader) -> dict[str, Any] | None:
    """Return the records behind the cell that the address names."""
    row, column = asked(request, "row"), asked(request, "column")
    if not (row.isdecimal() and column.isdecimal() and len(row + column) < 9):
        return None
    if int(row) >= table.count or int(column) >= len(one.definition.columns):
        return None
    codes = table.behind(int(row), int(column))
    names = register.names_of(codes[:SHOWN_RECORDS])
    person = one.definition.entity == "person"
    return {
        "header": one.definition.columns[int(column)].name, "value": "", "count": len(codes),
        "records": [
            (code, reader.name_shown(names.get(code, code)) if person else names.get(code) or code, reverse("record", args=[code]))
            for code in codes[:SHOWN_RECORDS]
        ],
        "more": max(0, len(codes) - SHOWN_RECORDS),
    }  # fmt: skip


def _checks(one: Wanted, frames: Frames) -> list[dict[str, Any]]:
    """Return the checks of this ledger with others, worked out from the same records."""
    others = {each.code: each for each in queries.definitions([check.other for check in one.definition.checks])}
    mine = derive(one.definition, frames) if one.definition.checks else None
    found = []
    for check in one.definition.checks:
        other = others.get(check.other)
        left = _sum_of(mine, check.column) if mine else None
        right = _sum_of(derive(other, frames), check.other_column) if other else None
        found.append(
            {"check": check, "other": other, "left": left, "right": right, "holds": left == right and left is not None}
        )
    return found


def _sum_of(table: Table, name: str) -> float | None:
    """Return the total of a column: its last row where there is a total, else the sum of all."""
    at = next((at for at, column in enumerate(table.definition.columns) if column.name == name), None)
    if at is None:
        return None
    values = [number(value) or 0 for value in table.columns[at]]
    if table.definition.by and table.count > 1:
        return values[-1]
    return sum(values)


@for_roles(WORKER, STREET)
@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Sign a cell that no register holds."""
    reader = reader_of(request)
    one = wanted(request, reader, code)
    column, row = request.POST.get("column", "")[:120], request.POST.get("row", "")[:120]
    back = redirect(f"{reverse('ledger', args=[code])}?{request.GET.urlencode()}")
    if column not in [each.name for each in one.definition.columns if each.way is Way.MANUAL] or not row:
        messages.error(request, _("这一格不是要人填的。"))
        return back
    try:
        actions.sign(
            one.ledger, area=one.place, period=one.period.written, row=row, column=column,
            value=request.POST.get("value", "").replace("\0", ""), actor=reader.name, unit=reader.unit,
            name=reader.signature, at=reader.at,
        )  # fmt: skip
        messages.success(request, _("已记下并签名。"))
    except actions.Stopped:
        messages.error(request, _("这张台账已经停用，不用再填。"))
    return back
