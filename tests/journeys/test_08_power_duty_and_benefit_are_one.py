"""
Promise 8, 权责利一致: where power, duty and benefit part is found, with a case, and a posting that brings the power cures.

The two cases of the mission: a community is made responsible for the safety of an enterprise that it may not enter,
and for a motorway that it may not step on. A list that makes it lead is refused by the database; so it "assists",
and nobody leads.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError
from playwright.sync_api import Page, expect

from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import reaching_everything
from qianxian.mandates import actions as mandates
from qianxian.mandates.queries import next_number
from qianxian.web.acting import now
from tests import town

SAFETY, MOTORWAY = "080101", "060403"
TOPICS = [
    {"code": "08", "name": "安全生产", "parent_id": None},
    {"code": "0801", "name": "企业安全", "parent_id": "08"},
    {"code": SAFETY, "name": "企业安全隐患", "parent_id": "0801", "powers": ["enforcement", "entry"]},
    {"code": "0604", "name": "高速公路", "parent_id": "06"},
    {"code": MOTORWAY, "name": "高速公路隔离网破损", "parent_id": "0604", "powers": ["funds", "entry"]},
]
MADE_RESPONSIBLE = [
    town.article(
        "E1", "cm", "assist", SAFETY, town.LIUAN, setting="enterprise", benefits=["funds"], basis="安全生产责任书"
    ),
    town.article(
        "E2", "cm", "assist", MOTORWAY, town.LIUAN, setting="motorway", benefits=["funds"], basis="护路责任书"
    ),
]
PASSWORD = "柳岸的灯亮了 2026"


@pytest.fixture
def supervisor(resident):
    cadres.open_account(
        username="supervisor", password=PASSWORD, name="严立正", title="科长", role="supervisor", unit_id="centre",
        area_id=town.DISTRICT, actor="test", at=town.START,
    )  # fmt: skip
    assert resident.post("/login/", {"username": "supervisor", "password": PASSWORD}).status_code == 302
    return resident


def publish(*articles):
    mandates.plant_topics(rows=TOPICS, actor="test", at=now())
    mandates.publish(
        number=next_number(), title="责任书", articles=[*town.ARTICLES, *articles], in_force_from=now() - timedelta(seconds=1),
        actor="test", at=now(),
    )  # fmt: skip


def found(client, kind, topic):
    return client.get("/oversight/board/", {"kind": kind, "within": topic}).content.decode()


def send_down(powers):
    account = cadres.open_account(
        username="cadre", password="x", name="李安", title="第一书记", role="street", unit_id="st", area_id=town.LIUAN,
        actor="test", at=now(),
    )  # fmt: skip
    return cadres.post(
        cadre=account, scope=town.LIUAN, home_unit_id="zj", unit_id="cm", mode="first_secretary", powers=powers, resources=[],
        valid_from=now() - timedelta(seconds=1), actor="test", at=now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "powers"),
    [(SAFETY, "执法权、进入权"), (MOTORWAY, "进入权、财权")],
    ids=["an enterprise that it may not enter", "a motorway that it may not step on"],
)
def test_a_community_made_responsible_without_power_is_found_with_a_case(supervisor, topic, powers):
    publish(*MADE_RESPONSIBLE)
    page = found(supervisor, "duty_without_power", topic)
    assert "没有单位主责，只写了柳岸社区居委会协助" in page
    assert f"办这件事要用{powers}，可它没有" in page
    assert f"/who/?topic={topic}&amp;place={town.LIUAN}" in page
    assert "可是没有单位主责，不知道协助谁" in found(supervisor, "broken_chain", topic)


def test_a_list_that_makes_a_community_lead_is_never_published(supervisor):
    with pytest.raises(IntegrityError, match="a committee assists and never leads"):
        publish(town.article("E1", "cm", "lead", SAFETY, town.LIUAN))


def test_a_posting_that_brings_the_power_cures_and_its_end_brings_the_finding_back(supervisor):
    publish(*MADE_RESPONSIBLE)
    with reaching_everything():
        posting = send_down(["enforcement", "entry"])
    assert "0 个问题" in found(supervisor, "duty_without_power", SAFETY)
    assert "财权，可它没有" in found(supervisor, "duty_without_power", MOTORWAY)
    with reaching_everything():
        cadres.recall(posting, actor="test", at=now())
    assert "1 个问题" in found(supervisor, "duty_without_power", SAFETY)


def test_the_finding_leads_to_the_article_and_a_register_mended_has_it_no_more(supervisor):
    publish(*MADE_RESPONSIBLE)
    assert "/articles/2/E1/" in found(supervisor, "duty_without_power", SAFETY)
    publish(
        town.article("E1", "zj", "lead", "0801", powers=["enforcement", "entry"]),
        town.article("E2", "cm", "assist", SAFETY, town.LIUAN, benefits=["training"]),
    )
    for kind in ("duty_without_power", "committee_leads", "gap", "broken_chain"):
        assert "0 个问题" in found(supervisor, kind, SAFETY)


def test_the_board_is_read_in_a_browser_down_to_the_article(open_page: Callable[..., Page]):
    page = open_page("/oversight/board/", role="supervisor")
    page.get_by_role("table").get_by_role("link", name="安全生产", exact=True).press("Enter")
    page.get_by_role("table").get_by_role("link", name="企业安全", exact=True).press("Enter")
    page.get_by_role("table").get_by_role("link", name="企业安全隐患", exact=True).first.press("Enter")
    expect(page.get_by_role("table", name="这件事的条目")).to_be_visible()
    page.get_by_role("table", name="这件事的条目").get_by_role("link").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("条")
