"""Files as offices really send them: text in any of the usual encodings, workbooks old and new; read row by row."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from .rules.columns import SAMPLE, names, plain
from .rules.rows import headers_of

MEGABYTE = 2**20
LARGEST_TEXT = 1024 * MEGABYTE
LARGEST_WORKBOOK = 32 * MEGABYTE
LARGEST_UNPACKED = 512 * MEGABYTE
"""A workbook is read whole: this much of it, unpacked, takes about twice as much memory."""
LARGEST_CELL = MEGABYTE
MOST_COLUMNS = 400
BLOCK = MEGABYTE
LONGEST_SAMPLE = 4 * MEGABYTE
TITLES = 10
"""Rows at the top among which the header is looked for: a title and a note often stand above it."""
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = (",", ";", "\t", "|")
ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Unreadable(Exception):
    """A file that cannot be read; `code` names the sentence, `facts` fill it."""

    def __init__(self, code: str, **facts: Any):
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass
class Table:
    """A file opened: its headers, the first rows to judge columns by, and all rows with their numbers, read once."""

    kind: str
    encoding: str
    headers: tuple[str, ...]
    sample: list[tuple[str, ...]]
    rows: Iterator[tuple[int, tuple[str, ...]]]
    size: int
    read_so_far: list[int] = field(default_factory=lambda: [0])
    """Bytes of a text, or rows of a workbook, out of `size`."""

    def part_read(self) -> float:
        """Return how much of the file has been read, from 0 to 1."""
        return min(1.0, self.read_so_far[0] / self.size) if self.size else 1.0


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """
    Open a file, whatever it is.

    :raises Unreadable: if it is missing, empty, too large, no table, or of an encoding that nobody knows
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(8)
            if not size:
                raise Unreadable("empty")
            if head.startswith((ZIP, OLD_WORKBOOK)):
                yield _workbook(path, size, new=head.startswith(ZIP))
            else:
                yield _text(stream, size)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise Unreadable("missing", name=path.name) from error
    except PermissionError as error:
        raise Unreadable("forbidden", name=path.name) from error


def _text(stream: IO[bytes], size: int) -> Table:
    if size > LARGEST_TEXT:
        raise Unreadable("too_large", most=LARGEST_TEXT // MEGABYTE)
    encoding = _encoding(stream)
    read_so_far = [0]
    lines = io.TextIOWrapper(io.BufferedReader(_Counted(stream, read_so_far)), encoding, newline="")
    stream.seek(0)
    rows = _records(lines, _delimiter(stream, encoding))
    return _table("csv", encoding, rows, size, read_so_far)


class _Counted(io.RawIOBase):
    """A stream that tells how much of it was read, for the progress bar."""

    def __init__(self, stream: IO[bytes], so_far: list[int]):
        self._stream, self._so_far = stream, so_far

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        self._so_far[0] += len(block)
        return len(block)


def _encoding(stream: IO[bytes]) -> str:
    """Return the encoding in which the whole file can be read; UTF-8 is tried first, as it fails where it is not."""
    stream.seek(0)
    head = stream.read(BLOCK)
    marked = next((encoding for mark, encoding in MARKS if head.startswith(mark)), "")
    if not marked and b"\x00" in head[:4096] and not _mostly_text(head):
        raise Unreadable("binary")
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        if _fits(stream, encoding):
            return encoding
    raise Unreadable("encoding")


def _mostly_text(head: bytes) -> bool:
    return head.count(b"\x00") * 1000 < len(head) or head.count(b"\x00") == 1


def _fits(stream: IO[bytes], encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := stream.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _delimiter(stream: IO[bytes], encoding: str) -> str:
    """Return what parts the cells of the first line that has more than one; what stands in quotation marks does not count."""
    stream.seek(0)
    head = codecs.getincrementaldecoder(encoding)().decode(stream.read(64 * 1024))
    stream.seek(0)
    bare = re.sub(r'"(?:[^"]|"")*"', "", head)
    first = next((line for line in bare.splitlines() if any(sign in line for sign in DELIMITERS)), "")
    return max(DELIMITERS, key=first.count)


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    csv.field_size_limit(LARGEST_CELL)
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            if len(row) > MOST_COLUMNS:
                raise Unreadable("too_wide", row=number, most=MOST_COLUMNS)
            yield number, tuple(row)
    except csv.Error as error:
        raise Unreadable("cell_too_large", most=LARGEST_CELL // 1024) from error


def _workbook(path: Path, size: int, *, new: bool) -> Table:
    if size > LARGEST_WORKBOOK:
        raise Unreadable("workbook_too_large", most=LARGEST_WORKBOOK // MEGABYTE)
    if new:
        _need_a_harmless_archive(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
        sheet = next((sheet for sheet in sheets if sheet.height), None)
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("not_a_workbook") from error
    if sheet is None:
        raise Unreadable("empty")
    first = (sheet.start or (0, 0))[0] + 1
    read_so_far = [0]
    return _table("xlsx" if new else "xls", "", _sheet_rows(sheet, first, read_so_far), sheet.height, read_so_far)


def _sheet_rows(sheet: CalamineSheet, first: int, read_so_far: list[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, row in enumerate(sheet.iter_rows(), start=first):
        read_so_far[0] += 1
        yield number, tuple(map(written, row))


def _need_a_harmless_archive(path: Path) -> None:
    """
    Unpack without keeping anything and count: what an archive says of its own size may be a lie.

    :raises Unreadable: if more comes out than is ever read
    """
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as packed:
                    while block := packed.read(BLOCK):
                        total += len(block)
                        if total > LARGEST_UNPACKED:
                            raise Unreadable("unpacks_too_large", most=LARGEST_UNPACKED // MEGABYTE)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable("not_a_workbook") from error


def written(value: Any) -> str:
    """Return the cell of a workbook as a person sees it: whole numbers without a fraction, dates in ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta | int) else ""


def _table(
    kind: str, encoding: str, rows: Iterator[tuple[int, tuple[str, ...]]], size: int, read_so_far: list[int]
) -> Table:
    filled = ((number, row) for number, row in rows if any(cell.strip() for cell in row))
    first = _first(filled)
    if not first:
        raise Unreadable("empty")
    at = _header_among([row for _, row in first[:TITLES]])
    body = first[at + 1 :]
    if not body:
        raise Unreadable("headers_only")
    headers = headers_of(first[at][1])
    return Table(kind, encoding, headers, [row for _, row in body[:SAMPLE]], _chained(body, filled), size, read_so_far)


def _first(filled: Iterator[tuple[int, tuple[str, ...]]]) -> list[tuple[int, tuple[str, ...]]]:
    """Return the rows to judge columns by; fewer where they are very long."""
    first, held = list[tuple[int, tuple[str, ...]]](), 0
    while len(first) < TITLES + SAMPLE and held < LONGEST_SAMPLE and (row := next(filled, None)) is not None:
        first.append(row)
        held += sum(map(len, row[1]))
    return first


def _chained(
    first: list[tuple[int, tuple[str, ...]]], rest: Iterator[tuple[int, tuple[str, ...]]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    yield from first
    yield from rest


def _header_among(rows: list[tuple[str, ...]]) -> int:
    """Return which row is the header: the one with the most names that are known, else the first."""
    counts = [sum(plain(cell) in names() for cell in row) for row in rows]
    return counts.index(max(counts))
