"""Place codes: GB/T 2260 (6 digits) + GB/T 10114 (3) + village code of the statistics bureau (3), and 3 for a grid.

A shorter code contains every longer one that begins with it, so that 990101 (a district) contains 990101001 (a street).
The kind of a place is never inferred from the digits 7 to 12: real tables break that rule (handbook of the field, 3.1).
"""

from collections.abc import Iterator

LENGTHS = (0, 2, 4, 6, 9, 12, 15)


class NotAPlaceCode(ValueError):
    """A place code has 2, 4, 6, 9, 12 or 15 digits."""


def checked(code: str) -> str:
    """
    Return the code as it is kept: trailing groups of zeros of a padded code are dropped.

    :raises NotAPlaceCode: if it has other characters than digits, or a length that no level has
    """
    if len(code) == 12 and code.endswith("000"):
        code = code[:6] if code.endswith("000000") else code[:9]
    if len(code) not in LENGTHS[1:] or not (code.isascii() and code.isdigit()):
        raise NotAPlaceCode(code)
    return code


def around(code: str) -> Iterator[str]:
    """Yield the code and every larger place that contains it, the smallest first, the whole country ('') last."""
    for length in reversed(LENGTHS):
        if length <= len(code):
            yield code[:length]
