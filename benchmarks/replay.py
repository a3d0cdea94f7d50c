"""A draft tried on 15,000 past matters: seconds of the replay beside the floor, which only reads the same matters.

Measured on the demonstration register and on one of 3,000 articles, in the parts in which a page asks for it. The
draft gives every article of one department to another, so that much moves. Goal: a few seconds.

    python -m benchmarks.replay [--matters 15000] [--articles 3000]
"""

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from benchmarks.desk_list import own_database
from benchmarks.ground import table
from qianxian.cadres.queries import reaching_everything
from qianxian.cadres.rules import SYSTEM
from qianxian.config import home, postgres
from qianxian.mandates.queries import drafts, topics
from qianxian.matters.actions import Contact, receive_all
from qianxian.matters.queries.replaying import PART, asked_of_the_register, references, replay_part
from qianxian.matters.rules.intake import Demand
from qianxian.register.queries import directory
from qianxian.web.demonstration import district

BATCH = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--matters", type=int, default=15_000)
    parser.add_argument("--articles", type=int, default=3_000)
    asked = parser.parse_args()
    with postgres.at_hand(home.current(), trial=True), own_database():
        call_command("migrate", verbosity=0, interactive=False)
        rows = measured(asked.matters, asked.articles)
    table(
        f"a draft tried on {asked.matters:,} past matters",
        ("articles", "moved", "floor: reading them, s", "replay, s", "matters/s"),
        rows,
    )


def measured(matters: int, articles: int) -> list[tuple[str, ...]]:
    at = timezone.now()
    with reaching_everything():
        district.enter(at)
        fill(matters, at)
        shipped = drafts.articles_of(drafts.latest_edition())
        return [one(shipped, matters, at), one(grown(shipped, articles, at), matters, at)]


def fill(count: int, at: datetime) -> None:
    """Take in so many demands, spread over leaf topics and communities."""

    leaves = [code for code in topics().topics if len(code) == 6]
    places = [place.code for place in directory().places_at(at) if len(place.code) > 6]
    settings = ("", "compound", "road", "home")
    demands = [
        (
            Demand(
                words=f"第{n}件事，请管一管。", topic=leaves[n % len(leaves)], place=places[n * 7 % len(places)],
                setting=settings[n % len(settings)],
            ),
            Contact(),
        )
        for n in range(count)
    ]  # fmt: skip
    for first in range(0, count, BATCH):
        receive_all(demands=demands[first : first + BATCH], actor=SYSTEM, at=at)


def grown(shipped: list[Any], count: int, at: datetime) -> list[Any]:
    """Return a register of so many articles: the shipped ones, and again for each place inside the district."""

    places = [place.code for place in directory().places_at(at) if len(place.code) > 6]
    more = (
        {**one, "number": f"{one['number']}-{place}", "place_id": place}
        for place in places
        for one in shipped
        if len(one["place_id"]) == 6
    )
    return [*shipped, *(one for one, _ in zip(more, range(count - len(shipped)), strict=False))]


def one(articles: list[Any], matters: int, at: datetime) -> tuple[str, ...]:
    """Measure floor and replay on one register."""

    after = [{**a, "body_id": "zj"} if a["body_id"] == "cg" else a for a in articles]

    def floor() -> int:
        rows = asked_of_the_register().order_by("pk").values_list("pk", "topic_id", "place_id", "setting")
        return len(list(rows))

    def replay() -> int:
        moved, last, done = 0, 0, False
        while not done:
            before, now = references(articles, after)
            part = replay_part(before, now, at, last=last, most=PART)
            moved, last, done = moved + len(part.moves), part.last, part.done
        return moved

    (asked, reading), (moved, trying) = timed(floor), timed(replay)
    assert asked == matters, (asked, matters)
    return f"{len(articles):,}", f"{moved:,}", f"{reading:.2f}", f"{trying:.2f}", f"{asked / trying:,.0f}"


def timed(work: Callable[[], int], repeat: int = 3) -> tuple[int, float]:
    """Return what some work gives, and the seconds of its quickest run."""
    seconds = []
    for _ in range(repeat):
        began = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - began)
    return found, min(seconds)


if __name__ == "__main__":
    main()
