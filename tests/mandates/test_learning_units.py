"""Which spellings mean one unit, and which cells name none: decided by the names alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.mandates.rules.learning.units import Unusable, Why, by_spelling, keys, merge, unusable

PLACES = ("东湖区", "东湖街道", "西岭街道", "柳岸社区")


def together(*names: str) -> list[list[str]]:
    return sorted(
        sorted(spelling.written for spelling in unit.spellings) for unit in merge(dict.fromkeys(names, 1), PLACES)
    )


ONE = [
    ("东湖街道综合执法队", "东湖街道综合执法队（东湖街道办事处）"),
    ("东湖街道综合执法队", "东湖街道综合执法队(东湖街道办事处)"),
    ("东湖街道综合执法队", "综合执法队（东湖街道办事处）"),
    ("东湖街道综合执法队", "东湖办事处综合执法队"),
    ("东湖街道综合执法队", " 东湖街道 综合执法队"),
    ("Ａ区服务中心", "A区服务中心"),
    ("城建办公室（西岭街道办事处）", "城建办（西岭街道）"),
    ("柳岸社区", "柳岸社区（东湖街道办事处）"),
    ("西岭街道办事处", "西岭街道办"),
    ("西岭街道办事处", "西岭街道"),
    ("教育局", "区教育局"),
    ("教育局", "东湖区教育局"),
    ("自来水有限公司", "自来水公司"),
    ("城市管理局", "城市管理局市容科"),
    ("东湖街道综合执法队", "东湖街道综合执法队办公室"),
]
APART = [
    ("东湖街道综合执法队", "西岭街道综合执法队"),
    ("城建办（东湖街道办事处）", "城建办（西岭街道办事处）"),
    ("城建办", "城建办（东湖街道办事处）"),
    ("综合执法队", "东湖街道综合执法队"),
    ("教育局", "市教育局"),
    ("城市管理局", "城市更新局"),
    ("柳岸社区", "柳岸社区工作站"),
    ("区委", "区政府"),
    ("安全生产监督管理局", "安全生产监督管理办公室（东湖街道办事处）"),
    ("和平社区（东湖街道办事处）", "和平社区（西岭街道办事处）"),
    ("执法科", "执法队"),
    ("西岭街道办事处", "西岭街道综合执法队"),
    ("西岭街道办事处", "东湖街道办事处"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_two_ways_to_write_a_unit_are_one(one: str, other: str) -> None:
    assert len(together(one, other)) == 1


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_units_are_never_one(one: str, other: str) -> None:
    assert len(together(one, other)) == 2


def test_a_name_without_a_street_that_could_be_of_several_stays_alone() -> None:
    assert ["和平社区"] in together("和平社区", "和平社区（东湖街道办事处）", "和平社区（西岭街道办事处）")
    assert ["消防办"] in together("消防办", "区消防办", "消防办（东湖街道办事处）")


def test_every_merge_says_why() -> None:
    units = merge(
        {"东湖街道综合执法队": 9, "东湖街道综合执法队（东湖街道办事处）": 3, "柳岸社区": 2, "柳岸社区（东湖街道）": 1},
        PLACES,
    )
    assert [(unit.name, unit.records, [s.why for s in unit.spellings[1:]]) for unit in units] == [
        ("东湖街道综合执法队", 12, [(Why.HOST_TWICE,)]),
        ("柳岸社区", 3, [(Why.ONLY_HOST,)]),
    ]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("", Unusable.BLANK), (" - ", Unusable.BLANK), ("无", Unusable.BLANK), ("教育局、城管局", Unusable.SEVERAL),
        ("教育局 城管局", Unusable.SEVERAL), ("城管办/执法队", Unusable.SEVERAL), ("教育局\n城管局", Unusable.SEVERAL),
        ("张伟", Unusable.PERSON), ("李主任", Unusable.PERSON), ("王小明（城管局）", Unusable.PERSON),
        ("区测试责任单位一", Unusable.TRIAL), ("很长" * 40, Unusable.TOO_LONG), ("教育局", None), ("住房和建设局", None),
        ("区委（区政府）办公室", None), ("江岭社区", None), ("安监", None), ("劳动办", None), ("武装部", None),
        ("民政局", None), ("柳岸", None),
    ],
)  # fmt: skip
def test_a_cell_that_names_no_unit_is_reported(cell: str, why: Unusable | None) -> None:
    assert unusable(cell, PLACES) is why


STREETS = ("东湖", "西岭", "南桥")
CORES = st.sampled_from(["综合执法队", "市政服务中心", "城建办", "城建办公室", "柳岸社区", "教育局", "水务有限公司"])
SHAPES = st.sampled_from(
    [
        "{s}街道{c}",
        "{s}办事处{c}",
        "{c}（{s}街道办事处）",
        "{c}({s}街道)",
        "{s}街道{c}（{s}街道办事处）",
        " {s}街道 {c}",
    ]
)
NAMES = st.builds(
    lambda street, core, shape: (street, shape.format(s=street, c=core)), st.sampled_from(STREETS), CORES, SHAPES
)
BARE = st.builds(lambda core, head: ("", head + core), CORES, st.sampled_from(["", "区", "东湖区"]))


@given(st.lists(st.one_of(NAMES, BARE), min_size=1, max_size=14))
def test_units_of_two_streets_never_meet(named: list[tuple[str, str]]) -> None:
    street_of = {name: street for street, name in named}
    for unit in merge(dict.fromkeys(street_of, 1), ("东湖区",)):
        assert len({street_of[s.written] for s in unit.spellings} - {""}) <= 1


@given(st.lists(st.one_of(NAMES, BARE), min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_the_order_of_a_file_changes_nothing_and_no_spelling_is_lost(
    named: list[tuple[str, str]], turn: object
) -> None:
    names = list(dict.fromkeys(name for _street, name in named))
    shuffled = list(names)
    turn.shuffle(shuffled)  # type: ignore[attr-defined]
    first, again = (by_spelling(merge(dict.fromkeys(order, 1), ("东湖区",))) for order in (names, shuffled))
    assert first == again
    assert first.keys() == set(names)


@given(st.lists(NAMES, min_size=1, max_size=8, unique=True))
def test_the_name_of_a_unit_is_a_unit_of_its_own_name(named: list[tuple[str, str]]) -> None:
    names = {name for _street, name in named}
    found = by_spelling(merge(dict.fromkeys(names, 1)))
    assert all(found[unit] == unit for unit in found.values())
    assert len(set(keys(names).values())) == len(set(found.values()))


@given(st.text(max_size=80))
def test_whatever_stands_in_a_cell_it_is_a_unit_or_a_reason(cell: str) -> None:
    if unusable(cell) is None:
        assert by_spelling(merge({cell: 1})) == {cell: cell}
