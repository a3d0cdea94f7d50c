"""The gate, the calendar and the certificates desk in a real browser: at both widths, large print, in both languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_oversight import as_staff, work

__all__ = ["as_staff", "work"]
WORKER, DEPARTMENT, STREET = "lin.xiaoman", "jing.nan", "wen.ruoxi"
PAGES = {
    WORKER: (
        "/gate/", "/calendar/", "/calendar/new/", "/calendar/subscription/", "/certificates/",
        "/certificates/new/residence/", "/errands/refusals/", "/admitted/",
    ),
    DEPARTMENT: ("/errands/", "/errands/new/", "/errands/ask/", "/errands/refusals/", "/calendar/?view=week"),
    STREET: ("/errands/?tab=area", "/errands/?tab=table", "/errands/refusals/", "/calendar/"),
}  # fmt: skip
DEEPER = {
    WORKER: ("/admitted/", "/gate/", "/certificates/"),
    DEPARTMENT: ("/errands/",),
    STREET: ("/errands/?tab=area",),
}
WAYS = {
    "desk": {"size": DESK},
    "phone": {"size": PHONE, "touch": True},
    "large": {"size": PHONE, "touch": True, "large": True},
    "english": {"size": DESK, "language": "en"},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("username", PAGES)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_frame(as_staff, axe, picture, username, way):
    page = as_staff(username, "/", **WAYS[way])
    for address in PAGES[username]:
        page.goto(address)
        sound(page, axe, picture, f"errands-{username}-{way}-{re.sub(r'[^a-z]+', '-', address)}")
    for address in DEEPER[username]:
        page.goto(address)
        page.locator("main ul.panel a").first.click()
        sound(page, axe, picture, f"errands-{username}-{way}-one{re.sub(r'[^a-z]+', '-', address)}")


def sound(page, axe, picture, name):
    picture(page, name)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_a_request_is_refused_by_keyboard(as_staff):
    page = as_staff("bao.lei", "/gate/")
    button = page.get_by_role("button", name="没准入，退回").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("计入公安分局")
    page.get_by_role("button", name="撤回").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("不计入任何单位")


def test_a_certificate_is_issued_and_printed_without_the_frame_and_checked_by_anybody(
    as_staff, open_page, axe, picture
):
    page = as_staff(WORKER, "/certificates/new/residence/")
    page.get_by_label("居民姓名").fill("卢守田")
    page.get_by_label("身份证件号码").fill("990101194603120021")
    page.get_by_label("证明内容").fill("居住在本社区柳岸里北院。")
    page.get_by_label("交给哪个单位").fill("云溪区实验小学")
    page.get_by_label("办什么事用").fill("孙女入学登记")
    page.get_by_role("button", name="开具").click()
    axe(page)
    page.emulate_media(media="print")
    expect(page.locator("article")).to_contain_text("兹证明卢守田（身份证件号码 990101194603120021）")
    expect(page.get_by_role("navigation").first).to_be_hidden()
    picture(page, "errands-certificate-print")
    page.emulate_media(media="screen")
    checking = open_page(page.get_by_role("link", name="看核验页面").get_attribute("href"), size=PHONE)
    expect(checking.locator("#state")).to_have_attribute("data-state", "valid")
    expect(checking.locator("#state")).to_contain_text("卢**")
    axe(checking)
