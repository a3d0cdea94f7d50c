"""A real standalone cluster on the loopback: one master and workers of one core and one gigabyte, from the PyPI package."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyspark

PATIENCE = 120
"""Seconds until a process that does not come up is given up."""


@dataclass
class Cluster:
    """Address of the master, and its workers, each a group of processes with the executors that it started."""

    master: str
    status: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def alive(self) -> int:
        """Return how many workers the master holds for alive."""
        with urllib.request.urlopen(self.status, timeout=10) as answer:  # noqa: S310  (our own master)
            return int(json.load(answer)["aliveworkers"])

    def kill_worker(self, number: int) -> None:
        """Take a worker away as a power cut does: with its executor and their Python processes."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait()


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """Start a cluster and stop it; logs and files of its work lie in `folder`."""
    port, page = _free(), _free()
    with ExitStack() as stack:
        stack.enter_context(_process(folder, "master", "master.Master", "--port", str(port), "--webui-port", str(page)))
        one = Cluster(f"spark://127.0.0.1:{port}", f"http://127.0.0.1:{page}/json/")
        _until(lambda: one.alive() == 0)
        for number in range(workers):
            one.workers.append(
                stack.enter_context(
                    _process(
                        folder,
                        f"worker-{number}",
                        "worker.Worker",
                        "--cores",
                        "1",
                        "--memory",
                        "1g",
                        "--work-dir",
                        str(folder / f"work-{number}"),
                        "--webui-port",
                        "0",
                        one.master,
                    )
                )
            )
        _until(lambda: one.alive() == workers)
        yield one


@contextmanager
def _process(folder: Path, name: str, what: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    home = Path(pyspark.__file__).parent
    command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{what}", "--host", "127.0.0.1", *arguments]
    environment = os.environ | {"SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "256m", "SPARK_LOCAL_IP": "127.0.0.1"}
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _until(condition) -> None:
    """Ask until a process that is coming up answers, or for PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError("the cluster does not come up")
