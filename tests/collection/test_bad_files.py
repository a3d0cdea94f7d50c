"""What offices send that is not what it seems: each is told in one sentence with sheet, row and column."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Bare
from xlsxwriter import Workbook

from qianxian.collection import files
from qianxian.web.imports import sentences

Write = Callable[[Any], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "名册.xlsx"


def book(path: Path, write: Write, **options: Any) -> Path:
    with Workbook(path, options) as made:
        write(made)
    return path


def sheet_of(made: Any, rows: list[list[Any]], name: str = "名册") -> Any:
    sheet = made.add_worksheet(name)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    return sheet


def read(path: Path, sheet: str = "") -> tuple[files.Table, list[tuple[int, tuple[str, ...]]]]:
    with files.opened(path, sheet) as table:
        return table, list(table.rows)


def refusal(path: Path, sheet: str = "") -> str:
    """Return the Chinese sentence; the English one must be there too."""
    with pytest.raises(files.Unreadable) as refused:
        read(path, sheet)
    chinese, english = sentences.refusal(refused.value)
    assert english
    assert not re.search("[{}]", chinese + english)
    return chinese


def remarks(path: Path) -> list[str]:
    table, _ = read(path)
    pairs = [sentences.remark(one) for one in table.remarks]
    assert not re.search("[{}]", "".join(chinese + english for chinese, english in pairs))
    return [chinese for chinese, _ in pairs]


PEOPLE = [["姓名", "年龄"], ["张三", 36], ["李四", 41]]


def test_a_workbook_with_a_password_says_so(path: Path) -> None:
    path.write_bytes(
        files.OLD_WORKBOOK
        + b"\xa1\xb1\x1a\xe1"
        + b"\x00" * 2000
        + "EncryptedPackage".encode("utf-16-le")
        + b"\x00" * 99
    )
    assert "设有打开密码" in refusal(path)


def test_a_broken_workbook_says_so(path: Path) -> None:
    book(path, lambda made: sheet_of(made, PEOPLE))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "已损坏" in refusal(path)


def test_a_header_of_two_merged_rows_is_read_as_one(path: Path) -> None:
    def write(made: Any) -> None:
        sheet = sheet_of(made, [["某街道名册"], [], ["", "", "", "", ""], ["张三", "李四", "妻", 36, "无"]])
        sheet.merge_range("A1:E1", "某街道名册")
        sheet.merge_range("A2:A3", "户主姓名")
        sheet.merge_range("B2:C2", "家庭成员")
        sheet.write_row("B3", ["姓名", "关系"])
        sheet.merge_range("D2:D3", "年龄")
        sheet.merge_range("E2:E3", "备注")

    table, rows = read(book(path, write))
    assert table.headers == ("户主姓名", "家庭成员姓名", "家庭成员关系", "年龄", "备注")
    assert rows == [(4, ("张三", "李四", "妻", "36", "无"))]
    assert remarks(path) == ["表“名册”的表头从第 2 行起分两行，已合并成一行列名。"]


def test_what_is_merged_in_the_body_stands_in_each_of_its_rows(path: Path) -> None:
    def write(made: Any) -> None:
        sheet = sheet_of(made, [["户号", "姓名", "年龄"], ["", "张三", 36], ["", "李四", 41], ["H2", "王五", 50]])
        sheet.merge_range("A2:A3", "H1")
        sheet.merge_range("A5:C5", "说明：以上为本季度新增")

    table, rows = read(book(path, write))
    assert rows == [(2, ("H1", "张三", "36")), (3, ("H1", "李四", "41")), (4, ("H2", "王五", "50"))]
    assert [one.code for one in table.remarks] == ["merged_cells", "note_rows"]
    assert remarks(path) == [
        "表“名册”有 1 处合并单元格（从 A2 起），合并的内容已填入其中每一格。",
        "表“名册”的第 5 行等 1 行是横贯全表的说明，没有当作数据。",
    ]


def test_formulas_give_their_results_and_their_errors_are_named(path: Path) -> None:
    def write(made: Any) -> None:
        sheet = sheet_of(made, [["姓名", "年龄", "比例"], ["张三"], ["李四"]])
        sheet.write_formula("B2", "=30+6", value=36)
        sheet.write_formula("C3", "=1/0", value="#DIV/0!")

    _, rows = read(book(path, write))
    assert rows == [(2, ("张三", "36", "")), (3, ("李四", "", "#DIV/0!"))]
    assert remarks(path) == ["表“名册”有 1 格公式出错（C3），按错误处理；请改好公式再导出。"]


def test_formulas_that_were_never_worked_out_stop_the_file(path: Path) -> None:
    made = Bare()
    made.active.title = "名册"
    for row in (["姓名", "年龄"], ["张三", "=30+6"]):
        made.active.append(row)
    made.save(path)
    assert "表“名册”的 B2 是没有算过的公式" in refusal(path)


@pytest.mark.parametrize("from_1904", [True, False])
def test_days_are_the_same_whether_a_workbook_counts_from_1900_or_1904(path: Path, from_1904: bool) -> None:
    def write(made: Any) -> None:
        sheet = sheet_of(made, [["姓名", "出生日期"], ["张三"]])
        sheet.write_datetime("B2", datetime(1985, 3, 5), made.add_format({"num_format": "yyyy-mm-dd"}))

    assert read(book(path, write, date_1904=from_1904))[1] == [(2, ("张三", "1985-03-05"))]


def test_numbers_keep_their_digits_and_damaged_ones_show_it(path: Path) -> None:
    rows = [
        ["姓名", "号码", "身份证号"],
        ["张三", "0013", 440524199001010012],
        ["李四", 13800138000, "440524199001010012"],
    ]
    _, found = read(book(path, lambda made: sheet_of(made, rows)))
    assert found[0][1][:2] == ("张三", "0013")
    assert re.fullmatch(r"4\.4052419900101\d*e\+17", found[0][1][2])
    assert found[1][1] == ("李四", "13800138000", "440524199001010012")


def test_of_two_sheets_alike_none_is_taken_without_being_named(path: Path) -> None:
    def write(made: Any) -> None:
        sheet_of(made, PEOPLE, "一组")
        sheet_of(made, PEOPLE, "二组")

    book(path, write)
    assert "2 张同样表头的表（一组、二组）" in refusal(path)
    assert read(path, "二组")[0].headers == ("姓名", "年龄")
    assert "没有“三组”这张表；有：一组、二组" in refusal(path, "三组")


def test_a_sheet_of_another_kind_is_left_aside_and_named(path: Path) -> None:
    def write(made: Any) -> None:
        sheet_of(made, PEOPLE, "名册")
        sheet_of(made, [["填写说明", "代码"], ["请如实填写", "1"]], "说明")

    assert remarks(book(path, write)) == ["只读了表“名册”；工作簿里还有：说明，没有读。"]


def test_a_hidden_sheet_is_not_taken_for_the_first(path: Path) -> None:
    def write(made: Any) -> None:
        hidden = sheet_of(made, [["代码", "名称"], ["1", "男"]], "字典")
        shown = sheet_of(made, PEOPLE, "名册")
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()

    assert read(book(path, write))[0].headers == ("姓名", "年龄")


def test_hidden_rows_are_read_and_named(path: Path) -> None:
    def write(made: Any) -> None:
        sheet = sheet_of(made, PEOPLE)
        sheet.set_row(2, None, None, {"hidden": True})

    _, rows = read(book(path, write))
    assert len(rows) == 2
    assert remarks(path) == ["表“名册”有 1 行是隐藏的（第 3 行），也一并读入；不要的请先删除。"]


def test_duplicate_headers_are_told_apart_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,电话,电话\n张三,1,2\n", "utf-8")
    assert read(path)[0].headers == ("姓名", "电话", "电话（2）")
    assert remarks(path) == ["第 1 行的表头里“电话”重复（B、C 列），后面的已加上序号。"]


def test_a_text_put_together_from_two_encodings_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,住址\n张三,幸福里三号楼\n".encode() + "李四,和平路五号院\n".encode("gbk"))
    assert "第 3 行的文字编码与别的行不同" in refusal(path)
    path.write_bytes("姓名,住址\n李四,和平路五号院\n".encode("gbk") + "张三,幸福里三号楼二单元\n".encode())
    assert "第 1 行的文字编码与别的行不同" in refusal(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_first_header(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,住址\n张三,幸福里三号楼二单元\n".encode(encoding))
    assert read(path)[0].headers == ("姓名", "住址")
