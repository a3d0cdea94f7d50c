"""The list of whom a form may be about, for phones without a network: numbers and names of the reader's own area."""

import csv
import io
from typing import TYPE_CHECKING

from qianxian.register.queries import records as registered
from qianxian.register.rules import reading
from qianxian.web.records.reader import Reader

if TYPE_CHECKING:
    from qianxian.collection.forms.models import Form

MOST = 20_000


def people_rows(form: "Form", reader: Reader) -> list[dict[str, str]]:
    """Return number and name of each record; only whoever serves a place is given any."""
    if not reader.serves or not reader.area:
        return []
    entity = form.entity or "person"
    wanted = registered.Wanted(entity=entity, group=entity, place=reader.area, on=reader.at.date())
    return [
        {"name": one.code, "label": f"{one.name} {reading.masked_address(one.address) if one.address else ''}".strip()}
        for one in registered.listed(wanted)[:MOST]
    ]


def people_csv(form: "Form", reader: Reader) -> bytes:
    """Return the same as the file that clients take."""
    held = io.StringIO()
    writer = csv.DictWriter(held, ["name", "label"])
    writer.writeheader()
    writer.writerows(people_rows(form, reader))
    return held.getvalue().encode()
