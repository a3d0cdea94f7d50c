"""Files as frames: whatever way a block is read, the rows are those that are read one by one."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianxian.collection import files, frames

CELL = st.text(st.sampled_from(list("甲乙a1 ,'\"\n;é𠮷")), max_size=5)
PLAIN = st.text(st.sampled_from(list("甲乙a1 é𠮷")), max_size=5)


def some(rows: list[list[str]]) -> bool:
    return any(cell.strip() for row in rows for cell in row)


def as_rows(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    with frames.opened(path) as opened:
        whole = pl.concat(part.frame for part in opened.parts)
        cells = whole.select(opened.headers).fill_null("").rows()
        return list(zip(whole[frames.ROW].to_list(), cells, strict=True))


def one_by_one(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    with files.opened(path) as table:
        width = len(table.headers)
        return [(number, (*row, *[""] * width)[:width]) for number, row in table.rows]


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), st.sampled_from(["\n", "\r\n"]))
def test_blocks_give_the_rows_that_are_read_one_by_one(tmp_path_factory, data, encoding: str, end: str) -> None:
    cells = data.draw(st.sampled_from([CELL, PLAIN]))
    rows = data.draw(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1).filter(some))
    lines = [",".join('"' + c.replace('"', '""') + '"' if set(c) & set(',"\n') else c for c in row) for row in rows]
    blank = data.draw(st.sets(st.integers(0, len(lines))))
    spaced = [line for place, line in enumerate(lines) for line in ([""] if place in blank else []) + [line]]
    path = tmp_path_factory.mktemp("rows") / "a.csv"
    path.write_bytes(end.join(["姓名,住址,备注", *spaced]).encode(encoding))
    assert as_rows(path) == one_by_one(path)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("size", [7, 64])
def test_many_blocks_and_a_quoted_one_in_their_midst_lose_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, size: int
) -> None:
    monkeypatch.setattr(frames, "BLOCK", size)
    path = tmp_path / "a.csv"
    lines = [f"张{number},幸福路{number}号" for number in range(200)]
    lines[120] = '"李四\n五","和平路"'
    path.write_bytes(end.join(["姓名,住址", "", *lines]).encode())
    assert as_rows(path) == one_by_one(path)
    assert len(as_rows(path)) == 200


def test_a_row_wider_than_its_header_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,住址\n张三,甲\n李四,乙,丙\n王五,丁\n", "utf-8")
    with frames.opened(path) as opened:
        parts = list(opened.parts)
    assert [part.too_wide for part in parts] == [(3,)]
    assert parts[0].frame["姓名"].to_list() == ["张三", "李四", "王五"]


def test_parquet_is_read_in_parts_as_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "ROWS_AT_ONCE", 2)
    path = tmp_path / "a.parquet"
    pl.DataFrame({"姓名": ["张三", None, "王五"], "年龄": [36, 41, None]}).write_parquet(path)
    assert as_rows(path) == [(1, ("张三", "36")), (2, ("", "41")), (3, ("王五", ""))]


def test_a_damaged_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and nothing else PAR1")
    with pytest.raises(files.Unreadable) as refused, frames.opened(path):
        pass
    assert refused.value.code == "not_parquet"


def test_a_workbook_gives_the_same_rows_by_frame(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    pl.DataFrame({"姓名": ["张三", "李四"], "住址": ["甲", ""]}).write_excel(path)
    assert as_rows(path) == one_by_one(path) == [(2, ("张三", "甲")), (3, ("李四", ""))]
