"""Taking in: once and only once, whole or not at all, whatever happens on the way."""

import threading
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from qianxian.cadres.queries import reach
from qianxian.cadres.rules import SYSTEM
from qianxian.collection.actions import Outcome, take_in, take_in_batch
from qianxian.collection.models import Submission
from qianxian.collection.rules.rows import Coded, Fault
from qianxian.journal.models import Entry
from qianxian.kernel.sealing import Seal
from qianxian.matters.actions import Contact
from qianxian.matters.models import Matter, Requester
from qianxian.matters.rules.intake import Demand, Unfit
from tests.town import DISTRICT, LIUAN, MONDAY, NOISE, PARKING


def row(number: int, words: str = "", key: str = "", **more: Any) -> Coded:
    demand = Demand(words=words or f"第{number}号楼太吵了", place=LIUAN, topic=NOISE)
    return Coded(number, key or f"k{number}", {"内容": words}, {}, demand, **more)


def taken(*rows: Coded, source: str = "file:test", keep: bool = True) -> list[Outcome]:
    return list(take_in_batch(source=source, rows=rows, actor=SYSTEM, now=lambda: MONDAY, keep=keep))


def lists(outcomes: list[Outcome]) -> list[str]:
    return [outcome.list for outcome in outcomes]


def bring(key: str = "1", words: str = "楼上半夜唱歌", place: str = LIUAN) -> Matter:
    return take_in(
        source="web", key=key, raw={"words": words}, demand=Demand(words=words, place=place, topic=NOISE),
        contact=Contact("林晓禾", "19900002222"), actor=SYSTEM, at=MONDAY,
    )  # fmt: skip


@pytest.mark.usefixtures("everything")
class TestInOneTown:
    def test_a_submission_becomes_one_matter_and_is_kept_as_it_came(self) -> None:
        matter = bring()
        kept = Submission.objects.get()
        assert (kept.matter_id, kept.raw, kept.came_at) == (matter.pk, {"words": "楼上半夜唱歌"}, MONDAY)
        assert Matter.objects.get().owner_id == "ga"

    def test_the_same_key_again_gives_the_earlier_matter(self) -> None:
        assert bring().code == bring(words="别的话").code
        assert Matter.objects.count() == Submission.objects.count() == 1

    def test_what_is_unfit_leaves_nothing_behind(self) -> None:
        with pytest.raises(Unfit):
            bring(place="110000")
        assert not Matter.objects.exists()
        assert not Submission.objects.exists()

    def test_every_row_of_a_file_is_accounted_for(self) -> None:
        outcomes = taken(
            row(2),
            Coded(3, "k3", {}, {}, faults=(Fault("words", "empty"),)),
            Coded(4, "k4", {}, {}, Demand(words="煤气中毒了快来人", place=DISTRICT)),
            row(5, key="k2"),
        )
        assert lists(outcomes) == ["matters", "faults", "exits", "already"]
        assert outcomes[3].earlier is not None
        assert outcomes[0].matter is not None
        assert outcomes[3].earlier.code == outcomes[0].matter.code

    def test_a_second_run_takes_nothing_in_twice(self) -> None:
        rows = [row(number) for number in range(2, 12)]
        taken(*rows)
        assert lists(taken(*rows)) == ["already"] * 10
        assert Matter.objects.count() == 10

    def test_one_unfit_row_does_not_cost_the_others_of_its_chunk(self) -> None:
        unfit = Coded(3, "k3", {}, {}, Demand(words="路灯不亮", place="110000"))
        outcomes = taken(row(2), unfit, row(4))
        assert lists(outcomes) == ["matters", "faults", "matters"]
        assert outcomes[1].faults == (Fault("place", "unknown"),)
        assert Submission.objects.get(key="k3").faults == [{"field": "place", "code": "unknown", "value": ""}]

    def test_a_row_that_was_faulty_is_judged_anew_in_the_next_run(self) -> None:
        taken(Coded(2, "k2", {}, {}, faults=(Fault("time", "future"),)))
        assert lists(taken(row(2))) == ["matters"]
        kept = Submission.objects.get()
        assert (kept.matter_id is not None, kept.faults) == (True, [])

    def test_a_trial_keeps_nothing(self) -> None:
        assert lists(taken(row(2), keep=False)) == ["matters"]
        assert not Matter.objects.exists()
        assert not Entry.objects.filter(verb="receive").exists()

    def test_names_and_numbers_are_sealed_and_the_rest_is_kept_as_it_came(self) -> None:
        taken(Coded(2, "k2", {"内容": "太吵"}, {"电话": "138 0001 0001"}, row(2).demand, "林晓禾", "13800010001"))
        kept, requester = Submission.objects.get(), Requester.objects.get()
        assert kept.raw == {"内容": "太吵"}
        assert Seal(settings.SEAL_KEY).open(bytes(kept.sealed)) == '{"电话": "138 0001 0001"}'
        assert (requester.name_mask, requester.phone_mask) == ("林**", "138****0001")

    def test_rows_of_a_file_are_written_in_few_statements(self, django_assert_max_num_queries: Any) -> None:
        demands = [Demand(words=f"{number}号院里乱停车", place=LIUAN, topic=PARKING) for number in range(300)]
        rows = [Coded(number, f"q{number}", {}, {}, demand) for number, demand in enumerate(demands)]
        with django_assert_max_num_queries(20):
            taken(*rows)
        assert Matter.objects.count() == 300


@pytest.mark.usefixtures("committed")
def test_two_at_once_with_one_key_make_one_matter() -> None:
    together, codes = threading.Barrier(4), []

    def run() -> None:
        try:
            reach(everything=True)
            together.wait(timeout=20)
            codes.append(bring(key="race", words="两个人同时报的同一件事").code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(codes) == 4
    assert len(set(codes)) == 1
    assert Submission.objects.filter(source="web", key="race").count() == 1


@pytest.mark.usefixtures("committed")
def test_two_runs_of_one_file_at_once_take_each_row_in_once() -> None:
    rows = [row(number, words=f"第{number}盏灯不亮", key=f"both{number}") for number in range(40)]
    together, found = threading.Barrier(2), []

    def run() -> None:
        try:
            reach(everything=True)
            together.wait(timeout=20)
            found.extend(lists(taken(*rows, source="file:both")))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(found) == ["already"] * 40 + ["matters"] * 40
