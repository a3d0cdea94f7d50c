"""
Whether two addresses mean the same place: a score between 0 and 1, a verdict, and the reasons, each with its part of the score.

Compared are pieces, not letters: 六号楼 is 6栋, 浙江杭州 adds nothing to a road with its number. Distances of strings are never
asked for; names count by the longest part that both hold, since people leave out words but seldom misspell them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from qianxian.standard.text import half_width

from .divisions import short
from .pieces import Kind, Piece
from .rules import rules


class Verdict(StrEnum):
    """What two addresses are to each other."""

    SAME = "same"
    NEAR = "near"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Match:
    """A verdict with its score and reasons (codes: what was compared and how it came out)."""

    verdict: Verdict
    score: float
    reasons: tuple[str, ...]


SAME_FROM, NEAR_FROM = 0.95, 0.45
ONES = "零一二三四五六七八九"
VALUES = {sign: value for value, sign in enumerate(ONES)} | {"〇": 0, "两": 2}
NUMERALS = re.compile("[零〇一二三四五六七八九十百千两]+")
RUN = re.compile("[0-9]+|[A-Za-z]+|[甲乙丙丁]")
NAMES = (Kind.ESTATE, Kind.ESTATE_PART, Kind.OCCUPANT, Kind.COMMUNITY, Kind.ZONE)
ROADS = (Kind.ROAD, Kind.SIDE_ROAD)
ROAD_NUMBERS = (Kind.ROAD_NUMBER, Kind.SIDE_ROAD_NUMBER)
KINDS_OF_PLACE = re.compile(
    r"(?:有限)?(?:责任)?公司|小区|社区|大厦|广场|花园|家园|新村|公寓|中心|酒店|超市|商店|学校|工业园区?|科技园区?|[一二三四五六七八九0-9]期|行政村|村|街道|分店|店|门"
)
SHORTEST_SHARED = 2
RARITY = {2: 0.55, 3: 0.8, 4: 0.95, 5: 1.0}
"""How much a shared name of so many telling characters says."""


@dataclass(frozen=True, slots=True)
class Essence:
    """What of an address is compared: names, roads, numbers by kind, divisions without what they are."""

    names: tuple[str, ...]
    roads: frozenset[str]
    numbers: dict[Kind, frozenset[str]]
    divisions: dict[Kind, str]


def compare(one: str, other: str, *, tagger: Callable[[str], Iterable[Piece]] = rules) -> Match:
    """Return whether two addresses mean the same place."""
    return judged(essence(tuple(tagger(one))), essence(tuple(tagger(other))))


@lru_cache(maxsize=10_000)
def essence(pieces: tuple[Piece, ...]) -> Essence:
    """Return what of an address is compared."""
    numbers: dict[Kind, frozenset[str]] = {}
    for kinds in (ROAD_NUMBERS, (Kind.BUILDING,), (Kind.UNIT,), (Kind.FLOOR,), (Kind.ROOM,)):
        found = [number(piece.text) for piece in pieces if piece.kind in kinds]
        if found:
            numbers[kinds[0]] = frozenset(found)
    return Essence(
        tuple(_name(piece.text) for piece in pieces if piece.kind in NAMES),
        frozenset(_name(piece.text) for piece in pieces if piece.kind in ROADS),
        numbers,
        {piece.kind: short(piece.text) for piece in pieces if piece.kind in (Kind.CITY, Kind.COUNTY, Kind.TOWN)},
    )


def number(text: str) -> str:
    """Return a number without its unit, in digits: 第六号楼 is 6, B座 is B, 二百四十八号 is 248, 76-78号 is 76-78."""
    digits = NUMERALS.sub(lambda found: str(_value(found.group())), half_width(text).upper())
    return "-".join(part.lstrip("0") or "0" for part in RUN.findall(digits))


def _value(text: str) -> int:
    if not any(sign in text for sign in "十百千"):
        return int("".join(str(VALUES[sign]) for sign in text))
    total, current = 0, 0
    for sign in text:
        if sign in VALUES:
            current = VALUES[sign]
        else:
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            current = 0
    return total + current


def _name(text: str) -> str:
    digits = NUMERALS.sub(lambda found: str(_value(found.group())) if len(found.group()) == 1 else found.group(), text)
    return half_width(digits).upper()


def judged(one: Essence, other: Essence) -> Match:
    """Return the match of two essences: the best anchor, then what speaks against it."""
    score, reasons = _anchor(one, other)
    for factor, reason in _against(one, other, score):
        score *= factor
        reasons.append(reason)
    verdict = Verdict.SAME if score >= SAME_FROM else Verdict.NEAR if score >= NEAR_FROM else Verdict.DIFFERENT
    return Match(verdict, round(score, 3), tuple(reasons))


def _anchor(one: Essence, other: Essence) -> tuple[float, list[str]]:
    """Return how well the best of road with number, and name, holds the two together."""
    road = bool(one.roads & other.roads)
    doors = _agree(one, other, Kind.ROAD_NUMBER)
    name = max((_alike(mine, theirs) for mine in one.names for theirs in other.names), default=0.0)
    found: list[tuple[float, str]] = [(name * 0.9, "name")] if name else []
    if road:
        found.append({True: (0.85, "road_and_number"), False: (0.3, "road"), None: (0.5, "road")}[doors])
    score, reason = max(found, default=(0.0, "nothing_shared"))
    both = name >= STRONG and road
    return (min(1.0, score + 0.1), ["name", "road"]) if both else (score, [reason])


STRONG = 0.6
WHOLE_NAME = 0.9
SAME_BUILDING, OTHER_BUILDING, ONE_BUILDING, OTHER_ROAD = 1.2, 0.8, 0.9, 0.7


def _against(one: Essence, other: Essence, score: float) -> Iterable[tuple[float, str]]:
    building = _agree(one, other, Kind.BUILDING)
    if building is False:
        yield OTHER_BUILDING, "other_building"
    elif (Kind.BUILDING in one.numbers) != (Kind.BUILDING in other.numbers):
        yield ONE_BUILDING, "building_of_one_only"
    elif building:
        yield min(SAME_BUILDING, 1 / max(score, 0.01)), "same_building"
    if one.roads and other.roads and not one.roads & other.roads:
        yield OTHER_ROAD, "other_road"
    for kind, factor in ((Kind.CITY, 0.5), (Kind.COUNTY, 0.8)):
        if kind in one.divisions and kind in other.divisions and one.divisions[kind] != other.divisions[kind]:
            yield factor, f"other_{kind.value}"


def _agree(one: Essence, other: Essence, kind: Kind) -> bool | None:
    """Return whether numbers of a kind agree, None where an address has none."""
    mine, theirs = one.numbers.get(kind), other.numbers.get(kind)
    return bool(mine & theirs) if mine and theirs else None


@lru_cache(maxsize=100_000)
def _alike(one: str, other: str) -> float:
    """Return the part of the shorter name that both share in one stretch; what a place is counts little."""
    shared = _longest_shared(one, other)
    telling = len(KINDS_OF_PLACE.sub("", shared))
    if telling < SHORTEST_SHARED:
        return 0.0
    rarity = RARITY[min(telling, max(RARITY))]
    if one == other:
        return max(rarity, WHOLE_NAME)
    return rarity * (2 * len(shared) / min(len(one), len(other)) + len(shared) / max(len(one), len(other))) / 3


def _longest_shared(one: str, other: str) -> str:
    if len(one) > len(other):
        one, other = other, one
    for size in range(len(one), SHORTEST_SHARED - 1, -1):
        for start in range(len(one) - size + 1):
            if one[start : start + size] in other:
                return one[start : start + size]
    return ""
