"""Members of staff, and the English words."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from qianxian.register.models import Organisation, Place
from qianxian.web.catalogue import compile_catalogue

PASSWORD = "柳岸的灯亮了 2026"


@pytest.fixture(scope="session", autouse=True)
def english() -> None:
    compile_catalogue()


@pytest.fixture(autouse=True)
def quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture
def staff(db: None) -> Callable[..., AbstractBaseUser]:
    """Make a member of staff of a role, in the street office of Qinghe."""
    now = timezone.now()
    Place.objects.get_or_create(code="990101001", defaults={"name": "清河街道", "level": "street", "valid_from": now})
    unit, _ = Organisation.objects.get_or_create(
        code="T-STREET",
        defaults={"name": "清河街道办事处", "short": "清河街道", "kind": "street", "place_id": "990101001"},
    )

    def make(role: str = "worker", username: str = "lin") -> AbstractBaseUser:
        account = get_user_model()(
            username=username, name="林晓禾", role=role, unit=unit, area_id="990101001", joined_at=now
        )
        account.set_password(PASSWORD)
        account.save()
        return account

    return make
