"""Of which topic a label or free words speak; a suggestion that only ever decides as far as it is sure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qianxian.mandates.rules.crosswalks import Crossing, Labels
from qianxian.mandates.rules.topic_tree import CHARACTER, HEAD, PAIR, TopicTree

READ = 300
"""Characters of the words that are read: what is wanted stands at the beginning."""
SURE, SURE_INSIDE = 6.0, 3.0
"""
Score from which words say anything at all, and from which they narrow what a label has settled.

6 is about one whole synonym of four characters.
"""
BY_PAIRS = 2
"""Digits to which a topic is followed where no whole term stands in the words."""
STRONG = 0.7
"""Part of the best score from which another topic counts as a rival."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A topic ('' where none is sure), and what led to it: the label, or pieces of the words."""

    topic: str
    why: str = ""


class TopicReader:
    """Reads labels and words against one topic tree; made once for a tree, as the terms are compiled."""

    def __init__(self, tree: TopicTree, crossings: Iterable[Crossing] = ()):
        self.tree = tree
        self._labels = Labels(tree, crossings)

    def of_labels(self, labels: Iterable[str]) -> Reading:
        """Return the narrowest topic that the labels name by code, name, synonym or the class of another catalogue; each narrows the one before."""
        found = ""
        for label in labels:
            here = [code for code in self._labels.topics(label) if code.startswith(found)]
            found = here[0] if len(here) == 1 else found
        return Reading(found, self.tree.topics[found].name if found else "")

    def of_words(self, words: str, within: str = "") -> Reading:
        """
        Return the narrowest topic on which all strong candidates agree.

        Where a trained reader is in use, nothing is settled that it is not sure of.

        :param within: the topic that the labels have settled already; candidates outside it do not count
        """
        if self.tree.trained and not within:
            learnt = self.tree.trained.read(words)
            if not learnt.sure:
                return Reading("")
            narrower = self.of_terms(words, learnt.sure)
            return narrower if narrower.why else Reading(narrower.topic, "、".join(learnt.pieces.get(learnt.sure, ())))
        return self.of_terms(words, within)

    def of_terms(self, words: str, within: str = "") -> Reading:
        """Return what the topic tree alone makes of words, as `of_words` without a trained reader."""
        scores, led = self._scored(words[:READ])
        inside = {code: score for code, score in scores.items() if code.startswith(within)}
        if not inside:
            return Reading(within)
        best = max(inside.values())
        strong = [code for code, score in inside.items() if score >= STRONG * best]
        leading = max(inside, key=lambda code: (inside[code], len(code), code))
        topic = _shared(strong) if best >= (SURE_INSIDE if within else SURE) else within
        if leading not in led:
            topic = topic[: max(len(within), BY_PAIRS)]
        return Reading(topic or within, "、".join(led.get(leading, ())))

    def _scored(self, words: str) -> tuple[dict[str, float], Mapping[str, Sequence[str]]]:
        """Return each topic's score and the terms found: whole terms by their length, else the tree's own pairs."""
        scores: dict[str, float] = defaultdict(float)
        led: dict[str, list[str]] = defaultdict(list)
        for place, term, codes in self.tree.terms(words):
            for code in codes:
                scores[code] += len(term) * (CHARACTER if place < HEAD else CHARACTER / 2)
                led[code].append(term)
        for code, score in self.tree.scores(words).items():
            scores[code] += score * PAIR
        return scores, led


def _shared(codes: Sequence[str]) -> str:
    """Return the longest topic code that contains all of these."""
    first = min(codes, key=len)
    return next((first[:n] for n in (6, 4, 2) if n <= len(first) and all(c.startswith(first[:n]) for c in codes)), "")
