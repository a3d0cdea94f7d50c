"""清单体检: the register at a glance as a board of topics by bodies, and beside it all that its audit found."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianxian.mandates import queries as mandates
from qianxian.mandates.queries import drafts
from qianxian.mandates.rules.articles import Article
from qianxian.mandates.rules.audit import Finding, Ground, Kind, Severity
from qianxian.mandates.rules.board import Board, Column, Row, Square, board
from qianxian.mandates.rules.drafts import as_article
from qianxian.mandates.rules.ground import Practice
from qianxian.mandates.rules.saying_in_english import in_english
from qianxian.matters.queries import audits
from qianxian.register.rules import Kind as Body
from qianxian.web.acting import actor_of, now
from qianxian.web.oversight import names
from qianxian.web.oversight.asked import asked
from qianxian.web.oversight.sheets import spreadsheet
from qianxian.web.public.words import BENEFITS, DUTIES, POWERS, SETTINGS, named
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.navigation import STAFF, STREET, SUPERVISOR

PAGE, ARTICLES, COLUMNS = 20, 200, 31
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
    Body.SUPERIOR: gettext_lazy("驻区上级单位"),
}
FOLDED: dict[Body, Words] = {
    Body.DEPARTMENT: gettext_lazy("其他部门"),
    Body.STREET: gettext_lazy("各街道"),
    Body.COMMITTEE: gettext_lazy("各社区"),
    Body.ENTERPRISE: gettext_lazy("各企业"),
    Body.MASS: gettext_lazy("各群团"),
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

    @property
    def query(self) -> str:
        return urlencode(self.asked_for)

    @property
    def drawn_from(self) -> tuple[tuple[Article, ...], Ground, tuple[Finding, ...]]:
        return self.audited.articles, self.audited.ground, self.audited.findings


@for_roles(*STAFF)
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the board of the parts of a topic, or the articles of a leaf, and the findings that fit."""
    try:
        source = _source(request)
    except mandates.NothingInForce:
        return render(request, "oversight/board.html", {"unready": True}, status=503)
    of_all_kinds = _fitting(request, source.audited.findings)
    found = [one for one in of_all_kinds if asked(request, "kind") in ("", one.kind)]
    if asked(request, "export") == "xlsx":
        return _sheet(found, source)
    known, within = names.known(), asked(request, "within")
    within = within if within in known.topics.topics else ""
    after, may_list = asked(request, "after"), actor_of(request).role in (STREET, SUPERVISOR)
    start = int(after) if after.isdecimal() else 0
    whole = asked(request, "columns") == "all"
    drawn = board(*source.drawn_from, within, None if whole else COLUMNS)
    words = {
        "source": source, "within": within, "path": [(topic.name, _with(request, within=topic.code, after="")) for topic in known.topics.path(within)], "leaf": len(within) == LEAF,
        "rows": [_row(row, drawn, known, request) for row in drawn.rows],
        "columns": [(c, _column(c, known), asked(request, "body") in c.bodies) for c in drawn.columns],
        "groups": _groups(drawn), "shades": SHADES.items(), "whole": whole,
        "folded": any(column.folded for column in drawn.columns), "unfold": _with(request, columns="" if whole else "all"),
        "articles": [_article(a, source, known) for a in _on(source, within)[:ARTICLES]] if len(within) == LEAF else [],
        "kinds": _kinds(request, of_all_kinds), "severities": SEVERITIES.values(),
        "findings": [_finding(one, source, known, request, may_list=may_list) for one in found[start : start + PAGE]],
        "count": len(found), "shown_from": start + 1, "shown_to": min(start + PAGE, len(found)),
        "later": _with(request, after=str(start + PAGE)) if start + PAGE < len(found) else None,
        "earlier": _with(request, after=str(max(start - PAGE, 0))) if start else None,
        "export": _with(request, export="xlsx", after=""),
        "units": sorted(known.units().items(), key=lambda unit: unit[1]),
        "chosen": {name: asked(request, name) for name in ("kind", "body")},
        "top": _with(request, within="", after=""),
    }  # fmt: skip
    return render(request, "oversight/board.html", words)


def _source(request: HttpRequest) -> Source:
    """Return the register that the address asks for, by one of SOURCES, else the one in force."""
    at = now()
    practice = audits.practice(actor_of(request).area, at)
    for name, source in SOURCES.items():
        if number := asked(request, name):
            return source(number, practice)
    edition = mandates.in_force(at)
    return Source(edition.title, audits.in_force(at, practice), _article_of(edition), {})


def _of_edition(number: str, practice: list[Practice]) -> Source:
    edition = _edition(number)
    checked = audits.audited(edition.index, audits.ground_at(_inside(edition, now())), practice)
    return Source(edition.title, checked, _article_of(edition), {"edition": number})


def _of_draft(number: str, practice: list[Practice]) -> Source:
    """Return the register as it would be with a draft, for those who reach it."""
    try:
        held = drafts.draft(int(number))
    except (ValueError, ObjectDoesNotExist) as missing:
        raise Http404 from missing
    ground = audits.ground_at(drafts.moment_of(held, now()))
    checked = audits.audited(map(as_article, drafts.content_of(held)), ground, practice)
    line = reverse("register_line", args=[held.pk])
    return Source(held.title, checked, lambda article: f"{line}?article={quote(article.number)}", {"draft": number})


