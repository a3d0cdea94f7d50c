"""Puts residents of one community and every definition of a ledger into the database that the browser's platform serves."""

import django

django.setup()

from django.utils import timezone  # noqa: E402

from qianxian.cadres.queries import reaching_everything  # noqa: E402
from qianxian.web.demonstration import ledgers, peopling, population  # noqa: E402

PLACE, RESIDENTS = "990101001001", 120


def main() -> None:
    """Enter the residents as police, community and other keepers of rosters know them."""
    now = timezone.now()
    with reaching_everything():
        peopling._keepers(now)
        peopling._community(PLACE, list(population.households(PLACE, RESIDENTS, now.date())), now)
        ledgers.keep(now)


if __name__ == "__main__":
    main()
