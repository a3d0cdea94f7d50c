"""A file as frames of texts, part by part, so that files larger than memory pass; for whoever works on columns."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from . import files

ROW = "row"
"""The column that holds a row's number as a spreadsheet shows it."""
BLOCK = 24 * files.MEGABYTE
ROWS_AT_ONCE = 100_000
PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a file: a frame of texts by header with the column ROW, and rows with more cells than the header."""

    frame: pl.DataFrame
    too_wide: tuple[int, ...] = ()


@dataclass(frozen=True)
class Frames:
    """A file opened: its headers, some rows to judge columns by, its parts, read once, and what is to be said of it."""

    headers: tuple[str, ...]
    sample: list[tuple[str, ...]]
    parts: Iterator[Part]
    part_read: Callable[[], float]
    remarks: tuple[files.Remark, ...] = ()


@contextmanager
def opened(path: Path, sheet: str = "") -> Iterator[Frames]:
    """
    Open a CSV file, a workbook or a Parquet file.

    :raises Unreadable: as `files.opened` does
    """
    if _is_parquet(path):
        yield _parquet(path)
        return
    with files.opened(path, sheet, largest=path.stat().st_size if path.is_file() else None) as table:
        parts = _text(path, table) if table.kind == "csv" else _rows(table)
        yield Frames(table.headers, table.sample, parts, table.part_read, table.remarks)


def _is_parquet(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == PARQUET


def _parquet(path: Path) -> Frames:
    try:
        lazy = pl.scan_parquet(path)
        headers = tuple(lazy.collect_schema().names())
        count = int(lazy.select(pl.len()).collect().item())
        texts = lazy.select(pl.col(name).cast(pl.String) for name in headers)
        sample = texts.head(files.SAMPLE).fill_null("").collect().rows()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise files.Unreadable("not_parquet") from error
    if not count:
        raise files.Unreadable("headers_only")
    done = [0]

    def parts() -> Iterator[Part]:
        for start in range(0, count, ROWS_AT_ONCE):
            frame = texts.slice(start, ROWS_AT_ONCE).collect()
            done[0] = start + len(frame)
            yield Part(frame.with_columns(pl.int_range(start + 1, done[0] + 1, dtype=pl.Int64).alias(ROW)))

    return Frames(headers, sample, parts(), lambda: done[0] / count)


def _rows(table: files.Table) -> Iterator[Part]:
    while rows := list(islice(table.rows, ROWS_AT_ONCE)):
        yield _framed(table.headers, rows)


def _framed(headers: tuple[str, ...], rows: list[tuple[int, tuple[str, ...]]]) -> Part:
    width = len(headers)
    cells = [row if len(row) == width else (*row[:width], *[""] * (width - len(row))) for _, row in rows]
    columns = dict(zip(headers, zip(*cells, strict=True), strict=True)) if cells else dict.fromkeys(headers, ())
    frame = pl.DataFrame(columns, schema=dict.fromkeys(headers, pl.String))
    numbers = pl.Series(ROW, [number for number, _ in rows], dtype=pl.Int64)
    wide = tuple(number for number, row in rows if any(cell.strip() for cell in row[width:]))
    return Part(frame.with_columns(numbers), wide)


def _text(path: Path, table: files.Table) -> Iterator[Part]:
    """Cut a text into blocks of whole lines; a block in which anything is quoted or ragged is read record by record."""
    if table.encoding.startswith("utf-16"):
        yield from _rows(table)
        return
    with path.open("rb") as file:
        skipped = _after_header(file, table)
        file.seek(skipped)
        row, left = table.header_row, b""
        while block := file.read(BLOCK):
            table.read_so_far[0] = min(table.size, file.tell())
            whole, end, left = (left + block).rpartition(b"\n")
            if b'"' in whole or b"\r" in (whole + end).replace(b"\r\n", b""):
                yield from _slowly(path, table, row)
                return
            if end:
                part, row = _block(whole + end, table, row)
                yield part
        if b'"' in left or b"\r" in left.rstrip():
            yield from _slowly(path, table, row)
        elif left.strip():
            yield _block(left + b"\n", table, row)[0]


def _after_header(file: io.BufferedReader, table: files.Table) -> int:
    """Return the byte after the header."""
    lines = io.TextIOWrapper(io.BytesIO(file.read(2 * files.MEGABYTE)), table.encoding, "replace", newline="")
    reader = csv.reader(lines, delimiter=table.delimiter)
    for _ in range(table.header_row):
        next(reader)
    file.seek(0)
    return sum(len(file.readline()) for _ in range(reader.line_num))


def _block(block: bytes, table: files.Table, row: int) -> tuple[Part, int]:
    """Return the rows of a block of whole lines and the number of its last; rows without a cell count but are left out."""
    utf8 = block if table.encoding.startswith("utf-8") else block.decode(table.encoding).encode()
    header = table.delimiter.join(f"c{n}" for n in range(len(table.headers))).encode()
    try:
        frame = pl.read_csv(
            io.BytesIO(header + b"\n" + utf8), separator=table.delimiter, infer_schema=False, quote_char=None
        )
    except pl.exceptions.PolarsError:
        lines = csv.reader(io.StringIO(utf8.decode(), newline=""), delimiter=table.delimiter, quoting=csv.QUOTE_NONE)
        rows = [(number, tuple(cells)) for number, cells in enumerate(lines, start=row + 1)]
        part = _framed(table.headers, [pair for pair in rows if any(cell.strip() for cell in pair[1])])
        return part, row + block.count(b"\n")
    frame = frame.rename(dict(zip(frame.columns, table.headers, strict=True)))
    frame = frame.with_columns(pl.int_range(row + 1, row + len(frame) + 1, dtype=pl.Int64).alias(ROW))
    return Part(_without_blank_rows(frame, table.headers)), row + block.count(b"\n")


def _without_blank_rows(frame: pl.DataFrame, headers: tuple[str, ...]) -> pl.DataFrame:
    """Leave out rows without a cell; all cells are looked at only where some first cell is blank."""
    blank = [pl.col(header).fill_null("").str.strip_chars() == "" for header in headers]
    if not frame.select(blank[0].any()).item():
        return frame
    return frame.filter(~pl.all_horizontal(blank))


def _slowly(path: Path, table: files.Table, after: int) -> Iterator[Part]:
    """Read records one by one, from the row after `after`."""
    with files.opened(path, largest=table.size) as again:
        rest = (pair for pair in again.rows if pair[0] > after)
        while rows := list(islice(rest, ROWS_AT_ONCE)):
            table.read_so_far[0] = again.read_so_far[0]
            yield _framed(table.headers, rows)
