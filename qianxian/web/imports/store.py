"""Files that wait to be taken in: each in a folder of its own inside the home, with how far it has come."""

import json
import re
import secrets
from collections.abc import Iterable
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


def _folder(token: str) -> Path:
    if not TOKEN.fullmatch(token):
        raise NotHere(token)
    folder: Path = settings.HOME.path / "imports" / token
    return folder
