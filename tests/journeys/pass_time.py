"""Lets the gate's own job run as of a later day, in the database that a test's platform serves: `pass_time.py 2027-01-01`."""

import sys
from datetime import date, datetime, time

import django

django.setup()

from qianxian.cadres.queries import reaching_everything  # noqa: E402
from qianxian.kernel.worktime import BEIJING  # noqa: E402
from qianxian.web.jobs import close_hearings_and_leave  # noqa: E402


def main(day: str) -> None:
    with reaching_everything():
        close_hearings_and_leave(datetime.combine(date.fromisoformat(day), time(0, 5), BEIJING))


if __name__ == "__main__":
    main(sys.argv[1])
