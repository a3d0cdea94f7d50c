"""Themes that grow (每月一题): topics and recurring phrases that come clearly oftener in a month than in those before."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .grams import grams

READ = 300
SHORTEST, LONGEST = 4, 8
"""Characters of the pieces that are counted; what is found is drawn out to a whole phrase."""
FEWEST = 5
"""Messages of one month that a theme needs at least."""
FALSE_ALARMS = 0.01
"""Share of the themes found that may be chance (Benjamini and Hochberg), over all pieces and topics tested."""
TIMES, TIMES_OF_A_PHRASE = 1.5, 4.0
"""How many times as often as before a topic comes at least, and a phrase: of those there are many more."""
BEFORE = 12
"""Months before, at most, with which a month is compared."""
SAME = 0.5
"""Part of the messages of the smaller of two phrases in common from which they are one theme."""
AGREED = 0.6
"""Part of the occurrences that must go on with the same character for a phrase to be drawn out by it."""
LONGEST_PHRASE = 20
PHRASE = re.compile(r"[\w]+")
EMPTY = re.compile(
    r"\d[年月日号时点]|[年月]\d|\d{3}|[相有]关部门|关部门|尽快|早日|领导|书记|希望|恳请|请求|请问|严重影响|苦不堪言|你们?好|您好|谢谢|政府|"
    r"情况下|情况如下|如下|本人|我们|居民|百姓|老百姓|业主们|身份证|电话|市民|监管部门|解决问题|每天晚上|给.{0,2}百姓|一个安"
)
"""Dates, numbers, and what everybody writes to an office: no theme by themselves."""
EDGES = "的了在是和与及也都就我们你您请把被有这那个对为从到于等并还又很吗呢吧啊之所"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: whose it is, its month (2026-03), place and topic ('' where unknown), words and votes."""

    key: str
    month: str
    words: str
    place: str = ""
    topic: str = ""
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Theme:
    """
    A theme of one month.

    `expected` is how many messages would have come at the share of the months before, `surprise` the log-likelihood
    ratio of that (G²), `chance` the corrected probability of such growth by chance. `keys` are the messages behind it,
    those with the most votes first; `series` counts them by month; `phrases` recur in them.
    """

    name: str
    month: str
    place: str
    topic: str
    count: int
    expected: float
    surprise: float
    chance: float
    votes: int
    keys: tuple[str, ...]
    phrases: tuple[str, ...]
    series: tuple[tuple[str, int], ...]

    @property
    def times(self) -> float | None:
        """How many times as many came as before; None where there were none before."""
        return self.count / self.expected if self.expected >= 0.5 else None


@dataclass(frozen=True, slots=True)
class _Found:
    """Something that grew: its messages of the month, its figures, and where it was seen as text and place of a piece."""

    members: frozenset[int]
    expected: float
    surprise: float
    p: float
    seen: tuple[int, int, int] | None = None
    topic: str = ""
    place: str = ""


def growing(messages: Sequence[Message], month: str = "") -> list[Theme]:
    """
    Return the themes of a month, the clearest first.

    :param month: the last one of the messages if none is named
    """
    months = sorted({message.month for message in messages})
    month = month or (months[-1] if months else "")
    earlier = [one for one in months if one < month][-BEFORE:]
    if month not in months or not earlier:
        return []
    kept = [message for message in messages if message.month == month or message.month in set(earlier)]
    texts = [message.words[:READ] for message in kept]
    now = np.array([message.month == month for message in kept])
    found = [*_pieces(texts, now), *_topics(kept, now)]
    clear = _corrected(found)
    return [_theme(one, chance, others, kept, texts, now, month) for one, chance, others in _joined(clear, texts)]


