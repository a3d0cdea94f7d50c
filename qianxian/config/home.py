"""The home of one platform: where its data, keys and logs lie, and how its database is reached.

Two homes are two platforms that share nothing. `QIANXIAN_HOME` names the home; without it, it is `.qianxian` in the
checkout.
"""

import errno
import hashlib
import os
import secrets
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LARGEST_POOL = 8
MEGABYTE = 2**20


class Trouble(Exception):
    """What keeps the platform from working and what to do about it, in one sentence of each language."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")


@dataclass(frozen=True)
class Home:
    """One platform's directory. Reading a key creates it, so that nothing depends on what was run first."""

    path: Path

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def data(self) -> Path:
        """The private cluster; a link where the database's account may not enter the home."""
        return self.path / "postgres"

    @property
    def socket(self) -> Path:
        """A directory short enough for a socket's path of 107 bytes, however deep the home lies."""
        name = hashlib.sha256(f"{os.getuid()} {self.path}".encode()).hexdigest()[:12]
        return Path("/tmp") / f"qianxian-{name}"  # noqa: S108  (created with mode 0700, and its owner is checked)

    def open(self) -> None:
        """
        Create the directories that are missing.

        :raises Trouble: if this account may not write here
        """
        try:
            # The database's account passes through root's home; an ordinary user's home is the user's alone.
            self.path.mkdir(mode=0o711 if os.getuid() == 0 else 0o700, parents=True, exist_ok=True)
            self.log.mkdir(mode=0o700, exist_ok=True)
            (self.path / "keys").mkdir(mode=0o700, exist_ok=True)
        except (PermissionError, FileExistsError, NotADirectoryError) as refused:
            raise self.refused() from refused
        if not os.access(self.path, os.W_OK | os.X_OK) or not os.access(self.path / "keys", os.W_OK | os.X_OK):
            raise self.refused()

    def key(self, name: str) -> str:
        """Read the secret of this name; the first reader draws it."""
        self.open()
        kept = self.path / "keys" / name
        if not kept.exists():
            _write_whole(kept, secrets.token_urlsafe(48))
        try:
            return kept.read_text()
        except PermissionError as refused:
            raise self.refused() from refused

    def seal_keys(self) -> tuple[bytes, ...]:
        """
        Return the sealing keys of 32 bytes, the oldest first: from the environment, else from the files of the home.

        :raises Trouble: if somebody else could read a file
        """
        told = os.environ.get("QIANXIAN_SEAL_KEYS", "")
        secrets_held = [one.strip() for one in told.split(",") if one.strip()] or [
            self._closed_key(name) for name in self.seal_key_names()
        ]
        return tuple(_derived(one) for one in secrets_held)

    def seal_key_names(self) -> list[str]:
        """Return the names of the files of sealing keys: seal, seal.2, seal.3 …"""
        names, number = ["seal"], 2
        while (self.path / "keys" / f"seal.{number}").exists():
            names.append(f"seal.{number}")
            number += 1
        return names

    def next_seal_key(self) -> str:
        """Draw a key of the next generation; returns the name of its file."""
        name = f"seal.{len(self.seal_key_names()) + 1}"
        self.key(name)
        return name

    def _closed_key(self, name: str) -> str:
        kept = self.path / "keys" / name
        if kept.exists() and kept.stat().st_mode & 0o077:
            raise Trouble(
                f"密钥文件 {kept} 别人也能读，已停止使用：请执行 chmod 600 {kept} 后重试。",
                f"The key {kept} can be read by others and is not used: run chmod 600 {kept} and try again.",
            )
        return self.key(name)

    def refused(self) -> Trouble:
        return Trouble(
            f"没有使用 {self.path} 的权限：请换成它的属主运行，或用 QIANXIAN_HOME 指定自己的目录。",
            f"No permission to use {self.path}: run this as its owner, or name your own directory by QIANXIAN_HOME.",
        )


def current() -> Home:
    named = os.environ.get("QIANXIAN_HOME")
    return Home(Path(named).expanduser().resolve() if named else CHECKOUT / ".qianxian")


def server_of_ones_own() -> str:
    """The address of a database server that is not ours to start, or nothing."""
    return os.environ.get("DATABASE_URL", "")


def database_settings(home: Home) -> dict[str, Any]:
    """How Django reaches the database: by DATABASE_URL, else the private cluster of the home."""
    engine, pool = (
        "django.db.backends.postgresql",
        {"pool": {"min_size": 1, "max_size": LARGEST_POOL}, "prepare_threshold": 5},
    )
    if not server_of_ones_own():
        return {
            "ENGINE": engine,
            "OPTIONS": pool,
            "NAME": "qianxian",
            "USER": "qianxian",
            "PASSWORD": home.key("database"),
            "HOST": str(home.socket),
        }
    url = urlsplit(server_of_ones_own())
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": engine,
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", unquote(url.hostname or "")),
        "PORT": str(options.pop("port", url.port or "")),
        "OPTIONS": {**pool, **options},
    }


def disk_full(home: Home) -> Trouble:
    return Trouble(
        f"磁盘空间不足：请在 {home.path} 所在磁盘腾出至少 1 GB 后重新运行，数据没有损坏。",
        f"The disk is full: free at least 1 GB on the disk of {home.path} and run this again; no data is damaged.",
    )


def as_trouble(error: BaseException) -> Trouble | None:
    """Say what an error of the machine means for the platform, where that can be said in a sentence."""
    if isinstance(error, Trouble):
        return error
    home = current()
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return disk_full(home)
    if isinstance(error, PermissionError) and Path(error.filename or "/").is_relative_to(home.path):
        return home.refused()
    return None


def complain(trouble: Trouble) -> int:
    """Tell the trouble and return the exit code for it."""
    sys.stderr.write(f"{trouble}\n")
    return 2


@cache
def _derived(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _write_whole(path: Path, content: str) -> None:
    """Write a file that appears whole or not at all, and that the first of two writers wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.touch(mode=0o600)
        draft.write_text(content)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
