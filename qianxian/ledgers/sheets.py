"""
A ledger as a workbook of its own: the same cells always give the same bytes.

Cells are written as text that stands in place (`inlineStr`), so none is ever reckoned by the reader's program; what a
column has become is kept with the records (`Frame.kept`), so that of 248 ledgers each name is written once.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, repeat
from typing import Any
from xml.sax.saxutils import escape

from .rules.definition import Column, Definition, Way
from .rules.derivation import Table, derive, source_of
from .rules.frames import Frame, Frames

MOMENT = (1980, 1, 1, 0, 0, 0)
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LEVEL = 1
CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))
TITLE, HEAD, BODY, NUMBER = 1, 2, 3, 4
EMPTY = f'<c s="{BODY}"/>'
LONGEST_CELL = 32_767

TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/>{more}</Relationships>'
)
STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{NS}">'
    '<fonts count="3"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="16"/><name val="黑体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left style="thin"/>'
    '<right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
    '<alignment horizontal="center" vertical="center"/></xf>'
    '<xf numFmtId="0" fontId="2" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">'
    '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def workbook(table: Table, *, area: str, period: str) -> bytes:
    """Return a ledger that was worked out as the bytes of a workbook."""
    columns = [_written(values) for values in table.columns]
    return _packed(_sheet(table.definition, columns, table.count, area, period), table.definition.title)


def workbook_of(one: Definition, frames: Frames, *, area: str, period: str) -> tuple[bytes, int]:
    """
    Return a ledger as a workbook straight from the records, and how many rows: for many ledgers of one area.

    The bytes are those of `workbook(derive(…))`.
    """
    listed = not one.by and not any(column.way in (Way.COUNT, Way.SUM, Way.FORMULA) for column in one.columns)
    if not listed:
        table = derive(one, frames, period)
        return workbook(table, area=area, period=period), table.count
    frame = frames.of(one.entity)
    mask = frame.mask(one.of, one.where)
    chosen, count = frame.as_bytes(mask), frame.how_many(mask)
    columns = [_chosen(column, frame, chosen, count, period) for column in one.columns]
    return _packed(_sheet(one, columns, count, area, period), one.title), count


def _chosen(column: Column, frame: Frame, chosen: bytes, count: int, period: str) -> Iterable[str]:
    if column.way is Way.NUMBER:
        return map(_cell, range(1, count + 1))
    if column.way is Way.PERIOD:
        return repeat(_cell(period), count)
    key = (column.way, column.element, column.code, column.as_code)
    if key not in frame.kept:
        source = source_of(column, frame)
        frame.kept[key] = _written(source) if source is not None else [EMPTY] * frame.count
    return compress(frame.kept[key], chosen)


def _written(values: Sequence[Any]) -> Sequence[str]:
    known = {value: _cell(value) for value in set(values)}
    return [known[value] for value in values]


def _cell(value: Any) -> str:
    if isinstance(value, (int, float)):
        return f'<c s="{NUMBER}"><v>{value}</v></c>'
    return _text(value, BODY) if value else EMPTY


def _text(value: str, style: int) -> str:
    said = escape(value[:LONGEST_CELL].translate(CONTROLS))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _sheet(one: Definition, columns: Sequence[Iterable[str]], count: int, area: str, period: str) -> Iterator[bytes]:
    width = len(columns)
    yield (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{NS}"><sheetPr><pageSetUpPr fitToPage="1"/>'
        "</sheetPr>"
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols>{"".join(_width(at, each) for at, each in enumerate(one.columns, 1))}</cols>'
        f'<sheetData><row r="1" ht="30" customHeight="1">{_text(one.title, TITLE)}</row>'
        f'<row r="2">{_text(f"{area}　{period}　{one.asked_by}　依据：{one.article}", 0)}</row>'
        f'<row r="3" ht="32" customHeight="1">{"".join(_text(each.name, HEAD) for each in one.columns)}</row>'
    ).encode()
    if width:
        yield "".join(
            ["<row>" + "</row><row>".join(map("".join, zip(*columns, strict=True))) + "</row>"] if count else []
        ).encode()
    merged = f'<mergeCells count="1"><mergeCell ref="A1:{_letters(width)}1"/></mergeCells>' if width > 1 else ""
    yield (
        f"</sheetData>{merged}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.2" footer="0.2"/>'
        f'<pageSetup paperSize="9" orientation="{"landscape" if one.landscape else "portrait"}" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    ).encode()


def _width(at: int, column: Column) -> str:
    wide = {
        "person.citizen_number": 21,
        "person.living_address": 34,
        "person.registered_address": 34,
        "person.phone": 14,
    }
    width = wide.get(column.element, max(8, min(24, 2 * len(column.path[-1]) + 4)))
    return f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'


def _letters(width: int) -> str:
    found = ""
    while width:
        width, letter = divmod(width - 1, 26)
        found = chr(65 + letter) + found
    return found


def _packed(sheet: Iterable[bytes], title: str) -> bytes:
    name = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:31].strip() or "台账"
    book = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<workbook xmlns="{NS}" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/></sheets><definedNames>'
        f'<definedName name="_xlnm.Print_Titles" localSheetId="0">\'{escape(name)}\'!$1:$3</definedName></definedNames></workbook>'
    )
    styles = (
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
        'Target="styles.xml"/>'
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for member, content in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", RELATIONS.format(kind="officeDocument", target="xl/workbook.xml", more="")),
            ("xl/workbook.xml", book),
            (
                "xl/_rels/workbook.xml.rels",
                RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml", more=styles),
            ),
            ("xl/styles.xml", STYLES),
            ("xl/worksheets/sheet1.xml", b"".join(sheet)),
        ):
            info = zipfile.ZipInfo(member, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            archive.writestr(info, content, compresslevel=LEVEL)
    return held.getvalue()
