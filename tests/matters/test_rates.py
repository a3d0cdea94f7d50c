from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.kernel.worktime import BEIJING
from qianxian.matters.rules.rates import (
    Assessed,
    Measure,
    NoFormula,
    Satisfaction,
    Unrated,
    by_topic,
    by_unit,
    composite,
    load_formulas,
    official,
    rate,
)

FORMULAS = load_formulas()
BY_ID = {formula.id: formula for formula in FORMULAS}
NOW = datetime(2026, 11, 23, 10, tzinfo=BEIJING)


def formula(name, minimum=1):
    return replace(BY_ID[name], minimum=minimum)


def fact(satisfied="unrated", count=1, *, contacted=True, solved=None, unit="城管", topic="010203", **more):
    return Assessed(unit, topic, contacted, solved, Satisfaction(satisfied), count=count, **more)


# 莫愁湖街道 to 2022-10-19: of 12,683 matters 867 were not accepted, 8,846 were assessed, 7,696 of these rated.
STREET = [
    fact("satisfied", 6197),
    fact("basically", 237),
    fact("dissatisfied", 1262),
    fact("unrated", 8846 - 7696),
    fact(count=867, exit="E5"),
]


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "percent"),
    [
        ("satisfaction-1", 6197 + 237, 7696, "83.6"),
        ("satisfaction-strict", 6197, 7696, "80.5"),
        ("satisfaction-2", 6197 + Fraction(237, 2), 7696, "82.1"),
        ("satisfaction-all", 6197 + 237, 8846, "72.7"),
    ],
)
def test_one_street_has_as_many_rates_as_formulas(name, numerator, denominator, percent):
    result = rate(BY_ID[name], STREET)
    assert (result.formula, result.numerator, result.denominator) == (name, numerator, denominator)
    assert result.percent == Decimal(percent)


def test_refused_is_not_solved_whatever_is_said_of_it():
    facts = [fact(solved=True, refused=True), fact(solved=None, refused=True), fact(solved=True), fact(solved=False)]
    result = rate(formula("resolution-1"), facts)
    assert (result.numerator, result.denominator, result.left_out) == (1, 4, 0)


@pytest.mark.parametrize(("name", "denominator", "left_out"), [("resolution-1", 2, 3), ("resolution-all", 5, 0)])
def test_silence_is_treated_as_the_formula_says(name, denominator, left_out):
    result = rate(formula(name), [fact(solved=True), fact(solved=False), fact(solved=None, count=3)])
    assert (result.numerator, result.denominator, result.left_out) == (1, denominator, left_out)


def test_a_contact_in_time_makes_the_response_rate():
    result = rate(formula("response-1"), [fact(contacted=True, count=3), fact(contacted=False)])
    assert (result.value, result.percent) == (Fraction(3, 4), Decimal("75.0"))


def test_a_removed_matter_stays_visible_and_out_of_the_rate():
    facts = [
        fact("satisfied", 2),
        fact("dissatisfied", 5, removed=True),
        fact("dissatisfied", 9, removed=True, exit="E1"),
    ]
    result = rate(formula("satisfaction-1"), facts)
    assert (result.value, result.denominator, result.removed) == (1, 2, 5)


@pytest.mark.parametrize(("count", "value"), [(29, None), (30, 1)])
def test_below_the_minimum_sample_there_is_no_rate(count, value):
    result = rate(BY_ID["satisfaction-2"], [fact("satisfied", count)])
    assert (result.denominator, result.value) == (count, value)
    assert (result.percent is None) == (value is None)


def test_nothing_assessed_gives_no_rate_even_without_a_minimum():
    assert rate(formula("response-1", minimum=0), []).value is None


def test_rates_are_told_apart_by_unit_and_by_topic():
    facts = [
        fact("satisfied", 3, unit="城管", topic="010203"),
        fact("dissatisfied", 1, unit="城管", topic="010500"),
        fact("satisfied", 1, unit="水务", topic="020101"),
    ]
    chosen = formula("satisfaction-1")
    assert {unit: result.value for unit, result in by_unit(chosen, facts).items()} == {
        "城管": Fraction(3, 4),
        "水务": 1,
    }
    assert {topic: result.denominator for topic, result in by_topic(chosen, facts).items()} == {"01": 4, "02": 1}
    assert set(by_topic(chosen, facts, digits=4)) == {"0102", "0105", "0201"}


def test_no_rate_can_be_drawn_up_of_a_worker():
    assert {field.name for field in fields(Assessed)} == {
        "unit",
        "topic",
        "contacted_in_time",
        "solved",
        "satisfied",
        "removed",
        "exit",
        "refused",
        "count",
    }


def test_the_formula_of_the_day_counts():
    before, after = (official(FORMULAS, NOW.replace(year=year)) for year in (2025, 2026))
    assert before[Measure.SATISFACTION].id == "satisfaction-1"
    assert after[Measure.SATISFACTION].id == "satisfaction-2"


def test_a_measure_without_a_formula_is_named():
    with pytest.raises(NoFormula, match="resolution"):
        official([row for row in FORMULAS if row.measure is not Measure.RESOLUTION], NOW)


def test_the_composite_weighs_the_three_rates():
    chosen = {measure: replace(row, minimum=1) for measure, row in official(FORMULAS, NOW).items()}
    facts = [fact("satisfied", solved=True), fact("basically", solved=False, contacted=False)]
    rates = {measure: rate(row, facts) for measure, row in chosen.items()}
    expected = Fraction("0.30") / 2 + Fraction("0.35") / 2 + Fraction("0.35") * Fraction(3, 4)
    assert composite(chosen, rates) == expected


def test_weights_need_not_add_up_to_one():
    chosen = {measure: replace(row, minimum=1, weight=Fraction(2)) for measure, row in official(FORMULAS, NOW).items()}
    perfect = [fact("satisfied", solved=True)]
    assert composite(chosen, {measure: rate(row, perfect) for measure, row in chosen.items()}) == 1


def test_there_is_no_composite_where_a_rate_is_missing():
    chosen = official(FORMULAS, NOW)
    assert composite(chosen, {measure: rate(row, [fact()]) for measure, row in chosen.items()}) is None


def test_every_formula_says_what_it_counts_and_where_it_comes_from():
    assert [row.id for row in FORMULAS if not (row.numerator and row.denominator and row.source)] == []


facts = st.builds(
    fact,
    st.sampled_from(Satisfaction),
    st.integers(1, 50),
    contacted=st.booleans(),
    solved=st.none() | st.booleans(),
    removed=st.booleans(),
    refused=st.booleans(),
    exit=st.sampled_from(["", "", "E3"]),
    unit=st.sampled_from(["城管", "水务"]),
)


@given(st.sampled_from(FORMULAS), st.lists(facts))
def test_every_order_is_in_the_denominator_or_removed_or_left_out(chosen, drawn):
    result = rate(chosen, drawn)
    assert result.denominator + result.removed + result.left_out == sum(one.count for one in drawn if not one.exit)
    assert 0 <= result.numerator <= result.denominator


@given(st.sampled_from(FORMULAS), st.lists(facts))
def test_the_units_add_up_to_the_whole(chosen, drawn):
    units = by_unit(chosen, drawn).values()
    whole = rate(chosen, drawn)
    assert sum(one.numerator for one in units) == whole.numerator
    assert sum(one.denominator for one in units) == whole.denominator


@given(st.lists(facts))
def test_counting_the_silent_never_raises_a_rate(drawn):
    excluded = formula("resolution-1")
    counted = rate(replace(excluded, unrated=Unrated.COUNTED), drawn).value
    assert counted is None or counted <= (rate(excluded, drawn).value or 0)
