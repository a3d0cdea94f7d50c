"""The register in a real browser: pairs decided by one key, a record read for a purpose, a resident's own record."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qianxian.web.demonstration.district import PASSWORD
from tests.browser.conftest import DESK, PHONE, ROOT, sign_in

WORKER = "xie.yulan"
RESIDENT = "19900008811"
WAYS = {
    "desk": {"size": DESK},
    "phone": {"size": PHONE, "touch": True},
    "large": {"size": PHONE, "touch": True, "large": True},
    "english": {"size": DESK, "language": "en"},
}


@pytest.fixture(scope="module")
def peopled(platform: str, database: str, home: Path) -> str:
    """A resident, and two records that may be hers."""
    environment = {
        **os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.browser.settings", "PYTHONPATH": str(ROOT),
        "QIANXIAN_HOME": str(home),
    }  # fmt: skip
    subprocess.run([sys.executable, "tests/browser/pair.py"], cwd=ROOT, env=environment, check=True)
    return platform


@pytest.fixture
def as_worker(open_page: Callable[..., Page], peopled: str) -> Callable[..., Page]:
    def enter(path: str, **more: object) -> Page:
        page = open_page("/login/", **more)
        sign_in(page, WORKER, PASSWORD)
        page.goto(path)
        return page

    return enter


@pytest.fixture
def as_resident(open_page: Callable[..., Page], peopled: str) -> Callable[..., Page]:
    def enter(**more: object) -> Page:
        page = open_page("/mine/record/", **more)
        page.locator("input[name=phone]").fill(RESIDENT)
        page.locator("main form button.btn-primary").click()
        page.locator("input[name=code]").fill(page.locator("[data-shown-code]").inner_text())
        page.locator("main form button.btn-primary").click()
        page.wait_for_url("**/mine/record/")
        return page

    return enter


@pytest.mark.parametrize("way", WAYS)
def test_every_page_of_the_register_can_be_read_by_everybody(way, as_worker, axe, picture):
    page = as_worker("/records/?q=wenruyu", **WAYS[way])
    axe(page)
    picture(page, f"records-list-{way}")
    page.locator("#records a").first.click()
    axe(page)
    picture(page, f"records-record-{way}")
    code = page.url.rstrip("/").rsplit("/", 1)[-1]
    for name in ("write/person", "write/elder", "give", "correct"):
        page.goto(f"/records/{code}/{name}/")
        axe(page)
    for path in ("new/person", "pairs", "corrections", "exports", "?group=party_branch"):
        page.goto(f"/records/{path}" + ("/" if "?" not in path else ""))
        axe(page)
        picture(page, f"records-{path.replace('/', '-').replace('?', '')}-{way}")


def test_a_record_is_read_for_a_purpose_by_keyboard(as_worker):
    page = as_worker("/records/?q=wry")
    page.locator("#records a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#groups, #purpose").first).to_be_visible()
    expect(page.get_by_text("19900008811")).to_have_count(0)
    page.locator("select[name=kind]").select_option("service")
    page.locator("#purpose button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#read")).to_be_visible()
    expect(page.get_by_text("19900008811").first).to_be_visible()


def test_pairs_are_decided_by_one_key_and_taken_back_by_another(as_worker, picture):
    page = as_worker("/records/pairs/")
    expect(page.locator("#pair")).to_contain_text("温茹玉")
    page.keyboard.press("l")
    expect(page.locator("#pair")).to_contain_text("文如玉")
    page.keyboard.press("k")
    expect(page.locator("#undo")).to_contain_text("是两个人")
    expect(page.locator("#pair")).to_contain_text("温茹玉")
    page.keyboard.press("j")
    expect(page.locator("#undo")).to_contain_text("归为一人")
    expect(page.locator("#pair")).to_have_count(0)
    picture(page, "records-pairs-done-desk")
    page.keyboard.press("u")
    expect(page.locator("#pair")).to_contain_text("温茹玉")
    expect(page.locator("#undo")).to_have_count(0)


@pytest.mark.parametrize("way", WAYS)
def test_a_resident_sees_the_own_record_and_who_read_it(way, as_resident, axe, picture):
    page = as_resident(**WAYS[way])
    expect(page.get_by_text("990101195004050021").first).to_be_visible()
    expect(page.locator("#reads").first).to_contain_text("上门服务")
    axe(page)
    picture(page, f"records-mine-{way}")


def test_a_resident_asks_for_a_correction(as_resident, axe):
    page = as_resident(size=PHONE)
    page.locator("a[href*='element=person.marital']").first.click()
    axe(page)
    page.locator("input[name=value]").fill("丧偶")
    page.locator("textarea[name=reason]").fill("老伴去年走了")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("#corrections").first).to_contain_text("前答复")
