"""The pages of the next edition in a real browser: at both widths, in large print, in English, by keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qianxian.web.demonstration.district import PASSWORD
from tests.books import BASIC, book
from tests.browser.conftest import DESK, PHONE, sign_in

STEWARD = "ai.ke"
WAYS = {
    "desk": {"size": DESK},
    "phone": {"size": PHONE, "touch": True},
    "large": {"size": PHONE, "touch": True, "large": True},
    "english": {"size": DESK, "language": "en"},
}


@pytest.fixture
def as_steward(open_page: Callable[..., Page]) -> Callable[..., Page]:
    def enter(path: str = "/register/", **more: object) -> Page:
        page = open_page("/login/", **more)
        sign_in(page, STEWARD, PASSWORD)
        page.goto(path)
        return page

    return enter


@pytest.fixture(scope="module")
def draft() -> dict[str, str]:
    """The address of the draft that the first test of this module has begun."""
    return {}


def begun(page: Page, draft: dict[str, str]) -> str:
    if not draft:
        page.goto("/register/")
        page.locator("#begin form button").click()
        draft["url"] = page.url
        page.goto(f"{page.url}line/?topic=020603")
        page.locator("#id_body").fill("公安分局")
        page.locator("#id_basis").fill("《无人驾驶航空器飞行管理暂行条例》第五十一条")
        page.locator("main form button.btn-primary").click()
        page.locator("form[action$='/audit/'] button").click()
    return draft["url"]


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_frame(as_steward, axe, picture, draft, tmp_path: Path, way):
    page = as_steward(**WAYS[way])
    url = begun(page, draft)
    for name, address in {
        "overview": "/register/", "draft": url, "lines": f"{url}lines/", "line": f"{url}line/", "bring": f"{url}import/",
        "replay": f"{url}replay/", "compare": f"/register/compare/?before=1&after=draft:{url.rstrip('/').split('/')[-1]}",
    }.items():  # fmt: skip
        page.goto(address)
        picture(page, f"register-{name}-{way}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto(f"{url}import/")
    faulty = (BASIC[0], BASIC[1], [(1, "外星人来访"), (2, "垃圾太多了"), (3, "占道经营")])
    page.locator("#id_file").set_input_files(book(tmp_path / "清单.xlsx", 基本履职=faulty))
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    picture(page, f"register-brought-{way}")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_line_is_written_by_keyboard(as_steward, draft):
    page = as_steward()
    url = begun(page, draft)
    page.goto(f"{url}line/")
    page.get_by_label("管什么事").focus()
    page.keyboard.type("快递末端投递")
    page.keyboard.press("Tab")
    page.keyboard.type("区邮政")
    page.get_by_label("依据", exact=True).focus()
    page.keyboard.type("《快递暂行条例》第二十五条")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("名录里没有“区邮政”")
    page.get_by_label("单位", exact=True).fill("区交通局")
    page.get_by_label("单位", exact=True).press("Enter")
    expect(page.locator("#changes")).to_contain_text("对“快递末端投递”主责")


def test_the_replay_shows_how_far_it_has_come_and_ends(as_steward, draft):
    page = as_steward()
    page.goto(f"{begun(page, draft)}replay/")
    page.get_by_role("button", name="开始回放").click()
    expect(page.locator("#moved")).to_contain_text("会换承办单位")
