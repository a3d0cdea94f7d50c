"""Records as they are searched, read and remembered."""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from qianxian.standard.text import half_width

from ..models import Correction, Find, Handout, Keeping, Origin, Receipt, Record, Statement, Tie
from ..rules import facts
from ..sealing import ring

PAGE = 40


def said_in(statement: Statement) -> facts.Statement:
    """Return a statement as the rules read it, opened."""
    said = {code: tuple(one) for code, one in statement.values.items()}
    if statement.sealed:
        said |= {code: tuple(one) for code, one in json.loads(ring().open(bytes(statement.sealed))).items()}
    return facts.Statement(
        statement.source, statement.authority, statement.since, statement.known_at, statement.pk, said
    )


def statements_of(record: Record, known_at: datetime | None = None) -> list[facts.Statement]:
    """Return all that was said of a record and not taken back, as known at a moment."""
    return statements_of_all([record.pk], known_at).get(record.pk, [])


def statements_of_all(records: Collection[int], known_at: datetime | None = None) -> dict[int, list[facts.Statement]]:
    """Return the same of many records."""
    found: dict[int, list[facts.Statement]] = {}
    for one in Statement.objects.filter(record_id__in=records).select_related("batch").order_by("id"):
        undone = one.batch.undone_at if one.batch else None
        if undone is None or (known_at is not None and known_at < undone):
            found.setdefault(one.record_id, []).append(said_in(one))
    return found


def as_of(record: Record, at: datetime, known_at: datetime | None = None) -> dict[str, facts.Held]:
    """Return what prevailed for each element at a moment."""
    return facts.held(statements_of(record, known_at), at, known_at)


def opened(record: Record) -> dict[str, list[Any]]:
    """Return the values that prevail now, the sealed ones opened: [value, source, since, 1 if of the authority]."""
    closed = json.loads(ring().open(bytes(record.sealed))) if record.sealed else {}
    return {**record.values, **closed}


def record_by_code(code: str) -> Record | None:
    """Return a record within reach; one that was merged leads to what it was merged into."""
    found = Record.objects.select_related("place", "merged_into__place").filter(code=code.upper()).first()
    return found.merged_into if found and found.merged_into else found


def records_of_phone(index: str) -> list[Record]:
    """Return the persons whom a telephone belongs to."""
    found = Record.objects.filter(entity="person", finds__index=index, merged_into=None, ended_at=None)
    return list(found.select_related("place"))


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to."""

    entity: str = "person"
    group: str = ""
    words: str = ""
    place: str = ""
    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    disputed: bool = False
    sort: str = "name"
    on: date = date.min


ORDERS = {"name": "spoken", "born": "born", "changed": "changed_at", "address": "address"}


def listed(wanted: Wanted) -> QuerySet[Record]:
    """Return the records of a list in its order."""
    found = Record.objects.filter(entity=wanted.entity, merged_into=None, ended_at=None).select_related("place")
    if wanted.group and wanted.group != wanted.entity:
        found = found.filter(groups__contains=[wanted.group])
    if wanted.place:
        found = found.filter(place_id__gte=wanted.place, place_id__lt=f"{wanted.place}~")
    if wanted.sex:
        found = found.filter(sex=wanted.sex)
    if wanted.age_from is not None:
        found = found.filter(born__lte=_years_before(wanted.on, wanted.age_from))
    if wanted.age_to is not None:
        found = found.filter(born__gt=_years_before(wanted.on, wanted.age_to + 1))
    if wanted.disputed:
        found = found.exclude(disputed=[])
    if wanted.words:
        found = found.filter(_matching(wanted.words))
    falling, key = wanted.sort.startswith("-"), wanted.sort.lstrip("-")
    column = ORDERS.get(key, "spoken")
    return found.order_by(f"-{column}" if falling else column, "-pk" if falling else "pk")


def _matching(words: str) -> Q:
    """
    Return the records that some typed words mean: a name, its pinyin or initials, part of an address, or a number.

    Numbers are compared whole, by their blind index.
    """
    text = half_width(words).strip()
    number = re.sub(r"[\s-]", "", text).upper()
    if re.fullmatch(r"[0-9A-Z]{7,}", number) and any(one.isdigit() for one in number):
        return Q(pk__in=Find.objects.filter(index=ring().index(number)).values("record_id")) | Q(code=number)
    if text.isascii():
        spoken = re.sub(r"[^a-z0-9]", "", text.lower())
        return Q(spoken__gte=spoken, spoken__lt=f"{spoken}~") | Q(initials=spoken) | Q(code=text.upper())
    return Q(name__startswith=text) | Q(address__contains=text)


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def counts(area: str) -> dict[str, int]:
    """Return how many records of an area are of each entity and in each group; records that were merged count once."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"first": area, "end": f"{area}~"})
        return dict(cursor.fetchall())


