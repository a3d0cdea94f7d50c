"""Learning from an uploaded history, or from the platform's own matters, outside any request."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from procrastinate.contrib.django import app

from qianxian.cadres.queries import reaching_everything
from qianxian.collection import history as histories
from qianxian.collection import intake
from qianxian.kernel.lazily import lazily
from qianxian.mandates.rules.learning.records import Record, RowFault
from qianxian.matters.queries.settled import settled
from qianxian.web.acting import now
from qianxian.web.imports import store

from . import kept, own, results, sentences

if TYPE_CHECKING:
    from qianxian.mandates import learning, ranking
else:
    learning = lazily("qianxian.mandates.learning")
    ranking = lazily("qianxian.mandates.ranking")

TRIED = 0.2


@dataclass(frozen=True)
class _Read:
    records: tuple[Record, ...]
    faults: tuple[RowFault, ...]
    places: frozenset[str]

    @property
    def rows(self) -> int:
        return len(self.records) + len(self.faults)


@app.task(name="learn_from_history", retry=3, pass_context=False)
def learn_from_history(*, token: str, account: int) -> None:
    """Learn from what was uploaded; a file that turns out to be none is told on its page and not tried again."""
    state = store.read(token, account)
    try:
        _learn(token, state)
    except sentences.Refusal as error:
        store.write(token, state | {"step": "refused", "sentence": sentences.refusal(error)})


def _learn(token: str, state: dict[str, Any]) -> None:
    def told(part: float) -> None:
        store.write(token, state | {"step": "running", "part": part * 0.3})

    with reaching_everything():
        read = _own(state["area"]) if state["own"] else _uploaded(token, state, told)
        told(1.0)
        learned = learning.learn(read.records, places=read.places, share=TRIED, rolling=False)
        data = results.as_data(learned, read.faults, read.rows)
        data["kept_here"] = _keep(token, learned)
    store.path(token, "result.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    store.write(token, state | {"step": "done", "rows": read.rows, "taught": bool(data["kept_here"])})


def _keep(token: str, learned: "learning.Learned") -> bool:
    """Keep the ranking beside the result, with what the platform needs to use it once somebody says so."""
    if learned.ranking is None:
        return False
    kept.prepare(learned, intake.known(), now())
    ranking.save(learned.ranking, store.path(token, "ranking.npz"))
    return True


def _uploaded(token: str, state: dict[str, Any], told: Callable[[float], None]) -> _Read:
    found = histories.read(store.path(token, "file"), state.get("given", {}), told)
    return _Read(found.records, found.faults, found.places)


def _own(area: str) -> _Read:
    known = intake.known()
    return _Read(tuple(own.records(settled(area), known.directory, known.reader.tree)), (), frozenset())
