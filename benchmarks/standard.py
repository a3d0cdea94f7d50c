"""
Dirty rows of people through the standard, beside hand-written Polars and beside pandas with pandera.

Each in a process of its own, from the same CSV to clean Parquet and faults by row, column and code; the results must be
equal. Goals: 4 times the rows of pandera in a second, 1.3 times the processor of hand-written Polars, under 1 GB; ten
times the rows in 11 times the time (`--large`); a single record in under a millisecond.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks.ground import table
from benchmarks.people import HEADERS, people, write
from qianxian.standard.compiled import Column, outcomes

ROWS = 1_000_000
TODAY = date(2026, 11, 27)
ELEMENTS = (
    "person.citizen_number", "person.name", "person.sex", "person.birth_date", "person.ethnicity", "person.marital",
    "person.education", "person.political", "person.phone", "person.living_address", "resident.head_relation",
    "left_behind.income",
)  # fmt: skip
COLUMNS = tuple(
    Column(header, element, table="marital_jyt1001" if header == "婚姻状况" else "")
    for header, element in zip(HEADERS, ELEMENTS, strict=True)
)
CONTENDERS = {"qianxian": "ours", "Polars by hand": "by_hand", "pandas + pandera": "pandera"}
RECORDS = 2_000


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="qianxian-bench-") as name:
        folder = Path(name)
        write(folder / "people.csv", ROWS)
        measured = {told: _measured(module, folder, "people.csv") for told, module in CONTENDERS.items()}
        rows = [_row(told, ROWS, *figures) for told, figures in measured.items()]
        if "--large" in sys.argv:
            write(folder / "many.csv", 10 * ROWS)
            rows.append(_row("qianxian, 10 times the rows", 10 * ROWS, *_measured("ours", folder, "many.csv")))
        head = ("", "rows/s", "seconds", "CPU s", "peak MB")
        table(f"{ROWS:,} rows of 12 columns, 5 % of the cells at fault, 10 % untidy", head, rows)
        table(
            "results", ("compared with qianxian", "rows", "values that differ", "faults that differ"), _compared(folder)
        )
    table("one record of 12 fields (goal: under 1 ms)", ("", "ms"), [("in a form", f"{_single():.3f}")])


def _row(told: str, rows: int, seconds: float, cpu: float, peak: float) -> tuple[str, ...]:
    return told, f"{rows / seconds:,.0f}", f"{seconds:.1f}", f"{cpu:.1f}", f"{peak:.0f}"


def _measured(module: str, folder: Path, source: str) -> tuple[float, float, float]:
    """Return seconds, seconds of processor and the peak of memory in MB of one contender."""
    began = time.perf_counter()
    out = folder / f"{module}-{source.partition('.')[0]}"
    command = [sys.executable, "-m", f"benchmarks.standard_contenders.{module}", str(folder / source), str(out)]
    running = subprocess.Popen(command)
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise RuntimeError(f"{module} failed")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _compared(folder: Path) -> list[tuple[str, ...]]:
    """Compare every value and every fault (row, column, code) with ours; pandera knows no warnings."""
    mine, wrong = _results(folder / "ours-people")
    found = []
    for told, module in list(CONTENDERS.items())[1:]:
        values, faults = _results(folder / f"{module}-people")
        pairs = mine.join(values, on="row", suffix=" there", maintain_order="left")
        differing = sum(int(pairs[name].ne_missing(pairs[f"{name} there"]).sum()) for name in HEADERS)
        beyond = len(wrong.join(faults, on=["row", "column", "code"], how="anti"))
        beyond += len(faults.join(wrong, on=["row", "column", "code"], how="anti"))
        found.append((told, f"{len(values):,}", str(differing), str(beyond)))
    return found


def _results(out: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    values = pl.read_parquet(out / "clean" / "*.parquet")
    if "citizen_number" in values.columns:
        kept = [name for name in values.columns if not name.endswith(("_source", "_map"))]
        values = values.select(kept).rename(dict(zip(kept[1:], HEADERS, strict=True)))
    faults = pl.read_csv(out / "faults.csv", infer_schema=False, encoding="utf8").rename(
        lambda name: name.strip("\ufeff")
    )
    faults = faults.filter(pl.col("severity") == "fault") if "severity" in faults.columns else faults
    return values.with_columns(pl.col(HEADERS).cast(pl.String)), faults.select(
        pl.col("row").cast(pl.Int64), "column", "code"
    )


def _single() -> float:
    """Return milliseconds for a record in a form."""
    records = people(RECORDS, seed=7).to_dicts()
    outcomes(records[0], COLUMNS, TODAY)
    began = time.perf_counter()
    for record in records:
        outcomes(record, COLUMNS, TODAY)
    return (time.perf_counter() - began) * 1000 / RECORDS


if __name__ == "__main__":
    main()
