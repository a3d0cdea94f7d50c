"""Addresses taken apart by rules: names by what they end with, numbers by their unit and by what stands before them."""

import re
from dataclasses import dataclass, field

from qianxian.standard.text import half_width

from .divisions import Level, Place, short, tree
from .pieces import Kind, Piece

NUMERAL = "0-9零〇一二三四五六七八九十百千两"
NUMBER = re.compile(
    r"(?:第?(?:[A-Za-z]?[0-9]+[A-Za-z]?|[A-Za-z](?=[幢栋座楼单室0-9])|[零〇一二三四五六七八九十百千两]+(?=号|幢|栋|座|单元|层|楼|室|组|弄|排)|[甲乙丙丁](?=[幢栋座楼单])))"
    r"(?P<more>(?:[-~、.][0-9]+)*)"
    r"(?P<unit>号大街|号公路|号楼|号院|号门|号厂房|号库|号仓|号店|号摊|号地块|号|弄|幢|栋|座|单元|层|楼|室|房|组|队|排|期|区|街|巷|路|F(?![A-Za-z]))?"
)
SIDE = r"(?:正|斜)?(?:对面|对过|对门)|交叉路?口|交汇处|路口|门口|附近|旁边?|隔壁|[东西南北](?:侧|面|边|首)|[后前]面|边上|院内|楼下|[内外]|与|和(?=.{2,5}路)|口"
BESIDE = re.compile(SIDE)
NOTHING = re.compile(r"市辖区|[-_\s/,，。;；:：?()（）#+*|、.~—]|电联|null|现金")
NAME = r"[^\s\d\-_,，()（）/]"
ENDS = {
    Kind.TOWN: r"街道办事处|街道(?:办)?|镇(?!政府|中心)|乡(?!政府|村)|苏木",
    Kind.COMMUNITY: r"社区(?!卫|服)|(?:行政|自然)?村(?!委|民|口|道|路|[一二三四五六七八九十]?[区组])|(?:居|村)委会(?<=....)",
    Kind.ROAD: r"(?:东|西|南|北|中)?(?:大道|大街|街(?!道|社区)|路(?!口|桥|社区))|国道|省道|公路|胡同|(?<!大)(?<!街)道(?=\d)",
    Kind.SIDE_ROAD: r"弄堂?|巷(?!社区|村)",
    Kind.ZONE: r"(?:经济|技术|产业|旅游)+(?:技术)?开发区|开发区|高新(?:技术)?(?:园)?区|保税区|新区",
    Kind.ESTATE: (
        r"(?:工业|产业|科技|软件|创业|创意|物流)(?:功能)?(?:园区|园|区|城)|[小校园社]区|大厦|广场|[花公家佳嘉学]园|[一-龥]苑|新村|公寓|中心|市场|商城|商厦|大楼|公司|"
        r"医院|学院|大学|中学|小学|幼儿园|学校|工厂|酒店|宾馆|饭店|商场|超市|家苑|名苑|城市花园|家苑|宿舍|别墅|村委会|银行|研究院|车站|集团|[一-龥](?:厂|城|庭|馆|府|郡|园)"
    ),
}
END = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in ENDS.items()))
AFTER_ADDRESS = frozenset((Kind.FLOOR, Kind.ROOM, Kind.ESTATE_PART, Kind.OCCUPANT))
INSIDE = frozenset((Kind.ESTATE, Kind.ESTATE_PART, Kind.BUILDING, Kind.UNIT))
OF_LEVEL = {
    Level.PROVINCE: Kind.PROVINCE, Level.CITY: Kind.CITY, Level.COUNTY: Kind.COUNTY, Level.TOWN: Kind.TOWN,
    Level.COMMUNITY: Kind.COMMUNITY,
}  # fmt: skip
ROAD_FOLLOWS = re.compile(
    r"[东南西北中]?[一二三四五六七八九十]?(?:路|街(?!道)|大道|巷|弄|道)|[大中小]学|[医学]院|[大酒]店|大厦|广场|中心|公司"
)
ZONE_FOLLOWS = re.compile(r"(?:国家级|国家|省级)?(?:高新|经济|工业|技术|开发|产业|科技|旅游|出口|综合)")
HARD_NUMBER = re.compile(
    rf"[{NUMERAL}]+(?:号|幢|栋|单元|楼|层|室|弄|座)|[A-Za-z]?[0-9]|[A-Za-z甲乙丙丁][座幢栋]|[A-Za-z](?:单元|区)"
)
REST_OF_NAME = {
    Level.PROVINCE: re.compile("省"), Level.CITY: re.compile("[市州]|地区"), Level.COUNTY: re.compile("[市县区旗]"),
    Level.TOWN: re.compile("[镇乡]|街道(?:办事处)?"),
}  # fmt: skip
SHORT_NUMBER = 2
LONGEST_DIVISION = 12


