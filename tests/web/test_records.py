"""The register on its pages: masked, read for a purpose, written without asking twice, compared, corrected, handed out."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import reaching_everything
from qianxian.journal.queries import entries_of
from qianxian.register.actions import privacy, records
from qianxian.register.models import Handout, Link, Record, Statement
from qianxian.register.queries import records as queries
from tests.register.test_records import LIN, NUMBER, said
from tests.town import DISTRICT, LIUAN, MONDAY, ZHONGLOU, build

PHONE = "19900001234"


@pytest.fixture
def town(db, settings):
    settings.DEMONSTRATION = True
    build()
    with reaching_everything():
        privacy.keep(authority="civil_affairs", unit="zj", area=DISTRICT, actor="test", at=MONDAY)
        privacy.keep(authority="community", unit="cm", area=LIUAN, actor="test", at=MONDAY)
        records.state(
            None, entity="person", place=LIUAN, said=LIN, source="户籍名册", authority="police", actor="test", at=MONDAY
        )


def staff(role, unit, area, name="lin"):
    account = cadres.open_account(
        username=name, password_hash="x", name="林小满", role=role, unit_id=unit, area_id=area, title="社区工作者",
        actor="test", at=MONDAY,
    )  # fmt: skip
    client = Client()
    client.force_login(account)
    session = client.session
    session["began_at"] = session["seen_at"] = timezone.now().isoformat()
    session.save()
    return client


@pytest.fixture
def worker(town):
    return staff("worker", "cm", LIUAN)


def lin():
    with reaching_everything():
        return Record.objects.get(name="林晓禾")


def text(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_a_list_finds_people_and_shows_no_number(worker):
    page = text(worker, "/records/?q=lxh")
    assert "林晓禾" in page
    assert PHONE not in page
    assert "402" not in page
    assert "没有符合条件的档案" in text(worker, "/records/?q=zzz")


@pytest.mark.parametrize(
    "query", ["group=nothing", "from=abc&to=-1", "sort=drop", "place=999", "q=%00", "after=zzz", "sex=7"]
)
def test_an_address_that_asks_for_what_cannot_be_is_answered(worker, query):
    text(worker, f"/records/?{query}")


def test_a_record_is_masked_until_a_purpose_is_said_and_the_reading_is_written_down(worker):
    path = f"/records/{lin().code}/"
    page = text(worker, path)
    assert NUMBER not in page
    assert PHONE not in page
    refused = worker.post(f"{path}read/", {})
    assert (refused.status_code, PHONE in refused.content.decode()) == (422, False)
    shown = worker.post(f"{path}read/", {"kind": "service", "typed": "送药"}).content.decode()
    assert NUMBER in shown
    assert PHONE in shown
    (entry,) = entries_of(f"record:{lin().code}").filter(verb="read_record")
    assert entry.details["purpose"] == "上门服务、联系本人：送药"
    assert NUMBER not in str(entry.details)


def test_another_community_does_not_even_find_the_record(town):
    other = staff("worker", "cm", "990101001002", "other")
    assert "林晓禾" not in text(other, "/records/?q=lxh")
    text(other, f"/records/{lin().code}/", status=404)


def test_a_department_reads_what_it_keeps_and_no_more(town):
    office = staff("department", "zj", DISTRICT, "office")
    page = office.post(f"/records/{lin().code}/read/", {"kind": "benefit"}).content.decode()
    assert "已婚" in page
    assert NUMBER not in page
    assert PHONE not in page


@pytest.mark.parametrize("role", ["supervisor", "steward"])
def test_who_serves_nobody_reads_nothing_in_full(town, role):
    office = staff(role, "centre", DISTRICT, role)
    page = office.post(f"/records/{lin().code}/read/", {"kind": "verify"}).content.decode()
    assert "林晓禾" not in page
    assert NUMBER not in page


def test_what_an_authority_holds_is_shown_and_not_asked(worker):
    page = text(worker, f"/records/{lin().code}/write/person/")
    assert 'name="person.citizen_number"' not in page
    assert 'name="person.phone"' in page
    assert "公安机关" in page


def test_what_an_authority_holds_is_not_taken_from_others_either(worker):
    worker.post(f"/records/{lin().code}/write/person/", {"person.sex": "1", "person.workplace": "纺织厂"})
    with reaching_everything():
        assert lin().disputed == []
        assert queries.opened(lin())["person.sex"][0] == "2"


def test_the_authority_itself_brings_its_element_up_to_date(town):
    office = staff("department", "zj", DISTRICT, "office")
    for value in ("30", "40"):
        office.post(f"/records/{lin().code}/write/person/", {"person.marital": value})
        with reaching_everything():
            assert queries.opened(lin())["person.marital"][::3] == [value, 1]


def test_a_form_shows_what_is_held_masked_and_leaves_alone_what_is_not_typed_anew(worker):
    page = text(worker, f"/records/{lin().code}/write/person/")
    assert PHONE not in page
    assert "现为 199＊＊＊＊1234" in page
    worker.post(f"/records/{lin().code}/write/person/", {"person.phone": "", "person.workplace": "纺织厂"})
    with reaching_everything():
        assert queries.opened(lin())["person.phone"][0] == PHONE
        assert queries.opened(lin())["person.workplace"][0] == "纺织厂"


def test_writing_adds_a_statement_and_a_fault_loses_nothing(worker):
    record = lin()
    wrong = worker.post(
        f"/records/{record.code}/write/person/", {"person.phone": "不记得", "person.workplace": "纺织厂"}
    )
    assert wrong.status_code == 422
    assert "纺织厂" in wrong.content.decode()
    worker.post(f"/records/{record.code}/write/elder/", {"elder.visits": "4"})
    with reaching_everything():
        assert queries.opened(lin())["elder.visits"][:2] == ["4", "unit:cm"]
        assert "elder" in lin().groups
    assert "林晓禾" in text(worker, "/records/?group=elder")


def test_a_new_record_is_entered_after_a_look_at_who_is_there(worker):
    typed = {"place": LIUAN, "person.name": "林晓禾", "person.phone": "199 0000 7777"}
    page = worker.post("/records/new/person/", typed)
    assert "已经有这样的档案" in page.content.decode()
    done = worker.post("/records/new/person/", {**typed, "sure": "1"})
    assert done.status_code == 302
    with reaching_everything():
        assert Record.objects.filter(name="林晓禾").count() == 2
        assert queries.opened(Record.objects.latest("pk"))["person.phone"][0] == "19900007777"


def test_a_place_outside_the_area_cannot_be_chosen(worker):
    typed = {"place": "990101001002", "person.name": "王建国"}
    assert worker.post("/records/new/person/", typed).status_code == 422


def test_a_past_day_is_shown_as_it_was(worker):
    with reaching_everything():
        before = (MONDAY.date()).replace(day=1)
    assert "这一天还没有记录" in text(worker, f"/records/{lin().code}/?at={before}")
    text(worker, f"/records/{lin().code}/?at=2026-99-99")


def test_a_service_is_noted_and_taken_back(worker):
    record = lin()
    worker.post(f"/records/{record.code}/give/", {"kind": "service", "name": "助餐", "on": "2026-03-02"})
    assert "助餐" in text(worker, f"/records/{record.code}/")
    with reaching_everything():
        number = record.receipts.get().pk
    worker.post(f"/records/{record.code}/give/{number}/back/")
    assert "助餐" not in text(worker, f"/records/{record.code}/")


@pytest.fixture
def pair(town):
    with reaching_everything():
        other = records.state(
            None,
            entity="person",
            place=LIUAN,
            said=said(name="林小禾", phone=PHONE),
            source="物业",
            actor="test",
            at=MONDAY,
        )
        return Link.objects.create(left=lin(), right=other, probability=0.8, state="queued", at=MONDAY,
                                   reasons=[{"element": "person_name", "step": "same_sound", "weight": 5.0}])  # fmt: skip


def state_of(link):
    with reaching_everything():
        return Link.objects.get(pk=link.pk).state


def test_a_pair_is_shown_side_by_side_decided_and_taken_back(worker, pair):
    page = text(worker, "/records/pairs/")
    assert "林小禾" in page
    assert "同音" in page
    worker.post(f"/records/pairs/{pair.pk}/", {"do": "same"})
    assert state_of(pair) == "linked"
    page = text(worker, "/records/pairs/")
    assert "没有要看的了" in page
    assert "撤销" in page
    worker.post(f"/records/pairs/{pair.pk}/", {"do": "undo"})
    assert state_of(pair) == "queued"
    worker.post(f"/records/pairs/{pair.pk}/", {"do": "two"})
    worker.post(f"/records/pairs/{pair.pk}/", {"do": "same"})
    assert state_of(pair) == "apart"
    assert worker.post(f"/records/pairs/{pair.pk}/", {"do": "nonsense"}).status_code == 404


def test_a_pair_of_another_area_is_not_to_be_decided(town, pair):
    other = staff("worker", "cm", "990101001002", "other")
    assert other.post(f"/records/pairs/{pair.pk}/", {"do": "same"}).status_code == 404
    assert state_of(pair) == "queued"


def test_the_number_of_a_merged_record_leads_to_the_one_it_became(worker, pair):
    worker.post(f"/records/pairs/{pair.pk}/", {"do": "same"})
    with reaching_everything():
        code = Record.objects.exclude(merged_into=None).get().code
    assert lin().code in text(worker, f"/records/{code}/")


def test_who_read_a_record_that_was_merged_is_seen_on_the_one_it_became(worker, pair):
    with reaching_everything():
        double = Record.objects.get(name="林小禾").code
    worker.post(f"/records/{double}/read/", {"kind": "other", "typed": "送米面油"})
    worker.post(f"/records/pairs/{pair.pk}/", {"do": "same"})
    assert "送米面油" in text(as_resident(), "/mine/record/")


def as_resident(phone=PHONE):
    """Prove a phone as residents do, by the code that the demonstration shows."""
    client = Client()
    page = client.post(reverse("resident_enter"), {"phone": phone}).content.decode()
    code = re.search(r"data-shown-code>(\d{6})<", page)[1]
    assert client.post(reverse("resident_code"), {"code": code}).status_code == 302
    return client


def test_a_resident_sees_the_own_record_who_read_it_and_has_it_corrected(worker):
    record = lin()
    worker.post(f"/records/{record.code}/read/", {"kind": "service"})
    me = as_resident()
    page = text(me, "/mine/record/")
    assert NUMBER in page
    assert "上门服务、联系本人" in page
    path = f"/mine/record/{record.code}/correct/"
    assert me.post(path, {"element": "person.marital", "value": "不知道", "reason": "离了"}).status_code == 422
    assert me.post(path, {"element": "person.marital", "value": "离婚", "reason": "去年离了"}).status_code == 302
    office = staff("department", "zj", DISTRICT, "office")
    waiting = text(office, "/records/corrections/")
    assert "去年离了" in waiting
    number = re.search(r"corrections/(\d+)/", waiting)[1]
    assert office.post(f"/records/corrections/{number}/", {f"c{number}-verdict": "yes"}).status_code == 422
    office.post(f"/records/corrections/{number}/", {f"c{number}-verdict": "yes", f"c{number}-reply": "已核实"})
    page = text(me, "/mine/record/")
    assert "离婚" in page
    assert "已核实" in page
    with reaching_everything():
        assert Statement.objects.filter(record=record, authority="civil_affairs").count() == 1


def test_a_resident_sees_nobody_elses_record(town):
    stranger = as_resident("19900009876")
    assert "没有用这个手机号登记的档案" in text(stranger, "/mine/record/")
    assert stranger.get(f"/mine/record/{lin().code}/correct/").status_code == 404
    assert Client().get("/mine/record/").status_code == 302


def test_an_export_is_allowed_by_another_watermarked_and_remembered_by_everybody_on_it(worker):
    assert worker.post("/records/exports/ask/?group=person", {"purpose": ""}).status_code == 302
    worker.post("/records/exports/ask/?group=person&q=lxh", {"purpose": "慰问高龄老人"})
    with reaching_everything():
        one = Handout.objects.get()
    assert worker.post(f"/records/exports/{one.code}/").status_code == 302
    worker.post(f"/records/exports/{one.code}/decide/", {"do": "allow"})
    with reaching_everything():
        assert Handout.objects.get().allowed is None
    neighbour = staff("worker", "cm", ZHONGLOU, "neighbour")
    assert neighbour.post(f"/records/exports/{one.code}/decide/", {"do": "allow"}).status_code == 404
    secretary = staff("worker", "cm", LIUAN, "secretary")
    secretary.post(f"/records/exports/{one.code}/decide/", {"do": "allow"})
    assert secretary.post(f"/records/exports/{one.code}/").status_code == 302
    file = worker.post(f"/records/exports/{one.code}/")
    book = load_workbook(io.BytesIO(file.content))
    sheet = book.worksheets[0]
    assert one.code in sheet["A1"].value
    assert "慰问高龄老人" in sheet["A1"].value
    assert one.code in sheet.oddHeader.center.text
    assert book.properties.keywords == one.code
    assert [cell.value for cell in sheet[3]][1] == "林晓禾"
    assert worker.post(f"/records/exports/{one.code}/").status_code == 302
    assert entries_of(f"record:{lin().code}").filter(verb="read_record").last().details["handout"] == one.code
