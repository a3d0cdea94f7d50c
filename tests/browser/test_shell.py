"""The frame in a real browser: what is typed survives, everything is reached by keyboard, axe finds nothing."""

import http.client
import re

import pytest
from playwright.sync_api import Page, expect

PHONE = {"width": 390, "height": 844}
SIZES = {
    "desk": {},
    "phone": {"size": PHONE, "touch": True},
    "large": {"size": PHONE, "touch": True, "large": True},
    "english": {"language": "en"},
}
PAGES = {
    "home": ("/", ""),
    "login": ("/login/", ""),
    "resident": ("/me/", ""),
    "password": ("/account/password/", "street"),
    "sign-ins": ("/account/sign-ins/", "worker"),
    "burden": ("/burden/", "worker"),
    "gallery": ("/gallery/", "department"),
    "not-found": ("/nowhere/", ""),
    "broken": ("/fail/", ""),
}
VISIBLE_TARGETS = "main a.btn, main button.btn, header .btn, nav a, main .input, main .select, main .menu-line"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on(open_page, axe, picture, name, size):
    path, role = PAGES[name]
    page = open_page(path, role=role, **SIZES[size])
    if name == "gallery":
        page.wait_for_load_state("networkidle")
    picture(page, f"{name}-{size}")
    axe(page)


@pytest.mark.parametrize("size", ["phone", "large"])
def test_nothing_is_wider_than_a_phone(open_page, size):
    page = open_page("/gallery/", role="worker", **SIZES[size])
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_every_target_has_room_for_a_finger(open_page):
    page = open_page("/gallery/", role="worker", **SIZES["phone"])
    small = page.evaluate(
        """targets => [...document.querySelectorAll(targets)].filter(target => target.checkVisibility())
        .filter(target => Math.min(target.getBoundingClientRect().height, target.getBoundingClientRect().width) < 44)
        .map(target => target.outerHTML.slice(0, 90))""",
        VISIBLE_TARGETS,
    )
    assert small == []


def test_the_keyboard_reaches_the_text_first_and_shows_where_it_is(open_page):
    page = open_page("/login/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("跳到正文")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("input[name=username]")).to_be_focused()
    assert page.locator(":focus").evaluate("field => getComputedStyle(field).outlineWidth") == "3px"


def test_a_menu_closes_by_escape_and_gives_the_focus_back(open_page):
    page = open_page("/", role="street")
    summary = page.locator("header summary", has_text="沈知秋")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="修改密码")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="修改密码")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_reader_changes_language_and_print_on_the_page_and_stays_there(open_page):
    page = open_page("/login/")
    page.locator("header summary", has_text="简体中文").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Staff sign-in")).to_be_visible()
    page.get_by_role("button", name="Large print").click()
    expect(page.locator("html")).to_have_attribute("data-print", "large")
    expect(page).to_have_url(re.compile("/login/$"))


def type_sample(page: Page) -> None:
    page.get_by_label("一句话说清楚").fill("楼道灯不亮")
    page.get_by_label("详细说说").fill("三号楼二单元，<b>晚上</b>看不清。")
    page.get_by_label("投诉").check()
    page.get_by_label("替我保密").check()


def assert_sample(page: Page) -> None:
    expect(page.get_by_label("一句话说清楚")).to_have_value("楼道灯不亮")
    expect(page.get_by_label("详细说说")).to_have_value("三号楼二单元，<b>晚上</b>看不清。")
    expect(page.get_by_label("投诉")).to_be_checked()
    expect(page.get_by_label("替我保密")).to_be_checked()


def test_what_is_typed_survives_a_reload(open_page):
    page = open_page("/gallery/", role="worker")
    type_sample(page)
    page.reload()
    assert_sample(page)


def test_what_is_typed_survives_a_refused_form_and_the_keyboard_lands_on_what_is_wrong(open_page):
    page = open_page("/gallery/", role="worker")
    type_sample(page)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    expect(page.get_by_role("alert").first).to_contain_text("还没有提交，请先改这几处")
    assert_sample(page)


def test_what_is_typed_survives_an_expired_session(open_page):
    page = open_page("/burden/", role="worker")
    form = page.locator("main form").first
    form.get_by_label("说两句").fill("同一张表填了三遍")
    form.get_by_label("同样的数据又要填一遍").check()
    page.context.clear_cookies(name=re.compile("session"))
    form.get_by_role("button", name="报上去").click()
    page.wait_for_url(lambda url: "/login/" in url or "/burden/" in url)
    if "/login/" not in page.url:
        page.goto("/login/?next=/burden/")
    page.locator("input[name=username]").fill("test-worker")
    page.locator("input[name=password]").fill("柳岸的灯亮了 2026")
    page.locator("main form button.btn-primary").click()
    expect(page).to_have_url(re.compile("/burden/"))
    expect(page.locator("main form").first.get_by_label("说两句")).to_have_value("同一张表填了三遍")


