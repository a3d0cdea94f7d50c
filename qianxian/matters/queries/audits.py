"""The register in force, audited with all that stands above it: who was sent down, and what really happened."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from qianxian.cadres import queries as cadres
from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.articles import Article, Case
from qianxian.mandates.rules.audit import Finding, audit, practised
from qianxian.mandates.rules.ground import Ground, Posted, Practice
from qianxian.register import queries as register

from ..models import Matter, Objection
from ..rules.life import WORKING
from ..rules.life import Ground as Why

LOOKED_BACK = timedelta(days=365)
WITNESSES = 20
WITHOUT_ARTICLE = [Why.SILENT.value, Why.CONTESTED.value, Why.RULING.value, Why.FOLLOW_UP.value]


@dataclass(frozen=True)
class Audited:
    """A register with the ground on which it was looked at, and all that was found."""

    articles: tuple[Article, ...]
    ground: Ground
    findings: tuple[Finding, ...]


def ground_at(at: datetime, *, until: datetime | None = None, known: dict[str, int] | None = None) -> Ground:
    """Return the world in which a register must answer, with every posting; what happened is left out."""
    revisions = register.revisions() if known is None else known
    posted = [Posted(p.unit, p.scope, p.powers, p.period) for p in cadres.postings(revisions)]
    return mandates.ground(at, postings=posted, until=until, known=revisions)


def audited(articles: Iterable[Article], ground: Ground, practice: Iterable[Practice] = ()) -> Audited:
    """Return what an audit finds in any articles, a draft's for one, and in what happened under them."""
    articles, practice = tuple(articles), tuple(practice)
    whole = replace(ground, practice=practice)
    return Audited(articles, whole, audit(articles, whole))


def in_force(at: datetime, practice: Iterable[Practice] = ()) -> Audited:
    """
    Return the audit of the register in force; without what happened it is kept until anything begins, ends or changes.

    :raises mandates.NothingInForce: if there is none
    """
    revisions = register.revisions()
    edition = mandates.in_force(at, revisions)
    kept = _kept.at(revisions)
    held = kept.get(edition.edition)
    if held is None or held.revisions != revisions or not held.since <= at < held.until:
        articles, ground = tuple(edition.index), ground_at(at, known=revisions)
        changes = sorted(_changes(articles, ground))
        later = next((change for change in changes if change > at), at + LOOKED_BACK)
        held = kept[edition.edition] = _Held(revisions, at, later, audited(articles, ground))
    practice = tuple(practice)
    if not practice:
        return held.audited
    ground = replace(held.audited.ground, practice=practice)
    found = (*held.audited.findings, *practised(held.audited.articles, ground))
    return Audited(held.audited.articles, ground, tuple(sorted(found, key=Finding.order)))


@dataclass(frozen=True)
class _Held:
    revisions: dict[str, int]
    since: datetime
    until: datetime
    audited: Audited


_kept = register.Kept[dict[int, _Held]]("mandates", dict)


def _changes(articles: Iterable[Article], ground: Ground) -> set[datetime]:
    periods = [article.scope.period for article in articles] + [posting.period for posting in ground.postings]
    return {end for period in periods for end in (period.start, period.end) if end}


def practice(area: str, at: datetime) -> list[Practice]:
    """Return what happened in the last year, for each topic and unit, with the latest matters that speak of it."""
    here = Q(topic__isnull=False, place__code__startswith=area, received_at__gt=at - LOOKED_BACK, merged_into=None)
    late = Q(resolved_at__gt=F("due_at")) | Q(stage__in=WORKING, due_at__lt=at, standing_still=False)
    led = Q(ground__in=WITHOUT_ARTICLE)
    owned = Matter.objects.filter(here, dispatched_at__isnull=False)
    counted = {
        (topic, unit): counts
        for topic, unit, *counts in owned.values_list("topic_id", "owner_id").annotate(
            all=Count("pk"), led=Count("pk", filter=led), late=Count("pk", filter=late)
        )
    }
    contended = _objections(area, at)
    witnesses = _witnesses(owned.filter(late | led | Q(objection__isnull=False)))
    return [
        _of(pair, counted.get(pair, [0, 0, 0]), contended.get(pair, (0, 0)), found) for pair, found in witnesses.items()
    ]


Pair = tuple[str, str]


def _of(pair: Pair, counts: list[int], contended: tuple[int, int], witnesses: list[Matter]) -> Practice:
    latest = witnesses[0]
    case = Case(pair[0], latest.place_id, latest.setting, latest.received_at)
    objected = sum(1 for matter in witnesses if matter.owner_id != pair[1])
    return Practice(
        *pair, case, counts[0] + objected, led=counts[1], objections=contended[0], lost=contended[1], late=counts[2],
        witnesses=tuple(matter.code for matter in witnesses[:WITNESSES]),
    )  # fmt: skip


def _objections(area: str, at: datetime) -> dict[Pair, tuple[int, int]]:
    made = Objection.objects.filter(
        matter__topic__isnull=False, matter__place__code__startswith=area, matter__received_at__gt=at - LOOKED_BACK
    )
    rows = made.values_list("matter__topic_id", "unit_id").annotate(
        made=Count("pk"), lost=Count("pk", filter=Q(upheld=False))
    )
    return {(topic, unit): (count, lost) for topic, unit, count, lost in rows}


def _witnesses(matters: QuerySet[Matter]) -> dict[Pair, list[Matter]]:
    """Return the matters that speak against somebody, by topic and unit: the owner, or the one that had objected."""
    found = defaultdict[Pair, list[Matter]](list)
    for matter in matters.select_related("objection").order_by("-received_at", "-pk"):
        objection = getattr(matter, "objection", None)
        for unit in {matter.owner_id, objection.unit_id if objection else matter.owner_id}:
            found[matter.topic_id or "", unit].append(matter)
    return found
