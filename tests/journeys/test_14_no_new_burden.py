"""
Promise 14, 不添新负担: no staff points, rankings, check-ins, online-time figures or forced photographs.

Source: 国办函〔2026〕12号. What is claimed of every page, table and address is read from the product itself.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.forms import FileField, Form
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from playwright.sync_api import Page, expect

import qianxian
from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import reaching_everything
from qianxian.journal.queries import entries_of
from qianxian.matters.models import Matter
from qianxian.matters.rules.intake import Channel
from tests.browser.conftest import PHONE
from tests.town import LIUAN, build, receive

PASSWORD = "柳岸的灯亮了 2026"
PACKAGE = Path(qianxian.__file__).parent
STAFF_FIGURES = re.compile(
    r"(^|_)(points?|scores?|rank|ranking|leaderboard|check_?ins?|clock_?in|attendance|online_(time|minutes|hours)|"
    r"duty_time|steps|footprints?|likes|streak|badge_of_honou?r)($|_)"
)
CHINESE_FIGURES = re.compile(r"积分榜|排行榜|打卡|签到率|在线时长榜|活跃度|点赞数|红黑榜|晒成绩|工作留痕")


@pytest.fixture
def worker(db: None) -> Client:
    build()
    cadres.open_account(
        username="worker", password=PASSWORD, name="林晓禾", role="worker", unit_id="cm", area_id=LIUAN, title="",
        actor="test", at=timezone.now(),
    )  # fmt: skip
    client = Client()
    client.post("/login/", {"username": "worker", "password": PASSWORD})
    return client


def test_no_table_holds_a_figure_on_a_member_of_staff():
    fields = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("qianxian").get_models()
        for field in model._meta.get_fields()
        if STAFF_FIGURES.search(field.name)
    ]
    assert fields == []


def test_no_address_leads_to_a_ranking_or_a_check_in():
    assert [
        address for address in addresses() if STAFF_FIGURES.search(address.replace("-", "_").replace("/", "_"))
    ] == []


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from addresses(entry, route)


def test_no_page_speaks_of_points_rankings_or_check_ins_of_staff():
    said = [
        f"{path.relative_to(PACKAGE)}: {found.group()}"
        for path in sorted((PACKAGE / "web").rglob("*.html"))
        if (found := CHINESE_FIGURES.search(path.read_text()))
    ]
    assert said == []


def test_no_form_requires_a_picture_or_a_place_of_the_reader():
    required = [
        f"{form.__name__}.{name}"
        for form in every_form()
        for name, field in form.base_fields.items()
        if field.required
        and isinstance(field, FileField)
        and set(form.base_fields) != {name}
        and not _is_workbook(field)
    ]
    assert required == []
    assert [path for path in (PACKAGE / "web").rglob("*.html") if "capture=" in path.read_text()] == []


def _is_workbook(field: FileField) -> bool:
    return set(field.widget.attrs.get("accept", "").split(",")) <= {".xlsx", ".xls", ".csv"}


def every_form() -> Iterator[type[Form]]:
    get_resolver().url_patterns  # noqa: B018  (reading the addresses imports every page)
    waiting = [Form]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("qianxian.") and hasattr(form, "base_fields"):
            yield form


@pytest.mark.parametrize("address", ["/desk/", "/desk/?view=area", "/desk/register/", "/account/sign-ins/"])
def test_every_staff_page_has_the_button_to_report_a_burden(worker: Client, address: str):
    assert 'action="/burden/"' in worker.get(address).content.decode()


def test_the_page_of_a_matter_has_it_too(worker: Client):
    with reaching_everything():
        matter = receive(at=timezone.now() - timedelta(minutes=1))
    assert 'action="/burden/"' in worker.get(f"/desk/matters/{matter.code}/").content.decode()


def test_a_burden_reported_in_two_taps_becomes_a_matter_that_the_community_does_not_own(worker: Client):
    worker.post("/burden/", {"kind": "repeat", "page": "/desk/", "next": "/desk/"})
    matter = reported()
    assert matter.channel == Channel.WORKER
    assert matter.owner_kind != "committee"
    assert matter.due_at > timezone.now()
    assert "同样的数据又要填一遍" in matter.words


def test_the_unit_that_asks_for_it_is_named_in_full_however_it_was_written(worker: Client):
    worker.post("/burden/", {"kind": "ledger", "cause": " 住建局 ", "words": "这个月第四张表", "page": "/desk/"})
    assert "要求单位：住建局" in reported().words
    assert "这个月第四张表" in reported().words


def test_whoever_reports_a_burden_can_follow_it_and_is_named_nowhere_but_in_the_journal(worker: Client):
    page = worker.post("/burden/", {"kind": "other", "page": "/desk/", "next": "/desk/"}, follow=True).content.decode()
    matter = reported()
    assert matter.code in page
    assert worker.get(f"/desk/matters/{matter.code}/").status_code == 200
    assert "林晓禾" not in matter.words
    assert entries_of(f"matter:{matter.pk}").get().actor.startswith("account:")


def test_two_people_may_report_the_same_burden(worker: Client):
    for _ in range(2):
        worker.post("/burden/", {"kind": "meeting", "words": "一周七个会，材料都要纸质的", "page": "/desk/"})
    with reaching_everything():
        assert [matter.exit for matter in Matter.objects.all()] == ["", ""]


def reported() -> Matter:
    with reaching_everything():
        return Matter.objects.get()


def test_in_a_stairwell_without_a_network_a_worker_fills_a_form_and_it_goes_up_once_by_itself(
    open_page: Callable[..., Page],
):
    page, words = open_page("/desk/", role="worker", size=PHONE, touch=True), "二单元楼梯扶手松了，老人下楼要扶墙"
    page.wait_for_selector("body[data-outbox-ready]", state="attached")
    page.context.set_offline(True)
    page.goto("/desk/")
    page.get_by_text("代为登记").first.click()
    page.get_by_label("诉求内容").fill(words)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("[data-state=waiting]")).to_contain_text(words)
    page.context.set_offline(False)
    expect(page.locator("[data-state=taken]")).to_contain_text(words)
    page.goto("/desk/?view=reported")
    expect(page.locator("#waiting").get_by_text(words)).to_have_count(1)
