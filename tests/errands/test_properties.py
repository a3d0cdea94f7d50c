"""Whatever is done to a request, in whatever order, by whomever: these things stay true."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianxian.errands import actions
from qianxian.errands.models import Entrance, Errand, Occasion, Verdict
from qianxian.errands.rules.life import Opinion, Stage, replay
from qianxian.journal.models import Entry
from qianxian.web.sentences import Refusal, sentence
from tests.errands.gatehouse import (
    CIVIL_AFFAIRS,
    HOUSING,
    LIUAN_WORKER,
    POLICE,
    SUPERVISOR,
    ZHONGLOU_WORKER,
    a_meeting,
    drafted,
    particulars,
)
from tests.town import LIUAN, MONDAY, STREET_OFFICE, ZHONGLOU

pytestmark = pytest.mark.usefixtures("gatehouse")
ACTORS = (HOUSING, POLICE, CIVIL_AFFAIRS, STREET_OFFICE, SUPERVISOR, LIUAN_WORKER, ZHONGLOU_WORKER)


def opinion(place, said):
    return lambda n, a, t: actions.give_opinion(n, place=place, opinion=said, words="有话要说", actor=a, at=t)


DEEDS = [
    lambda n, a, t: actions.file(n, actor=a, at=t),
    lambda n, a, t: actions.revise(n, actor=a, at=t, why="改了理由"),
    lambda n, a, t: actions.withdraw(n, actor=a, at=t),
    *(opinion(place, said) for place in (LIUAN, ZHONGLOU) for said in (Opinion.AGREE, Opinion.OPPOSE, Opinion.SILENT)),
    lambda n, a, t: actions.close_hearing(n, at=t),
    lambda n, a, t: actions.decide(n, admitted=True, reason="同意", actor=a, at=t),
    lambda n, a, t: actions.decide(n, admitted=True, reason="同意", actor=STREET_OFFICE, at=t),
    lambda n, a, t: actions.decide(n, admitted=True, reason="同意", actor=CIVIL_AFFAIRS, at=t),
    lambda n, a, t: actions.decide(n, admitted=False, reason="不同意", actor=a, at=t),
    lambda n, a, t: actions.stop(n, actor=a, at=t),
    lambda n, a, t: actions.leave(n, at=t),
    lambda n, a, t: actions.schedule(
        n, starts_at=t + timedelta(days=3), minutes=30, agenda="", actor=a, at=t
    ),
]  # fmt: skip
THE_ASKER_MOSTLY = [HOUSING] * 4 + list(ACTORS)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    meeting=st.booleans(),
    places=st.sampled_from([[LIUAN], [LIUAN, ZHONGLOU]]),
    sequence=st.lists(
        st.tuples(st.sampled_from(DEEDS), st.sampled_from(THE_ASKER_MOSTLY), st.floats(0.1, 200)),
        min_size=4,
        max_size=30,
    ),
)
def test_nothing_enters_but_heard_and_decided_and_the_journal_tells_it_all(meeting, places, sequence):
    with transaction.atomic():
        asked = a_meeting(places=places) if meeting else particulars(places=places)
        number, at = drafted(**asked).pk, MONDAY
        before = Errand.objects.get(pk=number)
        actions.file(number, actor=HOUSING, at=at)
        before = Errand.objects.get(pk=number)
        for deed, actor, hours in sequence:
            at += timedelta(hours=hours)
            written = entries(number).count()
            done = attempt(deed, number, actor, at)
            assert entries(number).count() - written == done
            after = Errand.objects.get(pk=number)
            hold_true(before, after, at)
            before = after
        assert replay(entry.details for entry in entries(number)) == before.stage
        transaction.set_rollback(True)


def entries(number):
    return Entry.objects.filter(subject=f"errand:{number}").order_by("pk")


def attempt(deed, number, actor, at):
    try:
        with transaction.atomic():
            deed(number, actor, at)
            return 1
    except Refusal as refusal:
        return 0 if sentence(refusal) else -1


def hold_true(before, after, at):
    assert after.stage >= before.stage
    assert after.role != "lead" or after.stage == Stage.DRAFT
    said = list(Entrance.objects.filter(errand=after).values_list("opinion", "given_at", "due_at"))
    assert all(given >= due for opinion, given, due in said if opinion == "silent")
    if after.stage in (Stage.HEARD, Stage.ADMITTED, Stage.REFUSED, Stage.ENDED):
        assert all(opinion for opinion, _, _ in said)
    verdicts = list(Verdict.objects.filter(errand=after).values_list("admitted", flat=True))
    if after.stage in (Stage.ADMITTED, Stage.ENDED):
        assert verdicts == [True, True]
    if after.stage == Stage.REFUSED:
        assert False in verdicts
    if Occasion.objects.filter(errand=after).exists():
        assert after.stage in (Stage.ADMITTED, Stage.ENDED)
