"""What can be wrong with a value: a code that never changes, and its sentences, kept apart from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .sheets import rows


@dataclass(frozen=True, slots=True)
class Wording:
    """One fault or warning in two languages: what is wrong, and what to do."""

    code: str
    severity: str
    sentence: str
    advice: str
    english: str
    english_advice: str

    def said(self, name: str) -> str:
        """Return the whole sentence of an element of this name."""
        return f"{name}{self.sentence}。{self.advice}。"

    def said_in_english(self, name: str) -> str:
        return f"{name}: {self.english}; {self.english_advice}." if name else f"{self.english}; {self.english_advice}."


FAULT, WARNING = "fault", "warning"


@cache
def wordings() -> Mapping[str, Wording]:
    """Return every fault and warning by its code, as `data/faults.csv` has them."""
    return MappingProxyType({row["code"]: Wording(*row.values()) for row in rows("faults")})


@cache
def labels() -> tuple[str, ...]:
    """Return all codes in order, '' for none first: engines of columns keep a code as its place in this list."""
    return ("", *wordings())
