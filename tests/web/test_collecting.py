"""Forms on their pages: brought, refused with the list, published, filled with what is held shown, read and settled."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from qianxian.cadres.queries import reaching_everything
from qianxian.collection.forms.models import Filled, Form
from qianxian.journal.queries import entries_of
from qianxian.register.actions import records
from qianxian.register.queries import records as registered
from tests.collection.forms.workbooks import ASKS_TOO_MUCH, PERSON, VISIT, workbook
from tests.town import LIUAN, STREET, ZHONGLOU
from tests.web.test_records import lin, staff, text, town

__all__ = ["town"]


@pytest.fixture
def street(town):
    return staff("street", "st", STREET, "street")


@pytest.fixture
def worker(town):
    return staff("worker", "cm", LIUAN)


def bring(client, content, name="form.md"):
    return client.post("/forms/bring/", {"file": SimpleUploadedFile(name, content)})


def publish(client, content, **more):
    brought = bring(client, content)
    assert brought.status_code == 302, brought.content.decode()
    return client.post(brought.url, {"roles": ["worker", "street"], **more})


def test_a_workbook_that_makes_no_form_is_refused_with_reason_and_place(street):
    refused = bring(
        street,
        workbook(
            "text | a | 甲 | | | | | | | | | |", "calculate | b | | | | | pulldata('x', 'y', 'z', 'w') | | | | | |"
        ),
    )
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "“survey”表第 3 行“calculation”列：表达式用了网页填报不支持的函数（pulldata）。" in page


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xff\xfe\x00", b"a,b\n1,2\n"])
@pytest.mark.parametrize("name", ["x.xlsx", "x.xls", "x.csv", "x.exe"])
def test_broken_files_get_a_sentence(street, content, name):
    refused = bring(street, content, name)
    assert refused.status_code == 422
    assert "data-errors" in refused.content.decode() or 'role="alert"' in refused.content.decode()


def test_a_form_that_asks_what_is_held_is_refused_with_the_list_until_it_shows_it(street):
    brought = bring(street, ASKS_TOO_MUCH)
    refused = street.post(brought.url, {"roles": ["worker"]})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "这张表问了主管部门已经掌握的信息，不能发布。" in page
    assert "公民身份号码" in page
    assert "公安机关" in page
    with reaching_everything():
        assert not Form.objects.exists()
    done = street.post(brought.url, {"roles": ["worker"], "show": ["/data/name", "/data/number"]})
    assert done.url == "/forms/too_much/"


def test_questions_named_like_elements_are_bound_once_their_publisher_confirms(street):
    brought = bring(street, workbook("text | a | 联系电话 | | | | | | | | | |", form="named"))
    assert "“联系电话”就是" in street.get(brought.url).content.decode()
    street.post(brought.url, {"roles": ["worker"], "bind": ["/data/a"]})
    assert "联系电话 →" in text(street, "/forms/named/")


def test_what_is_held_is_shown_and_not_asked_and_the_reading_is_journaled(street, worker):
    publish(street, ASKS_TOO_MUCH, show=["/data/name", "/data/number"])
    path = f"/forms/too_much/fill/?record={lin().code}"
    page = text(worker, path)
    assert 'name="/data/name"' not in page
    assert 'name="/data/number"' not in page
    assert "990101199003071" not in page
    assert "公安机关掌握，不用填" in page
    with reaching_everything():
        (entry,) = entries_of(f"record:{lin().code}").filter(verb="read_record")
    assert entry.details["purpose"] == "填报《重复采集的表》"
    saved = worker.post(path, {"/data/note": "来过", "seen": "", "instance": ""})
    assert saved.url == "/forms/too_much/"


def test_what_is_filled_goes_to_the_register(street, worker):
    publish(street, PERSON)
    path = f"/forms/person/fill/?record={lin().code}"
    wrong = worker.post(path, {"/data/phone": "打不通", "/data/marital": "已婚"})
    assert wrong.status_code == 422
    assert "已婚" in wrong.content.decode()
    assert worker.post(path, {"/data/phone": "19900004321"}).status_code == 302
    with reaching_everything():
        assert registered.opened(lin())["person.phone"][0] == "19900004321"
    page = text(worker, "/forms/person/answers/")
    assert "19900004321" not in page
    assert "199＊＊＊＊4321" in page


def test_one_form_posted_twice_is_one(street, worker):
    publish(street, VISIT)
    posted = {"/data/need": "灯坏了", "instance": "6e2a9a3e-4b46-4f31-9c0c-0d9a2f1c2b11"}
    for _ in range(2):
        assert worker.post("/forms/visit/fill/", posted).status_code == 302
    with reaching_everything():
        assert Filled.objects.count() == 1


def test_rounds_choices_and_conditions_are_taken_and_checked(street, worker):
    publish(street, VISIT)
    bad = worker.post(
        "/forms/visit/fill/", {"/data/need": "", "/data/people": "99", "/data/street": "b1", "/data/town": "a"}
    )
    page = bad.content.decode()
    assert bad.status_code == 422
    assert "人数要在 1 到 29 之间" in page
    assert "请从列出的选项里选。" in page
    good = {
        "/data/need": "灯坏了",
        "/data/people": "2",
        "/data/alone": "yes",
        "/data/member[1]/years": "70",
        "/data/member[2]/years": "8",
    }
    assert worker.post("/forms/visit/fill/", good).status_code == 302
    sheet = load_workbook(io.BytesIO(worker.get("/forms/visit/answers/?export=xlsx").content)).active
    assert [cell.value for cell in sheet[2]][3:] == ["灯坏了", "2", None, None, None, None, "70；8"]


def test_a_closed_form_takes_nothing_more(street, worker):
    publish(street, VISIT)
    street.post("/forms/visit/turn/")
    assert worker.get("/forms/visit/fill/").status_code == 403
    assert worker.post("/forms/visit/fill/", {"/data/need": "灯"}).status_code == 409
    street.post("/forms/visit/turn/")
    assert worker.get("/forms/visit/fill/").status_code == 200


def test_who_may_not_publish_or_read_is_kept_out(street, worker):
    publish(street, VISIT)
    assert worker.get("/forms/bring/").status_code == 403
    office = staff("department", "zj", LIUAN, "office")
    assert office.get("/forms/visit/answers/").status_code == 404
    assert office.get("/forms/visit/fill/").status_code == 403
    elsewhere = staff("worker", "cm", ZHONGLOU, "elsewhere")
    worker.post("/forms/visit/fill/", {"/data/need": "柳岸的灯"})
    assert "柳岸的灯" not in text(elsewhere, "/forms/visit/answers/")


def test_whoever_has_no_area_is_told_so(town):
    office = staff("department", "zj", None, "office")
    refused = bring(office, VISIT)
    assert "您的账号没有辖区" in refused.content.decode()
    assert refused.status_code == 422


def test_a_number_that_a_unit_elsewhere_uses_is_refused_with_a_sentence(street):
    publish(street, VISIT)
    elsewhere = staff("street", "cm", ZHONGLOU, "elsewhere")
    refused = publish(elsewhere, VISIT)
    assert refused.status_code == 422
    assert "已有别的单位用了这个表单编号" in refused.content.decode()


def test_empty_lists_say_what_to_do(street):
    assert "还没有采集表" in text(street, "/forms/")
    publish(street, VISIT)
    assert "还没有收到填报" in text(street, "/forms/visit/answers/")
    assert "入户走访" in text(street, "/forms/?q=走访&state=open")


def drawing(*questions, deed, title="楼道安全"):
    posted = {"title": title, "code": "stairs", "count": str(len(questions)), "deed": deed}
    for at, question in enumerate(questions):
        posted |= {f"{name}-{at}": value for name, value in question.items()}
    return posted


def test_a_form_is_drawn_by_hand_moved_about_and_leaves_as_a_workbook(street, worker):
    page = street.post(
        "/forms/design/", {"count": "0", "deed": "element", "element": "person.marital"}
    ).content.decode()
    assert "婚姻状况" in page
    assert "丧偶" in page
    first = {"kind": "select_one", "label": "灯亮不亮", "choices": "亮\n不亮", "required": "1"}
    second = {"kind": "text", "label": "哪一层", "when": "1", "compared": "=", "to": "不亮"}
    moved = street.post("/forms/design/", drawing(first, second, deed="down:0")).content.decode()
    assert moved.index("哪一层") < moved.index("灯亮不亮")
    taken = street.post("/forms/design/", drawing(first, second, deed="download"))
    book = load_workbook(io.BytesIO(taken.content))
    assert book.sheetnames == ["survey", "choices", "settings"]
    checked = street.post("/forms/design/", drawing(first, second, deed="save"))
    assert street.post(checked.url, {"roles": ["worker"]}).url == "/forms/stairs/"
    assert worker.post("/forms/stairs/fill/", {"/data/q1": "c1", "/data/q2": "三层"}).status_code == 302
    assert worker.post("/forms/stairs/fill/", {"/data/q1": "c2", "/data/q2": "四层"}).status_code == 302
    answers = text(worker, "/forms/stairs/answers/")
    assert "四层" in answers
    assert "三层" not in answers


def test_what_a_drawing_lacks_is_said_at_its_question(street):
    bad = street.post("/forms/design/", drawing({"kind": "select_one", "label": ""}, deed="save", title=""))
    page = bad.content.decode()
    assert bad.status_code == 422
    assert "请写表单名称。" in page
    assert "请至少写两个选项，每行一个。" in page
    assert street.get("/forms/design/").status_code == 200


def test_what_somebody_else_changed_meanwhile_is_shown_beside_what_was_filled_and_settled_by_a_person(street, worker):
    publish(street, PERSON)
    path = f"/forms/person/fill/?record={lin().code}"
    seen = re.search(r'name="seen" value="([^"]+)"', text(worker, path))[1]
    with reaching_everything():
        records.state(
            lin(), entity="person", place=LIUAN, said={"person.phone": ("19900008888", "19900008888")}, source="unit:st",
            actor="other", at=timezone.now(),
        )  # fmt: skip
    answer = worker.post(path, {"/data/phone": "19900001111", "seen": seen}).url
    page = text(worker, answer)
    assert "199＊＊＊＊1111" in page
    assert "199＊＊＊＊8888" in page
    assert "1 份待核对" in text(worker, "/forms/")
    with reaching_everything():
        assert registered.opened(lin())["person.phone"][0] == "19900008888"
    worker.post(f"{answer}settle/", {"take": "yes"})
    with reaching_everything():
        assert registered.opened(lin())["person.phone"][0] == "19900001111"
    assert "已经核对" in text(worker, answer)
