from collections.abc import Iterator

import pytest
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from qianxian.cadres.queries import reaching_everything
from qianxian.config import home, postgres
from tests.town import build


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


@pytest.fixture(scope="session")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A small town, entered once and left standing."""
    with django_db_blocker.unblock():
        build()


@pytest.fixture
def everything(db: None, town: None) -> Iterator[None]:
    """A town, and a connection that reaches every row, as a job of the system does."""
    with reaching_everything():
        yield


@pytest.fixture
def committed(town: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """
    A town in which deeds are committed, for threads and processes to meet.

    What they leave stays: the journal is append only, in tests too.
    """
    with django_db_blocker.unblock(), reaching_everything():
        yield
