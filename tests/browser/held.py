"""Puts a person whom the police hold into the database that a platform of the tests serves, inside the area of its staff."""

import django

django.setup()

from django.utils import timezone  # noqa: E402

from qianxian.cadres.queries import reaching_everything  # noqa: E402
from qianxian.register.actions import records  # noqa: E402
from tests.register.test_records import LIN  # noqa: E402

if __name__ == "__main__":
    with reaching_everything():
        records.state(
            None, entity="person", place="990101001001", said=LIN, source="户籍名册", authority="police", actor="test",
            at=timezone.now(),
        )  # fmt: skip
