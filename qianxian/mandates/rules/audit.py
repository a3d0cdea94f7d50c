"""Where a register of power, duty and benefit does not answer, and where the three part (权责利清单体检)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from qianxian.register.rules import Kind as Body

from .articles import Article, Benefit, Case, Duty, Power
from .bases import repealed
from .cells import Cell, Region, cells
from .findings import KINDS, Finding, Kind, Names, Severity, powers_said
from .ground import Ground, Practice
from .precedence import prevailing
from .saying import said
from .topic_tree import Topic

__all__ = ["KINDS", "Finding", "Ground", "Kind", "Severity", "audit", "of_case", "practised"]

WORK = frozenset({Benefit.FUNDS, Benefit.PEOPLE, Benefit.TRAINING})
GAIN = frozenset({Benefit.FUNDS, Benefit.CREDIT})
BELOW = frozenset({Body.STREET, Body.COMMITTEE})
"""Who may ask that people and money come with a task: 北京市街道办事处条例 10, 41; 费随事转 (handbook 2.2)."""


@dataclass(frozen=True, slots=True)
class Clue:
    """What is wrong in a cell; clues that are alike in several cells make one finding."""

    kind: Kind
    bodies: tuple[str, ...]
    articles: tuple[Article, ...] = ()
    powers: frozenset[Power] = frozenset()
    more: str = ""

    def key(self, topic: str) -> tuple[object, ...]:
        numbers = tuple(article.number for article in self.articles)
        return (self.kind, self.bodies, numbers, self.powers, "" if numbers else topic)


def audit(articles: Iterable[Article], ground: Ground) -> tuple[Finding, ...]:
    """
    Return every fault of a register, the gravest first: each once, with a case that shows it and what to do.

    The whole ground is looked at (every leaf topic, place, setting, and moment from `at` to `until`), so that no
    finding of a kind means that there is none of it. Pure: the same articles and ground give the same findings.
    """
    articles = tuple(articles)
    clues = dict[tuple[object, ...], Clue]()
    spots = defaultdict[tuple[object, ...], list[tuple[str, Region]]](list)
    groundless = repealed(articles, ground)
    for cell in cells(articles, ground):
        for clue in _clues(cell, ground, groundless):
            key = clue.key(cell.topic.code)
            clues.setdefault(key, clue)
            spots[key] += [(cell.topic.code, region) for region in cell.regions]
    names = Names(ground)
    found = [_finding(clue, spots[key], names) for key, clue in clues.items()]
    return tuple(sorted((*found, *practised(articles, ground)), key=Finding.order))


def of_case(articles: Iterable[Article], ground: Ground, case: Case) -> tuple[Finding, ...]:
    """Return what is wrong in one case."""
    world = replace(ground, at=case.at)
    covering = tuple(article for article in articles if article.scope.covers(case))
    posted = tuple(p for p in ground.postings if case.place.startswith(p.scope) and case.at in p.period)
    region = Region((case.place,), (case.setting,), case.at)
    topic = ground.topics.get(case.topic, Topic(case.topic, case.topic))
    cell = Cell(topic, covering, posted, (region,))
    clues = {clue.key(topic.code): clue for clue in _clues(cell, world, repealed(covering, world))}
    found = (_finding(clue, [(topic.code, region)], Names(world)) for clue in clues.values())
    return tuple(sorted(found, key=Finding.order))


def _clues(cell: Cell, ground: Ground, groundless: dict[str, str]) -> Iterator[Clue]:
    leads = prevailing(cell.covering)
    for check in CHECKS:
        yield from check(cell, leads, ground)
    for article in cell.covering:
        if article.number in groundless:
            yield Clue(Kind.NO_BASIS, (article.body,), (article,), more=groundless[article.number])


Check = Callable[[Cell, list[Article], Ground], Iterator[Clue]]


def _gap(cell: Cell, leads: list[Article], ground: Ground) -> Iterator[Clue]:
    if not leads:
        yield Clue(Kind.GAP, ())


def _contest(cell: Cell, leads: list[Article], ground: Ground) -> Iterator[Clue]:
    bodies = _bodies(leads)
    if len(bodies) > 1:
        yield Clue(Kind.CONTEST, bodies, tuple(leads))


def _committee_leads(cell: Cell, leads: list[Article], ground: Ground) -> Iterator[Clue]:
    """Yield each article by which a committee leads (条例 17: it assists), even where another one prevails."""
    for article in cell.covering:
        if article.duty is Duty.LEAD and _kind(article.body, ground) is Body.COMMITTEE:
            yield Clue(Kind.COMMITTEE_LEADS, (article.body,), (article,))


def _duty_without_power(cell: Cell, leads: list[Article], ground: Ground) -> Iterator[Clue]:
    """Yield who leads without the power; where nobody leads, whoever assists bears it alone."""
    for article in _one_each(leads or [a for a in cell.covering if a.duty is Duty.ASSIST]):
        if missing := cell.topic.powers - _at_hand(article.body, cell):
            yield Clue(Kind.DUTY_WITHOUT_POWER, (article.body,), (article,), missing)


def _broken_chain(cell: Cell, leads: list[Article], ground: Ground) -> Iterator[Clue]:
    """Yield assistance without anybody to assist, and who holds a power that the lead lacks, yet need not help."""
    if not leads:
        yield from (Clue(Kind.BROKEN_CHAIN, (a.body,), (a,)) for a in cell.covering if a.duty is Duty.ASSIST)
    bound = {article.body for article in leads} | _assisting(cell)
    for article in _one_each(leads):
        missing = cell.topic.powers - _at_hand(article.body, cell)
        for other in cell.covering:
            if other.body not in bound and (held := other.powers & missing):
                yield Clue(Kind.BROKEN_CHAIN, (article.body, other.body), (article, other), held)


def _power_without_duty(cell: Cell, leads: list[Article], ground: Ground) -> Iterator[Clue]:
    bound = {article.body for article in cell.covering if article.duty in (Duty.LEAD, Duty.ASSIST)}
    for article in cell.covering:
        held = (article.powers & cell.topic.powers) - {Power.AFFAIRS}
        if held and article.body not in bound:
            yield Clue(Kind.POWER_WITHOUT_DUTY, (article.body,), (article,), held)


def _duty_without_benefit(cell: Cell, leads: list[Article], ground: Ground) -> Iterator[Clue]:
    for article in (*leads, *(a for a in cell.covering if a.duty is Duty.ASSIST)):
        if _kind(article.body, ground) not in BELOW:
            continue
        benefits = {benefit for other in cell.covering if other.body == article.body for benefit in other.benefits}
        if not benefits & WORK and Power.FUNDS not in _brought(article.body, cell):
            yield Clue(Kind.DUTY_WITHOUT_BENEFIT, (article.body,), (article,))


CHECKS: tuple[Check, ...] = (
    _gap,
    _contest,
    _committee_leads,
    _duty_without_power,
    _broken_chain,
    _power_without_duty,
    _duty_without_benefit,
)


def _at_hand(body: str, cell: Cell) -> set[Power]:
    """Return the powers that a body can use in a cell: its own, delegated ones, its helpers', those brought down."""
    hands = {body} | _assisting(cell)
    return {power for a in cell.covering if a.body in hands for power in a.powers} | _brought(body, cell)


