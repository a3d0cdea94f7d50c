"""Workbooks of lists as offices keep them: titles, merged headers, headings, notes; all of our own invention."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

Row = Sequence[object]


def book(path: Path, **sheets: tuple[str, Sequence[Row], Sequence[Row]]) -> Path:
    """Write a workbook; each sheet has a title, header rows, and rows."""
    made = Workbook()
    made.remove(made.active)
    for name, (title, headers, rows) in sheets.items():
        sheet = made.create_sheet(name)
        width = max(map(len, (*headers, *rows, (1, 2))))
        if title:
            sheet.append([title])
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
        for row in (*headers, *rows):
            sheet.append(list(row))
    made.save(path)
    return path


BASIC = (
    "清河街道办事处基本履职事项清单",
    [("序号", "事项名称")],
    [("一、公共服务", ""), (1, "流浪猫"), (2, "暖气不热"), ("备注：本清单自公布之日起执行。", "")],
)
ASSISTING = (
    "清河街道办事处配合履职事项清单",
    [("序号", "配合事项", "职责分工", "", ""), ("", "", "上级部门", "上级部门职责", "街道职责")],
    [
        (1, "违法停车", "公安分局（牵头）、交通局", "查处违法停车", "发现上报"),
        (2, "邻里噪声", "公安分局", "依法查处", "劝导"),
    ],
)
TAKEN_BACK = (
    "清河街道办事处上级部门收回事项清单",
    [("序号", "事项", "承接部门", "工作方式")],
    [(1, "暖气不热", "住建局", "由住建局直接受理")],
)
DEPARTMENT = (
    "公安分局权责清单",
    [("序号", "职权类型", "职权名称", "实施依据", "责任事项", "追责情形")],
    [
        (
            1,
            "行政处罚",
            "对违法停车行为的处罚",
            "《中华人民共和国道路交通安全法》第九十条：" + "机动车驾驶人违反规定停放的，" * 30,
            "立案、调查",
            "不履行职责",
        ),
        (2, "行政检查", "邻里噪声", "《中华人民共和国噪声污染防治法》第八十二条", "", ""),
    ],
)
SELF = ("柳岸社区居委会依法自治事项清单", [("序号", "自治事项")], [(1, "流浪猫")])
HELPING = ("柳岸社区居委会依法协助政府工作事项清单", [("序号", "协助事项", "主管部门")], [(1, "邻里噪声", "公安分局")])
NEGATIVE = ("柳岸社区居委会负面事项清单", [("序号", "事项")], [(1, "违法停车")])
COVER = ("填写说明", [], [("各单位于月底前报送。",)])
