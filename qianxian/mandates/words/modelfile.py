"""A model as a file: a mark, a header in JSON, bare numbers. Nothing in it can be run; a broken or foreign one is refused."""

import hashlib
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model import Facts, Model

MARK = b"QIANXIAN TOPICS\n"
FORMAT = 2
LARGEST = 512 * 2**20
LARGEST_HEADER = 2**20
MOST_LABELS = 2000
KINDS = {"numbers": "<u8", "rarity": "<f4", "weights": "<f4", "bias": "<f4"}
FACTS = {
    "labels": list, "text_columns": list, "label_column": str, "rows": int, "data_sha256": str, "trained_at": str,
    "sharpness": float, "figures": dict, "confusion": list,
}  # fmt: skip


class NoModel(Exception):
    """A file that is no model of ours: `code` says why (missing, foreign, newer, damaged, too_large)."""

    def __init__(self, code: str, path: Path):
        super().__init__(f"{path}: {code}")
        self.code, self.path = code, path


def save(model: Model, path: Path) -> None:
    """
    Write a model: 16 bytes of mark, 8 of the header's length, the header, then the numbers in the header's order.

    It is written beside and then put in place, so that whoever reads never sees half of it.
    """
    parts = {name: np.ascontiguousarray(getattr(model, name), kind) for name, kind in KINDS.items()}
    body = b"".join(part.tobytes() for part in parts.values())
    header = {
        "format": FORMAT,
        "facts": asdict(model.facts),
        "parts": {name: list(part.shape) for name, part in parts.items()},
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    told = json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(MARK + len(told).to_bytes(8, "little") + told + body)
    beside.replace(path)


def load(path: Path) -> Model:
    """
    Read a model.

    :raises NoModel: if there is none at this path, or it is another kind of file, of a newer format, damaged or too large
    """
    header, body = _read(path)
    try:
        return _model(header, body)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise NoModel("damaged", path) from error


def facts(path: Path) -> Facts:
    """
    Read what a model says of itself.

    :raises NoModel: as `load` does
    """
    return load(path).facts


def _read(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        if path.stat().st_size > LARGEST:
            raise NoModel("too_large", path)
        with path.open("rb") as stream:
            if stream.read(len(MARK)) != MARK:
                raise NoModel("foreign", path)
            length = int.from_bytes(stream.read(8), "little")
            told = stream.read(length) if length <= LARGEST_HEADER else b""
            body = stream.read()
    except OSError as error:
        raise NoModel("missing", path) from error
    try:
        header = json.loads(told)
    except (ValueError, RecursionError) as error:
        raise NoModel("damaged", path) from error
    if not isinstance(header, dict) or not isinstance(header.get("format"), int):
        raise NoModel("damaged", path)
    if header["format"] != FORMAT:
        raise NoModel("newer", path)
    if hashlib.sha256(body).hexdigest() != header.get("sha256"):
        raise NoModel("damaged", path)
    return header, body


def _model(header: dict[str, Any], body: bytes) -> Model:
    """
    Return the model if header and numbers agree.

    :raises KeyError, TypeError, ValueError: if they do not
    """
    told = _facts(header["facts"])
    parts, at = dict[str, NDArray[Any]](), 0
    width, labels = int(header["parts"]["numbers"][0]), len(told.labels)
    shapes = {"numbers": [width], "rarity": [2 * width], "weights": [2 * width, labels], "bias": [labels]}
    if header["parts"] != shapes or width < 1:
        raise ValueError("shapes")
    for name, shape in shapes.items():
        count = math.prod(shape)
        parts[name] = np.frombuffer(body, KINDS[name], count, at).reshape(shape)
        at += parts[name].nbytes
    if at != len(body) or not all(np.isfinite(parts[name]).all() for name in ("rarity", "weights", "bias")):
        raise ValueError("numbers")
    if not (parts["numbers"][1:] > parts["numbers"][:-1]).all():
        raise ValueError("order")
    return Model(told, **parts)


def _facts(told: dict[str, Any]) -> Facts:
    """
    Return the facts, each of its kind.

    :raises KeyError, TypeError, ValueError: if one is missing or of another kind
    """
    for name, kind in FACTS.items():
        if not isinstance(told[name], kind) and not (kind is float and isinstance(told[name], int)):
            raise TypeError(name)
    labels, columns = tuple(map(_short, told["labels"])), tuple(map(_short, told["text_columns"]))
    if not 2 <= len(labels) <= MOST_LABELS or len(set(labels)) != len(labels):
        raise ValueError("labels")
    sure = told["sure"] if told["sure"] is None else float(told["sure"])
    figures = {_short(name): float(value) for name, value in told["figures"].items()}
    return Facts(
        labels, columns, told["label_column"], told["rows"], told["data_sha256"], told["trained_at"],
        float(told["sharpness"]), sure, figures, _confusion(told["confusion"], len(labels)),
    )  # fmt: skip


def _confusion(told: list[Any], labels: int) -> tuple[tuple[int, ...], ...]:
    found = tuple(tuple(map(int, row)) for row in told)
    if found and {len(found), *map(len, found)} != {labels}:
        raise ValueError("confusion")
    return found


def _short(text: Any) -> str:
    if not isinstance(text, str) or not 0 < len(text) <= 200:
        raise ValueError("text")
    return text
