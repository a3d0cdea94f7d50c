"""What every deed shares: the row is held, the change written, the entry recorded, in one transaction."""

import hashlib
import re
import secrets
from datetime import datetime
from typing import Any

from qianxian.cadres.rules import Actor
from qianxian.journal import actions as journal
from qianxian.kernel.worktime import BEIJING
from qianxian.register import queries as register
from qianxian.register.rules import Unknown

from ..models import Matter
from ..queries import reckon
from ..rules.intake import Holder
from ..rules.life import Stage, advance

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def hold(number: int) -> Matter:
    """Return the matter with its row locked until the transaction ends, so that two deeds never cross."""
    return Matter.objects.select_for_update().get(pk=number)


def note(matter: Matter, verb: str, actor: Actor, at: datetime, *, article: str = "", **details: Any) -> None:
    """Record a deed that leaves stage and owner as they are."""
    journal.record(
        at=at, actor=actor.name, unit=actor.unit, verb=verb, subject=f"matter:{matter.pk}", article=article, **details
    )


def write(matter: Matter, verb: str, actor: Actor, at: datetime, *, article: str = "", **changes: Any) -> Matter:
    """Change fields of a matter and record the deed; a change of stage or owner is told so that it can be replayed."""
    details = {name: told(value) for name, value in changes.items() if name in TOLD}
    details |= {name: changes.pop(name) for name in ("coordination", "agreed") if name in changes}
    if "owner" in changes:
        details["owner"], details["posting"] = changes["owner"].unit, changes["owner"].posting
        changes |= owning(changes.pop("owner"))
    if "stage" in changes:
        details["stage"] = int(advance(Stage(matter.stage), changes["stage"]))
    for name, value in changes.items():
        setattr(matter, name, value)
    matter.save(update_fields=list(changes))
    note(matter, verb, actor, at, article=article, **details)
    return matter


TOLD = frozenset({"due_at", "result", "ending", "exit", "solved", "satisfaction", "removed", "supervised", "ground"})


def told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def owning(owner: Holder) -> dict[str, Any]:
    """Return the columns that say who owns a matter."""
    kind = register.directory().organisations[owner.unit].kind
    return {"owner_id": owner.unit, "owner_kind": kind.value, "owner_posting_id": owner.posting}


def involving(matter: Matter, *units: str) -> list[str]:
    """Return the units that may look on, with these added."""
    return list(dict.fromkeys((*matter.involved, *units)))


def reckoned(matter: Matter, at: datetime) -> dict[str, Any]:
    """Return the columns of the deadline, reckoned anew from what is on record."""
    deadline = reckon(matter, at=at)
    return {
        "due_at": deadline.due,
        "contact_due_at": deadline.contact_due,
        "standing_still": deadline.standing_still,
        "calendar": deadline.calendar,
    }


def known_unit(unit: str) -> str:
    """
    Return the code of an organisation.

    :raises Unknown: if there is no such organisation
    """
    body = register.directory().organisations.get(unit)
    if body is None:
        raise Unknown(unit)
    return body.code


def tracking_code(at: datetime) -> str:
    """Return a code to follow a matter by: the date, and 40 bits that nobody can guess."""
    return f"{at.astimezone(BEIJING):%y%m%d}" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def fingerprint(words: str) -> str:
    """Return 32 characters that are equal for equal words, whatever the spaces and punctuation."""
    bare = re.sub(r"[\W_]+", "", words)
    return hashlib.blake2s(bare.encode(), digest_size=16).hexdigest()
