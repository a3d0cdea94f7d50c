"""Cells that come out of records, the records behind them, and the same bytes each time."""

import io
import zipfile
from datetime import date
from random import Random
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from qianxian.ledgers import sheets
from qianxian.ledgers.queries import own_definitions
from qianxian.ledgers.rules import writing
from qianxian.ledgers.rules.definition import Fault, faults, gone
from qianxian.ledgers.rules.derivation import derive
from qianxian.ledgers.rules.formulas import BadFormula, arithmetic
from qianxian.ledgers.rules.frames import Frames, Tied
from qianxian.ledgers.rules.periods import BadPeriod, period

LEDGER = """
code: elders
title: 老年人台账
line: 为老服务
asked_by: 区民政局
article: 老年人权益保障法
every: month
of: person
where:
- age: '>= 60'
columns:
- 序号: number
- 姓名: person.name
- 性别: person.sex
- 年龄: age
- 楼栋: building.name
- 是否低保: {has: relief.kind, code: '1'}
- 走访情况: manual
"""
COUNTED = """
code: by-sex
title: 性别统计表
line: 人口
asked_by: 公安分局
article: 户口登记条例
of: person
by: [person.sex]
columns:
- 性别: person.sex
- 人数: count
- 老人: {count: {age: '>= 60'}}
- 金额: {sum: relief.amount}
- 占比: {formula: '[老人] / [人数] * 100'}
"""


def person(key, name, sex, born, **more):
    plain = {"person.name": name, "person.sex": sex, **{code.replace("__", "."): value for code, value in more.items()}}
    return SimpleNamespace(
        key=key, code=f"R{key}", entity="person", place="990101001001", groups=("person",), born=born, plain=plain, values=plain
    )  # fmt: skip


def thing(key, entity, **values):
    held = {code.replace("__", "."): value for code, value in values.items()}
    return SimpleNamespace(
        key=key, code=f"R{key}", entity=entity, place="990101001001", groups=(entity,), born=None, plain=held, values=held
    )  # fmt: skip


def frames():
    people = [
        person(1, "林晓禾", "2", date(1950, 3, 7), relief__kind="1", relief__amount="620"),
        person(2, "=周明哲", "1", date(1966, 11, 1)),
        person(3, "陈安", "1", date(1990, 1, 1), relief__amount="100.5"),
    ]
    rest = [thing(10, "household"), thing(11, "home"), thing(12, "building", building__name="柳岸里6号楼")]
    ties = [Tied(1, 10, "member"), Tied(10, 11, "home"), Tied(11, 12, "building")]
    return Frames([*people, *rest], ties, date(2026, 10, 31))


def test_rows_are_the_records_that_meet_the_filter_on_the_last_day_of_the_period():
    table = derive(writing.read(LEDGER), frames(), "2026-10")
    assert [list(column) for column in table.columns] == [
        [1], ["林晓禾"], ["女"], ["76"], ["柳岸里6号楼"], ["是"], [""],
    ]  # fmt: skip


def test_every_count_can_be_traced_to_its_records():
    table = derive(writing.read(COUNTED), frames())
    assert [list(column) for column in table.columns] == [
        ["男", "女", "合计"], [2, 1, 3], [0, 1, 1], [100.5, 620, 720.5], [0, 100, 33.33],
    ]  # fmt: skip
    assert [table.behind(row, 1) for row in range(3)] == [["R2", "R3"], ["R1"], ["R2", "R3", "R1"]]
    assert [table.behind(row, 2) for row in range(3)] == [[], ["R1"], ["R1"]]


@pytest.mark.parametrize("written", [LEDGER, COUNTED])
def test_the_same_ledger_comes_out_byte_for_byte_by_both_ways(written):
    one = writing.read(written)
    straight, rows = sheets.workbook_of(one, frames(), area="柳岸社区", period="2026-10")
    worked_out = derive(one, frames(), "2026-10")
    assert rows == worked_out.count
    assert straight == sheets.workbook(worked_out, area="柳岸社区", period="2026-10")


