"""Who reads: role, area, and for which authorities the reader's unit stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest

from qianxian.register.queries import records as queries
from qianxian.register.rules import reading
from qianxian.standard import elements as standard
from qianxian.web.acting import now
from qianxian.web.shell.navigation import DEPARTMENT, STEWARD, STREET, SUPERVISOR, WORKER

if TYPE_CHECKING:
    from qianxian.cadres.models import Account

READERS = (WORKER, STREET, DEPARTMENT, STEWARD, SUPERVISOR)
WRITERS = (WORKER, STREET, DEPARTMENT)


@dataclass(frozen=True)
class Reader:
    """A member of staff before the register."""

    name: str
    unit: str
    unit_name: str
    title: str
    role: str
    area: str
    authorities: frozenset[str]
    at: datetime

    @property
    def serves(self) -> bool:
        """Tell whether the reader serves the people of a place, and so sees their names in lists."""
        return self.role in reading.WHOLE_RECORD

    @property
    def signature(self) -> str:
        """Unit and person as a resident sees who read."""
        return f"{self.unit_name} {self.title}".strip()

    @property
    def source(self) -> str:
        """Under which source the reader writes."""
        return f"unit:{self.unit}"

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": self.name, "unit": self.unit, "at": self.at}

    def may_read(self, element: str) -> bool:
        declared = standard.elements().get(element)
        return declared is not None and reading.may_read(declared, self.role, self.authorities)

    def authority_over(self, element: str) -> str:
        """Return the authority as which the reader speaks of an element, '' for none."""
        declared = standard.elements().get(element)
        return declared.authority if declared and declared.authority in self.authorities else ""

    def name_shown(self, name: str) -> str:
        return name if self.serves else reading.masked_name(name)


def reader_of(request: HttpRequest) -> Reader:
    """Return who reads this page."""
    account, at = cast("Account", request.user), now()
    return Reader(
        f"account:{account.pk}", account.unit_id, account.unit.short, account.title or account.name, account.role,
        account.area_id or "", queries.authorities_of(account.unit_id, at), at,
    )  # fmt: skip


def values_for(reader: Reader, values: Mapping[str, str], *, full: bool) -> dict[str, str]:
    """Return values as this reader may see them: in full only after a purpose was said, and only what is his to read."""
    return {
        code: value
        if (reader.serves and code == "person.name") or (full and reader.may_read(code))
        else reading.masked(code, value)
        for code, value in values.items()
    }
