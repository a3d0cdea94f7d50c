"""Takes the pictures of the README anew, from a platform of its own with the demonstration district.

Run it by `make pictures`; it needs Debian's chromium.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "qianxian-demo-2026"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 900}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def platform(port: int) -> Iterator[str]:
    """Run a platform in an empty home until the pictures are taken."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QIANXIAN_HOME": home}
        command = [sys.executable, "-m", "qianxian", "run", "--port", str(port)]
        running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            for line in running.stdout or ():
                print(line, end="")
                if "Ctrl-C" in line:
                    break
            yield f"http://127.0.0.1:{port}"
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=60)


def sign_in(page: Page, username: str) -> None:
    page.goto("/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state("load")


def reporting(page: Page) -> None:
    page.goto("/report/")
    page.get_by_label("您要反映什么").fill("柳岸里3号楼的电梯这个月已经困人两次，物业说没钱修，老人不敢下楼。")
    page.get_by_label("事情发生在哪个社区").select_option(label="柳岸社区")
    page.wait_for_selector("#owner section")
    page.wait_for_load_state("load")


def following(page: Page) -> None:
    """Open the matter of a resident of the demonstration."""
    page.goto("/me/")
    page.get_by_label("手机号").fill("19900007462")
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_load_state("load")
    code = re.search(r"\b\d{6}\b", page.locator("main").inner_text())[0]
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="登录").click()
    page.goto("/mine/")
    page.locator("a[href^='/m/']").first.click()
    page.wait_for_load_state("load")


def as_staff(username: str, path: str) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        sign_in(page, username)
        page.goto(path)
        page.wait_for_load_state("load")
        if page.locator("[x-data=chart]").count():
            page.locator("[x-data=chart] canvas, [x-data=chart] svg").first.wait_for()

    return show


def opened(path: str) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        page.goto(path)
        page.wait_for_load_state("load")

    return show


PICTURES: dict[str, tuple[dict[str, int], Callable[[Page], None]]] = {
    "resident-report": (PHONE, reporting),
    "resident-matter": (PHONE, following),
    "worker-desk": (PHONE, as_staff("xie.yulan", "/desk/")),
    "department-desk": (DESK, as_staff("gu.chengye", "/desk/")),
    "street-desk": (DESK, as_staff("wen.ruoxi", "/oversight/")),
    "supervisor-rates": (DESK, as_staff("hu.zhengqing", "/oversight/rates/")),
    "register-board": (DESK, as_staff("ai.ke", "/oversight/board/")),
    "community-gate": (PHONE, as_staff("xie.yulan", "/gate/")),
    "public-register": (DESK, opened("/who/?q=电梯困人没人修&place=990101001001")),
}


def take(browser: Browser, address: str, name: str) -> None:
    size, show = PICTURES[name]
    context = browser.new_context(base_url=address, viewport=size, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    try:
        show(page)
    finally:
        page.screenshot(path=HERE / f"{name}.png")
        context.close()


def main() -> None:
    chosen = sys.argv[1:] or list(PICTURES)
    with platform(8765) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for name in chosen:
            take(browser, address, name)
        browser.close()


if __name__ == "__main__":
    main()
