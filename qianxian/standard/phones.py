"""Telephone numbers of the mainland: 电信网编号计划 (工业和信息化部, 2017)."""

import re

from .text import half_width

PREFIX = re.compile(r"^(?:\+|00)?86(?=1[3-9]\d{9}$|0?\d{2,3}\d{7,8}$)")
SHAPES = re.compile(r"1[3-9]\d{9}|0\d{2,3}\d{7,8}|[2-8]\d{6,7}|[48]00\d{7}|1\d{2}|1[02]\d{3}|9\d{4}")
MOBILE = re.compile(r"1[3-9]\d{9}")


def phone(raw: str) -> str | None:
    """
    Return the digits of a number, however it is written; None where it is no telephone number.

    Mobile, fixed line with or without its area code, 400 and 800, short numbers. Several numbers: the first counts.
    """
    for part in re.split(r"[/、,;；，|]|\s{2,}|或", half_width(raw)):
        digits = PREFIX.sub("", re.sub(r"[\s()\-－—–.]", "", re.split("转|#|ext", part, maxsplit=1)[0]))
        if SHAPES.fullmatch(digits):
            return digits
    return None


def is_mobile(number: str) -> bool:
    return MOBILE.fullmatch(number) is not None
