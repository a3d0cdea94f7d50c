"""A whole file through the standard: clean Parquet, faults, a profile; taken up again after a stop, never half."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import polars as pl

from qianxian.standard.compiled import Column
from qianxian.standard.faults import FAULT, WARNING

from .cleaning import FAULT_COLUMNS, Cleaner
from .profile import Profile, duplicates, profiled
from .report import page

STATE = "state.json"


class Part(Protocol):
    """Some rows of a file: texts by header with the column `row`, and rows with more cells than the header."""

    @property
    def frame(self) -> pl.DataFrame: ...
    @property
    def too_wide(self) -> tuple[int, ...]: ...


@dataclass
class Summary:
    """What became of a file: rows, faults and warnings by code, and the parts that were done before a stop."""

    rows: int = 0
    parts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    """Cells at fault (`fault:HEADER`) and with a warning (`warning:HEADER`); empty ones are not at fault."""
    taken_up: int = 0
    profile: Profile | None = None


class OutIsTaken(Exception):
    """The folder for the result holds something else already."""


class MissingColumns(Exception):
    """The specification names headers that the file does not have."""

    def __init__(self, missing: Sequence[str], headers: Sequence[str]):
        super().__init__("、".join(missing))
        self.missing, self.headers = tuple(missing), tuple(headers)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of one part: rows; faults and warnings by code; cells as in `Summary`."""

    rows: int
    faults: dict[str, int]
    warnings: dict[str, int]
    cells: dict[str, int]


Carrier = Callable[[Iterable[tuple[int, Part]], Cleaner, Path], Iterator[Counts]]
"""Cleans numbered parts into a work folder and tells what became of each, in their order."""


def run(
    parts: Iterable[Part],
    headers: Sequence[str],
    columns: Sequence[Column],
    out: Path,
    *,
    today: date,
    key: str,
    replace: bool = False,
    profile: bool = True,
    title: str = "",
    follow: Callable[[int], None] = lambda _: None,
    carrier: Carrier | None = None,
) -> Summary:
    """
    Clean a file into the folder `out`: clean/part-*.parquet, faults.csv, profile.json, profile.html, summary.json.

    All is written beside `out` and moved there when it is whole. A run that was stopped goes on where it stood, if
    `key` (what the input is), the columns and the day are the same.

    :param carrier: who cleans the parts: this process, or a cluster

    :raises OutIsTaken: if `out` exists and may not be replaced
    :raises MissingColumns: if a header of the specification is not in the file
    """
    ready(columns, headers, out, replace=replace)
    work = out.with_name(f".{out.name}.unfinished")
    identity = hashlib.sha256(repr((key, tuple(columns), today)).encode()).hexdigest()
    summary = _begun(work, identity)
    cleaner = Cleaner(columns, today)
    undone = ((number, part) for number, part in enumerate(parts) if number >= summary.parts)
    for counts in (carrier or here)(undone, cleaner, work):
        _count(counts, work, summary, identity)
        follow(summary.rows)
    _finish(work, cleaner, summary, profile=profile, title=title)
    if out.exists():
        shutil.rmtree(out)
    work.rename(out)
    return summary


def ready(columns: Sequence[Column], headers: Sequence[str], out: Path, *, replace: bool) -> None:
    """
    Check what a run needs before anything is begun.

    :raises OutIsTaken, MissingColumns: as `run` does
    """
    missing = [column.header for column in columns if column.header not in headers]
    if missing:
        raise MissingColumns(missing, headers)
    if out.exists() and not replace:
        raise OutIsTaken(str(out))


def _begun(work: Path, identity: str) -> Summary:
    """Take a stopped run up if it was the same, else begin anew."""
    try:
        state = json.loads((work / STATE).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        state = {}
    if state.get("identity") == identity:
        faults, warnings, cells = (Counter(state[name]) for name in ("faults", "warnings", "cells"))
        return Summary(state["rows"], state["parts"], faults, warnings, cells, taken_up=state["parts"])
    shutil.rmtree(work, ignore_errors=True)
    (work / "clean").mkdir(parents=True)
    (work / "faults").mkdir()
    return Summary()


def here(parts: Iterable[tuple[int, Part]], cleaner: Cleaner, work: Path) -> Iterator[Counts]:
    """Clean parts one after another in this process."""
    for number, part in parts:
        yield clean_part(cleaner, part.frame, part.too_wide, number, work)


def clean_part(cleaner: Cleaner, frame: pl.DataFrame, too_wide: Sequence[int], number: int, work: Path) -> Counts:
    """Write the clean values and the faults of one part; a second one who does it writes the same."""
    cleaned = cleaner.clean(frame, too_wide)
    with whole(work / "clean" / f"part-{number:05}.parquet") as path:
        cleaned.values.write_parquet(path, compression="lz4")
    with whole(work / "faults" / f"part-{number:05}.csv") as path:
        cleaned.faults.sort("row", maintain_order=True).write_csv(path, include_header=False)
    faults, warnings = (
        dict(cleaned.faults.filter(pl.col("severity") == severity)["code"].value_counts().iter_rows())
        for severity in (FAULT, WARNING)
    )
    by_cell = cleaned.faults.filter(pl.col("code") != "missing").select(
        pl.concat_str("severity", pl.lit(":"), "column").alias("cell")
    )
    return Counts(len(frame), faults, warnings, dict(by_cell["cell"].value_counts().iter_rows()))


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a name to write under; the file bears its own when it is whole, so that no half is ever read."""
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _count(counts: Counts, work: Path, summary: Summary, identity: str) -> None:
    """Add one part; it counts from the moment at which the state says so."""
    summary.faults.update(counts.faults)
    summary.warnings.update(counts.warnings)
    summary.cells.update(counts.cells)
    summary.rows += counts.rows
    summary.parts += 1
    state = {
        "identity": identity, "rows": summary.rows, "parts": summary.parts, "faults": summary.faults,
        "warnings": summary.warnings, "cells": summary.cells,
    }  # fmt: skip
    with whole(work / STATE) as path:
        path.write_text(json.dumps(state), "utf-8")


def _finish(work: Path, cleaner: Cleaner, summary: Summary, *, profile: bool, title: str) -> None:
    twice = duplicates(work, cleaner.columns, cleaner.names)
    summary.faults.update({"duplicate": twice} if twice else {})
    with (work / "faults.csv").open("wb") as whole:
        whole.write(("\ufeff" + ",".join(FAULT_COLUMNS) + "\n").encode())
        for path in sorted((work / "faults").glob("part-*.csv")):
            with path.open("rb") as part:
                shutil.copyfileobj(part, whole)
    if profile:
        summary.profile = profiled(work, cleaner.columns, cleaner.names, summary.rows, summary.cells)
        told = json.dumps(asdict(summary.profile), ensure_ascii=False, indent=1)
        (work / "profile.json").write_text(told, "utf-8")
        (work / "profile.html").write_text(page(summary.profile, summary.faults, summary.warnings, title), "utf-8")
    faults, warnings = (dict(sorted(counts.items())) for counts in (summary.faults, summary.warnings))
    totals = {"rows": summary.rows, "faults": faults, "warnings": warnings}
    (work / "summary.json").write_text(json.dumps(totals, ensure_ascii=False, indent=1), "utf-8")
    for folder in ("faults", "stage"):
        shutil.rmtree(work / folder, ignore_errors=True)
    (work / STATE).unlink(missing_ok=True)
