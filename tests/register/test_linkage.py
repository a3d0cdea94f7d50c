"""Which records speak of one person: headers, letters, scores with reasons; on public data where it is there."""

import csv
import json
import os
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qianxian.register.linkage import engine, headers, letters, model
from qianxian.register.linkage.rosters import NothingToCompare, roster, spelled
from qianxian.web.commands.register import register

PUBLIC = Path(os.environ.get("QIANXIAN_TRIAL_DATA", "")) / "linkage"


@pytest.mark.parametrize(("header", "element"), [
    ("姓名", "person_name"), ("公民身份号码", "citizen_number"), ("身份证号（必填）", "citizen_number"), ("出生年月", "birth_date"),
    ("手机号码", "phone"), ("家庭住址", "address"), ("First Name", "given_name"), ("surname", "family_name"), ("DOB", "birth_date"),
    ("统一社会信用代码", "credit_code"), ("单位名称", "body_name"), ("序号", None), ("unique_id", None), ("cluster", None),
])  # fmt: skip
def test_a_header_means(header, element):
    (column,) = headers.columns([header])
    assert (column.element and column.element.code) == element


def test_the_telephone_of_somebody_else_is_not_the_telephone():
    found = headers.columns(["姓名", "联系电话", "监护人联系电话"])
    assert [column.element and column.element.code for column in found] == ["person_name", "phone", None]


SPELLED = [
    (letters.parts_of_name, "欧阳娜", ("ouyang", "na")), (letters.parts_of_name, "單小明", ("shan", "xiaoming")),
    (letters.parts_of_name, "曾 国 藩", ("zeng", "guofan")), (letters.parts_of_name, "Mary Ann Smith", ("smith", "maryann")),
    (letters.initials, "林晓禾", "lxh"), (letters.initials, "欧阳小云", "oyxy"), (letters.birth, "1990年3月7日", "19900307"),
    (letters.birth, "1990.3.7", "19900307"), (letters.birth, "0019-08-13", "00190813"), (letters.birth, "不详", ""),
    (letters.number, "１１０１０５４９１２３１００２", "11010519491231002X"), (letters.number, "11010519491231002x", "11010519491231002X"),
    (letters.birth_in, "11010519491231002X", "19491231"), (letters.digits, "6号楼02单元402室", "6-2-402"),
    (letters.address, "柳岸里6号楼2单元402室", letters.address("柳岸里6栋2-402")),
]  # fmt: skip


@pytest.mark.parametrize(("spell", "raw", "spelled_so"), SPELLED)
def test_an_element_is_spelled_alike_in_every_engine(spell, raw, spelled_so):
    assert spell(raw) == spelled_so


def test_every_column_that_is_compared_is_ascii_but_for_the_written_name():
    row = model.derived(
        {"person_name": "林曉禾", "address": "柳岸里6號樓"}, [headers.elements()["姓名"], headers.elements()["地址"]]
    )
    assert {key for key, value in row.items() if not value.isascii()} == {"person_name_written"}
    assert row["person_name_written"] == "林晓禾"


def invented(size=220):
    chance = random.Random(3)
    surnames, names = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
    rows, truth = [], []
    for number in range(size):
        name = chance.choice(surnames) + "".join(chance.sample(names, 2))
        birth = f"19{chance.randint(40, 99)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        row = (
            name,
            birth,
            f"1990000{number:04d}",
            f"和平街{chance.randint(1, 40)}号楼{chance.randint(1, 6)}0{chance.randint(1, 4)}室",
        )
        rows.append(row)
        truth.append(number)
        if number % 4 == 0:
            other = (name, birth.replace("-", "."), row[2] if number % 8 else "", row[3].replace("号楼", "栋"))
            rows.append(other if number % 12 else (name.replace("伟", "玮").replace("丽", "莉"), *other[1:]))
            truth.append(number)
    return rows, truth


def score(pairs, truth):
    same = sum(truth.count(one) - 1 for one in set(truth))
    right = sum(truth[pair.left] == truth[pair.right] for pair in pairs)
    return 2 * right / (len(pairs) + same)


