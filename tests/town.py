"""A small town for tests: one street, two communities, five bodies, a register with a contest and a silence."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from qianxian.cadres import actions as cadres
from qianxian.cadres.rules import RESIDENT, Actor, Role
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import actions as mandates
from qianxian.matters import actions as matters
from qianxian.matters.models import Matter
from qianxian.matters.rules.intake import Demand
from qianxian.register import actions as register

START = datetime(2026, 1, 1, tzinfo=BEIJING)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)
DISTRICT, STREET, LIUAN, ZHONGLOU = "990101", "990101001", "990101001001", "990101001002"
NOISE, PARKING, CATS, HEATING = "020101", "060101", "190101", "050501"

CENTRE = Actor("account:centre", "centre", Role.SUPERVISOR, DISTRICT)
GOVERNMENT = Actor("account:gov", "gov", Role.DEPARTMENT, DISTRICT)
STREET_OFFICE = Actor("account:street", "st", Role.STREET, STREET)
POLICE = Actor("account:police", "ga", Role.DEPARTMENT)
HOUSING = Actor("account:housing", "zj", Role.DEPARTMENT)
TRAFFIC = Actor("account:traffic", "jt", Role.DEPARTMENT)
COMMUNITY = Actor("account:worker", "cm", Role.WORKER, LIUAN)
STAFF = (CENTRE, GOVERNMENT, STREET_OFFICE, POLICE, HOUSING, TRAFFIC, COMMUNITY)

ORGANISATIONS = [
    ("gov", "区政府", "government", DISTRICT),
    ("centre", "热线中心", "centre", DISTRICT),
    ("ga", "公安分局", "department", DISTRICT),
    ("zj", "住建局", "department", DISTRICT),
    ("jt", "交通局", "department", DISTRICT),
    ("st", "清河街道办事处", "street", STREET),
    ("cm", "柳岸社区居委会", "committee", LIUAN),
]
PLACES = [
    (DISTRICT, "云溪区", "district"),
    (STREET, "清河街道", "street"),
    (LIUAN, "柳岸社区", "community"),
    (ZHONGLOU, "钟楼社区", "community"),
]
TOPICS = {
    "02": ("环境保护", ""), "0201": ("噪声", ""), NOISE: ("邻里噪声", "general"),
    "05": ("公用事业", ""), "0505": ("供热", ""), HEATING: ("暖气不热", "utility"),
    "06": ("交通", ""), "0601": ("停车", ""), PARKING: ("违法停车", "general"),
    "19": ("基层治理", ""), "1901": ("宠物", ""), CATS: ("流浪猫", "general"),
}  # fmt: skip


def article(number: str, body: str, duty: str, topic: str, place: str = DISTRICT, **more: Any) -> dict[str, Any]:
    return {
        "number": number, "body_id": body, "duty": duty, "topic_id": topic, "place_id": place,
        "list_kind": "department", "basis": f"清单第{number}项", "valid_from": START, **more,
    }  # fmt: skip


ARTICLES = [
    article("A1", "ga", "lead", "0201"),
    article("A2", "zj", "lead", NOISE, setting="compound"),
    article("A3", "st", "assist", "0201", STREET),
    article("A4", "cm", "assist", "0201", LIUAN, list_kind="community_assist"),
    article("B1", "ga", "lead", PARKING),
    article("B2", "jt", "lead", PARKING),
    article("C1", "zj", "lead", HEATING, powers=["enforcement"]),
]


def build() -> None:
    """Enter the town; committed once for all tests."""
    for code, name, level in PLACES:
        register.enter_place(code=code, name=name, level=level, valid_from=START, actor="test", at=START)
    for code, name, kind, place in ORGANISATIONS:
        register.enter_organisation(code=code, name=name, short=name, kind=kind, place_id=place, actor="test", at=START)
    topics = [
        {"code": code, "name": name, "parent_id": code[:-2] or None, "deadline_class": deadline}
        for code, (name, deadline) in TOPICS.items()
    ]
    mandates.plant_topics(rows=topics, actor="test", at=START)
    mandates.publish(number=1, title="测试清单", articles=ARTICLES, in_force_from=START, actor="test", at=START)


def post_secretary(scope: str = LIUAN, username: str = "secretary") -> Actor:
    """Post a cadre who answers for a community finally."""
    account = cadres.open_account(
        username=username, password="x", name="李安", title="第一书记", role="street", unit_id="st", area_id=scope,
        actor="test", at=START,
    )  # fmt: skip
    posting = cadres.post(
        cadre=account, scope=scope, home_unit_id="zj", unit_id="st", mode="first_secretary", powers=["affairs"],
        resources=[], valid_from=START, final=True, actor="test", at=START,
    )  # fmt: skip
    return Actor(f"account:{account.pk}", "st", Role.STREET, scope, posting.pk)


def receive(
    topic: str = NOISE,
    place: str = LIUAN,
    at: datetime = MONDAY,
    words: str = "",
    follows: Matter | None = None,
    **more: Any,
) -> Matter:
    """Take in a demand; every one in words of its own."""
    receive.counted += 1  # type: ignore[attr-defined]
    demand = Demand(words=words or f"第{receive.counted}件事，请管一管。", place=place, topic=topic, **more)  # type: ignore[attr-defined]
    contact = matters.Contact("王小明", "19900001111")
    return matters.receive(demand=demand, contact=contact, actor=RESIDENT, at=at, follows=follows)


receive.counted = 0  # type: ignore[attr-defined]


def later(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def address_of(database: str) -> str:
    """Return by which DATABASE_URL another process reaches a database of the test run."""
    held = connection.settings_dict
    port = f"&port={held['PORT']}" if held["PORT"] else ""
    return f"postgresql://{held['USER']}:{held['PASSWORD']}@/{database}?host={held['HOST']}{port}"
