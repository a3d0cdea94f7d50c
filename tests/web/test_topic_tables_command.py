"""`qianxian topics import` and `crosswalk`: whole or not at all, and used at once where demands come in."""

import csv
import json
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qianxian.collection import intake
from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.crosswalks import Labels
from qianxian.mandates.rules.topic_lists import read_crossings, read_topics
from qianxian.mandates.rules.topic_tree import Topic, TopicTree
from qianxian.web.commands.topics import topics
from tests.town import CATS, NOISE

pytestmark = pytest.mark.usefixtures("everything")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(topics, [str(argument) for argument in arguments])


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_a_tree_is_imported_and_known_at_once(tmp_path):
    path = table(
        tmp_path / "事项.csv",
        "编码,名称,俗称,例句",
        "30,低空经济,,",
        "3001,无人机,,",
        "300101,无人机扰民,飞机吵、航拍,天天飞",
    )
    told = json.loads(run("import", path, "--json").stdout)
    assert (told["topics"], told["kept"], told["faults"]) == (3, True, [])
    assert mandates.topics().topics["300101"].synonyms == ("飞机吵", "航拍")
    assert intake.known().reader.of_labels(["航拍"]).topic == "300101"


FAULTY = [
    ("3,低空经济,,", "code", "not_a_code"),
    ("30,,,", "name", "empty"),
    ("3001,无人机,,", "code", "no_parent"),
]


@pytest.mark.parametrize(("row", "column", "code"), FAULTY)
def test_a_faulty_row_and_no_topic_is_written(tmp_path, row, column, code):
    path = table(tmp_path / "事项.csv", "编码,名称,俗称,例句", "31,新事项,,", row)
    result = run("import", path, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["kept"]) == (1, False)
    assert [(fault["column"], fault["code"]) for fault in told["faults"]] == [(column, code)]
    assert "31" not in mandates.topics().topics


def test_a_crosswalk_codes_what_comes_in_under_another_catalogue(tmp_path):
    assert intake.known().reader.of_labels(["社会生活噪声扰民"]).topic == ""
    path = table(
        tmp_path / "对照.csv", "目录,版本,编码,名称,对应事项,对应关系",
        f"旧热线,2020,A01,社会生活噪声扰民,{NOISE},等同", "旧热线,2020,A02,小动物,流浪猫,相关",
    )  # fmt: skip
    assert run("crosswalk", path).exit_code == 0
    assert intake.known().reader.of_labels(["社会生活噪声扰民"]).topic == NOISE
    assert intake.known().reader.of_labels(["旧热线 A01"]).topic == NOISE
    assert intake.known().reader.of_labels(["小动物"]).topic == ""
    listed = json.loads(run("crosswalk", "--json").stdout)
    assert [(one["code"], one["topic"], one["match"]) for one in listed] == [
        ("A01", NOISE, "exact"), ("A02", CATS, "related"),
    ]  # fmt: skip


def test_a_version_of_a_crosswalk_takes_the_place_of_what_was_held_of_it(tmp_path):
    head = "目录,版本,编码,名称,对应事项"
    run("crosswalk", table(tmp_path / "一.csv", head, f"旧热线,2020,A01,扰民,{NOISE}", f"旧热线,2020,A02,猫,{CATS}"))
    run("crosswalk", table(tmp_path / "二.csv", head, f"旧热线,2020,A01,扰民,{CATS}"))
    assert [(one.code, one.topic) for one in mandates.crossings()] == [("A01", CATS)]


def test_an_unknown_topic_or_match_is_a_fault_and_nothing_is_written(tmp_path):
    path = table(
        tmp_path / "对照.csv", "目录,版本,编码,名称,对应事项,对应关系", "旧热线,1,A01,甲,没有这事,等同", f"旧热线,1,A02,乙,{CATS},差不多",
    )  # fmt: skip
    result = run("crosswalk", path, "--json")
    assert result.exit_code == 1
    assert [(f["row"], f["column"], f["code"]) for f in json.loads(result.stdout)["faults"]] == [
        (2, "topic", "unknown"), (3, "match", "unknown"),
    ]  # fmt: skip
    assert mandates.crossings() == []


def test_a_table_without_headers_is_refused(tmp_path):
    assert run("import", table(tmp_path / "x.csv", "甲,乙", "丙,丁")).exit_code == 2


def shipped(name: str) -> list[tuple[int, dict[str, str]]]:
    lines = files("qianxian.mandates").joinpath(f"data/{name}.csv").read_text("utf-8").splitlines()
    return list(enumerate(csv.DictReader(lines), start=2))


def test_the_tables_that_come_with_the_platform_are_without_fault():
    found, faults = read_topics(shipped("topics"))
    assert (len(found), faults) == (len(shipped("topics")), [])
    tree = TopicTree(Topic(topic["code"], topic["name"], tuple(topic["synonyms"])) for topic in found)
    crossings, faults = read_crossings(shipped("crosswalks"), Labels(tree))
    assert faults == []
    assert {code for (catalogue, _), ones in crossings.items() for code in [one.code for one in ones]} == {
        topic["gb30428"] for topic in found if topic["gb30428"]
    }
