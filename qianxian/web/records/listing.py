"""Lists of the register: by field of work, searched, narrowed, ordered, and asked for in bulk."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianxian.register import queries as registered
from qianxian.register.queries import records as queries
from qianxian.register.rules import reading
from qianxian.register.rules.records import ENTITY_OF, age
from qianxian.web.oversight.asked import asked
from qianxian.web.records import words
from qianxian.web.records.reader import READERS, Reader, reader_of
from qianxian.web.shell.access import for_roles

if TYPE_CHECKING:
    from qianxian.register.models import Record

SHOWN_IN_LIST = {
    "party_member": "party_member.joined_on", "party_branch": "party_branch.kind", "elder": "elder.care",
    "disabled": "disabled.kind", "relief": "relief.kind", "organisation": "organisation.kind", "building": "building.use",
    "child": "child.kind", "employment": "employment.state", "veteran": "veteran.kind", "volunteer": "volunteer.state",
}  # fmt: skip
SORTS = {
    "name": _("姓名"),
    "-changed": _("最近更新"),
    "born": _("年长的在前"),
    "-born": _("年幼的在前"),
    "address": _("地址"),
}


def wanted_of(query: Mapping[str, Any], reader: Reader) -> queries.Wanted:
    """Return what an address asks for, inside the reader's area."""

    def asked(name: str, otherwise: str = "") -> str:
        return str(query.get(name, otherwise)).replace("\0", "").strip()

    group = asked("group", "person")
    group = group if group in words.WORK_OF else "person"
    place = asked("place")
    return queries.Wanted(
        entity=ENTITY_OF[group], group=group, words=asked("q")[:40],
        place=place if place.startswith(reader.area) and place.isdigit() else reader.area,
        sex=asked("sex") if asked("sex") in ("1", "2") else "",
        age_from=_number(asked("from")), age_to=_number(asked("to")),
        disputed=bool(asked("disputed")), sort=asked("sort", "name"), on=reader.at.date(),
    )  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 3 else None


@for_roles(*READERS)
@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """Show one list of the register."""
    reader = reader_of(request)
    wanted = wanted_of(request.GET, reader)
    page = max(1, _number(asked(request, "after", "1")) or 1)
    found = list(queries.listed(wanted)[(page - 1) * queries.PAGE : page * queries.PAGE + 1])
    work, counts = words.WORK_OF[wanted.group], queries.counts(wanted.place)
    shown = {
        "works": [(code, one.label, f"?group={one.groups[0]}", code == work) for code, one in words.WORKS.items()],
        "groups": [
            (code, words.group_name(code), code == wanted.group, counts.get(code, 0))
            for code in words.WORKS[work].groups
        ],
        "wanted": wanted,
        "is_person": wanted.entity == "person",
        "rows": [row_of(record, reader, wanted.group) for record in found[: queries.PAGE]],
        "after": str(page + 1) if len(found) > queries.PAGE else None,
        "before": str(page - 1) if page > 1 else None,
        "extra": words.name_of(SHOWN_IN_LIST[wanted.group]) if wanted.group in SHOWN_IN_LIST else "",
        "places": places_of(reader.area),
        "sorts": SORTS.items(),
        "may_write": reader.serves or bool(reader.authorities),
        "group_name": words.group_name(wanted.group),
    }
    return render(request, "records/list.html", shown)


def row_of(record: "Record", reader: Reader, group: str) -> dict[str, Any]:
    """Return a record as a list shows it: masked as the reader may see it without a purpose."""
    element = SHOWN_IN_LIST.get(group, "")
    cell = record.values.get(element)
    return {
        "code": record.code,
        "href": reverse("record", args=[record.code]),
        "name": reader.name_shown(record.name) if record.entity == "person" else record.name,
        "sex": words.shown("person.sex", record.sex),
        "age": age(record.born, reader.at.date()),
        "address": reading.masked_address(record.address) if record.entity == "person" else record.address,
        "place": record.place.name,
        "extra": words.shown(element, cell[0]) if cell else "",
        "disputed": len(record.disputed),
        "groups": [words.group_name(one) for one in record.groups if one not in ("person", "resident", record.entity)],
    }


def places_of(area: str) -> list[tuple[str, str]]:
    """Return the communities and grids of an area, or the one that the area is."""
    found = sorted(registered.directory().places.items())
    return [(code, place.name) for code, place in found if code.startswith(area) and 12 <= len(code) <= 15]
