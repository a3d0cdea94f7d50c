"""Files that wait to be taken in: each in a folder of its own inside the home, with how far it has come."""

import json
import re
import secrets
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


class NotHere(Exception):
    """There is no such import, or it is somebody else's."""


def keep(name: str, chunks: Iterable[bytes], account: int) -> str:
    """Keep an uploaded file and return the token of its folder."""
    token = secrets.token_urlsafe(16)
    folder = _folder(token)
    folder.mkdir(mode=0o700, parents=True)
    with (folder / "file").open("wb") as out:
        out.writelines(chunks)
    write(token, {"name": Path(name).name[:120], "account": account, "step": "match"})
    return token


def read(token: str, account: int) -> dict[str, Any]:
    """
    Return how far an import has come.

    :raises NotHere: if there is none of this token for this account
    """
    try:
        state: dict[str, Any] = json.loads((_folder(token) / "state.json").read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotHere(token) from error
    if state["account"] != account:
        raise NotHere(token)
    return state


def write(token: str, state: dict[str, Any]) -> None:
    """Note how far an import has come; whoever reads meanwhile sees the whole of one state or of the other."""
    draft = _folder(token) / "state.new"
    draft.write_text(json.dumps(state, ensure_ascii=False), "utf-8")
    draft.replace(_folder(token) / "state.json")


def path(token: str, name: str) -> Path:
    """Return a file of an import: `file` as it was uploaded, `result.xlsx`, `result.json`."""
    return _folder(token) / name


def purge(at: datetime) -> int:
    """Remove what has lain here too long, whole folders; return how many. What is being taken in is left alone."""
    root, gone = settings.HOME.path / "imports", 0
    for folder in root.iterdir() if root.is_dir() else ():
        if TOKEN.fullmatch(folder.name) and _is_over(folder, at):
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _is_over(folder: Path, at: datetime) -> bool:
    state = folder / "state.json"
    try:
        step = json.loads(state.read_text("utf-8"))["step"] if state.exists() else ""
        touched = (state if state.exists() else folder).stat().st_mtime
    except (OSError, ValueError, KeyError):
        return False
    return step not in BUSY and at.timestamp() - touched > KEPT.total_seconds()


BUSY = ("waiting", "running")
KEPT = timedelta(days=30)
"""How long an uploaded file and its result stay [K: the matters stay for good; a file holds names and numbers, PIPL 19]."""


def _folder(token: str) -> Path:
    if not TOKEN.fullmatch(token):
        raise NotHere(token)
    folder: Path = settings.HOME.path / "imports" / token
    return folder
