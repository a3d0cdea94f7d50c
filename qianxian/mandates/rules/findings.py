"""What an audit finds, said so that whoever keeps the register knows what is wrong and what to change."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qianxian.kernel.worktime import BEIJING

from .articles import Article, Case, Power
from .ground import Ground


class Kind(StrEnum):
    """Where duty, power and benefit part (handbook 2.3), and where the register does not answer at all."""

    GAP = "gap"
    CONTEST = "contest"
    COMMITTEE_LEADS = "committee_leads"
    DUTY_WITHOUT_POWER = "duty_without_power"
    POWER_WITHOUT_DUTY = "power_without_duty"
    DUTY_WITHOUT_BENEFIT = "duty_without_benefit"
    CLAIMS_AND_SHIRKS = "claims_and_shirks"
    BROKEN_CHAIN = "broken_chain"
    NO_BASIS = "no_basis"
    ASSIST_BECAME_LEAD = "assist_became_lead"


class Severity(StrEnum):
    """`stops`: the register cannot answer or breaks the law; `urges`: work will fail; `hints`: somebody should look."""

    STOPS = "stops"
    URGES = "urges"
    HINTS = "hints"


SEVERITIES = {
    Kind.GAP: Severity.STOPS,
    Kind.CONTEST: Severity.STOPS,
    Kind.COMMITTEE_LEADS: Severity.STOPS,
    Kind.DUTY_WITHOUT_POWER: Severity.URGES,
    Kind.BROKEN_CHAIN: Severity.URGES,
    Kind.NO_BASIS: Severity.URGES,
    Kind.ASSIST_BECAME_LEAD: Severity.URGES,
    Kind.CLAIMS_AND_SHIRKS: Severity.URGES,
    Kind.DUTY_WITHOUT_BENEFIT: Severity.HINTS,
    Kind.POWER_WITHOUT_DUTY: Severity.HINTS,
}
KINDS = {
    Kind.GAP: "无主",
    Kind.CONTEST: "多头",
    Kind.COMMITTEE_LEADS: "社区主责",
    Kind.DUTY_WITHOUT_POWER: "有责无权",
    Kind.POWER_WITHOUT_DUTY: "有权无责",
    Kind.DUTY_WITHOUT_BENEFIT: "有责缺利",
    Kind.CLAIMS_AND_SHIRKS: "争利推责",
    Kind.BROKEN_CHAIN: "断链",
    Kind.NO_BASIS: "悬空",
    Kind.ASSIST_BECAME_LEAD: "协助变受命",
}
BY_TOPIC = frozenset({Kind.GAP, Kind.CLAIMS_AND_SHIRKS, Kind.ASSIST_BECAME_LEAD})
"""Faults of which there is one for each topic; of the others there is one for the articles concerned."""
POWERS = {
    Power.AFFAIRS: "事权",
    Power.FUNDS: "财权",
    Power.DECISION: "决策权",
    Power.ENFORCEMENT: "执法权",
    Power.ENTRY: "进入权",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One fault of a register.

    `witness` is a case that shows it; `topics`, `places`, `settings` tell how far it goes; `articles` and `bodies` are
    those concerned, the one to change first; `matters` are the matters behind what practice showed. `key` stays the
    same from one audit to the next while the fault is the same.
    """

    kind: Kind
    witness: Case
    sentence: str
    remedy: str
    articles: tuple[Article, ...]
    bodies: tuple[str, ...]
    topics: tuple[str, ...]
    places: tuple[str, ...]
    settings: tuple[str, ...]
    powers: tuple[Power, ...] = ()
    matters: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return SEVERITIES[self.kind]

    @property
    def key(self) -> str:
        numbers = [article.number for article in self.articles]
        topics = self.topics if self.kind in BY_TOPIC else ()
        return ":".join([self.kind.value, *topics, *numbers, *self.bodies, *self.powers])

    def order(self) -> tuple[int, int, tuple[str, ...], str]:
        """Return by what findings are sorted: the gravest first, then by kind and topic."""
        return list(Severity).index(self.severity), list(Kind).index(self.kind), self.topics, self.key


class Names:
    """The names of a ground as a sentence needs them."""

    def __init__(self, ground: Ground):
        self._ground = ground
        self._innermost = ground.innermost()
        self._around = {place: _around(place, ground.places) for place in self._innermost}
        self._parts = Counter(area for around in self._around.values() for area in around)
        self._phrases = dict[tuple[str, ...], str]()

    def body(self, code: str) -> str:
        """Return the short name of a body, its code where it is not known."""
        return self._ground.bodies[code].short if code in self._ground.bodies else code

    def bodies(self, codes: Iterable[str]) -> str:
        """Return several bodies as one phrase."""
        return _listed([self.body(code) for code in codes])

    def topics(self, codes: Sequence[str]) -> str:
        """Return the topics as one phrase: the first three, and how many they are."""
        names = [self._ground.topics[code].name if code in self._ground.topics else code for code in codes]
        return "、".join(f"“{name}”" for name in names[:3]) + (f"等{len(names)}类事" if len(names) > 3 else "")

    def where(self, places: Sequence[str], settings: Sequence[str], at: datetime) -> str:
        """Return place, setting and, where it is still to come, time as one phrase."""
        phrases = (self._when(at), self._placed(tuple(places)), self._settings(settings))
        return "，".join(phrase for phrase in phrases if phrase)

    def _when(self, at: datetime) -> str:
        return f"从{at.astimezone(BEIJING):%Y年%-m月%-d日}起" if at > self._ground.at else ""

    def _placed(self, places: tuple[str, ...]) -> str:
        if places not in self._phrases:
            self._phrases[places] = self._places(places)
        return self._phrases[places]

    def _places(self, places: Sequence[str]) -> str:
        wide = self._gathered(places)
        names = [self._ground.places.get(code, code) for code in wide[:3]]
        return "在" + "、".join(names) + (f"等{len(wide)}处" if len(wide) > 3 else "")

    def _gathered(self, places: Sequence[str]) -> list[str]:
        """Return the widest places of which every innermost part is meant, and the others as they are."""
        parts = Counter(area for place in places for area in self._around.get(place, (place,)))
        whole = {area for area, count in parts.items() if count == self._parts[area]}
        widest = (
            next((area for area in self._around.get(place, (place,)) if area in whole), place) for place in places
        )
        return list(dict.fromkeys(widest))

    def _settings(self, settings: Sequence[str]) -> str:
        if len(settings) == len(self._ground.settings) + 1:
            return ""
        named = [self._ground.settings.get(code, code) for code in settings if code]
        if "" in settings:
            others = [self._ground.settings[code] for code in self._ground.settings if code not in settings]
            return "除了" + _listed(others) + "以外的场所" if len(others) < len(named) else "没有说明场所时"
        return "场所是" + _listed(named)


def _around(place: str, places: Mapping[str, str]) -> tuple[str, ...]:
    """Return the places that contain a place, the widest first, itself last."""
    return tuple(code for length in range(1, len(place) + 1) if (code := place[:length]) in places)


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:3]) + (f"等{len(names)}个" if len(names) > 3 else "")


def powers_said(powers: Iterable[Power]) -> str:
    """Return powers as one phrase."""
    return "、".join(POWERS[power] for power in sorted(powers))
