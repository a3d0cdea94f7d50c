"""Gives each test run a home of its own, before the settings are read, and says at the end what ran on what."""

import os
import shutil
from importlib.metadata import version

import pytest

from qianxian.config import home, postgres

SERVER = home.server_of_ones_own()
if not SERVER and "QIANXIAN_TEST_HOME" not in os.environ:
    os.environ["QIANXIAN_TEST_HOME"] = str(home.current().path / f"test-{postgres.found()[0].major}")
os.environ["QIANXIAN_HOME"] = os.environ.get("QIANXIAN_TEST_HOME", str(home.current().path / "test-server"))

CHROMIUM = shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    kind = "DATABASE_URL" if SERVER else f"private PostgreSQL {_private_version()}"
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if "browser" in getattr(report, "keywords", ())
    ]  # a module that is skipped whole has none
    terminalreporter.write_line(f"database: {kind}, Django {version('django')}")
    if CHROMIUM is None:
        terminalreporter.write_line(f"browser tests: {len(skipped)} SKIPPED, for there is no chromium on this machine")


def _private_version() -> str:
    binaries = postgres.found()[0]
    return f"{binaries.major} ({binaries.kind})"
