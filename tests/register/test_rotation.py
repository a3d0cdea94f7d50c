"""Sealing everything anew: killed in the middle, readable meanwhile, taken up again; keys that others could read are refused."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from qianxian.config.home import Home, Trouble
from qianxian.register.actions import records
from qianxian.register.models import Record, Rotation, Statement
from qianxian.register.queries import records as queries
from qianxian.register.rules.records import Incoming
from qianxian.register.sealing import ring
from qianxian.web.commands.rotating import BLOCK, left_under_older_keys
from tests.register.test_records import ACTOR, said
from tests.town import LIUAN, MONDAY, address_of

ROWS = 3 * BLOCK
PATIENCE = 120


@pytest.fixture
def home(tmp_path, settings):
    """A home of its own with the key of this platform; what is drawn anew there is seen by this process too."""
    held = Home(tmp_path / "home")
    held.open()
    shutil.copy(django_settings.HOME.path / "keys" / "seal", held.path / "keys" / "seal")
    settings.SEAL_KEYS = held.seal_keys
    return held


def enter_many():
    batch = records.open_batch(source="换封", key="一", actor=ACTOR, at=MONDAY)
    rows = (Incoming(str(n), LIUAN, said(name=f"周{n}", phone=f"1990000{n:04d}")) for n in range(ROWS))
    for _ in records.enter_persons(batch, rows, actor=ACTOR, at=MONDAY):
        pass


def command(database, home):
    environment = {**os.environ, "DATABASE_URL": address_of(database), "QIANXIAN_HOME": str(home.path)}
    return [sys.executable, "-m", "qianxian", "keys", "rotate", "--json"], environment


def test_a_rotation_that_is_killed_loses_nothing_and_is_taken_up_again(committed, home):
    enter_many()
    third = list(Statement.objects.filter(source="换封").order_by("pk").values_list("pk", flat=True))[2 * BLOCK + 1]
    arguments, environment = command(committed, home)
    with transaction.atomic():
        Statement.objects.select_for_update().get(pk=third)
        rotating = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_lock(rotating)
        rotating.kill()
        rotating.wait(timeout=PATIENCE)
    assert ring().generation == 2
    assert 0 < left_under_older_keys() < 2 * ROWS
    assert {queries.opened(one)["person.phone"][0] for one in Record.objects.filter(batch__source="换封")} == {
        f"1990000{n:04d}" for n in range(ROWS)
    }
    assert [one.name for one in queries.listed(queries.Wanted(words="19900000007"))] == ["周7"]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, json.loads(done.stdout)["generation"]) == (0, 2), done.stderr
    assert left_under_older_keys() == 0
    assert queries.opened(Record.objects.get(name="周7"))["person.phone"][0] == "19900000007"
    assert [one.name for one in queries.listed(queries.Wanted(words="19900000007"))] == ["周7"]


def wait_for_lock(process):
    """Wait until the other process waits for the row that this one holds."""
    give_up = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < give_up:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("the rotation ended before it came to the row")


def test_how_far_a_column_is_was_remembered(committed):
    assert Rotation.objects.filter(generation=2, column="qianxian_statement.sealed").exists()


def test_a_key_that_others_could_read_is_refused_with_what_to_do(tmp_path):
    held = Home(tmp_path)
    held.key("seal")
    (tmp_path / "keys" / "seal").chmod(0o644)
    with pytest.raises(Trouble, match="chmod 600"):
        held.seal_keys()
    (tmp_path / "keys" / "seal").chmod(0o600)
    assert len(held.seal_keys()) == 1


def test_keys_may_come_from_the_environment_the_newest_last(tmp_path, monkeypatch):
    monkeypatch.setenv("QIANXIAN_SEAL_KEYS", "first, second")
    first, second = Home(tmp_path).seal_keys()
    assert len(first) == len(second) == 32
    assert first != second
