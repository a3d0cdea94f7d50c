"""
The units of a dispatch history: which spellings mean one unit, and which cells name none.

Only the names decide, never where the records went: what is merged is the same before and after any training. Two
spellings that name different streets are never one unit, whatever else they share.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qianxian.standard.text import cleaned, half_width


class Why(StrEnum):
    """Why a spelling counts as another one's."""

    WRITING = "writing"
    """The same but for full width, blanks or the kind of brackets."""
    HOST_TWICE = "host_twice"
    """The street stands in brackets behind a name that begins with it already."""
    HOST_MOVED = "host_moved"
    """The street stands before the name in one spelling, in brackets behind it in the other."""
    HOST_WORDED = "host_worded"
    """The same street, once as 街道办事处, once as 办事处, 街道 or 办."""
    ONLY_HOST = "only_host"
    """A community, written with and without its street; only one street is ever named with it."""
    DISTRICT = "district"
    """With and without the district in front."""
    SUFFIX = "suffix"
    """办公室 and 办, 有限公司 and 公司."""
    SECTION = "section"
    """An inner section of a unit that stands in the file itself."""


class Unusable(StrEnum):
    """Why a cell names no unit that anything can be learned from."""

    BLANK = "blank"
    SEVERAL = "several"
    PERSON = "person"
    TRIAL = "trial"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Key:
    """What a name comes down to: the street it belongs to ('' where none is named) and what is left."""

    host: str
    core: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a unit, how many records have it, and why it counts as this unit."""

    written: str
    records: int
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """A unit with all its spellings, the most frequent one first: that one is its name here."""

    name: str
    records: int
    spellings: tuple[Spelling, ...]


LONGEST = 60
OFFICE = "街道办事处"
"""What is left of the name of a street's own office."""
DISTRICT = "区"
"""Host of an office that is named with its district."""
HOST = "街道办事处|街道办|办事处|街道|镇人民政府|镇政府|乡人民政府|乡政府|镇|乡"
HOST_ALONE = f"{HOST}|辖区|片区|办"
OPENING, CLOSING = "【〔［[{｛「〈<", "】〕］]}｝」〉>"
BRACKETS = str.maketrans(OPENING + CLOSING, "(" * len(OPENING) + ")" * len(CLOSING))
NOTHING = frozenset({"", "-", "--", "—", "/", "无", "空", "null", "none", "nan", "n/a", "未知", "未派", "待定", "不详"})
UNIT_END = re.compile(
    r"(?:局|委|办|部|处|科|股|室|队|所|站|厅|院|社区|街道|镇|乡|村|区|政府|中心|公司|集团|学校|医院|委员会|办公室|"
    r"联合会|工会|妇联|团委|协会|居委会|村委会|供电|电信|联通|移动|水务|交警|城管|公安|消防)$"
)
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施洪"
)
TITLED = re.compile(r"^(.{1,3})(?:同志|先生|女士|主任|书记|队长|局长|科长|所长|站长|经理|师傅|老师)$")
NO_NAME = re.compile(r"[监管保警防电网政]$")
SECTION = re.compile(r"^(.+(?:局|队|中心|公司))[\u4e00-\u9fff]{0,4}(?:办|科|股)$")
COMMUNITY = re.compile(r"(?:社区|村|居委会|村委会|社区工作站|居民委员会|村民委员会)$")
NOT_THE_DISTRICT = re.compile(r"^(?:委|政府|人大|政协|纪|人民)")


def unusable(cell: str, places: Collection[str] = ()) -> Unusable | None:
    """
    Say why a cell names no unit, None where it does.

    :param places: names of places of the same file, none of which is taken for a person's
    """
    name = plain(cell)
    if name.lower() in NOTHING:
        return Unusable.BLANK
    if len(_parts(cell)) > 1:
        return Unusable.SEVERAL
    if len(name) > LONGEST:
        return Unusable.TOO_LONG
    if re.search(r"测试(?:责任)?(?:单位|部门|账号)", name):
        return Unusable.TRIAL
    return Unusable.PERSON if _is_a_person(name, places) else None


def plain(cell: str) -> str:
    """Return a name as it is compared: half-width, one kind of brackets, no blanks."""
    return re.sub(r"\s+", "", half_width(cleaned(cell)).translate(BRACKETS))


