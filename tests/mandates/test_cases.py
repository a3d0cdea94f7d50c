"""The questions of cases/*.yaml, which a street's clerk can read, asked of the registers that stand beside them."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.articles import Power
from qianxian.mandates.rules.bases import laws
from qianxian.mandates.rules.ground import Ground
from qianxian.mandates.rules.questions import Unreadable, answered, read
from qianxian.mandates.rules.settings import SETTINGS
from qianxian.mandates.rules.topic_tree import Topic, TopicTree
from qianxian.register.rules import Kind, Level, Organisation, Place, directory
from qianxian.web.public import words

PACKAGE = Path(words.__file__).parents[2]
DISTRICT = PACKAGE / "web" / "demonstration"
TODAY = datetime(2026, 4, 1, tzinfo=BEIJING)
SHEETS = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def rows(path):
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


TREE = TopicTree(
    Topic(row["code"], row["name"], powers=frozenset(Power(power) for power in row["powers"].split("|") if power))
    for row in rows(PACKAGE / "mandates" / "data" / "topics.csv")
)
NAMES = directory(
    [
        (Organisation(row["code"], row["name"], row["short"], Kind(row["kind"]), row["place"]), ())
        for row in rows(DISTRICT / "organisations.csv")
    ],
    [
        (Place(row["code"], row["name"], Level(row["level"]), Period(TODAY)), ())
        for row in rows(DISTRICT / "places.csv")
    ],
)
GROUND = Ground(
    TODAY, TREE.topics, {code: place.name for code, place in NAMES.places.items()}, NAMES.organisations, SETTINGS, laws=laws()
)  # fmt: skip


@pytest.mark.parametrize("path", SHEETS, ids=[path.stem for path in SHEETS])
def test_the_register_says_what_the_sheet_wants(path):
    sheet = read(yaml.safe_load(path.read_text("utf-8")), NAMES, TREE, TODAY)
    results = answered(sheet, (), GROUND)
    assert [(result.question.words, result.differences) for result in results if result.differences] == []
    assert len(results) == len(sheet.questions) > 0


def sheet(**question):
    given = {"事项": "企业安全隐患", "地区": "柳岸社区", "场所": "企业", "应当": {"主责": "无主"}}
    return {"清单": [], "问题": [given | question]}


WRONG = [
    ("文件里没有“问题”", {"清单": []}),
    ("事项“修飞船”不在事项目录里", sheet(事项="修飞船")),
    ("地区“月球”不在名录里", sheet(地区="月球")),
    ("场所“太空”不认识", sheet(场所="太空")),
    ("日期“昨天”认不出", sheet(时间="昨天")),
    ("没有写“应当”", sheet(应当=None)),
    ("不认识“主责人”", sheet(应当={"主责人": "张三"})),
    ("单位“月球局”不在名录里", sheet(应当={"主责": "月球局"})),
    ("毛病“懒政”不认识", sheet(应当={"毛病": "懒政"})),
    ("应当逐条列出", {"问题": "谁管"}),
]


@pytest.mark.parametrize(("sentence", "document"), WRONG, ids=[case[0] for case in WRONG])
def test_what_cannot_be_read_is_said_with_its_place(sentence, document):
    with pytest.raises(Unreadable, match=sentence):
        read(document, NAMES, TREE, TODAY)


def test_a_difference_is_said_in_one_sentence():
    (result,) = answered(read(sheet(应当={"主责": "区应急局"}), NAMES, TREE, TODAY), (), GROUND)
    assert result.differences == ("主责应当是区应急局，清单说的是无主",)


def test_settings_have_the_same_names_here_and_on_the_pages():
    assert {code: str(name) for code, name in words.SETTINGS.items()} == SETTINGS
