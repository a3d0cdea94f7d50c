"""Files as offices send them, and files that are none."""

import io
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from qianxian.collection import files, workbooks

ROWS = [["诉求内容", "电话"], ["路灯不亮，\n已经三天", "13800010001"], ["井盖丢了", ""]]


def table_of(path: Path) -> tuple[files.Table, list[tuple[int, tuple[str, ...]]]]:
    with files.opened(path) as table:
        return table, list(table.rows)


def refused(path: Path) -> str:
    with pytest.raises(files.Unreadable) as refusal:
        table_of(path)
    return refusal.value.code


def text_of(delimiter: str = ",") -> str:
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in ROWS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_is_read_in_every_usual_encoding_and_with_every_delimiter(
    path: Path, encoding: str, delimiter: str
) -> None:
    path.write_bytes(text_of(delimiter).encode(encoding))
    table, rows = table_of(path)
    assert table.headers == ("诉求内容", "电话")
    assert rows == [(2, tuple(ROWS[1])), (3, tuple(ROWS[2]))]


def test_a_character_beyond_gbk_is_read_too(path: Path) -> None:
    path.write_bytes("内容\n𠮷家巷路灯不亮".encode("gb18030"))
    assert table_of(path)[1] == [(2, ("𠮷家巷路灯不亮",))]


def test_a_workbook_is_read_with_numbers_and_dates_as_people_see_them(path: Path) -> None:
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["某街道七月工单汇总"])
        sheet.write_row(1, 0, ["编号", "内容", "时间"])
        sheet.write_row(2, 0, [1001, "路灯不亮"])
        sheet.write_datetime(2, 2, datetime(2026, 3, 2, 9), book.add_format({"num_format": 22}))
    table, rows = table_of(path)
    assert table.headers == ("编号", "内容", "时间")
    assert rows == [(3, ("1001", "路灯不亮", "2026-03-02 09:00:00"))]


def test_a_nul_in_a_text_does_not_stop_it(path: Path) -> None:
    path.write_bytes(("内容\n" + "路灯不亮\n" * 500 + "井\x00盖").encode())
    assert table_of(path)[1][-1] == (502, ("井\x00盖",))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        ("内容,电话\n".encode(), "headers_only"),
        (bytes(range(256)) * 64, "binary"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 900, "binary"),
        ("内容\n".encode() + b"\xff\xff\xff\x80\x80", "encoding"),
        (b"PK\x03\x04 this is no archive", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0 this is no workbook", "not_a_workbook"),
        (("a," * 500 + "\n1").encode(), "too_wide"),
        (('内容\n"' + "路" * 400_000 * 3).encode(), "cell_too_large"),
    ],
)
def test_what_is_no_table_is_refused_by_its_own_code(path: Path, content: bytes, code: str) -> None:
    path.write_bytes(content)
    assert refused(path) == code


def test_a_file_that_is_missing_or_a_folder_is_refused(path: Path, tmp_path: Path) -> None:
    assert refused(path) == "missing"
    assert refused(tmp_path) == "missing"


def test_an_archive_that_unpacks_without_end_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 8 * files.MEGABYTE)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\x00" * 64 * files.MEGABYTE)
    assert path.stat().st_size < files.MEGABYTE
    assert refused(path) == "unpacks_too_large"


def test_an_archive_that_lies_about_its_size_is_found_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 8 * files.MEGABYTE)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\x00" * 64 * files.MEGABYTE)
    size = (64 * files.MEGABYTE).to_bytes(4, "little")
    path.write_bytes(packed.getvalue().replace(size, (1000).to_bytes(4, "little")))
    assert refused(path) in ("unpacks_too_large", "not_a_workbook")


def test_a_workbook_too_large_to_be_held_is_refused_before_it_is_opened(path: Path) -> None:
    with path.open("wb") as sparse:
        sparse.write(b"PK\x03\x04")
        sparse.truncate(200 * files.MEGABYTE)
    assert refused(path) == "workbook_too_large"


def test_a_text_of_any_size_is_read_without_being_held(path: Path) -> None:
    """The rows come one by one: 30 MB of text are read in a third of that memory."""
    line = "路灯不亮已经三天了请尽快来修，" * 8
    with path.open("w", encoding="utf-8") as out:
        out.write("编号,诉求内容\n")
        out.writelines(f"{number},{line}\n" for number in range(80_000))
    tracemalloc.start()
    with files.opened(path) as table:
        count = sum(1 for _ in table.rows)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 80_000
    assert most < path.stat().st_size / 3
