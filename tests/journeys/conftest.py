"""A town, and a resident with a phone."""

import pytest
from django.test import Client

from tests.town import build


@pytest.fixture
def resident(db: None, settings: object) -> Client:
    settings.DEMONSTRATION = True
    build()
    return Client()
