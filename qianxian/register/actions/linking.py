"""Duplicates: found by scores, linked at once above the upper bound, else decided by a human, and undone exactly."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from qianxian.journal import actions as journal
from qianxian.kernel.lazily import lazily

from ..models import Bound, Link, Origin, Receipt, Record, Statement, Tie
from ..queries.records import opened
from .records import refresh

if TYPE_CHECKING:
    from ..linkage import engine, model, rosters
else:
    engine = lazily("qianxian.register.linkage.engine")
    model = lazily("qianxian.register.linkage.model")
    rosters = lazily("qianxian.register.linkage.rosters")

SYSTEM = "system"
MOVED: tuple[tuple[str, Any], ...] = (("statement", Statement), ("receipt", Receipt), ("origin", Origin))


class NotWaiting(Exception):
    """This pair was decided before."""


class NothingToUndo(Exception):
    """This pair is not decided, or its records have been merged further since."""


def bounds(at: datetime) -> Bound:
    """Return the bounds in force at a moment."""
    return Bound.objects.filter(valid_from__lte=at).latest("valid_from")


def find_duplicates(
    *, entity: str = "person", area: str = "", at: datetime, follow: Callable[[str], None] = lambda step: None
) -> dict[str, int]:
    """
    Compare all records of an area, link what is sure and queue what is doubtful; returns how many of each.

    Pairs that were compared before are left as they were decided.
    """
    held = Record.objects.filter(entity=entity, merged_into=None, ended_at=None, place__code__startswith=area)
    records = list(held.order_by("pk"))
    if len(records) < 2:
        return {"linked": 0, "queued": 0, "known": 0}
    follow("spell")
    found = _spelled(records)
    follow("compare")
    bound = bounds(at)
    linked = engine.link(found.records, found.held, least=bound.lower)
    return keep_pairs(records, linked.pairs, bound, at=at)


def _spelled(records: Sequence[Record]) -> Any:
    """Spell records as a roster, by the names of the standard's elements."""
    said = [opened(record) for record in records]
    codes = sorted({code for one in said for code in one if code in COMPARED})
    rows = [tuple(one[code][0] if code in one else "" for code in codes) for one in said]
    return rosters.spelled([rosters.roster("register", [COMPARED[code] for code in codes], rows)])


COMPARED = {
    "person.name": "姓名", "person.birth_date": "出生日期", "person.citizen_number": "公民身份号码", "person.phone": "手机号",
    "person.living_address": "地址", "person.sex": "性别", "person.email": "邮箱", "organisation.name": "单位名称",
    "organisation.credit_code": "统一社会信用代码", "organisation.legal_person": "法定代表人", "organisation.address": "地址",
}  # fmt: skip


def keep_pairs(records: Sequence[Record], pairs: Sequence[Any], bound: Bound, *, at: datetime) -> dict[str, int]:
    """
    Keep scored pairs: link those above the upper bound, queue the others.

    What was decided stays decided. What waits is scored anew, and waits no more where the two no longer look alike.
    """
    counted = {"linked": 0, "queued": 0, "known": 0}
    held = Link.objects.filter(left__in=records, right__in=records)
    states = {(link.left_id, link.right_id): link.state for link in held}
    stale = {pair for pair, state in states.items() if state == "queued"}
    for pair in pairs:
        left, right = sorted((records[pair.left].pk, records[pair.right].pk))
        stale.discard((left, right))
        if states.get((left, right), "queued") != "queued":
            counted["known"] += 1
            continue
        counted["linked" if _keep(left, right, pair, bound, at) else "queued"] += 1
    for left, right in stale:
        Link.objects.filter(left=left, right=right, state="queued").delete()
    return counted


@transaction.atomic
def _keep(left: int, right: int, pair: Any, bound: Bound, at: datetime) -> bool:
    reasons = [{"element": one.element, "step": one.step, "weight": one.weight} for one in pair.reasons]
    scored = {"probability": pair.probability, "reasons": reasons}
    link, _ = Link.objects.update_or_create(
        left_id=left, right_id=right, defaults=scored, create_defaults={**scored, "state": "queued", "at": at}
    )
    sure = pair.probability >= bound.upper and not _merged(left, right)
    if sure:
        _join(link, actor=SYSTEM, unit="", at=at)
    return sure


def _merged(*keys: int) -> bool:
    return Record.objects.filter(pk__in=keys).exclude(merged_into=None).exists()


@transaction.atomic
def join(link: Link, *, actor: str, unit: str = "", at: datetime) -> Link:
    """
    Decide that two records are one.

    The older keeps its number; what was said of the other is said of it from now on, and the other leads to it.

    :raises NotWaiting: if the pair was decided before, or one of the two belongs to a third record meanwhile
    """
    return _join(_waiting(link), actor=actor, unit=unit, at=at)


