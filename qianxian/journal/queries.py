from collections.abc import Iterator

from django.db.models import QuerySet

from .models import Entry


def entries_of(subject: str) -> QuerySet[Entry]:
    """Return what was done to one subject, oldest first."""
    return Entry.objects.filter(subject=subject)


def entries_about(kind: str) -> Iterator[Entry]:
    """Yield what was done to every subject of a kind ('matter'), oldest first, in constant memory."""
    return Entry.objects.filter(subject__startswith=f"{kind}:").order_by("id").iterator(chunk_size=5000)


def entries_by_subject(kind: str) -> Iterator[Entry]:
    """Yield the same deeds subject by subject, those of each oldest first, in constant memory."""
    return Entry.objects.filter(subject__startswith=f"{kind}:").order_by("subject", "id").iterator(chunk_size=5000)
