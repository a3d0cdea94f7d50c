"""The steward's pages of the reader of words in a real browser: axe and width in every way of looking, from file to use."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_learned import WAYS, worker  # noqa: F401
from tests.web.test_topics_command import rows, table


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_from_the_file_to_the_reader_in_use(
    open_page: Callable[..., Page], axe: Callable[[Page], None], picture: Callable[..., None], tmp_path: Path, way: str,
    worker: Callable[..., None],  # noqa: F811
) -> None:  # fmt: skip
    def seen(page: Page, name: str) -> None:
        picture(page, f"words-{name}-{way}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    page = open_page("/words/", role="steward", **WAYS[way])
    seen(page, "home")
    page.locator("input[type=file]").set_input_files(table(tmp_path / "例.csv", rows()))
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_url("**/match")
    for name in ("标题", "内容"):
        page.locator(f"input[name=text][value={name}]").check()
    page.locator("input[name=label][value=类别]").check()
    seen(page, "match")
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    seen(page, "training")
    worker("train_reader", "qianxian.web.wordreader.jobs")
    expect(page.locator("#figures")).to_be_visible()
    page.locator("#try-words").fill("楼上半夜跳绳咚咚响")
    page.locator("#try-words").press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#try mark").first).to_be_visible()
    seen(page, "result")
    page.locator("select[name='label:0']").select_option(index=2)
    page.locator("form[action$='/use'] button").click()
    page.wait_for_url("**/words/")
    seen(page, "in-use")
