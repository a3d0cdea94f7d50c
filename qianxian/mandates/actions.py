from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from qianxian.journal import actions as journal
from qianxian.kernel.writing import write_rows

from .models import Article, Edition, Finding, Proposal, Topic


@transaction.atomic
def plant_topics(*, rows: Iterable[dict[str, Any]], actor: str, at: datetime) -> int:
    """Enter the topic tree, or bring it up to date; rows come with those above before those below."""
    entered = [Topic.objects.update_or_create(code=row["code"], defaults=row)[0] for row in rows]
    journal.record(at=at, actor=actor, verb="plant_topics", subject="topics", topics=len(entered))
    return len(entered)


@transaction.atomic
def publish(
    *, number: int, title: str, articles: Iterable[dict[str, Any]], in_force_from: datetime, actor: str, at: datetime
) -> Edition:
    """Put a whole edition in force from a moment; the one before it ends there. Nothing is published half."""
    Edition.objects.filter(in_force_to=None).update(in_force_to=in_force_from)
    edition = Edition.objects.create(
        number=number, title=title, in_force_from=in_force_from, published_by=actor, published_at=at
    )
    written = Article.objects.bulk_create(Article(edition=edition, **article) for article in articles)
    journal.record(at=at, actor=actor, verb="publish", subject=f"edition:{number}", articles=len(written))
    return edition


def open_findings(findings: Iterable[dict[str, Any]]) -> None:
    """Note where matters found the register silent or contested, in the transaction of the matters."""
    write_rows(connection, [Finding(**finding) for finding in findings])


def close_finding(*, witness: str, at: datetime) -> None:
    """Note that a ruling has settled what a matter had found."""
    Finding.objects.filter(witness=witness, closed_at=None).update(closed_at=at)


@transaction.atomic
def propose(*, ruling: str, article: dict[str, Any], reason: str, actor: str, at: datetime) -> Proposal:
    """Propose for the next edition what a ruling has settled."""
    proposal = Proposal.objects.create(ruling=ruling, reason=reason, proposed_at=at, **article)
    journal.record(at=at, actor=actor, verb="propose", subject=f"proposal:{proposal.pk}", ruling=ruling)
    return proposal


@transaction.atomic
def note_ranking(*, digest: str, records: int, source: str, actor: str, at: datetime) -> None:
    """Note that the ranking beside rulings was learned anew, and from what."""
    journal.record(
        at=at, actor=actor, verb="learn_ranking", subject=f"ranking:{digest[:16]}", records=records, source=source
    )
