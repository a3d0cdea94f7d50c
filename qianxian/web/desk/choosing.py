"""What a form offers to choose from, in the words of the page."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from qianxian.cadres.rules import Actor
from qianxian.matters.queries import oversight
from qianxian.matters.queries.candidates import Candidates, candidates
from qianxian.matters.queries.page import MatterPage
from qianxian.matters.rules.possible import cause_of
from qianxian.register.rules import Directory, Kind, Organisation
from qianxian.web.desk import wording
from qianxian.web.desk.question import parties

ORDER = tuple(Kind)
Pairs = list[tuple[str, str]]
Groups = list[tuple[str, Pairs]]


@dataclass(frozen=True)
class Choices:
    """
    Units by group, articles as they are written, how long an extension may be (amount, unit), who owns it now.

    `rulable` are the units to which this actor's ruling may give the matter; `near` those that a whistle would call
    first, by an article or a power, `far` all others; `above` those that may be asked to coordinate; `executors` those
    that may be told to carry a decision out; `unrated` the units called that nobody has rated, by arrival.
    """

    units: Groups
    rulable: Groups
    near: Pairs
    far: Groups
    above: Groups
    executors: Groups
    unrated: Pairs
    articles: list[str]
    limit: tuple[int, str]
    similar: list[Any]
    owner: tuple[str, str]


def choices_of(page: MatterPage, directory: Directory, actor: Actor, at: datetime) -> Choices:
    """Return what the actor may choose for a matter now."""
    found = candidates(page.matter, actor.unit, at)
    units, owner = _groups(found), (page.matter.owner_id, page.matter.owner.short)
    near = [code for code in oversight.suggested_for_whistle(page.matter) if code != actor.unit]
    return Choices(
        units=units,
        rulable=_rulable(page, directory, actor, [(_("维持现在的承办单位"), [owner]), *units]),
        near=[(code, wording.unit(code, directory)) for code in near],
        far=_without(units, {*near, actor.unit}),
        above=_above(found),
        executors=[(_("现在的承办单位"), [owner]), *_asked_of(page, directory), *_kept(found)],
        unrated=_unrated(page, directory, actor),
        articles=[f"{article.number} {article.basis}" for article in found.articles],
        limit=(found.limit.amount, found.limit.unit.value),
        similar=list(found.similar),
        owner=owner,
    )


def _rulable(page: MatterPage, directory: Directory, actor: Actor, units: Groups) -> Groups:
    """Return the units among which the actor rules, the parties before others; all where the ruling is another's."""
    allowed = set(oversight.may_answer(page.matter, actor, cause_of(page.facts)))
    if not allowed:
        return units
    sides = [code for code in parties(page) if code in allowed and code != page.matter.owner_id]
    first, others = units[0], _without(units[1:], {*sides, *_all_codes(units) - allowed})
    named = [(code, wording.unit(code, directory)) for code in sides]
    return [*_without([first], _all_codes(units) - allowed), (_("当事单位"), named), *others]


def _without(groups: Groups, codes: set[str]) -> Groups:
    kept = [(label, [unit for unit in units if unit[0] not in codes]) for label, units in groups]
    return [(label, units) for label, units in kept if units]


def _all_codes(groups: Groups) -> set[str]:
    return {code for _label, units in groups for code, _name in units}


def _groups(found: Candidates) -> Groups:
    kinds = {
        Kind.GOVERNMENT: _("区级"), Kind.CENTRE: _("区级"), Kind.DEPARTMENT: _("部门"), Kind.STREET: _("街道"),
        Kind.ENTERPRISE: _("公共服务企业"), Kind.PARTY: _("党组织"), Kind.MASS: _("群团"), Kind.COMMITTEE: _("社区"),
        Kind.SUPERIOR: _("驻区上级单位"),
    }  # fmt: skip
    ordered = sorted(found.units, key=lambda unit: (ORDER.index(unit.kind), unit.code))
    groups = [(label, _pairs(list(units))) for label, units in groupby(ordered, key=lambda unit: kinds[unit.kind])]
    return [(_("清单上有配合职责的"), _pairs(list(found.suggested))), *groups]


def _above(found: Candidates) -> Groups:
    organs = [body for body in found.above if body.kind is Kind.SUPERIOR]
    named = [
        (_("上级政府和主管部门"), [body for body in found.above if body not in organs]),
        (_("驻区上级单位"), organs),
    ]
    return [(label, _pairs(bodies)) for label, bodies in named if bodies]


def _asked_of(page: MatterPage, directory: Directory) -> Groups:
    """Return the bodies above the district that were asked and may act themselves: they are on no other list."""
    bodies = [directory.organisations[asked.unit] for asked in page.facts.asked_above]
    organs = [body for body in bodies if body.kind is Kind.SUPERIOR]
    return [(_("驻区上级单位"), _pairs(organs))] if organs else []


def _unrated(page: MatterPage, directory: Directory, actor: Actor) -> Pairs:
    """Return the units that the actor's open whistles have called and that are not yet rated, by arrival."""
    called = (one for one in page.facts.called if one.caller == actor.unit and not one.rated)
    open_ones = {arrival.pk for blown in page.whistles if not blown.closed_at for arrival in blown.arrivals.all()}
    return [(str(one.id), wording.unit(one.unit, directory)) for one in called if one.id in open_ones]


def _kept(found: Candidates) -> Groups:
    return [(label, units) for label, units in _groups(found)[1:] if units]


def _pairs(units: list[Organisation]) -> Pairs:
    return [(unit.code, unit.short) for unit in units]
