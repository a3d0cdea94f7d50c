"""The standard's declaration: what a data steward wrote hangs together."""

from collections import Counter
from datetime import date

import pytest

from qianxian.standard import code_tables, elements
from qianxian.standard.elements import Class, Type

EVERY = list(elements.elements().values())
TABLES = list(code_tables.code_tables().values())


def test_at_least_120_elements_are_declared_for_every_field_of_grassroots_work() -> None:
    assert len(EVERY) >= 120
    assert {one.entity for one in EVERY} == set(elements.entities())
    groups = {entity.group for entity in elements.entities().values()}
    assert groups >= {"population", "place", "organisation", "party", "service", "civil", "participation", "device"}


def test_the_strictest_class_is_declared_but_switched_off() -> None:
    strictest = [one for one in EVERY if one.sensitivity is Class.STRICTEST]
    assert len(strictest) >= 20
    assert [one.code for one in EVERY if not one.on] == [one.code for one in strictest]
    assert elements.elements_of("special") == ()
    assert len(elements.elements_of("special", also_off=True)) >= 15


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.code)
def test_an_element_names_only_what_is_declared(one: elements.Element) -> None:
    assert one.code == f"{one.entity}.{one.field}"
    assert one.authority in elements.authorities()
    assert one.sensitivity in elements.sensitivities()
    assert one.retention in elements.retentions()
    assert one.steps
    assert (one.type is Type.CODE) == bool(one.table)
    if one.table:
        assert one.version == code_tables.code_table(one.table).version


def test_the_common_fields_of_gb_t_31000_are_all_there() -> None:
    fields = {one.field for one in elements.elements_of("person", also_off=True)}
    assert fields >= {
        "citizen_number", "name", "former_name", "sex", "birth_date", "ethnicity", "native_place", "marital", "political",
        "education", "religion", "occupation_class", "occupation", "workplace", "phone", "registered_place",
        "registered_address", "living_place", "living_address",
    }  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.code)
def test_no_word_of_a_table_means_two_codes(table: code_tables.CodeTable) -> None:
    words = Counter(word for entry in table.entries.values() for word in {entry.code, entry.name, *entry.also})
    assert [word for word, times in words.items() if times > 1] == []
    assert {entry.parent for entry in table.entries.values()} <= {"", *table.entries}
    assert bool(table.entries) == (table.status != "to_load")


def test_every_crosswalk_leads_each_code_of_its_source_to_a_code_of_its_target() -> None:
    for walk in code_tables.crosswalks().values():
        assert set(walk.links) == set(code_tables.code_table(walk.source_table).entries)
        assert {link.code for link in walk.links.values()} <= set(code_tables.code_table(walk.table).entries)
        assert all(link.match == "exact" or link.note for link in walk.links.values())


def test_the_public_tables_that_disagree_meet_in_the_national_one() -> None:
    education = code_tables.crosswalk("marital_jyt1001", "marital")
    census = code_tables.crosswalk("marital_census", "marital")
    assert (education.links["3"].code, census.links["3"].code) == ("30", "40")
    assert education.edition == "marital_from_jyt1001@2026.1"
    with pytest.raises(code_tables.NoCrosswalk):
        code_tables.crosswalk("sex", "marital")


def test_a_code_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    valid = code_tables.Validity(date(2026, 1, 1), date(2026, 7, 1))
    assert [day in valid for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_what_is_not_declared_is_refused_by_name() -> None:
    with pytest.raises(elements.UnknownElement):
        elements.element("person.nothing")
    with pytest.raises(code_tables.UnknownTable):
        code_tables.code_table("nothing")
