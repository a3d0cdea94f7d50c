"""The interface. Each call translates, makes one call downward, and translates back."""

import logging
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Query, Status
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer
from pydantic import StringConstraints

from qianxian.cadres.queries import reach
from qianxian.collection import intake
from qianxian.collection.actions import take_in
from qianxian.collection.rules.rows import Fault as Unclear
from qianxian.collection.rules.rows import place_of
from qianxian.mandates.queries import NothingInForce
from qianxian.mandates.rules.articles import Article
from qianxian.matters import queries as matters
from qianxian.matters.actions import Contact
from qianxian.matters.rules.explanation import explain
from qianxian.matters.rules.intake import NoGovernment, Unfit
from qianxian.matters.rules.life import Stage
from qianxian.register.rules import Directory
from qianxian.standard.text import cleaned
from qianxian.web.acting import now
from qianxian.web.imports import sentences
from qianxian.web.shell.allowance import TooMany, require_allowance

from .brought import demand_of
from .keys import Caller, caller_of, pace
from .shapes import Asked, Brought, Fault, Standing, Suggested, Tracked
from .wrong import Wrong, said

if TYPE_CHECKING:
    from qianxian.matters.models import Matter

log = logging.getLogger(__name__)
MOST_ASKED, SPAN = 120, timedelta(minutes=1)
LARGEST_BODY = 128 * 1024
REFUSED = dict.fromkeys((400, 401, 403, 404, 413, 422, 429, 500, 503), Fault)


