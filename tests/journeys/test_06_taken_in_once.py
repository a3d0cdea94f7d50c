"""一次采集: what an authority holds is shown and not asked; a form that asks it is refused with the list."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, picture
from tests.collection.forms.workbooks import ASKS_TOO_MUCH
from tests.register.test_records import NUMBER

__all__ = ["picture"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def held(platform: str, database: str, home: Path) -> None:
    """A person whom the police hold."""
    environment = {
        **os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.browser.settings", "PYTHONPATH": str(ROOT),
        "QIANXIAN_HOME": str(home),
    }  # fmt: skip
    subprocess.run([sys.executable, "tests/browser/held.py"], cwd=ROOT, env=environment, check=True)


def test_a_form_that_asks_what_is_held_is_refused_and_the_mended_one_shows_it(held, open_page, axe, picture):
    # The street brings a form that asks name and number: refused, with who holds them.
    street = open_page("/forms/bring/", role="street")
    street.get_by_label("选择表单文件").set_input_files(
        {"name": "走访.md", "mimeType": "text/markdown", "buffer": ASKS_TOO_MUCH}
    )
    street.get_by_role("button", name="上传并核对").click()
    street.get_by_role("button", name="发布").click()
    expect(street.locator("#refused")).to_contain_text("这张表问了主管部门已经掌握的信息，不能发布。")
    expect(street.locator("#held")).to_contain_text("公民身份号码")
    expect(street.locator("#held")).to_contain_text("公安")
    axe(street)
    picture(street, "forms-refused")
    # It lets them be shown instead, and may publish.
    for box in street.locator("input[name=show][type=checkbox]").all():
        box.check()
    street.get_by_role("button", name="发布").click()
    expect(street.get_by_role("heading", name="重复采集的表")).to_be_visible()
    axe(street)
    # The worker chooses the person, sees what is held, and is asked the rest only.
    worker = open_page("/forms/", role="worker", size={"width": 390, "height": 844}, touch=True)
    axe(worker)
    worker.get_by_role("link", name="填报").first.click()
    worker.get_by_role("link", name="林晓禾").click()
    shown = worker.locator("[data-shown]")
    expect(shown).to_have_count(2)
    expect(shown.first).to_contain_text("林晓禾")
    expect(shown.nth(1)).not_to_contain_text(NUMBER)
    assert NUMBER not in worker.content()
    expect(worker.locator("input[name='/data/name'], input[name='/data/number']")).to_have_count(0)
    axe(worker)
    picture(worker, "forms-fill-phone")
    worker.get_by_label("走访记录").fill("家里都好，门铃坏了")
    worker.get_by_role("button", name="提交").click()
    expect(worker.get_by_text("已收下。")).to_be_visible()
    # It is read once, by whoever asked for it.
    worker.get_by_role("link", name="看已收的").click()
    expect(worker.locator("#answers")).to_contain_text("门铃坏了")
    axe(worker)
    picture(worker, "forms-answers-phone")
