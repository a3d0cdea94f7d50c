"""Lets no process outlive the one that started it, even if that was killed."""

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
ENOUGH_FILES = 65_536


def dies_with_parent(last_signal: signal.Signals) -> Callable[[], None] | None:
    """What a child does first so that Linux sends it this signal when its parent is gone; None on other systems."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != parent:
            os.kill(os.getpid(), last_signal)

    return ask


def die_with_server() -> None:
    """Bind a server's worker, which the server itself has forked or spawned, to the life of that server."""
    server = multiprocessing.parent_process()
    if server is None or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if not server.is_alive():
        os.kill(os.getpid(), signal.SIGKILL)


def open_many_files() -> None:
    """Let this process hold as many files and connections as the machine allows, up to `ENOUGH_FILES`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(ENOUGH_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def make_was_interrupted() -> Callable[[], bool]:
    """
    Ask later whether the `make` that runs us was told to stop since.

    GNU make passes SIGTERM on, but waits for its children on SIGINT as if the terminal had told them too; it only lays
    down its own handler. So `kill -INT` of make alone would wait for ever.
    """
    status = Path(f"/proc/{os.getppid()}/status")
    if "MAKELEVEL" not in os.environ or not _catches_interrupt(status):
        return lambda: False
    return lambda: status.exists() and not _catches_interrupt(status)


def _catches_interrupt(status: Path) -> bool:
    try:
        lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
    except OSError:
        return False
    return lines["Name"] in ("make", "gmake") and bool(int(lines["SigCgt"], 16) & 1 << (signal.SIGINT - 1))
