"""Who acts, and when: what a view hands down to a deed."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from qianxian.cadres import queries as cadres
from qianxian.cadres.rules import RESIDENT, Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return the member of staff who is signed in, else a resident."""
    return cadres.acting(request.user, now()) if request.user.is_authenticated else RESIDENT


def now() -> datetime:
    """Return the moment at which a request is answered: the only clock of the web."""
    return timezone.now()
