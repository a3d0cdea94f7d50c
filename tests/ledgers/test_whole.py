"""The register of an area as it was on a day."""

from datetime import timedelta

import pytest

from qianxian.ledgers.queries import frames_of
from qianxian.ledgers.rules.periods import period
from qianxian.register.queries.whole import records_of_area
from tests.register.test_records import LIN, NUMBER, state
from tests.town import LIUAN, MONDAY, ZHONGLOU

pytestmark = pytest.mark.usefixtures("everything")
LATER = MONDAY + timedelta(days=40)


def values(area=LIUAN, at=MONDAY, known=LATER):
    return [one.values for one in records_of_area(area, at, known)]


def test_what_was_changed_since_is_worked_out_as_it_was():
    record = state(said=LIN)
    state(record, said={"person.marital": ("30", "30")}, at=LATER)
    assert [one["person.marital"] for one in values()] == ["20"]
    assert [one["person.marital"] for one in values(at=LATER)] == ["30"]
    assert values()[0]["person.citizen_number"] == NUMBER


def test_who_was_not_yet_known_of_then_is_not_in_the_ledger():
    state(said=LIN, at=LATER)
    assert values() == []
    assert len(values(at=LATER)) == 1


def test_another_community_is_not_read():
    state(said=LIN)
    assert values(ZHONGLOU) == []


def test_an_age_is_that_of_the_last_day_of_the_period():
    state(said=LIN)
    ages = [
        frames_of(LIUAN, period(written), LATER).of("person").column("person.age") for written in ("2026-03", "2026-02")
    ]
    assert ages[0] == ["36"]
    assert ages[1] == []
