"""Which column means what, what a row says, of which topic words speak."""

from datetime import datetime

import pytest

from qianxian.collection.rules.columns import Column, Field, Names, NoWords, UnknownColumn, UnknownField, Why, match
from qianxian.collection.rules.rows import Coded, Known, RowReader, headers_of
from qianxian.collection.rules.topics import TopicReader
from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.topic_tree import Topic, TopicTree
from qianxian.matters.rules.intake import MatterKind
from qianxian.register.rules import Directory, Level, Place, directory

NOW = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
NOBODY = Names(place=lambda cell: False, topic=lambda cell: False)
TREE = TopicTree(
    [
        Topic("02", "环境保护", ("环保",)),
        Topic("0201", "噪声"),
        Topic("020101", "邻里噪声", ("楼上太吵", "半夜唱歌")),
        Topic("020102", "广场舞扰民", ("广场舞",)),
        Topic("06", "交通出行"),
        Topic("0601", "停车秩序"),
        Topic("060101", "违法停车", ("乱停车", "占道停车")),
    ]
)


def fields(*headers: str, rows: list[list[str]] | None = None, **given: str) -> dict[str, Field | None]:
    sample = rows or [["x"] * len(headers)]
    return {column.header: column.field for column in match(headers, sample, NOBODY, given)}


def places() -> Directory:
    period = Period(datetime(2020, 1, 1, tzinfo=BEIJING))
    rows = [
        ("990101", "云溪区", Level.DISTRICT, ()),
        ("990101001", "清河街道", Level.STREET, ("清河街",)),
        ("990101001001", "柳岸社区", Level.COMMUNITY, ("柳岸居委会",)),
        ("990101002", "东渡街道", Level.STREET, ()),
    ]
    return directory([], [(Place(code, name, level, period), aliases) for code, name, level, aliases in rows])


def coded(cells: dict[str, str]) -> Coded:
    headers, row = list(cells), list(cells.values())
    columns = match(headers, [row], NOBODY)
    reader = RowReader(columns, Known(places(), TopicReader(TREE), "990101"), NOW)
    return reader.coded(2, row, reader.keyed(row))


def test_columns_are_matched_by_their_names_in_any_order_and_language() -> None:
    assert fields("联系电话", "诉求内容（必填）", "工单编号", "所属街道", "所属社区") == {
        "联系电话": Field.PHONE,
        "诉求内容（必填）": Field.WORDS,
        "工单编号": Field.KEY,
        "所属街道": Field.PLACE,
        "所属社区": Field.PLACE,
    }
    assert fields("Created At", "Text", "ID") == {"Created At": Field.TIME, "Text": Field.WORDS, "ID": Field.KEY}


def test_a_column_without_a_telling_name_is_known_by_what_stands_in_it() -> None:
    rows = [["13800138000", "2026-03-02 08:00", f"三号楼楼下有人乱停车，消防通道堵住了{n}"] for n in range(9)]
    assert match(("甲", "乙", "丙"), rows, NOBODY) == (
        Column(0, "甲", Field.PHONE, Why.CONTENT),
        Column(1, "乙", Field.TIME, Why.CONTENT),
        Column(2, "丙", Field.WORDS, Why.CONTENT),
    )


def test_of_two_numbers_the_fuller_column_is_taken() -> None:
    assert fields("id", "key", "text", rows=[["", "a", "路灯"], ["7", "b", "井盖"]])["key"] == Field.KEY


def test_what_a_person_says_of_a_column_goes_before_everything() -> None:
    assert fields("内容", "备注", 内容="", 备注="words") == {"内容": None, "备注": Field.WORDS}


def test_a_column_that_is_not_there_a_field_that_is_none_and_a_file_without_words_are_refused() -> None:
    with pytest.raises(UnknownColumn):
        fields("内容", 没有="words")
    with pytest.raises(UnknownField):
        fields("内容", 内容="wrods")
    with pytest.raises(NoWords):
        fields("甲", "乙")


def test_headers_that_repeat_or_are_empty_are_told_apart() -> None:
    assert headers_of(["分类", "", "分类"]) == ("分类", "第2列", "分类（2）")


