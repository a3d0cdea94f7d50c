"""What the owner does: sign, contact the requester, let the clock stand still for a cause, ask for more time."""

from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import SYSTEM, Actor

from ..models import Extension, Matter, Pause
from ..queries import answered_to, calendar, limits_of, owner_of, pause_causes
from ..rules.authority import must_oversee, must_own
from ..rules.deadlines import counted_pause, may_pause
from ..rules.life import WORKING, Stage, must_be
from .deeds import hold, note, reckoned, write


class Said(ValueError):
    """Something that must be said was left empty, or is not as it must be: `field` and a `code`."""

    def __init__(self, field: str, code: str = "empty"):
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


def said(text: str, field: str) -> str:
    """
    Return words without the space around them.

    :raises Said: if nothing is left
    """
    if not text.strip():
        raise Said(field)
    return text.strip()


class TooLate(Exception):
    """An extension is asked before the deadline passes, not after."""


class AlreadyDone(Exception):
    """The deed was done before: `deed`."""

    def __init__(self, deed: str):
        super().__init__(deed)
        self.deed = deed


class NothingToDecide(Exception):
    """Nothing was asked for, or it was decided already."""


@transaction.atomic
def sign(number: int, *, actor: Actor, at: datetime) -> Matter:
    """
    Take note of a matter. The clock has run since dispatch, whether or not anybody signs.

    :raises NotYours, OutOfOrder, AlreadyDone: if signed before
    """
    matter = _of_owner(number, actor, "sign")
    if matter.signed_at:
        raise AlreadyDone("sign")
    return write(matter, "sign", actor, at, signed_at=at)


@transaction.atomic
def contact(number: int, *, how: str, note_: str, actor: Actor, at: datetime) -> Matter:
    """
    Write down that the requester was spoken to; the first time counts for the response rate, and signs as well.

    :param how: phone, visit, message
    :raises NotYours, OutOfOrder, Said: if nothing is noted
    """
    matter = _of_owner(number, actor, "contact")
    said(note_, "note")
    first = matter.contacted_at or at
    return write(matter, "contact", actor, at, contacted_at=first, signed_at=matter.signed_at or at)


@transaction.atomic
def pause(number: int, *, cause: str, note_: str, actor: Actor, at: datetime) -> Matter:
    """
    Let the clock stand still for a recorded cause, at most for the longest time of that cause.

    :raises NotYours, OutOfOrder, Said, AlreadyDone: if it stands still already
    :raises NoCause: if no such cause is in force
    """
    matter = _of_owner(number, actor, "pause")
    known = may_pause(pause_causes(), cause, at)
    if matter.standing_still:
        raise AlreadyDone("pause")
    Pause.objects.create(matter=matter, cause=cause, note=said(note_, "note"), from_at=at)
    longest = counted_pause(known, at, None, calendar()).end
    clock = reckoned(matter, at) | {"standing_still": True, "next_alarm_at": longest}
    return write(matter, "pause", actor, at, article=known.source, **clock)


@transaction.atomic
def resume(number: int, *, actor: Actor, at: datetime) -> Matter:
    """
    Let the clock run on.

    :raises NotYours, OutOfOrder, NothingToDecide: if it is running
    """
    matter = _of_owner(number, actor, "resume")
    if not Pause.objects.filter(matter=matter, to_at=None).update(to_at=at):
        raise NothingToDecide
    return write(matter, "resume", actor, at, **reckoned(matter, at), next_alarm_at=at)


@transaction.atomic
def ask_extension(number: int, *, amount: int, reason: str, actor: Actor, at: datetime) -> Extension:
    """
    Ask for more time, before expiry, in the unit of the matter's limit; at most as much again, and granted once.

    :raises NotYours, OutOfOrder, Said, TooLate: if the deadline has passed
    :raises AlreadyDone: if an extension is asked or granted already
    """
    matter = _of_owner(number, actor, "ask_extension")
    if at >= matter.due_at:
        raise TooLate
    if not 0 < amount <= limits_of(matter).limit.amount:
        raise Said("amount", "out_of_range")
    if matter.extensions.exclude(granted=False).exists():
        raise AlreadyDone("ask_extension")
    extension = Extension.objects.create(matter=matter, amount=amount, reason=said(reason, "reason"), asked_at=at)
    note(matter, "ask_extension", actor, at, amount=amount)
    return extension


@transaction.atomic
def decide_extension(number: int, *, granted: bool, told: str, actor: Actor, at: datetime) -> Matter:
    """
    Grant or refuse more time; the requester is told in these words.

    :raises NotYours, OutOfOrder, Said, NothingToDecide: if nothing is asked
    """
    matter = hold(number)
    must_be(Stage(matter.stage), WORKING, "decide_extension")
    must_oversee(actor, owner_of(matter), answered_to(matter), matter.place_id, "decide_extension")
    asked = matter.extensions.filter(decided_at=None).first()
    if asked is None:
        raise NothingToDecide
    asked.granted, asked.decided_at, asked.told = granted, at, said(told, "told")
    asked.save(update_fields=["granted", "decided_at", "told"])
    return write(matter, "grant_extension" if granted else "refuse_extension", actor, at, **reckoned(matter, at))


@transaction.atomic
def move_deadline(number: int, *, actor: Actor, at: datetime) -> Matter:
    """
    Reckon a running deadline anew after a notice of the State Council; that of a closed matter stays.

    :raises OutOfOrder: if the matter is no longer in work
    """
    matter = hold(number)
    must_be(Stage(matter.stage), WORKING, "move_deadline")
    clock = reckoned(matter, at)
    return write(matter, "move_deadline", actor, at, article=clock["calendar"], **clock, next_alarm_at=at)


def _of_owner(number: int, actor: Actor, deed: str) -> Matter:
    matter = hold(number)
    if actor != SYSTEM:
        must_own(actor, owner_of(matter), deed)
    must_be(Stage(matter.stage), WORKING, deed)
    return matter
