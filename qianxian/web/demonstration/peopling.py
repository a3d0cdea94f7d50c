"""Enters the invented population as offices would: the police their roster, civil affairs its relief, communities their visits."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qianxian.cadres.queries import reaching_everything
from qianxian.register.actions import privacy, records
from qianxian.register.linkage.letters import with_check
from qianxian.register.queries import records as queries
from qianxian.register.rules.records import Incoming
from qianxian.web.records.jobs import find_duplicates

from .population import STREETS, Household, Invented, households

ACTOR = "demonstration"
AT_FIRST = 60
"""Residents of each community that come with the first start."""
WITNESSES = 12
"""Every so manieth person is known to a second roster under a name written otherwise: what the queue of duplicates is for."""
KEEPERS = (
    ("police", "ga"), ("immigration", "ga"), ("civil_affairs", "mz"), ("health", "wj"), ("human_resources", "rs"),
    ("medical_insurance", "yb"), ("disabled_federation", "cl"), ("education", "jy"), ("housing", "zj"),
    ("natural_resources", "zr"), ("market", "sc"), ("justice", "sf"), ("organisation_department", "gov"),
    ("social_work", "mz"), ("veterans", "mz"), ("street", "st-qinghe"),
)  # fmt: skip
COMMITTEES = {
    "990101001001": "cm-liuan",
    "990101001002": "cm-zhonglou",
    "990101001003": "cm-xinyuan",
    "990101001201": "cm-shangtang",
}
BY_POLICE = (
    "person.name", "person.sex", "person.birth_date", "person.citizen_number", "person.ethnicity",
    "person.registered_address", "resident.head_relation",
)  # fmt: skip
BY_COMMUNITY = (
    "person.name", "person.citizen_number", "person.phone", "person.living_address", "person.living_place",
    "person.marital", "person.education", "person.occupation_status", "person.residence_kind", "person.political",
)  # fmt: skip
SHOWN_PLACE = "990101001003"
SHOWN = {
    "person.name": "周明哲", "person.sex": "1", "person.birth_date": "1984-09-12", "person.phone": "19900001061",
    "person.citizen_number": with_check("99010119840912031"), "person.living_address": "云锦台3号楼2单元601室",
    "person.living_place": SHOWN_PLACE, "person.marital": "20", "person.education": "20", "person.occupation_status": "13",
}  # fmt: skip
"""The resident whose login the demonstration prints: he finds his own record."""
ROSTERS = {
    "relief": ("社会救助名册", "civil_affairs"), "disabled": ("残疾人证名册", "disabled_federation"),
    "party_member": ("党员名册", "organisation_department"), "elder": ("社区探访名册", "community"),
    "employment": ("就业失业登记", "human_resources"), "volunteer": ("志愿者名册", "social_work"),
}  # fmt: skip
BRANCHES = {
    "990101001001": "柳岸社区党委第一支部",
    "990101001002": "钟楼社区党委第一支部",
    "990101001003": "新苑社区党总支网格支部",
    "990101001201": "上塘村党支部",
}


def enter(at: datetime, residents: int = AT_FIRST, follow: Callable[[int, int], None] = lambda done, of: None) -> int:
    """
    Enter so many residents of each community; returns how many persons are there. Safe to repeat, and to enlarge.

    :param follow: is told how many communities are done, of how many
    """
    with reaching_everything():
        if not queries.keeper_of("police", "990101", at):
            _keepers(at)
        total = 0
        for done, place in enumerate(STREETS, start=1):
            total += _community(place, list(households(place, residents, at.date())), at)
            follow(done, len(STREETS))
    find_duplicates.defer(entities=["person"])
    return total


def _keepers(at: datetime) -> None:
    since = at - timedelta(days=400)
    for authority, unit in KEEPERS:
        privacy.keep(authority=authority, unit=unit, area="990101", actor=ACTOR, at=since)
    for place, unit in COMMITTEES.items():
        privacy.keep(authority="community", unit=unit, area=place, actor=ACTOR, at=since)
        privacy.keep(authority="oneself", unit=unit, area=place, actor=ACTOR, at=since)


def _community(place: str, homes: list[Household], at: datetime) -> int:
    people = [(f"{home.number}-{order}", one) for home in homes for order, one in enumerate(home.members)]
    police = _enter(
        "户籍名册", "police", place, ((key, _of(one, BY_POLICE)) for key, one in people), at - timedelta(days=300)
    )
    _enter(
        "社区走访", "community", place, ((key, _of(one, BY_COMMUNITY)) for key, one in people), at - timedelta(days=60)
    )
    for group, (source, authority) in ROSTERS.items():
        listed = [(key, _identified(one, one.extra[group])) for key, one in people if group in one.extra]
        _enter(source, authority, place, listed, at - timedelta(days=90))
    _enter("物业住户登记", "", place, _otherwise(people), at - timedelta(days=20))
    if place == SHOWN_PLACE:
        _enter("社区走访", "community", place, [("demonstration", SHOWN)], at - timedelta(days=60))
    _bind(place, homes, police, at - timedelta(days=60))
    return len(people)


def _enter(source: str, authority: str, place: str, rows: Iterable[tuple[str, dict[str, str]]], at: datetime) -> Any:
    batch = records.open_batch(source=source, key=f"{place}:演示", actor=ACTOR, at=at)
    incoming = (Incoming(key, place, {code: (value, value) for code, value in said.items()}) for key, said in rows)
    for _tally in records.enter_persons(batch, incoming, authority=authority, actor=ACTOR, at=at):
        pass
    return batch


def _of(one: Invented, codes: Iterable[str]) -> dict[str, str]:
    return {code: one.values[code] for code in codes if code in one.values}


def _identified(one: Invented, said: dict[str, str]) -> dict[str, str]:
    return {**_of(one, ("person.name", "person.citizen_number")), **said}


def _otherwise(people: list[tuple[str, Invented]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what a property company knows: no number, a homophone, a telephone that may have changed."""
    for number, (key, one) in enumerate(people):
        if number % WITNESSES == 5 and "person.phone" in one.values:
            said = _of(one, ("person.name", "person.sex", "person.birth_date", "person.living_address", "person.phone"))
            said["person.name"] = "".join(ALIKE.get(character, character) for character in said["person.name"])
            if number % 2:
                said["person.phone"] = f"199001{number:05d}"
            if number % 3:
                del said["person.birth_date"]
            yield key, said


