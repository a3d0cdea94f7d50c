"""What waits for whom, and how a list is paged."""

from datetime import timedelta

import pytest

from qianxian.cadres.queries import reach
from qianxian.cadres.rules import Actor
from qianxian.matters import actions
from qianxian.matters.queries import desk
from qianxian.matters.rules.life import Result
from tests.town import (
    CATS,
    CENTRE,
    COMMUNITY,
    HEATING,
    HOUSING,
    LIUAN,
    MONDAY,
    NOISE,
    PARKING,
    POLICE,
    STREET_OFFICE,
    ZHONGLOU,
    later,
    post_secretary,
    receive,
)

pytestmark = pytest.mark.usefixtures("everything")
NOW = later(1)


def waits(actor: Actor, narrowing: desk.Narrowing | None = None, **paging: object) -> list[tuple[str, str]]:
    found = desk.waiting(
        actor, desk.threads_of(actor), narrowing or desk.Narrowing(), desk.Paging(**paging), NOW
    )  # fmt: skip
    return [(row.thread, row.matter["code"]) for row in found.rows]


def test_a_matter_waits_for_its_owner_until_it_is_resolved():
    matter = receive()
    assert waits(POLICE) == [("own", matter.code)]
    actions.resolve(matter.pk, result=Result.EXPLAINED, reply="已说明", evidence="", actor=POLICE, at=NOW)
    assert waits(POLICE) == []


def test_help_waits_for_the_unit_that_was_asked_until_it_answers():
    matter = receive()
    asked = actions.ask_help(matter.pk, unit="cm", what="约住户", due_at=later(8), actor=POLICE, at=MONDAY)
    assert waits(COMMUNITY) == [("help", matter.code)]
    actions.answer_help(asked.pk, delivered=True, answer="约好了", actor=COMMUNITY, at=NOW)
    assert waits(COMMUNITY) == []


def test_a_whistle_waits_until_the_work_is_reported():
    matter = receive()
    blown = actions.whistle(
        matter.pk, kind="demand", units=["zj"], what="到场", required_at=later(2), actor=STREET_OFFICE, at=MONDAY
    )
    arrival = blown.arrivals.get()
    assert waits(HOUSING) == [("whistle", matter.code)]
    actions.arrive(arrival.pk, actor=HOUSING, at=NOW)
    assert waits(HOUSING) == [("whistle", matter.code)]
    actions.report_work(arrival.pk, work="已处置", rating=5, actor=HOUSING, at=NOW)
    assert waits(HOUSING) == []


def test_supervision_waits_for_the_owner_beside_the_matter_itself():
    matter = receive()
    actions.supervise(matter.pk, cause="unsolved", note_="请说明", actor=CENTRE, at=MONDAY)
    assert sorted(waits(POLICE)) == [("own", matter.code), ("supervision", matter.code)]


def test_an_extension_waits_for_whom_the_owner_answers_to_and_for_the_supervisor():
    matter = receive()
    actions.ask_extension(matter.pk, amount=1, reason="等配件", actor=POLICE, at=MONDAY)
    assert ("extension", matter.code) in waits(STREET_OFFICE)
    assert ("extension", matter.code) in waits(CENTRE)
    assert ("extension", matter.code) not in waits(HOUSING)


def test_an_objection_waits_for_its_ruling():
    matter = receive()
    actions.object_to(matter.pk, names="zj", article="A2", reason="在小区里", actor=POLICE, at=MONDAY)
    assert ("objection", matter.code) in waits(STREET_OFFICE)
    actions.adjudicate(matter.pk, to="ga", article="A1", reason="在路上", actor=CENTRE, at=NOW)
    assert ("objection", matter.code) not in waits(STREET_OFFICE)


def test_what_the_register_leaves_open_waits_for_the_supervisor():
    silent, contested = receive(CATS), receive(PARKING)
    assert sorted(waits(CENTRE)) == sorted([("unsettled", silent.code), ("unsettled", contested.code)])


def test_a_plea_waits_for_the_supervisor():
    matter = receive()
    actions.plead(matter.pk, purpose="remove", ground="withdrawn", reason="已撤回", actor=POLICE, at=MONDAY)
    assert waits(CENTRE) == [("plea", matter.code)]


def test_a_posted_cadre_sees_what_the_cadre_owns_in_person():
    secretary = post_secretary()
    matter = receive(CATS)
    of_another_unit = Actor(secretary.name, "zj", secretary.role, secretary.area, secretary.posting)
    assert waits(of_another_unit)[0] == ("posting", matter.code)