def test_duplicates_are_found_without_labels_and_each_pair_has_its_reasons():
    rows, truth = invented()
    found = spelled([roster("名册", ("姓名", "出生日期", "电话", "住址"), rows)])
    linked = engine.link(found.records, found.held, least=engine.LIKELY)
    assert score(linked.pairs, truth) > 0.95
    assert abs(linked.expected - 55) < 6
    assert {reason.element for reason in linked.pairs[0].reasons} >= {"person_name", "birth_date"}
    assert linked.pairs == sorted(linked.pairs, key=lambda pair: -pair.probability)


def test_the_same_rosters_give_the_same_pairs_twice():
    rows, _ = invented(80)
    found = spelled([roster("名册", ("姓名", "出生日期", "电话", "住址"), rows)])
    assert engine.link(found.records, found.held).pairs == engine.link(found.records, found.held).pairs


@pytest.mark.parametrize(
    "rows", [[], [("林晓禾", "1990-01-01", "", "")], [("林晓禾", "", "", "")] * 3, [("", "", "", "")] * 4]
)
def test_a_roster_with_hardly_anything_in_it_is_no_error(rows):
    found = spelled([roster("名册", ("姓名", "出生日期", "电话", "住址"), rows)])
    assert len(engine.link(found.records, found.held, least=0.5).pairs) <= 6


def test_a_roster_of_which_no_column_is_known_is_refused_with_its_headers():
    with pytest.raises(NothingToCompare) as refused:
        roster("台账.xlsx", ("甲", "乙"), [])
    assert refused.value.headers == ("甲", "乙")


def test_the_command_links_several_rosters_and_counts_rows_from_0(tmp_path):
    rows, truth = invented(160)
    firsts = [row for number, row in enumerate(rows) if truth.index(truth[number]) == number]
    seconds = [row for number, row in enumerate(rows) if truth.index(truth[number]) != number]
    for name, head, part in (
        ("甲.csv", "姓名,出生日期,电话,住址", firsts),
        ("乙.csv", "人员姓名,生日,手机号,家庭住址", seconds),
    ):
        (tmp_path / name).write_text("\n".join([head, *(",".join(row) for row in part)]), encoding="utf-8")
    done = CliRunner().invoke(
        register, ["link", str(tmp_path / "甲.csv"), str(tmp_path / "乙.csv"), "--json", "--across", "--out", str(tmp_path / "pairs.csv")]
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    with (tmp_path / "pairs.csv").open(encoding="utf-8") as stream:
        pairs = list(csv.DictReader(stream))
    assert len(pairs) == json.loads(done.stdout)["count"] > 30
    assert {(pair["left_file"], pair["right_file"]) for pair in pairs} == {("甲.csv", "乙.csv")}
    right = sum(
        firsts[int(pair["left_row"])][1] == seconds[int(pair["right_row"])][1].replace(".", "-") for pair in pairs
    )
    assert right / len(pairs) > 0.95


def test_the_command_says_what_is_wrong_with_a_file(tmp_path):
    (tmp_path / "x.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    done = CliRunner().invoke(register, ["link", str(tmp_path / "x.csv")])
    assert (done.exit_code, "没有认出任何一列" in done.output) == (2, True)
    assert CliRunner().invoke(register, ["link", str(tmp_path / "missing.csv")]).exit_code == 2


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public data is not on this machine")
@pytest.mark.parametrize(("name", "label", "best_known"), [
    ("dataset3.csv", lambda row: row["rec_id"].split("-")[1], 0.996), ("fake_1000.csv", lambda row: row["cluster"], 0.837),
])  # fmt: skip
def test_public_data_is_linked_better_than_the_published_settings(name, label, best_known):
    with (PUBLIC / name).open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, skipinitialspace=True))
    found = spelled([roster(name, tuple(rows[0]), [tuple(row.values()) for row in rows])])
    linked = engine.link(found.records, found.held, least=engine.LIKELY)
    assert score(linked.pairs, [label(row) for row in rows]) >= best_known
