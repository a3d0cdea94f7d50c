"""Promise 5, 协助不变受命: an errand enters only through the gate, is refused with one tap without it, and leaves by itself."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from qianxian.kernel.worktime import BEIJING
from qianxian.web.demonstration.district import PASSWORD
from tests.browser.conftest import DESK, PHONE, ROOT, sign_in

pytestmark = pytest.mark.browser
DEPARTMENT, CIVIL_AFFAIRS, WORKER = "fu.yiming", "xiang.tian", "lin.xiaoman"
TITLE = "物业服务满意度入户调查"


@pytest.fixture
def as_staff(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page as a member of the demonstration's staff, the worker on a phone."""

    def enter(username: str, path: str) -> Page:
        phone = username == WORKER
        page = open_page("/login/", size=PHONE if phone else DESK, touch=phone)
        sign_in(page, username, PASSWORD)
        page.goto(path)
        return page

    return enter


def pass_time(database: str, day: date) -> None:
    """Let the gate's job run as of a later day."""
    environment = {
        **os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.browser.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    subprocess.run([sys.executable, "tests/journeys/pass_time.py", str(day)], cwd=ROOT, env=environment, check=True)


def test_without_admission_one_tap_sends_it_back_with_the_article(as_staff, open_page):
    department = as_staff(DEPARTMENT, "/errands/ask/")
    department.get_by_label("请哪个社区").select_option(label="柳岸社区")
    department.get_by_label("做什么").fill("请入户发放满意度问卷二百份")
    department.get_by_role("main").get_by_role("button", name="请社区办").click()
    expect(department.get_by_text("没有准入，社区可以退回。")).to_be_visible()

    worker = as_staff(WORKER, "/gate/")
    expect(worker.get_by_text("请入户发放满意度问卷二百份")).to_be_visible()
    worker.get_by_role("button", name="没准入，退回").tap()
    expect(worker.get_by_role("main")).to_contain_text("《云溪区社区工作事项准入办法（试行）》第六条")
    expect(worker.get_by_role("main")).to_contain_text("计入区住建局，不影响对社区的评价")
    expect(worker.get_by_role("button", name="没准入，退回")).to_have_count(0)

    department.goto("/errands/refusals/")
    count = department.get_by_role("row", name="区住建局")
    assert count.get_by_role("cell").all_inner_texts() == ["1", "0"]
    expect(department.locator("#rows")).to_contain_text("请入户发放满意度问卷二百份")

    street = open_page("/errands/refusals/", role="street")
    street.get_by_text("记下怎样处理的").click()
    street.get_by_label("怎样处理的").fill("已请区住建局先申请准入。")
    street.get_by_role("button", name="记下", exact=True).click()
    department.reload()
    expect(department.locator("#rows")).to_contain_text("已请区住建局先申请准入。")


def test_it_enters_through_the_gate_and_leaves_by_itself(as_staff, open_page, database):
    today = datetime.now(BEIJING).date()
    begins, ends = today + timedelta(days=75), today + timedelta(days=200)
    department = as_staff(DEPARTMENT, "/errands/new/")
    department.get_by_label("名称").fill(TITLE)
    department.get_by_label("具体做什么").fill("每季度入户调查一次，问卷由住建局设计。")
    department.get_by_label("为什么要社区做").fill("居民愿意跟社区说。")
    department.get_by_label("法律法规或公开文件依据").fill("领导要求")
    department.get_by_label("主责办理").check()
    department.get_by_label("柳岸社区").check()
    department.get_by_label("每个社区每月要用多少小时").fill("12")
    department.get_by_label("要社区填的数据").fill("姓名、对物业的意见")
    department.get_by_label("开始日期").fill(str(begins))
    department.get_by_label("退出日期").fill(str(ends))
    department.get_by_role("button", name="存草稿并检查").click()

    # What the checks forbid is told with its reason, and filing sends it back with nothing lost.
    checks = department.locator("#checks")
    for reason in ("不是依据", "社区只协助、不主责", "“姓名”由公安机关掌握", "没有随事划转经费"):
        expect(checks).to_contain_text(reason)
    department.get_by_role("button", name="提交申请").click()
    expect(department.get_by_text("没有通过自动检查，已退回草稿")).to_be_visible()
    department.get_by_role("link", name="修改").click()
    expect(department.get_by_label("具体做什么")).to_have_value("每季度入户调查一次，问卷由住建局设计。")
    department.get_by_label("法律法规或公开文件依据").fill("《物业管理条例》第五条")
    department.get_by_label("协助", exact=True).check()
    department.get_by_label("要社区填的数据").fill("")
    department.get_by_label("给每个社区的经费（元/年）").fill("6000")
    department.get_by_role("button", name="存草稿并检查").click()
    expect(department.get_by_text("自动检查都过得去，可以提交。")).to_be_visible()
    department.get_by_role("button", name="提交申请").click()
    expect(department.get_by_text("已提交，社区开始表态。")).to_be_visible()

    # The table cannot decide before the community was heard.
    street = open_page("/errands/?tab=table", role="street")
    street.get_by_role("link", name=TITLE).click()
    expect(street.locator("#decide")).to_have_count(0)

    worker = as_staff(WORKER, "/gate/")
    worker.get_by_role("link", name=TITLE).tap()
    worker.get_by_label("有条件同意").check()
    worker.get_by_label("条件或理由").fill("问卷不超过十题。")
    worker.get_by_role("button", name="提交意见").tap()
    expect(worker.locator("#opinions")).to_contain_text("问卷不超过十题。")

    street.reload()
    civil_affairs = as_staff(CIVIL_AFFAIRS, "/errands/?tab=table")
    civil_affairs.get_by_role("link", name=TITLE).click()
    for decider, reason in ((street, "社区只协助，问卷从简。"), (civil_affairs, "经费随事到位，同意。")):
        decider.get_by_label("同意准入").check()
        decider.get_by_label("理由（公开）").fill(reason)
        decider.get_by_role("button", name="提交会审意见").click()
        expect(decider.get_by_text("会审意见已记下。")).to_be_visible()

    # Anybody reads what was admitted, why, and until when; the community sees it coming.
    anybody = open_page("/admitted/", size=PHONE)
    anybody.get_by_role("link", name=TITLE).click()
    for words in ("社区只协助，问卷从简。", "经费随事到位，同意。", f"{ends} 自动退出"):
        expect(anybody.locator("#decision")).to_contain_text(words)
    expect(anybody.locator("#opinions")).to_contain_text("问卷不超过十题。")
    worker.goto("/gate/")
    expect(worker.get_by_role("main")).to_contain_text(TITLE)

    # On its last day it is still there, on the next it has left by itself; whoever still asks is sent back.
    pass_time(database, ends)
    anybody.reload()
    expect(anybody.get_by_text("已准入")).to_be_visible()
    pass_time(database, ends + timedelta(days=1))
    anybody.reload()
    expect(anybody.get_by_text("已退出", exact=True)).to_be_visible()
    department.reload()
    expect(department.get_by_text("已退出", exact=True).first).to_be_visible()
    expect(department.get_by_role("button", name="续期（重新申请）")).to_be_visible()
