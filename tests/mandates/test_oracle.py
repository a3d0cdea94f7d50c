"""Index, audit and proof against reading every article for every case: small registers, all cases, no cleverness."""

from datetime import datetime, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.answering import Index, Outcome, decided
from qianxian.mandates.rules.articles import Article, Benefit, Case, Duty, Power, Scope
from qianxian.mandates.rules.audit import Kind, audit
from qianxian.mandates.rules.ground import Ground, Posted
from qianxian.mandates.rules.proof import prove
from qianxian.mandates.rules.topic_tree import Topic
from qianxian.register.rules import Kind as Body
from qianxian.register.rules import Organisation

START = datetime(2026, 1, 1, tzinfo=BEIJING)
UNTIL = START + timedelta(days=30)
DAYS = [START + timedelta(days=n) for n in (0, 10, 20)]
LEAVES = ["010101", "010102", "020101"]
NEEDS = {"010101": {Power.ENTRY}, "010102": {Power.ENTRY, Power.FUNDS}, "020101": set()}
TOPICS = {code: Topic(code, code, powers=frozenset(NEEDS.get(code, ()))) for code in ["01", "0101", "02", *LEAVES]}
PLACES = ["99", "9901", "990101", "990102", "9902"]
INNERMOST = ["990101", "990102", "9902"]
SETTINGS = ["road", "water"]
BODIES = {
    code: Organisation(code, code, code, kind, "99")
    for code, kind in [("d", Body.DEPARTMENT), ("e", Body.DEPARTMENT), ("s", Body.STREET), ("c", Body.COMMITTEE)]
}
GROUND = Ground(START, TOPICS, {p: p for p in PLACES}, BODIES, {s: s for s in SETTINGS}, until=UNTIL)
ALL = [Case(*case) for case in product(LEAVES, INNERMOST, ["", *SETTINGS], DAYS)]

PERIODS = st.sampled_from(
    [Period(START), Period(START, DAYS[1]), Period(DAYS[1]), Period(DAYS[1], DAYS[2]), Period(DAYS[2], DAYS[2])]
)
SCOPES = st.builds(
    Scope, st.sampled_from(["", *TOPICS]), st.sampled_from(PLACES), st.sampled_from(["", *SETTINGS]), PERIODS
)
ARTICLES = st.lists(
    st.builds(
        Article, st.just(""), st.sampled_from(list(BODIES)),
        st.sampled_from([Duty.LEAD, Duty.LEAD, Duty.LEAD, Duty.ASSIST, Duty.INFORM, None]), SCOPES, st.just("清单"),
        st.frozensets(st.sampled_from([Power.ENTRY, Power.FUNDS])), st.frozensets(st.sampled_from(list(Benefit)), max_size=1),
    ), max_size=7,
).map(lambda articles: [
    Article(f"A{n}", a.body, a.duty, a.scope, a.basis, a.powers, a.benefits) for n, a in enumerate(articles)
])  # fmt: skip
POSTINGS = st.lists(
    st.builds(
        Posted, st.sampled_from(list(BODIES)), st.sampled_from(PLACES),
        st.frozensets(st.sampled_from([Power.ENTRY, Power.FUNDS]), min_size=1), PERIODS,
    ), max_size=2,
)  # fmt: skip


def covering(articles, case):
    return [article for article in articles if article.scope.covers(case)]


def remaining(articles, case):
    """Leads that cover a case and inside which no other one that covers it lies."""
    leads = [a for a in covering(articles, case) if a.duty is Duty.LEAD]
    inner = {
        (b.number, a.number) for a in leads for b in leads if b.scope.inside(a.scope) and not a.scope.inside(b.scope)
    }
    return [a for a in leads if not any((b.number, a.number) in inner for b in leads)]


def powers_of(body, holding, case, postings):
    own = {power for article in holding if article.body == body for power in article.powers}
    return own | {
        power for p in postings if p.unit == body and case.place.startswith(p.scope) and case.at in p.period for power in p.powers
    }  # fmt: skip


