"""
The OpenRosa protocol 1.0, so that ODK Collect and every other client of it fills forms as it is.

formList, form, manifest and submission with attachments; signed in by name and password (HTTP Basic, to be spoken over
https only). Source: docs.getodk.org/openrosa. A form of the same instanceID is taken in once, however often it is sent.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth import authenticate
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from qianxian.cadres.queries import reach
from qianxian.collection.forms import actions, queries
from qianxian.collection.forms.rules.filling import BadInstance, Filling, Sent, of_instance, read_instance
from qianxian.web.acting import now
from qianxian.web.models import FailedSignIn
from qianxian.web.records.reader import Reader, reader_of
from qianxian.web.shell.allowance import address_of
from qianxian.web.shell.index import name_index
from qianxian.web.shell.sign_in import StaffBackend, must_wait_until

from .people import people_csv

if TYPE_CHECKING:
    from qianxian.cadres.models import Account
    from qianxian.collection.forms.models import Form, FormEdition

XML = "text/xml; charset=utf-8"
LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
ANSWER = "http://openrosa.org/http/response"
PART = "xml_submission_file"
REMEMBERED_FOR = 300
MOST_REMEMBERED = 2000


class Remembered:
    """
    Who proved a password lately, in this process: a client proves it with every request, and the proof is slow by design.

    What is kept is an HMAC under a key of this process, beside the password's digest at that time.
    """

    def __init__(self) -> None:
        self._key, self._held = secrets.token_bytes(32), dict[bytes, tuple[int, str, datetime]]()

    def _name(self, username: str, password: str) -> bytes:
        return hmac.digest(self._key, f"{username}\0{password}".encode(), "sha256")

    def account(self, username: str, password: str, at: datetime) -> "Account | None":
        """Return who proved this lately and has not changed since."""
        held = self._held.get(self._name(username, password))
        if held is None or (at - held[2]).total_seconds() > REMEMBERED_FOR:
            return None
        found = StaffBackend().get_user(held[0])
        return found if found and found.is_active and found.password == held[1] else None

    def keep(self, username: str, password: str, account: "Account", at: datetime) -> None:
        if len(self._held) >= MOST_REMEMBERED:
            self._held.clear()
        self._held[self._name(username, password)] = (account.pk, account.password, at)


remembered = Remembered()


View = Callable[..., HttpResponse]


def of_openrosa(view: View) -> View:
    """Let whoever proves name and password in, let the database reach as far as they do, and put the protocol's headers."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = _account(request)
        if isinstance(account, HttpResponse):
            return _with_headers(account)
        request.user = account
        reach(unit=account.unit_id, area=account.area_id or "")
        return _with_headers(view(request, *args, **kwargs))

    return csrf_exempt(guarded)


def _account(request: HttpRequest) -> "Account | HttpResponse":
    username, password = _credentials(request)
    if not username:
        return _challenge()
    at = now()
    if found := remembered.account(username, password, at):
        return found
    if until := must_wait_until(username, address_of(request), at):
        answer = _said(429, _("试错次数太多，请稍后再试。"))
        answer.headers["Retry-After"] = str(max(1, int((until - at).total_seconds())))
        return answer
    account = authenticate(request, username=username, password=password)
    if account is None:
        FailedSignIn.objects.create(name_index=name_index(username), address=address_of(request), at=at)
        return _challenge()
    if account.must_change_password:
        return _said(403, _("请先在网页上登录并修改初始密码。"))
    remembered.keep(username, password, account, at)
    return account


def _credentials(request: HttpRequest) -> tuple[str, str]:
    kind, _space, told = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        username, _colon, password = base64.b64decode(told, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return username.replace("\0", ""), password


def _challenge() -> HttpResponse:
    answer = _said(401, _("请用本平台的用户名和密码登录。"))
    answer.headers["WWW-Authenticate"] = 'Basic realm="Qianxian", charset="UTF-8"'
    return answer


def _with_headers(answer: HttpResponse) -> HttpResponse:
    answer.headers["X-OpenRosa-Version"] = "1.0"
    answer.headers["X-OpenRosa-Accept-Content-Length"] = str(settings.LARGEST_BODY)
    answer.headers["Date"] = http_date()
    return answer


def _said(status: int, sentence: str) -> HttpResponse:
    body = f'<OpenRosaResponse xmlns="{ANSWER}"><message nature="">{escape(sentence)}</message></OpenRosaResponse>'
    return HttpResponse(body, status=status, content_type=XML)


@of_openrosa
@require_GET
def form_list(request: HttpRequest) -> HttpResponse:
    """List the forms that this account may fill now."""
    reader = reader_of(request)
    wanted = request.GET.get("formID", "")
    forms = [form for form in queries.fillable(reader.role, reader.at) if wanted in ("", form.code)]
    lines = [_listed(request, form, edition) for form in forms if (edition := queries.edition_of(form))]
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xforms xmlns="{LIST}">{"".join(lines)}</xforms>', content_type=XML
    )


def _listed(request: HttpRequest, form: "Form", edition: "FormEdition") -> str:
    def at(name: str) -> str:
        return escape(request.build_absolute_uri(reverse(name, args=[form.code, edition.number])))

    manifest = f"<manifestUrl>{at('openrosa_manifest')}</manifestUrl>" if _files(edition) else ""
    return (
        f"<xform><formID>{escape(form.code)}</formID><name>{escape(form.title)}</name>"
        f"<version>{escape(edition.definition['version'])}</version><hash>{_hash(edition.xform.encode())}</hash>"
        f"<downloadUrl>{at('openrosa_form')}</downloadUrl>{manifest}</xform>"
    )


