"""What an address is made of: pieces of text, each with its kind, in the order in which they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a piece says, from the country down to the room; values are the names that labelled files use."""

    COUNTRY = "country"
    PROVINCE = "prov"
    CITY = "city"
    COUNTY = "district"
    ZONE = "devzone"
    TOWN = "town"
    COMMUNITY = "community"
    ROAD = "road"
    SIDE_ROAD = "subroad"
    ROAD_NUMBER = "roadno"
    SIDE_ROAD_NUMBER = "subroadno"
    ESTATE = "poi"
    ESTATE_PART = "subpoi"
    BUILDING = "houseno"
    UNIT = "cellno"
    FLOOR = "floorno"
    ROOM = "roomno"
    OCCUPANT = "person"
    BESIDE = "assist"
    REDUNDANT = "redundant"
    OTHER = "otherinfo"


NAMES = {
    Kind.COUNTRY: ("国家", "country"), Kind.PROVINCE: ("省", "province"), Kind.CITY: ("市", "city"),
    Kind.COUNTY: ("区县", "county"), Kind.ZONE: ("开发区", "development zone"), Kind.TOWN: ("街道/乡镇", "street or town"),
    Kind.COMMUNITY: ("社区/村", "community or village"), Kind.ROAD: ("道路", "road"), Kind.SIDE_ROAD: ("支路", "side road"),
    Kind.ROAD_NUMBER: ("门牌号", "number"), Kind.SIDE_ROAD_NUMBER: ("支路门牌号", "number in the side road"),
    Kind.ESTATE: ("小区/单位", "estate or place"), Kind.ESTATE_PART: ("分区", "part of it"), Kind.BUILDING: ("楼栋", "building"),
    Kind.UNIT: ("单元", "unit"), Kind.FLOOR: ("楼层", "floor"), Kind.ROOM: ("室", "room"),
    Kind.OCCUPANT: ("户主/店铺", "occupant"), Kind.BESIDE: ("方位", "beside"), Kind.REDUNDANT: ("多余", "says nothing"),
    Kind.OTHER: ("其他", "other"),
}  # fmt: skip
"""Each kind in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an address: its kind, its text as written, and the place of its first character."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.start + len(self.text)


Tags = list[str]
"""One of B-KIND, I-KIND for each character."""


def tags(pieces: Iterable[Piece], size: int) -> Tags:
    """Return a tag for each character of a text of some size."""
    found = ["O"] * size
    for piece in pieces:
        found[piece.start : piece.end] = [f"B-{piece.kind}", *[f"I-{piece.kind}"] * (len(piece.text) - 1)]
    return found


def pieces(text: str, found: Tags) -> tuple[Piece, ...]:
    """Return the pieces that tags say; a piece that begins with I- is one all the same."""
    result: list[Piece] = []
    start = 0
    for place in range(1, len(text) + 1):
        ends = place == len(text) or found[place][:2] != "I-" or found[place][2:] != found[start][2:]
        if ends and found[start] != "O":
            result.append(Piece(Kind(found[start][2:]), text[start:place], start))
        start = place if ends else start
    return tuple(result)
