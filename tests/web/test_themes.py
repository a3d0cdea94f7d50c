"""每月一题 over HTTP, and a message with several demands at the phone and on a matter's page."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import reaching_everything
from qianxian.cadres.rules import RESIDENT
from qianxian.matters import actions
from qianxian.matters.models import Matter, Theme
from qianxian.matters.rules.intake import Demand
from qianxian.web import growing
from qianxian.web import themes as own
from tests.town import CATS, DISTRICT, HEATING, LIUAN, NOISE, STREET, ZHONGLOU, build, receive

PASSWORD = "柳岸的灯亮了 2026"
PEOPLE = {"worker": ("cm", LIUAN), "department": ("ga", DISTRICT), "street": ("st", STREET), "supervisor": ("centre", DISTRICT)}  # fmt: skip


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    build()


@pytest.fixture
def signed_in(db: None) -> Callable[[str], Client]:
    def enter(role: str) -> Client:
        unit, area = PEOPLE[role]
        cadres.open_account(
            username=role, password=PASSWORD, name="沈知秋", title="", role=role, unit_id=unit, area_id=area,
            actor="test", at=timezone.now(),
        )  # fmt: skip
        client = Client()
        assert client.post("/login/", {"username": role, "password": PASSWORD}).status_code == 302
        return client

    return enter


@pytest.fixture
def grown(db: None) -> None:
    """Sixty demands of many kinds last month and this, and twelve this month about one new thing."""
    draw, now = random.Random(6), timezone.now()
    with reaching_everything():
        for at in (now - timedelta(days=32), now):
            demands = [
                Demand(words=f"{''.join(draw.sample('天地人你好山水火风雷', 6))}{n}", place=ZHONGLOU, topic=draw.choice([CATS, NOISE]))
                for n in range(60)
            ]  # fmt: skip
            actions.receive_all(demands=[(one, actions.Contact()) for one in demands], actor=RESIDENT, at=at)
        for n in range(12):
            receive(HEATING, words=f"翠湖里旁边的搅拌站整夜响，第{n}户反映", at=now)


def test_a_theme_is_found_drawn_and_leads_to_its_matters(signed_in, grown) -> None:
    client = signed_in("supervisor")
    page = client.get("/oversight/themes/").content.decode()
    assert "翠湖里旁边的搅拌站" in page
    down = re.search(r'href="(/oversight/matters/\?[^"]*)"', page)[1].replace("&amp;", "&")
    assert client.get(down).content.decode().count("搅拌站整夜响") >= 12
    elsewhere = client.get("/oversight/themes/", {"place": ZHONGLOU}).content.decode()
    assert "搅拌站" not in elsewhere
    assert client.get("/oversight/themes/", {"export": "xlsx"}).headers["Content-Disposition"].endswith('.xlsx"')


def test_a_large_area_is_worked_out_by_a_job_once_a_day(signed_in, grown, settings, tmp_path, monkeypatch) -> None:
    settings.HOME = replace(settings.HOME, path=tmp_path)
    monkeypatch.setattr(growing, "AT_ONCE", 100)
    client, waiting = signed_in("supervisor"), ProcrastinateJob.objects.filter(task_name="work_out_themes")
    for _turn in range(2):
        assert "正在统计" in client.get("/oversight/themes/").content.decode()
        assert waiting.count() == 1
    growing.work_out_themes(**waiting.get().args)
    monkeypatch.setattr(own, "messages", None)
    page = client.get("/oversight/themes/").content.decode()
    assert "翠湖里旁边的搅拌站" in page
    assert waiting.count() == 1
    tomorrow = growing.growing(DISTRICT, "", timezone.now() + timedelta(days=1))
    assert tomorrow.themes
    (tmp_path / "themes" / f"{DISTRICT}-newest.json").write_text("{")
    assert "正在统计" in client.get("/oversight/themes/").content.decode()


def test_a_theme_is_declared_from_its_line_and_everybody_sees_it(signed_in, grown) -> None:
    client = signed_in("supervisor")
    page = client.get("/oversight/themes/").content.decode()
    form = client.get("/oversight/themes/" + re.search(r'href="(\?month[^"]*)#declare"', page)[1].replace("&amp;", "&"))
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.content.decode()))
    assert hidden["numbers"].count(",") == 11
    given = hidden | {"title": "搅拌站扰民", "lead": "zj", "first": "夜间停产", "second": "道路冲洗"}
    late = client.post("/oversight/themes/declare/", given | {"due_on": "2020-01-01"})
    assert (late.status_code, "夜间停产" in late.content.decode()) == (422, True)
    done = client.post("/oversight/themes/declare/", given | {"due_on": "2999-01-01"})
    assert done.status_code == 302, done.content.decode()
    public = Client().get("/themes/").content.decode()
    assert all(word in public for word in ("搅拌站扰民", "住建局", "夜间停产", "2999-01-01", "正在办"))
    number = Theme.objects.get().pk
    assert client.post(f"/oversight/themes/{number}/conclude/", {"outcome": ""}).status_code == 422
    assert client.post(f"/oversight/themes/{number}/conclude/", {"outcome": "夜间已停产"}).status_code == 302
    assert "夜间已停产" in Client().get("/themes/?state=done").content.decode()


def test_only_the_supervisor_declares_and_a_place_without_growth_says_so(signed_in) -> None:
    street = signed_in("street")
    assert "还看不出增长" in street.get("/oversight/themes/").content.decode()
    assert street.post("/oversight/themes/declare/", {}).status_code == 403
    assert signed_in("worker").get("/oversight/themes/").status_code == 403
    assert "还没有公开的题目" in Client().get("/themes/").content.decode()


WORDS = "1、楼上邻里噪声太大，天天半夜跳绳；2、家里暖气不热，物业不来看。"
CALL = {"words": WORDS, "place": LIUAN, "kind": "help", "channel": "phone", "phone": "19900001234"}


def ticks(page: str) -> list[str]:
    return re.findall(r'name="pieces" value="(\w+)"', page)


def test_at_the_phone_several_demands_are_proposed_and_parted_only_when_ticked(signed_in) -> None:
    client = signed_in("worker")
    proposed = client.post("/desk/register/", CALL, headers={"HX-Request": "true"}).content.decode()
    assert "像是说了 2 件事" in proposed
    assert re.search(r'id="led-\d+"><span class="sr-only">因为说到</span><mark', proposed)
    assert client.post("/desk/register/", CALL).status_code == 302
    with reaching_everything():
        assert Matter.objects.count() == 1
    taken = client.post(
        "/desk/register/", CALL | {"phone": "19900005678", "pieces": ticks(proposed)[1:], "topic": HEATING}
    )
    assert "一次说的另外几件" in client.get(taken.url).content.decode()
    with reaching_everything():
        part = Matter.objects.exclude(part_of=None).get()
        assert (part.topic_id, part.part_of.topic_id) == (HEATING, NOISE)


def test_on_the_page_of_an_unsigned_matter_one_click_parts_it(signed_in) -> None:
    with reaching_everything():
        matter = receive(NOISE, words=WORDS, at=timezone.now())
    client = signed_in("department")
    page = client.get(f"/desk/matters/{matter.code}/").content.decode()
    assert "拆成几件" in page
    keys = list(dict.fromkeys(ticks(page)))
    all_of_them = client.post(f"/desk/matters/{matter.code}/part/", {"pieces": keys})
    assert (all_of_them.status_code, "至少留一件" in all_of_them.content.decode()) == (422, True)
    assert client.post(f"/desk/matters/{matter.code}/part/", {"pieces": keys[1:]}).status_code == 302
    again = client.get(f"/desk/matters/{matter.code}/").content.decode()
    assert "拆成的另一件" in again
    theirs = Client().get(f"/m/{matter.code}/").content.decode()
    assert "另外 1 件已经分别登记" in theirs
    assert "用反映时的手机号验证后" in theirs
    assert not ticks(again)