def _hash(content: bytes) -> str:
    """Return the digest that the protocol prescribes: it tells editions apart and protects nothing."""
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"


def _files(edition: "FormEdition") -> list[str]:
    return sorted({one["file"] for one in edition.definition["lists"].values() if one["file"]})


def _edition(request: HttpRequest, code: str, number: int) -> "tuple[Reader, FormEdition] | None":
    reader, form = reader_of(request), queries.form_by_code(code)
    edition = queries.edition_of(form, number) if form and reader.role in form.roles else None
    return (reader, edition) if edition else None


@of_openrosa
@require_GET
def form(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Hand out a form."""
    found = _edition(request, code, number)
    if found is None:
        return _said(404, _("没有这张表，或者没有请您填。"))
    return HttpResponse(found[1].xform, content_type=XML)


@of_openrosa
@require_GET
def manifest(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """List the files that a form needs."""
    found = _edition(request, code, number)
    if found is None:
        return _said(404, _("没有这张表，或者没有请您填。"))
    reader, edition = found
    lines = []
    for name in _files(edition):
        url = request.build_absolute_uri(reverse("openrosa_file", args=[code, number, name]))
        digest = _hash(people_csv(edition.form, reader))
        lines.append(
            f"<mediaFile><filename>{escape(name)}</filename><hash>{digest}</hash><downloadUrl>{escape(url)}</downloadUrl></mediaFile>"
        )
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{MANIFEST}">{"".join(lines)}</manifest>',
        content_type=XML,
    )


@of_openrosa
@require_GET
def file(request: HttpRequest, code: str, number: int, name: str) -> HttpResponse:
    """Hand out the list of whom a form may be about, and write that down."""
    found = _edition(request, code, number)
    if found is None or name not in _files(found[1]):
        return _said(404, _("没有这个文件。"))
    reader, edition = found
    actions.people_listed(edition.form, area=reader.area, **reader.by)
    return HttpResponse(people_csv(edition.form, reader), content_type="text/csv; charset=utf-8")


@of_openrosa
@require_http_methods(["HEAD", "POST"])
def submission(request: HttpRequest) -> HttpResponse:
    """Take in a filled form with its files: 201 the first time, 202 again, a sentence where it cannot be."""
    if request.method == "HEAD":
        answer = HttpResponse(status=204)
        answer.headers["Location"] = request.build_absolute_uri(reverse("openrosa_submission"))
        return answer
    content = _instance(request)
    if content is None:
        return _said(400, _("没有收到填报内容（xml_submission_file）。"))
    try:
        sent = read_instance(content)
    except BadInstance:
        return _said(400, _("收到的不是填好的表单。"))
    reader, form_ = reader_of(request), queries.form_by_code(sent.form)
    if form_ is None or reader.role not in form_.roles:
        return _said(404, _("没有这张表，或者没有请您填。"))
    if not sent.instance:
        return _said(400, _("填报没有编号（instanceID），请更新手机上的软件。"))
    return _take(request, content, sent, form_, reader)


def _take(request: HttpRequest, content: bytes, sent: Sent, form_: "Form", reader: Reader) -> HttpResponse:
    edition = queries.edition_of(form_, version=sent.version)
    assert edition is not None  # a form is published with its first edition
    try:
        filling = of_instance(edition.definition, sent, queries.world(edition, reader.at))
    except BadInstance:
        return _said(400, _("填报的内容与这张表对不上。"))
    began, ended = _moment(filling, "start"), _moment(filling, "end")
    xml = content.decode("utf-8", "replace")
    by = actions.Bringing(reader.name, reader.unit, reader.authorities, reader.area or form_.area_id, "client")
    found, new = actions.take_in(
        edition=edition, filling=filling, xml=xml, instance=sent.instance, by=by, filled_at=ended or began or reader.at,
        at=reader.at, seen=began, files=_attached(request), instead_of=sent.instead_of,
    )  # fmt: skip
    if not new and found.digest != hashlib.sha256(xml.encode()).hexdigest():
        return _said(409, _("同一编号的填报已经收过，内容不同；请保留手机上的这一份，联系社区核对。"))
    return _said(201, _("已收下。")) if new else _said(202, _("这份以前收过了。"))


def _instance(request: HttpRequest) -> bytes | None:
    file = request.FILES.get(PART)
    if isinstance(file, UploadedFile):
        return cast(bytes, file.read())
    told = request.POST.get(PART)
    return told.encode() if told else None


def _attached(request: HttpRequest) -> list[tuple[str, str, bytes]]:
    return [
        (file.name or name, file.content_type or "application/octet-stream", file.read())
        for name, file in request.FILES.items()
        if name != PART and isinstance(file, UploadedFile)
    ]


def _moment(filling: Filling, which: str) -> datetime | None:
    """Return when a client began or ended, by its own clock, where the form asks for it."""
    for path, bind in filling.definition["binds"].items():
        if bind.get("preload") == "timestamp" and bind.get("preloadParams") == which:
            try:
                found = parse_datetime(filling.first(path))
            except ValueError:
                return None
            return found if found and found.tzinfo else None
    return None
