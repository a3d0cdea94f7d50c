"""A dispatch history from any file: its columns, its records, its faults."""

from pathlib import Path

import pytest

from qianxian.collection import files, history
from qianxian.collection.rules.columns import UnknownColumn, UnknownField
from qianxian.collection.rules.history import NoTopics, NoUnits, layout
from tests import past


def told(path: Path, **given: str) -> dict[str, list[str]]:
    return history.read(path, given).layout.told()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_columns_are_found_by_name_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = past.write(tmp_path / "派单.csv", past.records(40), encoding)
    assert told(path) == {
        "topics": ["大类", "小类"], "unit": ["承办单位"], "street": ["街道"], "community": ["社区"], "channel": ["渠道"],
        "time": ["时间"],
    }  # fmt: skip


def test_every_row_is_a_record_or_a_fault(tmp_path: Path) -> None:
    text = "时间,小类,承办单位\n2025-01-01 08:00,井盖,水务局\n,井盖,水务局\n昨天,井盖,水务局\n2025-01-02,-,水务局\n2025-01-03,井盖,\n"
    path = tmp_path / "a.csv"
    path.write_text(text)
    found = history.read(path, {})
    assert [(r.row, r.unit) for r in found.records] == [(2, "水务局"), (6, "")]
    assert [(f.row, f.column, f.code) for f in found.faults] == [
        (3, "time", "empty"), (4, "time", "not_a_time"), (5, "topic", "empty"),
    ]  # fmt: skip
    assert found.rows == 5


def test_english_headers_of_an_export_are_known_and_outcomes_are_left_aside() -> None:
    headers = (
        "REC_ID",
        "INTIME_ARCHIVE_NUM",
        "SUB_TYPE_NAME",
        "MAIN_TYPE_NAME",
        "DISPOSE_UNIT_ID",
        "DISPOSE_UNIT_NAME",
    )
    found = layout(headers, [("1", "1", "井盖", "市政", "9", "水务局"), ("2", "0", "爆管", "市政", "9", "水务局")], {})
    assert found.told() == {"topics": ["MAIN_TYPE_NAME", "SUB_TYPE_NAME"], "unit": ["DISPOSE_UNIT_NAME"]}


def test_a_person_may_say_what_a_column_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("甲,乙\n井盖,水务局\n")
    assert told(path, 甲="topic", 乙="unit") == {"topics": ["甲"], "unit": ["乙"]}
    with pytest.raises(UnknownColumn):
        told(path, 丙="unit")
    with pytest.raises(UnknownField):
        told(path, 甲="colour")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("时间,小类\n2025-01-01,井盖\n", NoUnits), ("时间,承办单位\n2025-01-01,水务局\n", NoTopics)],
)
def test_a_file_without_units_or_topics_is_refused(tmp_path: Path, text: str, refusal: type[Exception]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(refusal):
        history.read(path, {})


def test_more_rows_than_are_held_at_once_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_ROWS", 30)
    path = past.write(tmp_path / "派单.csv", past.records(31))
    with pytest.raises(files.Unreadable) as refused:
        history.read(path, {})
    assert refused.value.code == "too_many_rows"
