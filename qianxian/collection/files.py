"""Files as offices really send them: text in any of the usual encodings, workbooks old and new; read row by row."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from qianxian.standard.headers import known_headers

from . import workbooks
from .reading import (
    BLOCK,
    LARGEST_CELL,
    MEGABYTE,
    MOST_COLUMNS,
    TITLES,
    Remark,
    Row,
    Rows,
    Table,
    Unreadable,
    column_name,
)
from .rules.columns import SAMPLE, names, plain
from .rules.rows import headers_of

__all__ = ["MEGABYTE", "SAMPLE", "Remark", "Table", "Unreadable", "opened"]

LARGEST_TEXT = 1024 * MEGABYTE
"""A text of any size can be read; more than this is more than one import should take in."""
LONGEST_SAMPLE = 4 * MEGABYTE
"""Characters of the rows by which columns are judged."""
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = (",", ";", "\t", "|")
ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SURELY = 4
"""Chinese characters in a line that can be read as UTF-8: by chance no line of GBK has as many."""
CHINESE = re.compile("[\u4e00-\u9fff]")


@contextmanager
def opened(path: Path, sheet: str = "", *, largest: int | None = None) -> Iterator[Table]:
    """
    Open a file, whatever it is.

    :param sheet: the sheet of a workbook, '' for the first that has anything in it
    :param largest: bytes of a text at most, LARGEST_TEXT where nothing is said
    :raises Unreadable: if it is missing, empty, too large, no table, or of an encoding that nobody knows
    """
    with _bytes_of(path) as (stream, head, size):
        if head.startswith((ZIP, OLD_WORKBOOK)):
            yield _workbook(path, size, new=head.startswith(ZIP), wanted=sheet)
        else:
            yield _text(stream, size, largest or LARGEST_TEXT)


def all_rows(path: Path) -> list[tuple[str, list[tuple[int, Row]]]]:
    """
    Return every sheet of a file with its name, and its filled rows with their numbers; a text is one without a name.

    Each cell of a merged range, a title too, holds the value of the range.

    :raises Unreadable: as `opened` does
    """
    with _bytes_of(path) as (stream, head, size):
        if head.startswith((ZIP, OLD_WORKBOOK)):
            return workbooks.every_sheet(path, size, new=head.startswith(ZIP))
        encoding = _encoding(stream)
        delimiter = _delimiter(stream, encoding)
        lines = io.TextIOWrapper(stream, encoding, newline="")
        return [("", [row for row in _records(lines, delimiter) if any(cell.strip() for cell in row[1])])]


@contextmanager
def _bytes_of(path: Path) -> Iterator[tuple[IO[bytes], bytes, int]]:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(8)
            if not size:
                raise Unreadable("empty")
            yield stream, head, size
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise Unreadable("missing", name=path.name) from error
    except PermissionError as error:
        raise Unreadable("forbidden", name=path.name) from error


def _text(stream: IO[bytes], size: int, largest: int) -> Table:
    if size > largest:
        raise Unreadable("too_large", most=largest // MEGABYTE)
    encoding = _encoding(stream)
    read_so_far = [0]
    lines = io.TextIOWrapper(io.BufferedReader(_Counted(stream, read_so_far)), encoding, newline="")
    delimiter = _delimiter(stream, encoding)
    stream.seek(0)
    table = _table(_records(lines, delimiter))
    table.kind, table.encoding, table.delimiter = "csv", encoding, delimiter
    table.size, table.read_so_far = size, read_so_far
    return table


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
    if _fits(stream, marked or "utf-8"):
        return marked or "utf-8"
    if marked != "utf-16":
        _need_one_encoding(stream)
    if not marked and _fits(stream, "gb18030"):
        return "gb18030"
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


def _need_one_encoding(stream: IO[bytes]) -> None:
    """
    Look for lines in UTF-8 beside lines that are not: files put together from several systems have both.

    :raises Unreadable: if there are both, with the first line of the other encoding
    """
    stream.seek(0)
    other = surely = 0
    for number, line in enumerate(iter(lambda: stream.readline(BLOCK), b""), start=1):
        try:
            surely += not line.isascii() and len(CHINESE.findall(line.decode())) >= SURELY
        except UnicodeDecodeError:
            other = other or number
        if other and surely:
            raise Unreadable("mixed_encodings", row=other)


def _delimiter(stream: IO[bytes], encoding: str) -> str:
    """Return what parts the cells of the first line that has more than one; what stands in quotation marks does not count."""
    stream.seek(0)
    head = codecs.getincrementaldecoder(encoding)().decode(stream.read(64 * 1024))
    stream.seek(0)
    bare = re.sub(r'"(?:[^"]|"")*"', "", head)
    first = next((line for line in bare.splitlines() if any(sign in line for sign in DELIMITERS)), "")
    return max(DELIMITERS, key=first.count)


def _records(lines: Iterable[str], delimiter: str) -> Rows:
    csv.field_size_limit(LARGEST_CELL)
    number = 0
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            if len(row) > MOST_COLUMNS:
                raise Unreadable("too_wide", row=number, most=MOST_COLUMNS)
            yield number, tuple(row)
    except csv.Error as error:
        raise Unreadable("cell_too_large", most=LARGEST_CELL // 1024, row=number + 1) from error


def _workbook(path: Path, size: int, *, new: bool, wanted: str) -> Table:
    read_so_far = [0]
    found = workbooks.sheet(path, size, new=new, wanted=wanted)
    table = _table(_counted(found.rows, read_so_far), found)
    table.kind, table.size, table.read_so_far = "xlsx" if new else "xls", found.height, read_so_far
    return table


def _counted(rows: Rows, read_so_far: list[int]) -> Rows:
    for pair in rows:
        read_so_far[0] += 1
        yield pair


def _table(rows: Rows, sheet: workbooks.Sheet | None = None) -> Table:
    """Find the header, of one row or of two where cells above are merged, and put the rows after it in line."""
    filled = ((number, row) for number, row in rows if any(cell.strip() for cell in row))
    first = _first(filled)
    if not first:
        raise Unreadable("empty")
    at = _header_among([row for _, row in first[:TITLES]])
    top, bottom = _spanned(first, at, sheet)
    notes = sheet.notes if sheet else frozenset()
    after = first[bottom + 1 :]
    body = [(number, row) for number, row in after if number not in notes]
    if not body:
        raise Unreadable("headers_only")
    cells = first[bottom][1] if top == bottom else _joined(first[top][1], first[bottom][1])
    headers = headers_of(cells)
    remarks = [*(sheet.remarks if sheet else ()), *_said_of_header(cells, first[top][0], sheet, two=top != bottom)]
    if sheet:
        remarks += _said_of_body(sheet, first[bottom][0])
    return Table(
        "", "", headers, [row for _, row in body[:SAMPLE]], _chained(body, filled, notes), 0, header_row=first[bottom][0],
        remarks=tuple(remarks),
    )  # fmt: skip


def _spanned(first: list[tuple[int, Row]], at: int, sheet: workbooks.Sheet | None) -> tuple[int, int]:
    """Return the first and the last row of the header: cells that are merged side by side have parts below them."""
    if sheet is None:
        return at, at
    above = at > 0 and len({cell for cell in first[at - 1][1] if cell}) > 1
    if above and workbooks.header_merged(sheet.merged, first[at - 1][0]):
        return at - 1, at
    if at + 1 < len(first) and workbooks.header_merged(sheet.merged, first[at][0]):
        return at, at + 1
    return at, at


def _joined(upper: Row, lower: Row) -> Row:
    """Return headers of two rows as one: 户主 above 姓名 is 户主姓名, and what spans both rows stands once."""
    width = max(len(upper), len(lower))
    tops, bottoms = (*upper, *[""] * (width - len(upper))), (*lower, *[""] * (width - len(lower)))
    return tuple(
        top if top.strip() == bottom.strip() or not bottom.strip() else f"{top.strip()}{bottom.strip()}"
        for top, bottom in zip(tops, bottoms, strict=True)
    )


def _said_of_header(cells: Row, row: int, sheet: workbooks.Sheet | None, *, two: bool) -> Iterator[Remark]:
    name = sheet.name if sheet else ""
    if two:
        yield Remark("merged_header", {"sheet": name, "row": row})
    counts = Counter(cell.strip() for cell in cells if cell.strip())
    for header, times in counts.items():
        if times > 1:
            columns = "、".join(column_name(n) for n, cell in enumerate(cells) if cell.strip() == header)
            yield Remark("duplicate_header", {"sheet": name, "row": row, "header": header, "columns": columns})


def _said_of_body(sheet: workbooks.Sheet, header_row: int) -> Iterator[Remark]:
    below = [begin for begin, _ in sheet.merged if begin[0] >= header_row]
    if below:
        row, column = below[0]
        facts = {"sheet": sheet.name, "cell": f"{column_name(column)}{row + 1}", "count": len(below)}
        yield Remark("merged_cells", facts)
    notes = sorted(row for row in sheet.notes if row > header_row)
    if notes:
        rows = "、".join(map(str, notes[: workbooks.SHOWN]))
        yield Remark("note_rows", {"sheet": sheet.name, "rows": rows, "count": len(notes)})


def _first(filled: Rows) -> list[tuple[int, Row]]:
    """Return the rows to judge columns by; fewer where they are very long."""
    first, held = list[tuple[int, Row]](), 0
    while len(first) < TITLES + SAMPLE and held < LONGEST_SAMPLE and (row := next(filled, None)) is not None:
        first.append(row)
        held += sum(map(len, row[1]))
    return first


def _chained(first: list[tuple[int, Row]], rest: Rows, notes: frozenset[int]) -> Rows:
    yield from first
    yield from ((number, row) for number, row in rest if number not in notes)


def _header_among(rows: list[Row]) -> int:
    """Return which row is the header: the one with the most names that are known, else the first with several cells."""
    known = names().keys() | known_headers()
    counts = [len({plain(cell) for cell in row} & known) for row in rows]
    if max(counts):
        return counts.index(max(counts))
    return next((at for at, row in enumerate(rows) if len({cell for cell in row if cell.strip()}) > 1), 0)
