"""A file on a page: upload, match, take in, see what became of each row."""

import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from qianxian.cadres.queries import reach
from qianxian.config.home import Home
from qianxian.matters.models import Matter
from qianxian.web.imports.jobs import take_in_file
from tests.town import MONDAY, STREET
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("everything")
ROWS = "编号,诉求内容,所属社区\n1,楼上邻里噪声太大,柳岸社区\n2,,柳岸社区\n3,<script>alert(1)</script>井盖,柳岸社区\n"


def enter(role: str, username: str = "lin") -> Client:
    account = get_user_model()(
        username=username, name="林晓禾", role=role, unit_id="st", area_id=STREET, joined_at=MONDAY
    )
    account.set_password(PASSWORD)
    account.save()
    client = Client()
    client.post("/login/", {"username": username, "password": PASSWORD})
    reach(everything=True)
    return client


@pytest.fixture
def operator(settings: object, tmp_path: Path) -> Client:
    settings.HOME = Home(tmp_path)  # type: ignore[attr-defined]
    return enter("street")


def upload(client: Client, content: bytes = ROWS.encode("gbk"), name: str = "工单.csv") -> str:
    answer = client.post("/imports/", {"file": SimpleUploadedFile(name, content)})
    return answer.headers.get("Location", "") or answer.content.decode()


def take_in(client: Client, address: str) -> str:
    client.post(address, {"begin": "yes", "column:诉求内容": "words", "column:编号": "key", "column:所属社区": "place"})
    job = ProcrastinateJob.objects.filter(task_name="take_in_file").latest("id")
    take_in_file(**job.args)
    reach(everything=True)
    return address.removesuffix("match")


def test_a_file_goes_from_upload_to_its_result(operator: Client) -> None:
    address = upload(operator)
    assert re.search(r'value="words" selected', operator.get(address).content.decode())
    result = take_in(operator, address)
    page = operator.get(result).content.decode()
    assert "已派单：2 行" in page
    assert "未收下：1 行" in page
    assert "没有写诉求内容" in page
    assert "<script>alert(1)" not in page
    reach(everything=True)
    assert Matter.objects.count() == 2
    assert b"".join(operator.get(f"{result}result.xlsx").streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_the_same_file_uploaded_again_takes_nothing_in_twice(operator: Client) -> None:
    take_in(operator, upload(operator))
    again = take_in(operator, upload(operator, name="另一个名字.csv"))
    assert "以前已收：2 行" in operator.get(again).content.decode()
    reach(everything=True)
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        ("内容\n".encode(), "只有表头"),
        (b"\x00\x01\x02" * 999, "不是表格文件"),
        (b"PK\x03\x04broken", "已损坏"),
        ("甲,乙\n1,2\n".encode(), "找不到写诉求内容的列"),
    ],
)
def test_what_is_no_table_is_said_at_its_field(operator: Client, content: bytes, words: str) -> None:
    assert words in upload(operator, content)


def test_an_import_is_seen_by_the_one_who_uploaded_it_alone(operator: Client) -> None:
    address = upload(operator)
    assert enter("street", "another").get(address).status_code == 404
    assert operator.get("/imports/..%2F..%2Fkeys/match").status_code == 404
    assert enter("worker", "worker").get("/imports/").status_code == 403
