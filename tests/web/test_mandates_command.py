"""`qianxian mandates`: who answers, and a new edition whole or not at all."""

import json
from pathlib import Path

import pytest
from django.db import connection
from openpyxl import load_workbook
from typer.testing import CliRunner, Result
from xlsxwriter import Workbook

from qianxian.mandates.actions import publish
from qianxian.mandates.models import Article, Draft, Edition, Finding
from qianxian.web.commands.mandates import mandates
from tests.books import ASSISTING, BASIC, book
from tests.town import ARTICLES, CATS, HEATING, LIUAN, MONDAY, NOISE, article, receive

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


def test_what_comes_after_the_first_edition_goes_into_a_draft(tmp_path: Path) -> None:
    path = workbook(tmp_path / "清单.xlsx", GOOD)
    result = run("import", path, "--title", "第二版", "--from", "2026-07-01", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["edition"], told["articles"]) == (0, None, 1)
    assert [line.number for line in Draft.objects.get(pk=told["draft"]).lines.all()] == ["D1"]
    assert Edition.objects.count() == 1
    more = run("import", path, "--title", "-", "--draft", told["draft"], "--complete", "--json")
    assert json.loads(more.stdout)["draft"] == told["draft"]
    assert [line.number for line in Draft.objects.get(pk=told["draft"]).lines.all()] == ["B2", "D1"]
    assert run("import", path, "--title", "-", "--draft", 999).exit_code == 2


def test_the_first_edition_is_published_at_once(tmp_path: Path) -> None:
    Finding.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE qianxian_article DISABLE TRIGGER articles_are_never_edited"
        )
        cursor.execute("DELETE FROM qianxian_article; DELETE FROM qianxian_edition")
    path = workbook(tmp_path / "清单.xlsx", GOOD)
    result = run("import", path, "--title", "第一版", "--from", "2026-07-01", "--json")
    assert (result.exit_code, json.loads(result.stdout)["edition"]) == (0, 1)
    assert Article.objects.filter(edition__number=1).count() == 1


def test_one_faulty_row_and_nothing_is_written_and_the_copy_says_where(tmp_path: Path) -> None:
    path = workbook(tmp_path / "清单.xlsx", GOOD, ["D2", "权责清单", "月球局", "主责", "060101", "990101", "去年", "x"])
    result = run("import", path, "--title", "第二版", "--from", "2026-07-01", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["edition"], told["draft"]) == (1, None, None)
    assert [(fault["row"], fault["column"]) for fault in told["faults"]] == [(3, "单位"), (3, "生效")]
    copy = load_workbook(tmp_path / "清单-问题.xlsx").worksheets[0]
    assert copy["C3"].comment is not None
    assert not Draft.objects.exists()


def test_a_trial_writes_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "清单.xlsx", GOOD)
    assert run("import", path, "--title", "第二版", "--from", "2026-07-01", "--dry-run").exit_code == 0
    assert (Edition.objects.count(), Draft.objects.count()) == (1, 0)
    assert run("import", path, "--title", "第二版", "--from", "下个月").exit_code == 2


def test_names_do_for_codes_in_a_flat_workbook(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "清单.xlsx", ["D1", "权责清单", "交通局", "主责", "违法停车", "云溪区", "2026-01-01", "清单第1项"]
    )
    assert run("import", path, "--title", "第二版", "--json").exit_code == 0


def test_lists_as_streets_keep_them_are_imported_and_compared_and_replayed(tmp_path: Path) -> None:
    receive(HEATING)
    path = book(tmp_path / "清单.xlsx", 基本履职=BASIC, 配合履职=ASSISTING)
    told = json.loads(run("import", path, "--title", "第二版", "--json").stdout)
    assert [sheet["form"] for sheet in told["sheets"]] == ["basic", "assisting"]
    draft = told["draft"]
    assert run("import", path, "--title", "-", "--draft", draft).exit_code == 0
    compared = json.loads(run("compare", "--before", 1, "--after", f"draft:{draft}", "--json").stdout)
    assert len(compared) == told["articles"]
    assert "新增第清河街道办事处基本-001条：清河街道办事处对“流浪猫”主责（清河街道）。" in [
        d["sentence"] for d in compared
    ]
    replayed = json.loads(run("replay", "--draft", draft, "--json").stdout)
    assert (replayed["asked"], replayed["moved"]) == (1, 1)
    listed = json.loads(run("drafts", "--json").stdout)
    assert [(one["draft"], one["lacks"]) for one in listed] == [(draft, ["not_audited"])]
    assert run("compare", "--before", 9, "--after", 1).exit_code == 2


def test_what_is_no_demand_is_said_with_its_article_and_the_way_to_go() -> None:
    asked = json.loads(run("ask", "--topic", NOISE, "--words", "我已经向法院起诉了，你们判一下", "--json").stdout)
    assert (asked["exit"]["code"], asked["exit"]["article"]) == ("E2", "《北京市接诉即办工作条例》第十一条（参照）")
    assert asked["exit"]["ways"]
    assert json.loads(run("ask", "--topic", NOISE, "--json").stdout)["exit"] is None
    assert "法定渠道" in run("ask", "--topic", NOISE, "--words", "我已经向法院起诉了").stdout


def test_what_residents_settle_among_themselves_is_answered_as_such() -> None:
    own = {**article("Z1", "cm", "", CATS, LIUAN), "list_kind": "self_government", "powers": ["affairs"]}
    publish(number=2, title="第二版", articles=[*ARTICLES, own], in_force_from=MONDAY, actor="test", at=MONDAY)
    asked = json.loads(run("ask", "--topic", CATS, "--place", LIUAN, "--json").stdout)
    assert [(one["number"], one["body_name"]) for one in asked["self_government"]] == [("Z1", "柳岸社区居委会")]
    assert asked["outcome"] == "silent"
    assert json.loads(run("ask", "--topic", CATS, "--json").stdout)["self_government"] == []
