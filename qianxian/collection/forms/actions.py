"""Publishing a form, closing it, taking in what was filled once each, and settling what contradicts the register."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from qianxian.journal import actions as journal
from qianxian.register.actions import records
from qianxian.register.queries import holding
from qianxian.register.queries import records as registered
from qianxian.register.rules.facts import Held, Said
from qianxian.register.rules.records import ENTITY_OF
from qianxian.register.sealing import ring
from qianxian.standard import elements as standard
from qianxian.standard.compiled import Column, function_of
from qianxian.standard.engines.python import Outcome

from .models import Filled, FilledFile, Form, FormEdition
from .queries import asked, filling_of
from .rules.filling import Filling, Wrong
from .rules.holding import AlreadyHeld, AsksWhatIsHeld, already_held, asked_elements
from .rules.xform import ABOUT, Definition, decided, read_xform

if TYPE_CHECKING:
    from qianxian.register.models import Record

    from .xlsforms import Read

NUMBERS = ("person.citizen_number", "organisation.credit_code", "person.document_number")
NAMES = ("person.name", "organisation.name", "party_branch.name", "building.name", "home.number", "household.number")


class OfAnotherUnit(Exception):
    """Another unit has a form of this number."""


class Closed(Exception):
    """The form is closed, or not open to this role."""


class OtherEntity(ValueError):
    """The form is bound to elements of several kinds of records; `entities` names them."""

    def __init__(self, entities: Collection[str]):
        super().__init__(", ".join(entities))
        self.entities = tuple(entities)


class NothingToSettle(Exception):
    """The filled form contradicts nothing, or it was settled before."""


def held_list(
    definition: Definition, *, area: str, own: Collection[str], elements: Mapping[str, str] | None = None,
    shown: Collection[str] = (),
) -> tuple[AlreadyHeld, ...]:  # fmt: skip
    """
    Return the questions of a form that ask what an authority holds in an area.

    :raises UnknownBinding: if a question is bound to what the standard does not have
    """
    bound = asked_elements(definition, elements)
    holding_ = holding.held_by_authority({one.element for one in bound}, area)
    return already_held(bound, holding_, own, shown)


@transaction.atomic
def publish(
    *, read: "Read", name: str, content: bytes, unit: str, area: str, roles: Sequence[str], own: Collection[str],
    elements: Mapping[str, str] | None = None, shown: Sequence[str] = (), actor: str, at: datetime,
) -> FormEdition:  # fmt: skip
    """
    Publish a form, or the next edition of one of the same number; answers to earlier editions stay with those.

    :param own: the authorities that the unit is
    :param elements: bindings that were confirmed beyond those of the workbook, by path
    :param shown: questions that are shown where they are held, instead of asked
    :raises AsksWhatIsHeld: with the list
    :raises UnknownBinding, OtherEntity, OfAnotherUnit: if it cannot be
    """
    xform = decided(read.xform, elements or {}, shown)
    definition = read_xform(xform)
    if held := held_list(definition, area=area, own=own):
        raise AsksWhatIsHeld(held)
    entity = _entity_of([one.element for one in asked_elements(definition)])
    form, made = _form_of(
        definition["id"],
        defaults={"title": definition["title"], "entity": entity, "unit_id": unit, "area_id": area,
                  "roles": list(roles), "opened_at": at, "actor": actor},
    )  # fmt: skip
    if form.unit_id != unit:
        raise OfAnotherUnit(form.code)
    if not made:
        form.title, form.entity, form.roles = definition["title"], entity, list(roles)
        form.save(update_fields=["title", "entity", "roles"])
    number = FormEdition.objects.filter(form=form).count() + 1
    edition = FormEdition.objects.create(
        form=form, number=number, version=definition["version"] or str(number), name=name[:200], source=content,
        digest=read.digest, xform=xform, definition=definition, elements=dict(elements or {}), shown=list(shown),
        warnings=list(read.warnings), actor=actor, made_at=at,
    )  # fmt: skip
    journal.record(
        at=at, actor=actor, unit=unit, verb="publish_form", subject=f"form:{form.code}", edition=number,
        digest=read.digest, area=area,
    )  # fmt: skip
    return edition


def _form_of(code: str, *, defaults: Mapping[str, Any]) -> tuple[Form, bool]:
    """Return the form of a number, held until the transaction ends; one beyond one's reach is another unit's."""
    try:
        return Form.objects.select_for_update().get_or_create(code=code, defaults=defaults)
    except IntegrityError as error:
        raise OfAnotherUnit(code) from error


def _entity_of(elements: Collection[str]) -> str:
    """Return of which kind of record a form speaks, '' where of none."""
    found = sorted({ENTITY_OF[standard.element(code).entity] for code in elements})
    if len(found) > 1:
        raise OtherEntity(found)
    return found[0] if found else ""


@transaction.atomic
def close(form: Form, *, actor: str, unit: str = "", at: datetime) -> None:
    """Close a form: nothing more is taken in by a page; clients that filled it before are still heard."""
    form.closed_at = max(at, form.opened_at)
    form.save(update_fields=["closed_at"])
    journal.record(at=at, actor=actor, unit=unit, verb="close_form", subject=f"form:{form.code}")


@transaction.atomic
def reopen(form: Form, *, actor: str, unit: str = "", at: datetime) -> None:
    """Open a form again."""
    form.closed_at = None
    form.save(update_fields=["closed_at"])
    journal.record(at=at, actor=actor, unit=unit, verb="reopen_form", subject=f"form:{form.code}")


@dataclass(frozen=True, slots=True)
class Bringing:
    """Who brings a filled form: account and unit, its authorities, the place it is for, by a page or a client."""

    actor: str
    unit: str
    authorities: frozenset[str]
    place: str
    way: str = "page"


def take_in(
    *, edition: FormEdition, filling: Filling, xml: str, instance: str, by: Bringing, filled_at: datetime, at: datetime,
    record: "Record | None" = None, seen: datetime | None = None, files: Sequence[tuple[str, str, bytes]] = (),
    instead_of: str = "",
) -> tuple[Filled, bool]:  # fmt: skip
    """
    Take in one filled form: it is kept as it came, and what it says of a record is stated in the register.

    A form of the same number that came before is found again, and only files that are new are added to it.

    :param xml: the instance as it came
    :param seen: what the register said until then was before the eyes of whoever filled, else until `filled_at`
    :param files: name, media type and content of what came with it
    :return: the filled form, and whether it was new
    """
    filled_at = min(filled_at, at)
    digest = hashlib.sha256(xml.encode()).hexdigest()
    earlier = Filled.objects.filter(form=edition.form, instance=instance).first()
    if earlier is None:
        try:
            with transaction.atomic():
                said, faults = said_in(edition, filling)
                found = _kept(edition, filling, faults, xml, digest, instance, by, filled_at, at, record, instead_of)
                _state(found, said, by, seen or filled_at, at)
                _add_files(found, files)
                return found, True
        except IntegrityError:
            earlier = Filled.objects.filter(form=edition.form, instance=instance).first()
            if earlier is None:
                raise
    with transaction.atomic():
        _add_files(earlier, files)
    return earlier, False


def _kept(
    edition: FormEdition, filling: Filling, faults: Sequence[dict[str, str]], xml: str, digest: str, instance: str, by: Bringing, filled_at: datetime,
    at: datetime, record: "Record | None", instead_of: str,
) -> Filled:  # fmt: skip
    record = record or _record_told(edition, filling)
    return Filled.objects.create(
        form=edition.form, edition=edition, instance=instance[:100], digest=digest,
        sealed=ring().close(json.dumps({"xml": xml}, ensure_ascii=False)), place_id=record.place_id if record else by.place,
        record=record, unit=by.unit, actor=by.actor, way=by.way, filled_at=filled_at, came_at=at,
        faults=[*(_as_data(one) for one in filling.wrong), *faults],
        instead_of=Filled.objects.filter(form=edition.form, instance=instead_of).first() if instead_of else None,
    )  # fmt: skip


def _as_data(wrong: Wrong) -> dict[str, str]:
    return {"path": wrong.path, "code": wrong.code, "said": wrong.said}


def _record_told(edition: FormEdition, filling: Filling) -> "Record | None":
    """Return the record that the form itself names: by its number here, or by the number of a person or body."""
    for path, element in edition.definition["elements"].items():
        if element == ABOUT and (code := filling.first(path)):
            return registered.record_by_code(code)
    for one in asked(edition):
        if one.element in NUMBERS and not one.repeated and (number := filling.first(one.path)):
            clean = function_of(Column(one.element, one.element), filling.world.now.date())(number)
            if clean.value:
                return holding.record_with_number(ring().index(clean.value), edition.form.entity)
    return None


def _add_files(found: Filled, files: Sequence[tuple[str, str, bytes]]) -> None:
    FilledFile.objects.bulk_create(
        [FilledFile(filled=found, name=name[:200], kind=kind[:80], content=content) for name, kind, content in files],
        ignore_conflicts=True,
    )


def said_in(edition: FormEdition, filling: Filling) -> tuple[dict[str, tuple[str, ...]], list[dict[str, str]]]:
    """Return what a filled form says by element, cleaned by the standard, and what the standard faults."""
    said: dict[str, tuple[str, ...]] = {}
    faults: list[dict[str, str]] = []
    for one in asked(edition):
        raw = "" if one.repeated else filling.first(one.path)
        if not raw:
            continue
        outcome = cleaned(one.element, raw, filling)
        if outcome.fault:
            faults.append({"path": one.path, "code": outcome.fault, "said": one.element})
        else:
            said[one.element] = (outcome.value, raw)
    return said, faults


def cleaned(element: str, raw: str, filling: Filling) -> Outcome:
    """Return an answer as the standard has it; of a choice, its value counts, else its name."""
    clean = function_of(Column(element, element), filling.world.now.date())
    outcome = clean(raw)
    name = filling.world.choice_name(raw, "") if outcome.fault else raw
    return clean(name) if name != raw and not clean(name).fault else outcome


def _state(found: Filled, said: Mapping[str, tuple[str, ...]], by: Bringing, seen: datetime, at: datetime) -> None:
    """State what was filled; what the register learned unseen stays, and the filled form waits to be settled."""
    held = registered.as_of(found.record, at) if found.record else {}
    kept = {code for code in said if code in held and held[code].fact.of_authority
            and held[code].fact.authority not in by.authorities}  # fmt: skip
    conflicts = {code: {"known_at": held[code].fact.known_at.isoformat()} for code in said
                 if code not in kept and _unseen(held.get(code), said[code][0], seen, found)}  # fmt: skip
    stated = {code: value for code, value in said.items() if code not in kept and code not in conflicts}
    Filled.objects.filter(pk=found.pk).update(conflicts=conflicts)
    found.conflicts = conflicts
    if stated and (found.record or any(code in stated for code in NAMES)):
        _say(found, stated, by, at)
    journal.record(
        at=at, actor=by.actor, unit=by.unit, verb="fill_form", subject=f"form:{found.form.code}", filled=found.pk,
        record=found.record.code if found.record else "", elements=sorted(stated), kept=sorted(kept),
        conflicts=sorted(conflicts), faults=[one["code"] for one in found.faults],
    )  # fmt: skip


def _unseen(held: Held | None, value: str, seen: datetime, found: Filled) -> bool:
    """
    Tell whether the register learned another value after the filler last looked.

    What the same source said of a later time stands anyway, and the earlier word goes to its history: forms may come
    in any order.
    """
    if held is None or held.fact.value == value or held.fact.known_at <= seen:
        return False
    return not (held.fact.source == f"unit:{found.unit}" and held.fact.since >= found.filled_at)


def _say(found: Filled, said: Said, by: Bringing, at: datetime) -> None:
    by_authority: dict[str, dict[str, Any]] = {}
    for code, value in said.items():
        authority = standard.element(code).authority
        by_authority.setdefault(authority if authority in by.authorities else "", {})[code] = value
    for authority, part in by_authority.items():
        record = records.state(
            found.record, entity=found.form.entity, place=found.place_id, said=part, source=f"unit:{by.unit}",
            authority=authority, actor=by.actor, unit=by.unit, at=at, since=found.filled_at,
        )  # fmt: skip
        if found.record is None:
            found.record = record
            found.save(update_fields=["record"])


@transaction.atomic
def settle(filled: Filled, *, take: bool, by: Bringing, at: datetime) -> None:
    """
    Settle what contradicts the register: take what was filled, as said at that time and confirmed now, or leave it.

    Both versions stay in any case, one as a statement of its source, the other as the filled form.

    :raises NothingToSettle: if there is nothing, or it was settled before
    """
    held = Filled.objects.select_for_update(of=("self",)).select_related("form", "edition", "record").get(pk=filled.pk)
    if not held.conflicts or held.settled_at is not None:
        raise NothingToSettle(held.pk)
    if take and held.record:
        said, _ = said_in(held.edition, filling_of(held))
        part = {code: value for code, value in said.items() if code in held.conflicts}
        records.state(
            held.record, entity=held.form.entity, place=held.place_id, said=part, source=f"unit:{held.unit}",
            actor=by.actor, unit=by.unit, at=at, since=at,
        )  # fmt: skip
    held.settled_at, held.settled_by = at, by.actor
    held.save(update_fields=["settled_at", "settled_by"])
    journal.record(
        at=at, actor=by.actor, unit=by.unit, verb="settle_filled", subject=f"form:{held.form.code}", filled=held.pk,
        taken=take, elements=sorted(held.conflicts),
    )  # fmt: skip


@transaction.atomic
def handed_out(form: Form, *, answers: int, actor: str, unit: str = "", at: datetime) -> None:
    """Write down that the answers to a form were saved as a spreadsheet."""
    journal.record(at=at, actor=actor, unit=unit, verb="export_answers", subject=f"form:{form.code}", answers=answers)


@transaction.atomic
def people_listed(form: Form, *, area: str, actor: str, unit: str = "", at: datetime) -> None:
    """Write down that a phone took the list of whom a form may be about."""
    journal.record(at=at, actor=actor, unit=unit, verb="list_people", subject=f"form:{form.code}", area=area)
