"""Open pages hear of changes: what a reader may hear, and a real process that hears the database."""

import contextlib
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import BinaryIO

import pytest
from django.core import signing
from django.db import connection

from qianxian.config.home import CHECKOUT
from qianxian.config.process import open_many_files
from qianxian.config.server import commands
from qianxian.matters import actions
from qianxian.web.live import MOST_GATHERED, Ear, Page, ear_of, pass_on, token_for
from tests.town import CATS, CENTRE, LIUAN, NOISE, POLICE, STREET, ZHONGLOU, address_of, later, receive

TOLD = '{"matter": "C1", "units": ["ga", "st"], "place": "990101001001", "stage": 20}'
HEARD = [
    (Ear(unit="ga"), True),
    (Ear(unit="zj"), False),
    (Ear(area=STREET), True),
    (Ear(area=LIUAN), True),
    (Ear(area=ZHONGLOU), False),
    (Ear(code="C1"), True),
    (Ear(code="C2"), False),
    (Ear(), False),
]


@pytest.mark.parametrize(("ear", "heard"), HEARD)
def test_a_page_hears_of_what_its_reader_may_see(ear, heard):
    page = Page(ear)
    pass_on(TOLD, [page])
    assert bool(page.changed) == heard


def test_a_page_that_missed_too_much_is_told_to_look_anew():
    page = Page(Ear(unit="ga"))
    for number in range(MOST_GATHERED + 1):
        pass_on(TOLD.replace("C1", f"C{number}"), [page])
    assert page.taken() == b"event: resync\ndata: {}\n\n"
    pass_on(TOLD, [page])
    assert page.taken() == b'event: changed\ndata: {"C1": 20}\n\n'


def test_a_token_says_what_may_be_heard_and_cannot_be_changed():
    ear = Ear("ga", "", "C1")
    assert ear_of(token_for(ear)) == ear
    with pytest.raises(signing.BadSignature):
        ear_of(token_for(ear)[:-2] + "xx")


@contextlib.contextmanager
def serving(database: str) -> Iterator[int]:
    """Run the process of live events on a free port, on a database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = commands(port - 1)["live"]
    environment = {**os.environ, "DATABASE_URL": address_of(database), "PYTHONPATH": str(CHECKOUT)}
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(lambda: asked(port, "/live") in (403, 404))
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(done, seconds=30.0):
    """Ask until it is so, or fail."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


def asked(port: int, path: str, **headers: str) -> int:
    with (
        contextlib.suppress(OSError),
        contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as hearing,
    ):
        hearing.request("GET", path, headers=headers)
        with hearing.getresponse() as answer:
            return answer.status
    return 0


def opened(port: int, ear: Ear, until: contextlib.ExitStack) -> BinaryIO:
    """Open a stream that is closed with `until`, and read its greeting."""
    hearing = until.enter_context(contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=20)))
    hearing.sendall(f"GET /live?token={token_for(ear)} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
    stream = until.enter_context(contextlib.closing(hearing.makefile("rb")))
    while stream.readline().strip():
        pass
    assert [stream.readline() for _ in range(3)] == [b"retry: 3000\n", b": open\n", b"\n"]
    return stream


def said(stream: BinaryIO) -> tuple[bytes, bytes]:
    name, data, _ = stream.readline(), stream.readline(), stream.readline()
    return name.strip(), data.strip()


def test_pages_hear_a_deed_from_a_real_process_and_strangers_hear_nothing(committed):
    matter = receive(NOISE)
    with serving(committed) as port, contextlib.ExitStack() as until:
        assert asked(port, "/live?token=forged") == 403
        assert asked(port, f"/live?token={token_for(Ear(unit='ga'))}", Origin="http://elsewhere.example") == 404
        stranger = opened(port, Ear(unit="jt"), until)
        pages = [opened(port, Ear(unit="ga"), until) for _ in range(60)]
        wait_for(lambda: listening() > 0)
        actions.sign(matter.pk, actor=POLICE, at=later(1))
        assert {changed(page) for page in pages} == {(b"event: changed", f'data: {{"{matter.code}": 20}}'.encode())}
        other = receive(CATS)
        actions.adjudicate(other.pk, to="jt", article="会议纪要", reason="由交通牵头", actor=CENTRE, at=later(1))
        assert changed(stranger) == (b"event: changed", f'data: {{"{other.code}": 30}}'.encode())


def test_pages_look_anew_when_hearing_begins_again_and_miss_nothing_from_then_on(committed):
    matter = receive(NOISE)
    with serving(committed) as port, contextlib.ExitStack() as until:
        wait_for(lambda: listening() == 1)
        page = opened(port, Ear(unit="ga"), until)
        assert cut_off() == 1
        actions.sign(matter.pk, actor=POLICE, at=later(1))
        while said(page) != (b"event: resync", b"data: {}"):
            pass
        assert listening() == 1
        actions.contact(matter.pk, how="phone", note_="已联系", actor=POLICE, at=later(2))
        assert changed(page) == (b"event: changed", f'data: {{"{matter.code}": 20}}'.encode())


def test_more_pages_than_a_thousand_hear_at_once(committed):
    open_many_files()
    matter = receive(NOISE)
    with serving(committed) as port, contextlib.ExitStack() as until:
        pages = [opened(port, Ear(unit="ga"), until) for _ in range(1100)]
        wait_for(lambda: listening() > 0)
        actions.sign(matter.pk, actor=POLICE, at=later(1))
        assert {changed(page) for page in pages} == {(b"event: changed", f'data: {{"{matter.code}": 20}}'.encode())}


def changed(stream: BinaryIO) -> tuple[bytes, bytes]:
    """Read on to what has changed; whoever came while hearing began is first told to look anew."""
    while (event := said(stream))[0] == b"event: resync":
        pass
    return event


def cut_off() -> int:
    """End the connections that listen, as a restart of the database does; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
        )
        return cursor.fetchone()[0]


def listening() -> int:
    """Return how many connections of this database have said LISTEN."""
    from_activity = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
    with connection.cursor() as cursor:
        cursor.execute(from_activity)
        return cursor.fetchone()[0]
