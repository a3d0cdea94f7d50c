"""A district's own codes and elements beside the package's."""

import subprocess
import sys
from pathlib import Path

import pytest

from qianxian.standard import checking

ASK = """
import sys
from datetime import date
from pathlib import Path
from qianxian.standard import sheets
sheets.beside(Path(sys.argv[1]))
from qianxian.standard import checking, elements
from qianxian.standard.compiled import Column, function_of
print(*(zh for zh, _ in checking.problems()), sep="\\n")
if not checking.problems():
    print(elements.element("person.religion").on, elements.element("person.religion").name)
    print(elements.element("person.dialect").name)
    print(*function_of(Column("x", "mobile.inflow_reason"), date(2026, 11, 27))("务工"))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "code_tables").mkdir()
    (tmp_path / "code_tables" / "inflow_reason.csv").write_text(
        "code,name,also\n1,务工经商,务工|经商\n2,投靠亲友,投亲\n", "utf-8-sig"
    )
    (tmp_path / "elements.csv").write_text(
        "code,name,english,entity,type,authority,sensitivity,retention,on\n"
        "person.religion,,,,,,,,yes\n"
        "person.dialect,方言,dialect,person,text,community,personal,purpose,yes\n",
        "utf-8",
    )
    return tmp_path


def told(folder: Path) -> list[str]:
    """Ask a process of its own: what was read once stays as it was read."""
    done = subprocess.run([sys.executable, "-c", ASK, str(folder)], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if line]


def test_a_district_loads_a_table_switches_an_element_on_and_adds_its_own(folder: Path) -> None:
    assert told(folder) == ["True 宗教信仰", "方言", "1   1"]


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("code_tables/inflow_reason.csv", "代码,名称\n1,务工\n", "缺少“code”列"),
        ("code_tables/inflow_reason.csv", "code,name\n1,务工\n2,务工\n", "“务工”指两个代码"),
        ("elements.csv", "code,authority\nperson.name,nobody\n", "person.name 的权威来源“nobody”不存在"),
        ("elements.csv", "code,type\nperson.name,nothing\n", "认不出的值"),
        ("crosswalks/marital_from_census.csv", "source_code,code\n1,10\n2,99\n", "指向不存在的代码 99"),
        ("code_tables.csv", "table,version\nsex,2030\n", "现有 2030 版"),
    ],
)
def test_what_does_not_hang_together_is_told_in_a_sentence(folder: Path, file: str, text: str, sentence: str) -> None:
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(text, "utf-8")
    assert sentence in "\n".join(told(folder))


def test_a_file_in_another_encoding_is_told_so(folder: Path) -> None:
    (folder / "elements.csv").write_bytes("code,name\nperson.name,名字\n".encode("gbk"))
    assert "不是 UTF-8 编码" in told(folder)[0]


def test_the_standard_as_it_is_shipped_hangs_together() -> None:
    assert checking.problems() == []
