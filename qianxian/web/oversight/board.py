"""清单体检: the register at a glance as a board of topics by bodies, and beside it all that its audit found."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.articles import Article
from qianxian.mandates.rules.audit import Finding, Kind, Severity
from qianxian.mandates.rules.board import Board, Row, Square, board
from qianxian.matters.queries import audits
from qianxian.register.rules import Kind as Body
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.public.words import BENEFITS, DUTIES, POWERS, SETTINGS, named
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import DEPARTMENT, STAFF, STREET, SUPERVISOR

PAGE, ARTICLES = 20, 200
LEAF = 6
Words = str | Promise
KINDS: dict[Kind, tuple[Words, Words]] = {
    Kind.GAP: (gettext_lazy("无主"), gettext_lazy("有的情形没有哪个单位主责")),
    Kind.CONTEST: (gettext_lazy("多头"), gettext_lazy("有的情形两家以上都主责，谁也压不过谁")),
    Kind.COMMITTEE_LEADS: (gettext_lazy("社区主责"), gettext_lazy("居（村）委会被写成主责，它只能协助")),
    Kind.DUTY_WITHOUT_POWER: (gettext_lazy("有责无权"), gettext_lazy("要它负责，却没有办这件事要用的权")),
    Kind.POWER_WITHOUT_DUTY: (gettext_lazy("有权无责"), gettext_lazy("握着这件事要用的权，却没有责任")),
    Kind.DUTY_WITHOUT_BENEFIT: (gettext_lazy("有责缺利"), gettext_lazy("事交给了街道、社区，钱和人没有下去")),
    Kind.CLAIMS_AND_SHIRKS: (gettext_lazy("争利推责"), gettext_lazy("拿着经费或荣誉，遇事却推或拖")),
    Kind.BROKEN_CHAIN: (gettext_lazy("断链"), gettext_lazy("有协助没主责，或者该协助的没列入")),
    Kind.NO_BASIS: (gettext_lazy("悬空"), gettext_lazy("依据的法律法规已经废止")),
    Kind.ASSIST_BECAME_LEAD: (gettext_lazy("协助变受命"), gettext_lazy("清单上只协助，实际上在主办")),
}
SEVERITIES: dict[Severity, tuple[Words, str, str]] = {
    Severity.STOPS: (gettext_lazy("必须改"), "over", "flag"),
    Severity.URGES: (gettext_lazy("应当改"), "soon", "alarm"),
    Severity.HINTS: (gettext_lazy("请留意"), "calm", "info"),
}
BODIES: dict[Body, Words] = {
    Body.GOVERNMENT: gettext_lazy("政府"),
    Body.CENTRE: gettext_lazy("热线"),
    Body.DEPARTMENT: gettext_lazy("部门"),
    Body.STREET: gettext_lazy("街道（镇）"),
    Body.COMMITTEE: gettext_lazy("社区（村）"),
    Body.ENTERPRISE: gettext_lazy("企业"),
    Body.PARTY: gettext_lazy("党委部门"),
    Body.MASS: gettext_lazy("群团"),
}
SHADES: dict[str, Words] = {
    "lead": gettext_lazy("主责"),
    "assist": gettext_lazy("协助"),
    "power": gettext_lazy("只握有权力"),
    "contested": gettext_lazy("多头"),
}


@dataclass(frozen=True)
class Source:
    """Which register is looked at: its articles with their audit, and where an article can be read."""

    title: str
    audited: audits.Audited
    address: Callable[[Article], str]
    asked_for: dict[str, str]


@for_roles(*STAFF)
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the board of the parts of a topic, or the articles of a leaf, and the findings that fit."""
    try:
        source = _source(request)
    except mandates.NothingInForce:
        return render(request, "oversight/board.html", {"unready": True}, status=503)
    found = _fitting(request, source.audited.findings)
    if asked(request, "export") == "xlsx":
        return _sheet(found, source)
    known, within = names.known(), asked(request, "within")
    within = within if within in known.topics.topics else ""
    after = asked(request, "after")
    start = int(after) if after.isdecimal() else 0
    drawn = board(source.audited.articles, source.audited.ground, source.audited.findings, within[: LEAF - 2])
    words = {
        "source": source, "within": within, "path": known.topics.path(within), "leaf": len(within) == LEAF,
        "rows": [_row(row, drawn, known, request) for row in drawn.rows if row.topic.code.startswith(within)],
        "columns": [(code, known.unit(code), code == asked(request, "body")) for code in drawn.bodies],
        "groups": _groups(drawn, source), "shades": SHADES.items(),
        "articles": [_article(a, source, known) for a in _on(source, within)[:ARTICLES]] if len(within) == LEAF else [],
        "kinds": _kinds(request, source.audited.findings), "severities": SEVERITIES.values(),
        "findings": [_finding(one, source, known, request) for one in found[start : start + PAGE]],
        "count": len(found), "shown_from": start + 1, "shown_to": min(start + PAGE, len(found)),
        "later": _with(request, after=str(start + PAGE)) if start + PAGE < len(found) else None,
        "earlier": _with(request, after=str(max(start - PAGE, 0))) if start else None,
        "export": _with(request, export="xlsx", after=""),
        "units": sorted(known.units().items(), key=lambda unit: unit[1]),
        "chosen": {name: asked(request, name) for name in ("kind", "body", "edition")},
        "top": _with(request, within="", after=""),
    }  # fmt: skip
    return render(request, "oversight/board.html", words)


