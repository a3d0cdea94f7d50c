"""What communities say of a request, and the decision of the joint table."""

from datetime import datetime

from django.db import transaction

from qianxian.cadres.rules import SYSTEM, Actor
from qianxian.matters.actions.work import AlreadyDone, Said, said
from qianxian.matters.rules.authority import NotYours

from ..models import Entrance, Errand, Verdict
from ..queries import gate as reads
from ..rules.gate import LASTING, Finding, blocks, checked
from ..rules.life import Opinion, Stage, must_be
from .deeds import hold, lock_communities, must_be_of, note, write
from .meetings import call


class StillBeingHeard(Exception):
    """The communities have time to speak until `until`; that cannot be skipped."""

    def __init__(self, until: datetime):
        super().__init__(until.isoformat())
        self.until = until


@transaction.atomic
def give_opinion(number: int, *, place: str, opinion: Opinion, words: str, actor: Actor, at: datetime) -> Entrance:
    """
    Say for a community what it thinks of a request; it may say it anew until the period is over or all have spoken.

    :param words: why, or on which conditions; needed unless it agrees
    :raises NotYours: if another committee is asked, or it would not enter that community
    :raises NotAtThisStage: if the hearing is over
    :raises Said: if the reason is missing, or silence is chosen: only the system notes it
    """
    errand = hold(number)
    must_be(Stage(errand.stage), {Stage.FILED}, "give_opinion")
    entrance = Entrance.objects.filter(errand=errand, place_id=place).first()
    if entrance is None:
        raise NotYours("give_opinion", place)
    must_be_of(actor, entrance.committee_id, "give_opinion")
    if opinion is Opinion.SILENT:
        raise Said("opinion", "unknown")
    if opinion is not Opinion.AGREE:
        said(words, "words")
    if at >= entrance.due_at:
        must_be(Stage.HEARD, {Stage.FILED}, "give_opinion")
    entrance.opinion, entrance.words, entrance.given_at = opinion.value, words.strip(), at
    entrance.save(update_fields=["opinion", "words", "given_at"])
    if Entrance.objects.filter(errand=errand, opinion="").exists():
        note(errand, "give_opinion", actor, at, place=place, opinion=opinion.value)
    else:
        write(errand, "give_opinion", actor, at, stage=Stage.HEARD, heard_at=at)
    return entrance


def hearings_to_close(at: datetime) -> list[int]:
    """Return the requests whose communities have had their time."""
    return list(
        Errand.objects.filter(stage=Stage.FILED, opinions_due_at__lte=at)
        .order_by("opinions_due_at")
        .values_list("pk", flat=True)[:200]
    )


@transaction.atomic
def close_hearing(number: int, *, at: datetime) -> Errand:
    """
    End a hearing whose period is over; whoever has said nothing is noted as silent, which is no consent.

    :raises NotAtThisStage: if it is over already
    :raises StillBeingHeard: if the period runs
    """
    errand = hold(number)
    must_be(Stage(errand.stage), {Stage.FILED}, "close_hearing")
    if errand.opinions_due_at is None or at < errand.opinions_due_at:
        raise StillBeingHeard(errand.opinions_due_at or at)
    Entrance.objects.filter(errand=errand, opinion="").update(opinion=Opinion.SILENT.value, given_at=at)
    return write(errand, "close_hearing", SYSTEM, at, stage=Stage.HEARD, heard_at=at)


@transaction.atomic
def decide(number: int, *, admitted: bool, reason: str, conditions: str = "", actor: Actor, at: datetime) -> Errand:
    """
    Speak for one unit of the joint table. It enters only when all agree; one that does not is enough to refuse it.

    :raises NotYours: if the unit is not at the table
    :raises StillBeingHeard: if the communities have not been heard
    :raises NotAtThisStage: if it is decided
    :raises AlreadyDone: if this unit has spoken
    :raises Said: if the reason is missing
    :raises NoLongerFits: if others have entered since, so that a ceiling would be passed
    """
    errand = hold(number)
    if errand.stage == Stage.FILED and errand.opinions_due_at:
        raise StillBeingHeard(errand.opinions_due_at)
    must_be(Stage(errand.stage), {Stage.HEARD}, "decide")
    table = {verdict.unit_id: verdict for verdict in errand.verdicts.all()}
    must_be_of(actor, list(table), "decide")
    verdict = table[actor.unit]
    if verdict.made_at:
        raise AlreadyDone("decide")
    verdict.admitted, verdict.reason, verdict.conditions = admitted, said(reason, "reason"), conditions.strip()
    verdict.made_at = at
    verdict.save(update_fields=["admitted", "reason", "conditions", "made_at"])
    waiting = Verdict.objects.filter(errand=errand, made_at=None).exists()
    if admitted and waiting:
        note(errand, "decide_errand", actor, at, admitted=True)
        return errand
    return _concluded(errand, admitted, actor, at)


class NoLongerFits(Exception):
    """Since it was filed others have entered: `finding` says what stands against it now; it can only be refused."""

    def __init__(self, finding: Finding):
        super().__init__(finding.code)
        self.finding = finding


def _must_still_fit(errand: Errand, at: datetime) -> None:
    lock_communities(errand.places)
    found = blocks(checked(reads.as_request(errand), reads.known_for(errand, at), at))
    against = next((finding for finding in found if finding.check in LASTING), None)
    if against:
        raise NoLongerFits(against)


def _concluded(errand: Errand, admitted: bool, actor: Actor, at: datetime) -> Errand:
    """Publish the decision: the reasons and conditions of all who have spoken, each under its unit."""
    if admitted:
        _must_still_fit(errand, at)
    spoken = errand.verdicts.exclude(made_at=None).select_related("unit").order_by("made_at", "pk")
    decisive = [verdict for verdict in spoken if verdict.admitted == admitted]
    reason = "\n".join(f"{verdict.unit.short}：{verdict.reason}" for verdict in decisive)
    conditions = "\n".join(f"{verdict.unit.short}：{verdict.conditions}" for verdict in spoken if verdict.conditions)
    stage = Stage.ADMITTED if admitted else Stage.REFUSED
    write(errand, "decide_errand", actor, at, stage=stage, decided_at=at, reason=reason, conditions=conditions)
    if admitted and errand.starts_at and errand.starts_at > at:
        call(errand, errand.starts_at)
    return errand
