"""Every article in force: searched, filtered by link, saved as a workbook, each with an address that stays."""

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import queries as mandates
from qianxian.register import queries as register
from qianxian.web.acting import now
from qianxian.web.public.words import BENEFITS, DUTIES, LISTS, POWERS, SETTINGS, Words, named
from qianxian.web.resident.forms import places

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qianxian.mandates.models import Article

PAGE = 50
FILTERS = ("topic", "body", "place", "setting", "duty")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def articles(request: HttpRequest) -> HttpResponse:
    """Show the articles that fit, fifty at a time, keyed by number."""
    at = now()
    try:
        found = _asked(request, at)
    except mandates.NothingInForce:
        return render(request, "public/articles.html", {"unready": True, "count": 0}, status=503)
    page, before, after = _page(found, request.GET.get("after", ""), request.GET.get("before", ""))
    topics = mandates.topics()
    topic = topics.topics.get(request.GET.get("topic", ""))
    words = {
        "topic_name": topic.name if topic else "",
        "rows": [_row(article) for article in page],
        "count": found.count(), "before": before, "after": after,
        "bodies": mandates.bodies_in_force(at), "places": places(register.directory()),
        "settings": SETTINGS.items(), "duties": DUTIES.items(),
        "tops": [t for t in topics.topics.values() if len(t.code) == 2],
        "edition": mandates.in_force(at), "query": request.GET.urlencode(),
        **{name: request.GET.get(name, "") for name in FILTERS},
    }  # fmt: skip
    return render(request, "public/articles.html", words)


@require_GET
def article(request: HttpRequest, edition: int, number: str) -> HttpResponse:
    """Show one article of one edition; its address stays when a later edition comes."""
    try:
        found = mandates.article(number, edition)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    words = {
        "article": found, "row": _row(found), "path": mandates.topics().path(found.topic_id),
        "powers": _names(POWERS, found.powers), "benefits": _names(BENEFITS, found.benefits),
        "current": _current() == edition,
    }  # fmt: skip
    return render(request, "public/article.html", words)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Save the articles that fit as a workbook."""
    at = now()
    try:
        rows = [_cells(found) for found in _asked(request, at)]
    except mandates.NothingInForce as missing:
        raise Http404 from missing
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet(_("权责利清单")), book.add_format({"bold": True})
        sheet.write_row(0, 0, COLUMNS(), bold)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 9, 22)
    name = f"articles-{at.astimezone(BEIJING):%Y%m%d}.xlsx"
    return HttpResponse(
        held.getvalue(), content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _current() -> int | None:
    """Return the number of the edition in force, None where there is none."""
    try:
        return mandates.in_force(now()).edition
    except mandates.NothingInForce:
        return None


def COLUMNS() -> list[str]:  # noqa: N802 (a table in the reader's language)
    return [
        _("编号"), _("清单"), _("单位"), _("职责"), _("事项"), _("地区"), _("场所"), _("权力"), _("保障"), _("依据"),
        _("生效"),
    ]  # fmt: skip


def _cells(found: "Article") -> list[str]:
    row = _row(found)
    return [
        found.number, row["list"], found.body.name, row["duty"], f"{found.topic_id} {found.topic.name}",
        found.place.name, row["setting"], _names(POWERS, found.powers), _names(BENEFITS, found.benefits), found.basis,
        found.valid_from.astimezone(BEIJING).date().isoformat(),
    ]  # fmt: skip


def _asked(request: HttpRequest, at: datetime) -> "QuerySet[Article]":
    given = {name: request.GET.get(name, "")[:40] for name in FILTERS}
    return mandates.articles_named(at, words=request.GET.get("q", "")[:80], **given)


def _page(found: "QuerySet[Article]", after: str, before: str) -> tuple[list["Article"], str | None, str | None]:
    """Return one page by key, and the keys of the pages before and after it."""
    if before:
        page = list(found.filter(number__lt=before).order_by("-number")[: PAGE + 1])
        more, page = len(page) > PAGE, page[:PAGE][::-1]
        return page, page[0].number if page and more else None, page[-1].number if page else None
    page = list((found.filter(number__gt=after) if after else found)[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    return page, page[0].number if page and after else None, page[-1].number if more else None


def _row(found: "Article") -> dict[str, Any]:
    return {
        "article": found,
        "duty": named(DUTIES, found.duty) if found.duty else _names(POWERS, found.powers) or _("不得交给社区"),
        "list": named(LISTS, found.list_kind),
        "setting": named(SETTINGS, found.setting) if found.setting else _("任何地方"),
    }


def _names(words: Words, codes: list[str]) -> str:
    return _("、").join(named(words, code) for code in codes)
