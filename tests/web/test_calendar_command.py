"""A notice of days off moves running deadlines whole or not at all, and no closed one."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from qianxian.journal.models import Entry
from qianxian.matters import actions
from qianxian.matters.models import CalendarDay, Matter
from qianxian.matters.rules.intake import MatterKind
from qianxian.web.commands import calendar
from tests.town import CENTRE, HEATING, HOUSING, NOISE, POLICE, later, receive

pytestmark = pytest.mark.usefixtures("everything")
TWO_DAYS_OFF = ("2026-03-05,休,测试节", "2026-03-06,休,测试节")


@pytest.fixture
def notice(tmp_path):
    def write(*rows, head="日期,类型,名称"):
        path = tmp_path / "notice.csv"
        path.write_text("\n".join((head, *rows)), "utf-8")
        return str(path)

    return write


def run(path, *more):
    return CliRunner().invoke(calendar.app, ["import", path, "--version", "春季", "--json", *more])


def by_working_days(**more):
    """A report runs for fifteen working days, from Monday 2 March to Monday 23 March."""
    return receive(NOISE, kind=MatterKind.REPORT, **more)


def due(matter):
    return Matter.objects.get(pk=matter.pk).due_at


def closed():
    matter = by_working_days()
    actions.plead(matter.pk, purpose="terminate", ground="withdrawn", reason="撤回", actor=POLICE, at=later(1))
    actions.decide_plea(matter.pk, purpose="terminate", granted=True, decision="同意", actor=CENTRE, at=later(2))
    return matter


def test_a_notice_moves_what_runs_by_working_days_and_nothing_that_is_closed_or_runs_by_the_clock(notice):
    running, by_the_clock, ended = [by_working_days() for _ in range(30)], receive(HEATING), closed()
    before = {matter.pk: due(matter) for matter in (*running, by_the_clock, ended)}
    told = run(notice(*TWO_DAYS_OFF))
    assert told.exit_code == 0
    moved = json.loads(told.stdout)["moved"]
    assert {line["code"] for line in moved} == {matter.code for matter in running}
    assert {line["before"] for line in moved} == {"2026-03-23 17:30"}
    assert {line["after"] for line in moved} == {"2026-03-25 17:30"}
    assert {due(matter) - before[matter.pk] for matter in running} == {timedelta(days=2)}
    assert (due(by_the_clock), due(ended)) == (before[by_the_clock.pk], before[ended.pk])


def test_each_deadline_that_moves_has_its_entry_in_the_journal(notice):
    matter = by_working_days()
    run(notice(*TWO_DAYS_OFF))
    [entry] = Entry.objects.filter(subject=f"matter:{matter.pk}", verb="move_deadline")
    assert (entry.article, entry.details["due_at"]) == ("春季", "2026-03-25T17:30:00+08:00")


def test_a_paused_matter_moves_only_by_the_days_that_count_for_it(notice):
    matter = by_working_days()
    actions.pause(matter.pk, cause="material", note_="等材料", actor=POLICE, at=later(1))
    actions.resume(matter.pk, actor=POLICE, at=later(24 * 4 + 1))
    before = due(matter)
    run(notice(*TWO_DAYS_OFF))
    assert due(matter) - before == timedelta(days=1)


def test_a_trial_run_shows_what_moves_and_moves_nothing(notice):
    matter = by_working_days()
    before = due(matter)
    told = json.loads(run(notice(*TWO_DAYS_OFF), "--dry-run").stdout)
    assert [line["code"] for line in told["moved"]] == [matter.code]
    assert (due(matter), CalendarDay.objects.count()) == (before, 0)


FAULTY = [
    ("2026-13-01,休,测试节", "bad_date"),
    ("2026-03-05,忙,测试节", "bad_kind"),
    ("2026-03-05,休,", "no_name"),
    ("2026-03-04,班,测试节", "pointless"),
]


@pytest.mark.parametrize(("row", "fault"), FAULTY)
def test_a_faulty_notice_is_refused_whole_with_row_and_reason(notice, row, fault):
    by_working_days()
    told = run(notice(*TWO_DAYS_OFF, row.replace("2026-03-05", "2026-03-09")))
    assert told.exit_code == 1
    assert [(line["row"], line["fault"]) for line in json.loads(told.stdout)["faults"]] == [(3, fault)]
    assert not CalendarDay.objects.exists()


def test_a_notice_is_taken_in_once(notice):
    assert run(notice(*TWO_DAYS_OFF)).exit_code == 0
    assert run(notice("2026-04-01,休,测试节")).exit_code == 2
    assert CalendarDay.objects.count() == 2


def test_a_file_that_is_no_table_is_one_sentence(tmp_path):
    path = tmp_path / "notice.csv"
    path.write_bytes(b"\x00\x01\x02" * 100)
    told = run(str(path))
    assert told.exit_code == 2
    assert "Traceback" not in told.output


def test_the_days_of_a_year_are_shown_with_what_is_not_yet_decreed():
    told = CliRunner().invoke(calendar.app, ["show", "2026", "--json"])
    days = {line["date"]: line["kind"] for line in json.loads(told.stdout)["days"]}
    assert days["2026-02-14"] == "work"
    assert days["2026-10-01"] == "off"
    assert json.loads(CliRunner().invoke(calendar.app, ["show", "2027", "--json"]).stdout)["known"] is False


def test_housing_answers_for_heating_by_the_clock():
    assert Matter.objects.get(pk=receive(HEATING).pk).owner_id == HOUSING.unit
