"""Who may do a deed to a matter."""

from collections.abc import Iterable
from enum import StrEnum

from qianxian.cadres.rules import SYSTEM, Actor, Role

from .intake import Holder


class Cause(StrEnum):
    """What a ruling settles."""

    OBJECTION = "objection"
    CONTESTED = "contested"
    SILENT = "silent"


class NotYours(Exception):
    """The deed is not this actor's to do; `whose` names who may."""

    def __init__(self, deed: str, whose: str):
        super().__init__(f"{deed}: {whose}")
        self.deed, self.whose = deed, whose


def must_own(actor: Actor, owner: Holder, deed: str) -> None:
    """
    Check that the actor belongs to the owning unit, or is the cadre who owns it in person.

    :raises NotYours: if not
    """
    if actor.unit != owner.unit and (owner.posting is None or actor.posting != owner.posting):
        raise NotYours(deed, owner.unit)


def must_be_of(actor: Actor, unit: str, deed: str) -> None:
    """
    Check that the actor belongs to the unit that was asked.

    :raises NotYours: if not
    """
    if actor.unit != unit:
        raise NotYours(deed, unit)


def must_oversee(actor: Actor, owner: Holder, answers_to: Holder, place: str, deed: str) -> None:
    """
    Check that the actor may decide over the owner: the unit or the cadre whom the owner answers to, or the supervisor.

    Nobody decides over what the own unit owns.

    :raises NotYours: if not
    """
    if actor == SYSTEM or (actor.role is Role.SUPERVISOR and actor.over(place)):
        return
    in_person = actor.posting is not None and actor.posting == answers_to.posting and owner.posting is None
    of_the_unit = actor.unit == answers_to.unit and actor.unit != owner.unit
    if not (in_person or of_the_unit) or not actor.over(place):
        raise NotYours(deed, answers_to.unit)


def must_adjudicate(
    actor: Actor, cause: Cause, owner: Holder, answers_to: Holder, place: str, to: str, rivals: Iterable[str]
) -> None:
    """
    Check that the actor may settle who answers.

    The supervisor settles anything. Whom the owner answers to settles an objection. The street that holds a
    contested matter for the time being may choose among the rivals, and no one else: where the register is silent
    a duty is made, and that is the supervisor's alone.

    :raises NotYours: if not
    """
    if actor.role is Role.SUPERVISOR and actor.over(place):
        return
    if cause is Cause.CONTESTED and actor.unit == owner.unit and actor.over(place) and to in set(rivals):
        return
    if cause is Cause.SILENT:
        raise NotYours("adjudicate", "supervisor")
    must_oversee(actor, owner, answers_to, place, "adjudicate")


def must_whistle(actor: Actor, owner: Holder, place: str) -> None:
    """
    Check that the actor may call units to the spot: the street of the place, or the cadre who answers for it.

    :raises NotYours: if not
    """
    street = actor.role is Role.STREET and actor.over(place)
    if not street and (owner.posting is None or actor.posting != owner.posting):
        raise NotYours("whistle", "street")


def must_convene(actor: Actor, owner: Holder, place: str, deed: str) -> None:
    """
    Check that the actor may consult on a hard case and dispatch it: the district that holds it, or its supervisor.

    :raises NotYours: if not
    """
    if actor.role is Role.SUPERVISOR and actor.over(place):
        return
    must_own(actor, owner, deed)
