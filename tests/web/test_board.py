"""The board of topics by bodies and the findings beside it, as the town's register has them."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import reaching_everything
from qianxian.mandates import actions as mandates
from qianxian.mandates.models import Edition
from qianxian.matters import actions as matters
from qianxian.matters.queries import audits
from qianxian.register.rules import Kind
from qianxian.web.acting import now
from qianxian.web.oversight.board import BODIES
from tests import town

PASSWORD = "柳岸的灯亮了 2026"
ADDRESS = "/oversight/board/"


@pytest.fixture
def supervisor(everything: None, client: Client) -> Client:
    return enter(client, "supervisor", "centre", town.DISTRICT)


def enter(client: Client, role: str, unit: str, area: str | None) -> Client:
    cadres.open_account(
        username=role, password=PASSWORD, name="严立正", title="科长", role=role, unit_id=unit, area_id=area,
        actor="test", at=town.START,
    )  # fmt: skip
    assert client.post("/login/", {"username": role, "password": PASSWORD}).status_code == 302
    return client


def page(client: Client, query: str = "") -> str:
    return client.get(f"{ADDRESS}{query}").content.decode()


def test_the_board_shows_who_leads_what_is_empty_and_what_is_contested(supervisor: Client) -> None:
    shown = page(supervisor)
    assert 'aria-label="公安分局 · 环境保护：主责 1 类"' in shown
    assert 'aria-label="空1 基层治理：1 类无主"' in shown
    assert 'aria-label="争1 交通：1 类多头"' in shown
    assert "公安分局、交通局都主责“违法停车”" in shown


def test_more_findings_cost_no_more_statements(supervisor: Client) -> None:
    page(supervisor)
    with CaptureQueriesContext(connection) as few:
        page(supervisor, "?kind=gap")
    with CaptureQueriesContext(connection) as all_of_them:
        page(supervisor)
    assert len(all_of_them) == len(few)


def test_a_topic_opens_down_to_its_articles(supervisor: Client) -> None:
    assert "?within=0201" in page(supervisor, "?within=02")
    leaf = page(supervisor, f"?within={town.NOISE}")
    assert "/articles/1/A2/" in leaf
    assert "住宅小区" in leaf


def test_findings_are_narrowed_by_kind_body_and_words(supervisor: Client) -> None:
    assert "1 个问题" in page(supervisor, "?kind=contest")
    assert "1 个问题" in page(supervisor, "?body=jt")
    assert "1 个问题" in page(supervisor, "?q=流浪猫")
    assert "没有符合条件的问题" in page(supervisor, "?q=没有这样的事")


def test_the_findings_are_saved_as_a_workbook(supervisor: Client) -> None:
    book = load_workbook(io.BytesIO(supervisor.get(f"{ADDRESS}?export=xlsx").content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["无主", "多头", "有责缺利", "有责缺利"]


def test_an_edition_that_is_over_or_to_come_has_its_own_board(supervisor: Client) -> None:
    later = now().replace(year=now().year + 1)
    mandates.publish(
        number=2, title="明年的清单", articles=[town.article("Z", "ga", "lead", "02", valid_from=later)],
        in_force_from=later, actor="test", at=now(),
    )  # fmt: skip
    assert "测试清单" in page(supervisor)
    assert "明年的清单" in page(supervisor, "?edition=2")
    assert supervisor.get(f"{ADDRESS}?edition=9").status_code == 404


def test_without_a_register_the_page_says_what_to_do(supervisor: Client) -> None:
    Edition.objects.update(in_force_from=now().replace(year=now().year + 1), in_force_to=None)
    response = supervisor.get(ADDRESS)
    assert response.status_code == 503
    assert "还没有生效的清单" in response.content.decode()


def test_a_unit_that_takes_the_money_and_refuses_the_work_is_found_with_its_matters(supervisor: Client) -> None:
    mandates.publish(
        number=2, title="第二版", articles=[town.article("P1", "ga", "lead", "0601", benefits=["funds"])],
        in_force_from=town.MONDAY, actor="test", at=town.MONDAY,
    )  # fmt: skip
    with reaching_everything():
        for hours in (1, 2):
            matter = town.receive(town.PARKING, at=town.later(hours))
            matters.object_to(
                matter.pk, names="jt", article="《道路交通安全法》第五条", reason="不归我们管", actor=town.POLICE, at=town.later(hours + 1),
            )  # fmt: skip
    shown = page(supervisor, "?kind=claims_and_shirks")
    assert "2 件提出不归它管" in shown
    assert matter.code in shown
    assert f"/oversight/matters/?topic={town.PARKING}" in shown


def test_a_street_that_assists_by_list_and_leads_by_practice_is_found(everything: None) -> None:
    mandates.publish(
        number=2, title="第二版", articles=[town.article("S1", "st", "assist", "19", town.STREET)],
        in_force_from=town.MONDAY, actor="test", at=town.MONDAY,
    )  # fmt: skip
    brought = [town.receive(town.CATS, at=town.later(hours)) for hours in (1, 2, 3)]
    (done,) = audits.practice(town.DISTRICT, town.later(4))
    assert (done.body, done.led, done.late, done.case.at) == ("st", 3, 0, town.later(3))
    assert done.witnesses == tuple(matter.code for matter in reversed(brought))
    found = [f for f in audits.in_force(town.later(4), [done]).findings if f.kind == "assist_became_lead"]
    assert [finding.sentence for finding in found] == [
        "“流浪猫”，清河街道办事处清单上只是协助（第 S1 条），实际上有 3 件是它在主办。"
    ]
    assert audits.practice(town.LIUAN, town.later(24 * 90))[0].late == 3
    assert audits.practice("990102", town.later(4)) == []


def test_a_posting_cures_at_once_and_its_end_brings_the_finding_back(everything: None) -> None:
    mandates.plant_topics(
        rows=[{"code": town.CATS, "name": "流浪猫", "parent_id": "1901", "powers": ["entry"]}],
        actor="test",
        at=town.MONDAY,
    )
    mandates.publish(
        number=2, title="第二版", articles=[town.article("S1", "st", "lead", "19", town.STREET, benefits=["funds"])],
        in_force_from=town.MONDAY, actor="test", at=town.MONDAY,
    )  # fmt: skip

    def lacking(hours: float) -> list[str]:
        return [f.key for f in audits.in_force(town.later(hours)).findings if f.kind == "duty_without_power"]

    before = lacking(1)
    account = cadres.open_account(
        username="cadre", password="x", name="李安", title="干部", role="street", unit_id="st", area_id=town.STREET,
        actor="test", at=town.MONDAY,
    )  # fmt: skip
    cadres.post(
        cadre=account, scope=town.STREET, home_unit_id="zj", unit_id="st", mode="seconded", powers=["entry"], resources=[],
        valid_from=town.later(2), valid_to=town.later(4), actor="test", at=town.MONDAY,
    )  # fmt: skip
    assert (before, lacking(1), lacking(3), lacking(4)) == (["duty_without_power:S1:st:entry"], before, [], before)


@pytest.mark.parametrize(
    ("role", "unit", "area", "status"),
    [("department", "ga", None, 200), ("street", "st", town.STREET, 200), ("worker", "cm", town.LIUAN, 200)],
)
def test_staff_may_read_the_board(
    everything: None, client: Client, role: str, unit: str, area: str, status: int
) -> None:
    assert enter(client, role, unit, area).get(ADDRESS).status_code == status


def test_others_sign_in_first(everything: None, client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302
    assert get_user_model().objects.count() == 0


def test_every_kind_of_body_has_its_name_on_the_board():
    assert set(BODIES) == set(Kind)
