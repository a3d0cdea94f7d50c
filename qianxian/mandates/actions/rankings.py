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


@transaction.atomic
def note_reader(*, digest: str, rows: int, actor: str, at: datetime) -> None:
    """Note that another reader of words is in use, and what it was trained on; without a digest, that none is."""
    verb = "use_reader" if digest else "drop_reader"
    journal.record(at=at, actor=actor, verb=verb, subject=f"reader:{digest[:16] or 'none'}", records=rows)
