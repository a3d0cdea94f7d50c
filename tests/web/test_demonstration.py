"""The first start shows a district at work: every story of its demands has happened, by deeds of those who may do them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import pytest
from django.conf import global_settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from qianxian.cadres import queries as cadres
from qianxian.errands.models import Asking, Certificate, Errand, Occasion, Refusal
from qianxian.errands.rules.life import Stage as ErrandStage
from qianxian.errands.rules.life import replay
from qianxian.journal.models import Entry
from qianxian.kernel.worktime import BEIJING
from qianxian.matters import queries
from qianxian.matters.models import Help, Matter, Whistle
from qianxian.matters.rules.life import Stage
from qianxian.web.demonstration import district, loading
from qianxian.web.demonstration.stories import STORIES

ROWS = district.rows_of("demands.csv")
MOMENTS = {
    "on a Wednesday morning": datetime(2026, 9, 16, 10, 20, tzinfo=BEIJING),
    "in a Saturday night": datetime(2026, 11, 21, 23, 40, tzinfo=BEIJING),
    "in the holidays": datetime(2026, 10, 3, 15, 0, tzinfo=BEIJING),
}


@pytest.fixture(scope="module", params=list(MOMENTS.values()), ids=list(MOMENTS))
def now(request: pytest.FixtureRequest) -> Any:
    """When somebody starts the demonstration: at whatever hour."""
    return request.param


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker, now: datetime) -> Iterator[int]:
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                count = loading.load(now)
                cadres.reach(everything=True)
                yield count
                transaction.set_rollback(True)
        finally:
            connection.close()


def of_story(story: str) -> list[Matter]:
    phones = [(row["words"]) for row in ROWS if row["story"] == story]
    return list(Matter.objects.filter(words__in=phones))


def test_every_demand_of_the_table_is_taken_in_once(loaded: int) -> None:
    assert loaded == len(ROWS) == Matter.objects.count()
    assert set(Matter.objects.values_list("words", flat=True)) == {row["words"] for row in ROWS}


def test_a_second_load_changes_nothing(now: datetime) -> None:
    before = (Entry.objects.count(), list(Matter.objects.order_by("pk").values()))
    assert loading.load(now + timedelta(days=1)) == 0
    cadres.reach(everything=True)
    assert (Entry.objects.count(), list(Matter.objects.order_by("pk").values())) == before


def test_the_journal_alone_tells_where_every_matter_stands() -> None:
    assert [parting for _, parting in queries.partings() if parting] == []


def test_nothing_happens_ahead_of_time_or_long_ago(now: datetime) -> None:
    moments = Entry.objects.filter(subject__startswith="matter:").values_list("at", flat=True)
    assert max(moments) <= now
    assert min(moments) >= now - timedelta(days=100)
    assert not Matter.objects.filter(received_at__lt=now - timedelta(days=75)).exists()


def test_the_deeds_of_a_matter_stand_in_the_journal_in_their_order() -> None:
    told: dict[str, list[tuple[datetime, str]]] = {}
    entries = Entry.objects.filter(subject__startswith="matter:").order_by("pk")
    for subject, at, verb in entries.values_list("subject", "at", "verb"):
        told.setdefault(subject, []).append((at, verb))
    assert [deeds for deeds in told.values() if deeds != sorted(deeds, key=itemgetter(0))] == []


def test_every_stage_was_reached_and_every_exit_was_taken() -> None:
    stages = {e.details["stage"] for e in Entry.objects.filter(subject__startswith="matter:") if "stage" in e.details}
    assert stages == {int(stage) for stage in Stage}
    assert set(Matter.objects.values_list("exit", flat=True)) - {""} == {"E1", "E2", "E3", "E4", "E5", "E6"}


def test_the_table_knows_every_story_and_tells_each() -> None:
    assert {row["story"].partition(":")[0] for row in ROWS} == set(STORIES)


@pytest.mark.parametrize(
    ("story", "stages"),
    [
        ("new", {20}),
        ("signed", {20}),
        ("contacted", {20}),
        ("help", {20}),
        ("whistle", {20}),
        ("extension", {20}),
        ("objected", {20}),
        ("upheld", {30}),
        ("refused_objection", {30}),
        ("consultation", {10}),
        ("resolved", {40}),
        ("rated_good", {60}),
        ("rated_bad", {60}),
        ("follow_up", {20}),
        ("paused", {20}),
        ("supervised", {20}),
        ("terminated", {60}),
        ("removed", {40}),
        ("merged", {60}),
        ("overdue", {20}),
        ("above", {20}),
        ("liaised", {20}),
    ],
)
def test_each_story_stands_at_its_stage(story: str, stages: set[int]) -> None:
    assert {matter.stage for matter in of_story(story)} == stages


def test_what_runs_has_time_left_except_where_the_story_says_overdue(now: datetime) -> None:
    late = [m for m in Matter.objects.filter(stage__lt=Stage.RESOLVED) if m.due_at <= now]
    assert [m.words for m in late] == [row["words"] for row in ROWS if row["story"] == "overdue"]
    assert all(m.supervised for m in late)


def test_what_was_done_was_done_in_time() -> None:
    assert [
        m.words for m in Matter.objects.exclude(resolved_at=None) if m.resolved_at and m.resolved_at >= m.due_at
    ] == []


def test_nothing_waits_for_the_ladder_but_what_is_still_to_come(now: datetime) -> None:
    assert not Matter.objects.filter(next_alarm_at__lte=now).exists()


def test_a_ruling_moves_the_owner_only_where_the_objection_was_upheld() -> None:
    assert {m.objection.upheld for m in of_story("upheld")} == {True}
    assert {m.owner_id == m.objection.names_id for m in of_story("upheld")} == {True}
    assert {m.objection.upheld for m in of_story("refused_objection")} == {False}
    assert {m.owner_id == m.objection.unit_id for m in of_story("refused_objection")} == {True}


def test_a_follow_up_goes_to_whom_the_first_answered_to() -> None:
    followed = [(m.owner_id, m.follows.answers_to_id) for m in of_story("follow_up") if m.follows]
    assert len(followed) == len(of_story("follow_up")) > 0
    assert all(owner == higher for owner, higher in followed)


def test_help_and_whistles_are_answered_by_some_and_awaited_of_others() -> None:
    helps = Help.objects.filter(matter__in=of_story("help"))
    assert {answered is None for answered in helps.values_list("answered_at", flat=True)} == {True, False}
    arrivals = Whistle.objects.get().arrivals.all()
    assert {arrival.arrived_at is None for arrival in arrivals} == {True, False}


def test_people_call_and_offices_work_by_day_mostly() -> None:
    hours = Counter(
        at.astimezone(BEIJING).hour
        for at in Entry.objects.filter(subject__startswith="matter:").exclude(verb="alarm").values_list("at", flat=True)
    )
    by_day = sum(count for hour, count in hours.items() if 7 <= hour < 22)
    assert by_day > 0.9 * sum(hours.values())


def test_every_login_opens(settings: Any) -> None:
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    for login in loading.logins()[1:]:
        account = get_user_model().objects.get(username=login.username)
        assert account.role == login.role
        assert account.check_password(login.password)
    assert {login.role for login in loading.logins()} == {
        "resident", "worker", "department", "street", "supervisor", "steward",
    }  # fmt: skip


def test_what_no_article_settles_is_owned_in_person_by_who_is_posted_to_the_community() -> None:
    unsettled = Matter.objects.filter(ground__in=["silent", "contested"], place__code__regex="^990101001.{3}")
    assert unsettled.exists()
    assert set(unsettled.values_list("owner_kind", flat=True)) == {"street"}
    assert not unsettled.filter(owner_posting=None).exists()


def test_departments_ask_in_every_state_and_communities_answer() -> None:
    stages = set(Errand.objects.values_list("stage", flat=True))
    assert stages == {int(stage) for stage in ErrandStage}
    for errand in Errand.objects.all():
        told = Entry.objects.filter(subject=f"errand:{errand.pk}").order_by("pk")
        assert replay(entry.details for entry in told) == errand.stage
    assert Errand.objects.filter(stage=ErrandStage.DRAFT, returned_at__isnull=False).exists()
    assert Refusal.objects.filter(noted_at=None).exists()
    assert Refusal.objects.exclude(noted_at=None).exists()
    assert Asking.objects.filter(errand=None, refusal=None, taken_back_at=None).exists()
    assert Certificate.objects.filter(revoked_at=None).exists()


def test_nothing_at_the_gate_happens_ahead_of_time(now: datetime) -> None:
    kinds = ("errand", "asking", "occasion", "certificate")
    moments = [entry.at for kind in kinds for entry in Entry.objects.filter(subject__startswith=f"{kind}:")]
    assert max(moments) <= now
    months = Occasion.objects.filter(starts_at__gt=now - timedelta(days=30), starts_at__lt=now + timedelta(days=30))
    assert months.count() >= 10
