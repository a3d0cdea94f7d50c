"""Seconds until the platform answers: the first start with the demonstration district, and the second, beside bare Django."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.ground import table

PORT = 8741
BARE = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'qianxian.config.settings'; django.setup()"


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="qianxian-bench-"))
    os.environ.pop("DATABASE_URL", None)
    os.environ["QIANXIAN_HOME"] = str(home)
    try:
        rows = [("first start", started()), ("second start", started()), ("python and Django alone", bare())]
    finally:
        shutil.rmtree((home / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
    table("start (goal: the second in under 5 s)", ("", "seconds"), [(name, f"{took:.1f}") for name, took in rows])


def started() -> float:
    """Start a platform, stop it once it says that it serves, and return how long it took to say so."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "qianxian", "run", "--port", str(PORT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout or ():
            if "Ctrl-C" in line:
                break
        took = time.perf_counter() - began
        running.send_signal(signal.SIGINT)
    return took


def bare() -> float:
    """Return how long Python and Django need to be ready for anything."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", BARE], check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
