"""Files of 200 MB, really written and really sent: streamed in bounded memory, or refused in one clear sentence."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.town import address_of

MEGABYTE = 2**20
LARGE = 200 * MEGABYTE
IDLE = 160 * MEGABYTE
"""What the program holds without a file: Django, the register, the topic tree."""

MEASURED = """
import resource, subprocess, sys
with open(sys.argv[1], "wb") as told:
    subprocess.run(sys.argv[2:], stdout=told, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Runs a command and prints the memory it held, in kB; a process of its own, since a child counts what its parent held."""


def write_large(path: Path, row: str) -> int:
    """Write 200 MB of rows with a long remark; return how many rows there are."""
    filling, count = "附" * 260_000, 0
    with path.open("w", encoding="utf-8") as out:
        out.write("编号,诉求内容,所属社区,经办备注\n")
        while out.tell() < LARGE:
            out.write(row.format(count) + f",柳岸社区,{filling}\n")
            count += 1
    return count


def test_dispatch_reads_two_hundred_megabytes_row_by_row(committed: str, tmp_path: Path):
    rows = write_large(tmp_path / "大文件.csv", "{0},第{0}盏路灯不亮，请来修")
    environment = {**os.environ, "DATABASE_URL": address_of(committed)}
    command = [sys.executable, "-m", "qianxian", "dispatch", str(tmp_path / "大文件.csv"), "--json", "--dry-run"]
    measured = [sys.executable, "-c", MEASURED, str(tmp_path / "told.json"), *command]
    held = subprocess.run(measured, env=environment, stdout=subprocess.PIPE, check=True)
    counts = json.loads((tmp_path / "told.json").read_text("utf-8"))
    assert (counts["rows"], counts["faults"]) == (rows, 0)
    assert int(held.stdout) * 1024 < IDLE + LARGE // 2


SERVER = [
    sys.executable,
    "-m",
    "granian",
    "--interface",
    "wsgi",
    "--host",
    "127.0.0.1",
    "--no-ws",
    "--log-level",
    "warning",
]


@pytest.fixture
def server(committed: str, tmp_path: Path):
    """The pages as they are served, with the port and the process; the port is free at the moment it is asked for."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": address_of(committed), "QIANXIAN_PORT": str(port)}
    command = [*SERVER, "--port", str(port), "qianxian.config.wsgi:application"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        assert process.poll() is None
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
    yield port, process
    process.terminate()
    process.wait(timeout=20)


def family(parent: int) -> list[int]:
    """Return the numbers of a process and of all that it has started."""
    children = [int(p) for p in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return [parent, *(number for child in children for number in family(child))]


def most_held(parent: int) -> int:
    """Return the most memory that any process of a family has ever held, in bytes."""
    states = (Path(f"/proc/{number}/status").read_text() for number in family(parent))
    return max(int(re.search(r"VmHWM:\s+(\d+) kB", state)[1]) * 1024 for state in states)


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
def test_an_upload_of_two_hundred_megabytes_is_refused_in_one_sentence_and_not_held(server, announced: bool):
    port, process = server
    head = f"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: text/csv\r\nConnection: close\r\n"
    size = f"Content-Length: {LARGE}\r\n" if announced else "Transfer-Encoding: chunked\r\n"
    block = b"a" * MEGABYTE
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall((head + size + "\r\n").encode())
        try:
            for _ in range(LARGE // MEGABYTE):
                line.sendall(block if announced else b"%x\r\n%s\r\n" % (MEGABYTE, block))
            line.sendall(b"" if announced else b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server may hang up as soon as it has answered
        answer = b""
        try:
            while part := line.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
    said = answer.decode(errors="replace")
    assert said.startswith("HTTP/1.1 4")
    if announced:
        assert said.startswith("HTTP/1.1 413")
        assert len(re.findall(r"data-said", said)) == 1
        assert str(settings.LARGEST_BODY // MEGABYTE) in said
    assert most_held(process.pid) < IDLE + LARGE // 2
