"""Puts the demonstration district into a platform's database, with matters in every state, and prints nothing."""

from datetime import datetime, timedelta
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402

from qianxian.cadres.queries import reaching_everything  # noqa: E402
from qianxian.cadres.rules import RESIDENT, SYSTEM, Actor, Role  # noqa: E402
from qianxian.deliberation import actions as deliberation  # noqa: E402
from qianxian.matters import actions  # noqa: E402
from qianxian.matters.actions import Contact  # noqa: E402
from qianxian.matters.rules.intake import Channel, Demand, MatterKind  # noqa: E402
from qianxian.matters.rules.life import Result, Satisfaction, Stage  # noqa: E402
from qianxian.register.models import Organisation  # noqa: E402
from qianxian.web.demonstration import district  # noqa: E402

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEVELS = {
    "rated_good": Satisfaction.SATISFIED,
    "rated_basic": Satisfaction.BASICALLY,
    "rated_bad": Satisfaction.DISSATISFIED,
}
DISTRICT = Actor("account:0", "centre", Role.SUPERVISOR, "990101")


def main() -> None:
    """Enter the district and its demands; the other street of the tests' people stands aside."""
    now = timezone.now()
    district.enter(now)
    Organisation.objects.filter(code="T-STREET").update(place_id="990101103")
    with reaching_everything():
        for number, row in enumerate(district.rows_of("demands.csv")):
            bring(row, now - DAY * (1 + number % 26) - HOUR * (number % 7), now)


def bring(row: dict[str, str], at: datetime, now: datetime) -> Any:
    """Bring one demand and let its story happen, as far as the present allows."""
    demand = Demand(
        words=row["words"], place=row["place"], kind=MatterKind(row["kind"]), channel=Channel(row["channel"]),
        topic=row["topic"], setting=row["setting"], address=row["address"], hard=row["story"] == "consultation",
        exit=row["story"].partition(":")[2],
    )  # fmt: skip
    matter = actions.receive(demand=demand, contact=Contact(row["name"], row["phone"]), actor=SYSTEM, at=at)
    owner = Actor("account:0", matter.owner_id, Role.DEPARTMENT, "990101", matter.owner_posting_id)
    if matter.stage == Stage.ASSIGNED:
        happen(matter, row["story"], owner, at, now)
    return matter


def happen(matter: Any, story: str, owner: Actor, at: datetime, now: datetime) -> None:
    number = matter.pk
    if story in ("new", "merged"):
        return
    actions.sign(number, actor=owner, at=at + HOUR)
    if story == "objected":
        other = "cg" if matter.owner_id != "cg" else "hb"
        actions.object_to(
            number,
            names=other,
            article="《云溪区权责清单（2026年版）》",
            reason="这件事在清单上归对方，我们只有配合的职责。",
            actor=owner,
            at=at + HOUR,
        )
        return
    if story == "signed":
        return
    actions.contact(number, how="phone", note_="已电话联系。", actor=owner, at=at + 3 * HOUR)
    if story == "extension":
        actions.ask_extension(number, amount=2, reason="配件要从外地调，到货还要几天。", actor=owner, at=at + 4 * HOUR)
    if story == "supervised":
        actions.supervise(
            number, cause="unsolved", note_="居民多次反映，请拿出办法。", actor=DISTRICT, at=at + 5 * HOUR
        )
    if story == "whistle":
        street = Actor("account:0", "st-qinghe", Role.STREET, "990101001")
        actions.whistle(
            number,
            kind="demand",
            units=[matter.owner_id],
            what="到现场一起看、当场定。",
            required_at=now + HOUR / 2,
            actor=street,
            at=now - HOUR / 6,
        )
    if story in ("resolved", *LEVELS):
        actions.resolve(
            number,
            result=Result.SOLVED,
            reply="已经处理好，并和您说明了情况。",
            evidence="现场复查无异样。",
            actor=owner,
            at=min(at + 20 * HOUR, now),
        )
    if story in LEVELS:
        deliberation.rate(
            number,
            solved=story != "rated_bad",
            satisfaction=LEVELS[story],
            comment="",
            actor=RESIDENT,
            at=min(at + 22 * HOUR, now),
        )


if __name__ == "__main__":
    main()
