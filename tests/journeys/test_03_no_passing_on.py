"""Promise 3, 不转不推: one objection, one ruling, no transfer; followed in a real browser from the call to the precedent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qianxian.web.demonstration.district import PASSWORD
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser
WORDS = "柳岸里北院门口夜里有人占道烧烤，油烟呛得关窗"
ARTICLE = "《中华人民共和国大气污染防治法》第八十一条"


@pytest.fixture
def as_staff(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page as a member of the demonstration's staff."""

    def enter(username: str, path: str) -> Page:
        page = open_page("/login/")
        sign_in(page, username, PASSWORD)
        page.goto(path)
        return page

    return enter


def test_one_objection_one_ruling_and_the_clock_runs_on(as_staff, open_page):
    worker = as_staff("lin.xiaoman", "/desk/register/")
    worker.get_by_label("诉求内容").fill(WORDS)
    expect(worker.get_by_text("登记后由")).to_be_visible()
    worker.get_by_label("露天烧烤").check()
    expect(worker.locator("#foresight")).to_contain_text("云溪区城市管理局")
    worker.get_by_role("button", name="登记", exact=True).click()
    code = worker.locator("[data-code]").inner_text()

    # The owner may object once, by naming the right unit and the article; there is no way to hand it on.
    owner = as_staff("gu.chengye", f"/desk/matters/{code}/?deed=object")
    for transfer in ("转派", "退回", "移交"):
        expect(owner.locator("main").get_by_role("button", name=transfer)).to_have_count(0)
        expect(owner.locator("main").get_by_role("link", name=transfer)).to_have_count(0)
    owner.get_by_role("button", name="提出职责异议", exact=True).click()
    expect(owner.get_by_role("alert")).to_contain_text("还没有提交")
    owner.get_by_label("应当由哪个单位承办").first.select_option(label="生态环境分局")
    owner.get_by_label("依据条款").first.fill(ARTICLE)
    owner.get_by_label("理由").first.fill("油烟污染由生态环境部门监督管理。")
    owner.get_by_role("button", name="提出职责异议", exact=True).click()
    expect(owner.get_by_text("异议已提交，等候裁定")).to_be_visible()

    # Owner and clock stay as they are until the ruling.
    street = open_page("/oversight/?kind=objection", role="street")
    expect(street.locator("#waiting")).to_contain_text("区城管局认为应由生态环境分局承办")
    street.get_by_role("link", name=WORDS).click()
    expect(street.locator("#owner")).to_have_text("云溪区城市管理局")
    due = street.locator("#due time").get_attribute("datetime")
    expect(street.locator("#sides article")).to_have_count(2)
    expect(street.locator("#sides")).to_contain_text(ARTICLE)

    # A ruling without its article is not made, and what was typed is still there.
    street.get_by_role("link", name="裁定归属").click()
    ruling = street.get_by_role("dialog")
    ruling.get_by_label("裁定由哪个单位承办").select_option(label="区城管局")
    ruling.get_by_label("裁定理由").fill("占道经营在先，油烟随之而来，由城管部门一并处理。")
    ruling.get_by_role("button", name="裁定归属").click()
    ruling = street.get_by_role("region", name="裁定归属")
    expect(ruling.get_by_role("alert")).to_contain_text("依据条款")
    expect(ruling.get_by_label("裁定理由")).to_have_value("占道经营在先，油烟随之而来，由城管部门一并处理。")
    ruling.get_by_label("依据条款").fill("《城市市容和环境卫生管理条例》第十四条")
    ruling.get_by_role("button", name="裁定归属").click()
    expect(street.locator("#ruling")).to_contain_text("由区城管局承办。裁定是终局的，不再转派。")
    assert street.locator("#due time").get_attribute("datetime") == due
    expect(street.get_by_role("link", name="裁定归属")).to_have_count(0)
    expect(street.get_by_role("main").get_by_role("link", name="待决事项")).to_have_attribute(
        "href", "/oversight/?kind=objection"
    )

    # The ruling is final: neither a second objection nor a second ruling is offered.
    owner.goto(f"/desk/matters/{code}/")
    expect(owner.get_by_role("link", name="提出职责异议")).to_have_count(0)

    # It is a precedent, proposes an article, and counts as an objection lost.
    supervisor = as_staff("hu.zhengqing", "/oversight/rulings/")
    expect(supervisor.locator("#rulings")).to_contain_text("异议不成立")
    expect(supervisor.locator("#proposals")).to_contain_text("《城市市容和环境卫生管理条例》第十四条")
    lost = supervisor.get_by_role("region", name="各单位提出的异议").get_by_role("row", name="区城管局")
    assert lost.get_by_role("cell").all_inner_texts() == ["1", "0", "1", "0"]
