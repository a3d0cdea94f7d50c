"""Several demands in one message: where it may be cut, proposed to a person and never done without one."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

MOST_PIECES = 8
SHORT = 8
"""Characters below which a piece says nothing of its own."""
PREFACE = 80
"""Characters before the first number that are said again with each piece: who speaks, and where."""
NUMBER = re.compile(
    r"(?:(?<=[\n。！？；;，,：:\s])|^)\s*(?:"
    r"[（(](?P<a>[一二三四五六七八九十]|\d{1,2})[)）]|(?P<b>[一二三四五六七八九十])[、.．是]|第(?P<c>[一二三四五六七八九十])[，,、：:个是]|"
    r"(?P<d>[①②③④⑤⑥⑦⑧⑨⑩])|(?P<e>\d{1,2})(?:[、)）:：]|[.．](?!\d))|其(?P<f>[一二三四五六七八九十])[，,、：:])",
    re.MULTILINE,
)
NUMERALS = {sign: number for signs in ("一二三四五六七八九十", "①②③④⑤⑥⑦⑧⑨⑩") for number, sign in enumerate(signs, 1)}
ANOTHER = re.compile(
    r"(?<=[\n。！？；;!?，,])\s*(?=(?:另外|还有(?!点|些|一点|一些|人|的)|此外|再有|再就是|还想反映|还要反映|顺便(?:问|反映|说)|除此之外|另：|另,|另，|同时还?(?:想|要)?反映))"
)
SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")

TopicOf = Callable[[str], str]
"""The topic that words surely speak of, '' where none is sure."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One demand of several: its words, with what was said for all of them before, and its topic ('' if none is sure)."""

    words: str
    topic: str


def split(words: str, topic_of: TopicOf) -> tuple[Piece, ...]:
    """
    Return the demands that a message seems to hold, none where it seems to hold one only.

    Numbers that count up from one cut first, then words such as 另外, then sentences that surely speak of different
    topics. Pieces that speak of one topic stay together; what says nothing of its own stays with what came before.
    """
    text = words.strip()
    preface, parts = _numbered(text)
    counted = bool(parts)
    if not counted:
        parts = [piece for part in ANOTHER.split(text) for piece in _by_topic(part, topic_of)]
    found = _together([Piece(part, topic_of(part)) for part in parts], counted)
    if not 2 <= len(found) <= MOST_PIECES:
        return ()
    return tuple(replace(piece, words=f"{preface}{piece.words}") for piece in found)


def _numbered(text: str) -> tuple[str, list[str]]:
    """Return what stands before the first number, and the parts behind each, where at least two count up from one."""
    starts = list[tuple[int, int]]()
    for mark in NUMBER.finditer(text):
        sign = next(group for group in mark.groups() if group)
        if (NUMERALS.get(sign) or int(sign)) == len(starts) + 1:
            starts.append((mark.start(), mark.end()))
    if len(starts) < 2:
        return "", []
    ends = [start for start, _ in starts[1:]] + [len(text)]
    before = text[: starts[0][0]].strip()
    parts = [text[start:end].strip() for (_, start), end in zip(starts, ends, strict=True)]
    return (f"{before}\n" if 0 < len(before) <= PREFACE else ""), parts


def _by_topic(part: str, topic_of: TopicOf) -> Iterator[str]:
    """Yield stretches of sentences; a new one begins where a sentence surely speaks of another chapter than before."""
    held, chapter = "", ""
    for sentence in SENTENCE.findall(part):
        here = topic_of(sentence)[:2] if len(sentence.strip()) >= SHORT else ""
        if held and here and chapter and here != chapter:
            yield held.strip()
            held = ""
        held, chapter = held + sentence, here or chapter
    if held.strip():
        yield held.strip()


def _together(pieces: list[Piece], counted: bool) -> list[Piece]:
    """Return the pieces, those joined to the one before that are short, of the same topic, or (uncounted) of none."""
    found = list[Piece]()
    for piece in pieces:
        dangling = not piece.topic and (len(piece.words) < SHORT or not counted)
        same = bool(found) and bool(piece.topic) and piece.topic == found[-1].topic
        if found and (dangling or same):
            joined = Piece(f"{found[-1].words}{piece.words}", found[-1].topic or piece.topic)
            found[-1] = joined
        elif piece.words:
            found.append(piece)
    return found
