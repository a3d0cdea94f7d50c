"""Starts what one platform consists of (database, pages, live events, jobs), watches over it, leaves nothing behind."""

import fcntl
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import cast

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from qianxian.web.commands import demonstration

from . import postgres
from .home import CHECKOUT, Home, Trouble, server_of_ones_own
from .process import dies_with_parent, make_was_interrupted

HOST = "127.0.0.1"
LIVE = "qianxian.web.live"
THREADS = 8
MOST_PROCESSES = 4
MOST_PAGES = 10_000  # that hear live events at once; granian by itself serves a thousand and lets the others wait
STARTUP = 60  # seconds until the pages must answer
GRACE = 10  # seconds that a child has to end in order
RESTARTS = 5  # in succession, before the platform gives up


@dataclass
class Part:
    """A process of the platform, started again where it fails."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    starts: list[float] = field(default_factory=list)

    def start(self, home: Home) -> None:
        self.starts = [*self.starts, time.monotonic()][-RESTARTS:]
        with postgres.open_log(home, self.name) as log:
            self.process = subprocess.Popen(
                self.command,
                # The server looks for the application in its own directory first: never another checkout's.
                cwd=CHECKOUT,
                env=os.environ | {"PYTHONPATH": str(CHECKOUT), "QIANXIAN_HOME": str(home.path)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def keeps_failing(self) -> bool:
        return len(self.starts) == RESTARTS and self.starts[-1] - self.starts[0] < STARTUP


def run(home: Home, *, port: int, demonstration: bool) -> int:
    """Serve until told to stop by SIGINT or SIGTERM; returns the exit code."""
    os.environ["QIANXIAN_PORT"] = str(port)
    with _only_one(home, port), _stoppable() as stopping:
        for wanted in (port, port + 1) if has_live() else (port,):
            need_port(wanted)
        with postgres.at_hand(home, owned=True):
            say("准备数据库 · preparing the database")
            migrate()
            if demonstration:
                prepare()
            _close_connections()
            parts = [Part(name, command) for name, command in commands(port).items()]
            try:
                for part in parts:
                    part.start(home)
                _await_pages(home, parts, port, stopping)
                if not stopping():
                    welcome(port, demonstration=demonstration)
                _watch(home, parts, stopping)
            finally:
                say("正在停止 · stopping")
                end(parts, grace=1 if _has_lost_database(home) else GRACE)
    return 0


def prepare() -> None:
    """Load the demonstration district, unless it is there already."""
    os.environ["QIANXIAN_DEMONSTRATION"] = "yes"
    demonstration.load_with_bar()


def logins() -> list[str]:
    """One line for each login of the demonstration."""
    return demonstration.lines()


def welcome(port: int, *, demonstration: bool) -> None:
    say(f"千线 Qianxian: http://{HOST}:{port}")
    for line in logins() if demonstration else []:
        say(line)
    say("按 Ctrl-C 停止 · Ctrl-C stops it")


def migrate() -> None:
    """
    Bring the tables to this version.

    :raises Trouble: if a newer version has already brought them further
    """
    executor = MigrationExecutor(connection)
    ours = {config.label for config in apps.get_app_configs()}
    known = executor.loader.disk_migrations or {}
    newer = sorted(
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in ours and (app, name) not in known and (app, name) not in _replaced(executor)
    )
    if newer:
        raise Trouble(
            f"数据库已由更新版本的千线升级（{newer[-1]}）：请更新本程序后再启动，或用 QIANXIAN_HOME 另建一个平台。",
            f"A newer Qianxian has already migrated this database ({newer[-1]}): "
            "update this checkout before you start it, or make another platform by QIANXIAN_HOME.",
        )
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _apply(plan)


def _apply(plan: list[tuple[Migration, bool]]) -> None:
    """Apply migrations one by one, and let Django do what follows the last of them."""
    columns = (TextColumn("升级数据表 migrating"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(plan))

        def follow(action: str, migration: Migration | None = None, fake: bool | None = False, /) -> None:
            if action == "apply_start":
                progress.update(task, description=str(migration))
            elif action == "apply_success":
                progress.advance(task)

        executor = MigrationExecutor(connection, follow)
        executor.migrate(executor.loader.graph.leaf_nodes(), plan=plan)
        call_command("migrate", verbosity=0, interactive=False)


def unapplied() -> list[str]:
    """The migrations that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def has_live() -> bool:
    return importlib.util.find_spec(LIVE) is not None


