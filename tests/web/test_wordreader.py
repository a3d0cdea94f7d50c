"""The steward trains a reader of words on pages, sees how good it is, tries it, puts it in use and drops it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from qianxian.cadres import actions as cadres
from qianxian.journal.models import Entry
from qianxian.mandates import queries as mandates
from qianxian.web.wordreader.jobs import train_reader
from tests.town import DISTRICT, build
from tests.web.test_topics_command import rows

PASSWORD = "柳岸的灯亮了 2026"


@pytest.fixture(autouse=True)
def town(db: None, settings: object, tmp_path: Path) -> None:
    build()
    settings.HOME = replace(settings.HOME, path=tmp_path)
    settings.TRAINED_READER = tmp_path / "topics.model"


@pytest.fixture
def enter(db: None) -> Callable[[str], Client]:
    def enter(role: str) -> Client:
        cadres.open_account(
            username=role, password=PASSWORD, name="沈知秋", title="", role=role, unit_id="centre", area_id=DISTRICT,
            actor="test", at=timezone.now(),
        )  # fmt: skip
        client = Client()
        assert client.post("/login/", {"username": role, "password": PASSWORD}).status_code == 302
        return client

    return enter


def upload(client: Client, lines: list[tuple[str, str, str]]) -> str:
    text = "\n".join(["标题,内容,类别", *(",".join(line) for line in lines)])
    answer = client.post("/words/", {"file": SimpleUploadedFile("例.csv", text.encode())})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url.removesuffix("match")


def trained(client: Client, lines: list[tuple[str, str, str]]) -> str:
    at = upload(client, lines)
    assert client.post(f"{at}match", {"text": ["标题", "内容"], "label": "类别"}).url == at
    assert "正在训练" in client.get(at).content.decode()
    train_reader(**ProcrastinateJob.objects.filter(task_name="train_reader").latest("id").args)
    return at


def test_a_reader_goes_from_a_file_to_every_form_and_back(enter) -> None:
    client = enter("steward")
    assert "还没有训练过模型" in client.get("/words/").content.decode()
    at = trained(client, rows())
    page = client.get(at, {"words": "楼上半夜跳绳"}).content.decode()
    assert all(said in page for said in ("读对的", "哪类被读成哪类", "因为说到", "邻里噪声"))
    assert client.post(f"{at}use", {"label:0": "", "label:1": ""}).url == at
    assert not mandates.trained_reader().exists()
    topic = sorted(code for code in mandates.topics().topics if len(code) == 4)[0]
    assert client.post(f"{at}use", {"label:0": topic, "label:1": ""}).url == "/words/"
    home = client.get("/words/", {"words": "汽车停在人行道上"}).content.decode()
    assert mandates.topics().topics[topic].name in home
    assert "没有对应，不推荐" in home
    assert mandates.topics().trained is not None
    assert client.post("/words/drop").url == "/words/"
    assert mandates.topics().trained is None
    assert list(Entry.objects.filter(subject__startswith="reader:").values_list("verb", flat=True)) == [
        "use_reader", "drop_reader",
    ]  # fmt: skip


def test_what_cannot_be_learned_from_is_said(enter) -> None:
    client = enter("steward")
    at = upload(client, rows())
    refused = client.post(f"{at}match", {"text": ["类别"], "label": "类别"})
    assert (refused.status_code, "另外一列作类别" in refused.content.decode()) == (422, True)
    lone = trained(client, [*rows(), ("月亮", "掉下来了", "天文")])
    assert "类别“天文”只有一行" in client.get(lone).content.decode()
    assert client.post(f"{lone}use").status_code == 404


def test_a_broken_model_is_said_and_others_have_no_business_here(enter) -> None:
    mandates.trained_reader().write_bytes(b"no model")
    assert "读不出来" in enter("steward").get("/words/").content.decode()
    assert enter("worker").get("/words/").status_code == 403


def test_a_text_of_nothing_known_is_answered(enter) -> None:
    assert "看不出说的是哪类事" in enter("steward").get("/words/", {"words": "㐀㐁㐂㐃"}).content.decode()