def _source(request: HttpRequest) -> Source:
    """Return the register that the address asks for: an edition by number, else the one in force."""
    at, number = now(), asked(request, "edition")
    practice = audits.practice(actor_of(request).area, at)
    if number:
        edition = _edition(number)
        moment = _inside(edition, at)
        checked = audits.audited(edition.index, audits.ground_at(moment), practice)
    else:
        edition = mandates.in_force(at)
        checked = audits.in_force(at, practice)

    def address(article: Article) -> str:
        return reverse("article", args=[edition.edition, article.number])

    return Source(edition.title, checked, address, {"edition": number} if number else {})


def _edition(number: str) -> mandates.Register:
    try:
        return mandates.edition(int(number))
    except (ValueError, mandates.NothingInForce) as missing:
        raise Http404 from missing


def _inside(edition: mandates.Register, at: datetime) -> datetime:
    """Return the moment of an edition's time that is nearest to now."""
    if edition.period.end is not None and at >= edition.period.end:
        return max(edition.period.start, edition.period.end - edition.period.end.resolution)
    return max(at, edition.period.start)


def _fitting(request: HttpRequest, findings: Iterable[Finding]) -> list[Finding]:
    kind, body, within, words = (asked(request, name) for name in ("kind", "body", "within", "q"))
    return [
        finding for finding in findings
        if (not kind or finding.kind == kind)
        and (not body or body in finding.bodies)
        and (not within or any(topic.startswith(within) for topic in finding.topics))
        and all(piece in finding.sentence for piece in words.split())
    ]  # fmt: skip


def _row(row: Row, drawn: Board, known: names.Known, request: HttpRequest) -> dict[str, Any]:
    code, short = row.topic.code, row.topic.name
    squares = [
        (
            body,
            _square(row.squares[body], known.unit(body), short, body, code, request) if body in row.squares else None,
        )
        for body in drawn.bodies
    ]
    gaps = _with(request, within=code, kind=Kind.GAP.value, after="") + "#findings"
    contested = _with(request, within=code, kind=Kind.CONTEST.value, after="") + "#findings"
    return {
        "name": short, "href": _with(request, within=code, after=""), "leaves": row.leaves, "squares": squares,
        "gaps": len(row.gaps), "contested": len(row.contested), "gaps_href": gaps, "contested_href": contested,
        "leads": [s for _body, s in squares if s and s["leads"]],
        "others": [s for _body, s in squares if s and not s["leads"]],
    }  # fmt: skip


def _square(square: Square, unit: str, topic: str, body: str, code: str, request: HttpRequest) -> dict[str, Any]:
    said = [_("主责 %(count)s 类") % {"count": len(square.leads)}] if square.leads else []
    said += [_("协助 %(count)s 类") % {"count": len(square.assists)}] if square.assists else []
    powers = _("、").join(named(POWERS, power) for power in sorted(square.powers))
    said += [_("握有%(powers)s") % {"powers": powers}] if powers else []
    said += [_("其中 %(count)s 类有争议") % {"count": len(square.contested)}] if square.contested else []
    return {
        "unit": unit, "shade": square.shade, "leads": len(square.leads), "assists": len(square.assists),
        "said": _("，").join(said), "label": f"{unit} · {topic}：{_('，').join(said)}",
        "mark": len(square.leads) or "", "href": _with(request, within=code, body=body, after=""),
    }  # fmt: skip


