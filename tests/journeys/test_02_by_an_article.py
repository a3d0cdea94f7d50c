"""Promise 2, 有据可依: responsibility comes from an article in force, and every screen shows it."""

from datetime import timedelta

from qianxian.cadres.queries import reaching_everything
from qianxian.mandates import actions as mandates
from qianxian.web.acting import now
from tests.pages import page_of, say, stored
from tests.town import HEATING, NOISE, article


def test_a_matter_keeps_the_article_its_edition_and_what_was_asked_of_the_register(resident):
    matter = say(resident, "楼上半夜拖椅子，敲门也不开。", topic=NOISE, setting="compound")
    assert (matter.article.number, matter.edition) == ("A2", 1)
    assert (matter.topic_id, matter.place_id, matter.setting) == (NOISE, "990101001001", "compound")


def test_the_page_shows_the_article_its_basis_and_where_to_read_it(resident):
    matter = say(resident, "楼上半夜拖椅子，敲门也不开。", topic=NOISE, setting="compound")
    page = page_of(resident, matter)
    assert "依据第 A2 条" in page
    assert "清单第A2项" in page
    assert resident.get("/articles/1/A2/").status_code == 200


def test_the_page_says_which_article_gave_way_and_why(resident):
    page = page_of(resident, say(resident, "楼上半夜拖椅子，敲门也不开。", topic=NOISE, setting="compound"))
    assert 'href="/articles/1/A1/"' in page
    assert "在事项、场所上，现用的条款更具体" in page


def test_the_page_names_who_holds_the_powers_that_the_matter_needs(resident):
    mandates.plant_topics(
        rows=[{"code": HEATING, "name": "暖气不热", "parent_id": "0505", "powers": ["enforcement", "funds"]}],
        actor="test", at=now(),
    )  # fmt: skip
    page = page_of(resident, say(resident, "暖气只有十五度，老人受不了。", topic=HEATING))
    assert "办这件事要用到执法权：</dt><dd>住建局" in page
    assert "办这件事要用到财权：</dt><dd>清单里没有写明由谁行使" in page


def test_who_answers_and_by_which_article_is_shown_before_anything_is_sent(resident):
    shown = resident.post(
        "/report/owner/", {"words": "楼上半夜拖椅子", "place": "990101001001", "topic": NOISE, "setting": "compound"}
    )
    assert "住建局" in shown.content.decode()
    assert "依据第 A2 条" in shown.content.decode()


def test_a_later_edition_leaves_the_article_of_a_matter_in_work_as_it_was(resident):
    matter = say(resident, "楼上半夜拖椅子，敲门也不开。", topic=NOISE)
    mandates.publish(
        number=2, title="第二版", articles=[article("Z9", "zj", "lead", "0201")],
        in_force_from=now() - timedelta(seconds=1), actor="test", at=now(),
    )  # fmt: skip
    page = page_of(resident, stored(matter.code))
    assert "依据第 A1 条" in page
    assert "data-owner>公安分局<" in page
    old = resident.get("/articles/1/A1/").content.decode()
    assert "这是以前的一版" in old


def test_the_public_register_gives_the_same_answer_as_the_matter_got(resident):
    matter = say(resident, "楼上半夜拖椅子，敲门也不开。", topic=NOISE, setting="compound")
    asked = resident.get("/who/", {"topic": NOISE, "place": "990101001001", "setting": "compound"}).content.decode()
    assert f'id="answer">{matter.owner.name}<' in asked
    assert f"依据第 {matter.article.number} 条" in asked


def test_an_exit_names_its_article_and_its_reply(resident):
    page = page_of(resident, say(resident, "我家楼下正在着火，浓烟很大。"))
    assert "《北京市接诉即办工作条例》第十条（参照）" in page
    assert "请您同时直接拨打" in page


def test_every_matter_that_an_article_gave_its_owner_has_that_article_in_its_journal(resident):
    matter = say(resident, "楼上半夜拖椅子，敲门也不开。", topic=NOISE)
    with reaching_everything():
        page = page_of(resident, matter)
    assert "A1" in page[page.index('id="story"') :]
