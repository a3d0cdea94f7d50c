"""The headers under which elements come, as they are compared."""

import re
from collections.abc import Set
from functools import cache

from .elements import Element, elements
from .text import half_width


def plain(header: str) -> str:
    """Return a header as it is compared: without spaces, brackets, punctuation and 必填, in small letters."""
    bare = re.sub(r"[\s_\-()\[\]【】*:/.、，,?]+", "", half_width(header)).lower()
    return re.sub("(?:必填|选填)$", "", bare)


@cache
def by_header() -> dict[str, tuple[Element, ...]]:
    """Return the elements for each header under which they may come, those that are named so first."""
    found: dict[str, list[Element]] = {}
    for names in (lambda one: (one.name,), lambda one: one.also):
        for one in elements().values():
            for name in names(one):
                held = found.setdefault(plain(name), [])
                if one not in held:
                    held.append(one)
    return {header: tuple(held) for header, held in found.items()}


@cache
def known_headers() -> Set[str]:
    return by_header().keys()
