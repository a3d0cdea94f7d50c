"""
Promise 7, 台账自生: nobody writes a ledger.

In a real browser: a worker finds a ledger, follows a cell to the record behind it, freezes it, and the department that
asked pulls the same bytes by a link.
"""

import hashlib
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, ROOT

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("QIANXIAN_PICTURES")


@pytest.fixture(scope="module")
def stocked(platform: str, database: str, home: Path) -> str:
    """A community with residents, and 248 definitions."""
    environment = {
        **os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.browser.settings", "PYTHONPATH": str(ROOT),
        "QIANXIAN_HOME": str(home),
    }  # fmt: skip
    subprocess.run([sys.executable, "tests/browser/ledgers.py"], cwd=ROOT, env=environment, check=True)
    return platform


@pytest.fixture
def enter(open_page: Callable[..., Page], stocked: str) -> Callable[..., Page]:
    def opened(path: str, **more: object) -> Page:
        return open_page(path, role="worker", **more)

    return opened


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=False)


def test_from_the_list_to_the_record_to_the_same_bytes_by_a_link(enter, axe, stocked):
    page = enter("/ledgers/?q=党员花名册", size=DESK)
    axe(page)
    picture(page, "ledgers-list")
    page.get_by_role("link", name="党员花名册").click()
    page.get_by_label("社区或网格").select_option("990101001001")
    page.get_by_role("button", name="查看").click()
    axe(page)
    picture(page, "ledgers-ledger")
    page.locator("tbody tr").first.locator("td a").nth(1).click()
    expect(page.locator("#behind")).to_contain_text("来自 1 份档案")
    picture(page, "ledgers-behind")
    page.get_by_role("button", name="定稿").first.click()
    page.locator("#freeze input[name=purpose]").fill("组织部月报")
    page.locator("#freeze button.btn-primary").click()
    expect(page.locator("#versions")).to_contain_text("SHA-256")
    link = page.get_by_role("link", name="给要表单位的链接").get_attribute("href")
    said = re.search(r"[0-9a-f]{64}", page.locator("#versions").inner_text())[0]
    pulled = [page.request.get(stocked + link).body() for _ in range(2)]
    assert pulled[0] == pulled[1]
    assert hashlib.sha256(pulled[0]).hexdigest() == said
    with urllib.request.urlopen(stocked + link) as stranger:  # noqa: S310
        assert "/login/" in stranger.url


def test_a_cell_is_reached_and_opened_by_the_keyboard(enter):
    page = enter("/ledgers/population-by-sex/?place=990101001001", size=DESK)
    page.locator("tbody tr").first.locator("td a").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#behind h2")).to_contain_text("份档案")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    "path", ["", "matrix/", "blank/", "new/", "elder-visits/?place=990101001001", "elder-visits/definition/"]
)
def test_every_page_of_the_ledgers_can_be_read_by_everybody(path, size, enter, axe):
    page = enter(f"/ledgers/{path}", size=size)
    axe(page)
    picture(page, f"ledgers-{re.sub('[^a-z-]', '', path.split('?')[0]) or 'all'}-{size['width']}")
