"""
A form being filled: answers put into its tree, reckoned, checked, and written as the instance that OpenRosa defines.

A page posts answers under the path of their question with the round of each repeat: `/data/member[2]/name`.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .evaluation import Node, Value, World, evaluate, number, text, truth
from .xform import Definition, each_control, said_in

ROUND = re.compile(r"\[(\d+)\]")
MOST_ROUNDS = 200
MOST_PASSES = 12
LONGEST = 20_000
ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
PATTERNS = {
    "int": re.compile(r"[+-]?\d{1,18}$"),
    "decimal": re.compile(r"[+-]?(\d{1,18}(\.\d*)?|\.\d+)$"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}$"),
    "time": re.compile(r"\d{2}:\d{2}"),
    "dateTime": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"),
    "geopoint": re.compile(r"-?\d+(\.\d+)? -?\d+(\.\d+)?( -?\d+(\.\d+)?){0,2}$"),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an answer: where, the kind of fault, and the form's own words for it."""

    path: str
    code: str
    said: str = ""


class BadInstance(ValueError):
    """What a client sent is no answer to this form; `code` is `not_xml`, `declares` or `other_form`."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass
class Filling:
    """A form with answers, reckoned: its tree, and the address of each node as the page names it."""

    definition: Definition
    root: Node
    world: World
    wrong: list[Wrong] = field(default_factory=list)

    def addresses(self) -> Iterator[tuple[str, Node]]:
        return _addressed(self.root, f"/{self.root.name}", self.definition["instance"])

    def answers(self) -> dict[str, str]:
        """Return each answer under its address; of what is not asked there is none."""
        return {address: node.text for address, node in self.addresses() if not node.children and node.relevant}

    def first(self, path: str) -> str:
        """Return the answer to a question that stands in no repeat, '' where it is not asked."""
        nodes = evaluate(["path", "root", [[name, []] for name in path.strip("/").split("/")]], self.root, self.world)
        return nodes[0].text if isinstance(nodes, list) and nodes else ""


def _addressed(node: Node, address: str, shape: Mapping[str, Any]) -> Iterator[tuple[str, Node]]:
    yield address, node
    shapes = {one["name"]: one for one in shape["children"]}
    counted: dict[str, int] = {}
    for child in node.children:
        if not (of := shapes.get(child.name)):
            continue
        counted[child.name] = counted.get(child.name, 0) + 1
        suffix = f"[{counted[child.name]}]" if of["repeat"] else ""
        yield from _addressed(child, f"{address}/{child.name}{suffix}", of)


def path_of(address: str) -> str:
    """Return the path of a question without rounds."""
    return ROUND.sub("", address)


def world_of(definition: Definition, now: datetime, more: Mapping[str, list[dict[str, str]]] | None = None) -> World:
    """
    Return what expressions of a form see.

    :param more: rows of the lists that a form takes from outside, by the file it names
    """
    lists: dict[str, Node] = {}
    names: dict[str, str] = {}
    for name, one in definition["lists"].items():
        rows = (more or {}).get(one["file"]) if one["file"] else None
        columns = rows if rows is not None else [item["columns"] for item in one["items"]]
        holder = Node(name)
        root = holder.add(Node("root"))
        for row in columns:
            item = root.add(Node("item"))
            for column, value in row.items():
                item.add(Node(column, value))
        lists[name] = holder
        for item_ in one["items"]:
            names.setdefault(item_["columns"].get("name", ""), "".join(map(str, said_in(item_["label"], "default"))))
    return World(now, lists, lambda value, _path: names.get(value, value))


def blank(definition: Definition) -> Node:
    """Return the tree of a form with its first values."""
    return _grown(definition["instance"])


def _grown(shape: Mapping[str, Any]) -> Node:
    node = Node(shape["name"], shape["text"])
    for child in shape["children"]:
        node.add(_grown(child))
    return node


def filled(definition: Definition, posted: Mapping[str, str], world: World) -> Filling:
    """
    Return a form with what a page posted, reckoned and checked.

    :param posted: by address; a repeat has the rounds that are named
    """
    root = blank(definition)
    rounds = _rounds(posted)
    _open_rounds(root, f"/{root.name}", definition["instance"], rounds)
    filling = Filling(definition, root, world)
    for address, node in filling.addresses():
        if not node.children and address in posted:
            node.text = posted[address][:LONGEST].strip()
    settle(filling)
    filling.wrong = list(check(filling))
    return filling


def _rounds(posted: Iterable[str]) -> dict[str, int]:
    """Return how many rounds of each repeat were posted, by the address of the repeat."""
    found: dict[str, int] = {}
    for address in posted:
        for match in ROUND.finditer(address):
            holder = address[: match.start()]
            found[holder] = min(MOST_ROUNDS, max(found.get(holder, 0), int(match[1])))
    return found


def _open_rounds(node: Node, address: str, shape: Mapping[str, Any], rounds: Mapping[str, int]) -> None:
    for of in shape["children"]:
        here = f"{address}/{of['name']}"
        (child,) = (one for one in node.children if one.name == of["name"])
        if not of["repeat"]:
            _open_rounds(child, here, of, rounds)
            continue
        at = node.children.index(child)
        wanted = rounds.get(here, 0)
        fresh = [_grown(of) for _ in range(wanted)]
        for one in fresh:
            one.parent = node
        node.children[at : at + 1] = fresh
        for place, one in enumerate(fresh, 1):
            _open_rounds(one, f"{here}[{place}]", of, rounds)


def settle(filling: Filling) -> None:
    """Reckon what is calculated and what is asked, until nothing changes any more."""
    binds = filling.definition["binds"]
    nodes = [(node, bind) for address, node in filling.addresses() if (bind := binds.get(path_of(address)))]
    for _ in range(MOST_PASSES):
        if not _passed(nodes, filling.world):
            return


def _passed(nodes: list[tuple[Node, dict[str, Any]]], world: World) -> bool:
    changed = False
    for node, bind in nodes:
        if "relevant" in bind:
            asked = truth(evaluate(bind["relevant"], node, world))
            changed |= asked is not node.relevant
            node.relevant = asked
        if "calculate" in bind:
            found = _written(evaluate(bind["calculate"], node, world))
            changed |= found != node.text
            node.text = found
    return changed


def _written(value: Value) -> str:
    return "" if isinstance(value, float) and value != value else text(value)


def asked(node: Node) -> bool:
    """Tell whether a node and all it lies in are asked."""
    return node.relevant and (node.parent is None or asked(node.parent))


def check(filling: Filling) -> Iterator[Wrong]:
    """Yield what is wrong with the answers, in the order of the form."""
    binds = filling.definition["binds"]
    controls = {one["ref"]: one for one in each_control(filling.definition["body"])}
    for address, node in filling.addresses():
        path = path_of(address)
        bind, control = binds.get(path), controls.get(path)
        if bind is None or node.children or not asked(node):
            continue
        if not node.text:
            if control and truth(evaluate(bind["required"], node, filling.world) if "required" in bind else False):
                yield Wrong(address, "required", bind.get("requiredMsg", ""))
            continue
        if fault := _fault(bind["type"], node.text):
            yield Wrong(address, fault)
        elif control and control["kind"] in ("select", "select1") and not _offered(control, node, filling.world):
            yield Wrong(address, "not_offered")
        elif "constraint" in bind and not truth(evaluate(bind["constraint"], node, filling.world)):
            yield Wrong(address, "constraint", bind.get("constraintMsg", ""))


def _fault(kind: str, written: str) -> str:
    pattern = PATTERNS.get(kind)
    if pattern and not pattern.match(written):
        return f"not_{kind}"
    if kind == "date":
        try:
            date.fromisoformat(written)
        except ValueError:
            return "not_date"
    return ""


def _offered(control: Mapping[str, Any], node: Node, world: World) -> bool:
    offered = {value for value, _ in choices_at(control, node, world)}
    chosen = [node.text] if control["kind"] == "select1" else node.text.split()
    return all(one in offered for one in chosen)


def choices_at(control: Mapping[str, Any], node: Node, world: World) -> list[tuple[str, str]]:
    """Return value and item key of each choice that is offered at a node now."""
    if "items" in control:
        return [(one["value"], one["value"]) for one in control["items"]]
    items = evaluate(control["from"], node, world)
    found = [] if not isinstance(items, list) else [_columns(item) for item in items]
    return [(one.get(control["value"], ""), one.get(control["shown"], "")) for one in found]


def _columns(item: Node) -> dict[str, str]:
    return {child.name: child.text for child in item.children}


# The instance as OpenRosa defines it


def written(filling: Filling, instance: str) -> str:
    """Return the answers as an instance with its instanceID; what is not asked stays out."""
    definition = filling.definition
    root = _element(filling.root)
    root.set("id", definition["id"])
    if definition["version"]:
        root.set("version", definition["version"])
    meta = root.find("meta")
    meta = ET.SubElement(root, "meta") if meta is None else meta
    named = meta.find("instanceID")
    (ET.SubElement(meta, "instanceID") if named is None else named).text = instance
    return ET.tostring(root, encoding="unicode")


def _element(node: Node) -> ET.Element:
    element = ET.Element(node.name)
    if node.children:
        element.extend(_element(child) for child in node.children if child.relevant)
    else:
        element.text = node.text
    return element


@dataclass(frozen=True, slots=True)
class Sent:
    """An instance as a client sent it: of which form, under which number, in place of which, with its tree."""

    form: str
    version: str
    instance: str
    instead_of: str
    root: Node


def read_instance(content: bytes) -> Sent:
    """
    Return what a client sent.

    :raises BadInstance: if it is no XML, or declares entities
    """
    if ENTITY.search(content):
        raise BadInstance("declares")
    try:
        root = ET.fromstring(content)  # noqa: S314  (declarations were refused above)
    except ET.ParseError as error:
        raise BadInstance("not_xml") from error
    tree = _node(root)
    meta = {child.name: child.text for one in tree.children if one.name == "meta" for child in one.children}
    return Sent(
        root.get("id", ""), root.get("version", ""), meta.get("instanceID", "") or root.get("instanceID", ""),
        meta.get("deprecatedID", ""), tree,
    )  # fmt: skip


def _node(element: ET.Element) -> Node:
    node = Node(element.tag.rpartition("}")[2], (element.text or "").strip() if len(element) == 0 else "")
    for child in element:
        if isinstance(child.tag, str):
            node.add(_node(child))
    return node


def of_instance(definition: Definition, sent: Sent, world: World) -> Filling:
    """
    Return a form as a client filled it: taken as it is, and what is wrong with it told.

    :raises BadInstance: if the instance is of another form
    """
    if sent.root.name != definition["root"]:
        raise BadInstance("other_form")
    filling = Filling(definition, sent.root, world)
    filling.wrong = list(check(filling))
    return filling


def rounds_wanted(control: Mapping[str, Any], node: Node, world: World) -> int | None:
    """Return how many rounds a repeat has by its count, None where whoever fills decides."""
    if "count" not in control:
        return None
    found = number(evaluate(control["count"], node, world))
    return min(MOST_ROUNDS, max(0, int(found))) if found == found else 0
