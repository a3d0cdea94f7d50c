"""What was done to a matter, in the words of the office."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from qianxian.web.oversight import names


class Told(NamedTuple):
    """A deed as `timeline` draws it."""

    at: datetime
    title: str
    who: str
    words: str
    article: str


def told_deeds(entries: Iterable[Any]) -> list[Told]:
    """Return what the journal says of a matter, newest first; units are named, persons are not."""
    return [_told(entry) for entry in reversed(list(entries))]


def _told(entry: Any) -> Told:
    who = names.unit(entry.unit) if entry.unit else _("诉求人") if entry.actor == "resident" else _("系统")
    return Told(entry.at, str(names.VERBS.get(entry.verb, entry.verb)), who, _words(entry), entry.article)


def _words(entry: Any) -> str:
    details, said = entry.details, []
    if "owner" in details:
        said.append(_("承办单位：%(unit)s") % {"unit": names.unit(details["owner"])})
    if "names" in details:
        said.append(_("认为应由%(unit)s承办") % {"unit": names.unit(details["names"])})
    if "called" in details:
        said.append(names.unit(details["called"]))
    if "step" in details:
        said.append(str(names.STEPS.get(details["step"], details["step"])))
    return "；".join(said)
