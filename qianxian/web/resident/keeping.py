"""What a session remembers of the matters that were opened in it, and the files that come with them."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from qianxian.cadres.rules import RESIDENT
from qianxian.matters import actions as matters

if TYPE_CHECKING:
    from qianxian.matters.models import Matter

KNOWN, MOST_KNOWN = "known_codes", 30


def know(request: HttpRequest, code: str) -> None:
    """Remember a code that led to a matter, so that opening it again is not counted as guessing."""
    if not known(request, code):
        request.session[KNOWN] = [code, *request.session.get(KNOWN, [])][:MOST_KNOWN]


def known(request: HttpRequest, code: str) -> bool:
    return code in request.session.get(KNOWN, [])


def attach_all(matter: "Matter", files: Iterable[Any], *, at: datetime) -> None:
    """Keep files with a matter; one that is there already is not kept twice."""
    held = set(matter.attachments.values_list("sha256", flat=True))
    for file in files:
        content = file.read()
        digest = hashlib.sha256(content).hexdigest()
        if digest not in held:
            held.add(digest)
            attach(matter, file.name, file.content_type, content, at=at)


def attach(matter: "Matter", name: str, media_type: str, content: bytes, *, at: datetime) -> None:
    matters.attach(
        matter.pk, name=name[-120:], media_type=media_type, sha256=hashlib.sha256(content).hexdigest(),
        content=content, purpose="demand", actor=RESIDENT, at=at,
    )  # fmt: skip
