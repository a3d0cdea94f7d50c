"""A history on a page: upload, match, learn, see; and what it does beside a ruling."""

import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from qianxian.cadres.queries import reach
from qianxian.config.home import Home
from qianxian.mandates.models import DraftLine
from qianxian.matters.models import Matter
from qianxian.web.learned import kept
from qianxian.web.learned.jobs import learn_from_history
from tests.town import CATS, DISTRICT, MONDAY, PARKING, STREET, receive
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("everything")
HEAD = "时间,大类,小类,街道,社区,承办单位\n"


def rows(topic: str, unit: str, count: int) -> str:
    main = {"流浪猫": "基层治理", "违法停车": "交通", "邻里噪声": "环境保护"}[topic]
    return "".join(
        f"2025-0{1 + n % 9}-0{1 + n % 8} 08:00,{main},{topic},清河街道,柳岸社区,{unit}\n" for n in range(count)
    )


HISTORY = HEAD + rows("违法停车", "交通局", 12) + rows("违法停车", "公安分局", 4) + rows("流浪猫", "住建局", 9)
HISTORY += rows("邻里噪声", "柳岸社区居委会", 3) + rows("邻里噪声", "", 2)


def enter(role: str, area: str = DISTRICT) -> Client:
    account = get_user_model()(
        username=f"lin-{role}", name="林晓禾", role=role, unit_id="st" if role == "street" else "centre", area_id=area,
        joined_at=MONDAY,
    )  # fmt: skip
    account.set_password(PASSWORD)
    account.save()
    client = Client()
    client.post("/login/", {"username": account.username, "password": PASSWORD})
    reach(everything=True)
    return client


@pytest.fixture
def steward(settings: object, tmp_path: Path) -> Client:
    settings.HOME = Home(tmp_path)  # type: ignore[attr-defined]
    return enter("steward")


def upload(client: Client, content: bytes = HISTORY.encode("gbk")) -> str:
    answer = client.post("/learned/", {"file": SimpleUploadedFile("派单.csv", content)})
    return answer.headers.get("Location", "") or answer.content.decode()


def learn(client: Client, address: str) -> str:
    """Begin with the columns as they were found, and do the job."""
    found = re.findall(r'name="column:([^"]+)".*?</select>', client.get(address).content.decode())
    page = client.get(address).content.decode()
    chosen = {f"column:{name}": _chosen(page, name) for name in found}
    client.post(address, {"begin": "yes", **chosen})
    return done(client, address.removesuffix("match"))


def _chosen(page: str, name: str) -> str:
    select = page.split(f'name="column:{name}"')[1].split("</select>")[0]
    found = re.search(r'value="(\w*)" selected', select)
    return found[1] if found else ""


def done(client: Client, address: str) -> str:
    job = ProcrastinateJob.objects.filter(task_name="learn_from_history").latest("id")
    learn_from_history(**job.args)
    reach(everything=True)
    return address


def test_a_history_goes_from_upload_to_what_it_teaches(steward: Client) -> None:
    result = learn(steward, upload(steward))
    page = steward.get(result).content.decode()
    assert "住建局" in page
    assert "没有写承办单位" in page
    assert "柳岸社区居委会" in page
    assert re.search(r"9／9", page)
    for name in ("units", "contested", "communities", "faults", "proposals"):
        assert steward.get(f"{result}{name}.xlsx").content[:2] == b"PK"
    assert steward.get(f"{result}other.xlsx").status_code == 404


def test_chosen_proposals_are_written_into_a_draft(steward: Client) -> None:
    result = learn(steward, upload(steward))
    assert steward.post(f"{result}take", {}).headers["Location"] == result
    reach(everything=True)
    assert not DraftLine.objects.exists()
    answer = steward.post(f"{result}take", {"one": ["0", "77", "x"]})
    reach(everything=True)
    line = DraftLine.objects.get()
    assert answer.headers["Location"] == f"/register/drafts/{line.draft_id}/"
    assert (line.body_id, line.topic_id, line.place_id, line.duty) == ("zj", CATS, STREET, "lead")
    assert "法律依据待补" in line.basis


def test_a_ranking_sorts_the_units_beside_a_ruling_and_sets_no_owner(steward: Client) -> None:
    result = learn(steward, upload(steward))
    supervisor = enter("supervisor")
    matter = receive(PARKING)
    owner = matter.owner_id
    before = supervisor.get(f"/desk/matters/{matter.code}/").content.decode()
    assert "历史上多由" not in before
    steward.post(f"{result}use")
    page = supervisor.get(f"/desk/matters/{matter.code}/").content.decode()
    assert "历史上多由交通局办理：同类 16 件中 12 件" in page
    assert "公安分局办过：同类 16 件中 4 件" in page
    reach(everything=True)
    assert Matter.objects.get(pk=matter.pk).owner_id == owner
    assert receive(PARKING).owner_id == owner


def test_a_street_sees_what_was_learned_and_may_not_use_it(settings: object, tmp_path: Path) -> None:
    settings.HOME = Home(tmp_path)  # type: ignore[attr-defined]
    street = enter("street", STREET)
    result = learn(street, upload(street))
    assert "用于裁定页排序" not in street.get(result).content.decode()
    assert street.post(f"{result}use").status_code == 403
    assert street.post(f"{result}take", {"one": ["0"]}).status_code == 403
    assert kept.current() is None


def test_what_another_person_uploaded_is_not_here(steward: Client) -> None:
    result = learn(steward, upload(steward))
    other = enter("supervisor")
    assert other.get(result).status_code == 404
    assert other.get(f"{result}units.xlsx").status_code == 404
    assert enter("worker").get("/learned/").status_code == 403


def test_our_own_matters_are_learned_from_by_one_click(steward: Client) -> None:
    for _ in range(6):
        receive("020101")
    result = steward.post("/learned/own").headers["Location"]
    page = steward.get(done(steward, result)).content.decode()
    assert "6／6" in page
    assert "公安分局" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "文件是空的"), ("小类\n".encode(), "只有表头"), (b"\x81\xff\xff" * 50, "认不出文件的文字编码")],
)
def test_a_file_that_is_none_is_said_at_once(steward: Client, content: bytes, words: str) -> None:
    assert words in upload(steward, content)


def test_a_file_without_units_asks_which_column_it_is(steward: Client) -> None:
    address = upload(steward, "小类,谁去办\n井盖,水务局\n".encode())
    page = steward.get(address).content.decode()
    assert "找不到写承办单位的列" in page
    answer = steward.post(address, {"begin": "yes", "column:小类": "topic", "column:谁去办": "unit"})
    assert answer.status_code == 302


def test_a_kept_ranking_that_cannot_be_read_is_told_and_nothing_is_sorted(steward: Client) -> None:
    kept.path().parent.mkdir(parents=True)
    kept.path().write_bytes(b"no ranking")
    assert "读不出来" in steward.get("/learned/").content.decode()
    matter = receive(PARKING)
    assert enter("supervisor").get(f"/desk/matters/{matter.code}/").status_code == 200
