"""
A tagger of addresses trained on marked ones: a conditional random field over the features of each character.

A model is one file: a line of JSON that says what it is (format, edition of the features, hash of the data, day,
figures, hash of the rest), then the weights as CRFsuite keeps them. Reading it runs no code.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pycrfsuite

from .corpus import Marked, score
from .features import EDITION, collapsed, features, spread, tokens
from .pieces import Piece, Tags, pieces
from .rules import rules

FORMAT = "qianxian-addresses-1"
LONGEST_HEADER = 65_536
LARGEST_MODEL = 400 * 2**20
WEIGHTS = b"lCRF"
EVERY = 20
"""One of so many addresses is kept from training, to say how good the model is."""


class BadModel(ValueError):
    """The file is no model of this version; `code` is foreign, damaged or other_edition."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Header:
    """What a model says of itself; `f1` was measured on addresses that it was not trained on."""

    format: str
    edition: int
    data: str
    trained: str
    addresses: int
    held_out: int
    f1: float
    rules_f1: float
    weights: str


class Tagger:
    """A model read from its file; called with an address it returns the pieces."""

    def __init__(self, header: Header, weights: bytes):
        self.header = header
        self._weights = weights  # the tagger reads from this memory
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(weights)

    def __call__(self, text: str) -> tuple[Piece, ...]:
        if not text:
            return ()
        found = self._tagger.tag(features(text, rules(text)))
        return pieces(text, spread([_plain(tag) for tag in found], tokens(text)))


def train(
    marked: Sequence[Marked], data: bytes, model: Path, *, today: date, follow: Callable[[int], None] = lambda _: None
) -> Header:
    """
    Train on marked addresses and write the model; one of EVERY is held out to measure it.

    :param data: the file of the addresses, whose hash the model names
    """
    held_out, taught = marked[::EVERY], [one for n, one in enumerate(marked) if n % EVERY]
    weights = _weights(taught or marked, follow)
    unmeasured = Header(
        FORMAT, EDITION, hashlib.sha256(data).hexdigest(), today.isoformat(), len(taught), len(held_out), 0.0, 0.0,
        hashlib.sha256(weights).hexdigest(),
    )  # fmt: skip
    f1, rules_f1 = (round(score(held_out, by)[0].f1, 4) for by in (Tagger(unmeasured, weights), rules))
    header = Header(**(asdict(unmeasured) | {"f1": f1, "rules_f1": rules_f1}))
    fresh = model.with_name(f".{model.name}.unfinished")
    fresh.write_bytes(json.dumps(asdict(header)).encode() + b"\n" + weights)
    fresh.replace(model)
    return header


class _Trainer(pycrfsuite.Trainer):  # type: ignore[misc]  # the package carries no types
    follow: Callable[[int], None] = staticmethod(lambda _: None)

    def message(self, message: str) -> None:
        if message.startswith("***** Iteration #"):
            self.follow(int(message.split("#")[1].split()[0]))


def _weights(marked: Sequence[Marked], follow: Callable[[int], None]) -> bytes:
    trainer = _Trainer(algorithm="lbfgs", verbose=False)
    trainer.follow = follow
    trainer.set_params({
        "c1": 0.03, "c2": 0.1, "max_iterations": ITERATIONS, "feature.possible_transitions": True, "feature.minfreq": 2,
    })  # fmt: skip
    for text, expected in marked:
        trainer.append(features(text, rules(text)), _with_ends(collapsed(expected, tokens(text))))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights"
        trainer.train(str(path))
        return path.read_bytes()


ITERATIONS = 100


def _with_ends(found: Tags) -> Tags:
    """Return tags that also say where a piece ends (E-) and that it is one token (S-): ends tell more than beginnings."""
    result = []
    for tag, after in zip(found, [*found[1:], "O"], strict=True):
        ends = tag != "O" and after != f"I-{tag[2:]}"
        result.append(f"{'S' if tag[0] == 'B' else 'E'}-{tag[2:]}" if ends else tag)
    return result


def _plain(tag: str) -> str:
    return tag if tag == "O" else f"{'B' if tag[0] in 'BS' else 'I'}-{tag[2:]}"


def load(path: Path) -> Tagger:
    """
    Read a model.

    :raises BadModel: if the file is none (foreign), was changed or cut (damaged), or is of other features
        (other_edition)
    """
    if path.stat().st_size > LARGEST_MODEL:
        raise BadModel("foreign")
    with path.open("rb") as stream:
        header = _header(stream.readline(LONGEST_HEADER))
        weights = stream.read()
    if hashlib.sha256(weights).hexdigest() != header.weights or not weights.startswith(WEIGHTS):
        raise BadModel("damaged")
    return Tagger(header, weights)


def _header(line: bytes) -> Header:
    try:
        said: Any = json.loads(line)
    except ValueError as error:
        raise BadModel("foreign") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise BadModel("foreign")
    if said.get("edition") != EDITION:
        raise BadModel("other_edition")
    try:
        return Header(**said)
    except TypeError as error:
        raise BadModel("damaged") from error
