"""`qianxian mandates learn`: what a history teaches, and what is said of a file that teaches nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from qianxian.config.home import Home
from qianxian.journal.models import Entry
from qianxian.web.commands.mandates import mandates
from qianxian.web.learned import kept
from tests import past
from tests.town import receive

pytestmark = pytest.mark.usefixtures("everything")
TOWN = "大类,小类,街道,承办单位\n" + "环境保护,邻里噪声,清河街道,公安分局\n" * 9 + "环境保护,邻里噪声,清河街道,住建局\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(mandates, ["learn", *map(str, arguments)])


def told(*arguments: object) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def home(settings: object, tmp_path: Path) -> Path:
    settings.HOME = Home(tmp_path)  # type: ignore[attr-defined]
    return tmp_path


def test_a_history_teaches_units_cells_proposals_and_a_ranking(tmp_path: Path) -> None:
    found = told(past.write(tmp_path / "派单.csv", past.records(300)))
    assert found["rows"] == found["records"] == 300
    assert found["top1"] == found["test"]["frozen"]["top1"] >= found["test"]["lookup"]["top1"]
    assert found["top3"] >= 0.9
    assert {unit["unit"] for unit in found["units_merged"]} == {f"{street}综合执法队" for street in past.STREETS}
    assert found["community_as_handler"] == sum(one["records"] for one in found["communities"]) > 0
    assert found["cells_contested"] == len(found["contested"]) > 0
    assert {(p["unit"], p["topic"], p["street"]) for p in found["proposals"]} >= {("环境保护局", "环保", "")}
    assert all(proposal["share"] >= 0.8 and proposal["rows"] for proposal in found["proposals"])


def test_a_ranking_is_tried_on_a_second_file(tmp_path: Path) -> None:
    first = past.write(tmp_path / "早.csv", past.records(300))
    second = past.write(tmp_path / "晚.csv", past.records(80, seed=9))
    found = told(first, "--test", second)
    assert (found["test"]["learned_from"], found["test"]["frozen"]["records"]) == (300, 80)
    assert found["records"] == 300


def test_proposals_are_written_in_the_form_that_the_import_reads(tmp_path: Path) -> None:
    history, book = tmp_path / "派单.csv", tmp_path / "建议.xlsx"
    history.write_text(TOWN + "别的,没有这个事项,清河街道,公安分局\n" * 6, "utf-8")
    told(history, "--out", book)
    fit, unfit = load_workbook(book).worksheets
    assert [cell.value for cell in fit[2]][2:6] == ["公安分局", "主责", "020101", "990101001"]
    assert unfit["A2"].value == "事项"
    brought = CliRunner().invoke(mandates, ["import", str(book), "--title", "下一版", "--dry-run", "--json"])
    assert (brought.exit_code, json.loads(brought.stdout)["articles"]) == (0, 1)


def test_a_topic_that_is_known_by_its_wider_names_alone_is_not_taken_for_them(tmp_path: Path) -> None:
    history, book = tmp_path / "派单.csv", tmp_path / "建议.xlsx"
    history.write_text("大类,小类,街道,承办单位\n" + "环境保护,没有这个事项,清河街道,公安分局\n" * 6, "utf-8")
    told(history, "--out", book)
    fit, unfit = load_workbook(book).worksheets
    assert (fit.max_row, unfit.max_row) == (1, 2)


def test_our_own_matters_teach_too(home: Path) -> None:
    for _ in range(6):
        receive("020101")
    receive("060101")
    found = told("--own", "--backtest", "0")
    assert (found["records"], found["test"]) == (6, None)
    assert [(p["unit"], p["topic"], p["street"]) for p in found["proposals"]] == [("公安分局", "邻里噪声", "清河街道")]


def test_a_ranking_is_kept_only_when_asked_and_the_journal_notes_it(home: Path) -> None:
    path = past.write(home / "派单.csv", past.records(100))
    told(path)
    assert kept.current() is None
    told(path, "--keep")
    held = kept.current()
    assert held
    assert (held.about["records"], held.about["source"]) == (100, "派单.csv")
    assert Entry.objects.filter(verb="learn_ranking").count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        ("小类,承办单位\n".encode(), "只有表头"),
        ("小类,时间\n井盖,2025-01-01\n".encode(), "找不到写承办单位的列"),
        ("时间,承办单位\n2025-01-01,水务局\n".encode(), "找不到写事项分类的列"),
        (b"\x81\xff\xff" * 50, "认不出文件的文字编码"),
        (b"PK\x03\x04 broken", "工作簿已损坏"),
    ],
)
def test_a_file_that_teaches_nothing_is_refused_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "派单.csv"
    path.write_bytes(content)
    result = run(path, "--json")
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_one_row_is_read_and_tried_on_nothing(tmp_path: Path) -> None:
    path = tmp_path / "派单.csv"
    path.write_text("小类,承办单位\n井盖,水务局\n")
    found = told(path)
    assert (found["records"], found["top1"], found["test"]) == (1, None, None)
    assert run(path, "--keep").exit_code == 1


def test_rows_that_name_no_unit_are_told_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "派单.csv"
    path.write_text("小类,承办单位\n井盖,水务局\n井盖,\n井盖,张伟\n井盖,水务局、城管局\n-,水务局\n")
    found = told(path)
    assert [(fault["row"], fault["code"]) for fault in found["faults"]] == [
        (3, "blank"), (4, "person"), (5, "several"), (6, "empty"),
    ]  # fmt: skip
    assert (found["rows"], found["records"]) == (5, 1)


def test_either_a_file_or_our_own_matters_are_asked_for(tmp_path: Path) -> None:
    assert run().exit_code == 2
    assert run(tmp_path / "x.csv", "--own").exit_code == 2
    assert run(tmp_path / "missing.csv").exit_code == 2
    assert run(tmp_path / "x.csv", "--map", "无等号").exit_code == 2
