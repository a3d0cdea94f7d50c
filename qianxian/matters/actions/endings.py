"""How a matter ends: resolved with evidence, rated, closed; supervised, terminated or merged on the way."""

from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import SYSTEM, Actor, Role
from qianxian.kernel.worktime import add_working_days

from ..models import Attachment, Callback, Matter, Plea, Supervision
from ..queries import answered_to, calendar, owner_of
from ..rules.authority import NotYours, must_oversee, must_own
from ..rules.intake import MatterKind
from ..rules.life import OPEN, WORKING, Ending, Result, Satisfaction, Stage, must_be
from .deeds import hold, note, write
from .work import AlreadyDone, NothingToDecide, Said, said

CAUSES_OF_SUPERVISION = ("refused", "late", "unsolved", "bad_effect")
GROUNDS_OF_REMOVAL = ("outside_law", "malicious", "withdrawn", "force_majeure", "historic", "wrong_dispatch")
GROUNDS_OF_TERMINATION = ("no_cooperation", "concluded_lawfully", "withdrawn", "impossible")
SUPERVISED_DAYS = 3


class RulingOutstanding(Exception):
    """A ruling is awaited: the matter is not resolved while it is in question who answers."""


@transaction.atomic
def resolve(number: int, *, result: Result, reply: str, evidence: str, actor: Actor, at: datetime) -> Matter:
    """
    Say what came of it, with evidence of the result in words, figures or papers; a photograph is never asked for.

    :raises NotYours, OutOfOrder, Said: if the reply or the evidence of a solution is empty
    :raises RulingOutstanding: if an objection awaits its ruling
    """
    matter = hold(number)
    must_own(actor, owner_of(matter), "resolve")
    must_be(Stage(matter.stage), WORKING, "resolve")
    if _awaits_ruling(matter):
        raise RulingOutstanding
    if result in (Result.SOLVED, Result.PARTLY):
        said(evidence, "evidence")
    matter.pauses.filter(to_at=None).update(to_at=at)
    return write(
        matter, "resolve", actor, at,
        stage=Stage.RESOLVED, result=result.value, reply=said(reply, "reply"), evidence=evidence.strip(),
        resolved_at=at, standing_still=False, next_alarm_at=None,
        signed_at=matter.signed_at or at,
    )  # fmt: skip


class OnlyQuestions(Exception):
    """The same answer for many is for questions; whoever complains or asks for help is answered one by one."""


@transaction.atomic
def answer_alike(number: int, *, reply: str, actor: Actor, at: datetime) -> Matter:
    """
    Answer a question in words that answer others too.

    :raises OnlyQuestions: if it is no question
    :raises NotYours, OutOfOrder, Said, RulingOutstanding: as `resolve` does
    """
    if hold(number).kind != MatterKind.CONSULT:
        raise OnlyQuestions
    return resolve(number, result=Result.EXPLAINED, reply=reply, evidence="", actor=actor, at=at)


def _awaits_ruling(matter: Matter) -> bool:
    objection = getattr(matter, "objection", None)
    return objection is not None and objection.upheld is None


@transaction.atomic
def attach(
    number: int, *, name: str, media_type: str, sha256: str, content: bytes, purpose: str, actor: Actor, at: datetime
) -> Attachment:
    """Keep a picture or paper with a matter."""
    matter = hold(number)
    kept = Attachment.objects.create(
        matter=matter, name=name, media_type=media_type, sha256=sha256, content=content, purpose=purpose, at=at
    )
    note(matter, "attach", actor, at, sha256=sha256, purpose=purpose)
    return kept


@transaction.atomic
def call_back(number: int, *, reached: bool, note_: str, actor: Actor, at: datetime) -> Callback:
    """
    Write down that the centre called the requester back (条例 23).

    :raises NotYours, OutOfOrder: if the matter is not yet resolved
    """
    matter = hold(number)
    _must_be_supervisor(actor, matter, "call_back")
    must_be(Stage(matter.stage), {Stage.RESOLVED}, "call_back")
    called = Callback.objects.create(matter=matter, at=at, reached=reached, note=note_.strip())
    note(matter, "call_back", actor, at, reached=reached)
    return called


@transaction.atomic
def rate(number: int, *, solved: bool, satisfaction: Satisfaction, comment: str, actor: Actor, at: datetime) -> Matter:
    """
    Let the requester say whether it is solved, and how satisfied they are.

    :raises OutOfOrder: if the matter is not resolved, or rated already
    """
    matter = hold(number)
    if satisfaction is Satisfaction.UNRATED:
        raise Said("satisfaction")
    return write(
        matter, "rate", actor, at,
        stage=Stage.RATED, solved=solved, satisfaction=satisfaction.value, comment=comment.strip(),
    )  # fmt: skip


@transaction.atomic
def close(number: int, *, actor: Actor, at: datetime) -> Matter:
    """
    Close a matter that was rated, or one whose requester has kept silent for the set time.

    :raises OutOfOrder: if it is not resolved
    """
    matter = hold(number)
    must_be(Stage(matter.stage), {Stage.RESOLVED, Stage.RATED}, "close")
    if matter.stage == Stage.RATED:
        return write(matter, "close", actor, at, stage=Stage.CLOSED, ending=Ending.RATED.value, closed_at=at)
    return write(
        matter, "close", actor, at,
        stage=Stage.CLOSED, ending=Ending.UNRATED.value, satisfaction=Satisfaction.UNRATED.value, closed_at=at,
    )  # fmt: skip


