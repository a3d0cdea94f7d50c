"""What authorities hold in an area, asked before a form may ask it of people."""

from collections.abc import Collection
from itertools import islice

from qianxian.standard import elements as standard

from ..models import Record
from ..rules.reading import is_sealed
from .records import opened

LOOKED_AT = 500
"""So many records with sealed values are opened at most: that somebody holds a fact is enough to know."""


def held_by_authority(elements: Collection[str], area: str) -> dict[str, int]:
    """
    Return of how many records inside an area the authority of an element itself has said it, where of any.

    Of sealed elements it is counted among `LOOKED_AT` records at most.
    """
    inside = Record.objects.filter(place__code__startswith=area, merged_into=None, ended_at=None)
    known = [code for code in elements if code in standard.elements()]
    plain = [code for code in known if not is_sealed(standard.element(code))]
    counts = {code: inside.filter(**{f"values__{code}__3": 1}).count() for code in plain}
    closed = sorted(set(known) - set(plain))
    if closed:
        for record in islice(inside.exclude(sealed=None).order_by("pk").iterator(), LOOKED_AT):
            values = opened(record)
            for code in closed:
                counts[code] = counts.get(code, 0) + int(bool(values.get(code) and values[code][3]))
    return {code: count for code, count in counts.items() if count}


def record_with_number(index: str, entity: str) -> Record | None:
    """Return the one record within reach that a number leads to, None where there is none or more than one."""
    found = Record.objects.filter(finds__index=index, entity=entity, merged_into=None).distinct()[:2]
    return found[0] if len(found) == 1 else None
