"""The platform's own matters as a history: what each was about, where, and who owned it in the end."""

from collections.abc import Iterable

from qianxian.mandates.rules.learning.records import Record
from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.matters.queries.settled import Settled
from qianxian.register.rules import Directory

from .kept import COMMUNITIES, STREETS, named


def records(settled: Iterable[Settled], directory: Directory, topics: TopicTree) -> list[Record]:
    """Return one record for each matter; its number is the matter's."""
    return [_record(one, directory, topics) for one in settled]


def _record(one: Settled, directory: Directory, topics: TopicTree) -> Record:
    path = [topic.name for topic in topics.path(one.topic)]
    owner = directory.organisations.get(one.owner)
    return Record(
        row=one.number,
        topics=tuple([*path, *[""] * 3][:3]),
        street=named(one.place, STREETS, directory),
        community=named(one.place, COMMUNITIES, directory),
        unit=owner.name if owner else "",
        setting=one.setting,
        kind=one.kind,
        channel=one.channel,
        at=one.at,
    )
