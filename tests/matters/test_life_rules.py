import pytest

from qianxian.matters.rules.life import NEXT, OutOfOrder, Ownerless, Stage, Standing, advance, replay


def test_stages_only_go_forward():
    assert all(after > stage for stage, afters in NEXT.items() for after in afters)


def test_every_stage_but_the_last_leads_on():
    assert {stage for stage, afters in NEXT.items() if not afters} == {Stage.CLOSED}


def test_a_ruling_is_made_at_most_once():
    with pytest.raises(OutOfOrder):
        advance(Stage.SETTLED, Stage.SETTLED)


def test_the_journal_alone_tells_where_a_matter_stands():
    deeds = [
        {"stage": 20, "owner": "ga", "posting": 3},
        {},
        {"stage": 30, "owner": "zj", "posting": None},
        {"stage": 40},
    ]
    assert replay(deeds) == Standing(Stage.RESOLVED, "zj", None)


BROKEN = [
    ([], Ownerless),
    ([{"stage": 20}], Ownerless),
    ([{"stage": 20, "owner": ""}], Ownerless),
    ([{"stage": 20, "owner": "ga"}, {"stage": 10}], OutOfOrder),
    ([{"stage": 20, "owner": "ga"}, {"stage": 50}], OutOfOrder),
    ([{"stage": 60, "owner": "ga"}, {"stage": 40}], OutOfOrder),
]


@pytest.mark.parametrize(("deeds", "error"), BROKEN)
def test_a_journal_that_cannot_be_true_is_refused(deeds, error):
    with pytest.raises(error):
        replay(deeds)
