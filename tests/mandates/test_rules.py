"""Who answers, told by articles alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.answering import Index, Outcome, answerable, decided
from qianxian.mandates.rules.articles import Article, Case, Duty, Power, Scope
from qianxian.mandates.rules.topic_tree import Topic, TopicTree

START = datetime(2026, 1, 1, tzinfo=BEIJING)
MAY = datetime(2026, 5, 1, tzinfo=BEIJING)
YEAR = Period(START, datetime(2027, 1, 1, tzinfo=BEIJING))


def lead(body, topic="0201", place="990101", setting="", period=YEAR, number="", duty=Duty.LEAD, powers=()):
    scope = Scope(topic, place, setting, period)
    return Article(number or f"{body}-{topic}-{place}-{setting}", body, duty, scope, "清单", frozenset(powers))


def ask(*articles, topic="020101", place="990101001001", setting="", at=MAY, needs=()):
    return answerable(Index(articles), Case(topic, place, setting, at), needs)


NARROWER = [
    ("topic", lead("a"), lead("b", topic="020101"), {}),
    ("place", lead("a"), lead("b", place="990101001"), {}),
    ("setting", lead("a"), lead("b", setting="compound"), {"setting": "compound"}),
    ("period", lead("a"), lead("b", period=Period(MAY, MAY + timedelta(days=9))), {}),
]


@pytest.mark.parametrize(("side", "wide", "narrow", "case"), NARROWER)
def test_the_article_whose_scope_lies_inside_the_other_prevails(side, wide, narrow, case):
    answer = ask(wide, narrow, **case)
    assert (answer.outcome, answer.body) == (Outcome.DECIDED, "b")
    assert [(beaten.article.body, beaten.narrower_in) for beaten in answer.beaten] == [("a", (side,))]


def test_scopes_that_overlap_without_containment_are_contested():
    answer = ask(lead("a", topic="020101"), lead("b", place="990101001"))
    assert (answer.outcome, answer.article) == (Outcome.CONTESTED, None)
    assert {article.body for article in answer.rivals} == {"a", "b"}


def test_two_leads_of_one_body_are_no_contest():
    assert ask(lead("a", topic="020101"), lead("a", place="990101001")).body == "a"


def test_a_narrower_third_settles_a_contest():
    third = lead("c", topic="020101", place="990101001")
    assert ask(lead("a", topic="020101"), lead("b", place="990101001"), third).body == "c"


SILENT = [
    ("another topic", {"topic": "060101"}),
    ("another district", {"place": "990199001"}),
    ("before it is in force", {"at": START - timedelta(seconds=1)}),
    ("when its time is over", {"at": YEAR.end}),
    ("a demand without topic", {"topic": ""}),
]


@pytest.mark.parametrize(("_why", "case"), SILENT)
def test_the_register_is_silent_on(_why, case):
    assert ask(lead("a"), **case).outcome is Outcome.SILENT


def test_an_article_for_a_setting_says_nothing_where_the_setting_is_unknown():
    assert ask(lead("a", setting="compound")).outcome is Outcome.SILENT


def test_who_assists_never_leads():
    answer = ask(lead("community", duty=Duty.ASSIST))
    assert (answer.outcome, [article.body for article in answer.assisting]) == (Outcome.SILENT, ["community"])


def test_the_answer_names_who_holds_each_power_that_the_case_needs():
    answer = ask(lead("a"), lead("b", duty=None, powers={Power.ENTRY}), needs={Power.ENTRY, Power.FUNDS})
    assert answer.holders == {Power.ENTRY: ("b",), Power.FUNDS: ()}


TOPICS, PLACES, SETTINGS = (
    ["", "02", "0201", "020101", "020102"],
    ["", "990101", "990101001", "990101002"],
    ["", "road"],
)
SCOPES = st.builds(
    lambda body, topic, place, setting, days: lead(body, topic, place, setting, Period(START, START + timedelta(days))),
    st.sampled_from("abc"), st.sampled_from(TOPICS), st.sampled_from(PLACES), st.sampled_from(SETTINGS),
    st.sampled_from([100, 365]),
)  # fmt: skip


@given(
    st.lists(SCOPES, max_size=8), st.sampled_from(TOPICS[3:]), st.sampled_from(PLACES[2:]), st.sampled_from(SETTINGS)
)
def test_the_index_says_what_reading_every_article_says(articles, topic, place, setting):
    case = Case(topic, place, setting, MAY - timedelta(days=60))
    covering = [article for article in articles if article.scope.covers(case)]
    assert sorted(map(str, Index(articles).covering(case))) == sorted(map(str, covering))
    innermost = [
        a for a in covering if not any(b.scope.inside(a.scope) and not a.scope.inside(b.scope) for b in covering)
    ]
    bodies = {article.body for article in innermost}
    answer = answerable(Index(articles), case)
    assert answer.outcome is (
        Outcome.SILENT if not bodies else Outcome.DECIDED if len(bodies) == 1 else Outcome.CONTESTED
    )
    assert answer.body == (next(iter(bodies)) if len(bodies) == 1 else "")


@given(st.lists(SCOPES, max_size=8), st.sampled_from(TOPICS), st.sampled_from([*PLACES, "990102"]))
def test_the_cheap_decision_is_the_one_of_the_whole_answer(articles, topic, place):
    index, case = Index(articles), Case(topic, place, "road", MAY)
    whole, cheap = answerable(index, case), decided(index, case)
    assert (whole.outcome, whole.article, whole.rivals) == (cheap.outcome, cheap.article, cheap.rivals)


def said(index, case):
    standing = decided(index, case)
    return standing.outcome, standing.article, standing.rivals


def test_threads_that_ask_a_fresh_index_at_once_get_the_same_answers():
    articles = [lead(body, topic, place) for body in "ab" for topic in TOPICS for place in PLACES]
    cases = [Case(topic, place, "", MAY) for topic in TOPICS for place in PLACES] * 20
    alone = [said(Index(articles), case) for case in cases]
    for _ in range(20):
        index = Index(articles)
        with ThreadPoolExecutor(8) as threads:
            told = list(threads.map(lambda order: [said(index, case) for case in order], [cases, cases[::-1]] * 4))  # noqa: B023
        assert all(order == (alone if n % 2 == 0 else alone[::-1]) for n, order in enumerate(told))


TREE = TopicTree(
    [
        Topic("02", "环境保护"),
        Topic("0201", "噪声"),
        Topic("020101", "广场舞噪声", ("广场舞太吵", "跳舞音响声大"), ("老人跳舞放音响到半夜。",)),
        Topic("020102", "施工噪声", ("工地半夜施工", "打桩声")),
    ]
)


@pytest.mark.parametrize(
    ("words", "topic"),
    [("楼下广场舞音响太吵", "020101"), ("工地半夜还在打桩", "020102"), ("工地打桩声吵得睡不着", "020102")],
)
def test_words_lead_to_a_topic_by_the_trees_own_words(words, topic):
    suggestion = TREE.suggested(words)[0]
    assert suggestion.topic == topic
    assert all(piece in words for piece in suggestion.words)
    assert suggestion.words


def test_words_that_the_tree_does_not_know_lead_nowhere():
    assert TREE.suggested("请问几点开门") == []


def test_the_path_of_a_topic_runs_from_wide_to_narrow():
    assert [topic.code for topic in TREE.path("020101")] == ["02", "0201", "020101"]