@transaction.atomic
def supervise(number: int, *, cause: str, note_: str, actor: Actor, at: datetime) -> Supervision:
    """
    Put a matter under supervision (督办): an answer is due within three working days (潍坊条例 26).

    :raises NotYours, OutOfOrder, Said, AlreadyDone: if it is under supervision
    """
    matter = hold(number)
    must_oversee(actor, owner_of(matter), answered_to(matter), matter.place_id, "supervise")
    must_be(Stage(matter.stage), OPEN, "supervise")
    if cause not in CAUSES_OF_SUPERVISION:
        raise Said("cause", "unknown")
    if matter.supervisions.filter(answered_at=None).exists():
        raise AlreadyDone("supervise")
    opened = Supervision.objects.create(
        matter=matter, cause=cause, note=said(note_, "note"), opened_at=at,
        due_at=add_working_days(calendar(), at, SUPERVISED_DAYS).due,
    )  # fmt: skip
    write(matter, "supervise", actor, at, supervised=True)
    return opened


@transaction.atomic
def answer_supervision(number: int, *, answer: str, actor: Actor, at: datetime) -> Supervision:
    """
    Answer, as the owner, what supervision asked.

    :raises NotYours, OutOfOrder, Said, NothingToDecide: if nothing is asked
    """
    matter = hold(number)
    must_own(actor, owner_of(matter), "answer_supervision")
    opened = matter.supervisions.filter(answered_at=None).first()
    if opened is None:
        raise NothingToDecide
    opened.answer, opened.answered_at = said(answer, "answer"), at
    opened.save(update_fields=["answer", "answered_at"])
    note(matter, "answer_supervision", actor, at)
    return opened


@transaction.atomic
def plead(number: int, *, purpose: str, ground: str, reason: str, actor: Actor, at: datetime) -> Plea:
    """
    Ask the hotline authority to terminate a matter, or to leave it out of the rates.

    :raises NotYours, OutOfOrder, Said, AlreadyDone: if it was asked before
    """
    matter = hold(number)
    must_own(actor, owner_of(matter), "plead")
    grounds = GROUNDS_OF_TERMINATION if purpose == "terminate" else GROUNDS_OF_REMOVAL
    if ground not in grounds:
        raise Said("ground", "unknown")
    if purpose == "terminate":
        must_be(Stage(matter.stage), WORKING, "plead")
    if matter.pleas.filter(purpose=purpose).exists():
        raise AlreadyDone("plead")
    plea = Plea.objects.create(
        matter=matter, purpose=purpose, ground=ground, reason=said(reason, "reason"), asked_at=at
    )
    note(matter, "plead", actor, at, purpose=purpose)
    return plea


@transaction.atomic
def decide_plea(number: int, *, purpose: str, granted: bool, decision: str, actor: Actor, at: datetime) -> Matter:
    """
    Grant or refuse what was pleaded for. A terminated matter is closed; a removed one stays and is counted apart.

    :raises NotYours, OutOfOrder, Said, NothingToDecide: if nothing was pleaded for
    """
    matter = hold(number)
    _must_be_supervisor(actor, matter, "decide_plea")
    plea = matter.pleas.filter(purpose=purpose, decided_at=None).first()
    if plea is None:
        raise NothingToDecide
    plea.granted, plea.decision, plea.decided_at = granted, said(decision, "decision"), at
    plea.save(update_fields=["granted", "decision", "decided_at"])
    if not granted:
        return write(matter, f"refuse_to_{purpose}", actor, at)
    if purpose == "remove":
        return write(matter, "remove", actor, at, removed=True)
    return write(
        matter, "terminate", actor, at,
        stage=Stage.CLOSED, ending=Ending.TERMINATED.value, closed_at=at, next_alarm_at=None, standing_still=False,
    )  # fmt: skip


@transaction.atomic
def merge(number: int, *, into: int, actor: Actor, at: datetime) -> Matter:
    """
    Close a matter as the duplicate of another in work; the link stays and the requester follows the other.

    :raises NotYours, OutOfOrder, Said: if they are one, or the other is itself merged
    """
    matter, other = hold(number), Matter.objects.get(pk=into)
    if actor.role not in (Role.STREET, Role.SUPERVISOR) or not actor.over(matter.place_id):
        must_own(actor, owner_of(matter), "merge")
    must_be(Stage(matter.stage), OPEN, "merge")
    if into == number or other.merged_into_id:
        raise Said("into", "same")
    return write(
        matter, "merge", actor, at,
        stage=Stage.CLOSED, ending=Ending.MERGED.value, merged_into_id=into, closed_at=at, next_alarm_at=None,
    )  # fmt: skip


def _must_be_supervisor(actor: Actor, matter: Matter, deed: str) -> None:
    if actor != SYSTEM and not (actor.role is Role.SUPERVISOR and actor.over(matter.place_id)):
        raise NotYours(deed, "supervisor")
