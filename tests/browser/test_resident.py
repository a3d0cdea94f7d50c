"""Residents in a real browser: say it, follow it, judge it, by phone and by desk, by keyboard, without script too."""

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
SIZES = {
    "desk": {},
    "phone": {"size": PHONE, "touch": True},
    "large": {"size": PHONE, "touch": True, "large": True},
    "english": {"language": "en"},
}
PAGES = {
    "home": "/",
    "community": "/c/990101001001/",
    "poster": "/c/990101001001/poster/",
    "report": "/report/?place=990101001001&words=楼道灯坏了",
    "emergency": "/report/?words=楼下正在着火",
    "track": "/track/",
    "who": "/who/?q=小区门口垃圾桶满了没人收&place=990101001001",
    "who-silent": "/who/?q=嗯嗯",
    "topics": "/who/topics/?within=0101",
    "open": "/who/open/",
    "articles": "/articles/?q=物业",
    "article": "/articles/1/城管-001/",
}
WORDS = "柳岸里3号楼楼道灯坏了半个月，老人晚上上楼看不清，第{}次说了。"
numbers = itertools.count(1)


@pytest.fixture
def settle(database: str, tmp_path: Path) -> Callable[[Page, str], None]:
    """Let the owner of the matter on a page answer it."""

    def answered(page: Page, result: str) -> None:
        code = page.url.rstrip("/").rpartition("/")[2]
        environment = {
            **os.environ, "DATABASE_URL": database, "QIANXIAN_HOME": str(tmp_path), "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        }  # fmt: skip
        subprocess.run([sys.executable, "tests/browser/settle.py", code, result], cwd=ROOT, env=environment, check=True)
        page.reload()

    return answered


def prove(page: Page, number: str) -> None:
    page.locator("#id_phone").fill(number)
    page.get_by_role("button", name=re.compile("获取验证码|Send|code", re.I)).click()
    page.locator("#id_code").fill(page.locator("[data-shown-code]").inner_text())


def say(page: Page, words: str = "") -> str:
    """Bring a demand by the form as it stands on the page; return the phone."""
    here = next(numbers)
    number = f"199{here:08}"
    page.locator("#id_words").fill(words or WORDS.format(here))
    page.wait_for_selector("[data-topics], [role=alert]")
    page.locator("#id_place").select_option("990101001001")
    expect(page.locator("#owner-title")).to_be_visible()
    prove(page, number)
    page.locator("button[value=send]").click()
    page.wait_for_url("**/m/**")
    return number


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on(open_page, axe, picture, name, size):
    page = open_page(PAGES[name], **SIZES[size])
    picture(page, f"resident-{name}-{size}")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("size", ["desk", "phone", "large"])
def test_a_demand_goes_from_the_first_words_to_the_judgement(open_page, axe, picture, settle, size):
    page = open_page("/c/990101001001/", **SIZES[size])
    page.get_by_role("link", name="我要反映").first.click()
    say(page)
    expect(page.locator("[data-owner]")).not_to_be_empty()
    expect(page.locator("[data-arithmetic] li").first).to_contain_text("交办，时限")
    axe(page)
    settle(page, "solved")
    picture(page, f"resident-resolved-{size}")
    axe(page)
    page.get_by_label("解决了", exact=True).check()
    page.get_by_label("满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("您的评价：已解决")).to_be_visible()
    axe(page)


def test_who_is_not_content_goes_on_to_somebody_higher(open_page, axe, settle):
    page = open_page("/report/")
    say(page)
    owner = page.locator("[data-owner]").inner_text()
    settle(page, "refused")
    expect(page.locator("#steps")).not_to_contain_text("已办结")
    axe(page)
    page.get_by_label("没有解决").check()
    page.get_by_label("不满意").check()
    page.get_by_role("button", name="提交评价").click()
    page.locator("#follow textarea").fill("不能不管，楼里有八十岁的老人。")
    page.get_by_role("button", name="交给上一级").click()
    expect(page.get_by_text("这是接着上一件办的")).to_be_visible()
    expect(page.locator("[data-owner]")).not_to_have_text(owner)


def test_who_answers_is_shown_while_the_words_are_written(open_page):
    page = open_page("/report/?place=990101001001")
    expect(page.locator("#owner")).to_contain_text("写上几句")
    page.locator("#id_words").press_sequentially("小区垃圾桶满了，垃圾没人收")
    expect(page.locator("#topics mark").first).to_be_visible()
    expect(page.locator("#owner")).to_contain_text("依据第")
    page.get_by_label("都不是，请工作人员判断").check()
    expect(page.locator("#owner")).to_contain_text("清单没有写")


def test_a_topic_from_the_whole_list_changes_who_answers(open_page):
    page = open_page("/report/?place=990101001001")
    page.locator("#id_words").fill("小区垃圾桶满了，垃圾没人收")
    page.get_by_text("从全部事项里选").click()
    page.locator("#all-topics select").select_option(label="占道经营")
    expect(page.get_by_role("radio", name="占道经营")).to_be_checked()
    expect(page.locator("#owner")).to_contain_text("依据第")


def test_danger_is_answered_at_once_with_numbers_to_dial(open_page, axe):
    page = open_page("/report/", **SIZES["phone"])
    page.locator("#id_words").fill("我家楼下正在着火")
    expect(page.get_by_role("alert")).to_contain_text("现在就打电话")
    expect(page.get_by_role("alert").get_by_role("link", name="119")).to_have_attribute("href", "tel:119")
    axe(page)


def test_what_is_written_survives_a_reload_and_is_read_again(open_page):
    page = open_page("/report/")
    page.locator("#id_words").fill("楼道灯坏了，老人看不清")
    page.locator("#id_place").select_option("990101001002")
    page.locator("#id_address").fill("钟楼东里 2 号楼")
    page.reload()
    expect(page.locator("#id_words")).to_have_value("楼道灯坏了，老人看不清")
    expect(page.locator("#id_place")).to_have_value("990101001002")
    expect(page.locator("#id_address")).to_have_value("钟楼东里 2 号楼")
    expect(page.locator("[data-topics]")).to_be_visible()
    expect(page.locator("#owner")).to_contain_text("依据第")


def test_chosen_files_stay_chosen_while_the_phone_is_proved(open_page):
    page = open_page("/report/?place=990101001001")
    page.locator("#id_words").fill(WORDS.format("附图"))
    picture = {"name": "灯.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 64}
    page.locator("#id_attached").set_input_files(picture)
    expect(page.locator("#owner-title")).to_be_visible()
    prove(page, "19955550001")
    page.locator("button[value=send]").click()
    expect(page.get_by_role("link", name="灯.png")).to_be_visible()


def test_a_sent_form_forgets_what_it_kept(open_page):
    page = open_page("/report/")
    say(page)
    page.goto("/report/")
    expect(page.locator("#id_words")).to_have_value("")


def test_a_send_button_that_is_pressed_twice_sends_once(open_page):
    page = open_page("/report/?place=990101001001")
    page.locator("#id_words").fill(WORDS.format("两"))
    expect(page.locator("#owner-title")).to_be_visible()
    prove(page, "19955550003")
    page.locator("button[value=send]").dblclick()
    page.wait_for_url("**/m/**")
    page.goto("/mine/")
    expect(page.locator("main ul.panel > li")).to_have_count(1)


def test_without_script_the_form_goes_through_in_steps(browser, platform):
    context = browser.new_context(base_url=platform, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/report/?place=990101001001")
    page.locator("#id_words").fill(WORDS.format("无脚本"))
    page.locator("#id_phone").fill("19955550002")
    page.get_by_role("button", name="获取验证码").click()
    page.locator("#id_code").fill(page.locator("[data-shown-code]").inner_text())
    page.locator("button[value=send]").click()
    if "/m/" not in page.url:
        page.locator("button[value=send]").click()
    expect(page.locator("[data-owner]")).not_to_be_empty()
    context.close()


def test_the_keyboard_alone_reaches_every_answer(open_page):
    page = open_page("/who/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("小区门口垃圾桶满了没人收")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_visible()
    page.get_by_role("link", name="就反映这件事").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_words")).to_have_value("小区门口垃圾桶满了没人收")


def test_a_tracking_code_leads_another_person_to_the_page_and_no_further(open_page):
    page = open_page("/report/")
    say(page)
    code = page.locator("[data-code]").inner_text()
    other = open_page("/track/", **SIZES["phone"])
    other.locator("#id_code").fill(code.lower())
    other.get_by_role("button", name="查一下").click()
    expect(other.locator("[data-owner]")).not_to_be_empty()
    expect(other.locator("#material")).to_have_count(0)
