"""What a file or a row lacks, in one sentence of each language: what, where, and what to do."""

from typing import Any

from django.utils.translation import get_language

from qianxian.collection.files import Remark, Unreadable
from qianxian.collection.rules.columns import Field, NoWords, UnknownColumn, UnknownField
from qianxian.collection.rules.rows import Fault
from qianxian.mandates.queries import NothingInForce
from qianxian.matters.rules.intake import NoGovernment

Pair = tuple[str, str]

UNREADABLE: dict[str, Pair] = {
    "missing": (
        "没有找到文件“{name}”，请检查路径。",
        "There is no file “{name}”: check the path.",
    ),
    "forbidden": ("没有读取“{name}”的权限。", "There is no permission to read “{name}”."),
    "empty": ("文件是空的，请换一个有内容的文件。", "The file is empty: choose one with rows in it."),
    "headers_only": (
        "文件只有表头，没有一行数据，请检查是否导出完整。",
        "The file has a header and no row: check whether the export is whole.",
    ),
    "binary": (
        "这不是表格文件，请另存为 CSV 或 xlsx 后再试。",
        "This is no table: save it as CSV or xlsx and try again.",
    ),
    "encoding": (
        "认不出文件的文字编码，请另存为“CSV UTF-8”后再试。",
        "The encoding of the text is unknown: save the file as “CSV UTF-8” and try again.",
    ),
    "too_large": (
        "文件超过 {most} MB，请分成几个文件导入。",
        "The file is larger than {most} MB: split it.",
    ),
    "workbook_too_large": (
        "工作簿超过 {most} MB，请另存为 CSV 再导入（CSV 可以大得多）。",
        "The workbook is larger than {most} MB: save it as CSV, which may be much larger.",
    ),
    "unpacks_too_large": (
        "工作簿解开后超过 {most} MB，不予读取；如果确是数据，请另存为 CSV。",
        "The workbook unpacks to more than {most} MB and is not read; if it is data indeed, save it as CSV.",
    ),
    "not_a_workbook": (
        "工作簿已损坏，打不开；请用原来的软件打开后另存为新的 xlsx 或 CSV。",
        "The workbook is damaged: open it with the program that made it and save it as a new xlsx or CSV.",
    ),
    "too_many_rows": (
        "超过 {most} 行，请按时间分成几个文件。",
        "There are more than {most} rows: split the file by time.",
    ),
    "encrypted": (
        "工作簿设有打开密码；请去掉密码另存后再试。",
        "The workbook is protected by a password: save it without one and try again.",
    ),
    "formula_not_computed": (
        "表“{sheet}”的 {cells} 是没有算过的公式，没有结果可读；请用表格软件打开、保存一次再试。",
        "{cells} of sheet “{sheet}” are formulas that were never worked out: open the workbook, save it, and try again.",
    ),
    "several_sheets": (
        "工作簿里有 {count} 张同样表头的表（{sheets}），不知道该读哪一张；请合并成一张，或指明表名（命令行用 --sheet）。",
        "{count} sheets have the same header ({sheets}): put them together, or name one (on the command line by --sheet).",
    ),
    "no_such_sheet": (
        "工作簿里没有“{sheet}”这张表；有：{sheets}。",
        "There is no sheet “{sheet}”; there are: {sheets}.",
    ),
    "mixed_encodings": (
        "第 {row} 行的文字编码与别的行不同，文件像是几份拼起来的；请分别另存为“CSV UTF-8”再合并。",
        "Line {row} is in another encoding than other lines: the file was put together from several. "
        "Save each as “CSV UTF-8” first.",
    ),
    "not_parquet": ("Parquet 文件已损坏，读不出来；请重新导出。", "The Parquet file is damaged: export it again."),
    "too_wide": (
        "第 {row} 行超过 {most} 列，不像一张表；请检查分隔符和引号。",
        "Row {row} has more than {most} columns, which is no table: check delimiters and quotation marks.",
    ),
    "cell_too_large": (
        "第 {row} 行有一格文字超过 {most} KB，多半是少了一个引号；请检查后再试。",
        "A cell of row {row} holds more than {most} kB, most likely for a missing quotation mark: check and try again.",
    ),
}
REMARKS: dict[str, Pair] = {
    "other_sheets": (
        "只读了表“{sheet}”；工作簿里还有：{others}，没有读。",
        "Only sheet “{sheet}” is read; the workbook also holds {others}, which are not.",
    ),
    "hidden_rows": (
        "表“{sheet}”有 {count} 行是隐藏的（第 {rows} 行），也一并读入；不要的请先删除。",
        "{count} rows of sheet “{sheet}” are hidden (rows {rows}) and are read too: delete them first if they are not meant.",
    ),
    "formula_errors": (
        "表“{sheet}”有 {count} 格公式出错（{cells}），按错误处理；请改好公式再导出。",
        "{count} formulas of sheet “{sheet}” came to errors ({cells}) and count as faults: mend them and export again.",
    ),
    "merged_header": (
        "表“{sheet}”的表头从第 {row} 行起分两行，已合并成一行列名。",
        "The header of sheet “{sheet}” takes two rows from row {row}; they were read as one.",
    ),
    "duplicate_header": (
        "第 {row} 行的表头里“{header}”重复（{columns} 列），后面的已加上序号。",
        "The header “{header}” stands twice in row {row} (columns {columns}); later ones were numbered.",
    ),
    "merged_cells": (
        "表“{sheet}”有 {count} 处合并单元格（从 {cell} 起），合并的内容已填入其中每一格。",
        "Sheet “{sheet}” has {count} merged cells (from {cell}); each of their cells was given the content.",
    ),
    "note_rows": (
        "表“{sheet}”的第 {rows} 行等 {count} 行是横贯全表的说明，没有当作数据。",
        "{count} rows of sheet “{sheet}” (rows {rows}) are notes across the table and were not taken for data.",
    ),
}
FAULTS: dict[tuple[str, str], Pair] = {
    ("words", "empty"): ("没有写诉求内容", "it does not say what is wanted"),
    ("words", "too_long"): ("诉求内容超过两万字", "the words are longer than 20,000 characters"),
    ("time", "future"): ("时间“{value}”还没有到", "the time “{value}” lies in the future"),
    ("time", "absurd"): ("时间“{value}”太早，不可能", "the time “{value}” is too long ago"),
    ("time", "not_a_time"): ("“{value}”不是能认出的时间", "“{value}” is no time that can be read"),
    ("exit", "unknown"): ("没有“{value}”这种不派单类型", "there is no exit “{value}”"),
    ("key", "given_twice"): (
        "编号“{value}”在文件里重复，先前那行也没有收下",
        "the number “{value}” stands here twice, and the first row was not taken in either",
    ),
    ("place", "unknown"): ("地点不在本区名录里", "the place is not in the directory"),
    ("topic", "unknown"): ("事项编码不存在", "there is no such topic"),
    ("place", "unknown_place"): (
        "“{value}”不在本区地名里，先交区级协调",
        "“{value}” is no place of this district: it goes to the district first",
    ),
    ("topic", "no_topic"): (
        "看不出属于哪个事项，由派驻干部或街道认领",
        "no topic can be told: the posted cadre or the street takes it",
    ),
    ("phone", "not_a_phone"): (
        "电话号码认不出，按原样留存",
        "the telephone number cannot be read and is kept as written",
    ),
}
ANY_FAULT: Pair = ("“{field}”的“{value}”不在可选范围内", "“{value}” is no value of “{field}”")
FIELDS: dict[str, Pair] = {
    Field.WORDS: ("诉求内容", "words"),
    Field.SUBJECT: ("标题", "subject"),
    Field.TOPIC: ("事项", "topic"),
    Field.PLACE: ("地点（街道、社区）", "place"),
    Field.SETTING: ("场所", "setting"),
    Field.ADDRESS: ("详细地址", "address"),
    Field.KIND: ("诉求类型", "kind"),
    Field.CHANNEL: ("渠道", "channel"),
    Field.NAME: ("姓名", "name"),
    Field.PHONE: ("电话", "telephone"),
    Field.TIME: ("时间", "time"),
    Field.KEY: ("编号", "number"),
    Field.URGENT: ("紧急", "urgent"),
    Field.EXIT: ("不派单类型", "exit"),
}
Refusal = (Unreadable, NoWords, UnknownColumn, UnknownField, NothingInForce, NoGovernment)
"""Why a whole file cannot be taken in."""


