"""An address as its pieces and the places of the division tree that it names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .divisions import Level, Place, located
from .pieces import Kind, Piece
from .rules import OF_LEVEL, rules

LEVEL_OF = {kind: level for level, kind in OF_LEVEL.items()}


@dataclass(frozen=True, slots=True)
class Address:
    """The pieces in their order, and the places from the province down, empty where they are not certain."""

    pieces: tuple[Piece, ...]
    places: tuple[Place, ...]

    @property
    def code(self) -> str:
        """The place code as far as it is certain: 2 to 12 digits, '' for none."""
        return self.places[-1].code if self.places else ""

    def of(self, kind: Kind) -> tuple[str, ...]:
        """Return the texts of one kind."""
        return tuple(piece.text for piece in self.pieces if piece.kind is kind)


def read(text: str, *, tagger: Callable[[str], Iterable[Piece]] = rules) -> Address:
    """
    Take an address apart.

    :param tagger: who finds the pieces: the rules, or a trained `tagger.Tagger`
    """
    pieces = tuple(tagger(text))
    names = [(LEVEL_OF[piece.kind], piece.text) for piece in pieces if piece.kind in LEVEL_OF]
    return Address(pieces, located(names) if any(level < Level.COMMUNITY for level, _ in names) else ())
