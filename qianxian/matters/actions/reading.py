"""Reading who asked: for a stated purpose, and never without an entry."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import Actor

from ..models import Requester
from ..queries.page import facts_of
from ..rules.authority import NotYours
from ..rules.possible import may_read_requester
from .deeds import hold, note
from .intake import seal
from .work import Said, said

PURPOSES = ("contact", "visit", "verify", "deliver", "rescue")
"""To call back, to come by, to check facts, to deliver a reply, to save life or property (PIPL 13, 28)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asked, in clear."""

    name: str
    phone: str


class NobodyNamed(Exception):
    """The demand came without name and telephone number."""


@transaction.atomic
def read_requester(number: int, *, purpose: str, words: str, actor: Actor, at: datetime) -> Identity:
    """
    Open name and telephone number for a stated purpose; the journal keeps purpose and reader, never what was read.

    :param words: what exactly for, in the reader's own words
    :raises NotYours, Said: if no purpose is stated
    :raises NobodyNamed: if the demand came without a name
    """
    matter = hold(number)
    if purpose not in PURPOSES:
        raise Said("purpose", "unknown")
    said(words, "purpose")
    held = Requester.objects.filter(matter=matter).first()
    if held is None:
        raise NobodyNamed
    if not may_read_requester(facts_of(matter), actor, confidential=held.confidential):
        raise NotYours("read_requester", matter.owner_id)
    note(matter, "read_requester", actor, at, purpose=purpose, words=words.strip()[:200])
    opened = seal()
    return Identity(opened.open(bytes(held.name_sealed)), opened.open(bytes(held.phone_sealed)))