def refusal(error: Exception) -> Pair:
    """Return why a file cannot be taken in; an error without a sentence is one of the program and is raised again."""
    match error:
        case Unreadable():
            return _filled(UNREADABLE[error.code], **error.facts)
        case NoWords():
            return (
                "找不到写诉求内容的列，请指明是哪一列（命令行用 --map 列名=words）。",
                "No column says what is wanted: name it (on the command line by --map COLUMN=words).",
            )
        case UnknownColumn():
            facts = {"header": error.header, "headers": "、".join(error.headers[:30])}
            return _filled(
                ("文件里没有“{header}”这一列；有：{headers}。", "There is no column “{header}”; there are: {headers}."),
                **facts,
            )
        case UnknownField():
            facts = {"field": error.field, "fields": "、".join(Field)}
            return _filled(
                ("没有“{field}”这个字段；可以用：{fields}。", "There is no field “{field}”; there are: {fields}."),
                **facts,
            )
        case NothingInForce() | NoGovernment():
            return (
                "还没有生效的权责清单或区级单位，无法派单；请先导入清单。",
                "No register is in force, or no district office is entered: import a register first.",
            )
    raise error


def remark(found: Remark) -> Pair:
    """Return what is to be said of a file that can be read."""
    return _filled(REMARKS[found.code], **found.facts)


def fault(found: Fault) -> Pair:
    """Return what is wrong with a row."""
    names = FIELDS.get(found.field, (found.field, found.field))
    pair = FAULTS.get((found.field, found.code), ANY_FAULT)
    return pair[0].format(field=names[0], value=found.value), pair[1].format(field=names[1], value=found.value)


def here(pair: Pair) -> str:
    """Return the sentence of the reader's language."""
    return pair[1] if (get_language() or "").startswith("en") else pair[0]


def _filled(pair: Pair, **facts: Any) -> Pair:
    return pair[0].format(**facts), pair[1].format(**facts)
