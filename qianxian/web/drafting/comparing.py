"""Two editions, or a draft and its edition, beside each other: what changed, article by article, in sentences."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianxian.mandates.queries import drafts
from qianxian.mandates.rules.drafts import Columns, differences
from qianxian.web.drafting.asking import draft_or_404
from qianxian.web.drafting.wording import CHANGES, speaker
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.public.words import named
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STEWARD, SUPERVISOR

PAGE = 100
KINDS = {"add": "good", "change": "info", "end": "soon"}


@for_roles(STEWARD, SUPERVISOR)
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Show the differences between the two that the address names: `?before=1&after=2`, `?before=1&after=draft:3`."""
    editions = list(drafts.editions())
    latest = [str(edition.number) for edition in editions[:2]]
    before = request.GET.get("before") or (latest[-1] if latest else "")
    after = request.GET.get("after") or (latest[0] if latest else "")
    say = speaker()
    (old_name, old), (new_name, new) = _side(before), _side(after)
    found = [(one, say.difference(one)) for one in differences(old, new)]
    words, change = request.GET.get("q", "").split()[:5], request.GET.get("change", "")
    found = [row for row in found if all(w in row[1] for w in words) and change in ("", row[0].change.value)]
    if request.GET.get("export") == "xlsx":
        rows = ((one.number, named(CHANGES, one.change.value), sentence) for one, sentence in found)
        return spreadsheet("changes", (_("编号"), _("改动"), _("说明")), rows)
    query = request.GET.copy()
    query["export"] = "xlsx"
    shown = {
        "before": before, "after": after, "old_name": old_name, "new_name": new_name,
        "sides": [(str(e.number), e.title) for e in editions],
        "drafts": [(f"draft:{one.pk}", one.title) for one in drafts.drafts()[:PAGE]],
        "rows": [(one, sentence, named(CHANGES, one.change.value), KINDS[one.change.value]) for one, sentence in found[:PAGE]],
        "count": len(found), "more": len(found) > PAGE, "shown": PAGE,
        "changes": CHANGES.items(), "export": f"?{query.urlencode()}",
    }  # fmt: skip
    return render(request, "drafting/compare.html", shown)


def _side(asked: str) -> tuple[str, list[Columns]]:
    kind, _colon, number = asked.rpartition(":")
    if not number.isdecimal():
        raise Http404
    if kind == "draft":
        held = draft_or_404(int(number))
        return held.title, drafts.content_of(held)
    try:
        edition = drafts.edition_numbered(int(number))
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    return edition.title, drafts.articles_of(edition)
