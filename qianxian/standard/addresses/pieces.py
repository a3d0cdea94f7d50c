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
    Kind.COUNTRY: "国家", Kind.PROVINCE: "省", Kind.CITY: "市", Kind.COUNTY: "区县", Kind.ZONE: "开发区", Kind.TOWN: "街道/乡镇",
    Kind.COMMUNITY: "社区/村", Kind.ROAD: "道路", Kind.SIDE_ROAD: "支路", Kind.ROAD_NUMBER: "门牌号", Kind.SIDE_ROAD_NUMBER: "支路门牌号",
    Kind.ESTATE: "小区/单位", Kind.ESTATE_PART: "分区", Kind.BUILDING: "楼栋", Kind.UNIT: "单元", Kind.FLOOR: "楼层", Kind.ROOM: "室",
    Kind.OCCUPANT: "户主/店铺", Kind.BESIDE: "方位", Kind.REDUNDANT: "多余", Kind.OTHER: "其他",
}  # fmt: skip


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
