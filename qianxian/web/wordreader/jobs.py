"""Training a reader of words from an uploaded file, outside any request."""

import hashlib
from typing import TYPE_CHECKING, Any

from procrastinate.contrib.django import app

from qianxian.collection import files
from qianxian.kernel.lazily import lazily
from qianxian.web.acting import now
from qianxian.web.imports import store

if TYPE_CHECKING:
    from qianxian.mandates.words import grams, model, modelfile, training
else:
    grams = lazily("qianxian.mandates.words.grams")
    model = lazily("qianxian.mandates.words.model")
    modelfile = lazily("qianxian.mandates.words.modelfile")
    training = lazily("qianxian.mandates.words.training")

MODEL = "topics.model"


@app.task(name="train_reader", retry=3, pass_context=False)
def train_reader(*, token: str, account: int) -> None:
    """Train a reader; a file from which nothing can be learned is told on its page and not tried again."""
    state = store.read(token, account)

    def told(part: float) -> None:
        store.write(token, state | {"step": "running", "part": part})

    try:
        _train(token, state, told)
    except training.NotEnough as error:
        store.write(token, state | {"step": "refused", "code": error.code, "facts": error.facts})


def _train(token: str, state: dict[str, Any], told: Any) -> None:
    path = store.path(token, "file")
    texts, labels, left_out = rows(token, state["texts"], state["label"])
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    moment = now().isoformat(timespec="seconds")
    about = model.Facts((), tuple(state["texts"]), state["label"], 0, digest, moment, 1.0, None)
    made = training.trained(training.examples(texts, labels), about, told)
    modelfile.save(made, store.path(token, MODEL))
    store.write(token, state | {"step": "done", "left_out": left_out})


def rows(token: str, columns: list[str], label: str) -> tuple[list[str], list[str], int]:
    """Return texts and labels of an uploaded file, and how many rows lack either."""
    with files.opened(store.path(token, "file")) as table:
        at, of = [table.headers.index(name) for name in columns], table.headers.index(label)
        read = [(grams.joined(_cell(row, i) for i in at), _cell(row, of).strip()) for _, row in table.rows]
    kept = [(words, said) for words, said in read if words.strip() and said]
    return [words for words, _ in kept], [said for _, said in kept], len(read) - len(kept)


def _cell(row: tuple[str, ...], at: int) -> str:
    return row[at] if at < len(row) else ""
