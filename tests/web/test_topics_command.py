"""`qianxian topics`: a reader is trained, measured, put in use and dropped; what cannot be done is one sentence each."""

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qianxian.mandates import queries as mandates
from qianxian.web.commands.topics import topics

pytestmark = pytest.mark.usefixtures("everything")
SAID = {
    "邻里噪声": ["楼上半夜跳绳咚咚响", "邻居放音响到很晚", "楼板天天被拖椅子", "隔壁装修敲墙", "楼下打麻将吵闹"],
    "违法停车": ["汽车停在人行道上", "路口两边停满货车", "消防通道被车堵死", "盲道上总停着三轮", "校门口违停排长队"],
}
REST = ["请来看看", "已经半年了", "老人睡不着", "打电话没人管", "家里有学生", "夜里更厉害", "邻居都有意见", "盼回复"]
COLUMNS = ("--text", "标题", "--text", "内容", "--label", "类别")


@pytest.fixture(autouse=True)
def home(settings: object, tmp_path: Path) -> None:
    settings.TRAINED_READER = tmp_path / "topics.model"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(topics, [str(argument) for argument in arguments])


def table(path: Path, rows: list[tuple[str, str, str]], encoding: str = "utf-8") -> Path:
    lines = ["标题,内容,类别", *(",".join(row) for row in rows)]
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def rows(each: int = 20) -> list[tuple[str, str, str]]:
    draw = random.Random(3)
    return [
        (draw.choice(said), "，".join(draw.sample(said, 2) + draw.sample(REST, 2)), label)
        for label, said in SAID.items()
        for _ in range(each)
    ]


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    path = tmp_path / "words.model"
    made = run("train", table(tmp_path / "in.csv", rows()), *COLUMNS, "--model", path, "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert (told["rows"], told["labels"], len(told["data_sha256"])) == (40, ["违法停车", "邻里噪声"], 64)
    assert {"macro_f1", "accuracy", "top2", "coverage_at_95"} <= set(told["measured_by_cross_validation"])
    return path


def test_a_model_is_measured_on_rows_that_it_has_not_seen(trained: Path, tmp_path: Path) -> None:
    unseen = table(tmp_path / "unseen.csv", [*rows(5)[::-1], ("天书", "没有这一类", "天文")], "gb18030")
    told = json.loads(run("test", unseen, *COLUMNS, "--model", trained, "--json").stdout)
    assert told["rows"] == 11
    assert told["accuracy"] == pytest.approx(10 / 11, abs=1e-3)
    assert told["labels"]["天文"]["recall"] == 0
    assert not told["trained_on_this_file"]
    assert len(told["confusion"]["rows"]) == 3


def test_cross_validation_tells_mean_and_spread(tmp_path: Path) -> None:
    told = json.loads(run("validate", table(tmp_path / "in.csv", rows()), *COLUMNS, "--seeds", 2, "--json").stdout)
    assert len(told["runs"]) == 2
    assert told["macro_f1"] > 0.8
    assert told["spread"]["macro_f1"] >= 0


def test_a_model_in_use_is_asked_everywhere_until_it_is_dropped(trained: Path) -> None:
    before = mandates.topics()
    assert json.loads(run("use", trained, "--json").stdout)["matched"] == {
        "违法停车": ["060101"],
        "邻里噪声": ["020101"],
    }
    told = json.loads(run("suggest", "楼上半夜跳绳咚咚响", "--json").stdout)
    assert told["suggested"][0]["topic"] == "020101"
    assert any(piece in "楼上半夜跳绳咚咚响" for piece in told["suggested"][0]["words"])
    assert mandates.topics() is not before
    assert run("drop").exit_code == 0
    assert mandates.topics() is before


def test_labels_of_another_catalogue_are_given_their_topics(trained: Path) -> None:
    told = json.loads(run("use", trained, "--map", "违法停车=06,02", "--json").stdout)
    assert told["matched"]["违法停车"] == ["06", "02"]
    wrong = run("use", trained, "--map", "没有=06")
    assert (wrong.exit_code, "没有" in wrong.output) == (2, True)


@pytest.mark.parametrize(
    ("content", "columns", "said"),
    [
        (rows(), ("--text", "正文", "--label", "类别"), "没有“正文”这一列"),
        ([("甲", "乙", "邻里噪声")] * 3, COLUMNS, "同一个类别"),
        ([("", "", "邻里噪声"), ("甲", "乙", "")], COLUMNS, "没有一行同时有内容和类别"),
        ([*rows(3), ("独", "一行", "独苗")], COLUMNS, "“独苗”只有一行"),
        ([*rows(3), ("独", "话都一样", "独苗"), ("独", "话都一样", "独苗")], COLUMNS, "几乎一模一样"),
        ([], COLUMNS, "只有表头"),
    ],
)
def test_what_cannot_be_learned_is_one_sentence(tmp_path: Path, content, columns, said: str) -> None:
    for command in (("train", "--model", tmp_path / "x.model"), ("validate",)):
        name, *more = command
        failed = run(name, table(tmp_path / "in.csv", content), *columns, *more)
        assert failed.exit_code == 2
        assert said in failed.output
        assert len(failed.output.strip().splitlines()) == 2
    assert not (tmp_path / "x.model").exists()


def test_files_that_are_no_text_or_no_model_are_refused(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes("标题,内容,类别\n甲,乙,丙\n".encode() + b"\xff\xff\x81")
    assert run("train", tmp_path / "bad.csv", *COLUMNS, "--model", tmp_path / "x.model").exit_code == 2
    assert run("train", tmp_path / "none.csv", *COLUMNS, "--model", tmp_path / "x.model").exit_code == 2
    foreign = run("use", tmp_path / "in.csv")
    assert (foreign.exit_code, "不是千线的模型文件" in foreign.output) == (2, True)
    trained.write_bytes(trained.read_bytes()[:-9])
    broken = run("test", tmp_path / "in.csv", *COLUMNS, "--model", trained)
    assert (broken.exit_code, "不完整" in broken.output) == (2, True)


def test_growing_themes_of_a_file(tmp_path: Path) -> None:
    draw = random.Random(4)
    calm = [f"{n}-{m},2026-0{m}-0{1 + n % 9},{draw.choice(SAID['违法停车'])}{draw.random()},0" for m in (1, 2, 3) for n in range(80)]  # fmt: skip
    grown = [f"g{n},2026-03-1{n % 9},翠湖里旁边的搅拌站整夜响{draw.random()},{n}" for n in range(12)]
    (tmp_path / "hot.csv").write_text("\n".join(["编号,时间,诉求内容,点赞数", *calm, *grown]))
    told = json.loads(run("hot", tmp_path / "hot.csv", "--json").stdout)
    assert (told["month"], told["themes"][0]["count"], told["themes"][0]["votes"]) == ("2026-03", 12, 66)
    assert "搅拌站" in told["themes"][0]["name"]
    assert told["themes"][0]["matters"][0] == "g11"
    assert run("hot", tmp_path / "hot.csv", "--month", "2026-01").exit_code == 2
    assert run("hot").exit_code == 2
    assert run("hot", "--own").exit_code == 2
    assert "没有“赞”这一列" in run("hot", tmp_path / "hot.csv", "--votes", "赞").output
