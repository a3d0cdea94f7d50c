"""A real platform (granian, PostgreSQL) and a real browser (Debian's chromium) for the tests in this folder."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "qianxian" / "web" / "static" / "built"
PASSWORD = "柳岸的灯亮了 2026"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 900}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PICTURES = Path(os.environ.get("QIANXIAN_PICTURES") or Path(tempfile.gettempdir()) / "qianxian-pictures")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def database(django_db_setup: None) -> Iterator[str]:
    """The address of an empty database of its own: what a server commits there troubles no other test."""
    yield from served("browser")


def served(purpose: str) -> Iterator[str]:
    """Make a database for a platform, yield its address, and drop it."""
    held = connection.settings_dict
    name = f"{held['NAME'].removeprefix('test_')}_{purpose}"
    _on_server(held, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _on_server(held, "CREATE DATABASE {}", name)
    yield _address(held, name)
    _on_server(held, "DROP DATABASE {} WITH (FORCE)", name)


def _on_server(settings: dict[str, str], statement: LiteralString, name: str) -> None:
    with psycopg.connect(_address(settings, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _address(settings: dict[str, str], name: str) -> str:
    who = f"{quote(settings['USER'], safe='')}:{quote(settings['PASSWORD'], safe='')}"
    return f"postgresql://{who}@/{name}?" + urlencode(
        {"host": settings["HOST"] or "127.0.0.1", "port": settings["PORT"] or "5432"}
    )


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the platform: whoever seals for it needs its key."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def platform(database: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a platform with one member of staff of each role."""
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "PYTHONPATH": str(ROOT),
        "QIANXIAN_DEMONSTRATION": "yes",
        "QIANXIAN_HOME": str(home),
        "QIANXIAN_PORT": str(port),
    }
    subprocess.run([sys.executable, "tests/browser/people.py"], cwd=ROOT, env=environment, check=True)
    log = (tmp_path_factory.mktemp("log") / "web.log").open("w+")
    server = subprocess.Popen(_command(port), cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _await(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=10)
        log.close()


def _command(port: int) -> list[str]:
    stamp = BUILT / "stamp"
    route = f"/static/{stamp.read_text()[:12] if stamp.exists() else 'unbuilt'}"
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--no-ws", "--log-level", "warning",
        "--blocking-threads", "4", "--static-path-route", route, "--static-path-mount", str(BUILT.parent),
        "qianxian.config.wsgi:application",
    ]  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(600):
        with socket.socket() as probe:
            probe.settimeout(0.05)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        try:
            server.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail("the platform of the browser tests did not start")


@pytest.fixture(scope="module")
def browser(platform: str) -> Iterator[Browser]:
    """Debian's chromium, without a display and without a word to the outside.

    It ends with its module: while it runs, Django refuses the database in this thread.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium fonts-wqy-microhei")
    if not (BUILT / "app.css").exists():
        pytest.skip("the front end is not built: make setup")
    quiet = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--disable-dev-shm-usage",
    ]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=[*quiet, *(["--no-sandbox"] if os.getuid() == 0 else [])]
        )
        yield running
        running.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, platform: str) -> Iterator[Opener]:
    """Open a page as somebody: `open_page("/desk/", role="worker", size=PHONE, large=True, language="en")`.

    Whatever the page writes to the console as an error, a refused script or style among it, fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opener(
        path: str = "/",
        *,
        role: str = "",
        size: dict[str, int] = DESK,
        large: bool = False,
        language: str = "zh-hans",
        touch: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport=size, base_url=platform, locale="zh-CN", has_touch=touch, reduced_motion="reduce"
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": platform}])
        if large:
            context.add_cookies([{"name": "print", "value": "large", "url": platform}])
        page = context.new_page()
        page.on(
            "console",
            lambda note: (
                complaints.append(note.text)
                if note.type == "error" and "Failed to load resource" not in note.text
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if role:
            sign_in(page, f"test-{role}")
        page.goto(path)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Sign in by the form, as people do."""
    page.goto("/login/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(lambda url: "/login/" not in url)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Assert that axe finds nothing against WCAG 2.2 AA on a page as it stands."""
    # The content policy forbids scripts of others, a test's own world is outside of it.
    script = (BUILT / "axe.js").read_text()

    def check(page: Page) -> None:
        page.evaluate(script)
        found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
        assert [
            f"{fault['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ] == []

    return check


@pytest.fixture(scope="session")
def picture() -> Callable[..., None]:
    """Keep a picture of a page outside of the repository (QIANXIAN_PICTURES names the folder)."""
    PICTURES.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str, *, whole: bool = True) -> None:
        page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)

    return take
