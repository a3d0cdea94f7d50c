"""What one matter's page shows: the matter, its parts, and what is on record for the rules to judge."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from qianxian.journal import queries as journal

from ..models import (
    Arrival,
    Attachment,
    Consultation,
    Coordination,
    Extension,
    Help,
    Matter,
    Objection,
    Pause,
    Plea,
    Requester,
    Ruling,
    Supervision,
    Whistle,
)
from ..rules.coordination import Way
from ..rules.deadlines import Deadline
from ..rules.life import Ground, Stage
from ..rules.possible import Asked, Called, Facts
from . import answered_to, matter_by_code, objection_due, owner_of, reckon

if TYPE_CHECKING:
    from qianxian.journal.models import Entry


@dataclass(frozen=True)
class MatterPage:
    """One matter with all that belongs to it, in the order in which it came about."""

    matter: Matter
    requester: Requester | None
    deadline: Deadline
    facts: Facts
    helps: list[Help]
    coordinations: list[Coordination]
    whistles: list[Whistle]
    extensions: list[Extension]
    pauses: list[Pause]
    objection: Objection | None
    ruling: Ruling | None
    consultation: Consultation | None
    supervisions: list[Supervision]
    pleas: list[Plea]
    attachments: list[Attachment]
    entries: "list[Entry]"
    followed_by: list[Matter]
    merged: list[Matter]
    parts: list[Matter]


def page_of(code: str, at: datetime) -> MatterPage:
    """
    Return one matter with all its parts.

    :raises Matter.DoesNotExist: if there is none within reach
    """
    matter = matter_by_code(code)
    parts = _parts_of(matter)
    return MatterPage(
        matter=matter,
        requester=getattr(matter, "requester", None),
        deadline=reckon(matter, at=at),
        facts=_facts(matter, parts),
        entries=list(journal.entries_of(f"matter:{matter.pk}")),
        pauses=list(matter.pauses.order_by("from_at")),
        attachments=list(matter.attachments.defer("content").order_by("at")),
        followed_by=list(matter.followed_by.all()),
        merged=list(matter.merged.all()[:20]),
        **vars(parts),
    )


def facts_of(matter: Matter) -> Facts:
    """Return what the rules need to say which deeds are possible."""
    return _facts(matter, _parts_of(matter))


@dataclass(frozen=True)
class _Parts:
    helps: list[Help]
    coordinations: list[Coordination]
    whistles: list[Whistle]
    extensions: list[Extension]
    objection: Objection | None
    ruling: Ruling | None
    consultation: Consultation | None
    supervisions: list[Supervision]
    pleas: list[Plea]
    parts: list[Matter]


def _parts_of(matter: Matter) -> _Parts:
    called = Prefetch("arrivals", queryset=Arrival.objects.order_by("id"))
    return _Parts(
        helps=list(matter.helps.order_by("asked_at", "id")),
        coordinations=list(matter.coordinations.order_by("asked_at", "id")),
        whistles=list(matter.whistles.order_by("blown_at").prefetch_related(called)),
        extensions=list(matter.extensions.order_by("asked_at")),
        objection=Objection.objects.filter(matter=matter).first(),
        ruling=Ruling.objects.filter(matter=matter).first(),
        consultation=Consultation.objects.filter(matter=matter).first(),
        supervisions=list(matter.supervisions.order_by("opened_at")),
        pleas=list(matter.pleas.order_by("asked_at")),
        parts=list(matter.parts.order_by("pk")),
    )


def _facts(matter: Matter, parts: _Parts) -> Facts:
    objection = parts.objection
    return Facts(
        stage=Stage(matter.stage),
        owner=owner_of(matter),
        answers_to=answered_to(matter),
        place=matter.place_id,
        ground=Ground(matter.ground),
        due_at=matter.due_at,
        objection_due=objection_due(matter),
        signed=matter.signed_at is not None,
        contacted=matter.contacted_at is not None,
        standing_still=matter.standing_still,
        objected=objection is not None,
        objection_open=objection is not None and objection.upheld is None,
        extension_asked=any(asked.granted is not False for asked in parts.extensions),
        extension_open=any(asked.decided_at is None for asked in parts.extensions),
        supervised=any(opened.answered_at is None for opened in parts.supervisions),
        parted=bool(matter.part_of_id or parts.parts),
        heard=parts.consultation is not None and parts.consultation.concluded_at is None,
        rivals=tuple(rival["body"] for rival in matter.answer.get("rivals", ())),
        helps=tuple((asked.pk, asked.unit_id) for asked in parts.helps if asked.answered_at is None),
        called=tuple(called for blown in parts.whistles for called in _called(blown)),
        whistles=tuple((blown.pk, blown.caller_id) for blown in parts.whistles if blown.closed_at is None),
        pleas=frozenset(plea.purpose for plea in parts.pleas),
        undecided=frozenset(plea.purpose for plea in parts.pleas if plea.decided_at is None),
        asked_above=tuple(
            Asked(asked.pk, asked.unit_id, asked.asker_id, Way(asked.way))
            for asked in parts.coordinations
            if asked.answered_at is None
        ),
    )


def _called(blown: Whistle) -> list[Called]:
    return [
        Called(
            arrival.pk,
            arrival.unit_id,
            blown.caller_id,
            arrived=arrival.arrived_at is not None,
            reported=bool(arrival.work) or blown.closed_at is not None,
            rated=arrival.unit_rated is not None,
        )
        for arrival in blown.arrivals.all()
    ]


def attachment_of(code: str, number: int) -> Attachment:
    """
    Return one attachment of a matter, with its content.

    :raises Attachment.DoesNotExist: if there is none within reach
    """
    return Attachment.objects.get(matter__code=code, pk=number)
