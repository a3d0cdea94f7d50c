"""A town with a civil affairs bureau at the joint table, and lists that forbid and let in."""

from collections.abc import Iterator

import pytest

from qianxian.cadres.queries import reaching_everything
from tests.errands.gatehouse import add
from tests.town import build


@pytest.fixture
def gatehouse(db: None) -> Iterator[None]:
    """The town with its gate, and a connection that reaches every row."""
    build()
    add()
    with reaching_everything():
        yield


@pytest.fixture
def committed_gatehouse(committed: str) -> str:
    """The gate in the town in which deeds are committed."""
    add()
    return committed
