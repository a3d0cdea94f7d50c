"""A department's blank on a page: what each column is and where it comes from, and the blank filled."""

import io
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qianxian.kernel.lazily import lazily
from qianxian.ledgers import actions, queries
from qianxian.ledgers.rules.audience import audience_of
from qianxian.ledgers.rules.blank_filling import cells
from qianxian.ledgers.rules.definition import Every
from qianxian.ledgers.rules.meanings import Status
from qianxian.ledgers.rules.periods import BadPeriod, period, period_of
from qianxian.web.ledgers import sentences
from qianxian.web.ledgers.asked_for import place_of
from qianxian.web.oversight.sheets import TYPE
from qianxian.web.records.listing import places_of
from qianxian.web.records.reader import Reader, reader_of
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STAFF

learning: Any = lazily("qianxian.ledgers.learning")
workbooks: Any = lazily("qianxian.ledgers.workbooks")
STATUS = {
    Status.HELD: (gettext_lazy("已有"), "done"), Status.DERIVABLE: (gettext_lazy("可推算"), "done"),
    Status.ASKED_ELSEWHERE: (gettext_lazy("别处已要"), "soon"), Status.NOT_HELD: (gettext_lazy("没有"), "over"),
}  # fmt: skip


class BlankForm(forms.Form):
    """A blank; to fill it, also the period and for what."""

    file = forms.FileField(
        label=gettext_lazy("选择部门下发的空表"), help_text=gettext_lazy("xlsx 工作簿，不用改动；表头、说明和公式都会保留。"),
        error_messages={"required": gettext_lazy("请先选择一个文件。"), "empty": gettext_lazy("文件是空的，请换一个有内容的文件。")},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip
    period = forms.CharField(
        label=gettext_lazy("填报期"),
        max_length=8,
        required=False,
        help_text=gettext_lazy("如 2026-10、2026-Q3；不写就是本月。"),
    )
    purpose = forms.CharField(
        label=gettext_lazy("用来做什么"), max_length=200, required=False, help_text=gettext_lazy("填好下载时要写，会记入日志。"),
    )  # fmt: skip


@for_roles(*STAFF)
@require_http_methods(["GET", "POST"])
def blank(request: HttpRequest) -> HttpResponse:
    """Take a blank, show what each column is, or hand it back filled."""
    reader, form = reader_of(request), BlankForm(request.POST or None, request.FILES or None)
    learned: list[Any] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "blank.xlsx"
            with path.open("wb") as out:
                out.writelines(upload.chunks())
            try:
                book, learned = learning.learn(path, queries.asked_by_hand(queries.definitions()))
            except workbooks.Unfit as error:
                form.add_error("file", sentences.told(sentences.unfit(error)))
        if learned and "fill" in request.POST:
            answer = _filled(form, book, learned, reader, place_of(request, reader), upload.name)
            if answer is not None:
                return answer
    shown = {
        "form": form, "sheets": [_sheet(one) for one in learned], "places": places_of(reader.area),
        "may_fill": reader.serves,
    }  # fmt: skip
    return render(request, "ledgers/blank.html", shown, status=422 if form.errors else 200)


def _sheet(one: Any) -> dict[str, Any]:
    counts = {status: sum(each.status is status for each in one.meanings) for status in Status}
    return {
        "title": one.blank.title, "name": one.blank.name, "checks": one.blank.checks,
        "audience": audience_of((each.element for each in one.meanings), one.blank.title),
        "counts": [(*STATUS[status], count) for status, count in counts.items() if count],
        "columns": [
            {"header": " / ".join(each.heading.path), "element": each.element, "name": _name(each), "confidence": round(each.confidence * 100),
             "status": STATUS[each.status], "reason": each.reason, "legend": each.legend}
            for each in one.meanings
        ],
    }  # fmt: skip


def _name(one: Any) -> str:
    return one.element or ""


def _filled(
    form: BlankForm, book: Any, learned: list[Any], reader: Reader, place: str, name: str
) -> HttpResponse | None:
    """Return the blank filled; None after the form was told what is missing."""
    if not reader.serves:
        form.add_error(None, sentences.told(("只有社区和街道可以填表。", "Only communities and streets fill blanks.")))
        return None
    try:
        written = form.cleaned_data["period"]
        when = period(written) if written else period_of(Every.MONTH, reader.at.date())
    except BadPeriod:
        form.add_error(
            "period", sentences.told(("看不懂这个填报期，写成 2026-10 这样。", "A period is written 2026-10."))
        )
        return None
    frames = queries.frames_of(place, when, reader.at)
    try:
        for one in learned:
            columns, count, behind = cells(
                one.blank,
                one.meanings,
                audience_of((each.element for each in one.meanings), one.blank.title, Path(name).stem),
                frames,
                when.written,
            )
            workbooks.fill(
                book, [workbooks.Filling(one.blank.name, one.blank.first_row, one.blank.last_row, columns, count)]
            )
            actions.read(
                one.blank.title, records=[code for row in behind for code in row], purpose=form.cleaned_data["purpose"],
                area=place, period=when.written, actor=reader.name, unit=reader.unit, at=reader.at,
            )  # fmt: skip
    except actions.NoPurpose:
        form.add_error("purpose", sentences.told(("请先说明用来做什么，再下载。", "Say for what before you download.")))
        return None
    held = io.BytesIO()
    book.save(held)
    response = HttpResponse(held.getvalue(), content_type=TYPE)
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(Path(name).stem)}-{when.written}.xlsx"
    )
    return response
