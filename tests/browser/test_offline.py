"""Works without a network in a stairwell: what is filled waits on the phone in cipher, and goes up once when it can."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qianxian.web.demonstration.district import PASSWORD
from tests.browser.conftest import PHONE, sign_in
from tests.browser.test_desk import DEPARTMENT, WORKER, as_staff, district, register

__all__ = ["as_staff", "district"]

WORDS = "柳岸里三号楼楼道的声控灯坏了{}盏，老人上下楼看不见台阶"


@pytest.fixture
def ready(as_staff: Callable[..., Page]) -> Page:
    """The desk on a worker's phone, after the phone has prepared itself for work without a network."""
    page = as_staff(WORKER, size=PHONE, touch=True)
    page.wait_for_selector("body[data-outbox-ready]", state="attached")
    return page


def filled(page: Page, words: str) -> None:
    page.get_by_label("诉求内容").fill(words)
    page.get_by_role("button", name="登记", exact=True).click()


def codes_of(page: Page, words: str) -> list[str]:
    page.goto(f"/desk/?view=reported&q={words[-12:]}")
    return [row for row in page.locator("#waiting li").all_inner_texts() if words in row]


def raw(page: Page) -> str:
    """Everything that lies in the phone's database, as anybody could read it."""
    return page.evaluate(
        """async () => {
          const database = await new Promise((done) => (indexedDB.open("qianxian").onsuccess = (event) => done(event.target.result)));
          const read = (store) => new Promise((done) => {
            database.transaction(store).objectStore(store).getAll().onsuccess = (event) => done(event.target.result);
          });
          const rows = [...(await read("entries")), ...(await read("kept"))];
          database.close();
          return JSON.stringify(rows.map((row) => row.sealed ? {...row, sealed: new TextDecoder().decode(row.sealed)} : row));
        }"""
    )


def test_a_call_registered_without_a_network_goes_up_once_when_it_is_back(ready: Page, axe):
    page, words = ready, WORDS.format("三")
    page.goto("/desk/register/")
    page.context.set_offline(True)
    filled(page, words)
    entry = page.locator("[data-state=waiting]")
    expect(entry).to_contain_text("代为登记")
    expect(entry).to_contain_text(words)
    axe(page)
    assert words not in raw(page)
    page.context.set_offline(False)
    expect(page.locator("[data-state=taken]")).to_contain_text("代为登记")
    assert len(codes_of(page, words)) == 1


def test_pages_of_people_are_not_there_without_a_network(ready: Page):
    ready.context.set_offline(True)
    ready.goto("/desk/")
    expect(ready.get_by_role("heading", name="离线填报与待送出")).to_be_visible()
    ready.context.set_offline(False)


def test_a_call_can_be_registered_on_the_outbox_page_itself(ready: Page):
    page, words = ready, WORDS.format("四")
    page.context.set_offline(True)
    page.goto("/outbox/")
    page.get_by_text("代为登记").first.click()
    filled(page, words)
    expect(page.locator("[data-state=waiting]")).to_contain_text("现在没有网络")
    page.context.set_offline(False)
    expect(page.locator("[data-state=taken]")).to_be_visible()
    assert len(codes_of(page, words)) == 1


def test_what_the_platform_refuses_is_kept_beside_how_things_stand_there(as_staff):
    department = as_staff(DEPARTMENT, size=PHONE, touch=True)
    department.wait_for_selector("body[data-outbox-ready]", state="attached")
    code = register(as_staff(WORKER), 71)
    department.goto(f"/desk/matters/{code}/?deed=contact")
    department.context.set_offline(True)
    form = department.locator("section form[data-outbox]").first
    form.get_by_label("沟通情况").fill("在楼道里当面说好，明天一早来修")
    form.get_by_role("button").click()
    expect(department.locator("[data-state=waiting]")).to_contain_text("当面说好")
    elsewhere = as_staff(DEPARTMENT, f"/desk/matters/{code}/?deed=resolve")
    answered = elsewhere.locator("section form[data-outbox]").first
    answered.get_by_label("已解决").check()
    answered.get_by_label("给诉求人的答复").fill("已经劝离")
    answered.get_by_label("结果凭据").fill("当晚复查无人摆摊")
    answered.get_by_role("button", name="办结").click()
    expect(elsewhere.get_by_text("已办结，诉求人会收到答复并评价。")).to_be_visible()
    department.context.set_offline(False)
    refused = department.locator("[data-state=refused]")
    expect(refused).to_contain_text("这件诉求的办理状态已经变化")
    expect(refused).to_contain_text("在楼道里当面说好，明天一早来修")
    expect(refused).to_contain_text("已经劝离")
    department.reload()
    expect(department.locator("[data-state=refused]")).to_contain_text("当面说好")
    department.get_by_role("button", name="看过了，移除").click()
    expect(department.locator("[data-state=refused]")).to_have_count(0)


def test_signing_out_leaves_nothing_readable_on_the_phone(ready: Page):
    page = ready
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 1
    page.locator("header details.drop summary", has_text="林小满").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("已退出。")).to_be_visible()
    assert page.evaluate("async () => (await caches.match('/outbox/')) === undefined")
    assert raw(page) == "[]"
    page.context.set_offline(True)
    page.goto("/outbox/")
    expect(page.get_by_role("heading", name="没有网络")).to_be_visible()
    page.context.set_offline(False)


def test_what_waits_when_the_session_ends_is_readable_to_nobody_and_goes_up_when_its_writer_is_back(ready: Page):
    page, words = ready, WORDS.format("五")
    page.goto("/desk/register/")
    page.context.set_offline(True)
    filled(page, words)
    expect(page.locator("[data-state=waiting]")).to_contain_text(words)
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.locator("[data-state=waiting]")).to_contain_text("登录后自动送出")
    page.goto("/")
    assert '"state":"waiting"' in raw(page)
    assert words not in raw(page)
    sign_in(page, WORKER, PASSWORD)
    page.goto("/outbox/")
    expect(page.locator("[data-state=taken]")).to_contain_text("代为登记")
    assert len(codes_of(page, words)) == 1
