from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from qianxian.journal import actions as journal
from qianxian.kernel.writing import write_rows

from ..models import Article, Crosswalk, Edition, Finding, Proposal, Topic
from ..rules.answering import Index, Outcome, answerable
from ..rules.articles import Case
from ..rules.crosswalks import Crossing


@transaction.atomic
def plant_topics(*, rows: Iterable[dict[str, Any]], actor: str, at: datetime) -> int:
    """Enter the topic tree, or bring it up to date; rows come with those above before those below."""
    entered = [Topic.objects.update_or_create(code=row["code"], defaults=row)[0] for row in rows]
    journal.record(at=at, actor=actor, verb="plant_topics", subject="topics", topics=len(entered))
    return len(entered)


@transaction.atomic
def plant_crosswalk(*, catalogue: str, version: str, crossings: Iterable[Crossing], actor: str, at: datetime) -> int:
    """Enter how the classes of another catalogue lie to our topics, in place of what was held of that version."""
    Crosswalk.objects.filter(catalogue=catalogue, version=version).delete()
    entered = Crosswalk.objects.bulk_create(
        Crosswalk(
            catalogue=catalogue,
            version=version,
            code=one.code,
            name=one.name,
            topic_id=one.topic,
            match=one.match.value,
        )
        for one in crossings
    )
    journal.record(
        at=at, actor=actor, verb="plant_crosswalk", subject=f"crosswalk:{catalogue}"[:64], classes=len(entered)
    )
    return len(entered)


@transaction.atomic
def publish(
    *,
    number: int,
    title: str,
    articles: Iterable[Mapping[str, Any]],
    in_force_from: datetime,
    actor: str,
    at: datetime,
    restores: int | None = None,
) -> Edition:
    """
    Put a whole edition in force from a moment; the one before it ends there. Nothing is published half.

    Findings that the edition settles are closed by it.

    :param restores: the number of the edition whose articles come back, where that is what it does
    """
    Edition.objects.filter(in_force_to=None).update(in_force_to=in_force_from)
    edition = Edition.objects.create(
        number=number, title=title, in_force_from=in_force_from, published_by=actor, published_at=at, restores=restores
    )
    written = Article.objects.bulk_create(Article(edition=edition, **article) for article in articles)
    settled = _close_settled(edition, written, at)
    journal.record(
        at=at, actor=actor, verb="publish", subject=f"edition:{number}", articles=len(written), settled=settled,
        restores=restores,
    )  # fmt: skip
    return edition


def _close_settled(edition: Edition, written: Iterable[Article], at: datetime) -> int:
    """Close the findings on whose case the new edition has one answer; return how many."""
    waiting = Finding.objects.filter(closed_at=None).exclude(topic=None)
    if not waiting.exists():
        return 0
    index = Index(article.as_rule() for article in written)
    settled = [finding.pk for finding in waiting if _settles(index, finding, edition.in_force_from)]
    return Finding.objects.filter(pk__in=settled).update(closed_at=at, closed_by=f"edition:{edition.number}")


def _settles(index: Index, finding: Finding, at: datetime) -> bool:
    case = Case(finding.topic_id or "", finding.place_id, finding.setting, at)
    return answerable(index, case).outcome is Outcome.DECIDED


def open_findings(findings: Iterable[dict[str, Any]]) -> None:
    """Note where matters found the register silent or contested, in the transaction of the matters."""
    write_rows(connection, [Finding(**finding) for finding in findings])


def close_finding(*, witness: str, at: datetime) -> None:
    """Note that a ruling has settled what a matter had found."""
    Finding.objects.filter(witness=witness, closed_at=None).update(closed_at=at, closed_by="ruling")


@transaction.atomic
def propose(*, ruling: str, article: dict[str, Any], reason: str, actor: str, at: datetime) -> Proposal:
    """Propose for the next edition what a ruling has settled."""
    proposal = Proposal.objects.create(ruling=ruling, reason=reason, proposed_at=at, **article)
    journal.record(at=at, actor=actor, verb="propose", subject=f"proposal:{proposal.pk}", ruling=ruling)
    return proposal
