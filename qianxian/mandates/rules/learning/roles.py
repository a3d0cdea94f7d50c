"""
What a unit is to a matter: the street's own office, the matter's own community, or a unit of everybody.

Six streets each have an enforcement team; what one of them does tells what the others do. Counting roles instead of
units lets a street with few records learn from the others.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .records import Record
from .units import COMMUNITY, Key, keys, plain

OWN_STREET, OWN_COMMUNITY = "@street:", "@community"
STREET_ENDING = re.compile(r"(?:街道办事处|办事处|街道|镇|乡)$")
COMMUNITY_ENDING = re.compile(r"(?:社区居委会|社区工作站|社区|居委会|村委会|村)$")


class Roles:
    """Turns units into roles and back; made from the spellings of one history."""

    def __init__(self, found: Mapping[str, Key]):
        self._keys = dict(found)
        self._of_street = {(key.host, key.core): unit for unit, key in self._keys.items() if key.host}
        self._of_community = {
            stem_of_community(key.core): unit for unit, key in self._keys.items() if COMMUNITY.search(key.core)
        }

    @classmethod
    def of(cls, unit_of: Mapping[str, str], places: Iterable[str]) -> "Roles":
        """Return the roles of the units behind these spellings."""
        return cls({unit_of[spelling]: key for spelling, key in keys(unit_of, places).items()})

    def role(self, unit: str, record: Record) -> str:
        """Return what a unit is to a record."""
        key = self._keys.get(unit)
        if key is None:
            return unit
        if key.host and key.host == stem_of_street(record.street):
            return f"{OWN_STREET}{key.core}"
        here = stem_of_community(plain(record.community))
        own = bool(here) and bool(COMMUNITY.search(key.core)) and stem_of_community(key.core) == here
        return OWN_COMMUNITY if own else unit

    def unit(self, role: str, record: Record) -> str:
        """Return which unit has a role for a record, '' where the history knows none."""
        if role.startswith(OWN_STREET):
            return self._of_street.get((stem_of_street(record.street), role.removeprefix(OWN_STREET)), "")
        if role == OWN_COMMUNITY:
            return self._of_community.get(stem_of_community(plain(record.community)), "")
        return role

    def is_community(self, unit: str) -> bool:
        """Tell whether a unit is a residents' or villagers' committee or its station."""
        key = self._keys.get(unit)
        return bool(key and COMMUNITY.search(key.core))

    def as_data(self) -> dict[str, list[str]]:
        """Return what a file keeps: host and core of each unit."""
        return {unit: [key.host, key.core] for unit, key in self._keys.items()}

    @classmethod
    def from_data(cls, data: Mapping[str, Sequence[str]]) -> "Roles":
        """Return the roles that a file has kept."""
        return cls({unit: Key(host, core) for unit, (host, core) in data.items()})


def stem_of_street(name: str) -> str:
    """Return 坪山 for 坪山街道."""
    return STREET_ENDING.sub("", plain(name))


def stem_of_community(name: str) -> str:
    """Return 六联 for 六联社区 and 六联社区居委会."""
    return COMMUNITY_ENDING.sub("", name)


class Likelihoods:
    """
    How often each role came of a kind of matter, wide kinds smoothing narrow ones.

    p(role | narrow) = (n(role, narrow) + PRIOR * p(role | wide)) / (n(narrow) + PRIOR), from all matters down to
    topic and street (Dirichlet smoothing). PRIOR was chosen by time-ordered validation inside earlier records.
    """

    PRIOR = 5.0
    KNOWN = 1 / 150

    def __init__(self) -> None:
        self._counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)

    def add(self, record: Record, role: str) -> None:
        """Count one record."""
        for key in _chain(record):
            self._counts[key][role] += 1

    def of(self, record: Record, roles: Iterable[str]) -> dict[str, float]:
        """Return the likelihood of each role for a record."""
        found = dict.fromkeys(roles, self.KNOWN)
        for key in _chain(record):
            counts = self._counts.get(key)
            if counts:
                total = counts.total() + self.PRIOR
                found = {role: (counts[role] + self.PRIOR * p) / total for role, p in found.items()}
        return found

    def as_data(self) -> list[list[Any]]:
        """Return what a file keeps."""
        return [[list(key), dict(counts)] for key, counts in self._counts.items()]

    @classmethod
    def from_data(cls, data: Iterable[Sequence[Any]]) -> "Likelihoods":
        """Return the counts that a file has kept."""
        made = cls()
        for key, counts in data:
            made._counts[tuple(map(str, key))] = Counter({str(role): int(count) for role, count in counts.items()})
        return made

    def seen(self, record: Record) -> Counter[str]:
        """Return the roles seen at the narrowest kind of matter that was seen at all."""
        return next((self._counts[key] for key in reversed(_chain(record)) if key in self._counts), Counter())


def _chain(record: Record) -> list[tuple[str, ...]]:
    widths = [("topic", str(level), topic) for level, topic in enumerate(record.topics) if topic]
    return [("all",), *widths, ("cell", record.topic, record.street)]
