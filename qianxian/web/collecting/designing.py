"""Drawing a form question by question; it is saved as an XLSForm workbook, so that it can leave again."""

import io
import secrets
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qianxian.collection.forms.rules import designing as rules
from qianxian.collection.forms.rules.designing import Question
from qianxian.standard import elements as standard
from qianxian.web.records import words as records
from qianxian.web.shell.access import for_roles

from .listing import PUBLISHERS
from .publishing import keep

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, str | Promise] = {
    "text": _("文字"), "integer": _("整数"), "decimal": _("小数"), "date": _("日期"), "select_one": _("单选"),
    "select_multiple": _("多选"), "note": _("说明文字"), "image": _("照片"),
}  # fmt: skip
COMPARED: dict[str, str | Promise] = {"=": _("是"), "!=": _("不是"), ">": _("大于"), "<": _("小于")}
LACKS: dict[str, str | Promise] = {
    "title": _("请写表单名称。"),
    "questions": _("请至少加一个问题。"),
    "label": _("请写题目。"),
    "choices": _("请至少写两个选项，每行一个。"),
    "when": _("显示条件只能看前面的问题，并且要写明是什么。"),
}


@for_roles(*PUBLISHERS)
@require_http_methods(["GET", "POST"])
def design(request: HttpRequest) -> HttpResponse:
    """Let a form be drawn; each button posts the whole drawing, so that nothing is lost and no script is needed."""
    questions = _questions(request)
    title, code = request.POST.get("title", "")[:120], request.POST.get("code") or f"f{secrets.token_hex(4)}"
    code = code if code.isascii() and code.isidentifier() and len(code) <= 40 else f"f{secrets.token_hex(4)}"
    deed, _colon, at = request.POST.get("deed", "").partition(":")
    questions = _done(request, deed, at, questions)
    if deed not in ("save", "download"):
        return _page(request, title, code, questions, [], deed, at)
    if lacking := rules.lacks(title, questions):
        return _page(request, title, code, questions, lacking, deed, at)
    content = workbook(rules.sheets(title, code, "1", questions))
    if deed == "save":
        return redirect("collecting_check", keep(request, f"{code}.xlsx", content))
    answer = HttpResponse(content, content_type=TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}.xlsx"'
    return answer


def _done(request: HttpRequest, deed: str, at: str, questions: list[Question]) -> list[Question]:
    """Return the questions after a button: one is added, moved, or taken away."""
    place = int(at) if at.isdecimal() and len(at) < 4 else -1
    match deed:
        case "add" if len(questions) < rules.MOST:
            return [*questions, Question()]
        case "element" if (
            len(questions) < rules.MOST and (code := request.POST.get("element", "")) in standard.elements()
        ):
            return [*questions, rules.of_element(code)]
        case "up":
            return rules.moved(questions, place, place - 1)
        case "down":
            return rules.moved(questions, place, place + 1)
        case "drop":
            return rules.without(questions, place)
    return questions


def _questions(request: HttpRequest) -> list[Question]:
    """Return the questions as they were posted."""
    count = request.POST.get("count", "0")
    return [
        _question(request, at)
        for at in range(min(rules.MOST, int(count) if count.isdecimal() and len(count) < 4 else 0))
    ]


def _question(request: HttpRequest, at: int) -> Question:
    def said(name: str) -> str:
        return request.POST.get(f"{name}-{at}", "").replace("\0", "").strip()[:2000]

    kind, when, compared = said("kind"), said("when"), said("compared")
    return Question(
        kind if kind in rules.KINDS else "text", " ".join(said("label").split()), " ".join(said("hint").split()),
        said("element") if said("element") in standard.elements() else "", bool(said("required")),
        tuple(dict.fromkeys(line.strip() for line in said("choices").splitlines() if line.strip())),
        int(when) if when.isdecimal() and len(when) < 4 else 0, compared if compared in rules.COMPARED else "=", said("to"),
    )  # fmt: skip


def workbook(sheets: rules.Sheets) -> bytes:
    """Return the sheets as a workbook; every text stays text."""
    held = io.BytesIO()
    heads = {"survey": rules.SURVEY, "choices": rules.CHOICES, "settings": rules.SETTINGS}
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, columns in heads.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate([dict(zip(columns, columns, strict=True)), *sheets[name]]):
                for place, column in enumerate(columns):
                    if row.get(column):
                        sheet.write_string(number, place, row[column])
    return held.getvalue()


def _page(
    request: HttpRequest,
    title: str,
    code: str,
    questions: Sequence[Question],
    lacking: list[rules.Lacking],
    deed: str,
    at: str,
) -> HttpResponse:
    wrong = {
        number: [LACKS[one.code] for one in lacking if one.number == number]
        for number in {one.number for one in lacking}
    }
    rows = [
        {"at": at_, "number": at_ + 1, "one": one, "choices": "\n".join(one.choices), "wrong": wrong.get(at_ + 1, []),
         "element": records.name_of(one.element) if one.element else "",
         "earlier": [(n, f"{n}. {other.label}") for n, other in enumerate(questions[:at_], 1) if other.kind != "note"]}
        for at_, one in enumerate(questions)
    ]  # fmt: skip
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in standard.elements().values():
        if one.on:
            groups.setdefault(records.group_name(one.entity), []).append((one.code, records.name_of(one.code)))
    shown: dict[str, Any] = {
        "title": title, "code": code, "rows": rows, "last": len(rows) - 1, "kinds": KINDS.items(), "compared": COMPARED.items(),
        "elements": groups.items(), "wrong": wrong.get(0, []), "all_wrong": lacking,
        "said": [(one.number, LACKS[one.code]) for one in lacking],
        "focus": len(rows) - 1 if deed in ("add", "element") else None,
    }  # fmt: skip
    return render(request, "collecting/design.html", shown, status=422 if lacking else 200)
