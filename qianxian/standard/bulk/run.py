"""A whole file through the standard: clean Parquet, faults, a profile; taken up again after a stop, never half."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

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
) -> Summary:
    """
    Clean a file into the folder `out`: clean/part-*.parquet, faults.csv, profile.json, profile.html, summary.json.

    All is written beside `out` and moved there when it is whole. A run that was stopped goes on where it stood, if
    `key` (what the input is), the columns and the day are the same.

    :raises OutIsTaken: if `out` exists and may not be replaced
    :raises MissingColumns: if a header of the specification is not in the file
    """
    missing = [column.header for column in columns if column.header not in headers]
    if missing:
        raise MissingColumns(missing, headers)
    if out.exists() and not replace:
        raise OutIsTaken(str(out))
    work = out.with_name(f".{out.name}.unfinished")
    identity = hashlib.sha256(repr((key, tuple(columns), today)).encode()).hexdigest()
    summary = _begun(work, identity)
    cleaner = Cleaner(columns, today)
    for number, part in enumerate(parts):
        if number >= summary.parts:
            _do(cleaner, part, number, work, summary, identity)
        follow(summary.rows)
    _finish(work, cleaner, summary, profile=profile, title=title)
    if out.exists():
        shutil.rmtree(out)
    work.rename(out)
    return summary


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


def _do(cleaner: Cleaner, part: Part, number: int, work: Path, summary: Summary, identity: str) -> None:
    """Clean one part; it counts from the moment at which the state says so."""
    cleaned = cleaner.clean(part.frame, part.too_wide)
    cleaned.values.write_parquet(work / "clean" / f"part-{number:05}.parquet", compression="lz4")
    cleaned.faults.sort("row", maintain_order=True).write_csv(
        work / "faults" / f"part-{number:05}.csv", include_header=False
    )
    for severity, counts in ((FAULT, summary.faults), (WARNING, summary.warnings)):
        found = cleaned.faults.filter(pl.col("severity") == severity)["code"].value_counts()
        counts.update(dict(found.iter_rows()))
    by_cell = cleaned.faults.filter(pl.col("code") != "missing").select(
        pl.concat_str("severity", pl.lit(":"), "column").alias("cell")
    )
    summary.cells.update(dict(by_cell["cell"].value_counts().iter_rows()))
    summary.rows += len(part.frame)
    summary.parts = number + 1
    state = {
        "identity": identity, "rows": summary.rows, "parts": summary.parts, "faults": summary.faults,
        "warnings": summary.warnings, "cells": summary.cells,
    }  # fmt: skip
    fresh = work / f"{STATE}.new"
    fresh.write_text(json.dumps(state), "utf-8")
    fresh.replace(work / STATE)


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
    totals = {"rows": summary.rows, "faults": summary.faults, "warnings": summary.warnings}
    (work / "summary.json").write_text(json.dumps(totals, ensure_ascii=False, indent=1), "utf-8")
    shutil.rmtree(work / "faults")
    (work / STATE).unlink(missing_ok=True)
