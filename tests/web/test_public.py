"""The register as everybody may read it: searched, filtered by link, saved, honest where it is silent."""

from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from qianxian.mandates import actions as mandates
from qianxian.web.acting import now
from tests.pages import say
from tests.town import CATS, LIUAN, NOISE, PARKING, START, article, build


@pytest.fixture
def reader(db, settings) -> Client:
    settings.DEMONSTRATION = True
    build()
    return Client()


def test_words_find_the_topic_and_the_topic_who_answers(reader):
    page = reader.get("/who/", {"q": "邻里噪声", "place": LIUAN}).content.decode()
    assert 'id="answer">公安分局<' in page
    assert "依据第 A1 条" in page


def test_the_setting_changes_who_answers(reader):
    page = reader.get("/who/", {"topic": NOISE, "setting": "compound"}).content.decode()
    assert 'id="answer">住建局<' in page
    assert "在事项、场所上，现用的条款更具体" in page


def test_silence_is_said_to_be_silence_with_who_holds_it_meanwhile(reader):
    page = reader.get("/who/", {"topic": CATS, "place": LIUAN}).content.decode()
    assert "清单里还没有哪一条管这件事" in page
    assert 'id="answer">清河街道办事处<' in page


def test_a_contest_names_all_who_contend(reader):
    page = reader.get("/who/", {"topic": PARKING, "place": LIUAN}).content.decode()
    assert "清单有争议" in page
    assert all(number in page for number in ("B1", "B2"))


def test_words_that_mean_nothing_lead_to_a_way_on(reader):
    page = reader.get("/who/", {"q": "嗯嗯"}).content.decode()
    assert "没认出是哪类事" in page
    assert "直接反映" in page


def test_open_spots_are_public_and_say_who_holds_them(reader):
    say(reader, "院里流浪猫越来越多。", topic=CATS)
    page = reader.get("/who/open/").content.decode()
    assert "流浪猫" in page
    assert "目前由清河街道办事处负责" in page


def test_topics_are_reached_level_by_level(reader):
    assert "噪声" in reader.get("/who/topics/", {"within": "02"}).content.decode()
    assert f"/who/?topic={NOISE}" in reader.get("/who/topics/", {"within": "0201"}).content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["A1", "A2", "A3", "A4", "B1", "B2", "C1"]),
        ({"q": "交通局"}, ["B2"]),
        ({"q": "供热 C1"}, []),
        ({"q": "暖气 C1"}, ["C1"]),
        ({"topic": "02"}, ["A1", "A2", "A3", "A4"]),
        ({"body": "ga"}, ["A1", "B1"]),
        ({"duty": "assist"}, ["A3", "A4"]),
        ({"setting": "compound"}, ["A2"]),
        ({"place": "990101001002"}, ["A1", "A2", "A3", "B1", "B2", "C1"]),
        ({"body": "ga", "topic": "06"}, ["B1"]),
        ({"q": "100%_'"}, []),
    ],
)
def test_articles_are_filtered_by_link_and_saved_as_found(reader, asked, found):
    page = reader.get("/articles/", asked).content.decode()
    book = CalamineWorkbook.from_filelike(BytesIO(reader.get("/articles.xlsx", asked).content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [
        number for number in ("A1", "A2", "A3", "A4", "B1", "B2", "C1") if f"/articles/1/{number}/" in page
    ] == found
    assert [row[0] for row in rows[1:]] == found


def test_a_long_register_is_turned_page_by_page_without_a_gap(reader):
    numbers = [f"N{number:03}" for number in range(120)]
    mandates.publish(
        number=2, title="第二版", articles=[article(number, "ga", "lead", "0201") for number in numbers],
        in_force_from=START.replace(month=2), actor="test", at=now(),
    )  # fmt: skip
    read, query = [], "?"
    while query:
        page = reader.get(f"/articles/{query}").content.decode()
        read += [number for number in numbers if f"/articles/2/{number}/" in page]
        query = f"?after={read[-1]}" if 'rel="next"' in page else ""
    assert read == numbers
    back = reader.get("/articles/?before=N050").content.decode()
    assert [number for number in numbers if f"/articles/2/{number}/" in back] == numbers[:50]


def test_a_cell_of_the_workbook_is_never_a_formula(reader):
    mandates.publish(
        number=2, title="第二版", articles=[article("=1+1", "ga", "lead", "0201")],
        in_force_from=START.replace(month=2), actor="test", at=now(),
    )  # fmt: skip
    book = CalamineWorkbook.from_filelike(BytesIO(reader.get("/articles.xlsx").content))
    assert book.get_sheet_by_index(0).to_python()[1][0] == "=1+1"


def test_an_article_has_an_address_that_stays(reader):
    page = reader.get("/articles/1/A1/").content.decode()
    assert "公安分局" in page
    assert "清单第A1项" in page
    assert reader.get("/articles/9/A1/").status_code == 404


@pytest.mark.parametrize("address", ["/who/", "/who/?q=噪声", "/who/open/", "/articles/", "/report/", "/"])
def test_before_the_first_edition_every_page_stands(db, address):
    assert Client().get(address).status_code in (200, 503)
