"""The certificates desk: what was issued, and whether a certificate that somebody holds is valid."""

from django.db.models import QuerySet

from ..models import Certificate


def issued_by(committee: str) -> QuerySet[Certificate]:
    """Return what a committee has issued, the newest first; names are masked."""
    return Certificate.objects.filter(committee=committee).order_by("-issued_at", "-pk")


def by_token(token: str) -> Certificate | None:
    """Return the certificate with a token, None where there is none; the connection must reach that token."""
    return Certificate.objects.select_related("committee").filter(token=token).first()
