"""The pages on which the next edition is written: who may open them, what they say, and what they keep."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import reaching_everything
from qianxian.mandates import actions
from qianxian.mandates.models import Draft, Edition, Proposal
from qianxian.matters.models import Matter
from qianxian.web.acting import now
from tests.books import ASSISTING, BASIC, DEPARTMENT, book
from tests.town import CATS, DISTRICT, LIUAN, NOISE, PARKING, STREET, receive

pytestmark = pytest.mark.usefixtures("everything")
PASSWORD = "柳岸的灯亮了 2026"


def member(role: str, username: str, area: str | None = DISTRICT, unit: str = "centre") -> Client:
    cadres.open_account(
        username=username, password=PASSWORD, name="严立正", title="科长", role=role, unit_id=unit, area_id=area, actor="test",
        at=now(),
    )  # fmt: skip
    client = Client()
    assert client.post("/login/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def steward(quick_passwords: None) -> Client:
    return member("steward", "steward")


@pytest.fixture
def supervisor(quick_passwords: None) -> Client:
    return member("supervisor", "supervisor")


def begun(client: Client, title: str = "第二版") -> str:
    """Begin a draft and return its address."""
    return str(client.post("/register/begin/", {"title": title}).url)


def line(**more: Any) -> dict[str, Any]:
    return {
        "topic": CATS, "body": "清河街道办事处", "duty": "lead", "list_kind": "basic", "place": DISTRICT, "setting": "",
        "basis": "《云溪区养犬管理办法》第九条", "valid_from": "2026-01-01", "valid_to": "", "deadline_class": "", "delegation": "",
        "number": "",
    } | more  # fmt: skip


def text(answer: Any) -> str:
    return answer.content.decode()


def settled(client: Client) -> str:
    """Return the address of a draft that is ready to be submitted."""
    draft = begun(client)
    client.post(f"{draft}end/", {"article": "B2"})
    client.post(f"{draft}line/", line())
    client.post(f"{draft}audit/")
    client.post(f"{draft}replay/")
    return draft


@pytest.mark.parametrize("role", ["worker", "department", "street"])
def test_only_the_steward_and_the_district_open_these_pages(quick_passwords, steward, role):
    draft = begun(steward)
    other = member(role, role)
    for path in ("/register/", draft, f"{draft}lines/", f"{draft}line/", f"{draft}import/", f"{draft}replay/"):
        assert other.get(path).status_code == 403, path
    assert other.post(f"{draft}audit/").status_code == 403
    assert Client().get("/register/").status_code == 302


def test_a_steward_of_one_street_does_not_reach_the_districts_draft(quick_passwords, steward):
    draft = begun(steward)
    narrow = member("steward", "narrow", STREET, "st")
    assert narrow.get(draft).status_code == 404
    assert narrow.post(f"{draft}audit/").status_code == 404


def test_a_draft_goes_its_whole_way_on_pages(steward, supervisor):
    parked = receive(PARKING, LIUAN)
    draft = settled(steward)
    page = text(steward.get(draft))
    assert "体检通过，回放做完，可以送审" in page
    assert "第B2条终止：交通局对“违法停车”不再主责（云溪区）。" in page
    assert "用以往 1 件诉求试过，<strong>1</strong> 件会换承办单位" in page
    assert parked.title in text(steward.get(f"{draft}replay/"))
    steward.post(f"{draft}submit/", {"day": now().date().isoformat()})
    assert steward.post(f"{draft}approve/").status_code == 404
    assert "批准这一版清单" not in text(steward.get(draft))
    assert supervisor.post(f"{draft}approve/").status_code == 302
    assert Edition.objects.get(number=2).in_force_from <= now()
    assert "已成为第 2 版" in text(supervisor.get(draft))


def test_whoever_wrote_a_draft_is_told_to_leave_the_approval_to_another(supervisor):
    draft = settled(supervisor)
    supervisor.post(f"{draft}submit/", {"day": now().date().isoformat()})
    assert "要由另一位督查批准" in text(supervisor.get(draft))
    answer = supervisor.post(f"{draft}approve/")
    assert (answer.status_code, Edition.objects.count()) == (422, 1)
    assert "请另一位同事批准" in text(answer)


def test_a_draft_with_a_gap_is_refused_and_each_place_has_its_way_on(steward):
    draft = begun(steward)
    steward.post(f"{draft}end/", {"article": "C1"})
    steward.post(f"{draft}audit/")
    page = text(steward.get(draft))
    assert "底本里由第 C1 条主责，这份草案把它改没了" in page
    assert f"{draft}line/?topic={CATS}&amp;place={DISTRICT}" in page
    assert "交通局改为协助（第 B2 条）" in page
    answer = steward.post(f"{draft}submit/", {"day": "2026-12-01"})
    assert answer.status_code == 422
    assert "有的事项没有单位主责，不能公布" in text(answer)
    assert Draft.objects.get().stage == "drafting"
    filled = text(steward.get(f"{draft}line/?topic={CATS}&place={DISTRICT}"))
    assert f'value="{CATS} 流浪猫"' in filled


WRONG = [
    ({"topic": "外星人"}, "没有认出这是什么事"),
    ({"topic": "噪声扰民"}, "不替您猜。可能是："),
    ({"body": "月球局"}, "名录里没有“月球局”"),
    ({"place": "月球"}, "没有认出地区“月球”"),
    ({"duty": ""}, "这一条什么也没有给"),
    ({"basis": ""}, "这个字段是必填项"),
    ({"valid_to": "2025-01-01"}, "止期要在起期之后"),
    ({"body": "柳岸社区居委会"}, "居（村）委会只协助、不主责"),
    ({"number": "A1"}, "这个编号已经用了"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_a_faulty_line_is_said_and_what_was_typed_stays(steward, change, sentence):
    draft = begun(steward)
    answer = steward.post(f"{draft}line/", line(**change))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "《云溪区养犬管理办法》第九条" in text(answer) or change == {"basis": ""}
    assert not Draft.objects.get().lines.exists()


def test_a_unit_goes_by_its_alias_and_a_topic_by_its_name(steward):
    draft = begun(steward)
    steward.post(f"{draft}line/", line(topic="流浪猫", body="st", place="云溪区"))
    assert Draft.objects.get().lines.values_list("number", "topic_id", "body_id")[0] == (
        "清河街道办事处-001", CATS, "st",
    )  # fmt: skip


def test_a_change_is_told_field_by_field_and_can_be_undone(steward):
    draft = begun(steward)
    steward.post(
        f"{draft}line/?article=A2",
        line(topic=NOISE, body="公安分局", setting="compound", list_kind="department", basis="清单第A2项", delegation="委托书1号"),
    )  # fmt: skip
    assert "第A2条：责任单位由住建局改为公安分局；委托文书写为委托书1号。" in text(steward.get(draft))
    steward.post(f"{draft}undo/", {"article": "A2"})
    assert "还没有改动" in text(steward.get(draft))
    assert steward.post(f"{draft}undo/", {"article": "A2"}).status_code == 422


def test_the_lines_are_searched_sorted_and_come_back_from_their_workbook(steward):
    draft = settled(steward)
    changed = steward.get(f"{draft}lines/?change=any").context["rows"]
    assert [row["number"] for row in changed] == ["B2", "清河街道办事处-001"]
    found = steward.get(f"{draft}lines/?sort=-body_id&q=噪声")
    assert [row["number"] for row in found.context["rows"]] == ["A2", "A3", "A1", "A4"]
    saved = steward.get(f"{draft}lines/?export=xlsx").content
    assert load_workbook(io.BytesIO(saved)).active.max_row == 9
    again = begun(steward, "第三版")
    answer = steward.post(f"{again}import/", {"file": SimpleUploadedFile("清单.xlsx", saved), "day": "2026-01-01"})
    assert "8 条全部合格：新增 1 条，修改 7 条" in text(steward.get(answer.url))


def test_a_rulings_proposal_is_one_click_into_a_draft(supervisor):
    asked = Proposal.objects.create(
        ruling="matter:7", body_id="jt", topic_id=PARKING, place_id=DISTRICT, setting="road", basis="《道路交通安全法》第五十六条",
        reason="路面归交通", proposed_at=now(),
    )  # fmt: skip
    assert "收进下一版草案" in text(supervisor.get("/oversight/rulings/"))
    draft = supervisor.post(f"/register/proposals/{asked.pk}/take/").url
    held = Draft.objects.get()
    assert draft == f"/register/drafts/{held.pk}/"
    assert held.lines.values_list("body_id", "ruling", "setting")[0] == ("jt", "matter:7", "road")
    assert "已收进草案" in text(supervisor.get("/oversight/rulings/"))
    supervisor.post(f"/register/proposals/{asked.pk}/take/")
    assert held.lines.count() == 1


def test_a_proposal_without_a_topic_asks_for_one(supervisor):
    asked = Proposal.objects.create(
        ruling="matter:8", body_id="jt", place_id=DISTRICT, basis="某条", reason="归交通", proposed_at=now()
    )
    answer = supervisor.post(f"/register/proposals/{asked.pk}/take/")
    assert "这件诉求还没有归类" in text(answer)
    draft = f"/register/drafts/{Draft.objects.get().pk}/"
    supervisor.post(f"{draft}line/", line(topic=PARKING, body="交通局", proposal=asked.pk))
    assert Draft.objects.get().lines.values_list("proposal", "ruling")[0] == (asked.pk, "matter:8")


def test_lists_are_uploaded_shown_sheet_by_sheet_and_taken_whole(steward, tmp_path: Path):
    draft = begun(steward)
    path = book(tmp_path / "清单.xlsx", 基本履职=BASIC, 配合履职=ASSISTING, 公安=DEPARTMENT)
    answer = steward.post(
        f"{draft}import/", {"file": SimpleUploadedFile("清单.xlsx", path.read_bytes()), "day": "2026-01-01"}
    )
    shown = text(steward.get(answer.url))
    assert "9 条全部合格：新增 9 条，修改 0 条" in shown
    assert "配合履职事项清单" in shown
    assert not Draft.objects.get().lines.exists()
    steward.post(answer.url)
    assert Draft.objects.get().lines.count() == 9


def test_faulty_lists_leave_the_draft_untouched_and_come_back_marked(steward, tmp_path: Path):
    draft = begun(steward)
    path = book(tmp_path / "清单.xlsx", 基本履职=(BASIC[0], BASIC[1], [(1, "外星人来访"), (2, "流浪猫")]))
    answer = steward.post(
        f"{draft}import/", {"file": SimpleUploadedFile("清单.xlsx", path.read_bytes()), "day": "2026-01-01"}
    )
    shown = text(steward.get(answer.url))
    assert "有 1 处要改，草案一行也没有动" in shown
    assert "没有认出“外星人来访”是哪个事项" in shown
    marked = b"".join(steward.get(f"{answer.url}&marked=1").streaming_content)
    assert "外星人来访" in str(load_workbook(io.BytesIO(marked))["基本履职"]["C3"].value)
    assert steward.post(answer.url).status_code == 200
    assert not Draft.objects.get().lines.exists()
    assert member("supervisor", "another").get(answer.url).status_code == 404


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"PK\x03\x04broken"])
def test_what_is_no_table_is_said_in_one_sentence(steward, content):
    draft = begun(steward)
    answer = steward.post(f"{draft}import/", {"file": SimpleUploadedFile("清单.xlsx", content), "day": "2026-01-01"})
    assert answer.status_code == 422
    assert "还没有提交" in text(answer)


def test_editions_are_compared_searched_and_an_earlier_one_comes_back(steward, supervisor):
    draft = settled(steward)
    steward.post(f"{draft}submit/", {"day": now().date().isoformat()})
    supervisor.post(f"{draft}approve/")
    shown = text(steward.get("/register/compare/?before=1&after=2&q=停车"))
    assert "第B2条终止" in shown
    assert "流浪猫" not in shown.partition('id="rows"')[2]
    back = steward.post("/register/restore/", {"number": "1"}).url
    assert "恢复第 1 版" in text(steward.get(back))
    assert set(Draft.objects.first().lines.values_list("number", "change")) == {
        ("B2", "add"), ("清河街道办事处-001", "end"),
    }  # fmt: skip
    assert steward.get("/register/compare/?before=9&after=1").status_code == 404
    assert steward.post("/register/restore/", {"number": "9"}).status_code == 404


def test_titles_of_moved_matters_are_shown_within_reach_only(quick_passwords, steward):
    matter = receive(PARKING, LIUAN)
    draft = settled(steward)
    assert matter.title in text(steward.get(f"{draft}replay/"))
    saved = load_workbook(io.BytesIO(steward.get(f"{draft}replay/?export=xlsx").content)).active
    assert saved.cell(2, 2).value == matter.title
    Draft.objects.update(area_id=STREET)
    elsewhere = member("supervisor", "elsewhere", STREET, "zj")
    with reaching_everything():
        Matter.objects.update(place_id="990101")
    assert matter.title not in text(elsewhere.get(f"{draft}replay/"))


def test_a_draft_page_asks_the_database_the_same_for_one_change_and_for_many(steward):
    draft = begun(steward)
    steward.post(f"{draft}line/", line())
    with CaptureQueriesContext(connection) as few:
        steward.get(draft)
    for number in range(6):
        steward.post(f"{draft}line/", line(number=f"新-{number}"))
    with CaptureQueriesContext(connection) as many:
        steward.get(draft)
    assert len(many) == len(few)


def test_a_later_edition_is_taken_up_by_one_button(steward):
    draft = settled(steward)
    other = actions.begin(title="急", area=DISTRICT, actor="account:x", at=now())
    with reaching_everything():
        actions.publish(
            number=2, title="第二版", articles=[], in_force_from=now() - timedelta(hours=1), actor="test", at=now()
        )
    assert "先把底本换成最新一版" in text(steward.get(draft))
    steward.post(f"{draft}latest/")
    assert Draft.objects.exclude(pk=other.pk).get().based_on.number == 2


def test_the_board_shows_a_draft_to_those_who_reach_it(quick_passwords, steward):
    draft = begun(steward, "第二版草案")
    steward.post(f"{draft}line/", line())
    number = Draft.objects.get().pk
    assert f"/oversight/board/?draft={number}" in text(steward.get(draft))
    shown = text(steward.get(f"/oversight/board/?draft={number}&within={CATS}"))
    assert "第二版草案" in shown
    assert f"{draft}line/?article=" in shown
    assert member("worker", "worker", LIUAN, "cm").get(f"/oversight/board/?draft={number}").status_code == 404