@pytest.mark.parametrize("by", ["due", "arrived"])
@pytest.mark.parametrize("falling", [False, True])
def test_turning_every_page_forth_and_back_meets_every_row_once_and_in_order(by: str, falling: bool):
    for number in range(7):
        matter = receive(at=MONDAY + timedelta(minutes=number // 2))
        if number % 2:
            actions.ask_help(matter.pk, unit="zj", what="来", due_at=later(8), actor=POLICE, at=later(0.5))
            receive(HEATING, at=MONDAY)
    whole = waits(HOUSING, by=by, falling=falling, size=50)
    assert len(whole) == 6
    for size in (1, 2, 4):
        assert _turned(by, falling, size, forth=True) == whole
        assert _turned(by, falling, size, forth=False) == whole


def _turned(by: str, falling: bool, size: int, *, forth: bool) -> list[tuple[str, str]]:
    pages: list[list[tuple[str, str]]] = []
    paging = desk.Paging(by=by, falling=falling, size=size, last=not forth)
    while True:
        page = desk.waiting(HOUSING, desk.threads_of(HOUSING), desk.Narrowing(), paging, NOW)
        pages.append([(row.thread, row.matter["code"]) for row in page.rows])
        edge = page.after if forth else page.before
        if edge is None:
            return [row for found in (pages if forth else pages[::-1]) for row in found]
        where = {"after": edge} if forth else {"before": edge}
        paging = desk.Paging(by=by, falling=falling, size=size, **where)


def test_a_list_is_narrowed_by_state_topic_place_and_lateness():
    noise, heating = receive(place=LIUAN), receive(HEATING, place=ZHONGLOU)
    actions.sign(noise.pk, actor=POLICE, at=MONDAY)
    assert waits(POLICE, desk.Narrowing(state="sign")) == []
    assert waits(POLICE, desk.Narrowing(state="contact")) == [("own", noise.code)]
    assert waits(HOUSING, desk.Narrowing(topic="05")) == [("own", heating.code)]
    assert waits(HOUSING, desk.Narrowing(topic="02")) == []
    assert waits(HOUSING, desk.Narrowing(place=LIUAN)) == []
    assert waits(HOUSING, desk.Narrowing(overdue=True)) == []


def test_two_characters_find_a_matter_within_reach_and_none_beyond():
    matter = receive(words="三号楼电梯又停了，老人下不来。")
    receive(words="广场舞太吵。")

    def everywhere(actor: Actor, words: str) -> list[str]:
        found = desk.waiting(actor, (desk.FOUND,), desk.Narrowing(words=words), desk.Paging(), NOW)
        return [row.matter["code"] for row in found.rows]

    assert everywhere(POLICE, "电梯") == [matter.code]
    assert everywhere(POLICE, "电梯停") == []
    assert waits(POLICE, desk.Narrowing(words="电梯")) == [("own", matter.code)]
    reach(unit="zj")
    assert everywhere(HOUSING, "电梯") == []


def test_who_is_called_in_later_finds_the_matter_by_its_words_from_then_on():
    matter = receive(words="三号楼电梯又停了，老人下不来。")

    def found() -> list[desk.Waiting]:
        return desk.waiting(HOUSING, (desk.FOUND,), desk.Narrowing(words="电梯"), desk.Paging(), NOW).rows

    assert found() == []
    actions.ask_help(matter.pk, unit="zj", what="来", due_at=later(8), actor=POLICE, at=MONDAY)
    assert [row.matter["code"] for row in found()] == [matter.code]


def test_counts_say_how_many_wait_in_each_thread():
    receive(), receive()
    assert desk.counts(POLICE, desk.threads_of(POLICE), NOW)["own"] == 2


@pytest.mark.parametrize("text", ["", "x", "2026-03-02T09:00:00+08:00~x~1", "~1~1", "2026-13-02~1~1"])
def test_a_cursor_that_cannot_be_read_is_none(text: str):
    assert desk.cursor(text) is None


def test_a_cursor_is_read_as_it_was_written():
    edge = desk.Cursor(MONDAY, 3, 12)
    assert desk.cursor(str(edge)) == edge


def test_the_open_matters_of_an_area_are_those_of_its_places():
    matter = receive(NOISE, place=LIUAN)
    receive(NOISE, place=ZHONGLOU)
    threads = desk.area_threads(LIUAN, [LIUAN, ZHONGLOU])
    rows = desk.waiting(COMMUNITY, threads, desk.Narrowing(), desk.Paging(), NOW).rows
    assert [row.matter["code"] for row in rows] == [matter.code]
