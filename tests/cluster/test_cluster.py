"""The standard on a real cluster says of every row what one machine says, also when a worker dies in the middle."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from benchmarks.people import people
from benchmarks.standard import COLUMNS

pytest.importorskip("pyspark", reason="the packages for a cluster are not installed: make setup-cluster")
from qianxian.standard.bulk.cluster import sliced
from tests.cluster.ground import Cluster, cluster

pytestmark = pytest.mark.cluster
ROWS, ROWS_OF_A_TASK = 60_000, 1_000
TASKS = ROWS // ROWS_OF_A_TASK
PATIENCE = 300


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory):
    with cluster(tmp_path_factory.mktemp("cluster")) as one:
        yield one


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write dirty people as CSV, with a row that is too wide and one that comes twice; and a home with its own standard."""
    path = tmp_path_factory.mktemp("source") / "people.csv"
    frame = people(ROWS)
    frame.vstack(frame.head(1)).write_csv(path)
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join(["多"] * (len(frame.columns) + 2)) + "\n")
    lines = (
        f"  {column.header}: {{element: {column.element}"
        + (f", table: {column.table}" if column.table else "")
        + (", unique: true" if column.element == "person.citizen_number" else "")
        + "}\n"
        for column in COLUMNS
    )
    own = path.parent / "home" / "standard" / "elements.csv"  # the district's own: its addresses are short
    own.parent.mkdir(parents=True)
    own.write_text("code,checks\nperson.living_address,length<=6\n", "utf-8")
    path.with_suffix(".yaml").write_text("columns:\n" + "".join(lines), "utf-8")
    return path


def started(source: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "qianxian", "standard", "run", source, "--spec", source.with_suffix(".yaml")]
    return subprocess.Popen(
        [*map(str, command), "--out", str(out), "--json", *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "QIANXIAN_HOME": str(source.parent / "home")},
    )  # fmt: skip


def finished(process: subprocess.Popen[str]) -> dict:
    said, complaints = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, complaints  # faults were found, as they must be in dirty rows
    return json.loads(said)


@pytest.fixture(scope="module")
def local(source: Path) -> Path:
    out = source.parent / "local"
    finished(started(source, out))
    return out


def on(running: Cluster) -> tuple[str, ...]:
    return ("--engine", running.master, "--task-rows", str(ROWS_OF_A_TASK))


def same(one: Path, other: Path) -> None:
    """Hold two results to each other: every clean row in its order, every line of the faults, the totals and the profile."""
    assert pl.read_parquet(one / "clean" / "*.parquet").equals(pl.read_parquet(other / "clean" / "*.parquet"))
    for name in ("faults.csv", "summary.json", "profile.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_a_cluster_that_loses_a_worker_says_of_every_row_what_one_machine_says(
    source: Path, local: Path, running: Cluster
) -> None:
    out = source.parent / "cluster"
    process = started(source, out, *on(running))
    stage = source.parent / ".cluster.unfinished" / "stage"
    end = time.monotonic() + PATIENCE
    while len(list(stage.glob("part-*.json"))) < 2 and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    running.kill_worker(0)
    done_when_killed = len(list(stage.glob("part-*.json")))
    finished(process)
    assert 2 <= done_when_killed < TASKS - 10, "the worker was to die in the middle"
    same(local, out)
    codes = json.loads((out / "summary.json").read_text("utf-8"))["faults"]
    assert codes["too_long"] > ROWS / 2, "the district's own declaration was not used"
    assert codes["duplicate"] > 0
    assert codes["too_many_cells"] == 1
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in local.iterdir())


class Wide:
    """A part of a file of which two rows have more cells than the header."""

    frame = pl.DataFrame({"row": [2, 3, 4, 5, 6]})
    too_wide = (3, 6)


def test_a_part_is_cut_into_tasks_and_no_row_is_lost() -> None:
    slices = list(sliced([Wide()], 2))
    assert [list(one.frame["row"]) for one in slices] == [[2, 3], [4, 5], [6]]
    assert [one.too_wide for one in slices] == [(3,), (), (6,)]


def test_nobody_at_the_address_is_said_in_a_sentence(source: Path) -> None:
    process = started(source, source.parent / "none", "--engine", "spark://127.0.0.1:1")
    _, complaints = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "连不上集群 spark://127.0.0.1:1" in complaints
    assert "Traceback" not in complaints
