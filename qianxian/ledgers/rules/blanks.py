"""How a department's blank is built: title, header, the rows to fill, the notes below, the legend of codes in them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Place = tuple[int, int]
"""Row and column of a cell, both counted from 1."""
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column."""

LOOKED_THROUGH = 20
"""Rows at the top among which the header is looked for."""
DEEPEST = 4
"""Rows of a header at most."""
NOTE = re.compile(
    r"^\s*(?:填表|填报|制表|审核|复核|单位|负责人|经办|说明|备注|注|附注|联系人)[^，。]{0,8}[:：]|^\s*(?:注|说明)|盖章"
)
TOTAL = re.compile(r"^(?:合计|总计|小计|共计|总数)$")
NUMBERS = re.compile(r"^(?:\d{1,2}|[甲乙丙丁戊])$")


class NoHeader(ValueError):
    """No row of the sheet looks like a header."""

    def __init__(self, sheet: str):
        super().__init__(sheet)
        self.sheet = sheet


@dataclass(frozen=True)
class Grid:
    """One sheet as it stands: texts and formulas by place, merged ranges, lists from which a column may choose."""

    name: str
    cells: Mapping[Place, str]
    merged: tuple[Range, ...] = ()
    choices: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @property
    def width(self) -> int:
        return max((column for _, column in self.cells), default=0)

    def row(self, number: int) -> dict[int, str]:
        """Return the filled cells of a row by column; a merged range counts at its first cell."""
        return {c: text for c in range(1, self.width + 1) if (text := self.cells.get((number, c), "").strip())}


@dataclass(frozen=True)
class Option:
    """One choice of a legend: the sign that is to be filled in and what it means."""

    sign: str
    meaning: str


@dataclass(frozen=True)
class Heading:
    """One column: its place, its headers from top to bottom, a formula it is worked out by, the choices it offers."""

    column: int
    path: tuple[str, ...]
    formula: str = ""
    legend: tuple[Option, ...] = ()

    @property
    def name(self) -> str:
        return "/".join(self.path)


@dataclass(frozen=True)
class CrossCheck:
    """A note that two columns must agree: of this table, or of another that is named."""

    column: int
    other_table: str
    other_column: int
    text: str


@dataclass(frozen=True)
class Blank:
    """One sheet understood. Rows are counted from 1; the rows to fill are `first_row` to `last_row`, both included."""

    name: str
    title: str
    header: tuple[int, int]
    headings: tuple[Heading, ...]
    first_row: int
    last_row: int
    notes: tuple[str, ...]
    checks: tuple[CrossCheck, ...]


def understood(grid: Grid) -> Blank:
    """
    Return how a sheet is built.

    :raises NoHeader: if no row looks like a header
    """
    first, last = _header(grid)
    first_row = last + 1
    if _is_numbering(grid.row(first_row)):
        first_row += 1
    notes_from = _notes_from(grid, first_row)
    notes = tuple(text for number in range(notes_from, grid.height + 1) for text in grid.row(number).values())
    legends = legends_in(notes)
    headings = tuple(_heading(grid, column, first, last, first_row, legends) for column in _columns(grid, first, last))
    return Blank(
        grid.name, _title(grid, first), (first, last), headings, first_row, max(first_row, notes_from - 1), notes,
        tuple(checks_in((*notes, *(text for n in range(1, first) for text in grid.row(n).values())))),
    )  # fmt: skip


def _header(grid: Grid) -> tuple[int, int]:
    """Return the first and the last row of the header."""
    rows = range(1, min(grid.height, LOOKED_THROUGH) + 1)
    best = max(rows, key=lambda number: (_likeness(grid, number), -number), default=0)
    if not best or _likeness(grid, best) < 2:
        raise NoHeader(grid.name)
    first = last = best
    while first > 1 and last - first + 1 < DEEPEST and _covers_below(grid, first - 1):
        first -= 1
    reach = max((range_[2] for range_ in grid.merged if first <= range_[0] <= last), default=last)
    last = max(last, min(reach, first + DEEPEST - 1))
    while last - first + 1 < DEEPEST and _covers_below(grid, last):
        last += 1
    return first, last


def _likeness(grid: Grid, number: int) -> float:
    """Return how much a row looks like a header: short distinct texts, no notes, side by side."""
    texts = [text for text in grid.row(number).values() if not NUMBERS.match(text)]
    if any(NOTE.search(text) and len(text) > 6 for text in texts):
        return 0
    short = {
        text for text in texts if len(text) <= 30 and not text.startswith("=") and not re.fullmatch(r"[\d.\-/]+", text)
    }
    return len(short)


def _covers_below(grid: Grid, number: int) -> bool:
    """Tell whether cells of a row are merged side by side over filled cells of the next row, and it is no title."""
    if len(grid.row(number)) < 2 or len(grid.row(number + 1)) < 1:
        return False
    wide = [one for one in grid.merged if one[2] == number and one[3] > one[1] and (one[0], one[1]) in grid.cells]
    below = grid.row(number + 1)
    return any(sum(column in below for column in range(one[1], one[3] + 1)) > 1 for one in wide)


def _is_numbering(row: Mapping[int, str]) -> bool:
    """Tell whether a row only numbers the columns (栏次)."""
    counted = [text for text in row.values() if not text.startswith("栏")]
    return len(counted) > 2 and all(NUMBERS.match(text) for text in counted)


def _columns(grid: Grid, first: int, last: int) -> list[int]:
    return [c for c in range(1, grid.width + 1) if any(_text_at(grid, (row, c)) for row in range(first, last + 1))]