def test_what_is_typed_survives_a_fault_of_the_platform(open_page):
    page = open_page("/gallery/", role="worker")
    type_sample(page)
    page.goto("/fail/")
    page.get_by_role("button", name="返回上一页").click()
    assert_sample(page)


def test_two_tabs_do_not_overwrite_each_other(open_page):
    page = open_page("/gallery/", role="worker")
    other = page.context.new_page()
    other.goto("/gallery/")
    type_sample(page)
    other.get_by_label("一句话说清楚").fill("下水道返水")
    page.reload()
    other.reload()
    assert_sample(page)
    expect(other.get_by_label("一句话说清楚")).to_have_value("下水道返水")


def test_what_was_accepted_is_forgotten(open_page):
    page = open_page("/burden/", role="worker")
    form = page.locator("main form").first
    form.get_by_label("说两句").fill("同一张表填了三遍")
    form.get_by_label("同样的数据又要填一遍").check()
    form.get_by_role("button", name="报上去").click()
    expect(page.get_by_role("status").first).to_contain_text("报上去了")
    page.goto("/burden/")
    expect(page.locator("main form").first.get_by_label("说两句")).to_have_value("")


def test_who_leaves_leaves_no_draft_behind(open_page):
    page = open_page("/gallery/", role="worker")
    type_sample(page)
    page.locator("header summary", has_text="林晓禾").click()
    page.get_by_role("button", name="退出", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已退出")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft:'))") == []


def test_a_burden_is_reported_from_any_page_in_a_dialog(open_page):
    page = open_page("/gallery/", role="worker")
    page.get_by_role("link", name="报负担").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("积分、排名、在线时长").check()
    dialog.get_by_role("button", name="报上去").click()
    expect(page.get_by_role("status").first).to_contain_text("报上去了")
    expect(page).to_have_url(re.compile("/gallery/$"))


def test_a_file_beyond_ten_megabytes_is_refused_before_it_travels(open_page):
    page = open_page("/gallery/", role="worker")
    page.get_by_label("照片").evaluate(
        """field => { const files = new DataTransfer();
        files.items.add(new File([new Uint8Array(11 * 2 ** 20)], "大图.png"));
        field.files = files.files; field.dispatchEvent(new Event("change", {bubbles: true})); }"""
    )
    expect(page.get_by_text("这个文件超过 10 MB")).to_be_visible()
    assert page.get_by_label("照片").evaluate("field => field.files.length") == 0


def test_a_chart_is_drawn_and_can_be_read_as_a_table(open_page):
    page = open_page("/gallery/", role="street")
    expect(page.locator("#by-place svg")).to_be_visible()
    page.get_by_text("看表格").click()
    expect(page.get_by_role("cell", name="42").last).to_be_visible()


def test_a_map_is_drawn_without_a_request_to_elsewhere(open_page, platform):
    page = open_page("/", role="street")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/gallery/")
    expect(page.locator("#district path.area")).to_have_count(3)
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith((platform, "data:"))] == []


def test_a_resident_enters_by_the_code_that_the_demonstration_shows(open_page):
    page = open_page("/me/", **SIZES["phone"])
    page.get_by_label("手机号").fill("138 0000 0002")
    page.get_by_role("button", name="获取验证码").click()
    code = page.locator("[data-shown-code]").inner_text()
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator("header summary").last.click()
    expect(page.get_by_text("已用 138****0002 登录")).to_be_visible()


def test_a_body_of_two_hundred_megabytes_is_refused_by_a_page(platform):
    connection = http.client.HTTPConnection(platform.removeprefix("http://"), timeout=20)
    connection.putrequest("POST", "/login/")
    connection.putheader("Content-Length", str(200 * 2**20))
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.endheaders(b"username=")
    answer = connection.getresponse()
    assert answer.status == 413
    assert "内容太大" in answer.read().decode()
    connection.close()


def test_a_draft_does_not_overwrite_what_the_server_changed_meanwhile(open_page):
    page = open_page("/gallery/?title=楼道灯不亮", role="worker")
    page.get_by_label("一句话说清楚").fill("楼道灯不亮，三天了")
    page.reload()
    expect(page.get_by_label("一句话说清楚")).to_have_value("楼道灯不亮，三天了")
    page.goto("/gallery/?title=楼道灯已修好")
    expect(page.get_by_label("一句话说清楚")).to_have_value("楼道灯已修好")


def test_a_phone_has_four_pages_at_the_thumb_and_the_rest_behind_more(open_page, picture):
    page = open_page("/gallery/", role="street", **SIZES["phone"])
    bar = page.get_by_role("navigation", name="栏目")
    expect(bar.get_by_role("link", name="部件 12 件待办")).to_have_attribute("aria-current", "page")
    expect(bar.get_by_role("link", name="一张图")).to_be_hidden()
    bar.get_by_text("更多").click()
    expect(bar.get_by_role("link", name="一张图")).to_be_visible()
    picture(page, "bar-phone", whole=False)