def rules(text: str) -> tuple[Piece, ...]:
    """Return the pieces of an address as rules find them; every character is in one."""
    return tuple(Reading(half_width(text), text).all())


@dataclass
class Reading:
    """One address being read from its first to its last character."""

    text: str
    written: str
    pieces: list[Piece] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    seen: set[Kind] = field(default_factory=set)
    last: Kind | None = None

    def all(self) -> list[Piece]:
        at = 0
        while at < len(self.text):
            at = self._nothing(at) or self._division(at) or self._number(at) or self._beside(at) or self._name(at)
        return self.pieces

    def _take(self, kind: Kind, at: int, end: int) -> int:
        self.pieces.append(Piece(kind, self.written[at:end], at))
        if kind is not Kind.REDUNDANT:
            self.last = kind
            self.seen.add(kind)
        return end

    def _nothing(self, at: int) -> int:
        found = NOTHING.match(self.text, at)
        return self._take(Kind.REDUNDANT, at, found.end()) if found else 0

    def _beside(self, at: int) -> int:
        found = BESIDE.match(self.text, at) if self.seen - set(OF_LEVEL.values()) else None
        return self._take(Kind.BESIDE, at, found.end()) if found else 0

    # Divisions

    def _division(self, at: int) -> int:
        if self.seen & {Kind.ROAD, Kind.ESTATE, Kind.BUILDING, Kind.ROAD_NUMBER}:
            return 0
        if not self.pieces and self.text.startswith("中国", at):
            return self._take(Kind.COUNTRY, at, at + 2) if tree().named(self.text[2:4]) else 0
        for size in range(min(LONGEST_DIVISION, len(self.text) - at), 1, -1):
            place = self._place(self.text[at : at + size], at + size)
            if place:
                return self._put(place, at, at + size + self._rest_of_name(place, at + size))
        return 0

    def _rest_of_name(self, place: Place, end: int) -> int:
        """Return how many characters of another kind of name follow: 乔司镇 where the tree has become 乔司街道."""
        if self.text[end - 1] in "省市区县镇乡道州旗":
            return 0
        found = REST_OF_NAME[place.level].match(self.text, end) if place.level in REST_OF_NAME else None
        return len(found.group()) if found else 0

    def _place(self, name: str, end: int) -> Place | None:
        """Return the place that a name means here; a short name only where what is above it was said."""
        whole = tree().whole.get(name, ())
        said = () if name[-1] in "路街道巷弄" else tree().said.get(name, ())  # 人民路 is no street office
        if not whole and not said:
            return None
        if ROAD_FOLLOWS.match(self.text, end) or (name in tree().said and ZONE_FOLLOWS.match(self.text, end)):
            return None
        within = [place for place in whole + said if self._is_within(place)]
        if within:
            return min(within, key=lambda place: place.level)
        fitting = [place for place in whole if place.level <= Level.COUNTY or not self.places]
        if not self.places:
            fitting += [place for place in said if place.level <= Level.COUNTY]
        return min(fitting, key=lambda place: place.level, default=None)

    def _is_within(self, place: Place) -> bool:
        return any(place.code.startswith(above.code) for above in self.places)

    def _put(self, place: Place, at: int, end: int) -> int:
        if any(short(place.name) == short(one.name) and place.level == one.level for one in self.places):
            return self._repeated(place, at, end)
        self.places.append(place)
        return self._take(OF_LEVEL[place.level], at, end)

    def _repeated(self, place: Place, at: int, end: int) -> int:
        """A division said twice: the later one stands in its row, the earlier ones are too many."""
        kind = OF_LEVEL[place.level]
        self.pieces = [Piece(Kind.REDUNDANT, one.text, one.start) if one.kind is kind else one for one in self.pieces]
        return self._take(kind, at, end)

    # Numbers

    def _number(self, at: int) -> int:
        found = NUMBER.match(self.text, at)
        if not found or (not found["unit"] and found.group()[0] in "零〇一二三四五六七八九十百千两第"):
            return 0
        unit = found["unit"] or ""
        if unit in ("区", "期", "号门"):
            return self._take(self._of_part(), at, found.end())
        if unit in ("号大街", "号公路", "路", "街", "巷"):
            return self._take(Kind.ROAD if Kind.ROAD not in self.seen else Kind.SIDE_ROAD, at, found.end())
        end = found.end()
        if found["more"] and (self._on_road() is None or not unit):
            unit, end = "", found.start("more")
        return self._take(self._of_number(unit, self.text[at:end], end), at, end)

    def _of_part(self) -> Kind:
        return Kind.ESTATE_PART if Kind.ESTATE in self.seen else Kind.ESTATE

    def _on_road(self) -> Kind | None:
        """Return the kind of a number that directly follows a road, community or town."""
        if self.last is Kind.SIDE_ROAD:
            return Kind.SIDE_ROAD_NUMBER
        return Kind.ROAD_NUMBER if self.last in (Kind.ROAD, Kind.COMMUNITY, Kind.TOWN, Kind.ZONE) else None

    def _of_number(self, unit: str, number: str, end: int) -> Kind:
        row = self.text[end : end + 1] in ("-", "_", "~") and self.text[end + 1 : end + 2].isalnum()
        match unit:
            case "幢" | "栋" | "座" | "号楼" | "号厂房" | "排":
                return Kind.BUILDING
            case "单元":
                return Kind.UNIT
            case "楼" | "层" | "F":
                return Kind.FLOOR
            case "室" | "房":
                return Kind.ROOM
            case "组" | "队":
                return Kind.ROAD
            case "弄":
                return Kind.ROAD_NUMBER if self.last is Kind.ROAD else Kind.SIDE_ROAD
            case _:
                return self._by_place(unit, number, row=row)

    def _by_place(self, unit: str, number: str, *, row: bool) -> Kind:
        """Return the kind of a number without a unit of its own by what stands before it."""
        if on_road := self._on_road():
            return on_road
        match self.last:
            case Kind.BUILDING:
                return Kind.UNIT if row or (unit == "号" and len(number) <= SHORT_NUMBER + 1) else Kind.ROOM
            case Kind.UNIT | Kind.FLOOR:
                return Kind.ROOM
            case Kind.ROAD_NUMBER | Kind.SIDE_ROAD_NUMBER:
                return Kind.BUILDING if unit or row or len(number) <= SHORT_NUMBER else Kind.ROOM
            case Kind.BESIDE:
                return Kind.ROAD_NUMBER
            case _:
                if unit:
                    return Kind.ROAD_NUMBER if Kind.ROAD_NUMBER not in self.seen else Kind.BUILDING
                return Kind.BUILDING if row or len(number) <= SHORT_NUMBER else Kind.ROOM

    # Names

    def _name(self, at: int) -> int:
        for place in range(at + 1, len(self.text)):
            if NOTHING.match(self.text, place) or HARD_NUMBER.match(self.text, place):
                return self._take(self._residual(), at, place)
            if place > at + 1 and BESIDE.match(self.text, place):
                return self._take(self._residual(), at, place)
            if found := END.match(self.text, place):
                return self._take(self._ended(Kind[found.lastgroup or ""]), at, found.end())
        return self._take(self._residual(), at, len(self.text))

    def _ended(self, kind: Kind) -> Kind:
        if kind in (Kind.ROAD, Kind.SIDE_ROAD):
            return Kind.SIDE_ROAD if Kind.ROAD in self.seen else Kind.ROAD
        if kind is Kind.ESTATE:
            return self._residual()
        return kind

    def _residual(self) -> Kind:
        if self.last in (Kind.FLOOR, Kind.ROOM, Kind.OCCUPANT, Kind.ESTATE_PART):
            return Kind.OCCUPANT
        return Kind.ESTATE_PART if Kind.ESTATE in self.seen else Kind.ESTATE