def _assisting(cell: Cell) -> set[str]:
    return {article.body for article in cell.covering if article.duty is Duty.ASSIST}


def _brought(body: str, cell: Cell) -> set[Power]:
    return {power for posting in cell.posted if posting.unit == body for power in posting.powers}


def _bodies(articles: Iterable[Article]) -> tuple[str, ...]:
    return tuple(sorted({article.body for article in articles}))


def _one_each(articles: Iterable[Article]) -> Collection[Article]:
    """Return one article for each body, the first by number."""
    return {article.body: article for article in sorted(articles, key=lambda a: a.number, reverse=True)}.values()


def _kind(body: str, ground: Ground) -> Body | None:
    return ground.bodies[body].kind if body in ground.bodies else None


def practised(articles: Collection[Article], ground: Ground) -> Iterator[Finding]:
    """Yield where what happened speaks against the register: who takes the gain and not the duty, who was made to lead."""
    names = Names(ground)
    for one in ground.practice:
        case = Case(one.topic, one.case.place, one.case.setting, ground.at)
        own = [article for article in articles if article.body == one.body and article.scope.covers(case)]
        gain = tuple(article for article in own if article.benefits & GAIN)
        if gain and _shirks(one, ground):
            yield _told(Kind.CLAIMS_AND_SHIRKS, gain, one, names)
        leads = any(article.duty is Duty.LEAD for article in own)
        assists = tuple(article for article in own if article.duty is Duty.ASSIST)
        committee = _kind(one.body, ground) is Body.COMMITTEE
        if not leads and (assists or committee) and one.led >= (1 if committee else ground.thresholds.led):
            yield _told(Kind.ASSIST_BECAME_LEAD, assists, one, names)


def _shirks(one: Practice, ground: Ground) -> bool:
    least = ground.thresholds
    late = one.late >= least.late and one.late >= least.late_share * one.matters
    return one.lost > 0 or one.objections >= least.objections or late


def _told(kind: Kind, articles: tuple[Article, ...], one: Practice, names: Names) -> Finding:
    sentence, remedy = said(kind, names, (one.body,), articles, (one.topic,), "", "", one)
    return Finding(
        kind, one.case, sentence, remedy, articles, (one.body,), (one.topic,), (one.case.place,), (one.case.setting,),
        matters=one.witnesses,
    )  # fmt: skip


def _finding(clue: Clue, spots: list[tuple[str, Region]], names: Names) -> Finding:
    topic, first = min(spots, key=lambda spot: (spot[1].at, spot[0]))
    topics = tuple(sorted({topic for topic, _ in spots}))
    places = tuple(sorted({place for _, region in spots for place in region.places}))
    settings = tuple(sorted({setting for _, region in spots for setting in region.settings}))
    where = names.where(places, settings, first.at)
    sentence, remedy = said(
        clue.kind, names, clue.bodies, clue.articles, topics, where, clue.more or powers_said(clue.powers), None
    )
    return Finding(
        clue.kind, Case(topic, first.places[0], first.settings[0], first.at), sentence, remedy, clue.articles,
        clue.bodies, topics, places, settings, tuple(sorted(clue.powers)),
    )  # fmt: skip
