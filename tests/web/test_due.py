from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from qianxian.web.shell.due import due_words

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "state", "words"),
    [
        (timedelta(days=3, hours=5), "calm", "还剩 3 天"),
        (timedelta(hours=47), "calm", "还剩 47 小时"),
        (timedelta(hours=24), "soon", "还剩 24 小时"),
        (timedelta(minutes=59), "soon", "还剩 59 分钟"),
        (timedelta(0), "soon", "还剩 0 分钟"),
        (-timedelta(hours=2), "over", "已超时 2 小时"),
        (-timedelta(days=9), "over", "已超时 9 天"),
    ],
)
def test_a_deadline_is_told_in_the_largest_unit_that_promises_nothing(left, state, words):
    found = due_words(NOON + left, NOON)
    assert (found.state, found.words) == (state, words)


def test_work_done_is_told_by_when_it_was_done_and_not_by_now():
    late = NOON + timedelta(days=30)
    assert due_words(NOON, late, done_at=NOON).words == "按时办结"
    assert due_words(NOON, late, done_at=NOON + timedelta(hours=3)).words == "超时 3 小时办结"


def test_english_counts_one_and_many():
    with translation.override("en"):
        assert due_words(NOON + timedelta(hours=1), NOON).words == "1 hour left"
        assert due_words(NOON + timedelta(hours=3), NOON).words == "3 hours left"
