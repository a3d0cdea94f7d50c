"""What the register does by itself: every night it looks for duplicates and forgets who left long ago."""

from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate.contrib.django import app

from qianxian.cadres.queries import reaching_everything
from qianxian.register.actions import linking, privacy

if TYPE_CHECKING:
    from collections.abc import Iterable

NIGHTLY = ("person", "organisation")


@app.task(name="find_duplicates", queueing_lock="duplicates", pass_context=False)
def find_duplicates(*, entities: "Iterable[str]" = NIGHTLY) -> None:
    """Compare all records with each other; what is doubtful waits for a human in the morning."""
    with reaching_everything():
        for entity in entities:
            linking.find_duplicates(entity=entity, at=timezone.now())


@app.periodic(cron="23 2 * * *")
@app.task(name="register_by_night", queueing_lock="register_by_night", pass_context=False)
def by_night(timestamp: int) -> None:
    """Find duplicates, and erase what may no longer be kept."""
    with reaching_everything():
        for entity in NIGHTLY:
            linking.find_duplicates(entity=entity, at=timezone.now())
        privacy.forget(actor="system", at=timezone.now())
