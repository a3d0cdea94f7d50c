from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q, QuerySet

from qianxian.kernel.lazily import lazily
from qianxian.kernel.period import Period
from qianxian.register import queries as register

from ..models import Article, Crosswalk, Edition, Finding, Topic
from ..rules import answering, crosswalks, topic_tree
from ..rules.bases import laws
from ..rules.ground import Ground, Posted, Practice
from ..rules.settings import SETTINGS

if TYPE_CHECKING:
    from ..words import serving
else:
    serving = lazily("qianxian.mandates.words.serving")


class NothingInForce(Exception):
    """No edition of the register was in force at that moment."""


@dataclass(frozen=True)
class Register:
    """One edition with its compiled index."""

    edition: int
    title: str
    period: Period
    index: answering.Index


def _read_editions() -> list[Register]:
    return [
        Register(
            edition.number,
            edition.title,
            Period(edition.in_force_from, edition.in_force_to),
            answering.Index(article.as_rule() for article in edition.articles.all()),
        )
        for edition in Edition.objects.order_by("-in_force_from", "-number").prefetch_related("articles")
    ]


def _read_topics() -> topic_tree.TopicTree:
    return topic_tree.TopicTree(topic.as_rule() for topic in Topic.objects.all())


def _read_crosswalks() -> list[crosswalks.Crossing]:
    return [crossing.as_rule() for crossing in Crosswalk.objects.all()]


_crosswalks = register.Kept("mandates", _read_crosswalks)
_editions = register.Kept("mandates", _read_editions)
_topics = register.Kept("mandates", _read_topics)


def topics(known: dict[str, int] | None = None) -> topic_tree.TopicTree:
    """Return the topic tree, as of the given revisions, with the trained reader of words if one is in use."""
    tree = _topics.at(register.revisions() if known is None else known)
    model = trained_reader()
    stamp = _stamp(model)
    return _with_reader(tree, model, stamp) if stamp else tree


def trained_reader() -> Path:
    """Return where the trained reader of words lies, if there is one."""
    return Path(settings.TRAINED_READER)


def crosswalk_of_reader() -> Path:
    """Return where it is kept which topics the labels of the trained reader stand for."""
    return trained_reader().with_suffix(".crosswalk.json")


_served: tuple[topic_tree.TopicTree, tuple[int, int], topic_tree.TopicTree] | None = None


def _with_reader(tree: topic_tree.TopicTree, model: Path, stamp: tuple[int, int]) -> topic_tree.TopicTree:
    global _served
    if _served is None or _served[0] is not tree or _served[1] != stamp:
        _served = (tree, stamp, serving.served(tree, model, crosswalk_of_reader()))
    return _served[2]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def crossings(known: dict[str, int] | None = None) -> list[crosswalks.Crossing]:
    """Return the classes of other catalogues and their topics, as of the given revisions."""
    return _crosswalks.at(register.revisions() if known is None else known)


def in_force(at: datetime, known: dict[str, int] | None = None) -> Register:
    """
    Return the edition in force at a moment, the latest to begin.

    :raises NothingInForce: if there is none
    """
    editions = _editions.at(register.revisions() if known is None else known)
    for edition in editions:
        if at in edition.period:
            return edition
    raise NothingInForce(at.isoformat())


def edition(number: int) -> Register:
    """
    Return one edition, whether it is in force, was, or will be.

    :raises NothingInForce: if there is no such edition
    """
    for found in _editions.at(register.revisions()):
        if found.edition == number:
            return found
    raise NothingInForce(str(number))


def articles_in_force(at: datetime) -> QuerySet[Article]:
    """Return the articles of the edition in force, with body, topic and place, for people to read."""
    number = in_force(at).edition
    return (
        Article.objects.filter(edition__number=number, valid_from__lte=at)
        .filter(Q(valid_to=None) | Q(valid_to__gt=at))
        .select_related("body", "topic", "place")
    )


def articles_named(
    at: datetime,
    *,
    words: str = "",
    topic: str = "",
    body: str = "",
    place: str = "",
    setting: str = "",
    duty: str = "",
) -> QuerySet[Article]:
    """
    Return the articles in force that fit every filter given, in order of number.

    :param words: pieces, each of which stands in the number, body, topic or basis
    :param topic: articles that hold for this topic or for parts of it
    :param place: articles that hold somewhere in this place
    """
    found = articles_in_force(at).order_by("number")
    for piece in words.split()[:5]:
        found = found.filter(
            Q(number__icontains=piece) | Q(body__name__icontains=piece) | Q(body__short__icontains=piece)
            | Q(topic__name__icontains=piece) | Q(topic__synonyms__icontains=piece) | Q(basis__icontains=piece)
        )  # fmt: skip
    exact = {"body_id": body, "setting": setting, "duty": duty}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    around = [place[:length] for length in (6, 9, 12, 15) if length <= len(place)]
    within = Q(place__in=around) | Q(place__code__startswith=place) if place else Q()
    return found.filter(within, topic__code__startswith=topic)


def bodies_in_force(at: datetime) -> list[tuple[str, str]]:
    """Return code and name of every body on which an article in force lays something."""
    found = articles_in_force(at).order_by("body_id").values_list("body_id", "body__name").distinct()
    return list(found)


def article(number: str, edition: int) -> Article:
    """Return one article of one edition."""
    return Article.objects.select_related("body", "topic", "place", "edition").get(
        number=number, edition__number=edition
    )


def open_findings(area: str) -> QuerySet[Finding]:
    """Return the silent and contested spots of the register inside an area, the oldest first."""
    return (
        Finding.objects.filter(closed_at=None, place__code__startswith=area)
        .select_related("topic", "place")
        .order_by("opened_at")
    )


def any_edition() -> bool:
    """Tell whether a register was ever published."""
    return Edition.objects.exists()


def next_number() -> int:
    """Return the number of the edition that comes next."""
    return (Edition.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def ground(
    at: datetime,
    *,
    postings: Iterable[Posted] = (),
    practice: Iterable[Practice] = (),
    until: datetime | None = None,
    known: dict[str, int] | None = None,
) -> Ground:
    """
    Return the world in which a register must answer at a moment, for an audit.

    :param postings: who was sent down with which powers; cadres stand above, so whoever asks brings them
    :param practice: what happened; matters stand above too
    :param until: look ahead to this moment as well
    """
    revisions = register.revisions() if known is None else known
    directory = register.directory(revisions)
    places = {place.code: place.name for place in directory.places_at(at)}
    return Ground(
        at, topics(revisions).topics, places, directory.organisations, SETTINGS, tuple(postings), tuple(practice),
        laws(), until,
    )  # fmt: skip
