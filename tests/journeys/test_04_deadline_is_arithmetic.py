"""Promise 4, 时限可算: a deadline is arithmetic, from dispatch on, printed line by line."""

from datetime import date, datetime

import pytest

from qianxian.kernel.worktime import BEIJING, Kind
from qianxian.matters import actions, queries
from qianxian.matters.models import CalendarDay, Matter
from qianxian.matters.rules.explanation import explain
from qianxian.matters.rules.intake import MatterKind
from qianxian.matters.rules.life import OutOfOrder, Result
from tests.town import CENTRE, DISTRICT, HOUSING, MONDAY, NOISE, POLICE, later, receive

pytestmark = pytest.mark.usefixtures("everything")


def due_of(matter: Matter) -> datetime:
    return Matter.objects.get(pk=matter.pk).due_at


def test_the_clock_starts_at_dispatch_whether_or_not_anybody_signs():
    unsigned, signed = receive(NOISE), receive(NOISE)
    actions.sign(signed.pk, actor=POLICE, at=later(30))
    assert due_of(signed) == due_of(unsigned) == datetime(2026, 3, 10, tzinfo=BEIJING)


def test_the_clock_never_starts_again_not_by_objection_nor_by_ruling():
    matter = receive(NOISE)
    due = due_of(matter)
    actions.object_to(matter.pk, names="zj", article="A2", reason="在小区里", actor=POLICE, at=later(3))
    assert due_of(matter) == due
    actions.adjudicate(matter.pk, to="zj", article="A2", reason="小区内归住建", actor=CENTRE, at=later(20))
    assert due_of(matter) == due
    assert Matter.objects.get(pk=matter.pk).dispatched_at == MONDAY


def test_it_stands_still_only_for_a_recorded_cause_and_moves_by_that_much():
    matter = receive(NOISE)
    due = due_of(matter)
    actions.pause(matter.pk, cause="material", note_="等补充材料", actor=POLICE, at=later(24))
    actions.resume(matter.pk, actor=POLICE, at=later(72))
    assert due_of(matter) > due
    assert due_of(matter) == queries.reckon(Matter.objects.get(pk=matter.pk), at=later(73)).due


def test_a_newly_decreed_holiday_moves_a_running_deadline_and_no_closed_one():
    running, closed = receive(NOISE, kind=MatterKind.CONSULT), receive(NOISE, kind=MatterKind.CONSULT)
    before = due_of(running)
    actions.resolve(closed.pk, result=Result.EXPLAINED, reply="已答复", evidence="", actor=POLICE, at=later(1))
    CalendarDay.objects.create(
        version="临时放假", date=before.astimezone(BEIJING).date(), kind=Kind.OFF.value,
        name="临时放假", source="测试通知",
    )  # fmt: skip
    actions.move_deadline(running.pk, actor=CENTRE, at=later(2))
    assert due_of(running) > before
    assert due_of(closed) == before
    with pytest.raises(OutOfOrder):
        actions.move_deadline(closed.pk, actor=CENTRE, at=later(2))


def test_the_arithmetic_is_printed_line_by_line_and_can_be_checked_by_a_wall_calendar():
    matter = receive(NOISE)
    lines = explain(queries.reckon(matter, at=later(1)))
    assert lines[0] == "2026-03-02 周一 09:00 交办，时限7日，交办当日不计"
    assert [line for line in lines if "第" in line] == [
        f"{date(2026, 3, 2 + n)} 周{'一二三四五六日'[(date(2026, 3, 2 + n)).weekday()]} 第{n}日" for n in range(1, 8)
    ]
    assert "2026-03-09 周一 24:00 到期" in lines


def test_an_extension_is_asked_before_expiry_granted_once_and_told():
    matter = receive(NOISE)
    actions.ask_extension(matter.pk, amount=2, reason="配件未到", actor=POLICE, at=later(20))
    actions.decide_extension(matter.pk, granted=True, told="配件后天到，会多用两天。", actor=CENTRE, at=later(21))
    assert due_of(matter) == datetime(2026, 3, 12, tzinfo=BEIJING)
    with pytest.raises(actions.work.AlreadyDone):
        actions.ask_extension(matter.pk, amount=1, reason="还要几天", actor=POLICE, at=later(22))
    other = receive(NOISE)
    with pytest.raises(actions.work.TooLate):
        actions.ask_extension(other.pk, amount=1, reason="还要几天", actor=POLICE, at=due_of(other))


def test_replaying_the_arithmetic_gives_the_deadline_that_is_stored():
    for topic, owner in ((NOISE, POLICE), ("050501", HOUSING)):
        matter = receive(topic)
        actions.sign(matter.pk, actor=owner, at=later(1))
        assert queries.reckon(matter, at=later(2)).due == due_of(matter)
    assert Matter.objects.filter(place__code__startswith=DISTRICT).count() == 2
