"""The register in force, audited with all that stands above it: who was sent down, and what really happened."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

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
    late = Q(resolved_at__gt=F("due_at")) | Q(stage__in=WORKING, due_at__lt=at, standing_still=False)
    led = Q(ground__in=WITHOUT_ARTICLE)
    owned = Matter.objects.filter(
        topic__isnull=False, place__code__startswith=area, received_at__gt=at - LOOKED_BACK, merged_into=None,
        dispatched_at__isnull=False,
    )  # fmt: skip
    contended = Objection.objects.filter(
        matter__topic__isnull=False, matter__place__code__startswith=area, matter__received_at__gt=at - LOOKED_BACK
    )
    counted = {
        (topic, unit): counts
        for topic, unit, *counts in owned.values_list("topic_id", "owner_id").annotate(
            every=Count("pk"), led=Count("pk", filter=led), late=Count("pk", filter=late)
        )
    }
    objected = {
        (topic, unit): counts
        for topic, unit, *counts in contended.values_list("matter__topic_id", "unit_id").annotate(
            made=Count("pk"),
            lost=Count("pk", filter=Q(upheld=False)),
            gone=Count("pk", filter=~Q(matter__owner=F("unit"))),
        )
    }
    witnesses = defaultdict[Pair, list[Witness]](list)
    for row in (*_latest(owned.filter(late | led), "", "owner_id"), *_latest(contended, "matter__", "unit_id")):
        witnesses[row[0], row[1]].append(row[2:])
    return [
        _of(pair, counted.get(pair, [0, 0, 0]), objected.get(pair, [0, 0, 0]), sorted(found, reverse=True))
        for pair, found in witnesses.items()
    ]


Pair = tuple[str, str]
Witness = tuple[datetime, str, str, str]


def _latest(rows: QuerySet[Any], matter: str, unit: str) -> Iterable[tuple[Any, ...]]:
    """Return the latest matters of each topic and unit: topic, unit, when received, code, place, setting."""
    order = Window(
        RowNumber(), partition_by=[F(f"{matter}topic_id"), F(unit)], order_by=F(f"{matter}received_at").desc()
    )
    fields = (
        f"{matter}topic_id",
        unit,
        *(f"{matter}{name}" for name in ("received_at", "code", "place_id", "setting")),
    )
    found: Iterable[tuple[Any, ...]] = rows.annotate(nth=order).filter(nth__lte=WITNESSES).values_list(*fields)
    return found


def _of(pair: Pair, counts: list[int], objected: list[int], witnesses: list[Witness]) -> Practice:
    received_at, _code, place, setting = witnesses[0]
    return Practice(
        *pair, Case(pair[0], place, setting, received_at), counts[0] + objected[2], led=counts[1], late=counts[2],
        objections=objected[0], lost=objected[1],
        witnesses=tuple(dict.fromkeys(code for _at, code, *_where in witnesses))[:WITNESSES],
    )  # fmt: skip
