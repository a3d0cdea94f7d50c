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


def told_deeds(entries: Iterable[Any], known: names.Known) -> list[Told]:
    """Return what the journal says of a matter, newest first; units are named, persons are not."""
    return [_told(entry, known) for entry in reversed(list(entries))]


def _told(entry: Any, known: names.Known) -> Told:
    who = known.unit(entry.unit) if entry.unit else _("诉求人") if entry.actor == "resident" else _("系统")
    return Told(entry.at, str(names.VERBS.get(entry.verb, entry.verb)), who, _words(entry, known), entry.article)


def _words(entry: Any, known: names.Known) -> str:
    details, said = entry.details, []
    if "owner" in details:
        said.append(_("承办单位：%(unit)s") % {"unit": known.unit(details["owner"])})
    if "names" in details:
        said.append(_("认为应由%(unit)s承办") % {"unit": known.unit(details["names"])})
    if "called" in details:
        said.append(known.unit(details["called"]))
    if "step" in details:
        said.append(str(names.STEPS.get(details["step"], details["step"])))
    return "；".join(said)