def faults(articles, postings, case):
    """What is wrong in one case, each as its kind and what it is about."""
    holding, leads = covering(articles, case), remaining(articles, case)
    assisting = {a.body for a in holding if a.duty is Duty.ASSIST}
    if not leads:
        yield Kind.GAP, case.topic
        yield from ((Kind.BROKEN_CHAIN, (a.number,)) for a in holding if a.duty is Duty.ASSIST)
    if len({a.body for a in leads}) > 1:
        yield Kind.CONTEST, tuple(sorted(a.number for a in leads))
    for article in holding:
        if article.duty is Duty.LEAD and article.body == "c":
            yield Kind.COMMITTEE_LEADS, (article.number,)
        bound = any(a.body == article.body and a.duty in (Duty.LEAD, Duty.ASSIST) for a in holding)
        if article.powers & NEEDS[case.topic] and not bound:
            yield Kind.POWER_WITHOUT_DUTY, (article.number,)
        benefits = {b for a in holding if a.body == article.body for b in a.benefits} - {Benefit.CREDIT}
        works = article in leads or article.duty is Duty.ASSIST
        brought = powers_of(article.body, [], case, postings)
        if works and article.body in ("s", "c") and not benefits and Power.FUNDS not in brought:
            yield Kind.DUTY_WITHOUT_BENEFIT, (article.number,)
    bearing = leads or [a for a in holding if a.duty is Duty.ASSIST]
    for body in {a.body for a in bearing}:
        first = min(a.number for a in bearing if a.body == body)
        hands = powers_of(body, holding, case, postings) | {
            p for b in assisting for p in powers_of(b, holding, case, ())
        }
        if lacking := NEEDS[case.topic] - hands:
            yield Kind.DUTY_WITHOUT_POWER, (first,)
            for other in holding if leads else ():
                if other.body not in assisting | {a.body for a in leads} and other.powers & lacking:
                    yield Kind.BROKEN_CHAIN, (first, other.number)


@settings(max_examples=150)
@given(ARTICLES, POSTINGS)
def test_the_audit_finds_what_reading_every_case_finds_and_no_more(articles, postings):
    expected = {fault for case in ALL for fault in faults(articles, postings, case)}
    world = Ground(
        **{name: getattr(GROUND, name) for name in GROUND.__dataclass_fields__} | {"postings": tuple(postings)}
    )
    found = audit(articles, world)
    told = [(f.kind, tuple(a.number for a in f.articles) or f.topics[0]) for f in found]
    assert set(told) == expected
    for finding, about in zip(found, told, strict=True):
        assert about in set(faults(articles, postings, finding.witness))
    assert len({finding.key for finding in found}) == len(found)


@settings(max_examples=150)
@given(ARTICLES)
def test_the_index_the_audit_and_the_proof_agree(articles):
    index, proof = Index(articles), prove(articles, GROUND)
    for case in ALL:
        bodies = {article.body for article in remaining(articles, case)}
        outcome = Outcome.SILENT if not bodies else Outcome.DECIDED if len(bodies) == 1 else Outcome.CONTESTED
        assert decided(index, case).outcome is outcome
    found = audit(articles, GROUND)
    gaps = {finding.topics[0] for finding in found if finding.kind is Kind.GAP}
    contests = {finding.articles for finding in found if finding.kind is Kind.CONTEST}
    assert (proof.gap is None, proof.contest is None) == (not gaps, not contests)
    assert proof.gap is None or (proof.gap.topic in gaps and decided(index, proof.gap).outcome is Outcome.SILENT)
    assert proof.contest is None or decided(index, proof.contest).rivals in contests


def test_a_register_with_one_lead_for_everything_is_proven():
    whole = Article("A", "d", Duty.LEAD, Scope("", "99", "", Period(START)), "清单")
    assert prove([whole], GROUND).proven


def test_a_gap_that_begins_within_the_time_looked_at_refutes_the_proof():
    ending = Article("A", "d", Duty.LEAD, Scope("", "99", "", Period(START, DAYS[1])), "清单")
    assert prove([ending], GROUND).gap.at == DAYS[1]
    assert prove([ending], Ground(START, TOPICS, GROUND.places, BODIES, GROUND.settings)).proven
