from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from qianxian.cadres.queries import reaching_everything
from qianxian.config import home, postgres
from qianxian.matters.actions import intake
from qianxian.register.queries import EVERYTHING_KEPT
from tests.town import build

settings.register_profile("house", deadline=None)  # speed is measured in benchmarks/, on a quiet machine
settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """The private cluster runs for as long as the test database is needed."""
    with postgres.at_hand(home.current(), trial=True):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """One database for the run, also for tests that commit and so carry no mark of a transaction to roll back."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test rolls back the database, and revisions with it: nothing of the last one may be remembered."""
    for kept in EVERYTHING_KEPT:
        kept.forget()
    monkeypatch.setattr(intake, "_block", iter(()))


@pytest.fixture
def everything(db: None) -> Iterator[None]:
    """A small town, and a connection that reaches every row, as a job of the system does."""
    build()
    with reaching_everything():
        yield


@pytest.fixture(scope="session")
def second_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the empty database with the town in it, for tests that commit: what they leave stays, as it should."""
    first = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{first}_town" WITH (FORCE)')  # of a run that was killed
            cursor.execute(f'CREATE DATABASE "{first}_town" TEMPLATE "{first}"')
        with in_database(f"{first}_town"):
            build()
    yield f"{first}_town"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{first}_town" WITH (FORCE)')


@contextmanager
def in_database(name: str) -> Iterator[None]:
    """Turn every connection of this process to another database."""
    before = connection.settings_dict["NAME"]
    turn_to(name)
    try:
        yield
    finally:
        turn_to(before)


def turn_to(name: str) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def committed(second_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A town in which deeds are committed, for threads and processes to meet; gives the name of its database."""
    with django_db_blocker.unblock(), in_database(second_database), reaching_everything():
        yield second_database
