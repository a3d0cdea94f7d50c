"""The ladder is climbed by jobs: whoever is killed in the middle, every step is taken, and none twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from qianxian.journal.models import Entry
from qianxian.matters import actions
from qianxian.matters.models import Alarm, Matter
from qianxian.matters.rules.life import Stage
from qianxian.web import jobs
from qianxian.web.imports import store
from qianxian.web.models import Allowance, FailedSignIn, OneTimeCode, SignIn
from tests.town import CENTRE, NOISE, POLICE, address_of, later, receive

SWEEP = """
import django; django.setup()
from datetime import datetime
from qianxian.cadres.queries import reaching_everything
from qianxian.web.jobs import take_due_steps
with reaching_everything():
    take_due_steps(datetime.fromisoformat({at!r}))
"""


def sweeping(database, at):
    environment = {**os.environ, "DATABASE_URL": address_of(database)}
    return subprocess.Popen([sys.executable, "-c", SWEEP.format(at=at.isoformat())], env=environment)


def test_a_sweep_killed_in_the_middle_leaves_nothing_half_done_and_the_next_one_takes_the_rest(committed):
    matters = {receive(NOISE).pk for _ in range(120)}
    at = max(Matter.objects.filter(pk__in=matters).values_list("due_at", flat=True)) + timedelta(days=30)
    steps = Alarm.objects.filter(matter_id__in=matters)
    first = sweeping(committed, at)
    while steps.count() < 10:
        assert first.poll() is None
    first.kill()
    first.wait()
    assert 0 < steps.count() < 5 * len(matters)
    assert sweeping(committed, at).wait(timeout=300) == 0
    taken = Counter(steps.values_list("matter_id", flat=True))
    assert set(taken.values()) == {5}
    told = Entry.objects.filter(verb="alarm", subject__in=[f"matter:{number}" for number in matters])
    assert told.count() == 5 * len(matters)
    assert Matter.objects.filter(pk__in=matters, supervised=True).count() == len(matters)
    assert not Matter.objects.filter(pk__in=matters, next_alarm_at__isnull=False).exists()


@pytest.mark.usefixtures("everything")
def test_a_step_whose_moment_was_moved_is_not_taken_early():
    matter = receive(NOISE)
    first = Matter.objects.get(pk=matter.pk).next_alarm_at
    actions.ask_extension(matter.pk, amount=5, reason="会勘", actor=POLICE, at=later(1))
    actions.decide_extension(matter.pk, granted=True, told="延长", actor=CENTRE, at=later(2))
    assert actions.take_step(matter.pk, at=first) is None
    assert Matter.objects.get(pk=matter.pk).next_alarm_at > first


@pytest.mark.usefixtures("everything")
def test_a_clock_that_stands_still_climbs_no_ladder_until_the_longest_time_of_its_cause():
    matter = receive(NOISE)
    actions.pause(matter.pk, cause="material", note_="等材料", actor=POLICE, at=later(1))
    assert matter.pk not in actions.due_alarms(later(24 * 7))
    assert matter.pk in actions.due_alarms(later(24 * 40))


@pytest.mark.usefixtures("everything")
def test_what_is_closed_has_no_steps_to_take():
    matter = receive(NOISE)
    Matter.objects.filter(pk=matter.pk).update(stage=Stage.CLOSED, closed_at=later(1))
    assert actions.take_step(matter.pk, at=later(24 * 90)) is None
    assert matter.pk not in actions.due_alarms(later(24 * 90))


@pytest.mark.usefixtures("everything")
def test_jobs_take_what_is_due_and_close_what_nobody_rates():
    late, silent = receive(NOISE), receive(NOISE)
    long_ago = timezone.now() - timedelta(days=30)
    Matter.objects.filter(pk=silent.pk).update(stage=Stage.RESOLVED, resolved_at=long_ago, next_alarm_at=None)
    jobs.climb_the_ladder(timestamp=0)
    jobs.close_what_nobody_rates(timestamp=0)
    assert Alarm.objects.filter(matter=late).count() == 5
    assert Matter.objects.get(pk=silent.pk).ending == "unrated"


@pytest.mark.usefixtures("everything")
def test_a_matter_whose_step_fails_does_not_hold_up_the_others(caplog):
    broken, sound = receive(NOISE), receive(NOISE)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE qianxian_alarm ADD CONSTRAINT broken CHECK (matter_id <> {broken.pk})")
    assert jobs.take_due_steps(later(24 * 90)) == Alarm.objects.filter(matter=sound).count() == 5
    assert [record.getMessage() for record in caplog.records] == [f"take_step of matter {broken.pk}"]


def test_codes_failures_and_sign_ins_are_forgotten_when_they_are_of_no_more_use(staff):
    account, now = staff(), timezone.now()
    for at in (now, now - timedelta(days=2)):
        OneTimeCode.objects.create(phone_index="p", code_hash="c", made_at=at, expires_at=at + timedelta(minutes=5))
        FailedSignIn.objects.create(name_index="n", address="127.0.0.1", at=at)
        Allowance.objects.create(key=str(at), opened_at=at, count=1)
        SignIn.objects.create(account=account, session_key=f"{at:%d}", began_at=at, address="127.0.0.1")
    jobs.forget_old_sessions(timestamp=0)
    kept = [table.objects.count() for table in (OneTimeCode, FailedSignIn, Allowance, SignIn)]
    assert kept == [1, 1, 1, 1]


TASKS = """
import django; django.setup()
from procrastinate.contrib.django import app
app.perform_import_paths()
print(*(name.rpartition(".")[2] for name, _ in app.periodic_registry.periodic_tasks), *app.tasks)
"""


def test_a_worker_by_itself_knows_every_periodic_job_and_the_job_of_the_imports_page():
    told = subprocess.run([sys.executable, "-c", TASKS], capture_output=True, text=True, check=True).stdout.split()
    assert set(told) >= {
        "climb_the_ladder",
        "close_what_nobody_rates",
        "take_up_what_was_dropped",
        "forget_old_sessions",
        "remove_old_uploads",
        "take_in_file",
    }


def working(database):
    environment = {**os.environ, "DATABASE_URL": address_of(database)}
    return subprocess.Popen([sys.executable, "-m", "qianxian", "worker"], env=environment)


def state_of(job):
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()


def until(true, *processes):
    """Look again and again; a process that ended by itself, or three minutes, are a failure."""
    last = time.monotonic() + 180
    while not true():
        assert all(process.poll() is None for process in processes)
        assert time.monotonic() < last


def test_a_worker_killed_in_the_middle_of_a_job_is_missed_and_the_next_one_does_the_job_once(committed):
    matters = {receive(NOISE).pk for _ in range(150)}
    steps = Alarm.objects.filter(matter_id__in=matters)
    climbing = jobs.climb_the_ladder.defer(timestamp=0)
    first = working(committed)
    until(lambda: steps.count() >= 10, first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert state_of(climbing) == ("doing", 0)
    assert steps.count() < 5 * len(matters)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '2 minutes'")
    with suppress(AlreadyEnqueued):  # the clock of the first worker may have put it into the queue
        jobs.take_up_what_was_dropped.defer(timestamp=0)
    second = working(committed)
    until(lambda: state_of(climbing)[0] == "succeeded", second)
    second.terminate()
    second.wait()
    assert state_of(climbing)[1] == 2
    assert Counter(steps.values_list("matter_id", flat=True)) == dict.fromkeys(matters, 5)
    told = Entry.objects.filter(verb="alarm", subject__in=[f"matter:{number}" for number in matters])
    assert Counter(told.values_list("subject", flat=True)) == dict.fromkeys((f"matter:{n}" for n in matters), 5)


def test_uploads_are_removed_a_month_after_they_were_last_touched_but_never_while_they_are_taken_in(settings, tmp_path):
    settings.HOME = replace(settings.HOME, path=tmp_path)
    tokens = {step: store.keep("工单.csv", [b"x"], 1) for step in ("match", "done", "refused", "waiting", "running")}
    for step, token in tokens.items():
        store.write(token, {"name": "工单.csv", "account": 1, "step": step})
    assert store.purge(timezone.now() + timedelta(days=29)) == 0
    assert store.purge(timezone.now() + timedelta(days=31)) == 3
    left = {folder.name for folder in (tmp_path / "imports").iterdir()}
    assert left == {tokens["waiting"], tokens["running"]}
