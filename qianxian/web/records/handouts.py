"""Lists handed out in bulk: asked with a purpose, allowed by a second person, watermarked, each record remembers it."""

import io
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianxian.register.actions import privacy
from qianxian.register.queries import records as queries
from qianxian.register.rules.records import age
from qianxian.web.records import words
from qianxian.web.records.forms import HandoutForm
from qianxian.web.records.listing import SHOWN_IN_LIST, wanted_of
from qianxian.web.records.reader import READERS, Reader, reader_of, values_for
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles

if TYPE_CHECKING:
    from qianxian.register.models import Handout, Record

MOST = 5000
KEPT = ("group", "q", "place", "sex", "from", "to", "disputed", "sort")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_roles(*READERS)
@require_GET
def handouts(request: HttpRequest) -> HttpResponse:
    """Show what was asked for and what came of it."""
    reader = reader_of(request)
    rows = [
        {"handout": one, "what": what_of(one), "mine": one.asked_by == reader.name} for one in queries.handouts()[:100]
    ]
    return render(request, "records/handouts.html", {"rows": rows})


def what_of(one: "Handout") -> str:
    """Return in words what was asked for."""
    said = [words.group_name(one.wanted.get("group") or "person")]
    said += [f"“{one.wanted['q']}”"] if one.wanted.get("q") else []
    return " · ".join(said)


@for_roles(*READERS)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the list that the address narrows."""
    reader, form = reader_of(request), HandoutForm(request.POST)
    wanted = {key: request.GET[key] for key in KEPT if request.GET.get(key)}
    if not form.is_valid():
        messages.error(request, _("请写明导出用来做什么。"))
        return redirect("records")
    privacy.ask_handout(
        purpose=form.cleaned_data["purpose"], wanted=wanted, area=reader.area, name=reader.signature, **reader.by
    )
    accept(request, "handout", _("已提交，等另一个人同意后再下载。"))
    return redirect("record_handouts")


@for_roles(*READERS)
@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Allow what somebody else has asked for, or not."""
    reader, one = reader_of(request), _known(code)
    try:
        privacy.decide_handout(one, allow=request.POST.get("do") == "allow", name=reader.signature, **reader.by)
    except words.Refusal as refusal:
        messages.error(request, words.sentence(refusal))
    else:
        accept(request, f"handout-{code}", _("已决定。"))
    return redirect("record_handouts")


def _known(code: str) -> "Handout":
    found = queries.handouts().filter(code=code).first()
    if found is None:
        raise Http404
    return found


@for_roles(*READERS)
@require_POST
def fetch(request: HttpRequest, code: str) -> HttpResponse:
    """Hand the file out, once, to whoever asked."""
    reader, one = reader_of(request), _known(code)
    records = list(queries.listed(wanted_of(one.wanted, reader))[:MOST])
    try:
        privacy.hand_out(one, records=[record.code for record in records], name=reader.signature, **reader.by)
    except words.Refusal as refusal:
        messages.error(request, words.sentence(refusal))
        return redirect("record_handouts")
    content = workbook(one, records, reader)
    name = f"qianxian-{one.code}.xlsx"
    return HttpResponse(content, WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def watermark(one: "Handout") -> str:
    """Return who may use the file, for what, and its number, as it stands on every page of it."""
    moment = f"{localtime(one.fetched_at or one.asked_at):%Y-%m-%d %H:%M}"
    return _("%(who)s · %(moment)s · 编号 %(code)s · 仅用于：%(purpose)s") % {
        "who": one.asked_name, "moment": moment, "code": one.code, "purpose": one.purpose,
    }  # fmt: skip


def workbook(one: "Handout", records: "list[Record]", reader: Reader) -> bytes:
    """
    Return the list as a workbook that names its reader.

    The mark stands in the first row, in the header of each printed page, and in the properties of the file, with the
    number of the export.
    """
    held, mark = io.BytesIO(), watermark(one)
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{one.code}", "comments": mark, "keywords": one.code, "author": one.asked_name})
    book.set_custom_property("qianxian-export", one.code)
    sheet = book.add_worksheet(_("名单"))
    loud, bold = book.add_format({"font_color": "#9C0006", "bg_color": "#FFE8E8"}), book.add_format({"bold": True})
    group = one.wanted.get("group") or "person"
    columns = [_("档案号"), _("姓名或名称"), _("性别"), _("年龄"), _("所在地"), _("电话"), _("地址")]
    columns += [words.name_of(SHOWN_IN_LIST[group])] if group in SHOWN_IN_LIST else []
    sheet.merge_range(0, 0, 0, len(columns) - 1, mark, loud)
    sheet.write_row(1, 0, columns, bold)
    sheet.set_header(f"&C&10{mark.replace('&', '&&')}")
    sheet.set_footer(f"&C{one.code}  &P/&N")
    sheet.set_column(0, len(columns) - 1, 16)
    sheet.freeze_panes(2, 0)
    for number, record in enumerate(records, start=2):
        sheet.write_row(number, 0, _cells(record, group, reader))
    book.close()
    return held.getvalue()


def _cells(record: "Record", group: str, reader: Reader) -> list[Any]:
    said = {code: one[0] for code, one in queries.opened(record).items()}
    seen = values_for(reader, said, full=True)
    phone = seen.get("person.phone", "")
    cells = [
        record.code, reader.name_shown(record.name) if record.entity == "person" else record.name,
        words.shown("person.sex", record.sex), age(record.born, reader.at.date()) or "", record.place.name, phone,
        seen.get("person.living_address", record.address if record.entity != "person" else ""),
    ]  # fmt: skip
    element = SHOWN_IN_LIST.get(group, "")
    return [*cells, words.shown(element, seen.get(element, ""))] if element else cells
