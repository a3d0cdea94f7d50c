"""A whole file through the standard: what comes out, and that nothing comes out by halves."""

import json
import os
import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from benchmarks.people import people
from benchmarks.standard import COLUMNS
from qianxian.collection import frames
from qianxian.standard.bulk import run as bulk
from qianxian.standard.compiled import Column, disagreements, outcomes
from qianxian.standard.faults import FAULT
from qianxian.web.commands.standard import app

TODAY = date(2026, 11, 27)
ROWS = """身份证号,姓名,性别,婚姻,入户,备注
11010519491231002X,张三,女,1,２０２６年３月５日,x
11010519491231002X,李 四,男,3,2026-03-05,y
4.40524E+17,王五,女,9,昨天,z
,赵六,女,2,,
"""
SPEC = """columns:
  身份证号: {element: person.citizen_number, unique: true, required: true}
  姓名: person.name
  性别: person.sex
  婚姻: {element: person.marital, table: marital_jyt1001}
  入户: household.lives_here_since
  备注:
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "名册.csv"
    path.write_bytes(ROWS.encode("gbk"))
    (tmp_path / "spec.yaml").write_text(SPEC, "utf-8")
    return path


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def run(source: Path, *more: str) -> Result:
    return command(
        "run", source, "--spec", source.parent / "spec.yaml", "--out", source.parent / "out", "--json", *more
    )


def test_a_file_becomes_clean_parquet_faults_and_a_profile(source: Path) -> None:
    done = run(source)
    out = source.parent / "out"
    assert (done.exit_code, json.loads(done.stdout)["rows"]) == (1, 4)
    assert sorted(path.name for path in out.iterdir()) == [
        "clean", "faults.csv", "profile.html", "profile.json", "summary.json",
    ]  # fmt: skip
    clean = pl.read_parquet(out / "clean" / "*.parquet")
    assert clean.rows() == [
        (2, "11010519491231002X", "张三", "2", "2", "GB/T 2261.1-2003", "10", "1", "marital_from_jyt1001@2026.1", date(2026, 3, 5)),
        (3, "11010519491231002X", "李四", "1", "1", "GB/T 2261.1-2003", "30", "3", "marital_from_jyt1001@2026.1", date(2026, 3, 5)),
        (4, None, "王五", "2", "2", "GB/T 2261.1-2003", "90", "9", "marital_from_jyt1001@2026.1", None),
        (5, None, "赵六", "2", "2", "GB/T 2261.1-2003", "20", "2", "marital_from_jyt1001@2026.1", None),
    ]  # fmt: skip
    faults = pl.read_csv(out / "faults.csv")
    assert sorted(faults.select("row", "column", "code", "severity").rows()) == [
        (3, "性别", "sex_differs", "warning"),
        (3, "身份证号", "duplicate", "fault"),
        (4, "入户", "not_a_date", "fault"),
        (4, "婚姻", "mapped_roughly", "warning"),
        (4, "身份证号", "scientific", "fault"),
        (5, "身份证号", "missing", "fault"),
    ]
    said = {
        (row, code): (sentence, raw)
        for row, code, sentence, raw in faults.select("row", "code", "sentence", "raw").rows()
    }
    assert said[3, "duplicate"] == ("身份证号与第 2 行重复。请核对是否同一人或同一物登记了两次。", "11010519491231002X")
    assert said[4, "scientific"][0].endswith("请回到原始资料，把该列设为“文本”格式后重新填写，不要从此表恢复。")
    assert said[4, "not_a_date"][1] == "昨天"


def test_the_profile_is_one_page_that_asks_for_nothing(source: Path) -> None:
    run(source)
    page = (source.parent / "out" / "profile.html").read_text("utf-8")
    assert re.findall(r"(?:src|href)=|url\(|@import|https?:", page) == []
    assert "数据质量概况" in page
    assert "<svg" in page
    assert "11010519491231002X" not in page
    profile = json.loads((source.parent / "out" / "profile.json").read_text("utf-8"))
    number = profile["columns"][0]
    assert (number["rows"], number["filled"], number["faults"], number["values"], number["distinct"]) == (4, 3, 1, 2, 1)


def test_a_result_is_not_overwritten_without_being_told(source: Path) -> None:
    assert run(source).exit_code == 1
    again = run(source)
    assert (again.exit_code, "已存在" in again.stderr) == (2, True)
    assert run(source, "--replace").exit_code == 1


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("columns: [", "对应表第 1 行不是正确的 YAML"),
        ("columns:\n  姓名:\n", "没有指明任何一列"),
        ("columns:\n  姓名: person.nobody\n", "没有“person.nobody”这个数据元"),
        ("columns:\n  姓名: {element: person.name, table: sex}\n", "“person.name”不是代码类数据元"),
        ("columns:\n  性别: {element: person.sex, table: nothing}\n", "没有“nothing”这张代码表"),
        ("columns:\n  性别: {element: person.sex, table: blood}\n", "“blood”没有到“sex”的对照表"),
        ("columns:\n  姓名: {element: person.name, must: true}\n", "“must”不认识"),
        ("columns:\n  姓名: person.religion\n", "默认停用"),
        ("columns:\n  没有: person.name\n", "文件里没有对应表写的列：没有"),
    ],
)
def test_a_specification_that_cannot_be_is_refused_in_a_sentence(source: Path, spec: str, sentence: str) -> None:
    (source.parent / "spec.yaml").write_text(spec, "utf-8")
    done = run(source)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert not (source.parent / "out").exists()


def test_what_is_switched_off_can_be_named_where_it_was_approved(source: Path) -> None:
    spec = "also_off: [person.religion]\ncolumns:\n  备注: person.religion\n"
    (source.parent / "spec.yaml").write_text(spec, "utf-8")
    assert json.loads(run(source).stdout)["faults"] == {"not_in_table": 3}


def test_what_is_suggested_can_be_used_as_it_is(source: Path) -> None:
    spec = source.parent / "suggested.yaml"
    assert command("suggest", source, "--out", spec).exit_code == 0
    text = spec.read_text("utf-8")
    assert "身份证号: person.citizen_number" in text
    assert "性别: person.sex" in text
    done = command("run", source, "--spec", spec, "--out", source.parent / "out", "--json")
    assert json.loads(done.stdout)["rows"] == 4


def test_tables_that_read_the_same_cells_otherwise_are_left_to_a_person(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("婚姻状况\n" + "1\n2\n3\n4\n" * 5, "utf-8")
    (told,) = json.loads(command("suggest", path, "--json").stdout)
    assert (told["element"], told["table"]) == ("person.marital", "")
    assert set(told["rivals"]) == {"marital_jyt1001", "marital_census"}


def parts_of(path: Path):
    with frames.opened(path) as opened:
        yield from opened.parts


def cleaned(path: Path, out: Path) -> tuple[pl.DataFrame, str]:
    bulk.run(parts_of(path), [c.header for c in COLUMNS], COLUMNS, out, today=TODAY, key="k", profile=False)
    return pl.read_parquet(out / "clean" / "*.parquet"), (out / "faults.csv").read_text("utf-8")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "a.csv"
    people(3_000).write_csv(path)
    return path


def test_the_result_does_not_depend_on_where_the_file_is_cut(many: Path, tmp_path: Path, monkeypatch) -> None:
    whole = cleaned(many, tmp_path / "whole")
    monkeypatch.setattr(frames, "BLOCK", 40_000)
    assert len(list(parts_of(many))) > 5
    cut = cleaned(many, tmp_path / "cut")
    assert cut[0].equals(whole[0])
    assert cut[1] == whole[1]


def test_a_row_alone_and_a_million_rows_are_told_the_same(many: Path, tmp_path: Path) -> None:
    clean, _ = cleaned(many, tmp_path / "out")
    faults = pl.read_csv(tmp_path / "out" / "faults.csv").filter(pl.col("severity") == FAULT)
    told = {(row, header): code for row, header, code in faults.select("row", "column", "code").rows()}
    values = [name for name in clean.columns if not name.endswith(("_source", "_map"))][1:]
    texts = clean.with_columns(pl.col(pl.Date, pl.Int64, pl.Float64).exclude("row").cast(pl.String))
    for number, record in enumerate(people(3_000).to_dicts()):
        found = outcomes(record, COLUMNS, TODAY)
        assert {header: told.get((number + 2, header), "") for header in found} == {
            header: outcome.fault for header, outcome in found.items()
        }
        row = texts.row(number, named=True)
        kept = [row[name] or "" for name in values]
        assert [kept[-1].removesuffix(".0"), *kept[:-1]] == [
            [outcome.value for outcome in found.values()][-1], *[outcome.value for outcome in found.values()][:-1]
        ]  # fmt: skip


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from benchmarks.standard import COLUMNS
from qianxian.collection import frames
from qianxian.standard.bulk import run as bulk
frames.BLOCK = 40_000
seen = []
def follow(rows):
    seen.append(rows)
    if len(seen) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
with frames.opened(Path(sys.argv[1])) as opened:
    bulk.run(opened.parts, opened.headers, COLUMNS, Path(sys.argv[2]), today=date(2026, 11, 27), key="k", profile=False,
             follow=follow)
"""


