"""Taking in an uploaded file, outside any request: it may be long, and it goes on where it was cut off."""

from typing import Any

from procrastinate.contrib.django import app

from qianxian.cadres.queries import reaching_everything
from qianxian.cadres.rules import Actor, Role
from qianxian.collection import files, intake
from qianxian.web.acting import now

from . import sentences, store
from .results import Names, Tally, collected, write_workbook

EVERY = 200


@app.periodic(cron="11 4 * * *")
@app.task(queueing_lock="uploads", pass_context=False)
def remove_old_uploads(timestamp: int) -> None:
    """Remove uploaded files whose result has been there for a month."""
    store.purge(now())


@app.task(name="take_in_file", retry=3, pass_context=False)
def take_in_file(*, token: str, account: int) -> None:
    """Take in an uploaded file; a file that turns out to be none is told on its page and not tried again."""
    state = store.read(token, account)
    try:
        _take_in(token, state)
    except sentences.Refusal as error:
        store.write(token, state | {"step": "refused", "sentence": sentences.refusal(error)})


def _take_in(token: str, state: dict[str, Any]) -> None:
    with reaching_everything(), Tally() as tally, files.opened(store.path(token, "file")) as table:
        known = intake.known()
        columns = intake.columns(table, known, state["given"])
        rows = intake.coded(table, columns, known, now())
        outcomes = intake.take_in_rows(source=state["source"], rows=rows, actor=_actor(state), now=now, keep=True)
        for number, _ in enumerate(collected(outcomes, Names(known.directory, known.reader.tree), tally), start=1):
            if number % EVERY == 0:
                store.write(token, state | {"step": "running", "part": table.part_read(), "rows": number})
        write_workbook(store.path(token, "result.xlsx"), tally)
        with store.path(token, "result.json").open("w", encoding="utf-8") as out:
            tally.write_json(out, {"source": state["source"]})
        store.write(token, state | {"step": "done", "rows": tally.rows, "counts": tally.counts})


def _actor(state: dict[str, Any]) -> Actor:
    held = state["actor"]
    return Actor(held["name"], held["unit"], Role(held["role"]), held["area"])
