"""The theme of a month (每月一题): declared with who leads and what exactly, concluded with what came of it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from qianxian.cadres.rules import Actor, Role
from qianxian.journal import actions as journal
from qianxian.kernel.worktime import BEIJING
from qianxian.register import queries as register
from qianxian.register.rules import Kind

from ..models import Theme
from ..rules.authority import NotYours
from .deeds import known_unit
from .rulings import CommitteeCannotOwn
from .work import AlreadyDone, NothingToDecide, Said, said


@transaction.atomic
def declare_theme(
    *, area: str, month: str, title: str, topic: str, lead: str, problems: Sequence[str], due_on: date,
    numbers: Sequence[int], actor: Actor, at: datetime,
) -> Theme:  # fmt: skip
    """
    Declare the theme of a month: one department leads, two or three concrete problems, a day by which it is done.

    :param month: such as 2026-03
    :param numbers: the matters from which it was drawn
    :raises NotYours: if the actor is not the supervisor of the area
    :raises Said: a title, problem or day that is missing or lies in the past
    :raises Unknown, CommitteeCannotOwn, AlreadyDone: if the month has its theme
    """
    _must_be_supervisor(actor, area, "declare_theme")
    concrete = [problem.strip() for problem in problems if problem.strip()]
    if not 2 <= len(concrete) <= 3:
        raise Said("problems", "two_or_three")
    if due_on <= at.astimezone(BEIJING).date():
        raise Said("due_on", "out_of_range")
    if register.directory().organisations[known_unit(lead)].kind is Kind.COMMITTEE:
        raise CommitteeCannotOwn(lead)
    if Theme.objects.filter(area_id=area, month=month).exists():
        raise AlreadyDone("declare_theme")
    theme = Theme.objects.create(
        area_id=area, month=month, title=said(title, "theme")[:60], topic_id=topic or None, lead_id=lead,
        problems=concrete, due_on=due_on, numbers=list(numbers), declared_at=at,
    )  # fmt: skip
    _note(theme, "declare_theme", actor, at, lead=lead, due_on=due_on.isoformat(), matters=len(numbers))
    return theme


@transaction.atomic
def conclude_theme(number: int, *, outcome: str, actor: Actor, at: datetime) -> Theme:
    """
    Conclude a theme with what came of it.

    :raises NotYours: if the actor is neither its lead nor the supervisor of the area
    :raises Said, NothingToDecide: if it was concluded before
    """
    theme = Theme.objects.select_for_update().get(pk=number)
    if actor.unit != theme.lead_id:
        _must_be_supervisor(actor, theme.area_id, "conclude_theme")
    if theme.concluded_at:
        raise NothingToDecide
    theme.outcome, theme.concluded_at = said(outcome, "outcome"), at
    theme.save(update_fields=["outcome", "concluded_at"])
    _note(theme, "conclude_theme", actor, at)
    return theme


def _must_be_supervisor(actor: Actor, area: str, deed: str) -> None:
    if actor.role is not Role.SUPERVISOR or not actor.over(area):
        raise NotYours(deed, "supervisor")


def _note(theme: Theme, verb: str, actor: Actor, at: datetime, **details: object) -> None:
    journal.record(
        at=at, actor=actor.name, unit=actor.unit, verb=verb, subject=f"theme:{theme.pk}", month=theme.month, **details
    )