def _parts(cell: str) -> list[str]:
    """Return the names in a cell: signs part them, blanks only where each piece ends like a unit."""
    bare = re.sub(r"\([^()]*\)", "", half_width(cleaned(cell)).translate(BRACKETS))
    parts = [part.strip() for part in re.split(r"[、,;/|+&\n]", bare) if part.strip(" -。.")]
    if len(parts) > 1:
        return parts
    pieces = bare.split()
    return pieces if len(pieces) > 1 and all(len(p) > 1 and UNIT_END.search(p) for p in pieces) else parts


def _is_a_person(name: str, places: Collection[str]) -> bool:
    if not re.fullmatch(r"[\u4e00-\u9fff·]{2,4}(?:\(.*\))?", name) and not TITLED.match(name):
        return False
    bare = re.sub(r"\(.*\)$", "", name)
    if titled := TITLED.match(bare):
        return titled[1][0] in SURNAMES
    known = any(place.startswith(bare) for place in places)
    return bare[0] in SURNAMES and len(bare) <= 3 and not (known or UNIT_END.search(bare) or NO_NAME.search(bare))


def merge(written: Mapping[str, int], places: Collection[str] = ()) -> tuple[Merged, ...]:
    """
    Return the units behind all usable spellings of a file, the most frequent first.

    :param written: how many records have each spelling, as it stands in the file
    :param places: names of districts and streets in the same file, which tell what of a name is a place
    """
    reader = _Names(written, places)
    groups: dict[Key, list[str]] = defaultdict(list)
    for name in written:
        groups[reader.unit(name)].append(name)
    units = (_merged(names, written, reader) for names in groups.values())
    return tuple(sorted(units, key=lambda unit: (-unit.records, unit.name)))


def keys(written: Iterable[str], places: Iterable[str] = ()) -> dict[str, Key]:
    """Return what each spelling comes down to beside the others."""
    names = list(written)
    reader = _Names(names, list(places))
    return {name: reader.unit(name) for name in names}


def _merged(names: list[str], written: Mapping[str, int], reader: "_Names") -> Merged:
    first, *others = sorted(names, key=lambda name: (-written[name], name))
    told = [Spelling(name, written[name], reader.why(name, first)) for name in others]
    return Merged(first, sum(written[name] for name in names), (Spelling(first, written[first]), *told))


