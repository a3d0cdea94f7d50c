"""A form with a key is taken once, in any order and however often it comes; what is refused leaves the key free."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from qianxian.cadres import actions as cadres
from qianxian.cadres.queries import reaching_everything
from qianxian.journal.queries import entries_of
from qianxian.matters import actions
from qianxian.matters.models import Matter
from qianxian.web.models import Delivery
from tests.town import LIUAN, NOISE, POLICE, build, receive

PASSWORD = "柳岸的灯亮了 2026"


def account(username: str, role: str, unit: str):
    return cadres.open_account(
        username=username, password=PASSWORD, name="林晓禾", role=role, unit_id=unit, area_id=LIUAN, title="",
        actor="test", at=timezone.now(),
    )  # fmt: skip


def enter(username: str) -> Client:
    client = Client()
    assert client.post("/login/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def sender(db: None) -> Callable[..., Client]:
    """Somebody signed in, by role and unit."""
    build()

    def make(role: str = "department", unit: str = "ga") -> Client:
        return enter(account(f"{role}.{unit}", role, unit).username)

    return make


def send(client: Client, path: str, fields: dict[str, str], key: str, **headers: str):
    owner = client.get("/outbox/key/").json()["owner"]
    return client.post(path, fields, headers={"X-Outbox": key, "X-Outbox-Owner": owner} | headers)


def brought() -> Matter:
    with reaching_everything():
        return receive(NOISE, at=timezone.now() - timedelta(minutes=5))


def verbs(matter: Matter) -> list[str]:
    return [entry.verb for entry in entries_of(f"matter:{matter.pk}")]


NOTE = {"how": "phone", "note": "已电话联系"}


def test_the_same_form_sent_again_is_answered_with_its_result_and_done_once(sender):
    client, matter, key = sender(), brought(), str(uuid4())
    filled = (timezone.now() - timedelta(hours=3)).isoformat()
    answers = [
        send(client, f"/desk/matters/{matter.code}/contact/", NOTE, key, **{"X-Outbox-Filled": filled}) for _ in "123"
    ]
    assert {answer.json()["url"] for answer in answers} == {f"/desk/matters/{matter.code}/"}
    assert all(answer.headers["X-Outbox-Taken"] for answer in answers)
    assert verbs(matter) == ["receive", "contact"]
    assert Delivery.objects.get().filled_at.isoformat() == filled


def test_forms_go_up_in_any_order(sender):
    client, matters = sender(), [brought() for _ in range(3)]
    keys = {matter.code: str(uuid4()) for matter in matters}
    for matter in (*reversed(matters), *matters):
        send(client, f"/desk/matters/{matter.code}/contact/", NOTE, keys[matter.code])
    assert [verbs(matter) for matter in matters] == [["receive", "contact"]] * 3


def test_what_is_refused_is_told_with_its_page_and_may_be_sent_again(sender):
    client, matter, key = sender(), brought(), str(uuid4())
    with reaching_everything():
        actions.ask_extension(matter.pk, amount=2, reason="会勘", actor=POLICE, at=timezone.now())
    again = {"amount": "1", "reason": "再延一天"}
    refused = send(client, f"/desk/matters/{matter.code}/ask_extension/", again, key)
    assert refused.status_code == 422
    assert "这一步已经办过了" in refused.content.decode()
    assert "data-outbox-now" in refused.content.decode()
    assert "X-Outbox-Taken" not in refused.headers
    assert not Delivery.objects.exists()
    assert send(client, f"/desk/matters/{matter.code}/contact/", NOTE, key).headers["X-Outbox-Taken"]


def test_a_key_does_not_undo_what_a_page_has_journaled_or_counted(sender):
    client, matter = sender(), brought()
    asked = {"purpose": "contact", "words": "约上门时间"}
    shown = send(client, f"/desk/matters/{matter.code}/requester/", asked, str(uuid4()))
    assert shown.status_code == 200
    assert verbs(matter) == ["receive", "read_requester"]
    for _ in range(40):
        last = send(client, "/me/", {"phone": "19900001234"}, str(uuid4()))
    assert last.status_code == 429
    assert not Delivery.objects.exists()


def test_a_form_of_another_account_is_not_taken_for_one_s_own(sender):
    client, other, matter = sender(), sender("department", "zj"), brought()
    owner = other.get("/outbox/key/").json()["owner"]
    refused = client.post(
        f"/desk/matters/{matter.code}/contact/", NOTE, headers={"X-Outbox": str(uuid4()), "X-Outbox-Owner": owner}
    )
    assert refused.status_code == 401
    assert verbs(matter) == ["receive"]


def test_nobody_signed_in_is_told_to_sign_in_and_gets_no_key(db):
    assert Client().post("/desk/register/", NOTE, headers={"X-Outbox": str(uuid4())}).status_code == 401
    assert Client().get("/outbox/key/").status_code == 302


def test_each_account_has_a_key_of_its_own_and_always_the_same(sender):
    one, other = sender(), sender("department", "zj")
    told = [client.get("/outbox/key/").json() for client in (one, one, other)]
    assert told[0]["key"] == told[1]["key"] != told[2]["key"]
    assert told[0]["owner"] == told[1]["owner"] != told[2]["owner"]


def test_a_form_that_the_browser_itself_sends_twice_is_done_once_and_led_to_its_result(sender):
    client, matter, key = sender(), brought(), str(uuid4())
    answers = [client.post(f"/desk/matters/{matter.code}/contact/", NOTE | {"_outbox": key}) for _ in "12"]
    assert [answer.headers["Location"] for answer in answers] == [f"/desk/matters/{matter.code}/"] * 2
    assert verbs(matter) == ["receive", "contact"]


@pytest.mark.parametrize("key", ["", "no key", "'; drop table"])
def test_a_key_that_is_none_changes_nothing(sender, key):
    client, matter = sender(), brought()
    assert client.post(f"/desk/matters/{matter.code}/contact/", NOTE | {"_outbox": key}).status_code == 302
    assert not Delivery.objects.exists()


def test_the_same_form_at_the_same_moment_is_taken_once(committed):
    username = f"police.{uuid4().hex[:6]}"
    account(username, "department", "ga")
    matter, key = receive(NOISE, at=timezone.now() - timedelta(minutes=5)), str(uuid4())
    clients, together, answers = [enter(username) for _ in "123"], threading.Barrier(3), []

    def post(client: Client) -> None:
        try:
            together.wait(timeout=20)
            answers.append(send(client, f"/desk/matters/{matter.code}/contact/", NOTE, key))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [answer.headers.get("X-Outbox-Taken") for answer in answers] == ["yes"] * 3
    assert verbs(matter) == ["receive", "contact"]


def test_the_service_worker_and_the_manifest_are_handed_out_for_the_whole_site(client, db):
    worker = client.get("/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in worker.headers["Cache-Control"]
    known = json.loads(worker.content.decode().partition("=")[2].partition(";\n")[0])
    assert known["OUTBOX"] == "/outbox/"
    told = client.get("/manifest.webmanifest").json()
    assert (told["name"], told["scope"], told["display"]) == ("千线", "/", "standalone")
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
