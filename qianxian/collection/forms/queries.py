"""Forms as they are listed, filled and read."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from qianxian.register.sealing import ring

from .models import Filled, FilledFile, Form, FormEdition
from .rules.evaluation import World
from .rules.filling import Filling, of_instance, read_instance, world_of
from .rules.holding import Asked, asked_elements

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A form in a list, with how many answers the reader can see and how many wait to be settled."""

    form: Form
    answers: int
    waiting: int


def open_now(at: datetime) -> Q:
    return Q(opened_at__lte=at) & (Q(closed_at=None) | Q(closed_at__gt=at))


def forms_within(*, words: str = "", state: str = "", at: datetime) -> list[Line]:
    """Return the forms within reach, those that are open first, the newest first."""
    found = Form.objects.select_related("unit", "area")
    if words:
        found = found.filter(Q(title__icontains=words) | Q(code__icontains=words))
    if state == "open":
        found = found.filter(open_now(at))
    if state == "closed":
        found = found.exclude(open_now(at))
    counts = found.annotate(
        answers=Count("filled"), waiting=Count("filled", filter=Q(filled__settled_at=None) & ~Q(filled__conflicts={}))
    )
    lines = [Line(one, one.answers, one.waiting) for one in counts.order_by("-opened_at")]
    return sorted(lines, key=lambda line: not is_open(line.form, at))


def is_open(form: Form, at: datetime) -> bool:
    return form.opened_at <= at and (form.closed_at is None or form.closed_at > at)


def may_fill(form: Form, role: str, at: datetime) -> bool:
    """Tell whether a role may fill a form now."""
    return is_open(form, at) and role in form.roles


def form_by_code(code: str) -> Form | None:
    """Return a form within reach."""
    return Form.objects.select_related("unit", "area").filter(code=code).first()


def edition_of(form: Form, number: int | None = None, version: str | None = None) -> FormEdition | None:
    """Return an edition of a form: that of a number, that of a version, else the newest."""
    found = FormEdition.objects.filter(form=form)
    if number is not None:
        return found.filter(number=number).first()
    if version is not None and (named := found.filter(version=version).last()):
        return named
    return found.last()


def fillable(role: str, at: datetime) -> QuerySet[Form]:
    """Return the forms that a role may fill now."""
    return Form.objects.filter(open_now(at), roles__contains=[role]).order_by("title")


def asked(edition: FormEdition) -> list[Asked]:
    """Return the questions of an edition that are bound to the standard."""
    return asked_elements(edition.definition, edition.elements)


def opened(filled: Filled) -> bytes:
    """Return the instance as it came."""
    return str(json.loads(ring().open(bytes(filled.sealed)))["xml"]).encode()


def filling_of(filled: Filled) -> Filling:
    """Return a filled form with its tree."""
    definition = filled.edition.definition
    return of_instance(definition, read_instance(opened(filled)), world(filled.edition, filled.filled_at))


def world(edition: FormEdition, now: datetime) -> World:
    return world_of(edition.definition, now)


def answers_of(form: Form, *, waiting: bool = False) -> QuerySet[Filled]:
    """Return what was filled, the newest first; `waiting` leaves what has a conflict that nobody has settled."""
    found = Filled.objects.filter(form=form).select_related("edition", "record", "place")
    if waiting:
        found = found.filter(settled_at=None).exclude(conflicts={})
    return found.order_by("-came_at", "-pk")


def answer(form: Form, number: int) -> Filled | None:
    return answers_of(form).filter(pk=number).first()


def files_of(filled: Iterable[Filled]) -> dict[int, list[FilledFile]]:
    """Return the files of filled forms, without their content."""
    found: dict[int, list[FilledFile]] = {}
    for one in FilledFile.objects.filter(filled__in=list(filled)).defer("content").order_by("name"):
        found.setdefault(one.filled_id, []).append(one)
    return found


def file_named(filled: Filled, name: str) -> FilledFile | None:
    return FilledFile.objects.filter(filled=filled, name=name).first()


def editions_of(form: Form) -> Iterator[FormEdition]:
    """Yield the editions of a form, the newest first, without what is large."""
    yield from FormEdition.objects.filter(form=form).defer("source", "xform", "definition").order_by("-number")
