"""Ledgers on their pages: derived, masked, traced to records, signed, frozen, pulled, read from a blank."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from openpyxl import Workbook, load_workbook

from qianxian.cadres.queries import reach, reaching_everything
from qianxian.journal.models import Entry
from qianxian.ledgers import actions
from qianxian.ledgers.models import Frozen, LedgerEdition, SignedCell
from qianxian.ledgers.rules import writing
from qianxian.register import actions as bodies
from qianxian.register.models import Record
from tests.ledgers.test_derivation import COUNTED, LEDGER
from tests.register.test_records import LIN, NUMBER
from tests.town import DISTRICT, LIUAN, MONDAY, STREET, ZHONGLOU
from tests.web.test_records import staff, text, town  # noqa: F401

EVERYBODY = LEDGER.replace("- age: '>= 60'", "- age: '>= 18'").replace(
    "- 楼栋: building.name", "- 公民身份号码: person.citizen_number"
)
PAGE = f"/ledgers/elders/?place={LIUAN}&period=2026-03"


@pytest.fixture
def kept(town):  # noqa: F811
    with reaching_everything():
        actions.keep(writing.read(EVERYBODY), actor="test", at=MONDAY)
        actions.keep(writing.read(COUNTED), actor="test", at=MONDAY)


@pytest.fixture
def worker(kept):
    return staff("worker", "cm", LIUAN)


def test_a_list_finds_ledgers_and_is_saved_as_a_spreadsheet(worker):
    assert "老年人台账" in text(worker, "/ledgers/?q=老年人")
    assert "没有这样的台账" in text(worker, "/ledgers/?q=zzz")
    rows = list(load_workbook(io.BytesIO(worker.get("/ledgers/?export=xlsx").content)).active.values)
    assert {row[0] for row in rows[1:]} == {"elders", "by-sex"}


def test_numbers_show_only_after_a_purpose_and_the_reading_is_journaled(worker):
    assert NUMBER not in text(worker, PAGE)
    assert worker.post(PAGE, {"purpose": ""}).status_code == 422
    page = worker.post(PAGE, {"purpose": "发放高龄津贴"}).content.decode()
    assert NUMBER in page
    with reaching_everything():
        code = Record.objects.get(name="林晓禾").code
        entries = Entry.objects.filter(subject=f"record:{code}", verb="read_record")
        assert [one.details["purpose"] for one in entries] == ["发放高龄津贴"]


def test_a_cell_leads_to_the_record_behind_it(worker):
    page = text(worker, PAGE)
    href = re.search(r'href="(\?[^"]*row=0&amp;column=1#behind)"', page)[1].replace("&amp;", "&")
    behind = text(worker, f"/ledgers/elders/{href}")
    with reaching_everything():
        assert f"/records/{Record.objects.get(name='林晓禾').code}/" in behind
    assert "来自 1 份档案" in behind


def test_another_community_has_no_rows_for_this_worker(worker):
    with reaching_everything():
        Record.objects.update(place_id=ZHONGLOU)
    assert "这一期没有符合条件的档案" in text(worker, PAGE)
    assert "林晓禾" not in text(worker, PAGE.replace(LIUAN, ZHONGLOU))


def test_a_cell_by_hand_is_signed_and_replaced_never_changed(worker):
    page = text(worker, PAGE)
    row = re.search(r'name="row" value="([^"]+)"', page)[1]
    for value in ("身体好", "摔过一次"):
        worker.post(
            f"/ledgers/elders/sign/?place={LIUAN}&period=2026-03", {"row": row, "column": "走访情况", "value": value}
        )
    assert "摔过一次" in text(worker, PAGE)
    with reaching_everything():
        assert SignedCell.objects.count() == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            SignedCell.objects.update(name="别人")


def frozen_of(worker):
    worker.post(f"/ledgers/elders/freeze/?place={LIUAN}&period=2026-03", {"purpose": "民政局月报"})
    with reaching_everything():
        return Frozen.objects.get()


def test_a_frozen_version_stays_byte_for_byte_while_the_register_moves_on(worker):
    frozen = frozen_of(worker)
    first = worker.get(f"/ledgers/frozen/{frozen.code}/").content
    with reaching_everything():
        Record.objects.update(values={})
        entry = Entry.objects.get(verb="freeze_ledger")
        with pytest.raises(DatabaseError), transaction.atomic():
            Frozen.objects.update(rows=0)
    assert worker.get(f"/ledgers/frozen/{frozen.code}/").content == first
    assert entry.details["sha256"] == frozen.sha256
    assert NUMBER in str(list(load_workbook(io.BytesIO(first)).active.values))


def test_whoever_asked_pulls_a_version_by_its_link_and_nobody_else(worker):
    frozen = frozen_of(worker)
    link = re.search(r"/ledgers/pull/\w+/", text(worker, PAGE))[0]
    with reaching_everything():
        bodies.enter_organisation(
            code="mz", name="区民政局", short="民政局", kind="department", place_id=DISTRICT, actor="test", at=MONDAY
        )
    asking, other = staff("department", "mz", DISTRICT, "mz"), staff("department", "jt", DISTRICT, "jt")
    answer = asking.get(link)
    assert (answer.status_code, answer.headers["X-Content-SHA256"]) == (200, frozen.sha256)
    assert (other.get(link).status_code, worker.get(link).status_code) == (403, 200)
    assert Client().get(link).status_code == 302
    assert asking.get("/ledgers/pull/0000/").status_code == 404
    with reaching_everything():
        assert list(Entry.objects.filter(verb="pull_ledger").values_list("unit", flat=True)) == ["mz", "cm"]


def test_the_wall_keeps_frozen_versions_of_other_areas(worker):
    frozen_of(worker)
    reach(area=ZHONGLOU)
    assert Frozen.objects.count() == 0
    reach(area=STREET)
    assert Frozen.objects.count() == 1


def test_freezing_needs_a_purpose(worker):
    worker.post(f"/ledgers/elders/freeze/?place={LIUAN}", {"purpose": " "})
    with reaching_everything():
        assert Frozen.objects.count() == 0


def test_a_definition_goes_out_as_yaml_and_comes_back_as_a_new_edition_from_those_above_it(worker):
    written = worker.get("/ledgers/elders/definition/?as=yaml").content.decode()
    refused = worker.post("/ledgers/elders/definition/", {"written": written.replace("走访情况", "走访结果")})
    assert (refused.status_code, "走访结果" in refused.content.decode()) == (422, True)
    steward = staff("steward", "gov", DISTRICT, "steward")
    steward.post("/ledgers/elders/definition/", {"written": written})
    assert LedgerEdition.objects.filter(ledger__code="elders").count() == 1
    steward.post("/ledgers/elders/definition/", {"written": written.replace("走访情况", "走访结果")})
    assert "走访结果" in text(worker, PAGE)
    answer = steward.post("/ledgers/elders/definition/", {"written": written.replace("person.name", "person.nickname")})
    assert answer.status_code == 422
    assert "已不在数据标准里" in answer.content.decode()


def test_a_definition_whose_element_is_gone_says_so_and_shows_the_last_that_works(worker):
    first = LedgerEdition.objects.get(ledger__code="elders")
    LedgerEdition.objects.create(
        ledger=first.ledger,
        number=2,
        written=first.written.replace("person.sex", "person.gone"),
        actor="test",
        at=MONDAY,
    )
    page = text(worker, PAGE)
    assert "person.gone" in page
    assert "第 1 版" in page
    assert "林晓禾" in page


def test_a_check_between_ledgers_that_breaks_is_shown(worker):
    with reaching_everything():
        broken = COUNTED.replace("code: by-sex", "code: all-sexes") + "checks:\n- {column: 人数, equals: by-sex/老人}\n"
        actions.keep(writing.read(broken), actor="test", at=MONDAY)
    assert "不一致" in text(worker, f"/ledgers/all-sexes/?place={LIUAN}&period=2026-03")


def test_a_ledger_is_built_by_ticking_columns_with_live_rows(worker):
    given = {
        "of": "person", "title": "走访名单", "code": "visits", "line": "社区治理", "asked_by": "区民政局", "article": "居委会组织法",
        "every": "month", "where": "person.age>=18", "by_hand": "走访情况、下次时间", "column": ["person.sex", "number", "person.name"],
        "order:number": "1", "order:person.name": "2", "order:person.sex": "3",
    }  # fmt: skip
    preview = worker.post("/ledgers/new/", given | {"look": "1"}).content.decode()
    assert "林＊＊" in preview
    worker.post("/ledgers/new/", given | {"keep": "1"})
    one = writing.read(LedgerEdition.objects.get(ledger__code="visits").written)
    assert [column.name for column in one.columns] == ["序号", "姓名", "性别", "走访情况", "下次时间"]
    assert worker.post("/ledgers/new/", given | {"keep": "1"}).status_code == 422


def a_blank(rows):
    book, held = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(held)
    return SimpleUploadedFile("居民名单.xlsx", held.getvalue())


def test_a_blank_is_read_and_handed_back_filled_for_a_purpose(worker):
    rows = (["居民名单"], ["姓名", "身份证号", "爱好"], [None, None, None])
    page = worker.post("/ledgers/blank/", {"file": a_blank(rows), "look": "1"}).content.decode()
    assert "person.citizen_number" in page
    assert "没有单位登记" in page
    assert worker.post("/ledgers/blank/", {"file": a_blank(rows), "fill": "1"}).status_code == 422
    answer = worker.post(f"/ledgers/blank/?place={LIUAN}", {"file": a_blank(rows), "fill": "1", "purpose": "街道摸底"})
    assert [row[:2] for row in load_workbook(io.BytesIO(answer.content)).active.values][2] == ("林晓禾", NUMBER)


def test_a_file_that_is_no_blank_is_refused_in_one_sentence(worker):
    answer = worker.post("/ledgers/blank/", {"file": SimpleUploadedFile("a.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 99)})
    assert answer.status_code == 422
    assert "另存为 .xlsx" in answer.content.decode()


def test_the_matrix_shows_what_is_asked_twice_and_what_lies_in_another(kept):
    with reaching_everything():
        inner = (
            EVERYBODY.replace("code: elders", "code: older")
            .replace(">= 18", ">= 80")
            .replace("- 走访情况: manual\n", "")
        )
        actions.keep(writing.read(inner.replace("title: 老年人台账", "title: 高龄台账")), actor="test", at=MONDAY)
    street = staff("street", "st", STREET)
    page = text(street, "/ledgers/matrix/")
    assert "《老年人台账》里全有" in page
    assert "不止一张表在要的信息" in page


def test_the_street_stops_a_ledger_for_a_reason_and_nobody_fills_it_any_more(worker):
    street = staff("street", "st", STREET, name="jie")
    street.post("/ledgers/elders/stop/", {"why": ""})
    assert "已停用" not in text(worker, PAGE)
    street.post("/ledgers/elders/stop/", {"why": "并入居民花名册"})
    assert "并入居民花名册" in text(worker, PAGE)
    worker.post(f"/ledgers/elders/freeze/?place={LIUAN}", {"purpose": "月报"})
    with reaching_everything():
        assert Frozen.objects.count() == 0


def test_a_department_reads_the_district_and_only_what_it_keeps(kept):
    clerk = staff("department", "zj", DISTRICT)
    page = clerk.post(f"/ledgers/elders/?place={LIUAN}&period=2026-03", {"purpose": "核对低保"}).content.decode()
    assert NUMBER not in page
    assert clerk.post("/ledgers/elders/freeze/", {"purpose": "核对"}).status_code == 403
    assert LIN["person.name"][0] in page
