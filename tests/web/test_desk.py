"""The desks over HTTP: what is offered, what is refused with its sentence, what is kept in the journal."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import acting, reaching_everything
from qianxian.cadres.rules import Actor
from qianxian.journal.queries import entries_of
from qianxian.matters import actions
from qianxian.matters.models import Matter
from qianxian.matters.rules.intake import MatterKind
from tests.town import DISTRICT, LIUAN, NOISE, PARKING, STREET, build, receive

PASSWORD = "柳岸的灯亮了 2026"
PEOPLE = {
    "worker": ("cm", LIUAN),
    "department": ("ga", DISTRICT),
    "street": ("st", STREET),
    "supervisor": ("centre", DISTRICT),
    "steward": ("gov", DISTRICT),
}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    build()


def account(role: str, unit: str = ""):
    held, area = PEOPLE[role]
    return cadres.open_account(
        username=f"{role}{unit}", password=PASSWORD, name="林晓禾", role=role, unit_id=unit or held, area_id=area,
        title="", actor="test", at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def desk_of() -> Callable[..., Client]:
    """Sign somebody in."""

    def enter(role: str, unit: str = "") -> Client:
        client = Client()
        username = account(role, unit).username
        assert client.post("/login/", {"username": username, "password": PASSWORD}).status_code == 302
        return client

    return enter


def brought(topic: str = NOISE, **more: object) -> Matter:
    with reaching_everything():
        return receive(topic, at=timezone.now() - timedelta(minutes=5), **more)


def now_of(matter: Matter) -> Matter:
    with reaching_everything():
        return Matter.objects.get(pk=matter.pk)


def verbs_of(matter: Matter) -> list[str]:
    return [entry.verb for entry in entries_of(f"matter:{matter.pk}")]


def offered(client: Client, matter: Matter) -> list[str]:
    page = client.get(f"/desk/matters/{matter.code}/").content.decode()
    return re.findall(r'<dialog class="sheet" id="deed-([a-z_]+)-', page)


@pytest.mark.parametrize("role", ["worker", "department", "street", "supervisor"])
def test_the_list_takes_at_most_six_statements(desk_of, role):
    client = desk_of(role)
    for number in range(30):
        brought(PARKING if number % 3 else NOISE)
    client.get("/desk/")
    for address in (
        "/desk/",
        "/desk/?before=end",
        "/desk/?q=请管",
        "/desk/?view=area",
        "/desk/?sort=-arrived&topic=02",
    ):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(address).status_code == 200
        assert len(statements) <= 6


def test_the_list_shows_what_waits_and_nothing_else(desk_of):
    mine, not_mine = brought(), brought("050501")
    page = desk_of("department").get("/desk/").content.decode()
    assert mine.code in page
    assert not_mine.code not in page


def test_a_steward_has_no_desk(desk_of):
    assert desk_of("steward").get("/desk/").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "before=2026~1~1",
        "topic=%00",
        "sort=evil",
        "thread=none",
        "view=none",
        "place=9'",
        "state=x",
        "q=%27%25",
    ],
)
def test_an_address_with_nonsense_shows_the_list(desk_of, query):
    brought()
    assert desk_of("department").get(f"/desk/?{query}").status_code == 200


def test_a_code_is_found_wherever_it_is_typed(desk_of):
    matter = brought()
    page = desk_of("street").get("/desk/", {"q": f" {matter.code.lower()} ", "everywhere": "1"}).content.decode()
    assert f"/desk/matters/{matter.code}/" in page


def test_the_owner_is_offered_to_sign_first(desk_of):
    matter = brought()
    assert offered(desk_of("department"), matter)[:3] == ["sign", "contact", "resolve"]


def test_one_who_only_looks_on_is_offered_nothing_to_do(desk_of):
    matter = brought()
    assert offered(desk_of("worker"), matter) == []


def test_every_deed_that_is_offered_has_a_form_that_opens_without_script(desk_of):
    matter = brought()
    for role in ("department", "street", "supervisor"):
        client = desk_of(role)
        for deed in offered(client, matter):
            page = client.get(f"/desk/matters/{matter.code}/?deed={deed}").content.decode()
            assert f'action="/desk/matters/{matter.code}/{deed}/"' in page


def test_signing_leads_back_to_the_matter_and_says_so(desk_of):
    matter, client = brought(), desk_of("department")
    answer = client.post(f"/desk/matters/{matter.code}/sign/", follow=True)
    assert answer.redirect_chain == [(f"/desk/matters/{matter.code}/", 302)]
    assert "已签收" in answer.content.decode()
    assert verbs_of(matter) == ["receive", "sign"]


def test_a_matter_is_carried_from_signing_to_resolved_by_forms_alone(desk_of):
    matter, client = brought(), desk_of("department")
    client.post(f"/desk/matters/{matter.code}/sign/")
    client.post(f"/desk/matters/{matter.code}/contact/", {"how": "phone", "note": "约好明天上门"})
    said = {"result": "solved", "reply": "已劝停", "evidence": "巡查记录 12 号"}
    answer = client.post(f"/desk/matters/{matter.code}/resolve/", said)
    assert answer.status_code == 302
    assert now_of(matter).reply == "已劝停"
    assert verbs_of(matter) == ["receive", "sign", "contact", "resolve"]


def test_a_refused_deed_keeps_what_was_typed_and_says_why(desk_of):
    matter, client = brought(), desk_of("department")
    answer = client.post(
        f"/desk/matters/{matter.code}/resolve/", {"result": "solved", "reply": "已经劝停，以后不再吵", "evidence": ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已经劝停，以后不再吵" in page
    assert "“办理结果说明”还没有填写" in page
    assert now_of(matter).resolved_at is None


def test_the_second_of_two_tabs_is_told_that_it_is_done_and_loses_nothing(desk_of):
    matter, client = brought(), desk_of("department")
    said = {"result": "explained", "reply": "已向您说明", "evidence": ""}
    client.post(f"/desk/matters/{matter.code}/resolve/", said)
    page = client.post(f"/desk/matters/{matter.code}/resolve/", {**said, "reply": "第二个窗口里写的答复"})
    assert page.status_code == 422
    assert "第二个窗口里写的答复" in page.content.decode()
    assert "状态已经变化" in page.content.decode()


def test_a_matter_out_of_reach_is_not_found(desk_of):
    matter = brought()
    cadres.open_account(
        username="far", password=PASSWORD, name="远", role="department", unit_id="zj", area_id=None, title="",
        actor="test", at=timezone.now(),
    )  # fmt: skip
    client = Client()
    client.post("/login/", {"username": "far", "password": PASSWORD})
    assert client.get(f"/desk/matters/{matter.code}/").status_code == 404


def test_a_deed_that_does_not_exist_is_not_found(desk_of):
    matter = brought()
    assert desk_of("department").post(f"/desk/matters/{matter.code}/reopen/").status_code == 404


def test_name_and_number_are_masked_until_a_purpose_is_stated_and_then_shown_once(desk_of):
    matter, client = brought(), desk_of("department")
    page = client.get(f"/desk/matters/{matter.code}/").content.decode()
    assert "王**" in page
    assert "19900001111" not in page
    shown = client.post(f"/desk/matters/{matter.code}/requester/", {"purpose": "contact", "words": "约上门时间"})
    assert "19900001111" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert "19900001111" not in client.get(f"/desk/matters/{matter.code}/").content.decode()
    read = entries_of(f"matter:{matter.pk}").last()
    assert (read.verb, read.details["purpose"], "1990" in str(read.details)) == ("read_requester", "contact", False)


def test_without_a_purpose_nothing_is_shown_and_nothing_is_noted(desk_of):
    matter, client = brought(), desk_of("department")
    page = client.post(f"/desk/matters/{matter.code}/requester/", {"purpose": "", "words": ""})
    assert page.status_code == 422
    assert "19900001111" not in page.content.decode()
    assert verbs_of(matter) == ["receive"]


def test_one_who_only_looks_on_may_not_read_who_asked(desk_of):
    matter, client = brought(), desk_of("worker")
    page = client.post(f"/desk/matters/{matter.code}/requester/", {"purpose": "contact", "words": "问一问"})
    assert "19900001111" not in page.content.decode()
    assert "不该由您办理" in page.content.decode()


def test_several_are_signed_at_once_and_each_refusal_is_told(desk_of):
    first, second, client = brought(), brought(), desk_of("department")
    client.post(f"/desk/matters/{first.code}/sign/")
    page = client.post("/desk/batch/", {"do": "sign", "code": [first.code, second.code]}, follow=True).content.decode()
    assert "已办 1 件" in page
    assert f"{first.code}：这一步已经办过了" in page
    assert now_of(second).signed_at is not None


def test_several_questions_are_answered_with_the_same_words(desk_of):
    asked = [brought(kind=MatterKind.CONSULT) for _ in range(2)]
    desk_of("department").post(
        "/desk/batch/", {"do": "reply", "reply": "带身份证到一楼办理。", "code": [matter.code for matter in asked]}
    )
    assert [(now_of(matter).result, now_of(matter).reply) for matter in asked] == [
        ("explained", "带身份证到一楼办理。")
    ] * 2


def test_a_complaint_is_not_answered_in_a_batch(desk_of):
    complaint = brought(kind=MatterKind.COMPLAINT)
    page = desk_of("department").post(
        "/desk/batch/", {"do": "reply", "reply": "知道了。", "code": [complaint.code]}, follow=True
    )
    assert "只有咨询能用同一答复" in page.content.decode()
    assert now_of(complaint).resolved_at is None


def test_the_workbook_holds_the_rows_of_the_list_and_no_formula(desk_of):
    matter, client = brought(words="=HYPERLINK(1)，请看看。"), desk_of("department")
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(client.get("/desk/export/").content)).get_sheet_by_index(0).to_python()
    )
    assert [row[0] for row in rows[1:]] == [matter.code]
    assert rows[1][1].startswith("=HYPERLINK")


def test_a_paper_is_kept_with_the_result_and_handed_out_to_those_within_reach(desk_of):
    matter, client = brought(), desk_of("department")
    client.post(f"/desk/matters/{matter.code}/sign/")
    paper = BytesIO(PNG)
    paper.name = "现场.png"
    client.post(f"/desk/matters/{matter.code}/attach/", {"paper": paper})
    with reaching_everything():
        number = matter.attachments.get().pk
    answer = client.get(f"/desk/matters/{matter.code}/attachments/{number}/")
    assert (answer.content, answer.headers["Content-Type"]) == (PNG, "image/png")


def test_help_is_asked_of_a_committee_only_where_its_list_says_so(desk_of):
    matter, client = brought(PARKING), desk_of("street")
    due = (timezone.localtime() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    page = client.post(f"/desk/matters/{matter.code}/ask_help/", {"unit": "cm", "what": "去看看", "due_at": due})
    assert page.status_code == 422
    assert verbs_of(matter) == ["receive"]


def test_whoever_calls_gets_an_owner_by_article_and_a_code(desk_of):
    client = desk_of("worker")
    said = {
        "words": "楼上半夜拖桌子，敲门不理", "place": LIUAN, "kind": "complaint", "channel": "phone", "name": "王小明",
        "phone": "199 0000 1111", "topic": NOISE,
    }  # fmt: skip
    answer = client.post("/desk/register/", said, follow=True)
    code = re.search(r"data-code>(\w+)<", answer.content.decode())[1]
    with reaching_everything():
        matter = Matter.objects.select_related("article", "requester").get(code=code)
    assert (matter.owner_id, matter.channel, matter.article.number) == ("ga", "phone", "A1")
    assert matter.requester.phone_mask == "199****1111"


def test_before_it_is_sent_the_page_says_who_would_answer(desk_of):
    said = {"words": "楼上半夜拖桌子，邻里噪声太大", "place": LIUAN, "kind": "complaint", "topic": NOISE}
    page = desk_of("worker").post("/desk/register/", said, headers={"HX-Request": "true"}).content.decode()
    assert "公安分局" in page
    assert "A1" in page
    with reaching_everything():
        assert Matter.objects.count() == 0


def test_a_faulty_registration_keeps_what_was_typed(desk_of):
    said = {"words": "楼上半夜拖桌子", "place": "000000", "kind": "complaint", "channel": "phone", "phone": "abc"}
    answer = desk_of("worker").post("/desk/register/", said)
    assert answer.status_code == 422
    assert "楼上半夜拖桌子" in answer.content.decode()
    assert "电话号码只能有数字" in answer.content.decode()


def test_a_cadre_whose_matter_it_is_in_person_may_do_the_deeds_of_its_owner(desk_of):
    client = desk_of("department", "zj")
    holder = acting(account("department", "zj"), timezone.now())
    cadres.post(
        cadre=account("department", "zj"), scope=LIUAN, home_unit_id="zj", unit_id="st", mode="first_secretary",
        powers=["affairs"], resources=[], valid_from=timezone.now() - timedelta(days=1), final=True, actor="test",
        at=timezone.now(),
    )  # fmt: skip
    matter = brought(PARKING)
    assert isinstance(holder, Actor)
    assert matter.code in client.get("/desk/").content.decode()
    assert offered(client, matter)[0] == "sign"


def test_a_helper_answers_from_the_page_of_the_matter(desk_of):
    matter = brought()
    with reaching_everything():
        asked = actions.ask_help(
            matter.pk, unit="cm", what="约住户在家的时间", due_at=timezone.now() + timedelta(hours=2),
            actor=acting(account("department"), timezone.now()), at=timezone.now(),
        )  # fmt: skip
    client = desk_of("worker")
    assert "约住户在家的时间" in client.get(f"/desk/matters/{matter.code}/").content.decode()
    client.post(
        f"/desk/matters/{matter.code}/answer_help/", {"on": asked.pk, "delivered": "yes", "answer": "周六上午在家"}
    )
    with reaching_everything():
        asked.refresh_from_db()
    assert (asked.delivered, asked.answer) == (True, "周六上午在家")


def test_a_unit_asks_upward_and_both_desks_and_the_supervisor_see_it_until_it_is_answered(desk_of):
    matter, owner, street, government = (
        brought(),
        desk_of("department"),
        desk_of("street"),
        desk_of("supervisor", "gov"),
    )
    asked = {"unit": "gov", "reason": "没有场地", "wanted": "请定一处停放场地"}
    page = f"/desk/matters/{matter.code}/"
    assert "ask_above" in offered(owner, matter)
    owner.post(f"{page}ask_above/", asked)
    assert "等上级答复" in owner.get("/desk/?thread=awaited").content.decode()
    assert matter.code in government.get("/desk/?thread=above").content.decode()
    for client in (street, government):
        assert "请区政府：请定一处停放场地" in client.get("/oversight/?kind=above").content.decode()
    form = re.search(r'answer_above/[^"]*".*?name="on" value="(\d+)"', government.get(page).content.decode(), re.S)
    half = government.post(f"{page}answer_above/", {"on": form[1], "agreed": "yes", "answer": "由住建局办"})
    assert half.status_code == 422
    assert "由住建局办" in half.content.decode()
    until = f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    whole = {"on": form[1], "agreed": "yes", "answer": "由住建局办", "executor": "zj", "until": until}
    assert government.post(f"{page}answer_above/", whole).status_code == 302
    told = owner.get(page).content.decode()
    assert "由住建局办" in told
    assert "由住建局办理" in told
    assert verbs_of(matter) == ["receive", "ask_above", "answer_above"]
