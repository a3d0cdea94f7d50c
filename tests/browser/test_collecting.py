"""Forms in a real browser and over the wire: conditions, rounds, sums and choices as they are typed; ODK's own protocol."""

import base64
import re
import uuid
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PASSWORD, PHONE
from tests.collection.forms.workbooks import VISIT

WAYS = {"phone": {"size": PHONE, "touch": True}, "desk": {"size": DESK}, "english": {"size": DESK, "language": "en"}}


@pytest.fixture
def visit(open_page: Callable[..., Page]) -> None:
    """A published form."""
    street = open_page("/forms/bring/", role="street")
    street.locator("input[type=file]").set_input_files(
        {"name": "visit.md", "mimeType": "text/markdown", "buffer": VISIT}
    )
    street.locator("main form button.btn-primary").click()
    expect(street.locator("input[name=bind]")).to_have_count(0)
    street.locator("main form button.btn-primary").click()
    expect(street.get_by_role("heading", name="入户走访")).to_be_visible()


@pytest.mark.parametrize("way", WAYS)
def test_every_page_of_forms_can_be_read_by_everybody(visit, way, open_page, axe, picture):
    page = open_page("/forms/", role="worker", **WAYS[way])
    for path in ("/forms/", "/forms/visit/", "/forms/visit/fill/", "/forms/visit/answers/"):
        page.goto(path)
        axe(page)
        picture(page, f"forms-{path.strip('/').replace('/', '-')}-{way}")


def test_a_form_follows_what_is_typed(visit, open_page):
    page = open_page("/forms/visit/fill/", role="worker", size=PHONE, touch=True)
    alone = page.get_by_role("group", name="是否独居")
    expect(alone).to_be_hidden()
    page.get_by_label("家里几口人").fill("1")
    expect(alone).to_be_visible()
    expect(page.get_by_label("河东路")).to_be_hidden()
    page.get_by_label("清河").check()
    expect(page.get_by_label("河东路")).to_be_visible()
    expect(page.get_by_label("山前街")).to_be_hidden()
    add = page.get_by_role("button", name="加一份")
    add.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("奶奶")
    page.locator("[name='/data/member[1]/years']").fill("70")
    add.click()
    page.locator("[name='/data/member[2]/years']").fill("8")
    expect(page.get_by_text("合计 78 岁")).to_be_visible()
    page.get_by_role("button", name="去掉这一份").first.click()
    expect(page.get_by_text("合计 8 岁")).to_be_visible()
    page.get_by_label("家里几口人").fill("50")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("这一项要填。").first).to_be_visible()
    expect(page.get_by_text("人数要在 1 到 29 之间")).to_be_visible()
    page.get_by_label("家里几口人").fill("1")
    page.get_by_label("有什么困难").fill("楼道灯坏了")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已收下。")).to_be_visible()
    page.get_by_role("link", name="看已收的").click()
    expect(page.locator("#answers")).to_contain_text("楼道灯坏了")


# ODK's protocol, over the wire


def call(
    platform: str,
    path: str,
    *,
    method: str = "GET",
    who: str = "test-worker",
    body: bytes | None = None,
    kind: str = "",
):
    url = path if path.startswith("http") else platform + path
    headers = {"X-OpenRosa-Version": "1.0", **({"Content-Type": kind} if kind else {})}
    if who:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{who}:{PASSWORD}".encode()).decode()
    try:
        answer = urlopen(Request(url, data=body, method=method, headers=headers), timeout=30)  # noqa: S310
    except HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read()


def sent(platform: str, parts: dict[str, tuple[str, str, bytes]]):
    edge = uuid.uuid4().hex
    body = (
        b"".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
            + content
            + b"\r\n"
            for name, (file, kind, content) in parts.items()
        )
        + f"--{edge}--\r\n".encode()
    )
    return call(
        platform, "/openrosa/submission", method="POST", body=body, kind=f"multipart/form-data; boundary={edge}"
    )


def instance(number: str, need: str = "灯坏了") -> bytes:
    return (
        f'<?xml version="1.0"?><data id="visit" version="1"><need>{need}</need><people>2</people>'
        f"<member><called>甲</called><years>40</years></member><meta><instanceID>{number}</instanceID></meta></data>"
    ).encode()


