"""What is read of submissions, whoever asks: which of a source were taken in already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.answering import Answer, answerable
from qianxian.mandates.rules.articles import Case
from qianxian.mandates.rules.crosswalks import Crossing
from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.register import queries as register

from .rules.columns import Names
from .rules.rows import Known, home_place, place_of
from .rules.topics import TopicReader


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A submission that led to a matter."""

    key: str
    matter: int
    code: str


def taken_in(source: str, keys: Sequence[str]) -> dict[str, TakenIn]:
    """Return by key what was taken in already, also where the reader does not reach the matter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, matter, code FROM qianxian_taken_in(%s, %s)", [source, list(keys)])
        return {row[0]: TakenIn(*row) for row in cursor.fetchall()}


_reader: tuple[TopicTree, list[Crossing], TopicReader] | None = None


def reader(revisions: dict[str, int] | None = None) -> TopicReader:
    """Return the reader of words for the topic tree as it is now; compiled once for each state of the tree."""
    global _reader
    revisions = register.revisions() if revisions is None else revisions
    tree, crossings = mandates.topics(revisions), mandates.crossings(revisions)
    if _reader is None or _reader[0] is not tree or _reader[1] is not crossings:
        _reader = (tree, crossings, TopicReader(tree, crossings))
    return _reader[2]


def known(place: str = "", revisions: dict[str, int] | None = None) -> Known:
    """Return all that rows are coded against; one statement when nothing was changed."""
    revisions = register.revisions() if revisions is None else revisions
    directory = register.directory(revisions)
    return Known(directory, reader(revisions), place or home_place(directory))


def answer_for(topic: str, place: str, setting: str, at: datetime) -> Answer:
    """Return what the register in force says of a case."""
    powers = {power for found in mandates.topics().path(topic)[-1:] for power in found.powers}
    return answerable(mandates.in_force(at).index, Case(topic, place, setting, at), powers)


def names_of(against: Known) -> Names:
    """Return how to tell by its content whether a column names places or topics."""
    return Names(
        place=lambda cell: not cell.isdigit() and place_of(cell, against.directory, "") is not None,
        topic=lambda cell: not cell.isdigit() and bool(against.reader.of_labels([cell]).topic),
    )