class _InChinese(JSONRenderer):
    """JSON in which Chinese can be read."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=_InChinese(),
    title="千线 Qianxian",
    version="1",
    description="诉求受理、查询、权责清单问询。 Bring demands, follow them, ask the register.",
    urls_namespace="api",
)


class _Key:
    """Asks for a key in the header Authorization, and describes that in the OpenAPI document."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}
    openapi_name = "key"

    def __call__(self, request: HttpRequest) -> Caller:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise Wrong("too_large", most=LARGEST_BODY // 1024)
        written = request.headers.get("Authorization", "")
        secret = written[7:].strip() if written[:7].lower() == "bearer " else ""
        caller = caller_of(secret) if secret else None
        if caller is None:
            require_allowance(request, "api key", most=MOST_ASKED, per=SPAN)
            raise Wrong("no_key")
        if not pace.within(caller.source, now()):
            raise Wrong("too_often")
        return caller


Token = Annotated[str, StringConstraints(max_length=80, pattern=r"^[\x21-\x7e]+$")]


@api.post(
    "/matters", auth=_Key(), response={200: Standing, 201: Standing, **REFUSED}, summary="受理一件诉求 Bring a demand"
)
def bring(
    request: HttpRequest, brought: Brought, idempotency_key: Annotated[Token | None, Header()] = None
) -> Status[dict[str, Any]]:
    """The same Idempotency-Key again gives the matter that the first call made, with status 200."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    at = now()
    known = intake.known(caller.area, caller.revisions)
    coded = demand_of(brought, known, at)
    if not coded.demand.place.startswith(caller.area):
        raise Wrong("outside", field="place")
    matter = take_in(
        source=caller.source,
        key=idempotency_key or secrets.token_hex(16),
        raw=coded.raw,
        personal=coded.personal,
        demand=coded.demand,
        contact=Contact(coded.name, coded.phone, brought.confidential),
        actor=caller.actor,
        at=at,
        occurred_at=coded.occurred_at,
        revisions=caller.revisions,
    )
    return Status(201 if matter.received_at == at else 200, _standing(matter, known.directory))


@api.get("/matters/{code}", response={200: Tracked, **REFUSED}, summary="查询办理进展 Follow a matter")
def follow(request: HttpRequest, code: str) -> dict[str, Any]:
    _once(request)
    reach(code=cleaned(code))
    try:
        matter = matters.matter_by_code(cleaned(code))
    except ObjectDoesNotExist:
        raise Wrong("no_matter") from None
    deadline = matters.reckon(matter, at=now())
    return _standing(matter, intake.known().directory) | {
        "deadline_zh": explain(deadline),
        "deadline_en": explain(deadline, "en"),
    }


@api.get("/register/ask", response={200: Asked, **REFUSED}, summary="谁管这件事 Who answers for it")
def ask(request: HttpRequest, topic: str, place: str = "", setting: str = "") -> dict[str, Any]:
    """Topics and places by code or name; without a place the whole district."""
    _once(request)
    known = intake.known()
    code = known.reader.of_labels([topic]).topic
    if not code:
        raise Wrong("no_topic", field="topic")
    where = place_of(place, known.directory, "") if place else known.directory.places.get(known.place)
    if where is None:
        raise Wrong("no_place", field="place")
    answer = intake.answer_for(code, where.code, setting, now())
    return {
        "outcome": answer.outcome.value,
        "article": _line(answer.article, known.directory) if answer.article else None,
        "rivals": [_line(article, known.directory) for article in answer.rivals],
        "beaten": [_line(beaten.article, known.directory) for beaten in answer.beaten],
        "assisting": [_line(article, known.directory) for article in answer.assisting],
        "informed": [_line(article, known.directory) for article in answer.informed],
        "holders": {power.value: list(bodies) for power, bodies in answer.holders.items()},
    }


@api.get("/topics/suggest", response={200: list[Suggested], **REFUSED}, summary="内容属于哪个事项 Topics of words")
def suggest(request: HttpRequest, words: Annotated[str, Query(min_length=1, max_length=2000)]) -> list[dict[str, Any]]:
    _once(request)
    tree = intake.known().reader.tree
    return [
        {
            "topic": found.topic,
            "name": "／".join(topic.name for topic in tree.path(found.topic)),
            "score": round(found.score, 2),
            "words": list(found.words),
        }
        for found in tree.suggested(words)
    ]


def _once(request: HttpRequest) -> None:
    require_allowance(request, "api", most=MOST_ASKED, per=SPAN)


def _standing(matter: "Matter", directory: Directory) -> dict[str, Any]:
    article = matter.answer.get("article") or {} if not matter.exit else {}
    return {
        "code": matter.code,
        "stage": int(matter.stage),
        "stage_name": Stage(matter.stage).name.lower(),
        "owner": directory.organisations[matter.owner_id].name,
        "article": article.get("number", ""),
        "basis": article.get("basis", ""),
        "topic": matter.topic_id or "",
        "place": matter.place_id,
        "exit": matter.exit,
        "reply": matter.reply,
        "received_at": matter.received_at,
        "due_at": matter.due_at,
    }


def _line(article: Article, directory: Directory) -> dict[str, str]:
    body = directory.organisations.get(article.body)
    return {
        "number": article.number,
        "body": article.body,
        "body_name": body.name if body else article.body,
        "basis": article.basis,
    }


@api.exception_handler(Wrong)
def _refused(request: HttpRequest, wrong: Wrong) -> HttpResponse:
    answer = said(wrong)
    return api.create_response(request, answer.body, status=answer.status)


@api.exception_handler(Unfit)
def _unfit(request: HttpRequest, unfit: Unfit) -> HttpResponse:
    zh, en = sentences.fault(Unclear(unfit.field, unfit.code))
    return _refused(request, Wrong("unfit", field=unfit.field, reason=zh, reason_en=en))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the first field that is wrong; what stood there is not said back."""
    first: Any = error.errors[0]
    where = [str(part) for part in first["loc"] if part not in ("body", "brought", "query", "path", "header")]
    field = ".".join(where) or "body"
    return _refused(request, Wrong("invalid", field=field[:80], reason=first["msg"][:200]))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _refused(request, Wrong("not_json" if error.status_code == 400 else "broken"))


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _refused(request, Wrong("too_large", most=LARGEST_BODY // 1024))


@api.exception_handler(TooMany)
def _too_often(request: HttpRequest, error: TooMany) -> HttpResponse:
    return _refused(request, Wrong("too_often"))


@api.exception_handler(NothingInForce)
@api.exception_handler(NoGovernment)
@api.exception_handler(OperationalError)
def _not_ready(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s: %s", request.method, request.path, type(error).__name__, exc_info=error)
    return _refused(request, Wrong("not_ready"))


@api.exception_handler(Http404)
def _not_here(request: HttpRequest, error: Http404) -> HttpResponse:
    return _refused(request, Wrong("not_here"))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s", request.method, request.path, exc_info=error)
    return _refused(request, Wrong("broken"))
