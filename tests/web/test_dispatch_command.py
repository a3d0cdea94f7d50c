"""`qianxian dispatch`: each row a matter, an exit or a fault; one sentence where a file is none; killed, it resumes."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import typer
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

from qianxian.cadres.queries import reach
from qianxian.collection.models import Submission
from qianxian.matters.models import Matter
from qianxian.web.commands.dispatch import dispatch
from tests.town import address_of

app = typer.Typer()
app.command()(dispatch)
ROWS = """编号,诉求内容,所属社区,联系电话,姓名,时间
1,"楼上邻里噪声，
半夜还在跳",柳岸社区,13800010001,林晓禾,2026-03-01 09:00
2,邻居家着火了，正在燃烧,钟楼社区,,,
3,,柳岸社区,,,
4,门口违法停车,柳岸社区,,,2099-01-01
5,<script>alert(1)</script>=1+1,柳岸社区,,,
"""


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    reach(everything=True)
    return result


def answer(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "三月工单.csv"
    path.write_text(ROWS, encoding="gb18030")
    return path


@pytest.mark.usefixtures("everything")
class TestInOneTown:
    def test_every_row_is_accounted_for(self, file: Path) -> None:
        told = answer(file)
        assert {name: told[name] for name in ("rows", "matters", "exits", "faults", "already")} == {
            "rows": 5, "matters": 2, "exits": 1, "faults": 2, "already": 0,
        }  # fmt: skip
        assert {name: len(entries) for name, entries in told["lists"].items()} == {
            "matters": 2, "exits": 1, "faults": 2, "already": 0,
        }  # fmt: skip
        assert told["lists"]["matters"][0]["owner"] == "公安分局"
        assert [entry["row"] for entry in told["lists"]["faults"]] == [4, 5]
        assert told["lists"]["faults"][0]["faults"][0]["sentence_zh"] == "没有写诉求内容"

    def test_faults_make_the_exit_code_one_and_none_make_it_nought(self, file: Path, tmp_path: Path) -> None:
        assert run(file).exit_code == 1
        good = tmp_path / "good.csv"
        good.write_text("内容\n井盖丢了\n")
        assert run(good).exit_code == 0

    def test_a_second_run_takes_nothing_in_twice(self, file: Path) -> None:
        answer(file)
        again = answer(file)
        assert (again["matters"], again["exits"], again["already"], again["faults"]) == (0, 0, 3, 2)
        assert Matter.objects.count() == 3

    def test_a_trial_keeps_nothing(self, file: Path) -> None:
        assert answer(file, "--dry-run")["kept"] is False
        assert not Matter.objects.exists()

    def test_script_in_a_text_stays_text_and_no_cell_of_the_result_is_a_formula(self, tmp_path: Path) -> None:
        path, out = tmp_path / "in.csv", tmp_path / "out.xlsx"
        path.write_text('编号,内容\n"=HYPERLINK(""http://x"")","=1+1 违法停车"\n+2,"@SUM(A1) 井盖"\n')
        run(path, "--out", out)
        sheet = CalamineWorkbook.from_path(str(out)).get_sheet_by_name("已派单").to_python()
        assert [row[1] for row in sheet[1:]] == ['=HYPERLINK("http://x")', "+2"]
        assert sheet[1][3].startswith("=1+1")
        assert b"<f>" not in _sheet_xml(out)
        assert Matter.objects.get(words__startswith="=1+1").words == "=1+1 违法停车"

    def test_the_result_has_a_sheet_for_each_list(self, file: Path, tmp_path: Path) -> None:
        out = tmp_path / "out.xlsx"
        run(file, "--out", out)
        book = CalamineWorkbook.from_path(str(out))
        assert {name: len(book.get_sheet_by_name(name).to_python()) - 1 for name in book.sheet_names} == {
            "已派单": 2, "不派单": 1, "未收下": 2, "以前已收": 0,
        }  # fmt: skip

    def test_the_match_is_shown_before_the_work(self, file: Path) -> None:
        shown = run(file).stderr
        assert shown.index("诉求内容") < shown.index("没有写诉求内容")

    def test_a_person_may_say_what_a_column_means(self, tmp_path: Path) -> None:
        path = tmp_path / "odd.csv"
        path.write_text("甲,乙\n井盖丢了,2\n")
        assert run(path).exit_code == 2
        assert answer(path, "--map", "甲=words", "--map", "乙=key")["lists"]["matters"][0]["key"] == "2"

    @pytest.mark.parametrize(
        ("content", "arguments", "words"),
        [
            (b"", (), ("文件是空的", "empty")),
            ("内容\n".encode(), (), ("只有表头", "no row")),
            (b"\x00\x01\x02\x03" * 999, (), ("不是表格文件", "no table")),
            (b"a,b\n\xff\xff\x80\x80,1\n", (), ("编码", "encoding")),
            ("内容\n井盖".encode(), ("--map", "没有=words"), ("没有“没有”这一列", "no column")),
            ("内容\n井盖".encode(), ("--map", "内容=wrods"), ("没有“wrods”这个字段", "no field")),
            ("内容\n井盖".encode(), ("--map", "内容"), ("没有“?”这个字段", "no field")),
            ("甲,乙\n1,2".encode(), (), ("找不到写诉求内容的列", "No column")),
            (b"PK\x03\x04broken", (), ("已损坏", "damaged")),
        ],
    )
    def test_a_file_that_is_none_gets_one_sentence_in_each_language(
        self, tmp_path: Path, content: bytes, arguments: tuple[str, ...], words: tuple[str, str]
    ) -> None:
        path = tmp_path / "bad"
        path.write_bytes(content)
        result = run(path, *arguments)
        zh, en = result.stderr.strip().splitlines()
        assert (result.exit_code, words[0] in zh, words[1] in en) == (2, True, True)
        assert "Traceback" not in result.stderr


def test_a_run_that_is_killed_half_way_resumes(committed: str, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("编号,内容\n" + "".join(f"{n},第{n}号井盖丢了\n" for n in range(6_000)))
    command = [sys.executable, "-m", "qianxian", "dispatch", str(path), "--source", "killed", "--json"]
    environment = os.environ | {"DATABASE_URL": address_of(committed)}
    first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not _kept() and first.poll() is None:
        pass
    first.kill()
    first.wait()
    before = _kept()
    assert 0 < before < 6_000
    told = json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert (told["rows"], told["matters"] + told["already"]) == (6_000, 6_000)
    assert told["already"] >= before
    assert _kept() == 6_000


def _kept() -> int:
    return Submission.objects.filter(source="killed", matter__isnull=False).count()


def _sheet_xml(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))
