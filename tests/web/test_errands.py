"""The gate, the calendar and the certificates desk over HTTP, by each role and by nobody."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from python_calamine import CalamineWorkbook

from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import reaching_everything
from qianxian.errands import actions
from qianxian.errands.models import Asking, Certificate, Errand, Feed, Occasion, Refusal
from qianxian.errands.rules.life import Opinion, Stage
from qianxian.journal.models import Entry
from qianxian.kernel.worktime import BEIJING
from qianxian.matters.models import Matter
from qianxian.web import jobs
from tests.errands import gatehouse
from tests.errands.gatehouse import CIVIL_AFFAIRS, ELDERLY, HOUSING, LIUAN_WORKER, POLICE
from tests.town import DISTRICT, LIUAN, STREET, STREET_OFFICE, ZHONGLOU, build

PASSWORD = "柳岸的灯亮了 2026"
PEOPLE = {
    "worker": ("worker", "cm", LIUAN),
    "other_worker": ("worker", "cz", ZHONGLOU),
    "department": ("department", "zj", DISTRICT),
    "police": ("department", "ga", DISTRICT),
    "civil": ("department", "mz", DISTRICT),
    "street": ("street", "st", STREET),
    "supervisor": ("supervisor", "centre", DISTRICT),
    "steward": ("steward", "gov", DISTRICT),
}
PAGES = (
    "/errands/", "/errands/new/", "/errands/ask/", "/errands/refusals/", "/gate/", "/calendar/", "/calendar/new/",
    "/calendar/subscription/", "/certificates/", "/certificates/new/residence/",
)  # fmt: skip
OPEN_TO = {
    "/errands/": {"department", "police", "civil", "street", "supervisor"},
    "/errands/new/": {"department", "police", "civil", "street", "supervisor"},
    "/errands/ask/": {"department", "police", "civil", "street", "supervisor"},
    "/gate/": {"worker", "other_worker"},
    "/calendar/new/": {"worker", "other_worker"},
    "/certificates/": {"worker", "other_worker"},
    "/certificates/new/residence/": {"worker", "other_worker"},
}
EVERYBODY = set(PEOPLE) - {"steward"}


@pytest.fixture(autouse=True)
def town(db: None) -> None:
    build()
    gatehouse.add()


@pytest.fixture
def enter() -> Callable[[str], Client]:
    """Sign somebody in."""

    def signed_in(who: str) -> Client:
        role, unit, area = PEOPLE[who]
        cadres.open_account(
            username=who, password=PASSWORD, name="林晓禾", role=role, unit_id=unit, area_id=area, title="",
            actor="test", at=timezone.now(),
        )  # fmt: skip
        client = Client()
        assert client.post("/login/", {"username": who, "password": PASSWORD}).status_code == 302
        return client

    return signed_in


def day(ahead: int) -> str:
    return str((timezone.now() + timedelta(days=ahead)).astimezone(BEIJING).date())


def form(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "task", "title": "高龄老人探访", "words": "每月探访一次。", "topic_id": ELDERLY,
        "basis": gatehouse.BASIS, "why": "社区了解老人。", "role": "assist", "places": [LIUAN], "frequency": "monthly",
        "hours_month": "10", "starts_on": day(75), "ends_on": day(200), "fields_named": "", "funds": "6000",
        "people": "1", "training": "半天", "assessment": "", "report_minutes": "", **changed,
    }  # fmt: skip


def text(answer: Any) -> str:
    return answer.content.decode()


def cells(answer: Any) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_open_to_its_roles_and_to_nobody_else(enter, path):
    for who in PEOPLE:
        expected = 200 if who in OPEN_TO.get(path, EVERYBODY) else 403
        assert enter(who).get(path).status_code == expected, (who, path)
    assert Client().get(path).status_code == 302


def test_a_request_goes_from_draft_through_hearing_and_table_to_the_public_page(enter):
    department, worker, street, civil = (enter(who) for who in ("department", "worker", "street", "civil"))
    page = department.post("/errands/new/", form(basis="领导要求")).url
    assert "不是依据" in text(department.get(page))
    answer = department.post(f"{page}file/", follow=True)
    assert "已退回草稿" in text(answer)
    assert department.post(f"{page}edit/", form()).url == page
    assert "自动检查都过得去" in text(department.get(page))
    assert "社区开始表态" in text(department.post(f"{page}file/", follow=True))
    assert "高龄老人探访" in text(worker.get("/gate/"))
    for decider in (street, civil):
        assert "高龄老人探访" in text(decider.get("/errands/?tab=table"))
        assert 'id="decide"' not in text(decider.get(page))
        early = decider.post(f"{page}decide/", {"admitted": "yes", "reason": "同意"})
        assert (early.status_code, "社区还在表态" in text(early)) == (422, True)
    assert worker.post(f"{page}opinion/", {"opinion": "oppose", "words": ""}).status_code == 422
    assert worker.post(f"{page}opinion/", {"opinion": "conditions", "words": "社工带队"}).status_code == 302
    for decider in (street, civil):
        assert decider.post(f"{page}decide/", {"admitted": "yes", "reason": "同意"}).status_code == 302
    number = page.split("/")[2]
    public = text(Client().get(f"/admitted/{number}/"))
    assert "社工带队" in public
    assert "区民政局：同意" in public
    assert "高龄老人探访" in text(Client().get("/admitted/"))
    assert cells(Client().get("/admitted/?export=xlsx"))[1][1] == "高龄老人探访"


def test_a_draft_and_a_running_request_are_nobody_elses(enter):
    page = enter("department").post("/errands/new/", form()).url
    for who in ("police", "worker", "street", "supervisor"):
        assert enter(who).get(page).status_code == 404
    assert Client().get(f"/admitted/{page.split('/')[2]}/").status_code == 404
    assert enter("police").post(f"{page}file/").status_code == 404
    assert enter("department").post(f"{page}nonsense/").status_code == 404


def test_one_tap_sends_back_and_a_slip_is_undone(enter):
    police, worker = enter("police"), enter("worker")
    asked = police.post("/errands/ask/", {"place": LIUAN, "kind": "ledger", "words": "报出租房台账", "errand": ""})
    assert asked.status_code == 302
    with reaching_everything():
        asking = Asking.objects.get()
    assert "报出租房台账" in text(worker.get("/gate/"))
    answer = worker.post(f"/gate/refuse/{asking.pk}/", follow=True)
    assert "第三十二条" in text(answer)
    assert "点错了可以撤回" in text(answer)
    again = worker.post(f"/gate/refuse/{asking.pk}/")
    assert (again.status_code, "已经办过了" in text(again)) == (422, True)
    assert "报出租房台账" in text(police.get("/errands/refusals/"))
    assert "社区退回" in text(police.get("/errands/ask/"))
    with reaching_everything():
        refusal = Refusal.objects.get()
    assert worker.post(f"/gate/undo/{refusal.pk}/").status_code == 302
    assert "没有退回过" in text(police.get("/errands/refusals/"))
    assert enter("other_worker").post(f"/gate/refuse/{asking.pk}/").status_code == 404


def test_what_came_by_chat_is_sent_back_and_answered_by_the_street(enter):
    worker, street = enter("worker"), enter("street")
    said = {"department": "ga", "kind": "ledger", "way": "chat", "words": "=群接龙"}
    assert worker.post("/gate/refuse/", said).status_code == 302
    assert worker.post("/gate/refuse/", {**said, "department": ""}).status_code == 422
    assert worker.post("/gate/refuse/", {**said, "department": "cm"}).status_code == 422
    with reaching_everything():
        refusal = Refusal.objects.get()
    assert street.post(f"/errands/refusals/{refusal.pk}/note/", {"words": ""}).status_code == 422
    assert street.post(f"/errands/refusals/{refusal.pk}/note/", {"words": "已告知"}).status_code == 302
    assert "已告知" in text(enter("police").get("/errands/refusals/"))
    assert cells(street.get("/errands/refusals/?export=xlsx"))[1][5] == "=群接龙"
    assert worker.post(f"/errands/refusals/{refusal.pk}/note/", {"words": "x"}).status_code == 403


def an_admitted_meeting(actor: Any = HOUSING, **changed: Any) -> Errand:
    """Admit a meeting in ten days, asked twenty days ago."""
    at = timezone.now() - timedelta(days=20)
    starts = (
        (timezone.now() + timedelta(days=changed.pop("ahead", 10)))
        .astimezone(BEIJING)
        .replace(hour=9, minute=0, second=0, microsecond=0)
    )
    with reaching_everything():
        errand = actions.draft(actor=actor, at=at, **gatehouse.a_meeting(starts_at=starts, **changed))
        actions.file(errand.pk, actor=actor, at=at)
        actions.give_opinion(
            errand.pk, place=LIUAN, opinion=Opinion.AGREE, words="", actor=LIUAN_WORKER, at=at + timedelta(hours=1)
        )
        for decider in (STREET_OFFICE, CIVIL_AFFAIRS):
            actions.decide(errand.pk, admitted=True, reason="同意", actor=decider, at=at + timedelta(hours=2))
        return Errand.objects.get(pk=errand.pk)


def occasion_of(errand: Errand) -> Occasion:
    with reaching_everything():
        return Occasion.objects.get(errand=errand)


def test_the_calendar_shows_meetings_by_month_and_week_and_as_a_workbook(enter):
    errand = an_admitted_meeting()
    worker = enter("worker")
    on = errand.starts_at.astimezone(BEIJING).date()
    for query in (f"?on={on}", f"?view=week&on={on}"):
        assert "养老服务工作会" in text(worker.get(f"/calendar/{query}"))
    assert "养老服务工作会" not in text(worker.get(f"/calendar/?on={on + timedelta(days=60)}"))
    assert cells(worker.get(f"/calendar/?on={on}&export=xlsx"))[1][2] == "养老服务工作会"
    assert "养老服务工作会" not in text(enter("police").get(f"/calendar/?on={on}"))
    assert worker.get("/calendar/?on=nonsense").status_code == 200


def test_minutes_become_matters_and_a_draft_without_retyping(enter):
    occasion = occasion_of(an_admitted_meeting())
    worker, department = enter("worker"), enter("department")
    page = f"/calendar/{occasion.pk}/"
    assert worker.post(f"{page}minutes/", {"record": " "}).status_code == 422
    assert worker.post(f"{page}minutes/", {"record": "一、更换楼道灯\n二、开展走访"}).status_code == 302
    assert worker.post(f"{page}turn/", {"into": "matter", "place": LIUAN}).status_code == 422
    done = worker.post(f"{page}turn/", {"into": "matter", "lines": ["更换楼道灯"], "place": LIUAN}, follow=True)
    with reaching_everything():
        matter = Matter.objects.get()
    assert matter.code in text(done)
    assert matter.words.startswith("更换楼道灯")
    drafted = department.post(f"{page}turn/", {"into": "errand", "lines": ["开展走访"]})
    assert "开展走访" in text(department.get(drafted.url))
    assert worker.post(f"{page}turn/", {"into": "errand", "lines": ["开展走访"]}).status_code == 422
    assert enter("police").get(page).status_code == 404


def test_the_street_merges_what_calls_the_same_people_in_one_week(enter):
    monday = 14 - timezone.now().astimezone(BEIJING).weekday()
    one = occasion_of(an_admitted_meeting(ahead=monday, minutes=60))
    other = occasion_of(an_admitted_meeting(POLICE, ahead=monday + 2, minutes=45, title="平安例会"))
    street = enter("street")
    assert "这些会可以并成一次" in text(street.get("/calendar/"))
    assert street.post("/calendar/merge/", {"meeting": [one.pk, other.pk]}).status_code == 302
    assert "这些会可以并成一次" not in text(street.get("/calendar/"))
    assert "平安例会（45 分钟）" in text(street.get(f"/calendar/{one.pk}/"))
    assert street.post("/calendar/merge/", {"meeting": [one.pk, other.pk]}).status_code == 422
    assert enter("worker").post("/calendar/merge/", {"meeting": [one.pk, other.pk]}).status_code == 403


def feed_address(client: Client, **typed: str) -> str:
    page = text(client.post("/calendar/subscription/", typed))
    return re.search(r'value="http://testserver(/calendar/feed/[^"]+)"', page)[1]


def test_a_calendar_is_subscribed_to_by_a_secret_address_that_can_be_withdrawn(enter):
    errand, worker = an_admitted_meeting(), enter("worker")
    address = feed_address(worker)
    answer = Client().get(address)
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["SUMMARY"]) == "养老服务工作会"
    assert event.decoded("DTSTART") == errand.starts_at
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=90)
    assert str(event["STATUS"]) == "CONFIRMED"
    second = feed_address(worker)
    assert Client().get(address).status_code == 404
    with reaching_everything():
        actions.cancel(occasion_of(errand).pk, actor=HOUSING, at=timezone.now())
    [event] = Calendar.from_ical(Client().get(second).content).walk("VEVENT")
    assert str(event["STATUS"]) == "CANCELLED"
    assert int(event["SEQUENCE"]) == 1
    worker.post("/calendar/subscription/", {"close": "1"})
    assert Client().get(second).status_code == 404
    assert Client().get("/calendar/feed/nonsense.ics").status_code == 404
    assert not Feed.objects.filter(withdrawn_at=None).exists()


def test_another_communitys_feed_holds_nothing_of_ours(enter):
    an_admitted_meeting()
    assert Calendar.from_ical(Client().get(feed_address(enter("other_worker"))).content).walk("VEVENT") == []


CERTIFICATE = {
    "name": "王小明", "document": "990101194603120021", "facts": "居住在北院二号楼。", "addressee": "实验小学", "purpose": "入学",
}  # fmt: skip


def test_a_certificate_is_issued_printed_checked_and_revoked(enter):
    worker = enter("worker")
    page = worker.post("/certificates/new/residence/", CERTIFICATE).url
    printed = text(worker.get(page))
    assert "兹证明王小明（身份证件号码 990101194603120021）" in printed
    with reaching_everything():
        certificate = Certificate.objects.get()
    checked = Client().get(f"/v/{certificate.token}/")
    assert 'data-state="valid"' in text(checked)
    assert "王**" in text(checked)
    assert not any(word in text(checked) for word in ("王小明", "990101194603120021", "北院", "实验小学"))
    assert worker.post(f"{page}revoke/", {"reason": ""}).status_code == 422
    assert worker.post(f"{page}revoke/", {"reason": "写错了"}).status_code == 302
    assert 'data-state="revoked"' in text(Client().get(f"/v/{certificate.token}/"))
    assert cells(worker.get("/certificates/?export=xlsx"))[1][2] == "王**"
    assert enter("other_worker").get(page).status_code == 404
    assert enter("street").get(page).status_code == 403
    assert Entry.objects.filter(verb="read_certificate").count() == 1


def test_a_forged_code_is_told_and_guessing_ends():
    assert Client().get("/v/abcdef/").status_code == 404
    assert "没有这份证明" in text(Client().get("/v/abcdef/"))
    codes = {Client().get(f"/v/{n:024x}/").status_code for n in range(70)}
    assert codes == {404, 429}


def test_what_another_office_issues_is_told_with_the_office(enter):
    worker = enter("worker")
    page = text(worker.get("/certificates/"))
    assert "公安派出所" in page
    assert "无犯罪记录证明" in page
    refused = worker.get("/certificates/new/crime/")
    assert (refused.status_code, "请到公安派出所办理" in text(refused)) == (422, True)
    assert worker.get("/certificates/new/unheard-of/").status_code == 422
    assert "无犯罪记录证明" not in text(worker.get("/certificates/?q=婚姻"))


def test_the_job_ends_hearings_and_lets_errands_leave_and_a_second_run_does_nothing():
    at = timezone.now()
    with reaching_everything():
        silent = gatehouse.filed(at=at - timedelta(days=20), topic_id=None, starts_on=datetime.fromisoformat(day(60)).date(),
                                 ends_on=datetime.fromisoformat(day(90)).date())  # fmt: skip
        over = an_admitted_meeting()
        later = at + timedelta(days=12)
    with reaching_everything():
        assert jobs.close_hearings_and_leave(later) == 2
        assert jobs.close_hearings_and_leave(later) == 0
        assert Errand.objects.get(pk=silent.pk).stage == Stage.HEARD
        assert Errand.objects.get(pk=over.pk).stage == Stage.ENDED
