import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection

from qianxian.config import postgres, server
from qianxian.config.home import CHECKOUT, Home, Trouble


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("QIANXIAN_HOME", str(tmp_path / "home"))
    home = Home(tmp_path / "home")
    yield home
    postgres.stop(home)
    if home.data.is_symlink():
        shutil.rmtree(home.data.resolve().parent)
    shutil.rmtree(home.socket, ignore_errors=True)


def test_a_busy_port_is_named_with_who_holds_it_and_how_to_choose_another():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(Trouble) as trouble:
            server.need_port(port)

    zh, en = str(trouble.value).splitlines()
    assert zh.startswith(f"端口 {port} 已被占用")
    assert f"pid {os.getpid()}): stop that first, or choose another by --port" in en


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_left_alone():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('qianxian', '9999_from_tomorrow', now())"
        )

    with pytest.raises(Trouble) as trouble:
        server.migrate()

    zh, en = str(trouble.value).splitlines()
    assert "数据库已由更新版本的千线升级（qianxian.9999_from_tomorrow）" in zh
    assert "update this checkout before you start it" in en


@pytest.mark.django_db
def test_a_database_of_this_version_needs_nothing():
    server.migrate()

    assert server.unapplied() == []


def test_a_platform_starts_answers_keeps_its_data_and_leaves_nothing_behind(home: Home):
    port = free_ports()
    first = start(port)
    assert answers(port) < 500
    assert "already running" in refusal(free_ports())
    stop_in_order(first, home)
    key = home.key("django")

    second = start(port)
    assert home.key("django") == key
    with second:
        second.kill()
    wait_until(lambda: not descendants_of_home(home) and not postgres.is_running(home))


def test_a_platform_started_elsewhere_serves_its_own_code_and_its_own_home(home: Home, tmp_path: Path):
    other_checkout = tmp_path / "checkout"
    (other_checkout / "qianxian").mkdir(parents=True)
    (other_checkout / "qianxian" / "__init__.py").write_text("raise AssertionError('another checkout')")
    port = free_ports()

    with start(port, other_checkout, PYTHONSAFEPATH="1", QIANXIAN_HOME="../home") as platform:
        assert answers(port) < 500
        assert postgres.is_running(home)
        platform.send_signal(signal.SIGINT)
        assert platform.wait(20) == 0


def test_a_part_that_dies_is_started_again_and_a_database_that_dies_ends_the_platform(home: Home):
    port = free_ports()
    with start(port) as platform:
        os.kill(pid_of(home, "granian"), signal.SIGKILL)
        wait_until(lambda: is_served(port))
        os.kill(int((home.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

        assert platform.wait(30) == 2
    wait_until(lambda: not descendants_of_home(home))
    assert qianxian("doctor").returncode == 0


def test_a_command_brings_the_database_and_takes_it_away_again(home: Home):
    assert qianxian("migrate").returncode == 0

    facts = json.loads(qianxian("home", "--json").stdout)

    assert (facts["database"], facts["running"]) == ("private", False)
    assert facts["version"] == postgres.found()[0].major
    assert json.loads(qianxian("doctor", "--json").stdout) == dict.fromkeys(
        ("database", "role", "migrations", "keys"), "ok"
    )


def test_the_doctor_finds_what_is_wrong_and_says_so_by_the_exit_code(home: Home):
    home.key("django")
    (home.path / "keys" / "django").chmod(0o644)

    done = qianxian("doctor", "--json")

    findings = json.loads(done.stdout)
    assert done.returncode == 1
    assert findings["keys"] == "readable by others: django"
    assert findings["migrations"].endswith("not applied: run `qianxian migrate`")


def test_a_server_of_ones_own_that_does_not_answer_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody@127.0.0.1:{free_ports()}/nothing")

    done = qianxian("doctor")

    assert done.returncode == 2
    zh, en = done.stderr.splitlines()
    assert zh.startswith("无法连接数据库：")
    assert en.startswith("The database cannot be reached: check the server of DATABASE_URL")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_is_one_sentence(tmp_path: Path, home: Home):
    small = tmp_path / "home"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        done = qianxian("run", "--port", str(free_ports()))
    finally:
        subprocess.run(["umount", "--lazy", small], check=True)

    assert done.returncode == 2
    assert f"The disk is full: free at least 1 GB on the disk of {small}" in done.stderr


def free_ports() -> int:
    """A port that is free together with the next one, out of the range from which outgoing connections are numbered."""
    while True:
        port = random.randrange(15_000, 30_000)
        if not any(taken(wanted) for wanted in (port, port + 1)):
            return port


def taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def qianxian(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qianxian", *words], cwd=CHECKOUT, capture_output=True, text=True, timeout=60
    )


def start(port: int, folder: Path = CHECKOUT, **home: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "qianxian", "run", "--port", str(port), "--without-demonstration"]
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)} | home
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    for line in process.stdout or ():
        if "Ctrl-C" in line:
            return process
    raise AssertionError(f"it ended with {process.wait()} before it served")


def refusal(port: int) -> str:
    return qianxian("run", "--port", str(port)).stderr


def answers(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def stop_in_order(process: "subprocess.Popen[str]", home: Home) -> None:
    with process:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert descendants_of_home(home) == []
    assert not postgres.is_running(home)


def descendants_of_home(home: Home) -> list[str]:
    return list(processes_of(home).values())


def processes_of(home: Home) -> dict[int, str]:
    """Command lines of the processes that live on this home, but for our own."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"QIANXIAN_HOME={home.path}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
    return {pid: command for pid, command in found.items() if pid != os.getpid()}


def pid_of(home: Home, word: str) -> int:
    """The oldest process of this home with the word in its command line."""
    return min(pid for pid, command in processes_of(home).items() if word in command)


def is_served(port: int) -> bool:
    try:
        return answers(port) < 500
    except OSError:
        return False


def wait_until(true: Callable[[], bool], patience: float = 20) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)
