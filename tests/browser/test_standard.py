"""The data standard in a real browser: at both widths, in both languages, by keyboard; and a profile opened from the disk."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import expect

from qianxian.standard.bulk import run as bulk
from qianxian.standard.compiled import Column
from tests.browser.conftest import DESK, PHONE

PAGES = (
    "/standard/",
    "/standard/?q=没有的叫法",
    "/standard/elements/person.marital/",
    "/standard/tables/",
    "/standard/tables/marital/",
)
WAYS = {
    "desk": {"size": DESK},
    "phone": {"size": PHONE, "touch": True},
    "large": {"size": PHONE, "touch": True, "large": True},
    "english": {"size": DESK, "language": "en"},
}


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_frame(open_page, axe, picture, way: str) -> None:
    page = open_page(PAGES[0], role="steward", **WAYS[way])
    for number, path in enumerate(PAGES):
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        picture(page, f"standard-{number}-{way}")


def test_a_value_is_tried_with_the_keyboard_alone(open_page, axe) -> None:
    page = open_page("/standard/elements/person.citizen_number/", role="steward", size=DESK)
    page.get_by_label("填一个值试试").focus()
    page.keyboard.type("4.40524E+17")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("不要从此表恢复")
    axe(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_address_is_taken_apart_where_it_is_tried(open_page, axe, picture, size) -> None:
    page = open_page("/standard/elements/person.living_address/", role="steward", size=size)
    page.get_by_label("填一个值试试").fill("浙江省杭州市西湖区文新街道槐安路415号柳岸花园10幢3单元501室")
    page.get_by_label("填一个值试试").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("柳岸花园")
    expect(page.get_by_role("status")).to_contain_text("330106")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, f"address-{size['width']}")


class Part:
    """A part of a file, as `collection.frames` gives it."""

    frame = pl.DataFrame({"姓名": ["张三", "李四1"], "性别": ["男", "女"], "row": [2, 3]})
    too_wide = ()


def test_a_profile_opens_from_the_disk_and_asks_for_nothing(browser, axe, tmp_path: Path) -> None:
    columns = [Column("姓名", "person.name"), Column("性别", "person.sex")]
    out = tmp_path / "out"
    bulk.run([Part()], ["姓名", "性别"], columns, out, today=date(2026, 11, 27), key="k", title="名册.csv")
    page = browser.new_page(viewport=PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((out / "profile.html").as_uri())
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert asked == [(out / "profile.html").as_uri()]
    page.close()