def surprise(count: int, size: int, before: int, size_before: int) -> tuple[float, float, float]:
    """
    Compare a count among `size` messages with one among `size_before`: expected count, G², one-sided probability.

    G² is the likelihood ratio of two Poisson rates against one; with half a message added to what came before, so that
    what never came is not infinitely surprising.
    """
    before_, all_ = before + 0.5, size + size_before
    expected = before_ * size / max(size_before, 1)
    together = (count + before_) / all_
    ratio = 2 * (count * math.log(count / (size * together)) + before_ * math.log(before_ / (size_before * together)))
    ratio = max(ratio, 0.0)
    p = 0.5 * math.erfc(math.sqrt(ratio / 2)) if count > expected else 1.0
    return expected, ratio, p


def _pieces(texts: Sequence[str], now: NDArray[np.bool_]) -> Iterator[_Found]:
    """Yield every piece of four to eight characters that enough messages of the month hold, with its figures."""
    found = grams(texts, LONGEST)
    wanted = found.length >= SHORTEST
    numbers, at = np.unique(found.number[wanted], return_inverse=True)
    text, place, length = found.text[wanted].astype(np.int64), found.place[wanted], found.length[wanted]
    order = np.lexsort((text, at))
    first = np.r_[True, (np.diff(at[order]) != 0) | (np.diff(text[order]) != 0)]
    rows = order[first]
    count = np.bincount(at[rows], now[text[rows]], len(numbers)).astype(int)
    before = np.bincount(at[rows], ~now[text[rows]], len(numbers)).astype(int)
    edges = np.searchsorted(at[rows], np.arange(len(numbers) + 1))
    size, size_before = int(now.sum()), int((~now).sum())
    for number in np.flatnonzero(count >= FEWEST):
        held = rows[edges[number] : edges[number + 1]]
        seen = int(text[held[0]]), int(place[held[0]]), int(length[held[0]])
        piece = texts[seen[0]][seen[1] : seen[1] + seen[2]]
        if PHRASE.fullmatch(piece) and not EMPTY.search(piece):
            members = frozenset(int(one) for one in text[held] if now[one])
            figures = surprise(int(count[number]), size, int(before[number]), size_before)
            yield _Found(members, *figures, seen=seen)


def _topics(kept: Sequence[Message], now: NDArray[np.bool_]) -> Iterator[_Found]:
    """Yield every topic, everywhere and in each place, that enough messages of the month speak of."""
    members = defaultdict[tuple[str, str], list[int]](list)
    sizes = defaultdict[str, list[int]](list)
    for number, message in enumerate(kept):
        for place in {"", message.place}:
            sizes[place].append(number)
            for topic in _with_wider(message.topic):
                members[topic, place].append(number)
    for (topic, place), held in members.items():
        inside = [number for number in held if now[number]]
        size, size_all = sum(bool(now[number]) for number in sizes[place]), len(sizes[place])
        if len(inside) >= FEWEST and size_all > size:
            figures = surprise(len(inside), size, len(held) - len(inside), size_all - size)
            yield _Found(frozenset(inside), *figures, topic=topic, place=place)


def _with_wider(topic: str) -> set[str]:
    """Return a topic of the tree and the group above it; another catalogue's label alone, nothing for none."""
    return {topic, topic[:4]} - {""} if topic.isdigit() else {topic} - {""}


def _corrected(found: Sequence[_Found]) -> list[tuple[_Found, float]]:
    """Return what grew beyond chance, the clearest first, each with its corrected probability."""
    ordered, lowest, corrected = sorted(found, key=lambda one: one.p), 1.0, list[tuple[_Found, float]]()
    for rank in range(len(ordered), 0, -1):
        lowest = min(lowest, ordered[rank - 1].p * len(ordered) / rank)
        corrected.append((ordered[rank - 1], lowest))
    kept = [(one, q) for one, q in corrected if q <= FALSE_ALARMS and len(one.members) >= _least(one)]
    return sorted(kept, key=_clearest_first)


