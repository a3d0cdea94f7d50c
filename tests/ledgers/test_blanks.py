"""Reading a department's blank: header, rows, notes, legends, and what each column means."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from qianxian.ledgers.learning import learn, told
from qianxian.ledgers.rules.audience import audience_of
from qianxian.ledgers.rules.blanks import checks_in, legends_in
from qianxian.ledgers.workbooks import Filling, Unfit, fill


def blank(path, rows, merged=(), note="填表说明：无"):
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for one in merged:
        sheet.merge_cells(one)
    if note:
        sheet.append([note])
        sheet.merge_cells(start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=len(rows[1]))
    book.save(path)
    return path


def columns_of(path, asked=None):
    _, learned = learn(path, asked)
    return {"/".join(one["header"]): one for one in told(path.name, learned)["sheets"][0]["columns"]}


TWO_ROWS = (
    ["特困老年人巡访登记表"],
    ["序号", "老人姓名", "出生年月", "户主", None, "是否低保", "巡访感受", "照护人电话"],
    [None, None, None, "姓名", "电话", None, None, None],
    [None] * 8,
)
MERGED = ("A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "H2:H3")


@pytest.mark.parametrize(("header", "element", "status"), [
    ("序号", None, "derivable"),
    ("老人姓名", "person.name", "held"),
    ("出生年月", "person.birth_date", "held"),
    ("户主/姓名", "resident.head_name", "held"),
    ("户主/电话", "resident.head_phone", "held"),
    ("是否低保", "relief.kind", "derivable"),
    ("巡访感受", None, "not_held"),
    ("照护人电话", "elder.caregiver_phone", "held"),
])  # fmt: skip
def test_a_column_is_matched_by_all_its_headers(tmp_path, header, element, status):
    found = columns_of(blank(tmp_path / "a.xlsx", TWO_ROWS, MERGED))[header]
    assert (found["element"], found["status"]) == (element, status)
    assert found["reason"]
    assert 0 < found["confidence"] < 1


def test_the_telephone_of_somebody_else_is_not_taken_for_the_persons_own(tmp_path):
    rows = (["名单"], ["姓名", "帮扶干部", None], [None, "姓名", "电话"], [None, None, None])
    found = columns_of(blank(tmp_path / "a.xlsx", rows, ("A1:C1", "A2:A3", "B2:C2")))
    assert found["帮扶干部/电话"]["status"] == "not_held"


def test_a_header_of_three_rows_is_read_with_a_row_of_column_numbers_below_it(tmp_path):
    rows = (
        ["汇总表"], ["序号", "基本信息", None, "家庭情况", None], [None, "姓名", "联系方式", "配偶", None],
        [None, None, "手机", "姓名", "身份证号"], ["栏次", 1, 2, 3, 4], [None] * 5,
    )  # fmt: skip
    path = blank(tmp_path / "a.xlsx", rows, ("A1:E1", "A2:A4", "B2:C2", "D2:E2", "B3:B4", "D3:E3"))
    assert [one["element"] for one in columns_of(path).values()] == [
        None, "person.name", "person.phone", "civil.spouse", "civil.spouse_number",
    ]  # fmt: skip
    (sheet,) = told("a", learn(path)[1])["sheets"]
    assert (sheet["header_rows"], sheet["rows_to_fill"]) == ([2, 4], [6, 6])


def test_what_another_ledger_has_people_fill_in_is_not_asked_a_second_time(tmp_path):
    found = columns_of(blank(tmp_path / "a.xlsx", TWO_ROWS, MERGED), {"巡访感受": ["老年人探访关爱台账"]})
    assert found["巡访感受"]["status"] == "asked_elsewhere"
    assert "老年人探访关爱台账" in found["巡访感受"]["reason"]


def test_a_legend_that_runs_over_rows_is_one_legend():
    found = legends_in(["1.困难类型：①孤老 ②病残", "③失业  ④其他", "2.去向：(1)本地 (2)外地"])
    assert [(one.sign, one.meaning) for one in found["困难类型"]] == [
        ("①", "孤老"),
        ("②", "病残"),
        ("③", "失业"),
        ("④", "其他"),
    ]
    assert [one.sign for one in found["去向"]] == ["(1)", "(2)"]


def test_a_legend_is_translated_into_the_codes_of_the_standard(tmp_path):
    rows = (["残疾人名册"], ["姓名", "残疾类别", "性别"], [None, None, None])
    found = columns_of(blank(tmp_path / "a.xlsx", rows, ("A1:C1",), "填表说明：1.残疾类别：①视力 ②听力 ③言语 ④肢体"))
    assert [one["code"] for one in found["残疾类别"]["legend"]] == ["1", "2", "3", "4"]


def test_codes_that_are_not_those_of_the_element_speak_against_the_match(tmp_path):
    rows = (["残疾人名册"], ["姓名", "残疾类别", "性别"], [None, None, None])
    found = columns_of(
        blank(tmp_path / "a.xlsx", rows, ("A1:C1",), "填表说明：1.残疾类别：①先天致残 ②工伤致残 ③车祸致残")
    )
    assert found["残疾类别"]["element"] is None


@pytest.mark.parametrize(("note", "column", "table", "other"), [
    ("第3栏与《失业人员统计表》第2栏相等", 3, "失业人员统计表", 2),
    ("同失业人员统计表第2栏相等", 0, "失业人员统计表", 2),
    ("第5栏应等于本表第4栏", 5, "本表", 4),
])  # fmt: skip
def test_a_note_that_columns_agree_is_read_as_a_check(note, column, table, other):
    (found,) = checks_in([note])
    assert (found.column, found.other_table, found.other_column) == (column, table, other)


def packed(member):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(*member)
    return held.getvalue()


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty"),
    (b"name,phone", "no_workbook"),
    (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old_format"),
    (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    (b"PK\x03\x04broken", "damaged"),
    (packed(("xl/vbaProject.bin", "x")), "macros"),
    (packed(("xl/worksheets/sheet1.xml", '<row r="1048576" spans="1:2">')), "too_many_rows"),
])  # fmt: skip
def test_what_is_no_blank_is_refused_by_name(tmp_path, content, code):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unfit) as refused:
        learn(path)
    assert refused.value.code == code


@pytest.mark.parametrize(("rows", "code"), [([[None]], "empty"), ([["只有一句话"]], "no_header")])
def test_a_workbook_without_a_header_is_refused(tmp_path, rows, code):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Unfit) as refused:
        learn(tmp_path / "a.xlsx")
    assert refused.value.code == code


def test_filling_keeps_looks_notes_formulas_and_text_that_looks_like_a_formula(tmp_path):
    book = Workbook()
    sheet = book.active
    for row in (
        ["名册"],
        ["姓名", "人数", "双倍"],
        [None, None, "=B3*2"],
        ["合计", "=SUM(B3:B3)", None],
        ["备注：签字盖章", None, None],
    ):
        sheet.append(row)
    sheet.merge_cells("A5:C5")
    sheet["A3"].font = Font(name="仿宋", size=13)
    sheet.row_dimensions[3].height = 28
    sheet.column_dimensions["A"].width = 33
    sheet.print_area = "A1:C5"
    fill(book, [Filling("Sheet", 3, 3, {1: ["=cmd|x", "+1", "@甲"], 2: [1, 2, 3]}, 3)])
    book.save(tmp_path / "filled.xlsx")
    found = load_workbook(tmp_path / "filled.xlsx").active
    assert [found.cell(row, 1).value for row in (3, 4, 5)] == ["=cmd|x", "+1", "@甲"]
    assert [found.cell(row, 1).data_type for row in (3, 4, 5)] == ["s", "s", "s"]
    assert [found.cell(row, 3).value for row in (3, 4, 5)] == ["=B3*2", "=B4*2", "=B5*2"]
    assert (found["A6"].value, found["B6"].value) == ("合计", "=SUM(B3:B5)")
    assert [str(one) for one in found.merged_cells.ranges] == ["A7:C7"]
    assert (found["A5"].font.name, found.row_dimensions[5].height, found.column_dimensions["A"].width) == (
        "仿宋",
        28,
        33,
    )
    assert found.print_area.endswith("$A$1:$C$7")


@pytest.mark.parametrize(("title", "elements", "of", "sure"), [
    ("失业人员管理台账", (), "employment", True),
    ("Sheet1", ("organisation.name", "organisation.staff", "person.phone"), "organisation", True),
    ("Sheet1", ("person.name",), "person", False),
    ("高龄津贴发放表", (), "person", True),
])  # fmt: skip
def test_whom_a_blank_is_about_is_told_by_its_title_and_else_by_its_columns(title, elements, of, sure):
    found = audience_of(elements, title)
    assert (found.of, found.sure) == (of, sure)
