"""The desks in a real browser: a call is registered, a department signs, contacts and resolves."""

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qianxian.web.demonstration.district import PASSWORD
from tests.browser.conftest import DESK, PHONE, ROOT, sign_in

WORKER, DEPARTMENT, STREET = "lin.xiaoman", "gu.chengye", "wen.ruoxi"
WORDS = "柳岸里北院门口一到晚上就有人占道烧烤，油烟呛得关窗，第{}次说了"


@pytest.fixture(scope="session")
def district(platform: str, database: str) -> str:
    """The demonstration district on the platform of the browser tests."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, "tests/browser/enter_district.py"], cwd=ROOT, env=environment, check=True)
    return platform


@pytest.fixture
def as_staff(open_page: Callable[..., Page], district: str) -> Callable[..., Page]:
    """Open a page as a member of the demonstration's staff."""

    def enter(username: str, path: str = "/desk/", **more: object) -> Page:
        page = open_page("/login/", **more)
        sign_in(page, username, PASSWORD)
        page.goto(path)
        return page

    return enter


def register(page: Page, number: int) -> str:
    """Register a call by the form; return the tracking code."""
    page.goto("/desk/register/")
    page.get_by_label("诉求内容").fill(WORDS.format(number))
    expect(page.get_by_text("登记后由")).to_be_visible()
    page.get_by_label("露天烧烤").check()
    expect(page.locator("#foresight")).to_contain_text("云溪区城市管理局")
    page.get_by_label("联系电话").fill("19900001234")
    page.get_by_role("button", name="登记", exact=True).click()
    code = page.locator("[data-code]")
    expect(code).to_be_visible()
    return code.inner_text()


def test_a_call_is_registered_on_the_phone_and_carried_to_its_answer(as_staff):
    code = register(as_staff(WORKER, size=PHONE, touch=True), 1)

    page = as_staff(DEPARTMENT, f"/desk/matters/{code}/")
    page.get_by_role("link", name="签收").click()
    page.get_by_role("dialog").get_by_role("button", name="签收").click()
    expect(page.get_by_text("已签收")).to_be_visible()
    page.get_by_role("link", name="联系诉求人").click()
    page.get_by_role("dialog").get_by_label("沟通情况").fill("已去电，约今晚八点到现场。")
    page.get_by_role("dialog").get_by_role("button", name="联系诉求人").click()
    expect(page.get_by_text("联系情况已记下")).to_be_visible()
    page.get_by_role("link", name="办结").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("已解决", exact=True).check()
    dialog.get_by_label("给诉求人的答复").fill("今晚已清理摊点，之后每晚巡查。")
    dialog.get_by_label("结果凭据").fill("巡查记录 3 号。")
    dialog.get_by_role("button", name="办结").click()
    expect(page.get_by_text("已办结，诉求人会收到答复并评价")).to_be_visible()


def test_a_refused_answer_comes_back_with_what_was_typed(as_staff):
    code = register(as_staff(WORKER), 2)
    page = as_staff(DEPARTMENT, f"/desk/matters/{code}/?deed=resolve")
    page.get_by_label("已解决", exact=True).check()
    page.get_by_label("给诉求人的答复").fill("已经劝离，今晚再看。")
    page.get_by_role("button", name="办结", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("还没有填写")
    expect(page.get_by_label("给诉求人的答复").first).to_have_value("已经劝离，今晚再看。")


def test_what_is_typed_survives_a_lost_page(as_staff):
    page = as_staff(WORKER, "/desk/register/", size=PHONE, touch=True)
    page.get_by_label("诉求内容").fill("楼道里写到一半没有信号了")
    page.goto("/desk/")
    page.goto("/desk/register/")
    expect(page.get_by_label("诉求内容")).to_have_value("楼道里写到一半没有信号了")


def test_the_list_is_walked_and_searched_by_keyboard(as_staff):
    register(as_staff(WORKER), 3)
    register(as_staff(WORKER), 4)
    page = as_staff(DEPARTMENT)
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.press_sequentially("烧烤")
    search.press("Enter")
    page.wait_for_url(re.compile("q="))
    expect(page.locator("[data-row]").first).to_contain_text("烧烤")


def test_all_of_a_page_are_signed_with_two_presses(as_staff):
    register(as_staff(WORKER), 5)
    page = as_staff(DEPARTMENT, "/desk/?state=sign")
    page.get_by_role("button", name="全选本页").click()
    page.get_by_role("button", name="批量签收").click()
    expect(page.get_by_text(re.compile(r"已办 \d+ 件"))).to_be_visible()
    expect(page.get_by_text("没有找到")).to_be_visible()


def test_name_and_number_are_shown_once_for_a_purpose(as_staff):
    code = register(as_staff(WORKER), 6)
    page = as_staff(DEPARTMENT, f"/desk/matters/{code}/")
    expect(page.get_by_text("199****1234")).to_be_visible()
    page.get_by_role("button", name="查看诉求人信息").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("用来做什么").select_option("contact")
    dialog.get_by_label("具体事由").fill("约到场时间")
    dialog.get_by_role("button", name="查看").click()
    expect(page.get_by_text("19900001234")).to_be_visible()
    page.goto(f"/desk/matters/{code}/")
    expect(page.get_by_text("19900001234")).to_have_count(0)


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_axe_finds_nothing_on_the_desks(as_staff, axe, picture, size):
    shape = {"size": PHONE, "touch": True} if size == "phone" else {"size": DESK}
    code = register(as_staff(WORKER, **shape), 7 if size == "phone" else 8)
    for name, username, path in (
        ("worker-list", WORKER, "/desk/"),
        ("worker-area", WORKER, "/desk/?view=area"),
        ("worker-matter", WORKER, f"/desk/matters/{code}/"),
        ("registered", WORKER, f"/desk/register/{code}/"),
        ("department-list", DEPARTMENT, "/desk/?urgent=&topic="),
        ("department-matter", DEPARTMENT, f"/desk/matters/{code}/"),
        ("department-resolve", DEPARTMENT, f"/desk/matters/{code}/?deed=resolve"),
        ("street-matter", STREET, f"/desk/matters/{code}/"),
    ):
        page = as_staff(username, path, **shape)
        picture(page, f"{name}-{size}")
        axe(page)
    page = as_staff(WORKER, "/desk/register/", **shape)
    page.get_by_label("诉求内容").fill("楼上半夜拖桌子，敲门不理")
    expect(page.get_by_text("登记后由")).to_be_visible()
    picture(page, f"register-{size}")
    axe(page)


def test_no_desk_page_is_wider_than_a_phone(as_staff):
    code = register(as_staff(WORKER, size=PHONE, touch=True), 9)
    for username, path in (
        (WORKER, "/desk/"), (WORKER, "/desk/register/"), (DEPARTMENT, "/desk/"), (DEPARTMENT, f"/desk/matters/{code}/"),
    ):  # fmt: skip
        page = as_staff(username, path, size=PHONE, touch=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_several_demands_in_one_call_are_parted_by_a_tick(as_staff, axe, picture, size):
    page = as_staff(WORKER, "/desk/register/", size=size)
    page.get_by_label("诉求内容").fill(
        f"小区西门路灯不亮，晚上没法走。另外楼下饭店油烟直排，宽{size['width']}的窗开不了。"
    )
    proposed = page.get_by_role("group", name="像是说了 2 件事")
    expect(proposed).to_be_visible()
    picture(page, f"parting-{size['width']}")
    axe(page)
    proposed.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("一次说的另外几件")).to_be_visible()
    picture(page, f"parted-{size['width']}")
    axe(page)
