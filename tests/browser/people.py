"""Puts one member of staff of each role into the database that the browser tests' platform serves."""

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from qianxian.register.models import Organisation, Place  # noqa: E402
from qianxian.web.demonstration import district  # noqa: E402

PASSWORD = "柳岸的灯亮了 2026"
NAMES = {"worker": "林晓禾", "department": "高明远", "street": "沈知秋", "supervisor": "严立正", "steward": "苏文清"}


def main() -> None:
    """Make the tables, a district, a street, a community, and five people."""
    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    district.enter(now)
    for code, name, level, parent in (
        ("990101", "云溪区", "district", None),
        ("990101001", "清河街道", "street", "990101"),
        ("990101001001", "柳岸社区", "community", "990101001"),
    ):
        Place.objects.get_or_create(
            code=code, defaults={"name": name, "level": level, "parent_id": parent, "valid_from": now}
        )
    unit, _ = Organisation.objects.get_or_create(
        code="T-STREET",
        defaults={"name": "清河街道办事处", "short": "清河街道", "kind": "street", "place_id": "990101001"},
    )
    for role, name in NAMES.items():
        get_user_model().objects.get_or_create(
            username=f"test-{role}",
            defaults={
                "name": name,
                "role": role,
                "unit": unit,
                "area_id": "990101001",
                "password": make_password(PASSWORD),
                "joined_at": now,
            },
        )


if __name__ == "__main__":
    main()
