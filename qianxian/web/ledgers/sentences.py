"""Why a blank cannot be read or a definition cannot be used: what, where, and what to do, in each language."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from qianxian.ledgers.rules.definition import Fault

if TYPE_CHECKING:
    from qianxian.ledgers.workbooks import Unfit

Pair = tuple[str, str]

UNFIT: dict[str, Pair] = {
    "missing": ("没有找到文件“{name}”，请检查路径。", "There is no file “{name}”: check the path."),
    "empty": ("空表里什么都没有，请换一个带表头的文件。", "The blank is empty: choose one with a header."),
    "no_header": (
        "“{sheet}”里没有认出表头，请保留原来的表头行（至少两列列名）后再试。",
        "No header was found in “{sheet}”: keep the header row, with at least two columns.",
    ),
    "too_large": (
        "文件太大（解开后最多 {most} MB），空表不会这么大；请删去数据和图片后再试。",
        "The file is too large (at most {most} MB unpacked) for a blank: take out data and pictures.",
    ),
    "too_many_rows": (
        "表里有 {rows} 行，超过 {most} 行，像是整列设了格式或带着数据；请删去表头和说明以外的行，另存后再试。",
        "There are {rows} rows, more than {most}: delete the rows other than header and notes, save, and try again.",
    ),
    "encrypted": (
        "工作簿设有打开密码；请去掉密码另存后再试。",
        "The workbook is protected by a password: save it without one and try again.",
    ),
    "old_format": (
        "这是旧格式的 .xls，写不回去；请用表格软件另存为 .xlsx 后再试。",
        "This is the old format .xls, which cannot be filled: save it as .xlsx and try again.",
    ),
    "macros": (
        "工作簿里有宏，不予打开；请另存为不带宏的 .xlsx 后再试。",
        "The workbook holds macros and is not opened: save it as .xlsx without macros and try again.",
    ),
    "no_workbook": ("这不是工作簿，请换成 .xlsx 文件。", "This is no workbook: choose an .xlsx file."),
    "damaged": (
        "工作簿已损坏，打不开；请用原来的软件打开后另存为新的 .xlsx。",
        "The workbook is damaged: open it with the program that made it and save it as a new .xlsx.",
    ),
}
FAULTS: dict[str, Pair] = {
    "bad_code": (
        "编号“{what}”不行：用小写字母、数字和短横线，2 到 40 个字符。",
        "The code “{what}” will not do: small letters, digits and hyphens, 2 to 40 characters.",
    ),
    "lacks": ("没有填写“{where}”。", "“{where}” is missing."),
    "unknown_rows": ("不知道“{what}”是哪一类对象。", "Nobody knows what kind of record “{what}” is."),
    "no_columns": ("一列也没有，至少要有一列。", "There is no column: add at least one."),
    "twice": ("有两列都叫“{where}”，请改其中一列的名字。", "Two columns are called “{where}”: rename one."),
    "no_header": ("有一列没有名字。", "A column has no name."),
    "gone": (
        "“{where}”要的数据元 {what} 已不在数据标准里，请换一个或去掉这一列。",
        "“{where}” asks for {what}, which is no longer in the standard: choose another or drop the column.",
    ),
    "off": (
        "“{where}”要的 {what} 高度敏感，已停用，台账不能要。",
        "“{where}” asks for {what}, which is switched off as most sensitive: no ledger may ask for it.",
    ),
    "of_another": (
        "“{where}”要的 {what} 说的是另一类对象，这张台账的行里没有。",
        "“{where}” asks for {what}, which is said of another kind of record than the rows of this ledger.",
    ),
    "no_number": ("“{where}”要加总的 {what} 不是数字。", "“{where}” adds up {what}, which is no number."),
    "unknown_column": (
        "“{where}”的公式用到了没有的列“{what}”。",
        "The formula of “{where}” uses “{what}”, which is no other column.",
    ),
    "bad_formula": (
        "“{where}”的公式看不懂：只能用 [列名]、数字、加减乘除和括号。",
        "The formula of “{where}” is not understood: use [column], numbers, + - * / and brackets.",
    ),
    "unknown_level": (
        "“{where}”的地点级别只能是社区、街道或区县。",
        "“{where}”: a place is a community, a street or a district.",
    ),
    "no_bound": ("“{what}”的界限要写一个数。", "The bound of “{what}” is one number."),
    "not_understood": (
        "定义里的“{where}”看不懂（{what}），请对照示例改写。",
        "“{where}” of the definition is not understood ({what}): write it as in the example.",
    ),
}
NAMES = {
    "title": "名称", "line": "条线", "asked_by": "要表单位", "article": "依据", "code": "编号", "of": "对象", "columns": "列",
    "where": "筛选条件", "by": "分组",
}  # fmt: skip


def unfit(error: "Unfit") -> Pair:
    """Return the sentence for a blank that cannot be read, in Chinese and in English."""
    return _filled(UNFIT[error.code], error.facts)


def fault(found: Fault) -> Pair:
    """Return the sentence for a fault of a definition, in Chinese and in English."""
    chinese, english = FAULTS[found.code]
    return (
        chinese.format(where=NAMES.get(found.where, found.where), what=found.what),
        english.format(where=found.where, what=found.what),
    )


def told(pair: Pair) -> str:
    """Return a sentence in the reader's language."""
    return pair[0] if (get_language() or "zh").startswith("zh") else pair[1]


def _filled(pair: Pair, facts: dict[str, Any]) -> Pair:
    return pair[0].format(**facts), pair[1].format(**facts)