def test_a_row_is_coded_into_a_demand() -> None:
    row = coded(
        {
            "标题": "乱停车", "诉求内容": "三号楼门口天天有人乱停车。", "街道": "清河街", "社区": "柳岸社区",
            "姓名": "林晓禾", "电话": "１３８ ０００１ ０００１", "诉求性质": "投诉", "时间": "2026年3月1日 下午3点",
        }
    )  # fmt: skip
    assert row.demand is not None
    assert row.demand.words == "乱停车\n三号楼门口天天有人乱停车。"
    assert (row.demand.topic, row.demand.place) == ("060101", "990101001001")
    assert (row.demand.kind, row.name, row.phone) == (MatterKind.COMPLAINT, "林晓禾", "13800010001")
    assert row.occurred_at == datetime(2026, 3, 1, 15, tzinfo=BEIJING)
    assert row.personal == {"姓名": "林晓禾", "电话": "１３８ ０００１ ０００１"}
    assert "林晓禾" not in str(row.raw)


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"内容": "！！！"}, "words", "empty"),
        ({"内容": "路" * 20_001}, "words", "too_long"),
        ({"内容": "路灯不亮", "时间": "2036-01-01"}, "time", "future"),
        ({"内容": "路灯不亮", "时间": "1816-01-01"}, "time", "absurd"),
        ({"内容": "路灯不亮", "时间": "-3"}, "time", "not_a_time"),
        ({"内容": "路灯不亮", "不派单类型": "E9"}, "exit", "unknown"),
    ],
)
def test_a_row_that_cannot_be_taken_in_says_why_and_loses_nothing(cells: dict[str, str], field: str, code: str) -> None:
    row = coded(cells)
    assert row.demand is None
    assert [(fault.field, fault.code) for fault in row.faults] == [(field, code)]
    assert row.raw == cells


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"内容": "违法停车", "街道": "不存在街道"}, "unknown_place"),
        ({"内容": "随便说说", "街道": "清河街道"}, "no_topic"),
        ({"内容": "违法停车", "电话": "见附件"}, "not_a_phone"),
        ({"内容": "违法停车", "场所": "月球"}, "unknown"),
    ],
)
def test_a_doubt_is_remarked_on_and_does_not_stop_a_row(cells: dict[str, str], code: str) -> None:
    row = coded(cells)
    assert row.demand is not None
    assert [remark.code for remark in row.remarks] == [code]


def test_an_unknown_place_leaves_the_row_with_the_district() -> None:
    demand = coded({"内容": "违法停车", "街道": "不存在街道"}).demand
    assert demand is not None
    assert demand.place == "990101"


def test_a_place_named_in_the_address_counts_where_no_column_names_one() -> None:
    demand = coded({"内容": "违法停车", "地址": "云溪区清河街道柳岸社区三号楼"}).demand
    assert demand is not None
    assert demand.place == "990101001001"


def test_a_row_without_words_speaks_by_its_codes_place_and_time() -> None:
    demand = coded({"内容": "", "小类": "违法停车", "街道": "清河街道", "时间": "2026-03-01"}).demand
    assert demand is None
    by_codes = coded({"小类": "违法停车", "街道": "清河街道", "时间": "2026-03-01"}).demand
    assert by_codes is not None
    assert by_codes.words == "违法停车，清河街道，2026-03-01"


def test_rows_that_are_the_same_have_keys_of_their_own_and_the_same_keys_in_the_next_run() -> None:
    columns = match(("内容",), [["路灯不亮"]], NOBODY)
    known = Known(places(), TopicReader(TREE), "990101")
    first, second = RowReader(columns, known, NOW), RowReader(columns, known, NOW)
    once = [first.keyed(["路灯不亮"]), first.keyed(["路灯不亮"]), first.keyed(["井盖丢了"])]
    assert len(set(once)) == 3
    assert once == [second.keyed(["路灯不亮"]), second.keyed(["路灯不亮"]), second.keyed(["井盖丢了"])]


def test_labels_narrow_each_other_and_words_narrow_the_labels() -> None:
    reader = TopicReader(TREE)
    assert reader.of_labels(["环保", "噪声", "看不懂"]).topic == "0201"
    assert reader.of_words("楼上太吵，半夜唱歌", within="02").topic == "020101"
    assert reader.of_words("楼上太吵，半夜唱歌", within="06").topic == "06"


def test_words_that_speak_of_two_topics_are_followed_only_as_far_as_both_agree() -> None:
    reader = TopicReader(TREE)
    assert reader.of_words("半夜唱歌，广场舞也吵").topic == "0201"
    assert reader.of_words("半夜唱歌，门口占道停车").topic == ""
    assert reader.of_words("你们好").topic == ""
