"""Who may read which values, and how a value looks to whoever has not said for what he reads it."""

import re
from collections.abc import Callable, Collection

from qianxian.standard import elements as standard
from qianxian.standard.elements import Class, Element, Type

SEALED_TYPES = frozenset({Type.CITIZEN_NUMBER, Type.PHONE})
FIND_BY = frozenset({Type.CITIZEN_NUMBER, Type.PHONE, Type.CREDIT_CODE, Type.IDENTIFIER})
OPEN_TO_ALL = frozenset({Class.OPEN, Class.INSIDE})
COMMON = frozenset({"person.name", "person.sex", "person.living_place", "person.living_address", "person.birth_date"})
WHOLE_RECORD = frozenset({"worker", "street"})
"""Roles that serve a place and so may read what its people need, each time for a purpose."""
BY_AUTHORITY = frozenset({"department"})


def is_sealed(element: Element) -> bool:
    """Tell whether a value is kept enciphered: sensitive personal information (个人信息保护法 art. 28) and numbers."""
    return element.sensitivity in (Class.SENSITIVE, Class.STRICTEST) or element.type in SEALED_TYPES


def may_read(element: Element, role: str, authorities: Collection[str] = ()) -> bool:
    """
    Tell whether a role may read an element in full once a purpose is said.

    :param authorities: the kinds of authority that the reader's unit is; a department reads what it keeps itself
    """
    if not element.on and element.authority not in authorities:
        return False
    if role in WHOLE_RECORD or element.sensitivity in OPEN_TO_ALL:
        return True
    return role in BY_AUTHORITY and (element.authority in authorities or (bool(authorities) and element.code in COMMON))


def masked(element: str, value: str) -> str:
    """Return a value as it stands on a page before a purpose was said."""
    declared = standard.elements().get(element)
    if declared is None or not value:
        return value
    if declared.type in MASKS:
        return MASKS[declared.type](value)
    if is_sealed(declared):
        return "＊＊＊"
    return value


def masked_name(name: str) -> str:
    """Return 林＊＊ of 林晓禾: the surname, and a sign for each further character."""
    return name[:1] + "＊" * (len(name) - 1)


def masked_address(address: str) -> str:
    """Return an address up to its first number: the street or compound, not the door."""
    found = re.match(r"\D*", address)
    street = found[0] if found else ""
    return f"{street}＊＊" if street != address else address


def _number(value: str) -> str:
    return f"{value[:6]}{'＊' * max(0, len(value) - 10)}{value[-4:]}" if len(value) > 10 else "＊" * len(value)


MASKS: dict[Type, Callable[[str], str]] = {
    Type.NAME: masked_name,
    Type.PHONE: lambda value: f"{value[:3]}＊＊＊＊{value[-4:]}" if len(value) > 7 else "＊＊＊",
    Type.CITIZEN_NUMBER: _number,
    Type.ADDRESS: masked_address,
}
