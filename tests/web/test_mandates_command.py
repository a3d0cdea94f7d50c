"""`qianxian mandates`: who answers, and a new edition whole or not at all."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result
from xlsxwriter import Workbook

from qianxian.mandates.models import Article, Edition
from qianxian.web.commands.mandates import mandates

pytestmark = pytest.mark.usefixtures("everything")
HEAD = ["编号", "清单", "单位", "责任", "事项", "地区", "生效", "依据"]
GOOD = ["D1", "权责清单", "交通局", "主责", "060101", "990101", "2026-01-01", "清单第1项"]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(mandates, [str(argument) for argument in arguments])


def workbook(path: Path, *rows: list[str]) -> Path:
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEAD, *rows]):
            sheet.write_row(number, 0, row)
    return path


def test_the_register_answers_by_names(tmp_path: Path) -> None:
    found = run("ask", "--topic", "邻里噪声", "--place", "柳岸社区", "--setting", "compound", "--json")
    assert json.loads(found.stdout)["article"]["body_name"] == "住建局"
    assert run("ask", "--topic", "违法停车").exit_code == 1
    assert run("ask", "--topic", "没有").exit_code == 2


def test_an_edition_is_published_from_a_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "清单.xlsx", GOOD)
    result = run("import", path, "--title", "第二版", "--from", "2026-07-01", "--json")
    assert (result.exit_code, json.loads(result.stdout)["edition"]) == (0, 2)
    assert Article.objects.filter(edition__number=2).count() == 1


def test_one_faulty_row_and_nothing_is_published_and_the_copy_says_where(tmp_path: Path) -> None:
    path = workbook(tmp_path / "清单.xlsx", GOOD, ["D2", "权责清单", "月球局", "主责", "060101", "990101", "去年", "x"])
    result = run("import", path, "--title", "第二版", "--from", "2026-07-01", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["edition"]) == (1, None)
    assert [(fault["row"], fault["column"]) for fault in told["faults"]] == [(3, "body"), (3, "valid_from")]
    copy = load_workbook(tmp_path / "清单-问题.xlsx").worksheets[0]
    assert copy["C3"].comment is not None
    assert not Edition.objects.filter(number=2).exists()


def test_a_trial_publishes_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "清单.xlsx", GOOD)
    assert run("import", path, "--title", "第二版", "--from", "2026-07-01", "--dry-run").exit_code == 0
    assert Edition.objects.count() == 1
    assert run("import", path, "--title", "第二版", "--from", "下个月").exit_code == 2
