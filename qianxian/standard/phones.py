"""Telephone numbers of the mainland: 电信网编号计划 (工业和信息化部, 2017)."""

import re

from .engines.python import function
from .programs import phones

MOBILE = re.compile(phones.MOBILE)
_read = function(phones.phone(("fold", "trim")))


def phone(raw: str) -> str | None:
    """
    Return the digits of a number, however it is written; None where it is no telephone number.

    Mobile, fixed line with or without its area code, 400 and 800, short numbers. Of two numbers the first that is one.
    """
    return _read(raw).value or None


def is_mobile(number: str) -> bool:
    return MOBILE.fullmatch(number) is not None