def _text_at(grid: Grid, place: Place) -> str:
    """Return the text that is seen at a cell: that of its merged range."""
    row, column = place
    for top, left, bottom, right in grid.merged:
        if top <= row <= bottom and left <= column <= right:
            return grid.cells.get((top, left), "").strip()
    return grid.cells.get(place, "").strip()


def _heading(
    grid: Grid, column: int, first: int, last: int, first_row: int, legends: Mapping[str, tuple[Option, ...]]
) -> Heading:
    path: list[str] = []
    for row in range(first, last + 1):
        text = re.sub(r"\s+", "", _text_at(grid, (row, column)))
        if text and (not path or path[-1] != text):
            path.append(text)
    below = grid.cells.get((first_row, column), "")
    legend = _legend_of(path, legends) or tuple(Option(one, one) for one in grid.choices.get(column, ()))
    return Heading(column, tuple(path), below if below.startswith("=") else "", legend)


def _legend_of(path: list[str], legends: Mapping[str, tuple[Option, ...]]) -> tuple[Option, ...]:
    named = bare(path[-1]) if path else ""
    whole = bare("".join(path))
    for title, options in legends.items():
        if title in (named, whole) or (
            min(len(title), len(named)) >= 4 and (named.endswith(title) or title.endswith(named))
        ):
            return options
    return ()


def _notes_from(grid: Grid, first_row: int) -> int:
    """Return the first row below the rows to fill: a note, a total, or the row after the last."""
    for number in range(first_row, grid.height + 1):
        row = grid.row(number)
        texts = list(row.values())
        if texts and (
            any(NOTE.search(text) for text in texts[:2])
            or any(TOTAL.match(re.sub(r"\s", "", text)) for text in texts[:2])
            or (len(texts) == 1 and len(texts[0]) > 12 and _spans(grid, number))
        ):
            return number
    return grid.height + 1


def _spans(grid: Grid, number: int) -> bool:
    return any(one[0] == number and one[3] - one[1] >= 2 for one in grid.merged)


def _title(grid: Grid, first: int) -> str:
    """Return the title: of the lone texts above the header the one that names a table, else the longest short one."""
    above = [text for number in range(1, first) for text in grid.row(number).values()]
    texts = [re.sub(r"\s+", "", text) for text in above if not re.search(r"[:：]", text)]
    named = [
        text
        for text in texts
        if re.search(r"(?:台[账帐]|表|册|清单|名单)[一二三四五六七八九十]*(?:[（(].*[)）])?$", text)
    ]
    longest = max(named or [text for text in texts if len(text) <= 40], key=len, default="")
    return longest or grid.name


SIGNS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
SIGN = re.compile(
    rf"([{SIGNS}]|[(（]\d{{1,2}}[)）]|(?<![\d.])\d{{1,2}}(?=[.、\-—:：=](?!\d))[.、\-—:：=]|(?<![\dA-Za-z])[A-Z](?=[.、\-:：])[.、\-:：])"
)
TITLED = re.compile(
    r"(?:^|\n|[;；。:：]\s*)\s*(?:\d{1,2}\s*[.、．]\s*)?[“\"”《]?(?!填表|填报|说明|备注|注[:：])([^\s:：;；。①-⒇\d][^:：;；。\n①-⒇]{1,20}?)[”\"》]?(?:栏|列|一栏|代码)?\s*[:：]\s*(?=[①⑴(（]|\d{1,2}[.、\-—:：=]|[A-Z][.、\-:：])"
)


def legends_in(notes: Iterable[str]) -> dict[str, tuple[Option, ...]]:
    """Return the legends that stand in notes: for each header, plain, the signs and what each means."""
    text = "\n".join(notes)
    starts = list(TITLED.finditer(text))
    found: dict[str, tuple[Option, ...]] = {}
    for begin, end in zip(starts, [*starts[1:], None], strict=False):
        body = text[begin.end() : end.start() if end else len(text)]
        options = _options(body)
        if len(options) > 1:
            found[bare(begin[1])] = options
    return found


def _options(body: str) -> tuple[Option, ...]:
    parts = SIGN.split(re.sub(r"[\s\u3000]+", " ", body))
    found = []
    for sign, meaning in zip(parts[1::2], parts[2::2], strict=True):
        said = meaning.strip(" ；;，,。、")
        if said:
            found.append(Option(sign.rstrip(".、-—:：="), said))
    return tuple(found)


EQUAL = re.compile(
    r"(?:本表)?第\s*(\d{1,2})\s*[栏列][^第。；;\n]{0,6}?(?:同|与|和|等于|应等于)[^第。；;\n]{0,3}?[《“]?([^第《》“”。；;\n]{0,30}?)[》”]?第\s*(\d{1,2})\s*[栏列]"
    r"(?:[^。；;\n]{0,6}(?:相等|一致|相同|相符))?"
)
SAME = re.compile(r"同\s*[《“]?([^第《》“”。；;\n]{2,30}?)[》”]?第\s*(\d{1,2})\s*[栏列]\s*(?:相等|一致|相同|相符)")


def checks_in(notes: Iterable[str]) -> Iterable[CrossCheck]:
    """Yield the notes that demand that two columns agree (第3栏与《某表》第2栏相等, 同某表第2栏相等)."""
    for note in notes:
        spans = []
        for found in EQUAL.finditer(note):
            spans.append(found.span())
            yield CrossCheck(int(found[1]), found[2].strip("，, "), int(found[3]), found[0])
        for found in SAME.finditer(note):
            if not any(begin <= found.start() < end for begin, end in spans):
                yield CrossCheck(0, found[1], int(found[2]), found[0])


def bare(text: str) -> str:
    """Return a header as it is compared with a legend's: without spaces, brackets and signs."""
    return re.sub(r"[\s\u3000()（）【】\[\]“”\"《》*＊、，,.．:：]+", "", text)
