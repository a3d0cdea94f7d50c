"""Registers of any size over the shipped tree of topics, and cases to ask them; the same for the same seed."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

import qianxian
from qianxian.kernel.period import Period
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates.rules.articles import Article, Benefit, Case, Duty, Power, Scope
from qianxian.mandates.rules.ground import Ground
from qianxian.mandates.rules.settings import SETTINGS
from qianxian.mandates.rules.topic_tree import Topic
from qianxian.register.rules import Kind, Organisation

START = datetime(2026, 1, 1, tzinfo=BEIJING)
YEAR = Period(START, datetime(2027, 1, 1, tzinfo=BEIJING))
DISTRICT, STREETS, COMMUNITIES, GRIDS = "990101", 10, 20, 8
DEPARTMENTS = 50
SIZES = (300, 3_000, 30_000)


def topics() -> dict[str, Topic]:
    """Return the shipped tree."""
    path = Path(qianxian.__file__).parent / "mandates" / "data" / "topics.csv"
    with path.open(encoding="utf-8") as lines:
        return {
            row["code"]: Topic(row["code"], row["name"], powers=frozenset(map(Power, row["powers"].split("|"))) if row["powers"] else frozenset())
            for row in csv.DictReader(lines)
        }  # fmt: skip


def streets() -> list[str]:
    return [f"{DISTRICT}{number:03}" for number in range(1, STREETS + 1)]


def communities() -> list[str]:
    return [f"{street}{number:03}" for street in streets() for number in range(1, COMMUNITIES + 1)]


def grids() -> list[str]:
    return [f"{community}{number:03}" for community in communities() for number in range(1, GRIDS + 1)]


def leads(size: int, seed: int = 1) -> list[Article]:
    """
    Return a register of leads without contest: each narrower than all that it meets.

    Sections of the whole district first, then leaf topics of the district, of streets, of communities, and of
    communities in one setting.
    """
    drawn = random.Random(seed)
    tree = topics()
    sections, leaves = ([code for code in tree if len(code) == length] for length in (4, 6))
    scopes = dict.fromkeys((section, DISTRICT, "") for section in drawn.sample(sections, min(len(sections), size // 3)))
    widths = (lambda: DISTRICT, lambda: drawn.choice(streets()), lambda: drawn.choice(communities()))
    while len(scopes) < size:
        level = drawn.choice((0, 1, 2, 2, 3, 3, 3))
        setting = drawn.choice(list(SETTINGS)) if level == 3 else ""
        scopes[drawn.choice(leaves), widths[min(level, 2)](), setting] = None
    return [
        Article(f"A{number:05}", f"d{drawn.randrange(DEPARTMENTS):02}", Duty.LEAD, Scope(*scope, YEAR), "清单")
        for number, scope in enumerate(scopes, start=1)
    ]


def cases(count: int, seed: int = 2) -> list[Case]:
    """Return distinct cases, each in a grid; half of them say in which setting."""
    drawn = random.Random(seed)
    leaves = [code for code in topics() if len(code) == 6]
    settings, places = list(SETTINGS), grids()
    found: dict[Case, None] = {}
    while len(found) < count:
        setting = drawn.choice(settings) if drawn.random() < 0.5 else ""
        at = START + timedelta(days=drawn.randrange(365), hours=9)
        found[Case(drawn.choice(leaves), drawn.choice(places), setting, at)] = None
    return list(found)


def register(size: int, seed: int = 1) -> list[Article]:
    """Return a register as streets have them: two thirds leads, else assistance, powers and money alone."""
    drawn = random.Random(seed)
    articles = leads(size, seed)
    duties = (Duty.LEAD, Duty.LEAD, Duty.LEAD, Duty.LEAD, Duty.ASSIST, None)
    return [
        Article(
            a.number, a.body, drawn.choice(duties) if number > size // 4 else Duty.LEAD, a.scope, a.basis,
            frozenset(drawn.sample(list(Power), 3)), frozenset(drawn.sample(list(Benefit), drawn.randrange(3))),
        )
        for number, a in enumerate(articles)
    ]  # fmt: skip


def ground() -> Ground:
    """Return the district in which these registers hold."""
    places = {code: code for code in (DISTRICT, *streets(), *communities(), *grids())}
    bodies = {
        code: Organisation(code, code, code, Kind.STREET if number % 5 == 0 else Kind.DEPARTMENT, DISTRICT)
        for number, code in enumerate(f"d{number:02}" for number in range(DEPARTMENTS))
    }
    return Ground(START + timedelta(days=150), topics(), places, bodies, SETTINGS)
