"""What each type of value accepts, refuses and says; numbers of the standards' own examples among them."""

import csv
from datetime import date
from pathlib import Path

import pytest

from qianxian.standard.compiled import Column, function_of, outcomes
from qianxian.standard.faults import labels, wordings
from qianxian.standard.programs.names import search_key
from tests.standard.dirt import EXAMPLES

TODAY = date(2026, 11, 27)
VECTORS = Path(__file__).parents[3] / "shared/data/identifiers/id_and_uscc_vectors.csv"
"""A folder beside the checkout, which not everybody has."""


def of(element: str, cell: str, table: str = "") -> tuple[str, str, str]:
    return tuple(function_of(Column("列", element, table=table), TODAY)(cell)[:3])


@pytest.mark.parametrize(
    ("cell", "value", "fault", "warning"),
    [
        ("11010519491231002X", "11010519491231002X", "", ""),
        ("11010519491231002x", "11010519491231002X", "", ""),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", "", ""),
        ("'110105 19491231 002X", "11010519491231002X", "", ""),
        ("110105491231002", "11010519491231002X", "", ""),
        ("360426199101010071", "360426199101010071", "", ""),
        ("110101199003071233", "110101199003071233", "", ""),
        ("110101190001010014", "110101190001010014", "", ""),
        ("440524188001010014", "440524188001010014", "", "place_later"),
        ("110105194912310020", "", "check_digit", ""),
        ("110105194912310021", "", "check_digit", ""),
        ("440524188001010015", "", "check_digit", ""),
        ("11010519491331002X", "", "date", ""),
        ("110105190002290029", "", "date", ""),
        ("110105202702280024", "", "future", ""),
        ("4.40524E+17", "", "scientific", ""),
        ("４．４０５２４Ｅ＋１７", "", "scientific", ""),
        ("440524199001010000", "", "rounded", ""),
        ("1101051949****002X", "", "masked", ""),
        ("1101051949123100", "", "length", ""),
        ("11010519491231O02X", "", "characters", ""),
        ("110105191231996", "110105191912319960", "", "century"),
        ("无", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_citizen_number_is_read_in_every_writing_and_refused_with_its_reason(
    cell: str, value: str, fault: str, warning: str
) -> None:
    assert of("person.citizen_number", cell) == (value, fault, warning)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("91350100M000100Y43", ""),
        ("91110000600037341L", ""),
        ("91330106673959654P", ""),
        ("91440300708461136T", ""),
        ("N2110101MF00000012", ""),
        ("9135 0100 m000 100y43", ""),
        ("91350100M000100Y44", "check_digit"),
        ("911100006000373410", "check_digit"),
        ("91I50100M000100Y43", "letters"),
        ("9.135E+17", "scientific"),
        ("9135", "length"),
    ],
)
def test_a_credit_code_is_checked_by_gb_32100(cell: str, fault: str) -> None:
    assert of("organisation.credit_code", cell)[1] == fault


@pytest.mark.parametrize("cell", ["D2143569X", "D2143569-X", "600037341", "708461136", "673959654", "M000100Y4"])
def test_an_organisation_code_is_checked_by_gb_11714(cell: str) -> None:
    assert of("organisation.organisation_code", cell) == (cell.replace("-", ""), "", "")
    assert of("organisation.organisation_code", "A" + cell[1:].replace("-", ""))[1] == "check_digit"


@pytest.mark.skipif(not VECTORS.exists(), reason="the folder of shared data is absent")
def test_every_vector_of_the_shared_folder_is_told_right() -> None:
    told = [(row, _verdict(row)) for row in csv.DictReader(VECTORS.read_text("utf-8").splitlines())]
    assert len(told) > 100
    assert [pair for pair in told if pair[0]["expect"] != pair[1]] == []


def _verdict(row: dict[str, str]) -> str:
    """Say as the file says: a place code that never was is no fault here but a warning, one of another time neither."""
    element = {"ric": "person.citizen_number", "uscc": "organisation.credit_code"}[row["kind"]]
    value, fault, warning = of(element, row["value"])
    if fault or (row["kind"] == "ric" and warning == "place_unknown"):
        return "invalid"
    assert value
    not_of_its_time = {"place_later", "place_ended"} & {warning}
    return "invalid_strict" if not_of_its_time and row["expect"] == "invalid_strict" else "valid"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026.3.5", "2026-03-05"),
        ("2026/3/5", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"),
        ("2026年3月5号", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("二〇二六年三月五日", "2026-03-05"),
        ("二零零六年十二月三十一日", "2006-12-31"),
        ("一九八五年十月廿五日", "1985-10-25"),
        ("２０２６．０３．０５", "2026-03-05"),
        ("2026-03-05 00:00:00", "2026-03-05"),
        ("2026-3-5 0:00", "2026-03-05"),
        ("2026-03-05T08:30:00", "2026-03-05"),
        ("36526", "2000-01-01"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_a_day_is_read_in_chinese_and_mixed_forms(cell: str, value: str) -> None:
    assert of("person.birth_date", cell)[:2] == (value, "")


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("2023-02-29", "date"),
        ("2026-13-01", "date"),
        ("85.3.5", "two_digit_year"),
        ("3/5/2026", "order"),
        ("2026.3", "no_day"),
        ("2026年", "only_year"),
        ("2026-11-28", "future"),
        ("1849-12-31", "too_early"),
        ("民国三十年", "not_a_date"),
        ("昨天", "not_a_date"),
        ("2.02603E+07", "scientific"),
    ],
)
def test_a_day_that_is_none_is_refused_with_its_reason(cell: str, fault: str) -> None:
    assert of("person.birth_date", cell) == ("", fault, "")


@pytest.mark.parametrize(
    ("cell", "value", "fault", "warning"),
    [
        ("张 三", "张三", "", ""),
        ("张三\u3000", "张三", "", ""),
        ("阿不都.热合曼", "阿不都·热合曼", "", ""),
        ("阿不都•热合曼", "阿不都·热合曼", "", ""),
        ("张國強", "张國強", "", "variant_character"),
        ("王\ue863", "王\ue863", "", "private_character"),
        ("𠮷野太郎", "𠮷野太郎", "", ""),
        ("Smith  John", "Smith John", "", ""),
        ("王", "王", "", "one_character"),
        ("王?", "", "lost_character", ""),
        ("张*", "", "masked", ""),
        ("李某某", "", "masked", ""),
        ("张三（户主）", "", "characters", ""),
        ("张三1", "", "characters", ""),
    ],
)
def test_a_name_keeps_its_characters_and_loses_its_spaces(cell: str, value: str, fault: str, warning: str) -> None:
    assert of("person.name", cell) == (value, fault, warning)


def test_names_in_variant_characters_are_found_by_the_common_ones() -> None:
    assert search_key("張國強") == search_key("张国强") == "张国强"
    assert search_key("阿不都·热合曼") == search_key("阿不都 热合曼")


@pytest.mark.parametrize(
    ("element", "cell", "value", "fault"),
    [
        ("person.age", "36岁", "36", ""),
        ("person.age", "36.0", "36", ""),
        ("person.age", "36.5", "", "not_whole"),
        ("person.age", "-1", "", "too_small"),
        ("person.age", "200", "", "too_large"),
        ("person.age", "三十", "", "not_a_number"),
        ("home.area", "89.50㎡", "89.5", ""),
        ("home.area", "1,200.00平方米", "1200", ""),
        ("home.area", "1e5", "", "scientific"),
        ("left_behind.income", "¥12,000", "12000", ""),
        ("left_behind.income", "0.1234567", "", "too_precise"),
        ("person.phone", "138 0013 8000、13900139000", "13800138000", ""),
        ("person.phone", "1.38E+10", "", "scientific"),
        ("person.phone", "1380013800", "", "length"),
        ("person.phone", "见附件", "", "not_a_phone"),
        ("person.living_place", "110101001000", "110101001", ""),
        ("person.living_place", "11010", "", "not_a_place_code"),
        ("person.living_address", "幸福里３号楼 2单元501室", "幸福里3号楼2单元501室", ""),
        ("disabled.certificate", "11010519491231002x42", "11010519491231002X42", ""),
        ("disabled.certificate", "11010519491231002X92", "", "shape"),
        ("party_member.dues_until", "2026年3月", "2026-03", ""),
        ("party_member.dues_until", "2026-13", "", "date"),
    ],
)
def test_other_values_are_cleaned_and_checked(element: str, cell: str, value: str, fault: str) -> None:
    assert of(element, cell)[:2] == (value, fault)


def test_a_coded_value_keeps_its_source_code_beside_the_mapped_one() -> None:
    said = function_of(Column("婚姻", "person.marital", table="marital_jyt1001"), TODAY)
    assert said("3")[:] == ("30", "", "", "3")
    assert said("丧偶")[:] == ("30", "", "", "3")
    assert said("9")[:] == ("90", "", "mapped_roughly", "9")
    assert of("person.marital", "3", table="marital_census") == ("40", "", "")
    assert of("person.marital", "3") == ("", "not_in_table", "")


def test_a_code_that_lost_its_zero_is_restored_and_a_word_for_nothing_may_mean_something() -> None:
    assert of("person.ethnicity", "1") == ("01", "", "leading_zero")
    assert of("person.religion", "无") == ("00", "", "")
    assert of("person.marital", "无") == ("", "", "")


def test_a_code_that_is_no_longer_in_force_is_kept_and_said_to_be_so() -> None:
    """国发〔2014〕25号 put one registration of residents in the place of two."""
    assert of("resident.registration_nature", "非农业") == ("3", "", "not_in_force")
    assert of("resident.registration_nature", "居民") == ("1", "", "")


def test_a_table_that_is_not_loaded_keeps_the_text() -> None:
    assert of("mobile.inflow_reason", "务工") == ("务工", "", "table_not_loaded")


def test_a_record_is_cleaned_whole_and_what_is_required_is_asked_for() -> None:
    columns = (Column("姓名", "person.name", required=True), Column("年龄", "person.age"))
    found = outcomes({"姓名": " ", "年龄": "36岁"}, columns, TODAY)
    assert (found["姓名"].fault, found["年龄"].value) == ("missing", "36")


def test_every_fault_that_can_be_said_has_its_sentence() -> None:
    said = {part for element, cells in EXAMPLES.items() for cell in cells for part in of(element, cell)[1:]}
    assert said <= set(labels())
    assert all(one.sentence and one.advice and one.english and one.english_advice for one in wordings().values())
