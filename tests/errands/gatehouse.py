"""What the town needs for its gate, and requests to bring to it."""

from datetime import date, datetime, timedelta
from typing import Any

from qianxian.cadres.rules import Actor, Role
from qianxian.errands import actions
from qianxian.errands.models import Errand
from qianxian.errands.rules.life import Opinion
from qianxian.mandates import actions as mandates
from qianxian.mandates.models import Edition, Topic
from qianxian.register import actions as register
from tests.town import ARTICLES, DISTRICT, LIUAN, MONDAY, NOISE, START, STREET_OFFICE, article, later

CIVIL_AFFAIRS = Actor("account:mz", "mz", Role.DEPARTMENT, DISTRICT)
LIUAN_WORKER = Actor("account:liuan", "cm", Role.WORKER, LIUAN)
ZHONGLOU_WORKER = Actor("account:zhonglou", "cz", Role.WORKER, "990101001002")
HOUSING = Actor("account:housing", "zj", Role.DEPARTMENT, DISTRICT)
POLICE = Actor("account:police", "ga", Role.DEPARTMENT, DISTRICT)
SUPERVISOR = Actor("account:centre", "centre", Role.SUPERVISOR, DISTRICT)
ELDERLY, DISPATCH, REGISTRY = "130105", "180103", "170101"
BASIS = "《中华人民共和国老年人权益保障法》第七条"
OVER = [NOISE, ELDERLY]


def add() -> None:
    """Enter the bureau, a second committee, three topics, and an edition with the community's own lists."""
    if Topic.objects.filter(pk=ELDERLY).exists():
        return
    for code, name, kind, place in (
        ("mz", "区民政局", "department", DISTRICT),
        ("cz", "钟楼社区居委会", "committee", "990101001002"),
    ):
        register.enter_organisation(code=code, name=name, short=name, kind=kind, place_id=place, actor="test", at=START)
    more = {"13": "民政", "1301": "养老", ELDERLY: "高龄老人探访", "18": "综合", "1801": "其他", DISPATCH: "代收代缴",
            "17": "户政", "1701": "户口", REGISTRY: "人口登记"}  # fmt: skip
    rows = [
        {"code": code, "name": name, "parent_id": code[:-2] or None, "deadline_class": ""}
        for code, name in sorted(more.items())
    ]
    mandates.plant_topics(rows=rows, actor="test", at=START)
    lists = [
        article("柳岸-013", "cm", "assist", ELDERLY, LIUAN, list_kind="community_assist"),
        article("柳岸-020", "cm", "", DISPATCH, LIUAN, list_kind="negative"),
        article("收回-001", "ga", "lead", REGISTRY, list_kind="taken_back"),
    ]
    mandates.publish(
        number=Edition.objects.count() + 1, title="带社区清单的清单", articles=[*ARTICLES, *lists],
        in_force_from=START + timedelta(days=1), actor="test", at=START,
    )  # fmt: skip


def particulars(**changed: Any) -> dict[str, Any]:
    """Return a request that passes every check when it is filed on MONDAY."""
    return {
        "kind": "task", "title": "高龄老人春季探访", "words": "每月上门探访八十岁以上独居老人一次。",
        "topic_id": ELDERLY, "list_kind": "community_assist", "basis": BASIS, "why": "社区最了解老人情况。",
        "role": "assist", "frequency": "monthly", "hours_month": 20, "funds": 12000, "people": 1,
        "training": "四月上旬半天", "starts_on": date(2026, 5, 6), "ends_on": date(2026, 12, 31), "places": [LIUAN],
        **changed,
    }  # fmt: skip


def a_meeting(**changed: Any) -> dict[str, Any]:
    """Return a meeting that passes every check when it is filed on MONDAY."""
    starts = changed.pop("starts_at", later(24 * 14))
    day = starts.date()
    return particulars(
        kind="meeting", title="养老服务工作会", frequency="once", hours_month=2, funds=0, people=0, training="",
        starts_on=day, ends_on=day, starts_at=starts, minutes=90, report_minutes=40, attendees=["director"],
    ) | changed  # fmt: skip


def drafted(actor: Actor = HOUSING, at: datetime = MONDAY, **changed: Any) -> Errand:
    return actions.draft(actor=actor, at=at, **particulars(**changed))


def filed(actor: Actor = HOUSING, at: datetime = MONDAY, **changed: Any) -> Errand:
    return actions.file(drafted(actor, at, **changed).pk, actor=actor, at=at)


def heard(actor: Actor = HOUSING, **changed: Any) -> Errand:
    errand = filed(actor, **changed)
    for place, worker in ((LIUAN, LIUAN_WORKER), ("990101001002", ZHONGLOU_WORKER)):
        if place in errand.places:
            actions.give_opinion(errand.pk, place=place, opinion=Opinion.AGREE, words="", actor=worker, at=later(2))
    return Errand.objects.get(pk=errand.pk)


def admitted(actor: Actor = HOUSING, **changed: Any) -> Errand:
    errand = heard(actor, **changed)
    for decider in (STREET_OFFICE, CIVIL_AFFAIRS):
        actions.decide(errand.pk, admitted=True, reason="在协助清单内，经费随事到位。", actor=decider, at=later(4))
    return Errand.objects.get(pk=errand.pk)