class _Names:
    """All names of one file: what each comes down to alone, and then beside the others."""

    def __init__(self, written: Iterable[str], places: Collection[str]):
        self._districts = sorted({p for p in map(plain, places) if re.search(r"(?<!社)区$|县$|市$", p)}, key=len)
        plains = {name: plain(name) for name in written}
        self._stems = _stems([*map(plain, places), *plains.values()])
        self._alone = {name: self._key(bare) for name, bare in plains.items()}
        self._hosts: dict[str, set[str]] = defaultdict(set)
        for key in self._alone.values():
            self._hosts[key.core].add(key.host)
        self._cores = set(self._alone.values())

    def unit(self, name: str) -> Key:
        """Return the key under which a name meets its other spellings."""
        key = self._alone[name]
        section = SECTION.match(key.core)
        whole = Key(key.host, _short(section[1])) if section else key
        return self._beside_others(whole if whole in self._cores else key)

    def why(self, name: str, first: str) -> tuple[Why, ...]:
        """Return what tells a spelling apart from the unit's first one: the evidence that both are one unit."""
        one, other = plain(name), plain(first)
        if one == other:
            return (Why.WRITING,)
        found = [why for why, holds in self._tests(one, other) if holds]
        return tuple(found) or (Why.WRITING,)

    def _tests(self, one: str, other: str) -> Iterable[tuple[Why, bool]]:
        mine, theirs = self._read(one), self._read(other)
        hosts = {mine.host, theirs.host}
        yield Why.HOST_TWICE, mine.twice != theirs.twice
        yield Why.HOST_MOVED, "" not in hosts and not (mine.twice or theirs.twice) and mine.before != theirs.before
        yield (
            Why.HOST_WORDED,
            "" not in hosts and mine.wording != theirs.wording and bool(mine.wording and theirs.wording),
        )
        yield Why.ONLY_HOST, "" in hosts and len(hosts) == 2
        yield Why.DISTRICT, mine.district != theirs.district
        yield Why.SUFFIX, mine.core != theirs.core and _short(mine.core) == _short(theirs.core)
        yield Why.SECTION, _short(mine.core) != _short(theirs.core)

    def _beside_others(self, key: Key) -> Key:
        """
        Return the key once more, now that all names are known.

        A community that is only ever named with one street is that street's, whether or not it is written. An office
        of the district keeps its district where streets have offices of the same name: without it, it is anybody's.
        """
        hosts = self._hosts[key.core] - {"", DISTRICT}
        if key.host == DISTRICT:
            return key if hosts else Key("", key.core)
        return Key("", key.core) if COMMUNITY.search(key.core) and len(hosts) == 1 else key

    def _key(self, name: str) -> Key:
        read = self._read(name)
        return Key(DISTRICT if read.district else read.host, _short(read.core))

    def _read(self, name: str) -> "_Read":
        bracket = re.fullmatch(r"(.+)\(([^()]+)\)", name)
        behind = self._host_alone(bracket[2]) if bracket else ("", "")
        base = bracket[1] if bracket and behind[0] else name
        before = self._host_before(base)
        if office := self._office(base, behind[0]):
            return office
        if before[0] and behind[0] in ("", before[0]):
            return _Read(before[0], before[2], before=True, twice=bool(behind[0]), wording=before[1])
        if behind[0] and base.startswith(behind[0]):
            return _Read("", base, twice=True)
        if behind[0]:
            return _Read(behind[0], base, wording=behind[1])
        district = next((d for d in self._districts if base.startswith(d)), "") or (
            "区" if base.startswith("区") else ""
        )
        rest = base[len(district) :]
        if district and len(rest) >= 2 and not NOT_THE_DISTRICT.match(rest):
            return _Read("", rest, district=district)
        return _Read("", base)

    def _office(self, base: str, behind: str) -> "_Read | None":
        """Return a name that is nothing but the street: its office, however it is worded."""
        found = re.fullmatch(rf"(.{{1,6}}?)({HOST})", base)
        if not found or found[1] not in self._stems or behind not in ("", found[1]):
            return None
        return _Read(found[1], OFFICE, before=True, twice=bool(behind), wording=found[2])

    def _host_alone(self, words: str) -> tuple[str, str]:
        found = re.fullmatch(rf"(.{{1,6}}?)({HOST_ALONE})", words)
        if found and (found[1] in self._stems or found[2] not in ("办", "辖区", "片区", "镇", "乡")):
            return found[1], found[2]
        return (words, "") if words in self._stems else ("", "")

    def _host_before(self, name: str) -> tuple[str, str, str]:
        for stem in self._stems:
            if name.startswith(stem) and (found := re.match(rf"({HOST})(.{{2,}})", name[len(stem) :])):
                return stem, found[1], found[2]
        return "", "", ""


@dataclass(frozen=True, slots=True)
class _Read:
    """A name taken apart: where its street stands and how it is worded."""

    host: str
    core: str
    before: bool = False
    twice: bool = False
    wording: str = ""
    district: str = ""


def _stems(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of streets and towns without what they are, the longest first."""
    found = set[str]()
    for name in names:
        for piece in (name, *re.findall(r"\(([^()]+)\)$", name)):
            if (hit := re.match(r"([\u4e00-\u9fff]{1,6}?)(?:街道办事处|街道办|办事处|街道)", piece)) or (
                hit := re.fullmatch(r"([\u4e00-\u9fff]{1,6}?)(?:镇|乡)", piece)
            ):
                found.add(hit[1])
    return tuple(sorted(found, key=lambda stem: (-len(stem), stem)))


def _short(core: str) -> str:
    """Return a name with its usual shortenings: 办公室 as 办, every kind of company as 公司."""
    return re.sub(r"办公室$", "办", re.sub(r"(?:有限责任|股份有限|有限)公司$", "公司", core))


def by_spelling(units: Iterable[Merged]) -> dict[str, str]:
    """Return the unit of each spelling."""
    return {spelling.written: unit.name for unit in units for spelling in unit.spellings}
