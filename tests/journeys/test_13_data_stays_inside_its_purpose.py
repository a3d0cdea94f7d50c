"""数据有界: personal data stays inside its purpose; every reading is written down, and the person sees it."""

from qianxian.cadres.queries import reach, reaching_everything
from qianxian.journal.queries import entries_of
from qianxian.register.models import Record
from tests.register.test_records import NUMBER
from tests.town import DISTRICT, LIUAN
from tests.web.test_records import PHONE, as_resident, lin, staff, town

__all__ = ["town"]


def test_from_the_worker_who_visits_to_the_resident_who_sees_it(town, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    worker, record = staff("worker", "cm", LIUAN), lin()
    path = f"/records/{record.code}/"
    assert PHONE not in worker.get("/records/?q=lxh").content.decode()
    assert NUMBER not in worker.get(path).content.decode()
    assert worker.post(f"{path}read/", {}).status_code == 422
    assert NUMBER in worker.post(f"{path}read/", {"kind": "service", "typed": "送药上门"}).content.decode()
    assert NUMBER not in worker.get(path).content.decode()
    mine = as_resident().get("/mine/record/").content.decode()
    assert "送药上门" in mine
    assert "社区工作者" in mine
    (entry,) = entries_of(f"record:{record.code}").filter(verb="read_record")
    assert entry.details["purpose"].endswith("送药上门")


def test_beyond_the_area_there_is_nothing_to_find_in_the_database_itself(town):
    reach(area="990101001002")
    assert not Record.objects.exists()
    reach(area=DISTRICT)
    assert Record.objects.count() == 1


def test_no_number_of_a_citizen_stands_in_any_column_that_is_not_sealed(town):
    with reaching_everything():
        record = lin()
        told = [record, *record.statements.all(), *record.origins.all(), *record.finds.all()]
        plain = [{key: value for key, value in vars(one).items() if key != "sealed"} for one in told]
        assert NUMBER not in str(plain)
        assert PHONE not in str(plain)
