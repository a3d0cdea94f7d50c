"""A town, a resident with a phone, and a platform with a browser of its own."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.browser.conftest import axe, browser, home, open_page, platform, served
from tests.town import build

__all__ = ["axe", "browser", "home", "open_page", "platform"]


@pytest.fixture(scope="session")
def database(django_db_setup: None) -> Iterator[str]:
    """Another database than that of tests/browser, whose platform may still be running."""
    yield from served("journeys")


@pytest.fixture
def resident(db: None, settings: object) -> Client:
    settings.DEMONSTRATION = True
    build()
    return Client()
