"""Making rates public: figures with their formulas, frozen from then on."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from qianxian.cadres.rules import SYSTEM, Actor, Role
from qianxian.journal import actions as journal
from qianxian.kernel.period import Period

from ..models import PublishedRate
from ..queries.rates import By, counted, formulas, rates_of
from ..rules.authority import NotYours
from ..rules.rates import Measure, Rate, official
from .work import Said


@transaction.atomic
def publish_rates(*, area: str, span: Period, actor: Actor, at: datetime) -> list[PublishedRate]:
    """
    Publish the rates of an area and of each unit that answered there, by the formulas that count at the end of the span.

    :raises NotYours: if the actor is not the supervisor of the area
    :raises Said: if the span has no end, or has not ended
    """
    if actor != SYSTEM and not (actor.role is Role.SUPERVISOR and actor.over(area)):
        raise NotYours("publish_rates", "supervisor")
    if span.end is None or span.end > at:
        raise Said("period", "out_of_range")
    chosen = official(formulas().values(), span.end)
    rows = {None: counted(span, area, By.WHOLE, at).get("")} | dict(counted(span, area, By.UNIT, at))
    written = PublishedRate.objects.bulk_create(
        _published(area, unit, span, measure, rate, at)
        for unit, counts in rows.items()
        if counts
        for measure, rate in rates_of(counts, chosen.values()).items()
    )
    journal.record(
        at=at, actor=actor.name, unit=actor.unit, verb="publish_rates", subject=f"place:{area}",
        period_from=span.start.isoformat(), period_to=span.end.isoformat(), rates=len(written),
    )  # fmt: skip
    return written


def _published(area: str, unit: str | None, span: Period, measure: Measure, rate: Rate, at: datetime) -> PublishedRate:
    return PublishedRate(
        area_id=area,
        unit_id=unit,
        period_from=span.start,
        period_to=span.end or at,
        measure=measure.value,
        formula=rate.formula,
        numerator=Decimal(rate.numerator.numerator) / rate.numerator.denominator,
        denominator=rate.denominator,
        percent=rate.percent,
        left_out=rate.left_out,
        removed=rate.removed,
        published_at=at,
    )