def _waiting(link: Link) -> Link:
    held = Link.objects.select_for_update().select_related("left", "right").get(pk=link.pk)
    if held.state != "queued" or held.left.merged_into_id or held.right.merged_into_id:
        raise NotWaiting(link.pk)
    return held


def _join(link: Link, *, actor: str, unit: str, at: datetime) -> Link:
    keeps, gives = Record.objects.select_for_update().filter(pk__in=[link.left_id, link.right_id]).order_by("pk")
    link.kept = [
        {"moved": name, "ids": list(table.objects.filter(record=gives).values_list("pk", flat=True))}
        for name, table in MOVED
    ]
    for _, table in MOVED:
        table.objects.filter(record=gives).update(record=keeps)
    link.kept += _move_ties(gives, keeps, at)
    Record.objects.filter(pk=gives.pk).update(merged_into=keeps, changed_at=at)
    refresh(keeps, at=at)
    link.state, link.decided_by, link.decided_at = "linked", actor, at
    link.save()
    journal.record(
        at=at, actor=actor, unit=unit, verb="link", subject=f"record:{keeps.code}", other=gives.code,
        probability=round(link.probability, 4),
    )  # fmt: skip
    return link


def _move_ties(gives: Record, keeps: Record, at: datetime) -> list[dict[str, Any]]:
    """Turn the open ties of one record to the other; a tie that would come twice, or to itself, is ended instead."""
    moved: list[dict[str, Any]] = []
    for tie in Tie.objects.filter(Q(record=gives) | Q(other=gives), until=None):
        record = keeps.pk if tie.record_id == gives.pk else tie.record_id
        other = keeps.pk if tie.other_id == gives.pk else tie.other_id
        twin = record == other or Tie.objects.filter(record=record, other=other, kind=tie.kind, until=None).exists()
        moved.append({"moved": "ended" if twin else "tie", "ids": [tie.pk], "ends": [tie.record_id, tie.other_id]})
        new = {"until": max(at, tie.since)} if twin else {"record_id": record, "other_id": other}
        Tie.objects.filter(pk=tie.pk).update(**new)
    return moved


@transaction.atomic
def part(link: Link, *, actor: str, unit: str = "", at: datetime) -> Link:
    """
    Decide that two records are two.

    :raises NotWaiting: if the pair was decided before
    """
    held = _waiting(link)
    held.state, held.decided_by, held.decided_at = "apart", actor, at
    held.save()
    journal.record(
        at=at, actor=actor, unit=unit, verb="part", subject=f"record:{held.left.code}", other=held.right.code
    )
    return held


@transaction.atomic
def undo(link: Link, *, actor: str, unit: str = "", at: datetime) -> Link:
    """
    Take a decision back: the pair waits again, and two linked records are what they were, with what was said since.

    :raises NothingToUndo: if the pair waits, or the record that was kept has been merged into a third since
    """
    held = Link.objects.select_for_update().select_related("left", "right").get(pk=link.pk)
    if held.state == "queued":
        raise NothingToUndo(link.pk)
    if held.state == "linked":
        _restore(held, at)
    held.state, held.decided_by, held.decided_at, held.kept = "queued", "", None, []
    held.save()
    journal.record(
        at=at, actor=actor, unit=unit, verb="undo_link", subject=f"record:{held.left.code}", other=held.right.code
    )
    return held


def _restore(link: Link, at: datetime) -> None:
    keeps, gives = Record.objects.select_for_update().filter(pk__in=[link.left_id, link.right_id]).order_by("pk")
    if gives.merged_into_id != keeps.pk or keeps.merged_into_id:
        raise NothingToUndo(link.pk)
    Record.objects.filter(pk=gives.pk).update(merged_into=None)
    gives.merged_into = None
    for one in link.kept:
        if one["moved"] in ("tie", "ended"):
            record, other = one["ends"]
            Tie.objects.filter(pk__in=one["ids"]).update(record_id=record, other_id=other, until=None)
        else:
            dict(MOVED)[one["moved"]].objects.filter(pk__in=one["ids"]).update(record=gives)
    refresh(keeps, at=at)
    refresh(gives, at=at)


@transaction.atomic
def set_bounds(*, upper: float, lower: float, source: str, actor: str, at: datetime) -> Bound:
    """Set the bounds from a moment on; earlier decisions stand."""
    bound = Bound.objects.create(valid_from=at, upper=upper, lower=lower, source=source)
    journal.record(at=at, actor=actor, verb="set_bounds", subject=f"bound:{bound.pk}", upper=upper, lower=lower)
    return bound