SOURCES: dict[str, Callable[[str, list[Practice]], Source]] = {"edition": _of_edition, "draft": _of_draft}
"""Registers other than the one in force, by the parameter of the address that names them."""


def _article_of(edition: mandates.Register) -> Callable[[Article], str]:
    return lambda article: reverse("article", args=[edition.edition, article.number])


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
    """Return the findings that fit all that the address asks for but the kind."""
    body, within, words = (asked(request, name) for name in ("body", "within", "q"))
    return [
        finding for finding in findings
        if (not body or body in finding.bodies)
        and (not within or any(topic.startswith(within) for topic in finding.topics))
        and all(piece in finding.sentence for piece in words.split())
    ]  # fmt: skip


def _row(row: Row, drawn: Board, known: names.Known, request: HttpRequest) -> dict[str, Any]:
    code, short = row.topic.code, row.topic.name
    squares = [
        (column, _square(row.squares[column.code], column, known, row, request) if column.code in row.squares else None)
        for column in drawn.columns
    ]
    gaps = _with(request, within=code, kind=Kind.GAP.value, after="") + "#findings"
    contested = _with(request, within=code, kind=Kind.CONTEST.value, after="") + "#findings"
    return {
        "name": short, "href": _with(request, within=code, after=""), "leaves": row.leaves, "squares": squares,
        "gaps": len(row.gaps), "contested": len(row.contested), "gaps_href": gaps, "contested_href": contested,
        "leads": [s for _column, s in squares if s and s["leads"]],
        "others": [s for _column, s in squares if s and not s["leads"]],
    }  # fmt: skip


def _square(square: Square, column: Column, known: names.Known, row: Row, request: HttpRequest) -> dict[str, Any]:
    unit, body = _column(column, known), "" if column.folded else column.code
    said = [_("主责 %(count)s 类") % {"count": len(square.leads)}] if square.leads else []
    said += [_("协助 %(count)s 类") % {"count": len(square.assists)}] if square.assists else []
    powers = _("、").join(named(POWERS, power) for power in sorted(square.powers))
    said += [_("握有%(powers)s") % {"powers": powers}] if powers else []
    said += [_("其中 %(count)s 类有争议") % {"count": len(square.contested)}] if square.contested else []
    return {
        "unit": unit, "shade": square.shade, "leads": len(square.leads), "assists": len(square.assists),
        "said": _("，").join(said), "label": f"{unit} · {row.topic.name}：{_('，').join(said)}",
        "mark": len(square.leads) or "", "href": _with(request, within=row.topic.code, body=body, after=""),
    }  # fmt: skip


def _column(column: Column, known: names.Known) -> str:
    """Return the name of a column: of the body, or of the bodies that were folded into it."""
    if not column.folded:
        return known.unit(column.code)
    return str(FOLDED.get(column.kind, BODIES[column.kind]))


def _groups(drawn: Board) -> list[tuple[Words, int]]:
    counts = Counter(column.kind for column in drawn.columns)
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


def _finding(
    finding: Finding, source: Source, known: names.Known, request: HttpRequest, *, may_list: bool
) -> dict[str, Any]:
    words, kind, icon = SEVERITIES[finding.severity]
    witness, (sentence, remedy) = finding.witness, _said(finding, source)
    asked_for = {"topic": witness.topic, "place": witness.place, "setting": witness.setting}
    behind = {"topic": witness.topic, "unit": finding.bodies[0]} if finding.matters else {}
    return {
        "name": KINDS[finding.kind][0], "severity": words, "mark": kind, "icon": icon,
        "sentence": sentence, "remedy": remedy,
        "articles": [(article.number, source.address(article)) for article in finding.articles],
        "topic": known.topic(witness.topic), "topic_href": _with(request, within=witness.topic, kind="", after=""),
        "more": len(finding.topics) - 1,
        "place": known.place(witness.place), "setting": named(SETTINGS, witness.setting) if witness.setting else "",
        "who": f"{reverse('who')}?{urlencode({key: value for key, value in asked_for.items() if value})}",
        "matters": finding.matters[:5],
        "behind": f"{reverse('oversight_matters')}?{urlencode(behind)}" if behind and may_list else "",
    }  # fmt: skip


def _said(finding: Finding, source: Source) -> tuple[str, str]:
    """Return the two sentences of a finding in the reader's language."""
    if (get_language() or "zh").startswith("zh"):
        return finding.sentence, finding.remedy
    settings, powers = ({code: str(name) for code, name in words.items()} for words in (SETTINGS, POWERS))
    return in_english(finding, source.audited.ground, settings, powers)


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
            SEVERITIES[one.severity][0], KINDS[one.kind][0], *_said(one, source),
            _("、").join(known.unit(body) for body in one.bodies), _("、").join(a.number for a in one.articles),
            _("、").join(known.topic(topic) for topic in one.topics), known.place(one.witness.place),
            named(SETTINGS, one.witness.setting) if one.witness.setting else "", " ".join(one.matters),
        )
        for one in found
    )  # fmt: skip
    return spreadsheet("register-audit", columns, rows)
