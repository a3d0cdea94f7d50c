"""A trained reader in use: its labels matched to the topics of the tree. Loads numpy: name it by `lazily`."""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from qianxian.mandates.rules.topic_tree import Learnt, TopicTree

from .model import Model
from .modelfile import NoModel, load

log = logging.getLogger(__name__)


class Served:
    """
    A model with the topics that each of its labels stands for.

    :param codes: topics by label; a label without any is read and never proposed
    """

    def __init__(self, model: Model, codes: Mapping[str, Sequence[str]]):
        self.model, self.codes = model, codes

    def read(self, words: str) -> Learnt:
        likely, pieces = dict[str, float](), dict[str, tuple[str, ...]]()
        for guess in self.model.guesses(words, len(self.model.facts.labels)):
            for code in self.codes.get(guess.label, ()):
                likely[code] = max(likely.get(code, 0.0), guess.probability)
                pieces.setdefault(code, guess.pieces)
        return Learnt(likely, pieces, self._sure(likely))

    def _sure(self, likely: Mapping[str, float]) -> str:
        """Return the topic above the confidence, if it alone has it."""
        least = self.model.facts.sure
        found = [code for code, chance in likely.items() if least is not None and chance >= least]
        return found[0] if len(found) == 1 else ""


def matched(
    labels: Sequence[str], tree: TopicTree, crosswalk: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """
    Return the topics that each label stands for: by the crosswalk where it stands there (for none, if none is named), else by code, name or synonym.

    A path such as 城市管理/市容秩序/占道经营 is read from its end. A label that no topic answers to is left out.
    """
    found = {}
    for label in labels:
        given = label in crosswalk
        named = [one for one in crosswalk[label] if one in tree.topics] if given else _by_name(label, tree)
        if named:
            found[label] = tuple(named)
    return found


def served(tree: TopicTree, model: Path, crosswalk: Path) -> TopicTree:
    """Return the tree with the reader in use; the tree alone, and a line in the log, where the file cannot be read."""
    try:
        found = load(model)
        codes = matched(found.facts.labels, tree, known_crosswalk(crosswalk))
    except NoModel as error:
        log.warning("the trained reader of words is not used: %s", error)
        return tree
    return TopicTree(tree.topics.values(), Served(found, codes))


def known_crosswalk(path: Path) -> dict[str, list[str]]:
    """Return topics by label as they were given when the model was put in use; empty where none were."""
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _by_name(label: str, tree: TopicTree) -> Sequence[str]:
    for part in (label, *reversed(label.replace("／", "/").replace("-", "/").replace(">", "/").split("/"))):
        named = tree.named(part.strip())
        if len(named) == 1:
            return named
    return ()
