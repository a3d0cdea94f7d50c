"""What the register does by itself at night."""

import pytest

from qianxian.register.models import Link, Record
from qianxian.web.records.jobs import by_night, find_duplicates
from tests.register.test_records import LIN, said, state

pytestmark = pytest.mark.usefixtures("everything")


def test_at_night_duplicates_are_queued_with_their_reasons_and_who_left_long_ago_is_forgotten():
    for number in range(14):
        state(
            said=said(
                name=f"周福{'甲乙丙丁戊己庚辛壬癸子丑寅卯'[number]}",
                birth_date=f"1960-0{number % 9 + 1}-11",
                phone=f"1990000{number:04d}",
            )
        )
    one, other = state(said=LIN), state(said={**LIN, **said(name="林小禾")}, source="物业")
    state(said={**said(name="迁走的人"), "resident.moved_out": ("2010-01-01", "2010-01-01")})
    by_night(0)
    assert {(link.left_id, link.right_id) for link in Link.objects.all()} >= {(one.pk, other.pk)}
    assert not Record.objects.filter(name="迁走的人").exists()


def test_an_empty_register_is_compared_without_a_word():
    find_duplicates(entities=["person"])
    assert not Link.objects.exists()
