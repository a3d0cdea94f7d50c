"""What a form offers to choose from, in the words of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from qianxian.cadres.rules import Actor
from qianxian.collection import queries as collection
from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.splitting import Piece, split
from qianxian.mandates.rules.topic_tree import TopicTree
from qianxian.matters.actions.deeds import fingerprint
from qianxian.matters.queries import oversight
from qianxian.matters.queries.candidates import Candidates, candidates
from qianxian.matters.queries.page import MatterPage
from qianxian.matters.rules.possible import cause_of
from qianxian.register.rules import Directory, Kind, Organisation
from qianxian.web.desk import wording
from qianxian.web.desk.question import parties
from qianxian.web.learned import kept

ORDER = tuple(Kind)
Pairs = list[tuple[str, str]]
Groups = list[tuple[str, Pairs]]


@dataclass(frozen=True)
class Choices:
    """
    Units by group, articles as they are written, how long an extension may be (amount, unit), who owns it now.

    `rulable` are the units to which this actor's ruling may give the matter; `near` those that a whistle would call
    first, by an article or a power, `far` all others. `before` are the units to which history gave matters like this
    one: it sorts `rulable`, and decides nothing. `above` are those that may be asked to coordinate, `executors` those
    that may be told to carry a decision out, `unrated` the units called that nobody has rated, by arrival.
    """

    units: Groups
    rulable: Groups
    near: Pairs
    far: Groups
    before: list[kept.Before]
    above: Groups
    executors: Groups
    unrated: Pairs
    articles: list[str]
    limit: tuple[int, str]
    similar: list[Any]
    owner: tuple[str, str]
    pieces: tuple[Piece, ...]


def choices_of(page: MatterPage, directory: Directory, actor: Actor, at: datetime) -> Choices:
    """Return what the actor may choose for a matter now."""
    found = candidates(page.matter, actor.unit, at)
    units, owner = _groups(found), (page.matter.owner_id, page.matter.owner.short)
    near = [code for code in oversight.suggested_for_whistle(page.matter) if code != actor.unit]
    before = _before(page, directory)
    return Choices(
        units=units,
        rulable=_likeliest_first(
            _rulable(page, directory, actor, [(_("维持现在的承办单位"), [owner]), *units]), before, page
        ),
        before=before,
        near=[(code, wording.unit(code, directory)) for code in near],
        far=_without(units, {*near, actor.unit}),
        above=_above(found),
        executors=[(_("现在的承办单位"), [owner]), *_asked_of(page, directory), *_kept(found)],
        unrated=_unrated(page, directory, actor),
        articles=[f"{article.number} {article.basis}" for article in found.articles],
        limit=(found.limit.amount, found.limit.unit.value),
        similar=list(found.similar),
        owner=owner,
        pieces=pieces_of(page.matter.words),
    )


def pieces_of(words: str) -> tuple[Piece, ...]:
    """Return the demands that a message seems to hold, each with its likeliest topic; none where it is one only."""
    reader = collection.reader()
    found = split(words, lambda piece: reader.of_terms(piece).topic)
    return tuple(replace(piece, topic=piece.topic or _likeliest(piece.words, reader.tree)) for piece in found)


def _likeliest(words: str, tree: TopicTree) -> str:
    return next((found.topic for found in tree.suggested(words, most=1)), "")


def key_of(piece: Piece) -> str:
    """Return what tells a piece apart in a form, so that only what the person saw is made a matter."""
    return fingerprint(piece.words)[:16]


def names_of(pieces: Sequence[Piece]) -> list[tuple[str, str, str]]:
    """Return key, words and the name of the topic of each piece."""
    topics = mandates.topics().topics
    return [
        (key_of(piece), piece.words, topics[piece.topic].name if piece.topic in topics else _("看不出是哪类事"))
        for piece in pieces
    ]


def _rulable(page: MatterPage, directory: Directory, actor: Actor, units: Groups) -> Groups:
    """Return the units among which the actor rules, the parties before others; all where the ruling is another's."""
    allowed = set(oversight.may_answer(page.matter, actor, cause_of(page.facts)))
    if not allowed:
        return units
    sides = [code for code in parties(page) if code in allowed and code != page.matter.owner_id]
    first, others = units[0], _without(units[1:], {*sides, *_all_codes(units) - allowed})
    named = [(code, wording.unit(code, directory)) for code in sides]
    return [*_without([first], _all_codes(units) - allowed), (_("当事单位"), named), *others]


def _before(page: MatterPage, directory: Directory) -> list[kept.Before]:
    if cause_of(page.facts) is None:
        return []
    matter = page.matter
    return kept.likely(matter.topic_id or "", matter.place_id, matter.kind, matter.channel, directory)


def _likeliest_first(groups: Groups, before: list[kept.Before], page: MatterPage) -> Groups:
    """Sort the units within each group by what history holds likely; the parties keep their place before others."""
    turn = {one.unit: number for number, one in enumerate(before)}
    sides = set(parties(page))

    def ordered(units: Pairs) -> Pairs:
        if {code for code, _name in units} <= sides:
            return units
        return sorted(units, key=lambda unit: turn.get(unit[0], len(turn)))

    return [(label, ordered(units)) for label, units in groups]


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