def _groups(drawn: Board, source: Source) -> list[tuple[Words, int]]:
    bodies = source.audited.ground.bodies
    counts = Counter(bodies[code].kind if code in bodies else Body.MASS for code in drawn.bodies)
    return [(BODIES[kind], counts[kind]) for kind in Body if counts[kind]]


def _on(source: Source, leaf: str) -> list[Article]:
    on = [
        a
        for a in source.audited.articles
        if leaf.startswith(a.scope.topic) and source.audited.ground.at in a.scope.period
    ]
    return sorted(
        on, key=lambda article: (str(article.duty or "z") != "lead", str(article.duty or "z"), article.number)
    )


def _article(article: Article, source: Source, known: names.Known) -> dict[str, Any]:
    scope = article.scope
    return {
        "number": article.number, "href": source.address(article), "body": known.unit(article.body),
        "duty": named(DUTIES, article.duty.value) if article.duty else "",
        "powers": _("、").join(named(POWERS, power) for power in sorted(article.powers)),
        "benefits": _("、").join(named(BENEFITS, benefit) for benefit in sorted(article.benefits)),
        "place": known.place(scope.place), "setting": named(SETTINGS, scope.setting) if scope.setting else "",
        "basis": article.basis,
    }  # fmt: skip


def _kinds(request: HttpRequest, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    counts, chosen = Counter(finding.kind for finding in findings), asked(request, "kind")
    return [
        {"code": kind.value, "name": name, "means": means, "count": counts[kind], "current": kind == chosen,
         "href": _with(request, kind="" if kind == chosen else kind.value, after="") + "#findings"}
        for kind, (name, means) in KINDS.items()
    ]  # fmt: skip


def _finding(finding: Finding, source: Source, known: names.Known, request: HttpRequest) -> dict[str, Any]:
    words, kind, icon = SEVERITIES[finding.severity]
    witness = finding.witness
    asked_for = {"topic": witness.topic, "place": witness.place, "setting": witness.setting}
    behind = {"topic": witness.topic, "unit": finding.bodies[0]} if finding.matters else {}
    return {
        "name": KINDS[finding.kind][0], "severity": words, "mark": kind, "icon": icon,
        "sentence": finding.sentence, "remedy": finding.remedy,
        "articles": [(article.number, source.address(article)) for article in finding.articles],
        "topic": known.topic(witness.topic), "topic_href": _with(request, within=witness.topic, kind="", after=""),
        "more": len(finding.topics) - 1,
        "place": known.place(witness.place), "setting": named(SETTINGS, witness.setting) if witness.setting else "",
        "who": f"{reverse('who')}?{urlencode({key: value for key, value in asked_for.items() if value})}",
        "matters": finding.matters[:5] if _may_see(request) else (),
        "behind": f"{reverse('oversight_matters')}?{urlencode(behind)}" if behind and _may_see(request) else "",
    }  # fmt: skip


def _may_see(request: HttpRequest) -> bool:
    return actor_of(request).role in (STREET, SUPERVISOR, DEPARTMENT)


def _with(request: HttpRequest, **more: str) -> str:
    query = request.GET.copy()
    query.pop("export", None)
    for name, value in more.items():
        query[name] = value
    return "?" + urlencode({name: value for name, value in query.items() if value})


def _sheet(found: list[Finding], source: Source) -> HttpResponse:
    known = names.known()
    columns = (
        _("程度"), _("问题"), _("说明"), _("怎么改"), _("单位"), _("条目"), _("事项"), _("例：地点"), _("例：场所"), _("诉求"),
    )  # fmt: skip
    rows = (
        (
            SEVERITIES[one.severity][0], KINDS[one.kind][0], one.sentence, one.remedy,
            _("、").join(known.unit(body) for body in one.bodies), _("、").join(a.number for a in one.articles),
            _("、").join(known.topic(topic) for topic in one.topics), known.place(one.witness.place),
            named(SETTINGS, one.witness.setting) if one.witness.setting else "", " ".join(one.matters),
        )
        for one in found
    )  # fmt: skip
    return spreadsheet("register-audit", columns, rows)
