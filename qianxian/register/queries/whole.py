"""Every record of an area as it was on a day, in one read: what ledgers and reports are made of."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import BooleanField, ExpressionWrapper, Q

from qianxian.kernel.sealing import Ring

from ..models import Record, Tie
from ..rules import facts
from ..sealing import ring
from .records import statements_of_all

CHUNK = 2000


@dataclass
class Whole:
    """
    One record with the values that prevailed on the day.

    :param plain: values by element that lie open
    :param sealed: the enciphered rest, opened only where an element of it is asked for
    """

    key: int
    code: str
    entity: str
    place: str
    groups: tuple[str, ...]
    born: date | None
    plain: Mapping[str, str]
    sealed: bytes | None
    seal: Ring

    @cached_property
    def values(self) -> Mapping[str, str]:
        """The values, those that lie enciphered too."""
        if not self.sealed:
            return self.plain
        opened = json.loads(self.seal.open(self.sealed))
        return {**self.plain, **{element: cell[0] for element, cell in opened.items()}}


def records_of_area(area: str, at: datetime, known_at: datetime) -> Iterator[Whole]:
    """
    Yield the records of an area that were in the register at a moment, in order of place and address.

    What was changed since is worked out from what its sources had said by then; all the rest is read as it lies.

    :param at: the moment about which is asked; a later one than `known_at` means as it is now
    """
    here = Record.objects.filter(place_id__gte=area, place_id__lt=f"{area}~", merged_into=None)
    rows = here.filter(Q(ended_at=None) | Q(ended_at__gt=at)).order_by("place_id", "address", "id")
    columns = ("id", "code", "entity", "place_id", "groups", "born", "values", "sealed")
    since = ExpressionWrapper(Q(changed_at__gt=at), output_field=BooleanField())
    held, seal = list(rows.annotate(changed_since=since).values_list(*columns, "changed_since")), ring()
    changed = {row[0] for row in held if row[-1]}
    before = _as_it_was(changed, at, known_at)
    for key, code, entity, place, groups, born, values, sealed, _ in held:
        if key not in changed:
            plain = {element: cell[0] for element, cell in values.items()}
            yield Whole(key, code, entity, place, tuple(groups), born, plain, bytes(sealed) if sealed else None, seal)
        elif key in before:
            yield _then(key, code, entity, place, before[key], seal)


def _as_it_was(keys: set[int], at: datetime, known_at: datetime) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    numbers = sorted(keys)
    for begin in range(0, len(numbers), CHUNK):
        for key, said in statements_of_all(numbers[begin : begin + CHUNK], known_at).items():
            held = facts.held(said, at, known_at)
            if held:
                found[key] = {element: one.fact.value for element, one in held.items()}
    return found


def _then(key: int, code: str, entity: str, place: str, values: dict[str, str], seal: Ring) -> Whole:
    groups = tuple(sorted({element.partition(".")[0] for element in values}))
    born = values.get("person.birth_date", "")
    return Whole(
        key, code, entity, place, groups, date.fromisoformat(born) if len(born) == 10 else None, values, None, seal
    )


def ties_of_area(area: str, at: datetime) -> list[tuple[int, int, str, str]]:
    """Return the ties of an area's records that held at a moment: record, other, kind, role."""
    holding = Q(since__lte=at) & (Q(until=None) | Q(until__gt=at))
    here = Q(record__place_id__gte=area, record__place_id__lt=f"{area}~")
    return list(Tie.objects.filter(holding & here).order_by("id").values_list("record_id", "other_id", "kind", "role"))
