"""Promises 2, 3 and 8: a ruling becomes an article; a draft with a gap is not published; the replay shows what moves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qianxian.web.demonstration.district import PASSWORD
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser
WORDS = "楼上有人夜里飞无人机，嗡嗡响，贴着窗户拍"
AGAIN = "隔壁楼又有人飞无人机，吵得孩子睡不着"
BASIS = "《无人驾驶航空器飞行管理暂行条例》第五十一条"


@pytest.fixture
def as_staff(open_page: Callable[..., Page]) -> Callable[..., Page]:
    def enter(username: str, path: str) -> Page:
        page = open_page("/login/")
        sign_in(page, username, PASSWORD)
        page.goto(path)
        return page

    return enter


def register(worker: Page, words: str) -> str:
    """Take a call down and return its code."""
    worker.goto("/desk/register/")
    worker.get_by_label("诉求内容").fill(words)
    expect(worker.get_by_text("登记后由")).to_be_visible()
    worker.get_by_label("无人机飞行扰民").check()
    expect(worker.locator("#foresight")).to_contain_text("清河街道")
    worker.get_by_role("button", name="登记", exact=True).click()
    return worker.locator("[data-code]").inner_text()


def settle_what_is_contested(page: Page) -> None:
    """Let the first of two rivals assist, again and again, until an audit finds no contest."""
    page.get_by_role("button", name="体检").click()
    while page.get_by_role("button", name="改为协助").count():
        page.get_by_role("button", name="改为协助").first.click()
        page.get_by_role("button", name="体检").click()


def fill_what_is_empty(page: Page) -> None:
    """Give every topic without a lead one, by the link beside it."""
    while page.get_by_role("link", name="补一条主责").count():
        page.get_by_role("link", name="补一条主责").first.click()
        expect(page.get_by_label("管什么事")).not_to_have_value("")
        page.get_by_label("单位", exact=True).fill("区城管局")
        page.get_by_label("依据", exact=True).fill("云溪区政府专题会议纪要〔2026〕12号")
        page.get_by_role("button", name="写进草案", exact=True).click()
        page.get_by_role("button", name="体检").click()


def test_a_ruling_becomes_an_article_that_decides_the_next_matter(as_staff, open_page, axe):
    # Nobody leads for drones: the street holds the matter, and the supervisor rules who answers.
    worker = as_staff("lin.xiaoman", "/desk/register/")
    register(worker, WORDS)
    author = as_staff("hu.zhengqing", "/oversight/?kind=silent")
    author.get_by_role("link", name=WORDS).first.click()
    author.get_by_role("link", name="裁定归属").click()
    ruling = author.get_by_role("dialog")
    ruling.get_by_label("裁定由哪个单位承办").select_option(label="公安分局")
    ruling.get_by_label("依据条款").fill(BASIS)
    ruling.get_by_label("裁定理由").fill("飞行活动的现场处置由公安机关负责。")
    ruling.get_by_role("button", name="裁定归属").click()
    expect(author.locator("#ruling")).to_contain_text("由公安分局承办")

    # The ruling's proposal is one click into the next draft.
    author.goto("/oversight/rulings/")
    line = author.locator("#proposals li").filter(has_text="无人机飞行扰民")
    line.get_by_role("button", name="收进下一版草案").click()
    expect(author.locator("#changes")).to_contain_text("公安分局对“无人机飞行扰民”主责")
    draft = author.url
    author.goto("/oversight/rulings/")
    expect(line.get_by_role("link", name="已收进草案")).to_be_visible()

    # A draft with a gap cannot be published: the way on stands beside each.
    author.goto(f"{draft}lines/?q=城管-009")
    author.get_by_role("button", name="终止").first.click()
    author.get_by_role("button", name="体检").click()
    stopping = author.locator("#stopping")
    expect(stopping).to_contain_text("这份草案把它改没了")
    expect(author.locator("#next")).to_contain_text("有的事项没有单位主责，不能公布")
    expect(author.get_by_role("button", name="送审")).to_have_count(0)
    axe(author)
    stopping.get_by_role("button", name="撤销对第").first.click()
    settle_what_is_contested(author)
    fill_what_is_empty(author)
    expect(author.locator("#stopping")).to_have_count(0)

    # The replay shows what would move, and moves nothing.
    author.get_by_role("button", name="用以往诉求回放").click()
    moved = author.get_by_role("row", name=WORDS)
    expect(moved.first).to_contain_text("清单没有写")
    expect(moved.first).to_contain_text("公安分局")
    axe(author)

    # Whoever wrote it does not approve it; a second person returns it once, with the reason.
    author.goto(draft)
    author.get_by_role("button", name="送审").click()
    expect(author.locator("#next")).to_contain_text("要由另一位督查批准")
    expect(author.get_by_role("button", name="批准")).to_have_count(0)
    second = as_staff("yu.zhiheng", draft)
    second.get_by_text("退回修改").first.click()
    second.get_by_label("理由").first.fill("请写明街道协助。")
    second.get_by_role("button", name="退回修改").click()
    author.goto(draft)
    expect(author.get_by_text("请写明街道协助。").first).to_be_visible()
    author.get_by_role("button", name="送审").click()
    second.goto(draft)
    second.get_by_role("button", name="批准").click()
    second.get_by_role("button", name="批准并公布").click()
    expect(second.get_by_text("已成为第 2 版")).to_be_visible()

    # From now on the article decides; it carries the ruling, and the old edition stays as it was.
    worker.goto("/desk/register/")
    worker.get_by_label("诉求内容").fill(AGAIN)
    worker.get_by_label("无人机飞行扰民").check()
    expect(worker.locator("#foresight")).to_contain_text("公安分局")
    reader = open_page("/who/?topic=020603")
    expect(reader.locator("#answer")).to_have_text("云溪区公安分局")
    second.goto("/register/compare/?before=1&after=2&q=无人机")
    expect(second.locator("#rows")).to_contain_text("公安分局对“无人机飞行扰民”主责")
    second.goto("/oversight/rulings/")
    second.get_by_text("已经写进清单的建议").click()
    expect(second.locator("#proposals")).to_contain_text("写进第 2 版")
