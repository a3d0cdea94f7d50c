"""The set-up of a checkout, as `make` finds it on machines that lack something."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qianxian.config.home import CHECKOUT

MAKE = shutil.which("make") or "make"


def make_with(python: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run `make setup` in a bare checkout where this script is the only Python on the path."""
    (folder / "bin").mkdir()
    (folder / "bin" / "python3").write_text(python)
    (folder / "bin" / "python3").chmod(0o755)
    (folder / "requirements").mkdir()
    shutil.copy(CHECKOUT / "requirements" / "prepare.py", folder / "requirements")
    shutil.copy(CHECKOUT / "Makefile", folder)
    environment = {"PATH": str(folder / "bin"), "LANG": "C.UTF-8"}
    return subprocess.run([MAKE, "setup"], cwd=folder, env=environment, capture_output=True, text=True)


def test_a_python_without_venv_is_told_which_package_has_it(tmp_path: Path):
    lacking = "import sys, runpy; sys.modules['ensurepip'] = None; del sys.argv[0]"
    without = f"{lacking}; runpy.run_path(sys.argv[0], {{}}, '__main__')"
    asked = f'-c) exec {sys.executable} "$@";;'
    script = f'#!/bin/sh\ncase "$1" in {asked} *) exec {sys.executable} -c "{without}" "$@";; esac\n'

    done = make_with(script, tmp_path)

    assert done.returncode == 2
    assert "这个 Python 缺少 venv 模块：Debian、Ubuntu 上请运行 apt install python3-venv 后重试。" in done.stderr
    assert "run `apt install python3-venv` and try again." in done.stderr


def test_a_python_too_old_is_told_what_is_needed(tmp_path: Path):
    done = make_with("#!/bin/sh\nexit 1\n", tmp_path)

    assert done.returncode == 2
    assert "需要 Python 3.11 或更高版本" in done.stderr
    assert "Python 3.11 or later is needed" in done.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a small disk")
def test_a_disk_too_small_for_the_packages_is_one_sentence(tmp_path: Path):
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", tmp_path], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        done = make_with(f'#!/bin/sh\nexec {sys.executable} "$@"\n', tmp_path)
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)

    assert done.returncode == 2
    assert f"The disk is full: free at least 1 GB on the disk that holds {tmp_path} and run this again." in done.stderr


def test_the_packages_of_the_running_set_are_pinned_alike_in_the_development_set():
    running, development = pins("run"), pins("dev")

    assert {name: development[name] for name in running} == running


def test_no_lock_names_an_address():
    locks = [*(CHECKOUT / "requirements").glob("*.txt"), CHECKOUT / "frontend" / "package-lock.json"]

    assert [lock.name for lock in locks if '"resolved"' in lock.read_text() or "--index-url" in lock.read_text()] == []


def test_a_stamp_changes_with_the_content_and_not_with_the_time(tmp_path: Path):
    prepare = runpy.run_path(str(CHECKOUT / "requirements" / "prepare.py"))
    prepare["digest"].__globals__["CHECKOUT"] = tmp_path
    lock = tmp_path / "run.txt"
    lock.write_text("django==5.2")
    before = prepare["digest"]([lock])

    os.utime(lock, (0, 0))
    assert prepare["digest"]([lock]) == before
    lock.write_text("django==5.3")
    assert prepare["digest"]([lock]) != before


def pins(name: str) -> dict[str, str]:
    lines = (CHECKOUT / "requirements" / f"{name}.txt").read_text().splitlines()
    pinned = [line.split(" ")[0].split("==") for line in lines if "==" in line and not line.startswith((" ", "#"))]
    return {package[0]: package[1] for package in pinned}
