"""Addresses whose pieces people have marked, and how well a tagger finds them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .pieces import Kind, Piece, Tags, pieces

Marked = tuple[str, Tags]
"""A text and a tag for each of its characters."""
KINDS = frozenset(map(str, Kind))


class BadCorpus(ValueError):
    """A line is no characters with their tag; `line` counts from 1, 0 where the file holds nothing."""

    def __init__(self, line: int, said: str):
        super().__init__(f"{line}: {said}")
        self.line, self.said = line, said


def read(path: Path) -> list[Marked]:
    """
    Read a file of lines `CHARACTERS TAG`, with an empty line after each address.

    :raises BadCorpus: at the first line that is none, or if there is no address
    """
    found: list[Marked] = []
    characters: list[str] = []
    said: Tags = []
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadCorpus(0, "utf-8") from error
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            token, _, tag = line.rpartition(" ")
            characters.append(_some(token, number, line))
            known = _known(tag, number, line)
            said += [known, *[f"I-{known[2:]}" if known != "O" else "O"] * (len(token) - 1)]
        elif characters:
            found.append(("".join(characters), said))
            characters, said = [], []
    if not found:
        raise BadCorpus(0, "")
    return found


def _some(token: str, number: int, line: str) -> str:
    if not token:
        raise BadCorpus(number, line)
    return token


def _known(tag: str, number: int, line: str) -> str:
    said = tag[:2] + tag[2:].lower()
    if said != "O" and (said[:2] not in ("B-", "I-") or said[2:] not in KINDS):
        raise BadCorpus(number, line)
    return said


@dataclass(frozen=True, slots=True)
class Score:
    """How many pieces were marked, found, and found with the same bounds and kind."""

    marked: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.marked) if self.found + self.marked else 0.0


def score(marked: Iterable[Marked], tagger: Callable[[str], Iterable[Piece]]) -> tuple[Score, dict[str, Score]]:
    """Return how well a tagger does on marked addresses, over all and by kind."""
    there: Counter[str] = Counter()
    said: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for text, expected in marked:
        true, found = set(pieces(text, expected)), set(tagger(text))
        there.update(piece.kind.value for piece in true)
        said.update(piece.kind.value for piece in found)
        right.update(piece.kind.value for piece in true & found)
    by_kind = {kind: Score(there[kind], said[kind], right[kind]) for kind in sorted(there.keys() | said.keys())}
    return Score(there.total(), said.total(), right.total()), by_kind
