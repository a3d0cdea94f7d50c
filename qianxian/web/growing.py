"""What grows in a month, worked out once a day for a large area: by a job, kept in a file, read by the page."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from qianxian.cadres.queries import reaching_everything
from qianxian.kernel.lazily import lazily
from qianxian.kernel.worktime import BEIJING
from qianxian.web import themes as own
from qianxian.web.acting import now

if TYPE_CHECKING:
    from qianxian.mandates.words import themes
else:
    themes = lazily("qianxian.mandates.words.themes")

AT_ONCE = 2_000
"""Demands up to which a page works it out itself: under two seconds. For 50,000 it takes forty."""


@dataclass(frozen=True)
class Growing:
    """The themes of a month in an area; `months` are those with demands, the newest first, `at` when it was worked out."""

    themes: "list[themes.Theme]"
    months: list[str]
    month: str
    at: datetime


def growing(area: str, month: str, at: datetime) -> Growing | None:
    """
    Return what grows in a month ('' for the newest) of an area; None while it is being worked out.

    A small area is worked out at once. Of a large one the last result is given; one of an earlier day is renewed meanwhile.
    """
    if own.count(area, at) <= AT_ONCE:
        return _worked_out(area, month, at)
    kept = _kept(area, month)
    if kept is None or kept.at.astimezone(BEIJING).date() < at.astimezone(BEIJING).date():
        _ask(area, month)
    return kept


def _ask(area: str, month: str) -> None:
    """Let the worker do it, unless it is about to."""
    try:
        with transaction.atomic():
            work_out_themes.configure(queueing_lock=f"themes {area} {month}").defer(area=area, month=month)
    except AlreadyEnqueued:
        return


@app.task(name="work_out_themes", retry=3, pass_context=False)
def work_out_themes(*, area: str, month: str) -> None:
    """Work out what grows in a month of an area, and keep it."""
    with reaching_everything():
        found = _worked_out(area, month, now())
    told = asdict(found) | {"at": found.at.isoformat()}
    path = _path(area, month)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    beside.replace(path)


def _worked_out(area: str, month: str, at: datetime) -> Growing:
    messages = own.messages(area, at)
    months = sorted({message.month for message in messages}, reverse=True)
    chosen = month if month in months[:-1] else (months[0] if months else "")
    return Growing(themes.growing(messages, chosen), months, chosen, at)


def _kept(area: str, month: str) -> Growing | None:
    try:
        told = json.loads(_path(area, month).read_text("utf-8"))
        found = [_theme(one) for one in told["themes"]]
        return Growing(found, told["months"], told["month"], datetime.fromisoformat(told["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _theme(told: dict[str, Any]) -> "themes.Theme":
    lists = {name: tuple(told[name]) for name in ("keys", "phrases")}
    return themes.Theme(**(told | lists | {"series": tuple((month, count) for month, count in told["series"])}))


def _path(area: str, month: str) -> Path:
    """Return where it lies; both names are codes that the page has looked up."""
    folder: Path = settings.HOME.path / "themes"
    return folder / f"{area}-{month or 'newest'}.json"
