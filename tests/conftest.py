from collections.abc import Iterator

import pytest

from qianxian.config import home, postgres


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """The private cluster runs for as long as the test database is needed."""
    with postgres.at_hand(home.current(), trial=True):
        yield
