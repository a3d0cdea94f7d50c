"""
Live events: one LISTEN on the database, many open pages, no thread held for any of them.

A bare ASGI application beside the pages' server (docs/decisions/0003). What an event carries is a tracking code and a
stage, never words; the page then asks the pages' server for what changed, under its own session and reach.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
from django.conf import settings
from django.core import signing
from django.db import connection

CHANNEL = "qianxian"
SALT = "qianxian.live"
LASTS = 12 * 3600
HEARTBEAT, GATHER = 20.0, 0.2
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
MOST_GATHERED = 50

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ear:
    """What a page may hear of: the matters of a unit, of an area, or the one with this code."""

    unit: str = ""
    area: str = ""
    code: str = ""

    def hears(self, told: dict[str, Any]) -> bool:
        return (
            (bool(self.code) and told["matter"] == self.code)
            or (bool(self.unit) and self.unit in told["units"])
            or (bool(self.area) and str(told["place"]).startswith(self.area))
        )


def token_for(ear: Ear) -> str:
    """Return what lets a page listen: signed, and good for twelve hours."""
    return signing.dumps([ear.unit, ear.area, ear.code], salt=SALT)


def ear_of(token: str) -> Ear:
    """
    Return what a token lets hear.

    :raises django.core.signing.BadSignature: if it is not ours, or too old
    """
    return Ear(*signing.loads(token, salt=SALT, max_age=LASTS))


@dataclass(eq=False, slots=True)
class Page:
    """One open page: the codes that changed since it was last told; `lost` when there were too many to name."""

    ear: Ear
    changed: dict[str, int] = field(default_factory=dict)
    lost: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, told: dict[str, Any]) -> None:
        if len(self.changed) < MOST_GATHERED:
            self.changed[told["matter"]] = told["stage"]
        else:
            self.lost = True
        self.news.set()

    def taken(self) -> bytes:
        """Return what there is to say, and forget it."""
        name = "resync" if self.lost else "changed"
        said = {} if self.lost else self.changed
        self.changed, self.lost = {}, False
        self.news.clear()
        return f"event: {name}\ndata: {json.dumps(said)}\n\n".encode()


PAGES: set[Page] = set()


def pass_on(payload: str, pages: Iterable[Page]) -> None:
    """Tell every page that may hear of it."""
    told = json.loads(payload)
    for page in pages:
        if page.ear.hears(told):
            page.tell(told)


async def listen() -> None:
    """Hear the database for ever; whenever hearing begins again every page looks anew, for nobody knows what it missed."""
    wait = FIRST_WAIT
    while True:
        with suppress(psycopg.Error):
            async with await psycopg.AsyncConnection.connect(autocommit=True, **_reached_by()) as hearing:
                await hearing.execute(f"LISTEN {CHANNEL}")
                look_anew(PAGES)
                wait = FIRST_WAIT
                async for notice in hearing.notifies():
                    pass_on(notice.payload, PAGES)
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def look_anew(pages: Iterable[Page]) -> None:
    """Tell every page that it may have missed something: after LISTEN, or what is committed in between is lost."""
    for page in pages:
        page.lost = True
        page.news.set()


def _reached_by() -> dict[str, Any]:
    """Return how the database is reached, and notice within a minute where the network swallows the connection."""
    parameters = connection.get_connection_params()
    return ALIVE | {name: value for name, value in parameters.items() if name in KEYWORDS}


KEYWORDS = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
ALIVE = {"keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3}


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Serve `/live?token=…` as a stream of server-sent events, and nothing else."""
    if scope["type"] == "lifespan":
        await _live_and_die(receive, send)
    elif scope["type"] == "http":
        await _serve(scope, receive, send)


async def _live_and_die(receive: Receive, send: Send) -> None:
    hearing: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hearing = asyncio.create_task(listen())
            await send({"type": "lifespan.startup.complete"})
        else:
            if hearing:
                hearing.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _serve(scope: Message, receive: Receive, send: Send) -> None:
    origin = _header(scope, b"origin")
    if scope["path"] != "/live" or not _is_ours(origin, _header(scope, b"host")):
        await _refuse(send, 404)
        return
    try:
        ear = ear_of(parse_qs(scope["query_string"].decode()).get("token", [""])[0])
    except (signing.BadSignature, UnicodeDecodeError, TypeError):
        await _refuse(send, 403)
        return
    await send({"type": "http.response.start", "status": 200, "headers": _headers(origin)})
    await _stream(Page(ear), receive, send)


async def _stream(page: Page, receive: Receive, send: Send) -> None:
    PAGES.add(page)
    left = asyncio.create_task(_until_left(receive))
    try:
        await _say(send, b"retry: 3000\n: open\n\n")
        while not left.done():
            news = asyncio.create_task(page.news.wait())
            done, _ = await asyncio.wait({news, left}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if news in done:
                await asyncio.sleep(GATHER)
                await _say(send, page.taken())
            elif not done:
                await _say(send, b": still here\n\n")
    finally:
        PAGES.discard(page)
        left.cancel()


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, words: bytes) -> None:
    await send({"type": "http.response.body", "body": words, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b""})


def _header(scope: Message, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _is_ours(origin: str, host: str) -> bool:
    """Tell whether a stream was asked for by a page of this platform: the trusted origin, or the pages' port here."""
    if not origin or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    asked = urlsplit(origin)
    return asked.hostname == urlsplit(f"//{host}").hostname and asked.port == settings.PORT


def _headers(origin: str) -> list[tuple[bytes, bytes]]:
    allowed = [(b"access-control-allow-origin", origin.encode())] if origin else []
    return [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"vary", b"origin"),
        *allowed,
    ]
