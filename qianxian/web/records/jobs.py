"""What the register does by itself: every night it looks for duplicates and forgets who left long ago."""

from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate.contrib.django import app

from qianxian.cadres.queries import reaching_everything
from qianxian.register import queries as register
from qianxian.register.actions import linking, privacy
from qianxian.register.rules import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

NIGHTLY = ("person", "organisation")


def _compare(entities: "Iterable[str]") -> None:
    """Compare street by street, so that memory stays bounded; the same number is met across streets when it is entered."""
    for place in register.directory().places.values():
        for entity in entities if place.level is Level.STREET else ():
            linking.find_duplicates(entity=entity, area=place.code, at=timezone.now())


@app.task(name="find_duplicates", queueing_lock="duplicates", pass_context=False)
def find_duplicates(*, entities: "Iterable[str]" = NIGHTLY) -> None:
    """Compare the records of each street; what is doubtful waits for a human in the morning."""
    with reaching_everything():
        _compare(entities)


@app.periodic(cron="23 2 * * *")
@app.task(name="register_by_night", queueing_lock="register_by_night", pass_context=False)
def by_night(timestamp: int) -> None:
    """Find duplicates, and erase what may no longer be kept."""
    with reaching_everything():
        _compare(NIGHTLY)
        privacy.forget(actor="system", at=timezone.now())
