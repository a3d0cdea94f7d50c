"""The sentences of an audit in Chinese: what is wrong, and what to change, as a street's clerk would say it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .articles import Article, Duty
from .findings import Kind, Names
from .ground import Practice


@dataclass(frozen=True, slots=True)
class Fault:
    """What a sentence is made of: names and phrases."""

    bodies: tuple[str, ...]
    articles: tuple[Article, ...]
    topics: str
    where: str
    more: str
    practice: Practice | None

    @property
    def first(self) -> str:
        return self.bodies[0] if self.bodies else ""

    @property
    def numbers(self) -> str:
        return "、".join(article.number for article in self.articles[:3])

    @property
    def here(self) -> str:
        return f"（{self.where}）" if self.where else ""


def said(
    kind: Kind,
    names: Names,
    bodies: tuple[str, ...],
    articles: tuple[Article, ...],
    topics: Sequence[str],
    where: str,
    more: str,
    practice: Practice | None,
) -> tuple[str, str]:
    """Return the sentence that says what is wrong, and the one that says what to do."""
    fault = Fault(tuple(names.body(body) for body in bodies), articles, names.topics(topics), where, more, practice)
    return SENTENCES[kind](fault)


def _gap(fault: Fault) -> tuple[str, str]:
    return (
        f"{fault.topics}{fault.here}：没有哪个单位主责，来了诉求就没人接。",
        "给一个单位写明主责；上级部门收回的，写明由哪个部门主责。",
    )


def _contest(fault: Fault) -> tuple[str, str]:
    return (
        f"{'、'.join(fault.bodies)}都主责{fault.topics}{fault.here}，谁也压不过谁（第 {fault.numbers} 条）。",
        "只留一家主责，其余改为协助；或者把两条的范围分开写。",
    )


def _committee_leads(fault: Fault) -> tuple[str, str]:
    return (
        f"第 {fault.numbers} 条让{fault.first}居（村）委会主责{fault.topics}。居（村）委会不是政府机关，只能协助，不能主责。",
        "把主责写给有权的部门或街道，社区改为协助。",
    )


def _duty_without_power(fault: Fault) -> tuple[str, str]:
    alone = fault.articles[0].duty is Duty.ASSIST
    given = f"{fault.topics}{fault.here}没有单位主责，只写了{fault.first}协助" if alone else ""
    return (
        f"{given or f'清单让{fault.first}负责{fault.topics}{fault.here}'}，办这件事要用{fault.more}，可它没有："
        "没有委托给它，没有单位带着这项权来协助，也没有干部带着这项权派到那里。",
        f"改由有{fault.more}的单位主责，或写明由它协助、把权委托下来，或派带着{fault.more}的干部下去。",
    )


def _power_without_duty(fault: Fault) -> tuple[str, str]:
    return (
        f"{fault.first}在{fault.topics}{fault.here}上握有{fault.more}（第 {fault.numbers} 条），清单却没有要它主责，也没有要它协助。",
        "有权就要有责：写明它主责或协助；用不着的权，从清单里去掉。",
    )


def _duty_without_benefit(fault: Fault) -> tuple[str, str]:
    return (
        f"第 {fault.numbers} 条把{fault.topics}{fault.here}交给{fault.first}，却没有给钱、给人，也没有培训。",
        "费随事转：写明随这件事下来的经费、人员或培训；给不了的，不交下去。",
    )


def _broken_chain(fault: Fault) -> tuple[str, str]:
    if len(fault.bodies) > 1:
        lead, holder = fault.bodies
        return (
            f"{lead}主责{fault.topics}{fault.here}，要用的{fault.more}在{holder}手里，清单却没有要{holder}协助。",
            f"把{holder}列为协助单位，写明它要做什么。",
        )
    return (
        f"第 {fault.numbers} 条要{fault.first}协助{fault.topics}{fault.here}，可是没有单位主责，不知道协助谁。",
        "写明主责单位；没有主责单位的协助条目，去掉。",
    )


def _no_basis(fault: Fault) -> tuple[str, str]:
    return (
        f"第 {fault.numbers} 条（{fault.first}，{fault.topics}）的依据落空：{fault.more}。",
        "换成现行的依据和条号；找不到现行依据的，这一条不能再用。",
    )


def _claims_and_shirks(fault: Fault) -> tuple[str, str]:
    done = fault.practice
    if done is None:
        raise ValueError("what happened is missing")
    counts = (
        (done.objections, f"{done.objections} 件提出不归它管"),
        (done.lost, f"其中 {done.lost} 件裁定就归它管"),
        (done.late, f"{done.late} 件超期"),
    )
    told = "，".join(words for number, words in counts if number)
    return (
        f"{fault.first}在{fault.topics}上拿着经费或荣誉（第 {fault.numbers} 条），{done.matters} 件诉求里却有{told}。",
        "钱和荣誉跟着责任走：要么把事办起来，要么连同经费、荣誉一起交出去。",
    )


def _assist_became_lead(fault: Fault) -> tuple[str, str]:
    done = fault.practice
    if done is None:
        raise ValueError("what happened is missing")
    listed = f"清单上只是协助（第 {fault.numbers} 条）" if fault.articles else "清单上没有它的事"
    return (
        f"{fault.topics}，{fault.first}{listed}，实际上有 {done.led} 件是它在主办。",
        "照清单派给主责单位；确实要它主办的，先改清单，人、钱、权一起下去。",
    )


SENTENCES: dict[Kind, Callable[[Fault], tuple[str, str]]] = {
    Kind.GAP: _gap,
    Kind.CONTEST: _contest,
    Kind.COMMITTEE_LEADS: _committee_leads,
    Kind.DUTY_WITHOUT_POWER: _duty_without_power,
    Kind.POWER_WITHOUT_DUTY: _power_without_duty,
    Kind.DUTY_WITHOUT_BENEFIT: _duty_without_benefit,
    Kind.CLAIMS_AND_SHIRKS: _claims_and_shirks,
    Kind.BROKEN_CHAIN: _broken_chain,
    Kind.NO_BASIS: _no_basis,
    Kind.ASSIST_BECAME_LEAD: _assist_became_lead,
}
