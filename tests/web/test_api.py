"""The interface for other systems: every call answers in JSON, every refusal has a code and two sentences."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from qianxian.cadres.queries import reach
from qianxian.collection.models import Submission
from qianxian.matters.models import Matter, Requester
from qianxian.web.api import keys, views
from qianxian.web.models import ApiKey
from tests.town import LIUAN, STREET

DEMAND = {"words": "楼上邻里噪声，半夜还在跳", "topic": "020101", "place": "柳岸社区"}

pytestmark = pytest.mark.usefixtures("everything")


@pytest.fixture
def secret() -> str:
    return keys.make(name="热线", unit="centre", area=STREET, actor="test", at=timezone.now())


def post(secret: str, body: Any = None, raw: bytes | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
    content = raw if raw is not None else json.dumps(DEMAND if body is None else body).encode()
    asked = {"Authorization": f"Bearer {secret}", **{name.replace("_", "-"): text for name, text in headers.items()}}
    answer = Client(raise_request_exception=False).post(
        "/api/matters", content, content_type="application/json", headers=asked
    )
    reach(everything=True)
    return answer.status_code, answer.json()


def get(address: str, **query: str) -> tuple[int, Any]:
    answer = Client(raise_request_exception=False).get(address, query)
    reach(everything=True)
    return answer.status_code, answer.json()


def test_a_demand_becomes_a_matter_with_its_owner_and_article(secret: str) -> None:
    status, body = post(secret, DEMAND | {"name": "林晓禾", "phone": "138 0001 0001", "kind": "投诉"})
    assert (status, body["owner"], body["article"], body["stage"]) == (201, "公安分局", "A1", 20)
    matter = Matter.objects.get(code=body["code"])
    assert (matter.channel, matter.kind, matter.place_id) == ("api", "complaint", LIUAN)
    assert Requester.objects.get().phone_mask == "138****0001"
    assert "林晓禾" not in json.dumps(Submission.objects.get().raw, ensure_ascii=False)


def test_the_same_idempotency_key_again_gives_the_same_matter(secret: str) -> None:
    key = uuid.uuid4().hex
    first, again = post(secret, Idempotency_Key=key), post(secret, Idempotency_Key=key)
    assert (first[0], again[0]) == (201, 200)
    assert first[1]["code"] == again[1]["code"]
    assert Matter.objects.count() == 1


def test_without_a_key_or_with_a_withdrawn_one_nothing_is_taken_in(secret: str) -> None:
    assert post("")[1]["code"] == "no_key"
    assert post("qx_wrong")[0] == 401
    keys.withdraw(name="热线", actor="test", at=timezone.now())
    assert post(secret)[0] == 401
    assert not Matter.objects.exists()


def test_a_key_is_kept_as_a_digest_only(secret: str) -> None:
    key = ApiKey.objects.get()
    assert secret not in (key.secret_hash, key.name)
    assert len(key.secret_hash) == 64


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"words": ""}, 422, "unfit", "words"),
        ({"words": "！？。"}, 422, "unfit", "words"),
        ({"words": "路" * 20_001}, 422, "invalid", "words"),
        ({"words": 7}, 422, "invalid", "words"),
        ({"place": "999999"}, 422, "unfit", "place"),
        ({"place": "不存在街道"}, 422, "unfit", "place"),
        ({"kind": "whatever"}, 422, "unfit", "kind"),
        ({"setting": "月球"}, 422, "unfit", "setting"),
        ({"time": "2099-01-01"}, 422, "unfit", "time"),
        ({"time": "-1"}, 422, "unfit", "time"),
        ({"phone": "1" * 41}, 422, "invalid", "phone"),
        ({"surprise": 1}, 422, "invalid", "surprise"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_field_in_two_languages(
    secret: str, changes: dict[str, Any], status: int, code: str, field: str
) -> None:
    answered, body = post(secret, DEMAND | changes)
    assert (answered, body["code"], body["field"]) == (status, code, field)
    assert body["sentence_zh"]
    assert body["sentence_en"]
    assert not Matter.objects.exists()


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[1,2]", b"null", b"\xff\xfe", b'{"words": "\x00"}', b'{"words": ' * 9_000, b"9" * 5_000]
)
def test_a_body_that_is_no_json_gets_a_sentence(secret: str, raw: bytes) -> None:
    status, body = post(secret, raw=raw)
    assert status in (400, 422)
    assert set(body) >= {"code", "sentence_zh", "sentence_en"}


def test_a_body_beyond_the_cap_is_refused_unread(secret: str) -> None:
    status, body = post(secret, raw=b'{"words": "' + b"a" * views.LARGEST_BODY + b'"}')
    assert (status, body["code"]) == (413, "too_large")


def test_script_nul_and_halves_of_characters_stay_harmless_text(secret: str) -> None:
    words = "<script>alert(1)</script>'; DROP TABLE x; --\x00\ud800 路灯不亮"
    status, body = post(secret, raw=json.dumps(DEMAND | {"words": words}).encode())
    assert status in (201, 400, 422)
    if status == 201:
        kept = Matter.objects.get(code=body["code"]).words
        assert kept == "<script>alert(1)</script>'; DROP TABLE x; --\ufffd 路灯不亮"


def test_a_place_outside_the_area_of_the_key_is_refused(secret: str) -> None:
    narrow = keys.make(name="社区", unit="st", area=LIUAN, actor="test", at=timezone.now())
    assert post(narrow, DEMAND | {"place": "钟楼社区"})[1]["code"] in ("outside", "unfit")
    assert post(narrow, DEMAND | {"place": ""})[0] == 201


def test_a_flood_from_one_key_is_refused(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MOST_A_MINUTE", 2)
    monkeypatch.setattr(views, "now", lambda: timezone.now() + timedelta(days=1))
    assert [post(secret, DEMAND | {"words": f"第{n}件"})[0] for n in range(3)][:2] == [201, 201]
    assert post(secret)[1]["code"] == "too_often"


def test_a_matter_is_followed_by_its_code_without_personal_data(secret: str) -> None:
    code = post(secret, DEMAND | {"name": "林晓禾", "phone": "13800010001"})[1]["code"]
    status, body = get(f"/api/matters/{code}")
    assert (status, body["owner"], body["stage_name"]) == (200, "公安分局", "assigned")
    assert body["deadline_zh"]
    assert body["deadline_en"]
    assert not any(secret_word in json.dumps(body, ensure_ascii=False) for secret_word in ("林", "138", "半夜"))


@pytest.mark.parametrize("code", ["260302AAAAAAAA", "x' OR 1=1", "%00", "一" * 300])
def test_a_code_of_nobody_finds_nothing(code: str) -> None:
    status, body = get(f"/api/matters/{code}")
    assert (status, body["code"]) == (404, "no_matter")


def test_the_register_says_who_answers_and_why() -> None:
    status, body = get("/api/register/ask", topic="邻里噪声", place="柳岸社区", setting="compound")
    assert (status, body["outcome"], body["article"]["body_name"]) == (200, "decided", "住建局")
    assert [line["number"] for line in body["beaten"]] == ["A1"]
    assert get("/api/register/ask", topic="060101")[1]["outcome"] == "contested"
    assert get("/api/register/ask", topic="190101")[1]["outcome"] == "silent"
    assert get("/api/register/ask", topic="没有")[1]["code"] == "no_topic"
    assert get("/api/register/ask", topic="020101", place="没有")[1]["code"] == "no_place"


def test_words_are_met_with_topics() -> None:
    status, body = get("/api/topics/suggest", words="楼上邻里噪声")
    assert (status, body[0]["topic"]) == (200, "020101")
    assert get("/api/topics/suggest", words="")[1]["code"] == "invalid"


def test_an_error_of_the_program_is_a_sentence_and_no_traceback(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "take_in", None)
    status, body = post(secret)
    assert (status, body["code"]) == (500, "broken")
    assert "Traceback" not in json.dumps(body)


def test_the_documents_are_served_from_here_alone() -> None:
    page = Client().get("/api/docs").content.decode()
    assert "https://" not in page
    assert "//cdn" not in page
    paths = Client().get("/api/openapi.json").json()["paths"]
    assert set(paths) == {"/api/matters", "/api/matters/{code}", "/api/register/ask", "/api/topics/suggest"}


def test_an_address_that_leads_nowhere_is_answered_in_json() -> None:
    answer = Client().get("/api/nowhere")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")


def test_the_pace_of_a_key_is_counted_over_all_processes(db, monkeypatch):
    monkeypatch.setattr(keys, "MOST_A_MINUTE", 5 * keys.AT_ONCE)
    processes, at = [keys.Pace(), keys.Pace()], timezone.now()
    within = [processes[number % 2].within("api:1", at) for number in range(8 * keys.AT_ONCE)]
    assert sum(within) == 5 * keys.AT_ONCE
    assert not processes[0].within("api:1", at + timedelta(seconds=2))
    assert processes[0].within("api:2", at)
    assert processes[0].within("api:1", at + timedelta(seconds=61))


def test_a_call_within_the_pace_costs_a_statement_in_a_hundred(db, django_assert_num_queries):
    pace, at = keys.Pace(), timezone.now()
    with django_assert_num_queries(2):
        assert all(pace.within("api:1", at) for _ in range(2 * keys.AT_ONCE))
