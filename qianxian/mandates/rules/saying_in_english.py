"""The sentences of an audit in English; only a reader of English needs them, so they are made when a page is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from qianxian.kernel.worktime import BEIJING

from .articles import Duty
from .bases import cited, fallen
from .findings import Finding, Kind, Names
from .ground import Ground, Practice
from .saying import Fault


def in_english(
    finding: Finding, ground: Ground, settings: Mapping[str, str], powers: Mapping[str, str]
) -> tuple[str, str]:
    """
    Return what is wrong and what to change, in English.

    :param settings: the English name of each setting
    :param powers: and of each power
    """
    names = _EnglishNames(replace(ground, settings=settings))
    practice = _practice(finding, ground) if finding.kind in FROM_PRACTICE else None
    where = "" if practice else names.where(finding.places, finding.settings, finding.witness.at)
    more = ", ".join(powers[power] for power in finding.powers)
    if finding.kind is Kind.NO_BASIS:
        more = "; ".join(_law(name, ground) for name in cited(finding.articles[0].basis) if fallen(name, ground))
    bodies = tuple(names.body(body) for body in finding.bodies)
    return SENTENCES[finding.kind](
        Fault(bodies, finding.articles, names.topics(finding.topics), f" ({where})" if where else "", more, practice)
    )


FROM_PRACTICE = (Kind.CLAIMS_AND_SHIRKS, Kind.ASSIST_BECAME_LEAD)


def _practice(finding: Finding, ground: Ground) -> Practice:
    about = finding.topics[0], finding.bodies[0]
    return next(one for one in ground.practice if (one.topic, one.body) == about)


def _law(name: str, ground: Ground) -> str:
    law = fallen(name, ground)
    if law is None or law.until is None:
        return f"《{name}》 is not in force yet"
    came = f", 《{law.replaced_by}》 took its place" if law.replaced_by else ""
    return f"《{law.name}》 ended on {law.until:%Y-%m-%d}{came}"


class _EnglishNames(Names):
    def topics(self, codes: Sequence[str]) -> str:
        names = [self._ground.topics[code].name if code in self._ground.topics else code for code in codes]
        return ", ".join(f"“{name}”" for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

    def where(self, places: Sequence[str], settings: Sequence[str], at: datetime) -> str:
        phrases = (self._when(at), self._placed(tuple(places)), self._settings(settings))
        return "; ".join(phrase for phrase in phrases if phrase)

    def _when(self, at: datetime) -> str:
        return f"from {at.astimezone(BEIJING):%Y-%m-%d} on" if at > self._ground.at else ""

    def _places(self, places: Sequence[str]) -> str:
        wide = self._gathered(places)
        return "in " + _listed([self._ground.places.get(code, code) for code in wide])

    def _settings(self, settings: Sequence[str]) -> str:
        if len(settings) == len(self._ground.settings) + 1:
            return ""
        named = [self._ground.settings.get(code, code) for code in settings if code]
        if "" in settings:
            others = [name for code, name in self._ground.settings.items() if code not in settings]
            return "except in: " + _listed(others) if len(others) < len(named) else "where the setting is not said"
        return "setting: " + _listed(named)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _numbers(fault: Fault) -> str:
    return ", ".join(article.number for article in fault.articles[:3])


def _gap(fault: Fault) -> tuple[str, str]:
    return (
        f"{fault.topics}{fault.where}: no body leads, so nobody takes such a matter up.",
        "Name one body as lead; where it was taken back by a higher level, name the department.",
    )


def _contest(fault: Fault) -> tuple[str, str]:
    return (
        f"{', '.join(fault.bodies)} all lead {fault.topics}{fault.where}, and none prevails (articles {_numbers(fault)}).",
        "Keep one lead and let the others assist, or divide the scopes.",
    )


def _committee_leads(fault: Fault) -> tuple[str, str]:
    return (
        f"Article {_numbers(fault)} makes the committee {fault.first} lead {fault.topics}. A committee is no office of the "
        "government: it assists and never leads.",
        "Let the department or street that holds the powers lead, and the community assist.",
    )


def _duty_without_power(fault: Fault) -> tuple[str, str]:
    alone = fault.articles[0].duty is Duty.ASSIST
    given = f"Nobody leads {fault.topics}{fault.where}; {fault.first} alone is listed, to assist" if alone else ""
    return (
        f"{given or f'{fault.first} is responsible for {fault.topics}{fault.where}'}, which needs {fault.more}, and has it "
        "not: not delegated, not by a body that assists, not by a cadre sent down there.",
        f"Let a body lead that holds {fault.more}, or list it to assist, delegate the power, or send a cadre with it.",
    )


def _power_without_duty(fault: Fault) -> tuple[str, str]:
    return (
        f"{fault.first} holds {fault.more} in {fault.topics}{fault.where} (article {_numbers(fault)}), yet need neither lead "
        "nor assist.",
        "Who has the power bears the duty: let it lead or assist, or strike the power out.",
    )


def _duty_without_benefit(fault: Fault) -> tuple[str, str]:
    return (
        f"Article {_numbers(fault)} gives {fault.topics}{fault.where} to {fault.first} without money, people or training.",
        "Funds follow the work: write down what comes with it, or do not hand it down.",
    )


def _broken_chain(fault: Fault) -> tuple[str, str]:
    if len(fault.bodies) > 1:
        lead, holder = fault.bodies
        return (
            f"{lead} leads {fault.topics}{fault.where}; {fault.more}, which it needs, is in the hands of {holder}, which "
            "need not assist.",
            f"List {holder} as assisting, and what it has to do.",
        )
    return (
        f"Article {_numbers(fault)} lets {fault.first} assist with {fault.topics}{fault.where}, but nobody leads.",
        "Name the lead, or strike the assistance out.",
    )


def _no_basis(fault: Fault) -> tuple[str, str]:
    return (
        f"Article {_numbers(fault)} ({fault.first}, {fault.topics}) stands on a law that is not in force: {fault.more}.",
        "Cite the law in force; without one the article cannot be used.",
    )


def _claims_and_shirks(fault: Fault) -> tuple[str, str]:
    done = fault.practice
    if done is None:
        raise ValueError("what happened is missing")
    return (
        f"{fault.first} takes funds or credit for {fault.topics} (article {_numbers(fault)}); of {done.matters} matters it "
        f"said {done.objections} were not its own, {done.lost} were ruled to be, and {done.late} were late.",
        "Money and credit go with the duty: do the work, or give up both.",
    )


def _assist_became_lead(fault: Fault) -> tuple[str, str]:
    done = fault.practice
    if done is None:
        raise ValueError("what happened is missing")
    listed = f"only assists by the list (article {_numbers(fault)})" if fault.articles else "is not in the list at all"
    return (
        f"{fault.topics}: {fault.first} {listed}, yet handled {done.led} matters as the main unit.",
        "Dispatch to the lead of the list; if it shall lead, change the list first and send people, money and powers down.",
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
