"""`--map COLUMN=FIELD`, as several commands take it."""

from collections.abc import Iterable


def given_columns(maps: Iterable[str]) -> dict[str, str]:
    """Return field by header; without a sign the whole is taken for a header of no field, and refused as such."""
    given = {}
    for part in maps:
        header, sign, field = part.rpartition("=")
        given[(header if sign else field).strip()] = field.strip().lower() if sign else "?"
    return given
