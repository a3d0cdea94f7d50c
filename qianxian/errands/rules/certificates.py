"""Which certificates a community issues, which it must not, and who does (民发〔2020〕20号 and local lists)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .parameters import days_of, read_table


@dataclass(frozen=True, slots=True)
class CertificateKind:
    """
    One kind of certificate on one list: national ('') or of a province.

    `office` says who issues it where a community must not; `fields` name what a community has to know where it may.
    """

    code: str
    name: str
    issuable: bool
    place: str
    office: str
    how: str
    basis: str
    mark: str
    months: int
    since: date
    until: date | None


def load_kinds() -> tuple[CertificateKind, ...]:
    """Return every kind on every list that comes with the platform."""
    return tuple(
        CertificateKind(
            row["code"], row["name"], row["issuable"] == "yes", row["place"], row["office"], row["how"], row["basis"],
            row["mark"], int(row["months"] or 0), *days_of(row),
        )
        for row in read_table("certificates.csv")
    )  # fmt: skip


def kinds_for(kinds: Iterable[CertificateKind], place: str, on: date) -> list[CertificateKind]:
    """
    Return what holds in a place on a day: a row of the narrower place takes the place of a wider one with its code.

    A province that took a kind off its list has a row for it that is neither issued nor refused: its office is empty.
    """
    prevailing: dict[str, CertificateKind] = {}
    for kind in sorted(kinds, key=lambda kind: len(kind.place)):
        if place.startswith(kind.place) and kind.since <= on and (kind.until is None or on < kind.until):
            prevailing[kind.code] = kind
    return [kind for kind in prevailing.values() if kind.issuable or kind.office]


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a certificate, in Chinese whatever the reader's language: it is an instrument, not a page."""

    addressee: str
    body: str
    use: str
    issuer: str
    day: str
    foot: str


def written(
    *,
    name: str,
    document: str,
    facts: str,
    addressee: str,
    purpose: str,
    issuer: str,
    issued: date,
    until: date,
    basis: str,
) -> Written:
    """Return the text of a certificate as it is printed."""
    return Written(
        addressee=f"{addressee}：",
        body=f"兹证明{name}（身份证件号码 {document}），{facts}",
        use=f"本证明用于{purpose}，有效期至 {_day(until)}。",
        issuer=f"{issuer}（盖章）",
        day=_day(issued),
        foot=f"扫码核验真伪和是否有效\n依据：{basis}",
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class MustNotIssue(Exception):
    """A community must not issue this; `office` does."""

    def __init__(self, kind: CertificateKind):
        super().__init__(kind.code)
        self.kind = kind


class UnknownKind(LookupError):
    """There is no such certificate on the list: without a basis in law a community issues none."""


def issuable(kinds: Iterable[CertificateKind], code: str, place: str, on: date) -> CertificateKind:
    """
    Return a kind that the community of a place may issue.

    :raises MustNotIssue: if another office does
    :raises UnknownKind: if no list has it
    """
    found = next((kind for kind in kinds_for(kinds, place, on) if kind.code == code), None)
    if found is None:
        raise UnknownKind(code)
    if not found.issuable:
        raise MustNotIssue(found)
    return found
