"""Filling a form: of nobody, or of a record whose held facts are shown and not asked."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qianxian.collection.forms import actions, queries
from qianxian.collection.forms.rules.filling import Filling, Wrong, filled, world_of, written
from qianxian.collection.forms.rules.xform import ABOUT, PEOPLE
from qianxian.register.actions import privacy
from qianxian.register.queries import records as registered
from qianxian.register.rules import reading
from qianxian.register.rules.facts import Held
from qianxian.standard import elements as standard
from qianxian.web.oversight.asked import asked
from qianxian.web.records import words as records
from qianxian.web.records.listing import row_of
from qianxian.web.records.page import known
from qianxian.web.records.reader import READERS, Reader, reader_of
from qianxian.web.shell.accepted import accept
from qianxian.web.shell.access import for_roles
from qianxian.web.shell.uploads import HEAD, LARGEST, kind_of

from . import words
from .drawing import Drawing, Shown
from .people import people_rows

if TYPE_CHECKING:
    from qianxian.collection.forms.models import Form, FormEdition
    from qianxian.register.models import Record

FOUND = 20
FILLED_AT = "X-Outbox-Filled"


def form_known(code: str) -> "Form":
    """Return a form within reach, or the page that there is none."""
    form = queries.form_by_code(code)
    if form is None:
        raise Http404
    return form


@for_roles(*READERS)
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, code: str) -> HttpResponse:
    """Let a form be filled; one that is about records asks first of which."""
    form, reader = form_known(code), reader_of(request)
    if not queries.may_fill(form, reader.role, reader.at) and request.method == "GET":
        return render(request, "collecting/closed.html", {"form": form}, status=403)
    if form.entity and not asked(request, "record") and not asked(request, "new"):
        return _choose(request, form, reader)
    record = known(asked(request, "record")) if asked(request, "record") else None
    edition = queries.edition_of(form, _number(request.POST.get("edition", "")))
    if edition is None or (record and record.entity != form.entity):
        raise Http404
    page = _Page(request, form, edition, record, reader)
    return page.take() if request.method == "POST" else page.show()


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 7 else None


def _choose(request: HttpRequest, form: "Form", reader: Reader) -> HttpResponse:
    """Ask whom or what the form is about."""
    typed = asked(request, "q")[:40]
    wanted = registered.Wanted(
        entity=form.entity, group=form.entity, words=typed, place=reader.area, on=reader.at.date()
    )
    found = list(registered.listed(wanted)[:FOUND]) if reader.area else []
    rows = [row_of(record, reader, form.entity) for record in found]
    shown = {"form": form, "rows": rows, "typed": typed, "entity_name": records.group_name(form.entity)}
    return render(request, "collecting/choose.html", shown)


class _Page:
    """One form before one reader, perhaps of one record."""

    def __init__(
        self, request: HttpRequest, form: "Form", edition: "FormEdition", record: "Record | None", reader: Reader
    ):
        self.request, self.form, self.edition, self.record, self.reader = request, form, edition, record, reader
        self.held = registered.as_of(record, reader.at) if record else {}
        self.bound = {one.path: one.element for one in queries.asked(edition)}
        self.about = [path for path, element in edition.definition["elements"].items() if element == ABOUT]
        people = (
            {PEOPLE: people_rows(form, reader)}
            if any(one["file"] for one in edition.definition["lists"].values())
            else {}
        )
        self.world = world_of(edition.definition, reader.at, people)

    def kept(self) -> dict[str, Held]:
        """Return by path what an authority that is not the reader holds of the record."""
        return {
            path: self.held[element]
            for path, element in self.bound.items()
            if element in self.held and self.held[element].fact.of_authority and not self.reader.authority_over(element)
        }

    def known(self) -> dict[str, str]:
        """Return by path what is known and may still be asked: the page begins with it."""
        return {
            path: self._answer(path, element)
            for path, element in self.bound.items()
            if element in self.held and path not in self.kept() and self.reader.may_read(element)
        }

    def _answer(self, path: str, element: str) -> str:
        """Return a held value as the form's own choice where it has choices."""
        value = self.held[element].fact.value
        blank = Filling(self.edition.definition, filled(self.edition.definition, {}, self.world).root, self.world)
        for listed in self.edition.definition["lists"].values():
            for item in listed["items"]:
                choice = item["columns"].get("name", "")
                if choice and actions.cleaned(element, choice, blank).value == value:
                    return str(choice)
        return value

    def show(self) -> HttpResponse:
        known = self.known()
        if self.record and (known or self.kept()):
            elements = sorted({self.bound[path] for path in (*known, *self.kept())})
            purpose = _("填报《%(title)s》") % {"title": self.form.title}
            privacy.read(self.record, elements=elements, purpose=purpose, name=self.reader.signature, **self.reader.by)
        posted = {**known, **self._fixed()}
        return self._page(filled(self.edition.definition, posted, self.world), {}, 200, self.reader.at.isoformat())

    def take(self) -> HttpResponse:
        posted = {name: value for name, value in self._posted().items() if name.startswith("/")}
        posted |= self._fixed()
        filling = filled(self.edition.definition, posted, self.world)
        filling.wrong = [*self._wrong(filling), *self._wrong_files(), *self._wrong_by_standard(filling)]
        seen = self.request.POST.get("seen", "")
        if filling.wrong:
            errors = {one.path: words.wrong(one) for one in reversed(filling.wrong)}
            return self._page(filling, errors, 422, seen)
        if not queries.may_fill(self.form, self.reader.role, self._filled_at()):
            return render(self.request, "collecting/closed.html", {"form": self.form}, status=409)
        return self._keep(filling, seen)

    def _fixed(self) -> dict[str, str]:
        """Return what the page itself answers: what is held, and whom the form is about."""
        held = {path: one.fact.value for path, one in self.kept().items()}
        return {**held, **{path: self.record.code for path in self.about if self.record}}

    def _posted(self) -> dict[str, str]:
        values = {name: " ".join(self.request.POST.getlist(name)) for name in self.request.POST}
        return {**values, **{name: file.name or name for name, file in self._files().items()}}

    def _files(self) -> "Mapping[str, UploadedFile[bytes]]":
        return {name: file for name, file in self.request.FILES.items() if isinstance(file, UploadedFile)}

    def _wrong(self, filling: Filling) -> list[Wrong]:
        fixed = self._fixed()
        return [one for one in filling.wrong if one.path not in fixed]

    def _wrong_files(self) -> list[Wrong]:
        found = []
        for name, file in self._files().items():
            kind = kind_of(file.read(HEAD))
            file.seek(0)
            if kind is None or (file.size or 0) > LARGEST:
                found.append(Wrong(name, "constraint", _("只收 10 MB 以内的照片和 PDF。")))
        return found

    def _wrong_by_standard(self, filling: Filling) -> list[Wrong]:
        _said, faults = actions.said_in(self.edition, filling)
        kept = set(self.kept())
        return [Wrong(one["path"], one["code"], one["said"]) for one in faults if one["path"] not in kept]

    def _filled_at(self) -> datetime:
        """Return when the form was filled: on a phone without a network earlier than it came."""
        try:
            told = parse_datetime(self.request.headers.get(FILLED_AT, ""))
        except ValueError:
            told = None
        return min(told, self.reader.at) if told and told.tzinfo else self.reader.at

    def _keep(self, filling: Filling, seen: str) -> HttpResponse:
        instance = f"uuid:{_uuid(self.request.POST.get('instance', ''))}"
        files = [
            (file.name or name, kind_of(file.read(HEAD)) or "", self._content(file))
            for name, file in self._files().items()
        ]
        bringing = actions.Bringing(
            self.reader.name, self.reader.unit, self.reader.authorities, self.reader.area or self.form.area_id
        )
        moment = self._filled_at()
        found, _new = actions.take_in(
            edition=self.edition, filling=filling, xml=written(filling, instance), instance=instance, by=bringing,
            filled_at=moment, at=self.reader.at, record=self.record, seen=_moment(seen), files=files,
        )  # fmt: skip
        waiting = bool(found.conflicts) and found.settled_at is None
        said = _("已收下。填报期间档案有了新内容，两种说法都留着，请核对。") if waiting else _("已收下。")
        accept(self.request, f"fill-{self.form.code}", said)
        return (
            redirect("collecting_answer", self.form.code, found.pk)
            if waiting
            else redirect("collecting_form", self.form.code)
        )

    def _content(self, file: "UploadedFile[bytes]") -> bytes:
        file.seek(0)
        return bytes(file.read())

    def _page(self, filling: Filling, errors: Mapping[str, str], status: int, seen: str) -> HttpResponse:
        language = asked(self.request, "lang")
        languages = self.edition.definition["languages"]
        language = language if language in languages else words.language_of(languages)
        shown = {path: self._shown(path, one) for path, one in self.kept().items()}
        if self.record:
            shown |= {path: Shown(self.reader.name_shown(self.record.name), "") for path in self.about}
        drawing = Drawing(filling, language, shown, errors)
        values = {path: one.fact.value for path, one in self.kept().items() if not _sealed(self.bound[path])}
        page: dict[str, Any] = {
            "form": self.form, "edition": self.edition, "record": self.record, "reader": self.reader,
            "controls": drawing.controls(), "language": language, "languages": languages, "seen": seen,
            "instance": self.request.POST.get("instance") or str(uuid.uuid4()),
            "wrong": [(drawing_id(path), said) for path, said in errors.items()],
            "definition": self.edition.definition, "fixed": values,
            "name": self.reader.name_shown(self.record.name) if self.record else "",
            "address": f"{reverse('collecting_fill', args=[self.form.code])}?{self.request.GET.urlencode()}",
        }  # fmt: skip
        return render(self.request, "collecting/fill.html", page, status=status)

    def _shown(self, path: str, one: Held) -> Shown:
        element = self.bound[path]
        value = records.shown(element, one.fact.value)
        return Shown(
            reading.masked(element, value) if _sealed(element) else value, records.authority_name(one.fact.authority)
        )


def _sealed(element: str) -> bool:
    return reading.is_sealed(standard.element(element))


def drawing_id(path: str) -> str:
    """Return the id of the control at an address, as the page draws it."""
    return "f" + path.replace("/", "-").replace("[", ".").replace("]", "")


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None