COUNTED = """
    SELECT kind, count(*) FROM qianxian_record, unnest(array_append(array_remove(groups, entity), entity)) AS kind
    WHERE merged_into_id IS NULL AND ended_at IS NULL AND place_id >= %(first)s AND place_id < %(end)s GROUP BY kind
"""


def ties_of(record: Record, at: datetime) -> list[Tie]:
    """Return the ties of a record that hold at a moment, from both ends."""
    holding = Q(since__lte=at) & (Q(until=None) | Q(until__gt=at))
    found = Tie.objects.filter(holding & (Q(record=record) | Q(other=record)))
    return list(found.select_related("record", "other", "record__place", "other__place").order_by("kind", "role", "pk"))


def household_of(record: Record, at: datetime) -> list[Tie]:
    """Return the members of the household to which a person belongs, the head first."""
    homes = [tie.other_id for tie in ties_of(record, at) if tie.kind == "member" and tie.record_id == record.pk]
    members = Tie.objects.filter(other_id__in=homes, kind="member", until=None).select_related("record")
    return sorted(members, key=lambda tie: (tie.role not in ("01", "02"), tie.role, tie.pk))


def receipts_of(record: Record) -> QuerySet[Receipt]:
    return record.receipts.filter(withdrawn_at=None).order_by("-on", "-pk")


def history_of(record: Record) -> list[Statement]:
    """Return what was said of a record, the newest first."""
    return list(Statement.objects.filter(record=record).select_related("batch").order_by("-id"))


def keeper_of(authority: str, place: str, at: datetime) -> Keeping | None:
    """Return which organisation is the authority of a kind for a place, the most local one."""
    found = Keeping.objects.filter(authority=authority, valid_from__lte=at).filter(
        Q(valid_to=None) | Q(valid_to__gt=at)
    )
    inside = [one for one in found.select_related("unit") if place.startswith(one.area_id)]
    return max(inside, key=lambda one: len(one.area_id), default=None)


def authorities_of(unit: str, at: datetime) -> frozenset[str]:
    """Return of which kinds of authority an organisation is."""
    found = Keeping.objects.filter(unit_id=unit, valid_from__lte=at).filter(Q(valid_to=None) | Q(valid_to__gt=at))
    return frozenset(found.values_list("authority", flat=True))


def corrections_for(unit: str) -> QuerySet[Correction]:
    """Return the corrections that an organisation has to answer, the most urgent first."""
    return Correction.objects.filter(body_id=unit, answered_at=None).select_related("record__place").order_by("due_at")


def corrections_of(records: Iterable[Record]) -> list[Correction]:
    """Return what was asked to be corrected on records, the newest first."""
    found = Correction.objects.filter(record__in=list(records)).select_related("body", "record").order_by("-asked_at")
    return list(found)


def names_of(codes: Collection[str]) -> dict[str, str]:
    """Return the names of records by code."""
    return dict(Record.objects.filter(code__in=codes).values_list("code", "name"))


def handouts() -> QuerySet[Handout]:
    """Return the exports asked for within reach, the newest first."""
    return Handout.objects.order_by("-asked_at")


def keyed(source: str) -> dict[str, int]:
    """Return the records that a source knows, by its keys; what was merged leads to what it was merged into."""
    found = Origin.objects.filter(source=source).values_list("key", "record_id", "record__merged_into_id")
    return {key: merged or record for key, record, merged in found}
