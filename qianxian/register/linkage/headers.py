"""Which column of a roster means which element, by its header; what nobody knows is left aside and said so."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from qianxian.standard import elements as standard
from qianxian.standard.text import half_width


class Kind(StrEnum):
    """How the values of an element are compared."""

    NAME = "name"
    GIVEN = "given"
    SURNAME = "surname"
    BIRTH = "birth"
    CITIZEN = "citizen"
    NUMBER = "number"
    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    PLACE = "place"
    FEW = "few"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that rosters say of a person or an organisation."""

    code: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file and the element it means, None where it is left aside."""

    position: int
    header: str
    element: Element | None


@cache
def elements() -> dict[str, Element]:
    """Return the element for each known header, compared plain, from `register/data/linking.csv` and the data standard."""
    lines = files("qianxian.register").joinpath("data/linking.csv").read_text("utf-8").splitlines()
    found: dict[str, Element] = {}
    for row in csv.DictReader(lines):
        for name in (*row["names"].split("|"), *_declared(row["declared"])):
            found.setdefault(plain(name), Element(row["element"], Kind(row["kind"])))
    return found


def _declared(codes: str) -> Iterable[str]:
    """Yield the names under which the data standard knows the elements of these codes."""
    for element in filter(None, map(standard.elements().get, codes.split("|"))):
        yield from (element.name, *element.also)


def plain(header: str) -> str:
    """Return a header as it is compared: without case, width, spaces, signs, or what stands in brackets."""
    bare = re.sub(r"[(（\[【].*?[)）\]】]", "", half_width(header))
    return re.sub(r"[\s_\-*:：/.、，,?“”\"']+", "", bare).lower()


def columns(headers: Sequence[str]) -> tuple[Column, ...]:
    """
    Say what each column means.

    A header that is not known as a whole means what the longest known name at its end means (监护人联系电话 is a
    telephone, though of another: so it counts only where no column is known outright). Of two columns of one element
    the first counts.
    """
    found: dict[int, Element] = {}
    for read in (_whole, _ending):
        for position, header in enumerate(headers):
            element = read(header)
            if position not in found and element and element not in found.values():
                found[position] = element
    return tuple(Column(position, header, found.get(position)) for position, header in enumerate(headers))


def shared(files_of_columns: Iterable[Sequence[Column]]) -> list[Element]:
    """Return the elements that some file holds, in the order of the list of elements."""
    held = {column.element for columns in files_of_columns for column in columns if column.element}
    return [element for element in dict.fromkeys(elements().values()) if element in held]


def _whole(header: str) -> Element | None:
    return elements().get(plain(header))


def _ending(header: str) -> Element | None:
    bare = plain(header)
    if bare.isascii():
        return None
    known = [name for name in elements() if len(name) >= 2 and not name.isascii() and bare.endswith(name)]
    return elements()[max(known, key=len)] if known else None