def test_a_killed_run_leaves_no_half_result_and_is_taken_up(many: Path, tmp_path: Path, monkeypatch) -> None:
    out = tmp_path / "out"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    killed = subprocess.run([sys.executable, "-c", KILLED, str(many), str(out)], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not out.exists()
    monkeypatch.setattr(frames, "BLOCK", 40_000)
    headers = [column.header for column in COLUMNS]
    summary = bulk.run(parts_of(many), headers, COLUMNS, out, today=TODAY, key="k", profile=False)
    assert (summary.taken_up, summary.rows) == (3, 3_000)
    whole = cleaned(many, tmp_path / "whole")
    assert pl.read_parquet(out / "clean" / "*.parquet").equals(whole[0])
    assert (out / "faults.csv").read_text("utf-8") == whole[1]
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []


def test_a_run_of_another_input_begins_anew(many: Path, tmp_path: Path) -> None:
    work = tmp_path / ".out.unfinished"
    work.mkdir()
    (work / "state.json").write_text(
        json.dumps({"identity": "another", "rows": 9, "parts": 1, "faults": {}, "warnings": {}})
    )
    assert len(cleaned(many, tmp_path / "out")[0]) == 3_000


def test_a_cell_that_a_spreadsheet_would_take_for_a_formula_is_made_harmless(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名\n=HYPERLINK(1)\n", "utf-8")
    bulk.run(parts_of(path), ["姓名"], [Column("姓名", "person.name")], tmp_path / "out", today=TODAY, key="k")
    assert pl.read_csv(tmp_path / "out" / "faults.csv")["raw"].to_list() == ["'=HYPERLINK(1)"]


def test_a_record_that_contradicts_its_own_number_is_told_so() -> None:
    columns = tuple(Column(name, name) for name in ("person.citizen_number", "person.sex", "person.birth_date"))
    record = {"person.citizen_number": "11010519491231002X", "person.sex": "男", "person.birth_date": "1949-12-30"}
    found = outcomes(record, columns, TODAY)
    assert disagreements(found, columns) == [("person.sex", "sex_differs"), ("person.birth_date", "birth_differs")]
    right = outcomes(record | {"person.sex": "女", "person.birth_date": "19491231"}, columns, TODAY)
    assert disagreements(right, columns) == []