def commands(port: int) -> dict[str, list[str]]:
    """The processes beside the database: pages, live events, jobs."""
    granian = [sys.executable, "-P", "-m", "granian", "--host", HOST, "--no-ws", "--respawn-failed-workers"]
    quiet = ["--log-level", "warning", "--workers-kill-timeout", "3s"]
    processes = str(min(os.cpu_count() or 1, MOST_PROCESSES))
    pages = ["--interface", "wsgi", "--port", str(port), "--workers", processes, "--blocking-threads", str(THREADS)]
    parts = {"web": [*granian, *quiet, *pages, *_static(), "qianxian.config.wsgi:application"]}
    if has_live():
        live = ["--interface", "asgi", "--port", str(port + 1), "--workers", "1", "--backpressure", str(MOST_PAGES)]
        parts["live"] = [*granian, *quiet, *live, "qianxian.config.asgi:application"]
    parts["worker"] = [sys.executable, "-P", "-m", "qianxian", "worker"]
    return parts


def need_port(port: int) -> None:
    """
    Check that nobody serves on the port.

    :raises Trouble: with the name of who does
    """
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except PermissionError:
            raise Trouble(
                f"没有使用端口 {port} 的权限：请用 --port 选择 1024 以上的端口。",
                f"No permission to use port {port}: choose one above 1024 by --port.",
            ) from None
        except OSError:
            holder = who_listens(port)
            zh, en = (f"（{holder}）", f" ({holder})") if holder else ("", "")
            raise Trouble(
                f"端口 {port} 已被占用{zh}：请先停止它，或用 --port 换一个端口（make run PORT=…）。",
                f"Port {port} is in use{en}: stop that first, or choose another by --port (make run PORT=…).",
            ) from None


def who_listens(port: int) -> str:
    """Name the process that listens on the port, where the machine lets us see it."""
    tables = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
    rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].rsplit(":", 1)[1], 16) == port}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(descriptor.readlink()) in sockets for descriptor in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()}, pid {process.name}"
        except OSError:
            continue
    return ""


def end(parts: list[Part], *, grace: float) -> None:
    """End all parts at once and in order; kill what does not listen within this many seconds."""
    running = [part.process for part in parts if part.process and part.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + grace
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _watch(home: Home, parts: list[Part], stopping: Callable[[], bool]) -> None:
    while not stopping():
        time.sleep(0.2)
        if _has_lost_database(home):
            raise _stopped(home, "postgres")
        for part in parts:
            if part.has_ended() and not stopping():
                if part.keeps_failing():
                    raise _stopped(home, part.name)
                part.start(home)


def _has_lost_database(home: Home) -> bool:
    return not server_of_ones_own() and not postgres.is_running(home)


def _await_pages(home: Home, parts: list[Part], port: int, stopping: Callable[[], bool]) -> None:
    deadline = time.monotonic() + STARTUP
    while not stopping() and not _answers(port):
        if time.monotonic() > deadline or any(part.name == "web" and part.has_ended() for part in parts):
            raise _stopped(home, "web")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex((HOST, port)) == 0


def _stopped(home: Home, name: str) -> Trouble:
    log = home.log / f"{name}.log"
    return Trouble(
        f"{name} 停止运行：原因记在 {log} 的末尾，处理后重新运行。",
        f"{name} has stopped: the reason is at the end of {log}; mend it and run this again.",
    )


@contextmanager
def _only_one(home: Home, port: int) -> Iterator[None]:
    """Let one `run` at a time serve from a home."""
    home.open()
    with (home.path / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            other = json.loads(lock.read() or "{}")
            address = f"http://{HOST}:{other.get('port', '?')}, pid {other.get('pid', '?')}"
            raise Trouble(
                f"{home.path} 的平台已在运行（{address}）：请直接使用它，先停止它，或另设 QIANXIAN_HOME。",
                f"The platform of {home.path} is already running ({address}): use it, stop it first, "
                "or name another QIANXIAN_HOME.",
            ) from None
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "port": port}))
        lock.flush()
        yield


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Turn the first SIGINT, SIGTERM or SIGHUP into a wish to stop; what is being done is finished first."""
    wishes: list[int] = []

    def wish(number: int, _: FrameType | None) -> None:
        wishes.append(number)

    interrupted = make_was_interrupted()
    before = {number: signal.signal(number, wish) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield lambda: bool(wishes) or interrupted()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _static() -> list[str]:
    """Let the server itself hand out static files: those of packages each under its own name, then ours."""
    brought = [folder for config in apps.get_app_configs() for folder in sorted(Path(config.path).glob("static/*/"))]
    route = settings.STATIC_URL.rstrip("/")
    mounts = {f"{route}/{folder.name}": folder for folder in brought} | {route: settings.STATICFILES_DIRS[0]}
    pairs = [
        part
        for at, folder in mounts.items()
        for part in ("--static-path-route", at, "--static-path-mount", str(folder))
    ]
    return [*pairs, "--static-path-expires", "30d"]


def _close_connections() -> None:
    connection.close()
    cast("DatabaseWrapper", connection).close_pool()


def _replaced(executor: MigrationExecutor) -> set[tuple[str, str]]:
    squashed = (executor.loader.disk_migrations or {}).values()
    return {replaced for migration in squashed for replaced in migration.replaces}
