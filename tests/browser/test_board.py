"""The board of the register in a real browser: axe at both widths, by keyboard, in both languages."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE

WAYS = {
    "desk": {"size": DESK},
    "phone": {"size": PHONE, "touch": True},
    "large": {"size": PHONE, "touch": True, "large": True},
    "english": {"size": DESK, "language": "en"},
}
PAGES = ("", "?within=01", "?within=010701", "?kind=contest", "?columns=all", "?q=没有这样的事")


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_frame(open_page, axe, picture, way):
    page = open_page("/oversight/board/", role="supervisor", **WAYS[way])
    for number, query in enumerate(PAGES if way in ("desk", "phone") else PAGES[:2]):
        page.goto(f"/oversight/board/{query}")
        picture(page, f"board-{number}-{way}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), query


def test_the_whole_district_fits_on_one_screen_of_a_desk(open_page):
    page = open_page("/oversight/board/", role="supervisor", size={"width": 1366, "height": 900})
    frame = page.get_by_role("region", name="事项与单位：谁主责、谁协助、谁握有权力")
    assert frame.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight")


def test_from_a_contest_to_its_articles_by_keyboard(open_page):
    page = open_page("/oversight/board/", role="street")
    page.get_by_role("link", name="争2 城市管理：2 类多头").press("Enter")
    expect(page.locator("#found > li")).to_have_count(2)
    page.locator("#found").get_by_role("link", name="第 城管-012 条").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("城管-012")


def test_on_a_phone_the_board_is_a_list_that_opens(open_page):
    page = open_page("/oversight/board/", role="supervisor", size=PHONE, touch=True)
    page.locator("summary", has_text="城市管理").click()
    page.get_by_role("link", name="展开下一级").first.click()
    expect(page.locator("summary", has_text="市容秩序")).to_be_visible()
