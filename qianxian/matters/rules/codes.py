"""Tracking codes as people read, dictate and type them."""

import re
import unicodedata

DATE = 6
MISREAD = str.maketrans("OIL", "011")


def plain_code(typed: str) -> str:
    """
    Return a tracking code as it is kept: any case, any width, spaces and dashes dropped.

    The date in front holds digits only, so that an O there is a zero and an I or L a one.
    """
    bare = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", typed).upper())
    return bare[:DATE].translate(MISREAD) + bare[DATE:]


def in_groups(code: str) -> str:
    """Return a code as it is read aloud: the date, then twice four characters."""
    return " ".join(part for part in (code[:6], code[6:10], code[10:]) if part)
