"""How far the sealing of a column under the newest key has come."""

from datetime import datetime

from ..models import Rotation


def rotation(generation: int, column: str) -> Rotation:
    """Return how far a column is, held until the transaction ends."""
    progress, _ = Rotation.objects.select_for_update().get_or_create(generation=generation, column=column)
    return progress


def keep_rotation(progress: Rotation, *, after: int, done_at: datetime | None) -> None:
    """Remember how far a column is, in the transaction that sealed its rows."""
    progress.after, progress.done_at = after, done_at
    progress.save()


def begin_anew(generation: int) -> None:
    """Look at every column again, for values that were written under an older key meanwhile."""
    Rotation.objects.filter(generation=generation).update(after=0, done_at=None)