def _clearest_first(pair: tuple[_Found, float]) -> tuple[object, ...]:
    """Of what is equally clear, what stands first in its message comes first: the subject stands there."""
    _text, place, length = pair[0].seen or (0, READ, 0)
    return -round(pair[0].surprise, 6), place, -length, sorted(pair[0].members)


def _least(one: _Found) -> float:
    return (TIMES_OF_A_PHRASE if one.seen else TIMES) * one.expected


def _joined(
    clear: Sequence[tuple[_Found, float]], texts: Sequence[str]
) -> Iterator[tuple[_Found, float, list[_Found]]]:
    """Yield the themes: what shares most of its messages with a clearer one belongs to that."""
    themes = list[tuple[_Found, float, list[_Found]]]()
    for one, chance in clear:
        for head, _, others in themes:
            shared = len(head.members & one.members)
            if shared >= SAME * min(len(head.members), len(one.members)):
                others.append(one)
                break
        else:
            themes.append((one, chance, []))
    yield from themes


def _theme(
    head: _Found, chance: float, others: Sequence[_Found], kept: Sequence[Message], texts: Sequence[str],
    now: NDArray[np.bool_], month: str,
) -> Theme:  # fmt: skip
    phrases = list(dict.fromkeys(filter(None, (_phrase(one, texts) for one in (head, *others[:40]) if one.seen))))
    phrases = [one for one in phrases if not any(one != other and one in other for other in phrases)]
    behind = sorted(head.members, key=lambda number: (-kept[number].votes, number))
    topics = Counter(kept[number].topic for number in behind if kept[number].topic)
    places = Counter(kept[number].place for number in behind if kept[number].place)
    place, most = places.most_common(1)[0] if places else ("", 0)
    return Theme(
        name=phrases[0] if head.seen and phrases else "",
        month=month,
        place=head.place or (place if most * 2 > len(behind) else ""),
        topic=head.topic or (topics.most_common(1)[0][0] if topics else ""),
        count=len(behind),
        expected=round(head.expected, 2),
        surprise=round(head.surprise, 2),
        chance=chance,
        votes=sum(kept[number].votes for number in behind),
        keys=tuple(kept[number].key for number in behind),
        phrases=tuple(phrases[:6]),
        series=_series(head, kept, texts),
    )


def _series(head: _Found, kept: Sequence[Message], texts: Sequence[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(dict.fromkeys(sorted({message.month for message in kept}), 0))
    piece = texts[head.seen[0]][head.seen[1] : head.seen[1] + head.seen[2]] if head.seen else ""
    for message, text in zip(kept, texts, strict=True):
        of_topic = message.topic.startswith(head.topic) and head.place in ("", message.place)
        same = piece in text if piece else of_topic
        counts[message.month] += same
    return tuple(sorted(counts.items()))


def _phrase(one: _Found, texts: Sequence[str]) -> str:
    """Return a piece drawn out as far as most of its messages go on alike, without particles at its edges."""
    if one.seen is None:
        return ""
    at, place, length = one.seen
    phrase = texts[at][place : place + length]
    around = [texts[number] for number in sorted(one.members)]
    for forward in (True, False):
        while len(phrase) < LONGEST_PHRASE and (further := _goes_on(phrase, around, forward=forward)):
            phrase = phrase + further if forward else further + phrase
    phrase = phrase.strip(EDGES)
    return phrase if len(phrase) >= 3 and not phrase.isdigit() else ""


def _goes_on(phrase: str, texts: Iterable[str], *, forward: bool) -> str:
    """Return the character by which most occurrences of a phrase go on, '' where they part."""
    found, total = Counter[str](), 0
    for text in texts:
        place = text.find(phrase)
        if place >= 0:
            total += 1
            near = place + len(phrase) if forward else place - 1
            found[text[near] if 0 <= near < len(text) else ""] += 1
    if not total:
        return ""
    character, count = found.most_common(1)[0]
    return character if count >= AGREED * total and PHRASE.fullmatch(character) else ""
