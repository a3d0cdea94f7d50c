"""Promise 1, 有人负责: every matter has exactly one owner at every moment, and never a committee."""

import pytest
from django.db import IntegrityError, connection, transaction

from qianxian.cadres.queries import reaching_everything
from qianxian.journal.queries import entries_of
from qianxian.matters import actions as matters
from qianxian.matters import queries
from qianxian.matters.models import Matter
from qianxian.matters.rules.life import Result, Stage, replay
from qianxian.web.acting import now
from tests.pages import page_of, say, stored
from tests.town import CATS, CENTRE, LIUAN, NOISE, PARKING, POLICE, STREET_OFFICE, post_secretary


def test_the_page_that_answers_a_demand_names_its_one_owner(resident):
    matter = say(resident, "楼上半夜拖椅子，敲门也不开。", topic=NOISE)
    assert (matter.owner_id, matter.owner_kind, matter.stage) == ("ga", "department", Stage.ASSIGNED)
    assert "data-owner>公安分局<" in page_of(resident, matter)


def test_what_no_article_settles_is_owned_by_the_posted_cadre_and_the_page_says_who(resident):
    cadre = post_secretary()
    matter = say(resident, "院里流浪猫越来越多，晚上叫得睡不着。", topic=CATS)
    assert (matter.owner_id, matter.owner_posting_id, matter.ground) == ("st", cadre.posting, "silent")
    page = page_of(resident, matter)
    assert "由李安（第一书记）亲自负责" in page
    assert "清单没有写" in page


def test_without_a_posted_cadre_the_street_owns_it_and_never_the_community(resident):
    matter = say(resident, "院里流浪猫越来越多，晚上叫得睡不着。", topic=CATS)
    assert (matter.owner_id, matter.owner_posting_id) == ("st", None)


def test_what_two_articles_contest_has_one_owner_meanwhile_and_the_page_names_both_rivals(resident):
    matter = say(resident, "人行道上停满了车，推婴儿车只能走马路。", topic=PARKING)
    page = page_of(resident, matter)
    assert (matter.owner_id, matter.ground) == ("st", "contested")
    assert all(rival in page for rival in ("B1", "B2", "清单有争议"))


def test_what_is_lawfully_not_dispatched_is_answered_for_too(resident):
    matter = say(resident, "我家楼下正在着火，浓烟很大。")
    assert (matter.owner_id, matter.exit, matter.stage) == ("centre", "E1", Stage.CLOSED)
    assert "作出答复的单位：热线中心" in page_of(resident, matter)


def test_a_matter_has_an_owner_after_each_deed_from_the_first_to_the_follow_up(resident):
    matter = say(resident, "人行道上停满了车，推婴儿车只能走马路。", topic=PARKING)
    with reaching_everything():
        matters.adjudicate(matter.pk, to="ga", article="B1", reason="占用人行道归公安", actor=CENTRE, at=now())
        matters.resolve(
            matter.pk, result=Result.SOLVED, reply="已清走", evidence="现场已恢复通行", actor=POLICE, at=now()
        )
    resident.post(f"/m/{matter.code}/rate/", {"solved": "no", "satisfaction": "dissatisfied"})
    resident.post(f"/m/{matter.code}/follow-up/", {"words": "第二天又停满了。"})
    with reaching_everything():
        following = queries.follow_up_of(matter)
        deeds = [[entry.details for entry in entries_of(f"matter:{m.pk}")] for m in (matter, following)]
    owners = [replay(told[: count + 1]).owner for told in deeds for count in range(len(told))]
    assert owners == ["st", "ga", "ga", "ga", "ga", following.owner_id]
    assert following.owner_id == stored(matter.code).answers_to_id


def test_a_committee_is_never_the_owner_whatever_writes(resident):
    matter = say(resident, "楼上半夜拖椅子，敲门也不开。", topic=NOISE)
    with reaching_everything(), pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(owner_id="cm", owner_kind="committee")


def test_the_database_knows_no_matter_without_an_owner(resident):
    say(resident, "楼上半夜拖椅子，敲门也不开。", topic=NOISE)
    with reaching_everything(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM qianxian_matter WHERE owner_id IS NULL OR owner_kind = 'committee'")
        assert cursor.fetchone() == (0,)
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE qianxian_matter SET owner_id = NULL")


def test_a_demand_that_cannot_be_taken_in_leaves_nothing_without_an_owner(resident):
    answer = resident.post("/report/", {"words": "没有地点的诉求", "phone": "19900007788", "seen": "1"})
    assert answer.status_code == 422
    with reaching_everything():
        assert Matter.objects.count() == 0


def test_the_street_that_holds_a_matter_cannot_hand_it_to_the_community(resident):
    matter = say(resident, "院里流浪猫越来越多，晚上叫得睡不着。", topic=CATS)
    with reaching_everything(), pytest.raises(Exception, match="adjudicate"):
        matters.adjudicate(matter.pk, to="cm", article="无", reason="社区最清楚", actor=STREET_OFFICE, at=now())
    assert stored(matter.code).owner_id == "st"
    assert stored(matter.code).place_id == LIUAN
