"""What a dispatch history teaches, in a real browser: by keyboard, at both widths, in both languages."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import past
from tests.browser.conftest import DESK, PHONE, ROOT

WAYS = {
    "desk": {"size": DESK},
    "phone": {"size": PHONE, "touch": True},
    "large": {"size": PHONE, "touch": True, "large": True},
    "english": {"size": DESK, "language": "en"},
}
JOB = (
    "import django, importlib; django.setup();"
    "from procrastinate.contrib.django.models import ProcrastinateJob as J;"
    "job = getattr(importlib.import_module('{module}'), '{task}');"
    "job(**J.objects.filter(task_name='{task}').latest('id').args)"
)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return past.write(tmp_path / "派单记录.csv", past.records(300), "gb18030")


@pytest.fixture
def worker(platform: str, database: str, home: Path) -> Callable[..., None]:
    """Does the job that waits, as the worker of a platform would."""

    def work(task: str = "learn_from_history", module: str = "qianxian.web.learned.jobs") -> None:
        environment = {
            **os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "PYTHONPATH": str(ROOT), "QIANXIAN_HOME": str(home),
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-c", JOB.format(task=task, module=module)], cwd=ROOT, env=environment, check=True
        )

    return work


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_from_the_file_to_what_it_teaches(
    open_page: Callable[..., Page], axe: Callable[[Page], None], picture: Callable[..., None], history: Path,
    worker: Callable[[], None], way: str,
) -> None:  # fmt: skip
    page = open_page("/learned/", role="steward", **WAYS[way])
    picture(page, f"learned-upload-{way}")
    axe(page)
    page.locator("input[type=file]").set_input_files(history)
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_url("**/match")
    picture(page, f"learned-match-{way}")
    axe(page)
    page.locator("button[name=begin]").click()
    page.wait_for_url(lambda url: "/match" not in url)
    axe(page)
    worker()
    expect(page.locator("#figures")).to_be_visible()
    page.reload()
    page.wait_for_load_state("networkidle")
    picture(page, f"learned-result-{way}")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_history_is_uploaded_and_read_by_keyboard(
    open_page: Callable[..., Page], history: Path, worker: Callable[[], None]
) -> None:
    page = open_page("/learned/", role="supervisor")
    page.locator("input[type=file]").set_input_files(history)
    page.get_by_role("button", name="上传并核对各列").press("Enter")
    expect(page.get_by_label("承办单位")).to_have_value("unit")
    page.get_by_role("button", name="开始学").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("正在学")
    worker()
    expect(page.locator("#figures")).to_contain_text("归属不一")
    page.reload()
    expect(page.locator("#contested svg, #contested canvas").first).to_be_visible()
    page.locator("#contested summary").press("Enter")
    expect(page.locator("#contested table")).to_contain_text("行道树")
    page.get_by_role("button", name="用于裁定页排序").press("Enter")
    page.get_by_role("button", name="使用", exact=True).press("Enter")
    expect(page.get_by_role("main")).to_contain_text("由谁负责仍以条款和裁定为准")
