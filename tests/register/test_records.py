"""Entering, remembering, taking back and forgetting what sources say."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from qianxian.journal.queries import entries_of
from qianxian.kernel.sealing import Ring, Seal, Unreadable
from qianxian.kernel.worktime import BEIJING
from qianxian.register.actions import linking, privacy, records
from qianxian.register.models import Batch, Correction, Handout, Link, Record, Statement
from qianxian.register.queries import records as queries
from qianxian.register.rules import Unknown, facts
from qianxian.register.rules.records import Incoming, UnknownElement
from qianxian.register.sealing import ring
from tests.town import LIUAN, MONDAY

NUMBER, OTHER_NUMBER = "990101199003071231", "990101195802280422"
ACTOR = "account:worker"


def said(**values):
    return {f"person.{name}": (value, value) for name, value in values.items()}


LIN = said(name="林晓禾", sex="2", birth_date="1990-03-07", citizen_number=NUMBER, phone="19900001234",
           living_address="柳岸里6号楼402室", marital="20")  # fmt: skip


def enter(*rows, source="户籍名册", key="一月", authority="", at=MONDAY):
    batch = records.open_batch(source=source, key=key, actor=ACTOR, at=at)
    tally = None
    for tally in records.enter_persons(batch, rows, authority=authority, actor=ACTOR, at=at):  # noqa: B007
        pass
    return batch, tally


def state(record=None, *, said=LIN, source="走访登记", authority="", at=MONDAY, since=None):
    return records.state(
        record, entity="person", place=LIUAN, said=said, source=source, authority=authority, actor=ACTOR, at=at, since=since
    )  # fmt: skip


def value(record, element, at=MONDAY):
    held = queries.as_of(record, at).get(element)
    return held and held.fact.value


pytestmark = pytest.mark.usefixtures("everything")


def test_a_row_becomes_a_record_whose_number_says_nothing_of_the_person():
    _, tally = enter(Incoming("1", LIUAN, LIN))
    record = Record.objects.get()
    assert (tally.created, record.name, record.spoken, record.initials) == (1, "林晓禾", "linxiaohe", "lxh")
    assert NUMBER not in str(vars(record)) + str(vars(Statement.objects.get()))
    assert "19900001234" not in str(vars(record))
    assert queries.opened(record)["person.citizen_number"][0] == NUMBER


def test_the_same_row_is_entered_once_and_a_changed_one_changes_its_record():
    enter(Incoming("1", LIUAN, LIN))
    _, again = enter(Incoming("1", LIUAN, LIN))
    _, changed = enter(Incoming("1", LIUAN, {**LIN, **said(phone="19900005555")}), at=MONDAY + timedelta(days=1))
    assert (again.same, changed.changed, Record.objects.count()) == (1, 1, 1)
    assert queries.opened(Record.objects.get())["person.phone"][0] == "19900005555"


def test_a_row_of_another_source_with_the_same_number_joins_the_record():
    enter(Incoming("1", LIUAN, LIN))
    _, tally = enter(
        Incoming("A7", LIUAN, said(name="林晓禾", citizen_number=NUMBER, education="20")), source="低保名册"
    )
    assert (tally.joined, Record.objects.count()) == (1, 1)
    assert value(Record.objects.get(), "person.education") == "20"


def test_the_same_number_under_another_name_is_another_record_for_a_human_to_look_at():
    enter(Incoming("1", LIUAN, LIN))
    enter(Incoming("2", LIUAN, {**LIN, **said(name="王建国")}), source="另一名册")
    assert Record.objects.count() == 2


def test_the_authority_prevails_and_what_others_say_stays_visible():
    record = state(said=said(marital="20"), source="民政婚姻登记", authority="civil_affairs")
    record = state(record, said=said(marital="40"), at=MONDAY + timedelta(days=9))
    held = queries.as_of(record, MONDAY + timedelta(days=9))["person.marital"]
    assert (held.fact.value, [other.value for other in held.others]) == ("20", ["40"])
    assert record.disputed == ["person.marital"]


def test_any_past_day_is_read_as_it_was_then():
    record = state(said=said(phone="19900001111"))
    state(record, said=said(phone="19900002222"), at=MONDAY + timedelta(days=30))
    assert value(record, "person.phone", MONDAY + timedelta(days=29)) == "19900001111"
    assert value(record, "person.phone", MONDAY + timedelta(days=30)) == "19900002222"


def test_what_is_not_declared_or_switched_off_is_refused_and_nothing_is_written():
    with pytest.raises(UnknownElement):
        enter(Incoming("1", LIUAN, LIN), Incoming("2", LIUAN, {"special.hiv_way": ("1", "1")}))
    assert not Record.objects.exists()


def test_a_row_of_a_place_that_nobody_knows_is_refused_and_nothing_is_written():
    with pytest.raises(Unknown):
        enter(Incoming("1", LIUAN, LIN), Incoming("2", "990101999", LIN))
    assert not Record.objects.exists()


def test_what_was_said_is_never_changed():
    record = state()
    for change in ({"source": "x"}, {"values": {}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Statement.objects.filter(record=record).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(record=record).delete()


def test_an_import_is_taken_back_whole_and_may_come_again():
    state(said=said(name="林晓禾", citizen_number=NUMBER, marital="20"))
    batch, _ = enter(Incoming("1", LIUAN, {**LIN, **said(marital="40")}), Incoming("2", LIUAN, said(name="周福生")))
    before = Record.objects.get(name="林晓禾")
    assert value(before, "person.marital") == "40"
    assert records.undo_batch(Batch.objects.get(pk=batch.pk), actor=ACTOR, at=MONDAY + timedelta(hours=1)) == 2
    assert value(before, "person.marital", MONDAY + timedelta(hours=2)) == "20"
    assert [one.name for one in queries.listed(queries.Wanted())] == ["林晓禾"]
    _, again = enter(Incoming("2", LIUAN, said(name="周福生")), at=MONDAY + timedelta(hours=3))
    assert again.changed == 1
    assert [one.name for one in queries.listed(queries.Wanted())] == ["林晓禾", "周福生"]
    with pytest.raises(records.AlreadyUndone):
        records.undo_batch(Batch.objects.get(pk=batch.pk), actor=ACTOR, at=MONDAY)


FOUND = ["林晓禾", "林晓", "linxiaohe", "linxiao", "lxh", "199 0000 1234", NUMBER, "柳岸里6号", "6号楼402"]


@pytest.mark.parametrize("words", FOUND)
def test_a_person_is_found_by(words):
    state()
    state(said=said(name="周福生", phone="19900009999", citizen_number=OTHER_NUMBER))
    assert [one.name for one in queries.listed(queries.Wanted(words=words))] == ["林晓禾"]


@pytest.mark.parametrize("words", ["晓", "xiaohe", "1990000123", "990101199003071", "钟楼"])
def test_nobody_is_found_by(words):
    state()
    assert list(queries.listed(queries.Wanted(words=words))) == []


MOMENTS = st.integers(0, 6).map(lambda days: MONDAY + timedelta(days=days))
SAYINGS = st.lists(
    st.tuples(
        st.sampled_from([("甲", ""), ("乙", "civil_affairs"), ("丙", "oneself")]), MOMENTS, MOMENTS,
        st.dictionaries(st.sampled_from(["person.marital", "person.phone"]), st.sampled_from(["", "a", "b"]), min_size=1),
    ),
    max_size=8,
)  # fmt: skip


@given(SAYINGS, MOMENTS)
def test_reading_as_of_a_day_equals_replaying_all_that_was_known_that_day(sayings, day):
    listed = [
        facts.Statement(source, authority, since, known, order, {code: (one, one) for code, one in told.items()})
        for order, ((source, authority), since, known, told) in enumerate(sayings)
    ]
    assert {code: held.fact.value for code, held in facts.held(listed, day).items()} == replayed(listed, day)


def replayed(listed, day):
    """Walk through the days and overwrite, as a clerk with one card for each source would."""
    cards: dict[str, dict[str, tuple[datetime, str, str]]] = {}
    known = [one for one in listed if one.known_at <= day and one.since <= day]
    for one in sorted(known, key=lambda one: (one.since, one.known_at, one.order)):
        for code, (text, _) in one.said.items():
            cards.setdefault(code, {}).pop(one.source, None)
            cards[code][one.source] = (one.authority, text)
    keeper = {"person.marital": "civil_affairs", "person.phone": "oneself"}
    found = {}
    for code, of_code in cards.items():
        living = [(authority, text) for authority, text in of_code.values() if text]
        best = [text for authority, text in living if authority == keeper[code]] or [text for _, text in living]
        if best:
            found[code] = best[-1]
    return found


# Duplicates


def two_records():
    older = state(said=LIN)
    newer = state(said=said(name="林晓和", phone="19900001234", birth_date="1990-03-07"), source="服务登记")
    link = Link.objects.create(left=older, right=newer, probability=0.8, state="queued", at=MONDAY)
    return older, newer, link


def everything_of(*held):
    fresh = [Record.objects.get(pk=one.pk) for one in held]
    return [
        (one.name, one.values, queries.opened(one), sorted(one.finds.values_list('index', flat=True)), one.groups, one.merged_into_id,
         sorted(one.statements.values_list("pk", flat=True)), [t.kind for t in queries.ties_of(one, MONDAY)])
        for one in fresh
    ]  # fmt: skip


def test_linked_records_are_read_as_one_and_undoing_restores_both_exactly():
    older, newer, link = two_records()
    home = records.state(
        None,
        entity="household",
        place=LIUAN,
        said={"household.number": ("H1", "H1")},
        source="x",
        actor=ACTOR,
        at=MONDAY,
    )
    for one in (older, newer):
        records.tie(one, home, kind="member", role="02", source="x", actor=ACTOR, at=MONDAY)
    before = everything_of(older, newer)
    linking.join(link, actor=ACTOR, at=MONDAY)
    assert queries.record_by_code(newer.code) == older
    assert [one.name for one in queries.listed(queries.Wanted())] == ["林晓和"]
    assert queries.counts(LIUAN)["person"] == 1
    linking.undo(link, actor=ACTOR, at=MONDAY)
    assert everything_of(older, newer) == before
    assert queries.counts(LIUAN)["person"] == 2
    assert Link.objects.get().state == "queued"


def test_a_pair_is_decided_once():
    _older, _newer, link = two_records()
    linking.part(link, actor=ACTOR, at=MONDAY)
    with pytest.raises(linking.NotWaiting):
        linking.join(link, actor=ACTOR, at=MONDAY)
    assert Record.objects.filter(merged_into=None).count() == 2


def test_scores_above_the_upper_bound_are_linked_and_those_between_are_queued():
    held = [state(said=said(name=name)) for name in ("甲", "乙", "丙")]
    pairs = [
        SimpleNamespace(left=0, right=1, probability=0.995, reasons=()),
        SimpleNamespace(left=1, right=2, probability=0.6, reasons=()),
    ]
    counted = linking.keep_pairs(held, pairs, linking.bounds(MONDAY), at=MONDAY)
    assert counted == {"linked": 1, "queued": 1, "known": 0}
    assert linking.keep_pairs(held, pairs, linking.bounds(MONDAY), at=MONDAY) == {"linked": 0, "queued": 1, "known": 1}


def test_a_pair_that_waits_is_scored_anew_and_goes_when_the_two_no_longer_look_alike():
    held = [state(said=said(name=name)) for name in ("甲", "乙")]
    pair = SimpleNamespace(left=0, right=1, probability=0.6, reasons=())
    linking.keep_pairs(held, [pair], linking.bounds(MONDAY), at=MONDAY)
    pair.probability = 0.8
    linking.keep_pairs(held, [pair], linking.bounds(MONDAY), at=MONDAY)
    assert Link.objects.get().probability == 0.8
    linking.keep_pairs(held, [], linking.bounds(MONDAY), at=MONDAY)
    assert not Link.objects.exists()


def test_duplicates_of_the_register_are_found_with_reasons():
    for number in range(12):
        state(
            said=said(
                name=f"周福{'甲乙丙丁戊己庚辛壬癸子丑'[number]}",
                birth_date=f"1960-0{number % 9 + 1}-11",
                phone=f"1990000{number:04d}",
            )
        )
    state(said=LIN)
    state(said={**LIN, **said(name="林小禾")}, source="另一来源")
    linking.find_duplicates(at=MONDAY)
    assert any({one.left.name, one.right.name} == {"林晓禾", "林小禾"} and one.reasons for one in Link.objects.all())


# Corrections, exports, forgetting


def test_a_correction_is_answered_by_the_authority_and_becomes_a_new_statement():
    privacy.keep(authority="civil_affairs", unit="zj", area="990101", actor=ACTOR, at=MONDAY)
    record = state()
    before = Statement.objects.count()
    asked = privacy.ask_correction(
        record, element="person.marital", value="40", reason="已离婚", actor="resident", at=MONDAY
    )
    assert (asked.body_id, asked.due_at > MONDAY) == ("zj", True)
    assert list(queries.corrections_for("zj")) == [asked]
    with pytest.raises(privacy.NobodyAnswers):
        privacy.answer_correction(asked, accept=True, reply="已核实", actor=ACTOR, unit="ga", at=MONDAY)
    with pytest.raises(privacy.NoReply):
        privacy.answer_correction(asked, accept=True, reply=" ", actor=ACTOR, unit="zj", at=MONDAY)
    privacy.answer_correction(asked, accept=True, reply="已核实离婚证", actor=ACTOR, unit="zj", at=MONDAY)
    assert Statement.objects.count() == before + 1
    assert value(record, "person.marital") == "40"
    with pytest.raises(privacy.AlreadyAnswered):
        privacy.answer_correction(asked, accept=False, reply="再答", actor=ACTOR, unit="zj", at=MONDAY)


def test_an_unanswered_correction_has_no_verdict_and_an_answered_one_has_a_reply():
    privacy.keep(authority="civil_affairs", unit="zj", area="990101", actor=ACTOR, at=MONDAY)
    asked = privacy.ask_correction(
        state(), element="person.marital", value="40", reason="有误", actor="resident", at=MONDAY
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.filter(pk=asked.pk).update(accepted=True, answered_at=MONDAY, reply="")


def test_an_export_needs_a_second_person_whatever_the_program_does():
    asked = privacy.ask_handout(
        purpose="慰问高龄老人", wanted={}, area=LIUAN, actor=ACTOR, unit="cm", name="林", at=MONDAY
    )
    with pytest.raises(privacy.SecondPerson):
        privacy.decide_handout(asked, allow=True, actor=ACTOR, unit="cm", name="林", at=MONDAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Handout.objects.filter(pk=asked.pk).update(decided_by=ACTOR, allowed=True)
    with pytest.raises(privacy.NotAllowed):
        privacy.hand_out(asked, records=[], actor=ACTOR, unit="cm", name="林", at=MONDAY)
    record = state()
    privacy.decide_handout(asked, allow=True, actor="account:street", unit="st", name="文", at=MONDAY)
    privacy.hand_out(asked, records=[record.code], actor=ACTOR, unit="cm", name="林", at=MONDAY)
    with pytest.raises(privacy.NotAllowed):
        privacy.hand_out(asked, records=[record.code], actor=ACTOR, unit="cm", name="林", at=MONDAY)
    assert entries_of(f"record:{record.code}").last().details["handout"] == asked.code


def test_nobody_reads_without_a_purpose_and_each_reading_is_written_down():
    record = state()
    with pytest.raises(privacy.NoPurpose):
        privacy.read(record, elements=["person.phone"], purpose=" ", actor=ACTOR, unit="cm", name="柳岸社区", at=MONDAY)
    privacy.read(
        record, elements=["person.phone"], purpose="上门服务", actor=ACTOR, unit="cm", name="柳岸社区", at=MONDAY
    )
    assert entries_of(f"record:{record.code}").last().details["purpose"] == "上门服务"


def test_who_left_long_ago_is_forgotten_and_the_journal_holds_no_word_of_it():
    record = state(said={**LIN, "resident.moved_out": ("2019-05-01", "2019.5.1")})
    assert record.ended_at == datetime(2019, 5, 1, tzinfo=BEIJING)
    assert privacy.forget(actor="system", at=MONDAY) == 1
    assert not Record.objects.exists()
    assert not Statement.objects.exists()
    assert "林晓禾" not in str([one.details for one in entries_of(f"record:{record.code}")])


def test_who_is_here_or_left_lately_is_kept():
    state()
    state(said={**said(name="周福生"), "resident.moved_out": ("2025-12-01", "2025-12-01")})
    assert privacy.forget(actor="system", at=MONDAY) == 0


def test_the_ring_opens_what_older_keys_sealed_and_finds_by_the_same_index():
    old, new = bytes(range(32)), bytes(range(32, 64))
    sealed = Seal(old).close("990101")
    both = Ring([old, new])
    assert (both.open(sealed), both.is_newest(sealed)) == ("990101", False)
    assert both.is_newest(both.close("990101"))
    assert both.index("x") == Ring([old]).index("x")
    with pytest.raises(Unreadable):
        Ring([new]).open(sealed)
    assert ring().generation == 1
