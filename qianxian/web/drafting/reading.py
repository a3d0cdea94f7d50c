"""A workbook of lists read against the register as it is: what the page and the command share."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qianxian.collection import files
from qianxian.kernel.lazily import lazily
from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.crosswalks import Labels
from qianxian.mandates.rules.sheet_reading import Known, Reading, read
from qianxian.mandates.rules.sheets import Fault, Sheet
from qianxian.register import queries as register

if TYPE_CHECKING:
    from qianxian.web.drafting import marking
else:
    marking = lazily("qianxian.web.drafting.marking")


def read_file(path: Path, *, valid_from: datetime, body: str = "") -> tuple[list[Sheet], Reading]:
    """
    Return the sheets of a file, and what they say.

    :param body: the code of the unit whose lists they are, where title and sheet name none
    :raises files.Unreadable: if it is no file that can be read
    """
    sheets = [Sheet(name, tuple(rows)) for name, rows in files.all_rows(path)]
    known = register.revisions()
    tree, directory = mandates.topics(known), register.directory(known)
    against = Known(directory, tree, Labels(tree, mandates.crossings(known)), valid_from, body)
    return sheets, read(sheets, against)


def write_marked(file: Path, copy: Path, sheets: Sequence[Sheet], reading: Reading) -> None:
    """Write the copy of a file that says at each place what is wrong."""
    marking.mark(file, copy, sheets, reading.sheets, reading.faults, said)


def said(fault: Fault) -> str:
    """Return what is wrong and what to do, in one sentence."""
    near = _("、").join(fault.candidates)
    sentences = {
        "topic_unknown": _("没有认出“%(value)s”是哪个事项，请在“对应事项”里填编码。"),
        "topic_unclear": _("“%(value)s”不止一个事项叫这个名字，请在“对应事项”里填其中一个编码。"),
        "body_unknown": _("名录里没有“%(value)s”这个单位，请改用名录里的名称或者别名。"),
        "no_body": _("标题和表里都没有写明是哪个单位的清单，请在标题写全称，或者导入时指定单位。"),
        "several_leads": _("写了几个部门（%(value)s），请在牵头的那个后面注明“（牵头）”。"),
        "power_unknown": _("职权类型“%(value)s”不在十类之内。"),
        "place_unknown": _("没有认出地区“%(value)s”，请用名录里的名称。"),
        "setting_unknown": _("没有认出场所“%(value)s”。"),
        "too_long": _("依据太长，超过 200 个字。请写法律法规的名称和条款。"),
        "empty": _("这一格不能空着。"),
        "given_twice": _("编号“%(value)s”重复了。"),
        "committee_leads": _("居（村）委会只协助、不主责。"),
        "gives_nothing": _("这一条既没有职责，也没有权力或保障。"),
        "not_a_date": _("日期“%(value)s”认不出，请写成 2026-01-01。"),
    }
    sentence = sentences.get(fault.code, _("“%(value)s”不在可选范围内。")) % {"value": fault.value}
    return sentence + (_("可能是：%(near)s。") % {"near": near} if near else "")
