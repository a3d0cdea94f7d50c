"""Two deeds on one matter at the same moment: one is done, the other hears why not."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from qianxian.cadres.queries import reach
from qianxian.journal.models import Entry
from qianxian.matters import actions
from qianxian.matters.models import Matter, Ruling
from qianxian.matters.rules.life import Result, Stage
from qianxian.web.sentences import Refusal
from tests.town import CENTRE, MONDAY, NOISE, PARKING, POLICE, STREET_OFFICE, later, receive

pytestmark = pytest.mark.usefixtures("committed")


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do deeds in threads that start together, each on a connection of its own; return results and refusals."""
    together, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(position: int, deed: Callable[[], Any]) -> None:
        try:
            reach(everything=True)
            together.wait(timeout=20)
            results[position] = deed()
        except Refusal as refusal:
            results[position] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def refused(results: list[Any]) -> list[str]:
    return [type(result).__name__ for result in results if isinstance(result, Exception)]


@pytest.mark.parametrize("_round", range(5))
def test_two_adjudications_leave_one_ruling(_round):
    matter = receive(PARKING)
    results = at_once(
        lambda: actions.adjudicate(matter.pk, to="ga", article="B1", reason="由公安牵头", actor=CENTRE, at=MONDAY),
        lambda: actions.adjudicate(matter.pk, to="jt", article="B2", reason="由交通牵头", actor=CENTRE, at=MONDAY),
    )
    assert refused(results) == ["OutOfOrder"]
    [ruling] = Ruling.objects.filter(matter=matter)
    assert Matter.objects.get(pk=matter.pk).owner_id == ruling.unit_id


@pytest.mark.parametrize("_round", range(5))
def test_resolving_and_objecting_at_once_never_leaves_a_resolved_matter_in_question(_round):
    matter = receive(NOISE)
    results = at_once(
        lambda: actions.resolve(
            matter.pk, result=Result.SOLVED, reply="已劝止", evidence="回访确认", actor=POLICE, at=later(1)
        ),
        lambda: actions.object_to(matter.pk, names="zj", article="A2", reason="小区内", actor=POLICE, at=later(1)),
    )
    stored = Matter.objects.get(pk=matter.pk)
    assert len(refused(results)) == 1
    assert (stored.stage == Stage.RESOLVED) != hasattr(stored, "objection")


def test_six_signatures_at_once_are_one():
    matter = receive(NOISE)
    results = at_once(*[lambda: actions.sign(matter.pk, actor=POLICE, at=later(1))] * 6)
    assert refused(results) == ["AlreadyDone"] * 5
    assert Entry.objects.filter(subject=f"matter:{matter.pk}", verb="sign").count() == 1


def test_granting_and_refusing_an_extension_at_once_decides_it_once():
    matter = receive(NOISE)
    actions.ask_extension(matter.pk, amount=2, reason="需会勘", actor=POLICE, at=later(1))
    results = at_once(
        lambda: actions.decide_extension(matter.pk, granted=True, told="延长", actor=STREET_OFFICE, at=later(2)),
        lambda: actions.decide_extension(matter.pk, granted=False, told="不延长", actor=STREET_OFFICE, at=later(2)),
    )
    assert refused(results) == ["NothingToDecide"]


def test_numbers_of_matters_drawn_in_many_threads_are_all_different():
    results = at_once(*[lambda: [receive(NOISE).pk for _ in range(15)] for _ in range(6)])
    numbers = [number for drawn in results for number in drawn]
    assert len(set(numbers)) == 6 * 15
