"""The data standard as pages: found, read, tried and saved by the staff, and by nobody else."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from qianxian.standard import code_tables, elements

PASSWORD = "柳岸的灯亮了 2026"


@pytest.fixture
def steward(staff: Callable[..., object], client: Client) -> Client:
    staff("steward")
    assert client.post("/login/", {"username": "lin", "password": PASSWORD}).status_code == 302
    return client


def test_the_standard_is_for_the_staff(client: Client, db: None) -> None:
    for path in ("/standard/", "/standard/elements/person.name/", "/standard/tables/", "/standard/tables/sex/"):
        assert client.get(path).status_code == 302


def test_every_element_is_listed_and_found_by_any_of_its_names(steward: Client) -> None:
    page = steward.get("/standard/").content.decode()
    assert all(f"/standard/elements/{code}/" in page for code in elements.elements())
    found = steward.get("/standard/", {"q": "手机号"}).content.decode()
    assert "/standard/elements/person.phone/" in found
    assert "/standard/elements/person.name/" not in found
    narrowed = steward.get("/standard/", {"entity": "elder", "sensitivity": "sensitive"}).content.decode()
    assert "/standard/elements/elder.ability/" in narrowed
    assert "/standard/elements/elder.care/" not in narrowed
    assert "没有这样的数据元" in steward.get("/standard/", {"q": "不可能有的叫法"}).content.decode()


def test_what_is_listed_is_saved_as_a_spreadsheet(steward: Client) -> None:
    answer = steward.get("/standard/", {"entity": "party_member", "export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [one.code for one in elements.elements_of("party_member")]
    table = steward.get("/standard/tables/marital/", {"export": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(table.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == list(code_tables.code_table("marital").entries)


@pytest.mark.parametrize(
    ("element", "tried", "shown"),
    [
        ("person.citizen_number", {"value": "１１０１０５491231002"}, ["110105491231002", "11010519491231002X"]),
        ("person.citizen_number", {"value": "4.40524E+17"}, ["scientific", "不要从此表恢复"]),
        ("person.marital", {"value": "3", "table": "marital_jyt1001"}, ["30", "丧偶", "来源代码 3 一并保留"]),
        ("person.marital", {"value": "3", "table": "marital_census"}, ["40", "离婚"]),
        ("person.living_address", {"value": "无"}, ["等于没有填写"]),
        ("person.living_address", {"value": "浙江省杭州市西湖区槐安路415号"}, ["门牌号", "415号", "330106", "保存为"]),
        ("person.living_address", {"value": "槐安路415号"}, ["道路", "不足以确定代码"]),
        ("person.birth_date", {"value": "二〇二六年三月五日"}, ["2026-03-05"]),
        ("person.name", {"value": "<script>alert(1)</script>"}, ["&lt;script&gt;", "characters"]),
    ],
)
def test_a_value_is_tried_and_shown_step_by_step(
    steward: Client, element: str, tried: dict[str, str], shown: list[str]
) -> None:
    page = steward.post(f"/standard/elements/{element}/", tried).content.decode()
    assert [part for part in shown if part not in page] == []
    assert "<script>alert" not in page


def test_a_value_that_cannot_be_tried_is_told_so(steward: Client) -> None:
    answer = steward.post("/standard/elements/person.name/", {"value": "长" * 2001})
    assert (answer.status_code, "最多试 2000 字。" in answer.content.decode()) == (422, True)
    assert steward.post("/standard/elements/person.sex/", {"value": "1", "table": "blood"}).status_code == 200
    assert steward.post("/standard/elements/person.marital/", {"value": "1", "table": "blood"}).status_code == 422


def test_every_type_of_element_and_every_kind_of_table_has_its_page_in_both_languages(steward: Client) -> None:
    by_type = {one.type: one.code for one in elements.elements().values()}
    by_status = {table.status: table.code for table in code_tables.code_tables().values()}
    paths = [
        *(f"/standard/elements/{code}/" for code in by_type.values()),
        *(f"/standard/tables/{name}/" for name in by_status.values()),
    ]
    for language in ("zh-hans", "en"):
        steward.cookies["django_language"] = language
        assert {path: steward.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_a_table_shows_its_crosswalks_and_how_well_they_fit(steward: Client) -> None:
    page = steward.get("/standard/tables/marital/").content.decode()
    assert "对照表：婚姻状况（教育管理） → 婚姻状况（2026.1 版）" in page
    assert "归入更宽的代码" in page
    assert "这张表还没有装载代码" in steward.get("/standard/tables/inflow_reason/").content.decode()


def test_what_is_not_declared_is_not_found(steward: Client) -> None:
    assert steward.get("/standard/elements/person.nobody/").status_code == 404
    assert steward.get("/standard/tables/nothing/").status_code == 404


def test_what_is_switched_off_says_so(steward: Client) -> None:
    assert "默认停用" in steward.get("/standard/elements/person.religion/").content.decode()
