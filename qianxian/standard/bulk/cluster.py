"""
A file through the standard on a Spark cluster: the parts of `run`, cleaned by the same engine on many machines.

The driver reads the file, as only one can (records span lines, encodings are judged by the whole), and lays its parts as
Parquet into the work folder, which every machine sees under the same path. A task cleans one part with the very engine
that one machine uses, and writes its results under their own names when they are whole. So a task that is done twice,
since its worker died, writes the same file twice. Why so is written in docs/decisions/0015.
"""

import json
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext

import qianxian
from qianxian.standard import sheets
from qianxian.standard.compiled import Column

from .cleaning import Cleaner
from .run import Carrier, Counts, Part, clean_part, whole

ROWS_OF_A_TASK = 50_000
TRIES = 8
"""How often a part is tried: it may lose its worker several times."""
KNOCK = 10.0
"""Seconds until a master that does not answer is given up."""
OWN = "standard"
"""The district's own files of the standard, laid beside the parts for the workers."""
LOOK_EVERY = 0.2
"""Seconds between two looks at how far the job is."""


class NoCluster(Exception):
    """No master answers at the address, or it has no worker to give."""


class Lost(Exception):
    """The cluster gave a job up."""


@contextmanager
def connected(master: str, settings: dict[str, str] | None = None) -> Iterator[SparkContext]:
    """
    Connect to a cluster for one job; Python and this package lie on each machine under the same path.

    :raises NoCluster: if nobody answers
    """
    if not any(map(_answers, master.removeprefix("spark://").split(","))):
        raise NoCluster(master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    configured = SparkConf().setMaster(master).setAppName("qianxian standard")
    for name, value in (SETTINGS | {"spark.executorEnv.PYTHONPATH": _path()} | (settings or {})).items():
        configured.set(name, value)
    try:
        context = SparkContext(conf=configured)
    except Py4JError as error:
        raise NoCluster(master) from error
    try:
        yield context
    finally:
        context.stop()


def _answers(address: str) -> bool:
    """Return whether somebody listens at HOST:PORT: Spark itself would wait for minutes."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK):
            return True
    except (OSError, ValueError, OverflowError):
        return False


SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.task.maxFailures": str(TRIES),
    "spark.excludeOnFailure.enabled": "false",
    "spark.python.worker.reuse": "true",
}


def _path() -> str:
    return str(Path(qianxian.__file__).parent.parent)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a part, small enough for one task."""

    frame: pl.DataFrame
    too_wide: tuple[int, ...] = ()


def sliced(parts: Iterable[Part], rows: int = ROWS_OF_A_TASK) -> Iterator[Slice]:
    """Cut parts into slices of at most so many rows; a row with too many cells goes with the slice that it stands in."""
    for part in parts:
        wide = sorted(part.too_wide)
        for start in range(0, max(len(part.frame), 1), rows):
            frame = part.frame.slice(start, rows)
            last = start + rows >= len(part.frame)
            here = wide if last else [row for row in wide if row <= frame["row"][-1]]
            wide = wide[len(here) :]
            yield Slice(frame, tuple(here))


def carried_by(
    context: SparkContext,
    columns: tuple[Column, ...],
    today: date,
    *,
    follow: Callable[[int, int], None] = lambda _done, _all: None,
) -> Carrier:
    """
    Return who carries parts out on a cluster.

    :raises Lost: if the cluster gives the job up

    :param follow: told how many parts are done, of how many
    """

    def carrier(parts: Iterable[tuple[int, Part]], cleaner: Cleaner, work: Path) -> Iterator[Counts]:
        del cleaner  # each worker compiles its own
        work = work.resolve()
        (work / "stage").mkdir(exist_ok=True)
        if (own := sheets.own_folder()) is not None:
            shutil.copytree(own, work / "stage" / OWN, dirs_exist_ok=True)
        tasks = [(number, _staged(work, number, part)) for number, part in parts]
        todo = [task for task in tasks if not _told(work, task[0]).is_file()]
        _carry_out(context, todo, _cleaning(columns, today, str(work)), lambda done: follow(done, len(todo)))
        for number, _ in tasks:
            yield Counts(**json.loads(_told(work, number).read_text("utf-8")))

    return carrier


def _staged(work: Path, number: int, part: Part) -> tuple[int, ...]:
    """Lay a part where every machine finds it, unless it was done before a stop; return its rows that are too wide."""
    if not _told(work, number).is_file():
        with whole(_stage(work, number)) as path:
            part.frame.write_parquet(path, compression="lz4")
    return tuple(part.too_wide)


def _stage(work: Path, number: int) -> Path:
    return work / "stage" / f"part-{number:05}.parquet"


def _told(work: Path, number: int) -> Path:
    """Return the file that a part leaves when it is done."""
    return work / "stage" / f"part-{number:05}.json"


Task = tuple[int, tuple[int, ...]]


def _cleaning(columns: tuple[Column, ...], today: date, work: str) -> Callable[[Task], int]:
    """Return what a worker does with one task."""

    def clean(task: Task) -> int:
        number, too_wide = task
        folder = Path(work)
        cleaner = _cleaner(columns, today, str(folder / "stage" / OWN))
        counts = clean_part(cleaner, pl.read_parquet(_stage(folder, number)), too_wide, number, folder)
        with whole(_told(folder, number)) as path:
            path.write_text(json.dumps(asdict(counts)), "utf-8")
        return number

    return clean


@cache
def _cleaner(columns: tuple[Column, ...], today: date, own: str) -> Cleaner:
    """Compile the standard, with the district's own files, once for each process of a worker."""
    sheets.beside(Path(own))
    return Cleaner(columns, today)


def _carry_out(
    context: SparkContext, tasks: list[Task], clean: Callable[[Task], int], follow: Callable[[int], None]
) -> None:
    if not tasks:
        return
    job = context.parallelize(tasks, len(tasks)).map(clean)
    with ThreadPoolExecutor(1) as thread:
        done: Future[list[int]] = thread.submit(job.collect)
        while not wait([done], timeout=LOOK_EVERY).done:
            stages = (context.statusTracker().getStageInfo(n) for n in context.statusTracker().getActiveStageIds())
            follow(sum(stage.numCompletedTasks for stage in stages if stage))
        try:
            done.result()
        except Py4JError as error:
            raise Lost(str(error).strip().splitlines()[0]) from error
    follow(len(tasks))
