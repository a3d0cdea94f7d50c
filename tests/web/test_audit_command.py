"""`qianxian mandates audit` and `check`: what is wrong with the register in force, and a clerk's own questions."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qianxian.mandates import actions as mandates_actions
from qianxian.web.acting import now
from qianxian.web.commands.mandates import mandates
from tests import town

pytestmark = pytest.mark.usefixtures("everything")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(mandates, [str(argument) for argument in arguments])


def publish(*articles: dict[str, object]) -> None:
    mandates_actions.publish(number=2, title="第二版", articles=articles, in_force_from=now(), actor="test", at=now())


def test_the_audit_finds_what_the_town_left_open_and_leaves_with_1() -> None:
    result = run("audit", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["counts"] == {"gap": 1, "contest": 1, "duty_without_benefit": 2}
    gap, contest = told["findings"][:2]
    assert (gap["topics"], gap["case"]["topic"]) == ([town.CATS], town.CATS)
    assert (contest["articles"], contest["bodies"]) == (["B1", "B2"], ["ga", "jt"])


def test_one_kind_by_its_chinese_name() -> None:
    told = json.loads(run("audit", "--kind", "多头", "--json").stdout)
    assert [finding["kind"] for finding in told["findings"]] == ["contest"]
    assert run("audit", "--kind", "懒政").exit_code == 2


def test_the_table_says_it_in_sentences() -> None:
    shown = run("audit", "--kind", "gap").stdout
    assert "流浪猫" in shown
    assert "1 个问题" in shown


def test_z3_refutes_the_town_by_a_case_of_each_finding() -> None:
    proof = json.loads(run("audit", "--proof", "--json").stdout)["proof"]
    assert (proof["proven"], proof["gap"]["topic"], proof["contest"]["topic"]) == (False, town.CATS, town.PARKING)


def test_a_register_without_fault_is_proven_and_leaves_with_0() -> None:
    publish(
        town.article("Z", "ga", "lead", "02"), *(town.article(f"Z{t}", "ga", "lead", t) for t in ("05", "06", "19"))
    )
    result = run("audit", "--proof", "--json")
    assert (result.exit_code, json.loads(result.stdout)["proof"]["proven"]) == (0, True)


def test_what_ends_before_the_day_looked_to_is_found_ahead() -> None:
    publish(
        town.article("Z", "ga", "lead", "02", valid_to=now().replace(year=now().year + 1)),
        *(town.article(f"Z{t}", "ga", "lead", t) for t in ("05", "06", "19")),
    )
    assert run("audit").exit_code == 0
    ahead = json.loads(run("audit", "--until", f"{now().year + 2}-01-01", "--json").stdout)
    assert [(finding["kind"], finding["topics"]) for finding in ahead["findings"]] == [("gap", [town.NOISE])]
    assert run("audit", "--until", "明年").exit_code == 2


QUESTIONS = """
名称: 镇上的两问
问题:
  - {{问: 停车, 事项: 违法停车, 地区: 柳岸社区, 应当: {{主责: 多头}}}}
  - {{问: 暖气, 事项: 暖气不热, 地区: 柳岸社区, 应当: {{主责: {body}}}}}
"""


def test_a_clerk_asks_the_register_in_force_by_a_file(tmp_path: Path) -> None:
    path = tmp_path / "问.yaml"
    path.write_text(QUESTIONS.format(body="住建局"), "utf-8")
    assert run("check", path).exit_code == 0
    path.write_text(QUESTIONS.format(body="交通局"), "utf-8")
    result = run("check", path, "--json")
    assert (result.exit_code, json.loads(result.stdout)["failed"]) == (1, 1)
    assert "主责应当是交通局，清单说的是住建局" in run("check", path).stdout


def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "问.yaml"
    path.write_text("问题: [", "utf-8")
    assert run("check", path).exit_code == 2
    path.write_text("问题: [{事项: 没有, 地区: 柳岸社区, 应当: {主责: 无主}}]", "utf-8")
    assert "事项“没有”不在事项目录里" in run("check", path).stderr
    assert run("check", tmp_path / "没有.yaml").exit_code == 2
