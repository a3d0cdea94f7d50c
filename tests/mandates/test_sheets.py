"""The lists as offices keep them become articles, or say row by row what is wrong."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from qianxian.collection.files import all_rows
from qianxian.mandates import actions
from qianxian.mandates.rules.crosswalks import Crossing, Labels, Match
from qianxian.mandates.rules.sheet_reading import Known, read
from qianxian.mandates.rules.sheets import Sheet
from qianxian.mandates.rules.topic_tree import Topic, TopicTree
from qianxian.register import queries as register
from qianxian.web.drafting.reading import read_file, write_marked
from tests.books import ASSISTING, BASIC, COVER, DEPARTMENT, HELPING, NEGATIVE, SELF, TAKEN_BACK, book
from tests.town import CATS, HEATING, MONDAY, NOISE, PARKING

pytestmark = pytest.mark.usefixtures("everything")


def said(path: Path, body: str = "") -> tuple[list[tuple[object, ...]], list[tuple[str, int, str]]]:
    """Return number, list, body, duty and topic of each line, and sheet, row and code of each fault."""
    _, reading = read_file(path, valid_from=MONDAY, body=body)
    lines = [(c["number"], c["list_kind"], c["body_id"], c["duty"], c["topic_id"]) for c in reading.columns]
    return lines, [(fault.sheet, fault.row, fault.code) for fault in reading.faults]


FORMS = [
    (BASIC, [("清河街道办事处基本-001", "basic", "st", "lead", CATS), ("清河街道办事处基本-002", "basic", "st", "lead", HEATING)]),
    (ASSISTING, [
        ("清河街道办事处配合-001", "assisting", "st", "assist", PARKING),
        ("清河街道办事处配合-001-主", "assisting", "ga", "lead", PARKING),
        ("清河街道办事处配合-001-主1", "assisting", "jt", "assist", PARKING),
        ("清河街道办事处配合-002", "assisting", "st", "assist", NOISE),
        ("清河街道办事处配合-002-主", "assisting", "ga", "lead", NOISE),
    ]),
    (TAKEN_BACK, [("清河街道办事处收回-001", "taken_back", "zj", "lead", HEATING)]),
    (DEPARTMENT, [
        ("公安分局权责-001", "department", "ga", "lead", PARKING), ("公安分局权责-002", "department", "ga", "", NOISE),
    ]),
    (SELF, [("柳岸社区居委会自治-001", "self_government", "cm", "", CATS)]),
    (HELPING, [("柳岸社区居委会协助-001", "community_assist", "cm", "assist", NOISE)]),
    (NEGATIVE, [("柳岸社区居委会负面-001", "negative", "cm", "", PARKING)]),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "expected"), FORMS)
def test_each_form_is_known_by_its_columns_and_its_title(tmp_path, sheet, expected):
    assert said(book(tmp_path / "清单.xlsx", 表=sheet)) == (expected, [])


def test_several_lists_in_one_workbook_with_a_cover_are_read_at_once(tmp_path):
    path = book(tmp_path / "清单.xlsx", 说明=COVER, 基本履职=BASIC, 配合履职=ASSISTING, 收回=TAKEN_BACK)
    lines, faults = said(path)
    assert (len(lines), faults) == (8, [])
    _, reading = read_file(path, valid_from=MONDAY)
    assert [(t.name, t.form and t.form.value, t.rows, t.left_aside) for t in reading.sheets] == [
        ("说明", None, 0, 2), ("基本履职", "basic", 2, 2), ("配合履职", "assisting", 2, 0), ("收回", "taken_back", 1, 0),
    ]  # fmt: skip


def test_the_powers_of_a_department_come_from_the_kind_and_a_long_basis_is_kept_by_its_laws(tmp_path):
    _, reading = read_file(book(tmp_path / "清单.xlsx", 表=DEPARTMENT), valid_from=MONDAY)
    assert [(one["powers"], one["basis"]) for one in reading.columns] == [
        (["enforcement"], "《中华人民共和国道路交通安全法》第九十条"),
        (["enforcement", "entry"], "《中华人民共和国噪声污染防治法》第八十二条"),
    ]


def test_a_merged_cell_counts_for_each_row_that_it_spans(tmp_path):
    path = tmp_path / "清单.xlsx"
    made = Workbook()
    sheet = made.active
    for row in [
        ("清河街道办事处上级部门收回事项清单", "", "", ""), ("序号", "事项", "承接部门", "工作方式"),
        (1, "暖气不热", "住建局", "直接受理"), (2, "邻里噪声", "", "直接受理"),
    ]:  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("C3:C4")
    made.save(path)
    lines, faults = said(path)
    assert ([line[2] for line in lines], faults) == (["zj", "zj"], [])


FAULTY = [
    ("an unknown topic", [(1, "外星人来访")], "topic_unknown"),
    ("a topic without words", [(1, "？")], "topic_unknown"),
    ("a number given twice", [(1, "流浪猫"), (1, "暖气不热")], "given_twice"),
]


@pytest.mark.parametrize(("_name", "rows", "code"), FAULTY)
def test_a_faulty_row_says_what_is_wrong_and_its_neighbours_are_still_read(tmp_path, _name, rows, code):
    sheet = (BASIC[0], BASIC[1], [*rows, (9, "邻里噪声")])
    lines, faults = said(book(tmp_path / "清单.xlsx", 表=sheet))
    assert [fault[2] for fault in faults] == [code]
    assert lines[-1][4] == NOISE


def test_several_upper_departments_without_a_leader_are_a_fault(tmp_path):
    sheet = (ASSISTING[0], ASSISTING[1], [(1, "违法停车", "公安分局、交通局", "查处", "上报")])
    assert said(book(tmp_path / "清单.xlsx", 表=sheet))[1] == [("表", 4, "several_leads")]


def test_a_unit_that_nobody_knows_lists_those_that_may_be_meant(tmp_path):
    sheet = (TAKEN_BACK[0], TAKEN_BACK[1], [(1, "暖气不热", "区住建委", "直接受理")])
    _, reading = read_file(book(tmp_path / "清单.xlsx", 表=sheet), valid_from=MONDAY)
    assert [(f.code, f.candidates) for f in reading.faults] == [("body_unknown", ("住建局",))]


def test_a_list_without_an_owner_asks_for_one_and_takes_the_one_given(tmp_path):
    path = book(tmp_path / "清单.xlsx", 基本履职=("", BASIC[1], [(1, "流浪猫")]))
    assert said(path)[1] == [("基本履职", 2, "no_body")]
    assert said(path, body="st") == ([("清河街道办事处基本-001", "basic", "st", "lead", CATS)], [])


def test_all_communities_are_bound_each_by_an_article_of_its_own(tmp_path):
    sheet = ("社区依法协助事项清单", [("序号", "协助事项", "适用社区")], [(1, "邻里噪声", "各社区")])
    assert said(book(tmp_path / "清单.xlsx", 表=sheet))[0] == [
        ("柳岸社区居委会协助-001", "community_assist", "cm", "assist", NOISE)
    ]


def test_a_topic_is_written_beside_an_item_and_may_be_several(tmp_path):
    sheet = (BASIC[0], [("序号", "事项名称", "对应事项")], [(1, "环境与停车秩序", f"{NOISE} 邻里噪声、{PARKING}")])
    lines, faults = said(book(tmp_path / "清单.xlsx", 表=sheet))
    assert ([(line[0], line[4]) for line in lines], faults) == (
        [("清河街道办事处基本-001-1", NOISE), ("清河街道办事处基本-001-2", PARKING)], [],
    )  # fmt: skip


def test_a_topic_is_found_by_the_class_of_another_catalogue_and_a_related_class_settles_nothing():
    tree = TopicTree(
        [Topic("01", "市容"), Topic("0101", "摊点"), Topic("010101", "占道经营"), Topic("010102", "店外经营")]
    )
    crossings = [
        Crossing("GB/T 30428", "0501", "无照经营游商", "010101"),
        Crossing("GB/T 30428", "0502", "流动摊点", "010101", Match.RELATED),
        Crossing("旧目录", "7", "乱摆摊", "010101"), Crossing("旧目录", "7", "乱摆摊", "010102"),
    ]  # fmt: skip
    labels = Labels(tree, crossings)
    assert labels.topics("无照经营游商") == ("010101",)
    assert labels.topics("GB/T 30428 0501") == ("010101",)
    assert labels.topics("流动摊点") == ()
    assert labels.topics("乱摆摊") == ("010101", "010102")
    assert labels.topics("店外经营") == ("010102",)
    known = Known(register.directory(), tree, labels, MONDAY)
    sheet = Sheet("清河街道办事处基本履职", ((1, ("序号", "事项")), (2, ("1", "乱摆摊"))))
    found = read([sheet], known)
    assert [(f.code, f.candidates) for f in found.faults] == [("topic_unclear", ("010101 占道经营", "010102 店外经营"))]


def test_the_marked_copy_says_at_the_place_what_is_wrong_and_can_be_brought_back_mended(tmp_path):
    path = book(tmp_path / "清单.xlsx", 基本履职=(BASIC[0], BASIC[1], [(1, "邻居太吵"), (2, "流浪猫")]))
    sheets, reading = read_file(path, valid_from=MONDAY)
    copy = tmp_path / "问题.xlsx"
    write_marked(path, copy, sheets, reading)
    made = load_workbook(copy)
    sheet = made["基本履职"]
    assert sheet["B3"].comment is not None
    assert [cell.value for cell in sheet[2]] == ["序号", "事项名称", "问题", "对应事项"]
    assert "没有认出“邻居太吵”" in sheet["C3"].value
    sheet["D3"] = f"{NOISE} 邻里噪声"
    made.save(copy)
    lines, faults = said(copy)
    assert ([line[4] for line in lines], faults) == ([NOISE, CATS], [])


def test_a_text_file_comes_back_as_a_marked_workbook(tmp_path):
    path = tmp_path / "清单.csv"
    path.write_text("清河街道办事处基本履职事项清单,\n序号,事项名称\n1,外星人来访\n", "gb18030")
    sheets, reading = read_file(path, valid_from=MONDAY)
    assert [(fault.row, fault.code) for fault in reading.faults] == [(3, "topic_unknown")]
    write_marked(path, tmp_path / "问题.xlsx", sheets, reading)
    assert "外星人来访" in load_workbook(tmp_path / "问题.xlsx").worksheets[0]["C3"].value


def test_rows_of_a_file_are_numbered_as_people_see_them(tmp_path):
    path = book(tmp_path / "清单.xlsx", 说明=COVER, 基本履职=BASIC)
    rows = dict(all_rows(path))["基本履职"]
    assert [number for number, _ in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[0][1] == ("清河街道办事处基本履职事项清单",) * 2


def test_what_a_workbook_says_goes_into_a_draft_whole(tmp_path):
    draft = actions.begin(title="第二版", area="990101", actor="account:1", at=MONDAY)
    _, reading = read_file(book(tmp_path / "清单.xlsx", 基本履职=BASIC, 收回=TAKEN_BACK), valid_from=MONDAY)
    actions.bring_lines(draft.pk, columns=reading.columns, actor="account:1", at=MONDAY)
    assert draft.lines.count() == 3
