"""The desks of the street and the supervisor over HTTP, the rates that are public, and the two commands."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import typer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import reach, reaching_everything
from qianxian.matters import actions
from qianxian.matters.models import Callback, Extension, Matter, Plea, Supervision, Whistle
from qianxian.matters.rules.life import Result, Stage
from qianxian.web.commands import journal
from qianxian.web.commands.rates import rates
from tests.town import CATS, DISTRICT, LIUAN, NOISE, PARKING, POLICE, STREET, ZHONGLOU, build, receive

PASSWORD = "柳岸的灯亮了 2026"
PEOPLE = {
    "worker": ("cm", LIUAN),
    "department": ("ga", DISTRICT),
    "street": ("st", STREET),
    "supervisor": ("centre", DISTRICT),
    "steward": ("gov", DISTRICT),
}
PAGES = ("", "matters/", "whistles/", "rates/", "rulings/", "map/")


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    build()


@pytest.fixture
def enter() -> Callable[[str], Client]:
    """Sign somebody in."""

    def signed_in(role: str) -> Client:
        unit, area = PEOPLE[role]
        cadres.open_account(
            username=role, password=PASSWORD, name="林晓禾", role=role, unit_id=unit, area_id=area, title="",
            actor="test", at=timezone.now(),
        )  # fmt: skip
        client = Client()
        assert client.post("/login/", {"username": role, "password": PASSWORD}).status_code == 302
        return client

    return signed_in


def brought(topic: str = NOISE, *, ago: timedelta = timedelta(minutes=5), **more: object) -> Matter:
    with reaching_everything():
        return receive(topic, at=timezone.now() - ago, **more)


def by_police(deed: Callable[..., object], matter: Matter, **said: object) -> None:
    with reaching_everything():
        deed(matter.pk, actor=POLICE, at=timezone.now() - timedelta(minutes=1), **said)


def stored(matter: Matter) -> Matter:
    with reaching_everything():
        return Matter.objects.get(pk=matter.pk)


def decide(client: Client, matter: Matter, deed: str, **said: object):
    return client.post(f"/desk/matters/{matter.code}/{deed}/", said)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["worker", "department", "steward"])
def test_oversight_is_for_streets_and_supervisors_alone(enter, role, page):
    assert enter(role).get(f"/oversight/{page}").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_nobody_oversees_without_signing_in(page):
    assert Client().get(f"/oversight/{page}").url.startswith("/login/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["street", "supervisor"])
def test_every_page_stands_when_there_is_nothing_to_show(enter, role, page):
    assert enter(role).get(f"/oversight/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "query",
    [
        "from=昨天", "from=0001-01-01&to=9999-12-31", "from=2026-03-02&to=2026-03-01", "after=x", "before=1~1",
        "sort=x", "by=worker", "state=x", "part=x&formula=x", "kind=x", "level=x&shade=x", "unit=%27%3B--", "q=%00",
    ],
)  # fmt: skip
def test_nonsense_in_an_address_is_answered_with_a_page(enter, page, query):
    brought()
    assert enter("street").get(f"/oversight/{page}?{query}").status_code in (200, 400)


def test_a_matter_out_of_the_area_is_not_found(enter):
    far = brought(place=DISTRICT)
    assert enter("street").get(f"/desk/matters/{far.code}/").status_code == 404


def test_what_waits_is_shown_to_those_who_can_decide_it(enter):
    contested, silent = brought(PARKING), brought(CATS)
    street = enter("street")
    assert 'id="deed-adjudicate-0"' in street.get(f"/desk/matters/{contested.code}/").content.decode()
    page = street.get(f"/desk/matters/{silent.code}/").content.decode()
    assert 'id="deed-adjudicate-0"' not in page
    assert "由区督查裁定" in page
    assert 'id="deed-adjudicate-0"' in enter("supervisor").get(f"/desk/matters/{silent.code}/").content.decode()


def test_a_street_chooses_one_of_the_rivals(enter):
    matter = brought(PARKING)
    client = enter("street")
    assert decide(client, matter, "adjudicate", to="zj", article="B1", reason="理由").status_code == 422
    assert decide(client, matter, "adjudicate", to="ga", article="B1", reason="路面归交警").status_code == 302
    assert (stored(matter).owner_id, stored(matter).stage) == ("ga", Stage.SETTLED)
    assert decide(client, matter, "adjudicate", to="jt", article="B2", reason="再议").status_code == 422


def test_a_street_cannot_rule_where_the_register_is_silent(enter):
    matter = brought(CATS)
    assert decide(enter("street"), matter, "adjudicate", to="ga", article="无", reason="理由").status_code == 422
    assert stored(matter).stage == Stage.ASSIGNED


def test_only_those_are_offered_to_whom_this_ruling_may_give_the_matter(enter):
    matter = brought(PARKING)
    chosen = re.compile(r'<option value="(\w+)">')
    for role, units in (("street", {"ga", "jt"}), ("supervisor", {"gov", "centre", "ga", "zj", "jt", "st"})):
        page = enter(role).get(f"/desk/matters/{matter.code}/?deed=adjudicate").content.decode()
        select = re.search(r'<select name="to".*?</select>', page, re.DOTALL)[0]
        assert set(chosen.findall(select)) == units


def test_both_sides_stand_side_by_side_with_articles_claims_and_precedents(enter):
    ruled, matter = brought(), brought()
    for one in (ruled, matter):
        by_police(actions.object_to, one, names="zj", article="A2", reason="响声来自小区里的水泵房")
    client = enter("supervisor")
    decide(client, ruled, "adjudicate", to="zj", article="A2", reason="小区里归住建")
    page = client.get(f"/desk/matters/{matter.code}/").content.decode()
    police, housing = re.search(r'id="sides">(.*?)</article></div>', page, re.DOTALL)[1].split("</article>")
    for words in ("公安分局", "提出异议，现承办单位", "响声来自小区里的水泵房", "所引条款：", "A1", "清单第A1项"):
        assert words in police
    for words in ("住建局", "被指应当承办", "清单里没有它对这件事的条款"):
        assert words in housing
    assert "按收到时施行的清单（第 1 版）" in page
    assert ruled.code in page.partition('id="precedents"')[2]
    settled = client.get(f"/desk/matters/{ruled.code}/").content.decode()
    assert 'id="sides"' not in settled
    assert "由<strong>住建局</strong>承办。裁定是终局的，不再转派。" in settled


def test_the_way_back_leads_to_the_list_as_it_was_narrowed_and_outlives_a_deed(enter):
    matter = brought(PARKING)
    client = enter("street")
    rows = client.get("/oversight/?kind=contested&sort=received").content.decode()
    address = re.search(rf'href="(/desk/matters/{matter.code}/[^"]*)"', rows)[1]
    back = 'href="/oversight/?kind=contested&amp;sort=received"'
    page = client.get(address).content.decode()
    assert back in page
    action = re.search(r'action="(/desk/matters/\w+/adjudicate/[^"]*)"', page)[1]
    answer = client.post(action, {"to": "ga", "article": "B1", "reason": "路面归交警"}, follow=True)
    assert back in answer.content.decode()


@pytest.mark.parametrize(
    "asked", ["https://example.org/oversight/", "//example.org/desk/", "javascript:1", "/none/", "%00"]
)
def test_the_way_back_leads_nowhere_else(enter, asked):
    page = enter("street").get(f"/desk/matters/{brought().code}/?from={asked}").content.decode()
    assert 'href="/desk/">' in page.partition("<main")[2]
    assert "example.org" not in page.partition("<main")[2]


def test_what_is_to_be_decided_is_told_where_it_is_decided(enter):
    longer, left_out = brought(), brought()
    by_police(actions.ask_extension, longer, amount=2, reason="配件未到")
    by_police(actions.plead, left_out, purpose="remove", ground="malicious", reason="查无此事")
    client = enter("supervisor")
    for matter, deed, words in (
        (longer, "decide_extension", "申请延长 2 日：配件未到"),
        (left_out, "decide_remove", "恶意反映：查无此事"),
    ):
        assert words in client.get(f"/desk/matters/{matter.code}/?deed={deed}").content.decode().partition("<form")[2]


def test_an_extension_is_answered_in_words_for_the_requester(enter):
    matter = brought()
    by_police(actions.ask_extension, matter, amount=2, reason="配件未到")
    client = enter("street")
    refused = decide(client, matter, "decide_extension", granted="yes", told="")
    assert (refused.status_code, stored(matter).due_at) == (422, matter.due_at)
    decide(client, matter, "decide_extension", granted="no", told="配件有库存，请按期办结。")
    with reaching_everything():
        assert Extension.objects.values_list("granted", "told").get() == (False, "配件有库存，请按期办结。")


def test_a_hard_case_is_consulted_on_and_dispatched_by_the_district(enter):
    matter = brought(hard=True)
    client = enter("supervisor")
    assert decide(client, matter, "dispatch", to="zj", article="A2", reason="会商一致").status_code == 422
    assert decide(client, matter, "consult", unit="zj", opinion="可以由我们牵头。").status_code == 302
    page = client.get(f"/desk/matters/{matter.code}/").content.decode()
    assert "可以由我们牵头。" in page
    assert 'id="deed-dispatch-0"' in page
    assert decide(client, matter, "dispatch", to="zj", article="A2", reason="会商一致").status_code == 302
    assert (stored(matter).owner_id, stored(matter).stage) == ("zj", Stage.ASSIGNED)


def test_a_plea_is_decided_by_the_supervisor_alone(enter):
    matter = brought()
    by_police(actions.plead, matter, purpose="remove", ground="malicious", reason="查无此事")
    assert decide(enter("street"), matter, "decide_remove", granted="yes", decision="属实").status_code == 422
    assert decide(enter("supervisor"), matter, "decide_remove", granted="yes", decision="属实").status_code == 302
    with reaching_everything():
        assert Plea.objects.get().granted
    assert stored(matter).removed


def test_supervision_and_callback_are_written_down(enter):
    watched, answered = brought(), brought()
    by_police(actions.resolve, answered, result=Result.SOLVED, reply="已处理", evidence="现场看过")
    client = enter("supervisor")
    assert decide(client, watched, "supervise", cause="late", note="请抓紧").status_code == 302
    assert decide(client, answered, "call_back", reached="yes", note="已经不吵了").status_code == 302
    with reaching_everything():
        assert Supervision.objects.get().matter_id == watched.pk
        assert Callback.objects.get().reached


def test_a_whistle_is_blown_answered_rated_and_closed(enter):
    matter = brought()
    client = enter("street")
    soon = f"{timezone.localtime() + timedelta(minutes=30):%Y-%m-%dT%H:%M}"
    form = {"kind": "joint", "what": "一起看现场", "required_at": soon}
    assert 'name="units" value="ga"' in client.get(f"/desk/matters/{matter.code}/?deed=whistle").content.decode()
    assert decide(client, matter, "whistle", **form).status_code == 422
    assert decide(client, matter, "whistle", **form, units=["ga"], others=["zj"]).status_code == 302
    with reaching_everything():
        blown = Whistle.objects.get()
        arrivals = {arrival.unit_id: arrival for arrival in blown.arrivals.all()}
        actions.arrive(arrivals["ga"].pk, actor=POLICE, at=timezone.now())
    assert set(arrivals) == {"ga", "zj"}
    page = f"/oversight/whistles/{blown.pk}/"
    assert page in client.get(f"/desk/matters/{matter.code}/").content.decode()
    assert "公安分局" in client.get(page).content.decode()
    assert client.post(f"/oversight/arrivals/{arrivals['ga'].pk}/rate/", {"rating": "9"}).status_code == 422
    assert client.post(f"/oversight/arrivals/{arrivals['ga'].pk}/rate/", {"rating": "5"}).status_code == 302
    assert client.post(f"{page}close/", {"outcome": ""}).status_code == 422
    assert client.post(f"{page}close/", {"outcome": "当场劝停"}).status_code == 302
    with reaching_everything():
        assert Whistle.objects.get().outcome == "当场劝停"


def test_every_figure_leads_to_as_many_rows(enter):
    for number in range(5):
        matter = brought(ago=timedelta(days=9))
        if number % 2:
            by_police(actions.resolve, matter, result=Result.REFUSED, reply="不予办理", evidence="")
    brought(PARKING, place=ZHONGLOU)
    brought(exit="E5")
    client = enter("supervisor")
    for by in ("unit", "topic", "community"):
        page = client.get(f"/oversight/rates/?by={by}").content.decode()
        links = re.findall(r'<a href="(/oversight/matters/\?[^"]+)"[^>]*>(\d+)</a>', page)
        assert links
        for address, shown in links:
            rows = client.get(address.replace("&amp;", "&")).content.decode().count('<li class="relative')
            assert rows == int(shown), address


def test_a_table_is_saved_as_a_spreadsheet_that_reckons_nothing(enter):
    brought(words="=1+1 楼上很吵，请管一管")
    client = enter("supervisor")
    for address in (
        "/oversight/rates/?export=xlsx",
        "/oversight/matters/?export=xlsx",
        "/oversight/rulings/?export=held",
    ):
        rows = CalamineWorkbook.from_filelike(BytesIO(client.get(address).content)).get_sheet_by_index(0).to_python()
        assert len(rows) == 2
    assert (
        "=1+1 楼上很吵，请管一管"
        in CalamineWorkbook.from_filelike(BytesIO(client.get("/oversight/matters/?export=xlsx").content))
        .get_sheet_by_index(0)
        .to_python()[1]
    )


def test_the_pages_take_few_statements_however_many_matters_there_are(enter):
    client = enter("supervisor")
    for page in PAGES:
        client.get(f"/oversight/{page}")
    for number in range(20):
        brought(PARKING if number % 3 else CATS)
    for page in PAGES:
        with CaptureQueriesContext(connection) as statements:
            client.get(f"/oversight/{page}")
        assert len(statements) <= 20, page


def test_the_public_reads_published_rates_and_no_matter(enter):
    matter = brought(ago=timedelta(days=9), words="居民王小明反映楼上很吵")
    by_police(actions.resolve, matter, result=Result.SOLVED, reply="已处理", evidence="现场看过")
    assert "还没有公开过" in Client().get("/rates/").content.decode()
    today = timezone.localdate()
    client = enter("supervisor")
    early = {"from": str(today - timedelta(days=20)), "to": str(today)}
    client.post("/oversight/rates/publish/", early)
    assert "还没有公开过" in Client().get("/rates/").content.decode()
    client.post("/oversight/rates/publish/", early | {"to": str(today - timedelta(days=1))})
    with CaptureQueriesContext(connection) as statements:
        page = Client().get("/rates/").content.decode()
    assert not [query for query in statements.captured_queries if '"qianxian_matter"' in query["sql"]]
    assert "公安分局" in page
    assert "样本不足" in page
    assert "先行联系" in page
    assert not [word for word in ("王小明", "1990", matter.code, "林晓禾") if word in page]


def test_only_the_supervisor_publishes(enter):
    assert enter("street").post("/oversight/rates/publish/", {}).status_code == 403


def test_nothing_names_or_ranks_a_member_of_staff(enter):
    brought()
    client = enter("supervisor")
    own_name = '<span class="max-w-40 truncate">林晓禾</span>'
    for page in PAGES:
        shown = client.get(f"/oversight/{page}").content.decode()
        assert shown.replace(own_name, "").count("林晓禾") <= shown.count('class="sr-only md:hidden"') + 2
        assert not re.search("第[一二三1-3]名|排行|末位", shown)


def run(command: Callable[..., None] | typer.Typer, *arguments: str):
    app = command
    if not isinstance(command, typer.Typer):
        app = typer.Typer()
        app.command()(command)
    result = CliRunner().invoke(app, arguments)
    reach(everything=True)
    return result


def test_the_command_gives_the_rates_with_what_they_are_made_of():
    brought(exit="E5")
    brought(ago=timedelta(days=9))
    found = json.loads(run(rates, "--by", "unit", "--json", "--formula", "satisfaction-all").output)
    assert [(row["key"], row["received"], row["exits"]) for row in found["rows"]] == [("centre", 1, 1), ("ga", 1, 0)]
    assert found["rows"][1]["rates"]["satisfaction"] == {
        "formula": "satisfaction-all", "numerator": 0.0, "denominator": 1, "percent": None, "left_out": 0, "removed": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [("--from", "昨天"), ("--formula", "x"), ("--from", "2026-03-02", "--to", "2026-03-01"), ("--publish",)],
)
def test_the_command_refuses_nonsense_with_exit_code_2(arguments):
    assert run(rates, *arguments).exit_code == 2


def test_the_replay_finds_a_row_that_says_something_else_than_its_journal():
    matter = brought()
    assert run(journal.app, "replay", "--json").exit_code == 0
    with reaching_everything():
        Matter.objects.filter(pk=matter.pk).update(owner_id="zj")
    result = run(journal.app, "replay", "--json")
    assert result.exit_code == 1
    (parting,) = json.loads(result.output)["partings"]
    assert (parting["journal"]["owner"], parting["stored"]["owner"]) == ("ga", "zj")
