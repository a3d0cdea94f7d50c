"""A draft of the next edition: its changes, its hash, what it lacks, and how it becomes an edition by a second person."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from qianxian.cadres.queries import reach
from qianxian.journal.models import Entry
from qianxian.mandates import actions
from qianxian.mandates.models import Article, Draft, DraftLine, Edition, Finding, Proposal
from qianxian.mandates.queries import drafts, in_force
from qianxian.mandates.rules.drafts import (
    Change,
    Lack,
    Line,
    NotInThisStage,
    NotReady,
    SecondPerson,
    Standing,
    applied,
    content_hash,
    differences,
    lacks,
    lines_towards,
    misplaced,
)
from qianxian.matters.actions import replay_draft
from tests.town import (
    CATS,
    DISTRICT,
    HEATING,
    LIUAN,
    MONDAY,
    NOISE,
    PARKING,
    START,
    STREET,
    article,
    receive,
)

AUTHOR, SECOND = "account:author", "account:second"
BLANK = {
    "setting": "",
    "powers": [],
    "benefits": [],
    "valid_to": None,
    "deadline_class": "",
    "delegation": "",
    "ruling": "",
}


def columns(number, body="ga", duty="lead", topic=NOISE, place=DISTRICT, **more):
    return BLANK | article(number, body, duty, topic, place) | more


# Rules


def test_a_draft_is_its_edition_with_the_changes_made():
    base = [columns("A1"), columns("A2"), columns("A3")]
    changes = [
        Line("A1", Change.END),
        Line("A2", Change.CHANGE, columns("A2", "zj")),
        Line("A4", Change.ADD, columns("A4")),
    ]
    assert [(one["number"], one["body_id"]) for one in applied(base, changes)] == [
        ("A2", "zj"), ("A3", "ga"), ("A4", "ga"),
    ]  # fmt: skip


def test_the_hash_moves_with_every_column_and_not_with_the_order_of_lines_or_powers():
    one, other = Line("A1", Change.ADD, columns("A1", powers=["entry", "funds"])), Line("A2", Change.END)
    turned = Line("A1", Change.ADD, columns("A1", powers=["funds", "entry"]))
    assert content_hash(1, [one, other]) == content_hash(1, [other, turned])
    assert content_hash(1, [one]) != content_hash(2, [one])
    for name, value in {"body_id": "zj", "basis": "另一条", "delegation": "委托书", "valid_to": MONDAY}.items():
        assert content_hash(1, [one]) != content_hash(1, [Line("A1", Change.ADD, columns("A1", **{name: value}))])


def test_differences_name_the_fields_and_lead_from_one_register_to_the_other():
    before = [columns("A1"), columns("A2"), columns("A3", powers=["entry", "funds"])]
    after = [columns("A2", "zj", basis="新依据"), columns("A3", powers=["funds", "entry"]), columns("A9")]
    found = differences(before, after)
    assert [(one.number, one.change, one.fields) for one in found] == [
        ("A1", Change.END, ()), ("A2", Change.CHANGE, ("body_id", "basis")), ("A9", Change.ADD, ()),
    ]  # fmt: skip
    assert differences(applied(before, lines_towards(before, after)), after) == []


def test_a_change_that_does_not_fit_the_edition_is_misplaced():
    lines = [Line("A1", Change.ADD, columns("A1")), Line("A2", Change.END), Line("A3", Change.CHANGE, columns("A3"))]
    assert [line.number for line in misplaced({"A1", "A3"}, lines)] == ["A1", "A2"]
    assert misplaced({"A2", "A3"}, lines) == []


READY = Standing("h", 1, False, 0, "h", 0, 0, "h")
LACKING = [
    (READY, ()),
    (Standing("h", 0, False, 0, "h", 0, 0, "h"), (Lack.EMPTY,)),
    (Standing("h", 1, True, 0, "h", 0, 0, "h"), (Lack.OUTDATED,)),
    (Standing("h", 1, False, 2, "h", 0, 0, "h"), (Lack.MISPLACED,)),
    (Standing("h", 1, False, 0, "old", 3, 0, "h"), (Lack.NOT_AUDITED,)),
    (Standing("h", 1, False, 0, "h", 1, 0, "h"), (Lack.GAP,)),
    (Standing("h", 1, False, 0, "h", 0, 1, "h"), (Lack.CONTEST,)),
    (Standing("h", 1, False, 0, "h", 0, 0, "old"), (Lack.NOT_REPLAYED,)),
]


@pytest.mark.parametrize(("standing", "expected"), LACKING)
def test_what_a_draft_lacks_is_said(standing, expected):
    assert lacks(standing) == expected


# The way of a draft

pytestmark = pytest.mark.usefixtures("everything")


def begun(title="第二版"):
    return actions.begin(title=title, area=DISTRICT, actor=AUTHOR, at=MONDAY).pk


def write(draft, number, *where, actor=AUTHOR, **more):
    return actions.write_line(draft, columns=columns(number, *where, **more), actor=actor, at=MONDAY)


def whole():
    """Return a draft without gap or contest: parking is settled, and somebody leads for cats."""
    draft = begun()
    actions.end_line(draft, number="B2", actor=AUTHOR, at=MONDAY)
    write(draft, "K1", "st", "lead", CATS)
    return draft


def looked_at(draft):
    actions.audit(draft, actor=AUTHOR, at=MONDAY)
    while not replay_draft(draft, actor=AUTHOR, at=MONDAY):
        pass
    return draft


def submitted(draft, begins=MONDAY + timedelta(days=10)):
    actions.submit(looked_at(draft), in_force_from=begins, actor=AUTHOR, at=MONDAY)
    return draft


def test_a_draft_becomes_an_edition_by_a_second_person_and_is_in_force_from_its_day():
    draft = submitted(whole())
    edition = actions.approve(draft, actor=SECOND, at=MONDAY)
    begins = MONDAY + timedelta(days=10)
    assert (edition.number, edition.in_force_from) == (2, begins)
    assert in_force(begins - timedelta(seconds=1)).edition == 1
    assert in_force(begins).edition == 2
    assert [a.number for a in edition.articles.all()] == ["A1", "A2", "A3", "A4", "B1", "C1", "K1"]
    verbs = list(Entry.objects.filter(subject=f"draft:{draft}").values_list("verb", flat=True))
    assert verbs == [
        "begin_draft", "end_line", "write_line", "audit_draft", "replay_draft", "submit_draft", "approve_draft",
    ]  # fmt: skip


@pytest.mark.parametrize("whoever", [AUTHOR, "account:helper"])
def test_nobody_who_wrote_in_a_draft_approves_it(whoever):
    draft = whole()
    write(draft, "K2", "st", "assist", CATS, actor="account:helper")
    submitted(draft)
    with pytest.raises(SecondPerson):
        actions.approve(draft, actor=whoever, at=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft).update(approved_by=whoever)


def test_a_draft_with_a_gap_is_not_submitted_and_the_lost_article_is_named():
    draft = whole()
    actions.end_line(draft, number="C1", actor=AUTHOR, at=MONDAY)
    looked_at(draft)
    with pytest.raises(NotReady) as refused:
        actions.submit(draft, in_force_from=MONDAY, actor=AUTHOR, at=MONDAY)
    assert refused.value.lacks == (Lack.GAP,)
    gaps = [found for found in Draft.objects.get(pk=draft).findings if found["kind"] == "gap"]
    assert [(found["topic"], found["lost"]) for found in gaps] == [(HEATING, ["C1"])]


def test_a_draft_with_a_contest_is_not_submitted():
    draft = whole()
    write(draft, "C2", "jt", "lead", HEATING)
    with pytest.raises(NotReady) as refused:
        actions.submit(looked_at(draft), in_force_from=MONDAY, actor=AUTHOR, at=MONDAY)
    assert refused.value.lacks == (Lack.CONTEST,)


def test_one_more_change_makes_audit_and_replay_void():
    draft = looked_at(whole())
    assert drafts.lacks_of(drafts.draft(draft)) == ()
    write(draft, "K2", "st", "assist", CATS)
    assert drafts.lacks_of(drafts.draft(draft)) == (Lack.NOT_AUDITED, Lack.NOT_REPLAYED)
    actions.undo_line(draft, number="K2", actor=AUTHOR, at=MONDAY)
    assert drafts.lacks_of(drafts.draft(draft)) == ()


def test_a_submitted_draft_is_not_written_on_until_it_is_returned_with_a_reason():
    draft = submitted(whole())
    with pytest.raises(NotInThisStage):
        write(draft, "K2", "st", "assist", CATS)
    with pytest.raises(DatabaseError), transaction.atomic():
        DraftLine.objects.filter(draft=draft).delete()
    actions.give_back(draft, reason="请补协助单位", actor=SECOND, at=MONDAY)
    assert Draft.objects.get(pk=draft).returned_for == "请补协助单位"
    write(draft, "K2", "st", "assist", CATS)


def test_an_approved_draft_and_a_withdrawn_one_stay_as_they_are():
    draft = submitted(whole())
    actions.approve(draft, actor=SECOND, at=MONDAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Draft.objects.filter(pk=draft).update(title="x")
    other = actions.withdraw(begun(), reason="不做了", actor=AUTHOR, at=MONDAY)
    with pytest.raises(NotInThisStage):
        write(other.pk, "K2")


def test_an_edition_published_meanwhile_is_taken_up_before_the_draft_goes_on():
    first, second = submitted(whole(), MONDAY), whole()
    actions.approve(first, actor=SECOND, at=MONDAY)
    looked_at(second)
    assert Lack.OUTDATED in drafts.lacks_of(drafts.draft(second))
    actions.rest_on_latest(second, actor=AUTHOR, at=MONDAY)
    held = drafts.draft(second)
    assert held.based_on.number == 2
    assert Lack.MISPLACED in drafts.lacks_of(held)
    assert [(line.number, line.change) for line in held.lines.all()] == [("B2", "end"), ("K1", "change")]
    actions.undo_line(second, number="B2", actor=AUTHOR, at=MONDAY)
    assert drafts.lacks_of(drafts.draft(second)) == (Lack.NOT_AUDITED, Lack.NOT_REPLAYED)


def test_an_earlier_edition_comes_back_as_a_new_one_that_says_so():
    actions.approve(submitted(whole(), MONDAY), actor=SECOND, at=MONDAY)
    later = MONDAY + timedelta(hours=1)
    third = actions.begin(title="第三版", area=DISTRICT, actor=AUTHOR, at=later).pk
    write(third, "C1", "jt", "lead", HEATING)
    actions.approve(submitted(third, later), actor=SECOND, at=later)
    back = actions.restore(number=2, title="恢复第 2 版", area=DISTRICT, actor=AUTHOR, at=later).pk
    assert [(line.number, line.change, line.body_id) for line in drafts.draft(back).lines.all()] == [
        ("C1", "change", "zj")
    ]
    edition = actions.approve(submitted(back, later), actor=SECOND, at=later + timedelta(hours=1))
    assert (edition.number, edition.restores) == (4, 2)
    assert differences(drafts.articles_of(Edition.objects.get(number=2)), drafts.articles_of(edition)) == []


def test_a_finding_is_closed_by_the_edition_that_settles_it():
    parked, cat = receive(PARKING, LIUAN), receive(CATS, LIUAN)
    assert Finding.objects.filter(closed_at=None).count() == 2
    actions.approve(submitted(whole()), actor=SECOND, at=MONDAY)
    closed = Finding.objects.filter(closed_by="edition:2").values_list("witness", flat=True)
    assert set(closed) == {f"matter:{parked.pk}", f"matter:{cat.pk}"}


def proposal():
    return Proposal.objects.create(
        ruling="matter:7", body_id="jt", topic_id=PARKING, place_id=DISTRICT, basis="裁定所依据的条款", reason="路面归交通",
        proposed_at=MONDAY,
    )  # fmt: skip


def test_a_proposal_is_taken_by_one_draft_and_its_article_carries_the_ruling():
    asked, draft = proposal(), whole()
    line = columns("K9", "jt", "lead", PARKING, setting="road", ruling=asked.ruling)
    actions.write_line(draft, columns=line, proposal=asked.pk, actor=AUTHOR, at=MONDAY)
    with pytest.raises(actions.AlreadyTaken):
        actions.write_line(begun(), columns=line, proposal=asked.pk, actor=AUTHOR, at=MONDAY)
    edition = actions.approve(submitted(draft), actor=SECOND, at=MONDAY)
    assert Article.objects.get(edition=edition, number="K9").ruling == "matter:7"
    assert Proposal.objects.get(pk=asked.pk).taken_into == edition


def test_a_proposal_is_free_again_when_its_draft_is_withdrawn():
    asked, draft = proposal(), begun()
    line = columns("K9", "jt", "lead", PARKING, ruling=asked.ruling)
    actions.write_line(draft, columns=line, proposal=asked.pk, actor=AUTHOR, at=MONDAY)
    assert [taken.draft.pk for taken in drafts.proposals_with_drafts()] == [draft]
    actions.withdraw(draft, reason="另起", actor=AUTHOR, at=MONDAY)
    assert [taken.draft for taken in drafts.proposals_with_drafts()] == [None]
    actions.write_line(begun(), columns=line, proposal=asked.pk, actor=AUTHOR, at=MONDAY)


def test_a_committee_leads_in_its_own_affairs_only():
    with pytest.raises(actions.CommitteeLeads):
        write(begun(), "K1", "cm", "lead", CATS, LIUAN)
    write(begun(), "K1", "cm", "lead", CATS, LIUAN, list_kind="self_government")


def test_a_whole_list_ends_what_is_no_longer_on_it():
    draft = begun()
    actions.bring_lines(
        draft, columns=[columns("A1", topic="0201", basis="新"), columns("N1")],
        complete=[("department", "ga")], actor=AUTHOR, at=MONDAY,
    )  # fmt: skip
    assert [(line.number, line.change) for line in drafts.draft(draft).lines.all()] == [
        ("A1", "change"), ("B1", "end"), ("N1", "add"),
    ]  # fmt: skip


REACHES = [({"area": DISTRICT}, 1), ({"area": STREET}, 0), ({"unit": "ga"}, 0), ({"area": "990102"}, 0), ({}, 0)]


@pytest.mark.parametrize(("within", "seen"), REACHES)
def test_drafts_are_seen_by_the_district_alone(within, seen):
    whole()
    reach(**within)
    assert Draft.objects.count() == seen
    assert bool(DraftLine.objects.count()) == bool(seen)


# The replay


def test_a_replay_shows_what_moves_and_changes_nothing():
    matters = [receive(PARKING, LIUAN), receive(NOISE, LIUAN), receive(CATS, LIUAN), receive(NOISE, LIUAN, exit="E5")]
    before = [(m.pk, m.owner_id, m.stage) for m in matters]
    draft = looked_at(whole())
    kept = drafts.draft(draft).moves
    assert (kept["asked"], kept["of"], kept["done"]) == (3, 3, True)
    moved = {one[0]: (one[4][0], one[5][0], one[5][3]) for one in kept["moved"]}
    assert moved == {matters[0].pk: ("st", "ga", "B1")}
    for matter in matters:
        matter.refresh_from_db()
    assert [(m.pk, m.owner_id, m.stage) for m in matters] == before
    assert START < MONDAY


def test_a_replay_goes_on_part_by_part_and_begins_anew_when_the_draft_changes():
    for _ in range(5):
        receive(PARKING, LIUAN)
    draft = whole()
    assert not replay_draft(draft, actor=AUTHOR, at=MONDAY, most=2)
    assert drafts.draft(draft).moves["asked"] == 2
    write(draft, "K2", "st", "assist", CATS)
    assert not replay_draft(draft, actor=AUTHOR, at=MONDAY, most=2)
    assert drafts.draft(draft).moves["asked"] == 2
    assert not replay_draft(draft, actor=AUTHOR, at=MONDAY, most=2)
    assert replay_draft(draft, actor=AUTHOR, at=MONDAY, most=2)
    kept = drafts.draft(draft)
    assert (kept.moves["asked"], len(kept.moves["moved"])) == (5, 5)
    assert kept.replayed == drafts.hash_of(kept)