def test_a_client_of_openrosa_lists_takes_and_sends_forms_as_it_is(visit, open_page, platform):
    status, headers, _ = call(platform, "/openrosa/formList", who="")
    assert (status, headers["WWW-Authenticate"].split()[0]) == (401, "Basic")
    assert headers["X-OpenRosa-Version"] == "1.0"
    status, headers, body = call(platform, "/openrosa/formList")
    assert (status, headers["X-OpenRosa-Version"]) == (200, "1.0")
    assert b"<formID>visit</formID>" in body
    url = re.search(r"<downloadUrl>([^<]*visit[^<]*)</downloadUrl>", body.decode())[1]
    status, headers, form = call(platform, url)
    assert (status, headers["Content-Type"].split(";")[0]) == (200, "text/xml")
    assert b"<h:html" in form
    status, headers, _ = call(platform, "/openrosa/submission", method="HEAD")
    assert (status, int(headers["X-OpenRosa-Accept-Content-Length"]) > 0) == (204, True)
    number = f"uuid:{uuid.uuid4()}"
    photo = b"\xff\xd8\xff\xe0 no real photograph"
    parts = {"xml_submission_file": ("a.xml", "text/xml", instance(number))}
    assert sent(platform, parts)[0] == 201
    assert sent(platform, {**parts, "door.jpg": ("door.jpg", "image/jpeg", photo)})[0] == 202
    assert sent(platform, {"xml_submission_file": ("a.xml", "text/xml", instance(number, "别的内容"))})[0] == 409
    page = open_page("/forms/visit/answers/", role="worker")
    page.locator("#answers a").first.click()
    expect(page.locator("main")).to_contain_text("灯坏了")
    expect(page.get_by_role("link", name="door.jpg")).to_have_count(1)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<data", 400),
        (b'<!DOCTYPE d [<!ENTITY e "x">]><data id="visit"/>', 400),
        (b'<data id="nothing"><meta><instanceID>uuid:1</instanceID></meta></data>', 404),
        (b'<data id="visit" version="1"/>', 400),
    ],
)
def test_what_is_no_filled_form_is_answered_with_a_sentence(visit, platform, content, status):
    answered, _, body = sent(platform, {"xml_submission_file": ("a.xml", "text/xml", content)})
    assert answered == status
    assert b"OpenRosaResponse" in body


def test_a_wrong_password_is_challenged_and_the_form_is_kept_out(visit, platform):
    status, _, _ = call(platform, "/openrosa/formList", who="test-nobody")
    assert status == 401
    status, _, body = call(platform, "/openrosa/formList", who="test-department")
    assert (status, b"<formID>visit</formID>" in body) == (200, False)


# Without a network


@pytest.fixture
def ready(visit: None, open_page: Callable[..., Page]) -> Page:
    """A worker's phone that has prepared itself for work without a network, with a form open on it."""
    page = open_page("/forms/visit/fill/", role="worker", size=PHONE, touch=True)
    page.wait_for_selector("body[data-outbox-ready]", state="attached")
    page.wait_for_function("async () => (await caches.match('/outbox/')) !== undefined")
    return page


def test_a_form_filled_without_a_network_waits_on_the_phone_and_goes_up_once(ready, open_page):
    page, need = ready, f"楼道灯坏了 {uuid.uuid4().hex[:8]}"
    page.context.set_offline(True)
    page.get_by_label("家里几口人").fill("1")
    expect(page.get_by_role("group", name="是否独居")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("这一项要填。").first).to_be_visible()
    page.get_by_label("有什么困难").fill(need)
    page.get_by_role("button", name="提交").click()
    expect(page.locator("[data-state=waiting]")).to_contain_text(need)
    page.context.set_offline(False)
    expect(page.locator("[data-state=taken]")).to_be_visible()
    page.goto("/forms/visit/answers/")
    expect(page.locator("#answers tr", has_text=need)).to_have_count(1)


@pytest.mark.parametrize("way", ["phone", "desk"])
def test_a_form_is_drawn_by_keyboard(way, open_page, axe, picture):
    page = open_page("/forms/design/", role="street", **WAYS[way])
    page.get_by_label("表单名称").fill("楼道安全")
    page.get_by_role("button", name="自己写一题").press("Enter")
    expect(page.get_by_label("题目")).to_be_focused()
    page.keyboard.type("灯亮不亮")
    page.get_by_label("从数据标准里挑").select_option("person.marital")
    page.get_by_role("button", name="加这一项").press("Enter")
    expect(page.locator("#q2")).to_contain_text("婚姻状况")
    page.locator("#q2").get_by_role("button", name="上移").press("Enter")
    expect(page.locator("#q1")).to_contain_text("婚姻状况")
    axe(page)
    picture(page, f"forms-design-{way}")
    page.get_by_role("button", name="核对并发布").press("Enter")
    expect(page.get_by_role("heading", name="楼道安全")).to_be_visible()
    axe(page)
