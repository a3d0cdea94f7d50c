"""Puts the demonstration district, without any matter, into the database that the browser tests' platform serves."""

import django

django.setup()

from django.utils import timezone  # noqa: E402

from qianxian.web.demonstration import district  # noqa: E402

if __name__ == "__main__":
    district.enter(timezone.now())
