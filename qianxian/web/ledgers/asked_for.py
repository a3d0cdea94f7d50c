"""Which ledger, for which place and period, an address asks for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest

from qianxian.ledgers import queries
from qianxian.ledgers.rules.definition import Definition
from qianxian.ledgers.rules.frames import Frames
from qianxian.ledgers.rules.periods import BadPeriod, Period, period, period_of
from qianxian.register import queries as registered
from qianxian.register.rules import Unknown
from qianxian.web.oversight.asked import asked
from qianxian.web.records.listing import places_of
from qianxian.web.records.reader import Reader

if TYPE_CHECKING:
    from qianxian.ledgers.models import Ledger

COMMUNITY = 12


@dataclass(frozen=True)
class Wanted:
    """One ledger of one place and period."""

    ledger: "Ledger"
    definition: Definition
    edition: int
    lost: dict[str, tuple[str, ...]]
    place: str
    place_name: str
    period: Period

    def frames(self, reader: Reader) -> Frames:
        return queries.frames_of(self.place, self.period, reader.at)


def ledger_or_404(code: str) -> "Ledger":
    found = queries.ledger_by_code(code)
    if found is None:
        raise Http404
    return found


def asks(asked_by: str, unit: str) -> bool:
    """Tell whether a unit is the one that asks for a ledger, by any spelling of its name."""
    try:
        return registered.directory().organisation(asked_by).code == unit
    except Unknown:
        return False


def wanted(request: HttpRequest, reader: Reader, code: str) -> Wanted:
    """Return what an address asks for, inside the reader's area; the first community and the present period otherwise."""
    ledger = ledger_or_404(code)
    definition, edition, lost = queries.definition_in_use(ledger)
    place = place_of(request, reader)
    try:
        when = period(asked(request, "period"))
    except BadPeriod:
        when = period_of(definition.every, reader.at.date())
    names = registered.directory().places
    name = names[place].name if place in names else place
    return Wanted(ledger, definition, edition.number, dict(lost), place, name, when)


def place_of(request: HttpRequest, reader: Reader) -> str:
    """Return the place that an address asks for where it lies within reach, else the reader's first community."""
    place = asked(request, "place")
    known = registered.directory().places
    if place and place in known and place.startswith(reader.area):
        return place
    inside = [code for code, _ in places_of(reader.area) if len(code) == COMMUNITY]
    return inside[0] if inside else reader.area
