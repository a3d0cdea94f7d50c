"""The ranking beside rulings: learned from a history, replaced whole, noted in the journal."""

from datetime import datetime

from django.db import transaction

from qianxian.journal import actions as journal


@transaction.atomic
def note_ranking(*, digest: str, records: int, source: str, actor: str, at: datetime) -> None:
    """Note that the ranking beside rulings was learned anew, and from what."""
    journal.record(
        at=at, actor=actor, verb="learn_ranking", subject=f"ranking:{digest[:16]}", records=records, source=source
    )
