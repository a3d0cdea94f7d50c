"""`qianxian rates`: the three rates of an area over a span of days, with what they are made of."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from qianxian.cadres.queries import reaching_everything
from qianxian.cadres.rules import SYSTEM
from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING
from qianxian.matters import actions
from qianxian.matters.queries.rates import By, Counted, counted, formulas, rates_of, together
from qianxian.matters.rules.rates import Formula, Measure, Rate, official

DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Grouping(StrEnum):
    """What the table has its rows for."""

    UNIT = "unit"
    TOPIC = "topic"
    COMMUNITY = "community"
    WHOLE = "whole"


@dataclass(frozen=True)
class Line:
    """The rates of one row."""

    key: str
    counts: Counted
    rates: dict[Measure, Rate]


From = Annotated[str, typer.Option("--from", help="起始日（含），如 2026-10-01。 First day.")]
To = Annotated[str, typer.Option("--to", help="截止日（含）。 Last day.")]


def rates(
    first: From = "",
    last: To = "",
    by: Annotated[Grouping, typer.Option(help="按什么分列。 What the rows are.")] = Grouping.UNIT,
    area: Annotated[str, typer.Option(help="地点代码，空为全部。 Place code, empty for all.")] = "",
    formula: Annotated[
        list[str] | None, typer.Option(help="口径编号，可多次给出。 Formula id, may be repeated.")
    ] = None,
    publish: Annotated[bool, typer.Option("--publish", help="公开这些数字，须给出地点。 Publish them.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False,
) -> None:
    """响应率、解决率、满意率，连同分子、分母和口径。 The three rates, with what they are made of."""
    at = timezone.now()
    span = _span(first, last, at)
    chosen = _formulas(formula or [], span)
    if publish and not area:
        raise typer.BadParameter("公开须给出地点代码。 Name the area to publish.", param_hint="--area")
    with reaching_everything():
        table = _counted(span, area, By(by.value), at)
        if publish:
            actions.publish_rates(area=area, span=span, actor=SYSTEM, at=at)
    lines = [Line(key, counts, rates_of(counts, chosen)) for key, counts in table.items()]
    if as_json:
        typer.echo(json.dumps(_as_data(span, lines), ensure_ascii=False, indent=2))
    else:
        _draw(lines, chosen)


def _counted(span: Period, area: str, by: By, at: datetime) -> dict[str, Counted]:
    """Count week by week, so that the bar shows how much is done."""
    found, end = defaultdict[str, list[Counted]](list), span.end or at
    weeks = -(-(end - span.start) // WEEK)
    columns = (TextColumn("统计 counting"), BarColumn(), MofNCompleteColumn(), TextColumn("周 weeks"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        for number in progress.track(range(weeks), total=weeks):
            start = span.start + number * WEEK
            for key, counts in counted(Period(start, min(start + WEEK, end)), area, by, at).items():
                found[key].append(counts)
    return {key: together(found[key]) for key in sorted(found)}


def _span(first: str, last: str, at: datetime) -> Period:
    """
    Return the span of the days asked for, the last thirty with today where none are.

    :raises typer.BadParameter: if a day is none, or they are the wrong way round
    """
    today = at.astimezone(BEIJING).date()
    end, start = _day(last, "--to") or today, _day(first, "--from")
    start = start or end - 29 * DAY
    if start > end:
        raise typer.BadParameter("起始日晚于截止日。 The first day comes after the last.", param_hint="--from")
    return Period(datetime.combine(start, time(), BEIJING), datetime.combine(end + DAY, time(), BEIJING))


def _day(text: str, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"“{text}”不是日期，请写成 2026-10-01。 Not a date.", param_hint=option) from error


def _formulas(asked: list[str], span: Period) -> list[Formula]:
    """
    Return the formula of each measure: the one asked for, else the one that counts at the end of the span.

    :raises typer.BadParameter: if there is no such formula
    """
    unknown = [name for name in asked if name not in formulas()]
    if unknown:
        known = "、".join(formulas())
        raise typer.BadParameter(f"没有口径 {unknown[0]}。 No such formula. {known}", param_hint="--formula")
    chosen = official(formulas().values(), span.end or span.start)
    chosen |= {formulas()[name].measure: formulas()[name] for name in asked}
    return [chosen[measure] for measure in Measure]


def _as_data(span: Period, lines: list[Line]) -> dict[str, Any]:
    return {
        "from": span.start.isoformat(),
        "to": span.end.isoformat() if span.end else None,
        "rows": [
            {
                "key": line.key,
                "received": line.counts.total,
                "pending": line.counts.pending,
                "exits": line.counts.exits,
                "rates": {measure.value: _rate(rate) for measure, rate in line.rates.items()},
            }
            for line in lines
        ],
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "formula": rate.formula,
        "numerator": float(rate.numerator),
        "denominator": rate.denominator,
        "percent": None if rate.percent is None else float(rate.percent),
        "left_out": rate.left_out,
        "removed": rate.removed,
    }


def _draw(lines: list[Line], chosen: list[Formula]) -> None:
    table = Table("", "收到", *(f"{formula.name}\n{formula.id}" for formula in chosen), "剔除")
    for line in lines:
        removed = max(rate.removed for rate in line.rates.values())
        table.add_row(line.key, str(line.counts.total), *(_shown(rate) for rate in line.rates.values()), str(removed))
    Console().print(table)


def _shown(rate: Rate) -> str:
    share = f"{float(rate.numerator):g}/{rate.denominator}"
    return f"{rate.percent}%  {share}" if rate.percent is not None else f"样本不足  {share}"