def test_a_workbook_that_leaves_holds_text_as_text_and_is_sound():
    one = writing.read(LEDGER.replace("- age: '>= 60'", "- age: '>= 18'"))
    content, _ = sheets.workbook_of(one, frames(), area="柳岸社区", period="2026-10")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))  # noqa: S314
    cell = load_workbook(io.BytesIO(content)).active["B5"]
    assert (cell.value, cell.data_type) == ("=周明哲", "s")


def test_each_of_the_248_definitions_can_be_used_and_is_written_as_it_is_read():
    every = own_definitions()
    assert len(every) == len({one.code for one in every}) == 248
    assert [(one.code, faults(one)) for one in every if faults(one)] == []
    assert all(writing.read(writing.written(one)) == one for one in every)
    assert {check.other for one in every for check in one.checks} <= {one.code for one in every}


@pytest.mark.parametrize(("old", "new", "fault"), [
    ("person.name", "person.nickname", Fault("gone", "姓名", "person.nickname")),
    ("person.name", "person.religion", Fault("off", "姓名", "person.religion")),
    ("person.name", "device.model", Fault("of_another", "姓名", "device.model")),
    ("姓名:", "序号:", Fault("twice", "序号")),
    ("区民政局", "''", Fault("lacks", "asked_by")),
    ("of: person", "of: nobody", Fault("unknown_rows", "of", "nobody")),
])  # fmt: skip
def test_what_is_wrong_with_a_definition_is_said(old, new, fault):
    assert fault in faults(writing.read(LEDGER.replace(old, new, 1)))


def test_an_element_that_is_gone_is_named_with_its_columns():
    assert gone(writing.read(LEDGER.replace("person.name", "person.nickname"))) == {"person.nickname": ("姓名",)}


@pytest.mark.parametrize("written", ["- a", "code: [", "title: x\nfilter: y", "columns: 3", "columns:\n- 姓名: 5"])
def test_yaml_that_is_no_definition_is_refused(written):
    with pytest.raises(writing.NotUnderstood):
        writing.read(written)


@pytest.mark.parametrize("formula", ["__import__('os')", "[a] ** 9", "a", "[a] if [b] else 1", "", "('x')", "[a](1)"])
def test_a_formula_is_arithmetic_and_nothing_else(formula):
    with pytest.raises(BadFormula):
        arithmetic(formula)


@pytest.mark.parametrize("seed", range(40))
def test_a_mask_agrees_with_asking_each_record(seed):
    chance = Random(seed)
    people = [(chance.randint(1900, 2020), chance.choice("12")) for _ in range(chance.randint(0, 60))]
    bound = chance.randint(0, 110)
    held = [person(at, "甲", sex, date(year, 6, 15)) for at, (year, sex) in enumerate(people)]
    one = writing.read(LEDGER.replace(">= 60", f">= {bound}"))
    table = derive(one, Frames(held, [], date(2026, 10, 31)))
    assert [row[0] for row in table.rows] == [at for at, (year, _) in enumerate(people) if 2026 - year >= bound]


@pytest.mark.parametrize(("written", "last"), [
    ("2026-10", date(2026, 10, 31)), ("2026-02", date(2026, 2, 28)), ("2026-12", date(2026, 12, 31)),
    ("2026-Q3", date(2026, 9, 30)), ("2026-H1", date(2026, 6, 30)), ("2026", date(2026, 12, 31)),
])  # fmt: skip
def test_a_period_ends_on_its_last_day(written, last):
    assert period(written).last == last


@pytest.mark.parametrize("written", ["2026-13", "2026-Q5", "十月", "", "2026-1", "26-10"])
def test_what_is_no_period_is_refused(written):
    with pytest.raises(BadPeriod):
        period(written)
