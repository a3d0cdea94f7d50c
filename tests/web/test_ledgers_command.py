"""`qianxian ledgers` on real files: learned, filled, kept, and refused in one sentence."""

import json
import shutil
import subprocess

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from qianxian.cadres.queries import reaching_everything
from qianxian.journal.models import Entry
from qianxian.ledgers.learning import learn, told
from qianxian.web.commands.ledgers import app
from tests.ledgers.test_derivation import LEDGER
from tests.register.test_records import NUMBER
from tests.town import LIUAN
from tests.web.test_records import town  # noqa: F401


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def blank(tmp_path):
    book = Workbook()
    for row in (["妇女花名册"], ["姓名", "身份证号", "性别", "家中宠物名字"], [None] * 4, ["填表说明：性别：①男 ②女"]):
        book.active.append(row)
    book.active.merge_cells("A1:D1")
    book.active.merge_cells("A4:D4")
    book.save(tmp_path / "blank.xlsx")
    return tmp_path / "blank.xlsx"


def test_a_blank_is_learned_as_json(town, blank):  # noqa: F811
    answer = run("learn", blank, "--json")
    (sheet,) = json.loads(answer.stdout)["sheets"]
    assert [(one["header"], one["element"], one["status"]) for one in sheet["columns"]] == [
        (["姓名"], "person.name", "held"), (["身份证号"], "person.citizen_number", "held"),
        (["性别"], "person.sex", "held"), (["家中宠物名字"], None, "not_held"),
    ]  # fmt: skip


def test_a_blank_is_filled_with_whom_its_title_names_and_the_reading_is_journaled(town, blank, tmp_path):  # noqa: F811
    out = tmp_path / "filled.xlsx"
    answer = run("fill", blank, "--community", LIUAN, "--period", "2026-10", "--out", out, "--json")
    assert answer.exit_code == 0, answer.output
    rows = list(load_workbook(out).active.values)
    assert rows[2] == ("林晓禾", NUMBER, "②", None)
    assert rows[3][0].startswith("填表说明")
    with reaching_everything():
        assert Entry.objects.get(verb="read_record").details["purpose"] == "填报《妇女花名册》"


def test_a_filled_blank_opens_without_repair(town, blank, tmp_path):  # noqa: F811
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed, so that nothing can be opened with it")
    out = tmp_path / "filled.xlsx"
    run("fill", blank, "--community", LIUAN, "--period", "2026-10", "--out", out)
    command = [office, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(out)]
    subprocess.run(command, check=True, timeout=120)
    assert "林晓禾" in (tmp_path / "filled.csv").read_text("utf-8", "replace")


@pytest.mark.parametrize(("words", "sentence"), [
    (("--community", "990101001999", "--period", "2026-10"), "没有编码为 990101001999 的地点"),
    (("--community", LIUAN, "--period", "十月"), "填报期"),
    (("--community", LIUAN, "--where", "sex is 2"), "看不懂条件"),
    (("--community", LIUAN, "--of", "nobody"), "不知道"),
])  # fmt: skip
def test_what_cannot_be_filled_is_said_in_a_sentence(town, blank, tmp_path, words, sentence):  # noqa: F811
    answer = run("fill", blank, *words, "--out", tmp_path / "filled.xlsx")
    assert (answer.exit_code, sentence in answer.output) == (2, True)
    assert not (tmp_path / "filled.xlsx").exists()


def test_a_definition_goes_in_and_out_by_command(town, tmp_path):  # noqa: F811
    (tmp_path / "elders.yaml").write_text(LEDGER)
    assert "第 1 版" in run("keep", tmp_path / "elders.yaml").output
    assert "第 1 版" in run("keep", tmp_path / "elders.yaml").output
    assert "title: 老年人台账" in run("show", "elders").output
    (tmp_path / "elders.yaml").write_text(LEDGER.replace("person.name", "person.nickname"))
    answer = run("keep", tmp_path / "elders.yaml")
    assert (answer.exit_code, "已不在数据标准里" in answer.output) == (2, True)
    assert run("show", "nothing").exit_code == 2


def test_learning_says_the_same_each_time(blank):
    assert told("a", learn(blank)[1]) == told("a", learn(blank)[1])
