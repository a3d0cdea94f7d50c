"""One record: what is held of it and by whose word, masked until a purpose is said; its past days; who read it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianxian.journal import queries as journal
from qianxian.kernel.worktime import BEIJING
from qianxian.register import queries as registered
from qianxian.register.actions import privacy
from qianxian.register.queries import records as queries
from qianxian.register.rules.facts import Held
from qianxian.register.rules.reading import is_sealed
from qianxian.register.rules.records import GROUPS_OF
from qianxian.standard import elements as standard
from qianxian.web.oversight.asked import asked
from qianxian.web.records import words
from qianxian.web.records.forms import PurposeForm
from qianxian.web.records.reader import READERS, Reader, reader_of, values_for
from qianxian.web.shell.access import for_roles

if TYPE_CHECKING:
    from qianxian.register.models import Record

SHOWN_READS = 20


def known(code: str) -> "Record":
    """Return a record within reach, or the page that there is none."""
    record = queries.record_by_code(code)
    if record is None:
        raise Http404
    return record


@for_roles(*READERS)
@require_GET
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Show a record, masked."""
    return show(request, known(code), full=False)


@for_roles(*READERS)
@require_POST
def read(request: HttpRequest, code: str) -> HttpResponse:
    """Show a record in full, once, for a purpose; the reading is written down before anything is shown."""
    found, form = known(code), PurposeForm(request.POST)
    if not form.is_valid():
        return show(request, found, full=False, form=form, status=422)
    reader = reader_of(request)
    readable = [element for element in queries.opened(found) if reader.may_read(element)]
    privacy.read(found, elements=readable, purpose=form.purpose, name=reader.signature, **reader.by)
    return show(request, found, full=True, purpose=form.purpose)


def show(
    request: HttpRequest, found: "Record", *, full: bool, form: PurposeForm | None = None, purpose: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    reader = reader_of(request)
    day = _day(asked(request, "at"))
    at = datetime.combine(day, time(23, 59, 59), BEIJING) if day else reader.at
    held = queries.as_of(found, at)
    shown = {
        "record": found,
        "name": reader.name_shown(found.name) if found.entity == "person" else found.name,
        "entity_name": words.group_name(found.entity),
        "work": words.work_of(found.entity),
        "groups": _groups(found, held, reader, full=full),
        "full": full,
        "purpose": purpose,
        "form": form or PurposeForm(),
        "day": day,
        "may_read": any(reader.may_read(element) and is_sealed(standard.element(element)) for element in held),
        "may_write": reader.serves or bool(reader.authorities),
        "addable": [(code, words.group_name(code)) for code in GROUPS_OF[found.entity] if _addable(code)],
        "ties": _ties(found, at, reader),
        "members": _members(found, at, reader),
        "receipts": queries.receipts_of(found)[:50],
        "kinds": words.KINDS,
        "corrections": queries.corrections_of([found])[:10],
        "reads": reads_of(found)[:SHOWN_READS],
        "merged": list(found.merged.all()[:5]),
    }
    return render(request, "records/record.html", shown, status=status)


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed)
    except ValueError:
        return None


@dataclass(frozen=True)
class Line:
    """One element of a record as it is shown."""

    element: str
    name: str
    value: str
    source: str
    since: datetime
    of_authority: bool
    authority: str
    others: list[tuple[str, str]]
    edition: str = ""


def _groups(found: "Record", held: dict[str, Held], reader: Reader, *, full: bool) -> list[tuple[str, str, list[Line]]]:
    values = {code: words.shown(code, one.fact.value) for code, one in held.items()}
    seen = values_for(reader, values, full=full)
    grouped: dict[str, list[Line]] = {}
    for code, declared in standard.elements().items():
        if code in held:
            grouped.setdefault(declared.entity, []).append(_line(code, held[code], seen[code], reader, full=full))
    return [(group, words.group_name(group), lines) for group, lines in grouped.items()]


def _line(code: str, held: Held, value: str, reader: Reader, *, full: bool) -> Line:
    told = [
        (values_for(reader, {code: words.shown(code, other.value)}, full=full)[code], source_name(other.source))
        for other in held.others
    ]
    return Line(
        code, words.name_of(code), value, source_name(held.fact.source), held.fact.since, held.fact.of_authority,
        words.authority_name(standard.element(code).authority), told, held.fact.edition,
    )  # fmt: skip


def source_name(source: str) -> str:
    """Return how a source is called: a unit by its name, everything else as it is."""
    kind, _sign, unit = source.partition(":")
    if kind in ("unit", "correction") and unit:
        bodies = registered.directory().organisations
        body = bodies[unit].short if unit in bodies else unit
        return _("%(body)s（更正）") % {"body": body} if kind == "correction" else body
    return source


def _addable(group: str) -> bool:
    return any(one.on for one in standard.elements_of(group)) and group not in ("youth", "special")


def _ties(found: "Record", at: datetime, reader: Reader) -> list[dict[str, Any]]:
    told = []
    for tie in queries.ties_of(found, at):
        other = tie.other if tie.record_id == found.pk else tie.record
        name = reader.name_shown(other.name) if other.entity == "person" else other.name
        told.append(
            {"kind": words.TIES.get(tie.kind, tie.kind), "role": words.relation(tie.role), "name": name, "code": other.code,
             "address": other.address if other.entity != "person" else "", "since": tie.since, "place": other.place.name}
        )  # fmt: skip
    return told


def _members(found: "Record", at: datetime, reader: Reader) -> list[dict[str, Any]]:
    if found.entity != "person":
        return []
    return [
        {"name": reader.name_shown(tie.record.name), "role": words.relation(tie.role), "code": tie.record.code,
         "self": tie.record_id == found.pk}
        for tie in queries.household_of(found, at)
    ]  # fmt: skip


def reads_of(record: "Record") -> list[dict[str, Any]]:
    """Return who read a record in full, or one that was merged into it, for what, the newest first."""
    codes = [record.code, *record.merged.values_list("code", flat=True)]
    found = sorted(
        (
            one
            for code in codes
            for one in journal.entries_of(f"record:{code}").filter(verb="read_record").order_by("-id")[:200]
        ),
        key=lambda one: -one.pk,
    )
    return [
        {"at": one.at, "reader": one.details.get("reader", ""), "purpose": one.details.get("purpose", ""),
         "handout": one.details.get("handout", "")}
        for one in found
    ]  # fmt: skip
