"""A form as a page draws it: each control with its words, its choices, what is wrong with it, and what is shown instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qianxian.collection.forms.rules.evaluation import Node, evaluate, text, truth
from qianxian.collection.forms.rules.filling import Filling, asked, choices_at
from qianxian.collection.forms.rules.xform import said_in

INPUTS = {"int": "number", "decimal": "decimal", "date": "date", "time": "time", "dateTime": "datetime-local",
          "geopoint": "geopoint"}  # fmt: skip
ROUND = "＃"
"""Stands in a template for the number of a round that is added."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an authority holds and the page shows instead of asking."""

    value: str
    holder: str


@dataclass
class Control:
    """One control of the page."""

    kind: str
    name: str
    ref: str
    label: str
    hint: str = ""
    value: str = ""
    hidden: bool = False
    required: bool = False
    readonly: bool = False
    long: bool = False
    error: str = ""
    accept: str = ""
    least: str = ""
    most: str = ""
    step: str = ""
    shown: Shown | None = None
    choices: list[tuple[str, str, bool]] = field(default_factory=list)
    children: "list[Control]" = field(default_factory=list)
    rounds: "list[Control]" = field(default_factory=list)
    template: "Control | None" = None
    counted: bool = False

    @property
    def id(self) -> str:
        return "f" + self.name.replace("/", "-").replace("[", ".").replace("]", "")


class Drawing:
    """Draws a filled or blank form."""

    def __init__(self, filling: Filling, language: str, shown: Mapping[str, Shown], errors: Mapping[str, str]):
        self.filling, self.language, self.shown, self.errors = filling, language, shown, errors
        self.binds = filling.definition["binds"]
        self.addresses = {id(node): address for address, node in filling.addresses()}

    def controls(self) -> list[Control]:
        root = self.filling.root
        return list(self._all(self.filling.definition["body"], root, f"/{root.name}", f"/{root.name}"))

    def _all(self, body: list[dict[str, Any]], here: Node, path: str, address: str) -> Iterator[Control]:
        for one in body:
            if found := self._one(one, here, path, address):
                yield found

    def _one(self, one: Mapping[str, Any], here: Node, path: str, address: str) -> Control | None:
        ref = one["ref"]
        repeat = next((child for child in one.get("children", []) if child["kind"] == "repeat"), None)
        if one["kind"] == "group" and repeat is not None:
            return self._repeat(one, repeat, here, path, address)
        node, at = _below(here, ref, path, address) if ref else (here, address)
        if node is None:
            return None
        if one["kind"] == "group":
            inner = self._all(one["children"], node, ref or path, at)
            label = self.words(one, "label", node)
            return Control("group", at, ref, label, hidden=not node.relevant, children=list(inner))
        return self._question(one, node, ref, at)

    def _repeat(
        self, group: Mapping[str, Any], repeat: Mapping[str, Any], here: Node, path: str, address: str
    ) -> Control:
        ref = repeat["ref"]
        holder, at = _below(here, ref.rpartition("/")[0], path, address)
        name = ref.rpartition("/")[2]
        rounds = [one for one in (holder.children if holder else []) if one.name == name]
        drawn = [self._round(repeat, one, f"{at}/{name}[{place}]") for place, one in enumerate(rounds, 1)]
        blank = _shape(self.filling.definition["instance"], ref)
        blank.parent = holder
        template = self._round(repeat, blank, f"{at}/{name}[{ROUND}]")
        return Control(
            "repeat", f"{at}/{name}", ref, self.words(group, "label", holder or here), rounds=drawn, template=template,
            counted="count" in repeat,
        )  # fmt: skip

    def _round(self, repeat: Mapping[str, Any], node: Node, address: str) -> Control:
        inner = list(self._all(repeat["children"], node, repeat["ref"], address))
        return Control("round", address, repeat["ref"], "", children=inner)

    def _question(self, one: Mapping[str, Any], node: Node, ref: str, address: str) -> Control:
        bind = self.binds.get(ref, {})
        readonly = "calculate" in bind or ("readonly" in bind and not bind.get("element")) or one["kind"] == "trigger"
        note = "readonly" in bind and "calculate" not in bind and not bind.get("element") and not node.text
        found = Control(
            "note" if note else _kind(one, bind), address, ref, self.words(one, "label", node),
            hint=self.words(one, "hint", node), value=node.text, hidden=not asked(node), readonly=readonly,
            required="required" in bind and truth(evaluate(bind["required"], node, self.filling.world)),
            long="multiline" in one["appearance"], error=self.errors.get(address, ""), accept=one.get("mediatype", ""),
            least=one.get("start", ""), most=one.get("end", ""), step=one.get("step", ""), shown=self.shown.get(address),
        )  # fmt: skip
        if found.kind in ("select1", "select"):
            found.choices = list(self._choices(one, node))
        return found

    def _choices(self, one: Mapping[str, Any], node: Node) -> Iterator[tuple[str, str, bool]]:
        """Yield every choice, also those that are filtered away now: the browser shows and hides them."""
        chosen = [node.text] if one["kind"] == "select1" else node.text.split()
        if "items" in one:
            for item in one["items"]:
                yield item["value"], self._joined(said_in(item["label"], self.language), node), item["value"] in chosen
            return
        name = one["from"][1][2][0][1] if one["from"][1] not in ("root", "here") else ""
        listed = self.filling.definition["lists"].get(name)
        if listed is None or listed["file"]:
            for value, shown in choices_at(one, node, self.filling.world):
                yield value, shown, value in chosen
            return
        seen: set[str] = set()
        for item in listed["items"]:
            value = item["columns"].get(one["value"], "")
            if value not in seen:
                seen.add(value)
                yield value, self._joined(said_in(item["label"], self.language), node), value in chosen

    def words(self, one: Mapping[str, Any], name: str, node: Node) -> str:
        return self._joined(said_in(one.get(name), self.language), node)

    def _joined(self, parts: list[Any], node: Node) -> str:
        return "".join(
            part if isinstance(part, str) else text(evaluate(part["value"], node, self.filling.world)) for part in parts
        ).strip()


def _kind(one: Mapping[str, Any], bind: Mapping[str, Any]) -> str:
    if one["kind"] in ("select", "select1", "upload", "trigger", "range"):
        return str(one["kind"])
    if one["kind"] == "rank":
        return "select"
    return INPUTS.get(bind.get("type", "string"), "text")


def _below(here: Node, ref: str, path: str, address: str) -> tuple[Node | None, str]:
    """Return the node of a reference below another, and its address."""
    if not ref.startswith(path):
        return None, address
    for name in filter(None, ref[len(path) :].split("/")):
        found = next((child for child in here.children if child.name == name), None)
        if found is None:
            return None, address
        here, address = found, f"{address}/{name}"
    return here, address


def _shape(shape: Mapping[str, Any], ref: str) -> Node:
    """Return a fresh round of a repeat."""
    for name in ref.strip("/").split("/")[1:]:
        shape = next(one for one in shape["children"] if one["name"] == name)

    def grown(one: Mapping[str, Any]) -> Node:
        node = Node(one["name"], one["text"])
        for child in one["children"]:
            node.add(grown(child))
        return node

    return grown(shape)
