"""Reading words: pieces, near-duplicates, a reader that is trained, its file, demands in one message, themes that grow."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.mandates.rules.splitting import split
from qianxian.mandates.rules.topic_tree import Topic, TopicTree
from qianxian.mandates.words import alike, modelfile, serving, themes, training
from qianxian.mandates.words.figures import figures, threshold
from qianxian.mandates.words.grams import cleaned, grams, joined
from qianxian.mandates.words.model import Facts, Model
from qianxian.mandates.words.modelfile import NoModel

SAID = {
    "水": ["河水发黑发臭", "夜里往河里倒废水", "水沟里全是死鱼", "井水有股怪味"],
    "学": ["学校收补课费", "孩子上学划到了很远", "幼儿园学费又涨了", "老师自己办补习班"],
    "车": ["公交车半小时一趟", "路口的红绿灯太短", "人行道停满了车", "地铁口没有天桥"],
}
REST = ["请管一管", "盼着早点解决", "已经三个月了", "钟楼那边也一样", "老人孩子都受罪", "打过电话没人理"]
ABOUT = Facts((), ("内容",), "类别", 0, "0" * 64, "2026-03-02T09:00:00+08:00", 1.0, None)


def sample(each: int = 30) -> tuple[list[str], list[str]]:
    draw = random.Random(5)
    rows = [
        (
            f"{draw.choice(said)}，{draw.choice(said)}，{draw.choice(REST)}，{draw.choice(REST)}{draw.random():.4f}",
            label,
        )
        for label, said in SAID.items()
        for _ in range(each)
    ]
    return [text for text, _ in rows], [label for _, label in rows]


@pytest.fixture(scope="module")
def reader() -> Model:
    return training.trained(training.examples(*sample()), ABOUT)


@given(st.lists(st.text("河水发黑ab ", max_size=12), max_size=5))
def test_the_pieces_of_a_batch_are_those_of_each_text(texts: list[str]) -> None:
    together = grams(texts)
    for number, text in enumerate(texts):
        alone, of_it = grams([text]), together.text == number
        assert sorted(together.number[of_it]) == sorted(alone.number)
        assert len(alone.number) == sum(max(0, len(text) - length + 1) for length in range(1, 5))


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("Ａ３区  的路灯", "区 的路灯"),
        ("2019年8月", "0年0月"),
        ("　河水\n发黑　", "河水 发黑"),
        ("", ""),
        ("\ud83d", "\ud83d"),
    ],
)
def test_texts_are_cleaned_before_they_are_read(raw: str, read: str) -> None:
    assert cleaned(raw) == read
    assert len(grams([cleaned(raw)]).number) >= 0


def test_columns_are_joined_and_a_subject_that_the_text_repeats_is_said_once() -> None:
    assert joined(["路灯不亮", "路灯不亮，请修"]) == "路灯不亮，请修"
    assert joined(["路灯", "", "西门"]) == "路灯\n西门"


def test_what_is_nearly_the_same_is_one_group_also_by_way_of_a_third() -> None:
    first = "我们小区西门的路灯从上个月起就一直不亮，晚上老人孩子走路很不安全，请尽快派人来修。"
    second = first + "谢谢。"
    third = second + "再次感谢领导的关心。"
    other = "学校旁边的饭店每天中午往马路上排油烟，熏得学生没法上课，请环保部门管一管。"
    found = alike.groups([first, other, second, third, "", ""])
    assert found[0] == found[2] == found[3]
    assert len(set(found.tolist())) == 4


def test_a_reader_learns_and_shows_the_words_that_led_it(reader: Model) -> None:
    best = reader.guesses("门口的河水发黑，没有人来看过")[0]
    assert best.label == "水"
    assert best.probability > 0.5
    assert any(piece in "河水发黑" for piece in best.pieces)
    assert reader.guesses("", 3)[0].pieces == ()


def test_one_text_is_read_as_in_a_batch(reader: Model) -> None:
    texts = sample(5)[0]
    together = reader.probabilities(texts)
    assert np.allclose(together, np.concatenate([reader.probabilities([text]) for text in texts]), atol=1e-5)
    assert np.allclose(together.sum(axis=1), 1, atol=1e-5)
    assert reader.probabilities([]).shape == (0, 3)


def test_cross_validation_never_judges_what_it_learned_nearly_the_same() -> None:
    texts, labels = sample(10)
    given_ = training.examples([*texts, *(f"{text}。" for text in texts)], [*labels, *labels])
    for learnt, unseen in training._folds(given_, 0, 5):
        assert not set(given_.group[learnt]) & set(given_.group[unseen])
    (_, found), (_, again) = (next(iter(training.validated(given_, [seed]))) for seed in (3, 3))
    assert found == again
    assert found.rows == 60
    assert sum(map(sum, found.confusion)) == 60


@pytest.mark.parametrize(
    ("texts", "labels", "code"),
    [([], [], "empty"), (["甲", "乙"], ["水", "水"], "one_label"), (["甲", "乙", "丙"], ["水", "水", "学"], "lonely")],
)
def test_too_little_to_learn_from_is_refused(texts: list[str], labels: list[str], code: str) -> None:
    with pytest.raises(training.NotEnough) as refused:
        training.examples(texts, labels)
    assert refused.value.code == code


def test_empty_and_equal_texts_can_be_learned_from_without_harm() -> None:
    made = training.trained(training.examples(["", "河水", "", "学校"] * 3, ["水", "水", "学", "学"] * 3), ABOUT)
    assert made.probabilities(["河水"]).shape == (1, 2)


def test_the_threshold_reaches_its_accuracy_and_covers_as_much_as_it_can() -> None:
    likely = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]], np.float32)
    assert threshold(likely, np.array([0, 0, 1, 1]), 0.95) == pytest.approx(0.8)
    assert threshold(likely, np.array([1, 1, 1, 1]), 0.95) is None
    told = figures(likely, np.array([0, 0, 1, 1]), ("甲", "乙"), None)
    assert (told.coverage_at_95, told.accuracy_of_covered, told.accuracy, told.top2) == (0.5, 1.0, 0.5, 1.0)
    assert told.confusion == [[2, 0], [2, 0]]


def test_a_model_file_comes_back_as_it_was(reader: Model, tmp_path: Path) -> None:
    path = tmp_path / "words.model"
    modelfile.save(reader, path)
    back = modelfile.load(path)
    assert back.facts == reader.facts
    assert (back.scores(sample(3)[0]) == reader.scores(sample(3)[0])).all()
    assert [found.name for found in tmp_path.iterdir()] == ["words.model"]


def _rewritten(whole: bytes, **changes: object) -> bytes:
    at = len(modelfile.MARK)
    length = int.from_bytes(whole[at : at + 8], "little")
    header = json.loads(whole[at + 8 : at + 8 + length]) | changes
    told = json.dumps(header).encode()
    return whole[:at] + len(told).to_bytes(8, "little") + told + whole[at + 8 + length :]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda whole: b"", "foreign"),
        (lambda whole: b"PK\x03\x04" + whole, "foreign"),
        (lambda whole: b"\x80\x04cos\nsystem\n(S'touch /tmp/run'\ntR.", "foreign"),
        (lambda whole: whole[:-1], "damaged"),
        (lambda whole: whole[: len(modelfile.MARK) + 4], "damaged"),
        (lambda whole: whole[:-4] + b"\0\0\0\0", "damaged"),
        (lambda whole: whole[: len(modelfile.MARK)] + b"\xff" * 8 + whole[24:], "damaged"),
        (lambda whole: whole[: len(modelfile.MARK)] + (9).to_bytes(8, "little") + b"[" * 9, "damaged"),
        (lambda whole: _rewritten(whole, format=modelfile.FORMAT + 1), "newer"),
        (lambda whole: _rewritten(whole, parts={"numbers": [10**12]}), "damaged"),
        (lambda whole: _rewritten(whole, facts={"labels": ["甲"]}), "damaged"),
        (lambda whole: _rewritten(whole, sha256="0"), "damaged"),
    ],
)
def test_a_broken_or_foreign_file_is_refused(reader: Model, tmp_path: Path, spoil: object, code: str) -> None:
    path = tmp_path / "words.model"
    modelfile.save(reader, path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(NoModel) as refused:
        modelfile.load(path)
    assert refused.value.code == code


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoModel, match="missing"):
        modelfile.load(tmp_path / "none.model")
    (tmp_path / "large.model").write_bytes(modelfile.MARK * 4)
    monkeypatch.setattr(modelfile, "LARGEST", 20)
    with pytest.raises(NoModel, match="too_large"):
        modelfile.load(tmp_path / "large.model")


TREE = TopicTree(
    [
        Topic("02", "环境保护", ("环保",)), Topic("0204", "水污染"), Topic("020402", "黑臭水体", ("河水发臭", "河水发黑")),
        Topic("03", "市政设施"), Topic("0304", "照明"), Topic("030401", "路灯不亮", ("路灯坏了", "没有路灯")),
        Topic("11", "教育", ("学校",)), Topic("1101", "收费"), Topic("110101", "补课收费", ("收补课费",)),
        Topic("01", "城市管理"), Topic("0107", "油烟"), Topic("010701", "餐饮油烟", ("油烟直排", "饭店油烟")),
    ]
)  # fmt: skip


def test_labels_are_matched_by_crosswalk_code_name_and_path() -> None:
    found = serving.matched(
        ["水", "1101", "环保", "市政设施/照明", "月球"],
        TREE,
        {"水": ["0204", "99"]},
    )
    assert found == {"水": ("0204",), "1101": ("1101",), "环保": ("02",), "市政设施/照明": ("0304",)}


def test_a_trained_reader_moves_its_topic_to_the_front_and_says_nothing_sure_below_its_confidence(
    reader: Model,
) -> None:
    codes = {"水": ("02",), "学": ("11",), "车": ("03",)}
    read = TopicTree(TREE.topics.values(), serving.Served(reader, codes))
    words = "学校旁边的路灯坏了没人修，可学校收补课费倒是积极"
    assert read.suggested(words)[0].topic == "110101"
    unsure = serving.Served(Model(ABOUT.__class__(**{**vars_of(reader.facts), "sure": None}), *parts_of(reader)), codes)
    assert unsure.read(words).sure == ""


def vars_of(facts: Facts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


def parts_of(model: Model) -> tuple[object, ...]:
    return model.numbers, model.rarity, model.weights, model.bias


def test_a_model_that_cannot_be_read_leaves_the_tree_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "topics.model").write_bytes(b"no model")
    assert serving.served(TREE, tmp_path / "topics.model", tmp_path / "none.json") is TREE


def topic_of(words: str) -> str:
    return next((t.code for t in TREE.topics.values() for term in t.synonyms if len(t.code) == 6 and term in words), "")


@pytest.mark.parametrize(
    ("words", "pieces"),
    [
        ("西门的路灯坏了。另外楼下饭店油烟直排。", ["西门的路灯坏了。", "另外楼下饭店油烟直排。"]),
        ("两件事：1、西门的路灯坏了；2、楼下饭店油烟直排。", ["两件事：\n西门的路灯坏了；", "两件事：\n楼下饭店油烟直排。"]),
        ("一、西门的路灯坏了。二、东边河水发黑。三、学校收补课费。", ["西门的路灯坏了。", "东边河水发黑。", "学校收补课费。"]),
        ("①西门的路灯坏了很久；②楼下饭店油烟直排。", ["西门的路灯坏了很久；", "楼下饭店油烟直排。"]),
        ("西门的路灯坏了很久。东边的河水发黑。", ["西门的路灯坏了很久。", "东边的河水发黑。"]),
        ("西门的路灯坏了。另外希望你们快一点来。", []),
        ("西门的路灯坏了很久。东门的路灯坏了也很久。", []),
        ("电费1.5元，水费2.5元，太贵。", []),
        ("3、西门的路灯坏了很久", []),
        ("还有人在河边钓鱼，河水发黑了。", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_message_is_cut_where_another_demand_begins(words: str, pieces: list[str]) -> None:
    assert [piece.words for piece in split(words, topic_of)] == pieces


@given(st.text("一二1、2。；另外路灯坏了河水发黑\n", max_size=80))
def test_pieces_are_made_of_the_words_and_nothing_else(words: str) -> None:
    found = split(words, topic_of)
    assert len(found) != 1
    assert all(set(piece.words) <= set(words + "\n") for piece in found)


def months(growing_now: int) -> list[themes.Message]:
    draw = random.Random(9)
    calm = [
        themes.Message(f"{month}-{n}", month, f"{draw.choice(SAID[label])}，{draw.choice(REST)}{draw.random()}", "乙", "110101")
        for month in ("2026-01", "2026-02", "2026-03")
        for n in range(60)
        for label in ("学", "车")
    ]  # fmt: skip
    grown = [
        themes.Message(
            f"g{n}", "2026-03", f"翠湖里旁边新建的搅拌站{draw.choice(REST)}{draw.random()}", "甲", "020402", n
        )
        for n in range(growing_now)
    ]
    return [*calm, *grown]


def test_a_theme_is_found_with_its_phrase_place_votes_and_messages() -> None:
    found = themes.growing(months(12))
    assert "搅拌站" in found[0].name
    assert (found[0].count, found[0].place, found[0].votes, found[0].month) == (12, "甲", 66, "2026-03")
    assert found[0].keys[0] == "g11"
    assert dict(found[0].series) == {"2026-01": 0, "2026-02": 0, "2026-03": 12}
    assert found[0].chance <= 0.01


def test_what_comes_as_often_as_ever_or_too_seldom_is_no_theme() -> None:
    assert themes.growing(months(0)) == []
    assert themes.growing(months(4)) == []
    assert themes.growing([]) == []
    assert themes.growing(months(12), "2026-01") == []


@pytest.mark.parametrize(
    ("count", "size", "before", "size_before", "low", "high"),
    [(20, 100, 20, 100, 0.4, 1.0), (20, 100, 0, 100, 0.0, 1e-5), (5, 100, 30, 100, 1.0, 1.0), (40, 400, 10, 100, 0.4, 1.0)],
)  # fmt: skip
def test_growth_is_measured_by_share_and_against_chance(count, size, before, size_before, low, high) -> None:
    _, _, p = themes.surprise(count, size, before, size_before)
    assert low <= p <= high
