"""Putting a trained reader in use, and going back to the topic tree alone."""

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qianxian.kernel.lazily import lazily
from qianxian.mandates import actions
from qianxian.mandates import queries as mandates

if TYPE_CHECKING:
    from qianxian.mandates.words import modelfile
    from qianxian.mandates.words.model import Facts
else:
    modelfile = lazily("qianxian.mandates.words.modelfile")


def in_use() -> "Facts | None":
    """
    Return what the reader in use says of itself, None where there is none.

    :raises NoModel: if its file cannot be read
    """
    path = mandates.trained_reader()
    return modelfile.facts(path) if path.exists() else None


def use(path: Path, crosswalk: Mapping[str, Sequence[str]], *, actor: str, at: datetime) -> None:
    """
    Let a reader propose topics on every form and in dispatch from now on.

    :param crosswalk: topics by label, for labels that are no names of topics
    :raises NoModel: if the file is none
    """
    facts = modelfile.facts(path)
    installed = mandates.trained_reader()
    installed.parent.mkdir(parents=True, exist_ok=True)
    mandates.crosswalk_of_reader().write_text(json.dumps(dict(crosswalk), ensure_ascii=False), "utf-8")
    beside = installed.with_name(".topics.part")
    shutil.copyfile(path, beside)
    beside.replace(installed)
    actions.note_reader(digest=facts.data_sha256, rows=facts.rows, actor=actor, at=at)


def drop(*, actor: str, at: datetime) -> None:
    """Go back to the topic tree alone."""
    mandates.trained_reader().unlink(missing_ok=True)
    mandates.crosswalk_of_reader().unlink(missing_ok=True)
    actions.note_reader(digest="", rows=0, actor=actor, at=at)
