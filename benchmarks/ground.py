"""A platform of its own for a measurement: a home, a private PostgreSQL, the demonstration district, gone afterwards."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def platform() -> Iterator[Path]:
    """Make a platform with its tables, and remove it; nothing of Django is touched before its home is known."""
    home = Path(tempfile.mkdtemp(prefix="qianxian-bench-"))
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"QIANXIAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "qianxian.config.settings"}
    code = "from benchmarks.ground import prepare; prepare()"
    try:
        with _cluster():
            subprocess.run([sys.executable, "-c", code], check=True)
            yield home
    finally:
        cluster = (home / "postgres").resolve()
        shutil.rmtree(cluster if cluster == home / "postgres" else cluster.parent, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _cluster() -> Iterator[None]:
    from qianxian.config import home, postgres  # noqa: PLC0415  (reads the home that was just named)

    with postgres.at_hand(home.current(), owned=True):
        yield


def prepare() -> None:
    """Bring the tables in and enter the demonstration district."""
    import django  # noqa: PLC0415

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from qianxian.cadres.queries import reaching_everything  # noqa: PLC0415
    from qianxian.config import server  # noqa: PLC0415
    from qianxian.web.demonstration import district  # noqa: PLC0415

    server.migrate()
    with reaching_everything():
        district.enter(timezone.now())


@contextmanager
def pages(home: Path, *, workers: int = 1, threads: int = 4) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Serve the pages by a real granian; gives the port and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws",
        "--workers", str(workers), "--blocking-threads", str(threads), "--log-level", "warning",
        "qianxian.config.wsgi:application",
    ]  # fmt: skip
    with (home / "pages.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _await(port, server)
        yield port, server
    finally:
        server.terminate()
        server.wait(timeout=20)


def _await(port: int, server: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < give_up:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/openapi.json", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the pages did not start")


def cpu(processes: Iterable[int]) -> float:
    """Return the seconds of processor time that processes have used, those of ended children included."""
    return sum(_ticks(process) for process in processes) / TICK


def _ticks(process: int) -> int:
    try:
        parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return sum(int(part) for part in parts[11:15])


def family(process: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = stat.read_text().partition(" (")
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents.setdefault(int(rest.rpartition(")")[2].split()[1]), []).append(int(number))
    found, waiting = [], [process]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], [])
    return found


def database(home: Path) -> list[int]:
    """Return the processes of the platform's PostgreSQL."""
    return family(int((home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]))


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a small table."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    sys.stdout.write(f"{title}\n")
    for row in cells:
        sys.stdout.write("  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + "\n")
    sys.stdout.flush()
