"""The desks of the street and the supervisor in a real browser: by keyboard, at both widths, in both languages."""

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qianxian.web.demonstration.district import PASSWORD
from tests.browser.conftest import DESK, PHONE, ROOT, sign_in

STREET, SUPERVISOR = "wen.ruoxi", "hu.zhengqing"
PAGES = {
    "waiting": "/oversight/",
    "waiting-contested": "/oversight/?kind=contested",
    "waiting-none": "/oversight/?kind=silent&q=没有这样的事",
    "rates": "/oversight/rates/",
    "rates-topics": "/oversight/rates/?by=topic&satisfaction=satisfaction-strict",
    "map": "/oversight/map/",
    "map-grids": "/oversight/map/?level=grid&shade=late",
    "whistles": "/oversight/whistles/",
    "rulings": "/oversight/rulings/",
    "themes": "/oversight/themes/",
    "themes-declare": "/oversight/themes/?declare=%E6%90%85%E6%8B%8C%E7%AB%99",
    "themes-public": "/themes/",
    "matters": "/oversight/matters/?state=working&sort=due",
    "published": "/rates/",
}
WAYS = {
    "desk": {"size": DESK},
    "phone": {"size": PHONE, "touch": True},
    "large": {"size": PHONE, "touch": True, "large": True},
    "english": {"size": DESK, "language": "en"},
}


@pytest.fixture(scope="session")
def work(platform: str, database: str) -> str:
    """The demonstration district with its matters in every state."""
    environment = {
        **os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.browser.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    load = "import django; django.setup(); from qianxian.web.commands.demonstration import app; app(['load', '--json'])"
    subprocess.run([sys.executable, "-c", load], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return platform


@pytest.fixture
def as_staff(open_page: Callable[..., Page], work: str) -> Callable[..., Page]:
    """Open a page as a member of the demonstration's staff."""

    def enter(username: str, path: str = "/oversight/", **more: object) -> Page:
        page = open_page("/login/", **more)
        sign_in(page, username, PASSWORD)
        page.goto(path)
        return page

    return enter


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("username", [STREET, SUPERVISOR])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_frame(as_staff, axe, picture, username, way):
    page = as_staff(username, **WAYS[way])
    for name, address in PAGES.items():
        page.goto(address)
        if "chart" in page.content():
            page.wait_for_load_state("networkidle")
        picture(page, f"oversight-{name}-{username}-{way}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto("/oversight/?kind=contested")
    page.locator("#rows a").first.click()
    picture(page, f"oversight-matter-{username}-{way}")
    axe(page)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["objection", "contested"])
def test_what_is_in_question_is_laid_out_on_the_matters_own_page(work, open_page, axe, picture, kind, way):
    page = open_page(f"/oversight/?kind={kind}", role="street", **WAYS[way])
    page.locator("#rows a").first.click()
    for deed in ("", "adjudicate", "whistle"):
        if deed:
            page.goto(page.url.partition("&deed=")[0] + f"&deed={deed}")
            expect(page.locator("#opened-title")).to_be_visible()
        assert page.locator("#sides article").count() >= 2
        picture(page, f"{kind}-{deed}-{way}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), deed


def test_a_contest_is_settled_by_keyboard(work, open_page):
    page = open_page("/oversight/?kind=contested", role="street")
    page.locator("#rows a").first.press("Enter")
    page.get_by_role("link", name="裁定归属").press("Enter")
    ruling = page.get_by_role("dialog")
    choice = ruling.get_by_label("裁定由哪个单位承办")
    choice.select_option(index=1)
    choice.focus()
    unit = choice.locator("option:checked").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.type("《云溪区权责清单（2026年版）》第一项")
    page.keyboard.press("Tab")
    page.keyboard.type("先由它办，办完再修订清单。")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#ruling")).to_contain_text(f"由{unit}承办")


def test_a_figure_is_clicked_down_to_its_rows(as_staff):
    page = as_staff(SUPERVISOR, "/oversight/rates/")
    link = page.locator("tbody a[href*='part=denominator']").filter(has_text=re.compile(r"^[1-9]\d?$")).first
    count = int(link.inner_text())
    link.click()
    expect(page.locator("#said")).to_contain_text("计入分母")
    expect(page.locator("#rows > li")).to_have_count(min(count, 30))


def test_units_are_called_by_a_whistle_and_their_arrival_is_awaited(as_staff):
    page = as_staff(STREET, "/oversight/matters/?state=working&sort=due", size=PHONE, touch=True)
    page.locator("#rows a").first.click()
    page.goto(f"{page.url}&deed=whistle")
    page.get_by_label("联合执法").check()
    page.get_by_label("到哪里、办什么").fill("一起看现场，当场定。")
    page.get_by_text("召集其他单位").click()
    page.get_by_label("消防大队").check()
    page.get_by_role("button", name="吹哨", exact=True).click()
    expect(page.get_by_role("main").get_by_role("link", name="全部诉求")).to_have_attribute(
        "href", "/oversight/matters/?state=working&sort=due"
    )
    page.get_by_role("link", name="一起看现场，当场定。").first.click()
    expect(page.locator("#arrivals")).to_contain_text("消防大队")
    expect(page.locator("#arrivals")).to_contain_text("还没有到")


def test_the_map_shows_its_numbers_and_a_list_says_the_same(as_staff):
    page = as_staff(STREET, "/oversight/map/")
    label = page.locator(".leaflet-tooltip", has_text="柳岸社区")
    expect(label).to_contain_text(re.compile(r"\d+ 件在办"))
    number = re.search(r"\d+", label.inner_text())[0]
    expect(page.get_by_role("row", name="柳岸社区").get_by_role("cell").first).to_have_text(number)


def test_rates_are_published_and_read_by_anybody(as_staff, open_page):
    page = as_staff(SUPERVISOR, "/oversight/rates/")
    page.get_by_role("link", name="上月").click()
    page.get_by_role("button", name="公开三率").click()
    page.get_by_role("dialog").get_by_role("button", name="公开", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("个数字")
    anybody = open_page("/rates/", size=PHONE)
    expect(anybody.locator("#whole")).to_contain_text("/")
    expect(anybody.locator("#formulas")).to_contain_text("诉求人表示已经解决的诉求")