ALIKE = dict(zip("伟丽敏静志建国华海英秀兰明文芳玉红", "玮莉民婧智健囯桦酼瑛琇蓝名雯方钰虹", strict=True))


@transaction.atomic
def _bind(place: str, homes: list[Household], batch: Any, at: datetime) -> None:
    """Tie persons to households, households to homes, homes to buildings, party members to their branch."""
    persons = queries.keyed(batch.source)
    structure = records.open_batch(source="房屋普查", key=f"{place}:演示", actor=ACTOR, at=at)
    buildings = sorted({home.building for home in homes})
    _enter_of(
        "building",
        structure,
        place,
        ((f"{place}:{name}", {"building.name": name, "building.address": name}) for name in buildings),
        at,
    )
    _enter_of(
        "home",
        structure,
        place,
        (
            (
                f"h:{home.number}",
                {"home.number": home.number, "home.entrance": home.entrance, "home.room": home.room, "home.use": "1"},
            )
            for home in homes
        ),
        at,
    )
    _enter_of(
        "household",
        structure,
        place,
        (
            (f"f:{home.number}", {"household.number": home.number, "household.size": str(len(home.members))})
            for home in homes
        ),
        at,
    )
    _enter_of(
        "party_branch",
        structure,
        place,
        [(f"b:{place}", {"party_branch.name": BRANCHES[place], "party_branch.kind": "3"})],
        at,
    )
    keyed = queries.keyed(structure.source)
    ties = []
    for home in homes:
        household, dwelling = keyed[f"f:{home.number}"], keyed[f"h:{home.number}"]
        ties += [(household, dwelling, "home", ""), (dwelling, keyed[f"{place}:{home.building}"], "building", "")]
        for order, one in enumerate(home.members):
            person = persons[f"{home.number}-{order}"]
            ties.append((person, household, "member", one.relation))
            ties += [(person, keyed[f"b:{place}"], "branch", "")] if "party_member" in one.extra else []
    records.tie_all(ties, batch=structure, actor=ACTOR, at=at)


def _enter_of(entity: str, batch: Any, place: str, rows: Iterable[tuple[str, dict[str, str]]], at: datetime) -> None:
    incoming = (Incoming(key, place, {code: (value, value) for code, value in said.items()}) for key, said in rows)
    for _tally in records.enter_records(
        batch, incoming, entity=entity, authority="natural_resources", actor=ACTOR, at=at
    ):
        pass
