"""A burden reported by staff becomes a matter like any other: with an owner, a clock and an answer."""

from datetime import datetime

from qianxian.cadres.rules import Actor
from qianxian.mandates import queries as mandates
from qianxian.mandates.queries import NothingInForce
from qianxian.matters import actions
from qianxian.matters.rules.intake import Channel, Demand, MatterKind, NoGovernment
from qianxian.register import queries as register
from qianxian.register.rules import Unknown

TOPIC = "190804"


def file_burden(*, report: int, kind: str, words: str, cause: str, page: str, actor: Actor, at: datetime) -> str:
    """
    Take in what should not have been asked of staff; return the tracking code, '' on a platform without a register yet.

    The register says who answers for relief of burdens; where it is silent, the street does. The one who reports is in
    the journal and nowhere else, so that nobody is asked why.

    :param report: the number of the report, so that no two are taken for one
    :param kind: in words
    :param cause: the unit that asks for it, as somebody writes it, or nothing
    """
    known = register.revisions()
    directory = register.directory(known)
    said = [f"【报负担】{kind}", words.strip(), f"要求单位：{_named(cause)}" if cause.strip() else ""]
    told = [*said, f"所在页面：{page}" if page else "", f"报告编号：{report}"]
    demand = Demand(
        words="\n".join(line for line in told if line),
        place=actor.area or directory.organisations[actor.unit].place,
        kind=MatterKind.SUGGESTION,
        channel=Channel.WORKER,
        topic=TOPIC if TOPIC in mandates.topics(known).topics else "",
    )
    try:
        return actions.receive(demand=demand, contact=actions.Contact(), actor=actor, at=at).code
    except (NothingInForce, NoGovernment):
        return ""


def _named(cause: str) -> str:
    """Return the full name of a unit, however it was written; what is no unit stays as it was typed."""
    try:
        return register.directory().organisation(cause).name
    except Unknown:
        return cause.strip()
