from collections.abc import Callable, Collection
from typing import Any, Generic, TypeVar

from .. import rules
from ..models import Organisation, Place, Revision

Read = TypeVar("Read")


def revisions() -> dict[str, int]:
    """Return how often each body of reference data was changed: one small statement."""
    return dict(Revision.objects.values_list("name", "number"))


EVERYTHING_KEPT: "list[Kept[Any]]" = []


class Kept(Generic[Read]):
    """Reference data kept in memory and read anew when its revision moved, in whichever process it was changed."""

    def __init__(self, name: str, read: Callable[[], Read]):
        self._name, self._read = name, read
        EVERYTHING_KEPT.append(self)
        self._held: tuple[int, Read] | None = None

    def at(self, known: dict[str, int]) -> Read:
        """Return the data of the given revisions."""
        number = known.get(self._name, 0)
        if self._held is None or self._held[0] != number:
            self._held = (number, self._read())
        return self._held[1]

    def forget(self) -> None:
        """Read anew next time: after a change was rolled back, its revision may come again with another meaning."""
        self._held = None


def _read_directory() -> rules.Directory:
    return rules.directory(
        [(organisation.as_rule(), organisation.aliases) for organisation in Organisation.objects.all()],
        [(place.as_rule(), place.aliases) for place in Place.objects.defer("outline")],
    )


_directory = Kept("register", _read_directory)


def directory(known: dict[str, int] | None = None) -> rules.Directory:
    """Return every organisation and place, as of the given revisions."""
    return _directory.at(revisions() if known is None else known)


def outlines(area: str) -> list[Place]:
    """Return the places inside an area that have an outline to draw."""
    return list(Place.objects.filter(code__startswith=area).exclude(outline=None))


def phones(bodies: Collection[str]) -> dict[str, str]:
    """Return the telephone number of each of these organisations that has one."""
    held = Organisation.objects.filter(code__in=bodies).exclude(phone="")
    return dict(held.values_list("code", "phone"))
