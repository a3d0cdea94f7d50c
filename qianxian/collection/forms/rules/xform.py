"""
What a form is, read from its XForm: the document that OpenRosa clients are given is the one source of the web page too.

A definition is plain data (JSON): `root`, `id`, `version`, `title`, `languages`, `instance` (nested nodes), `binds` by
path, `body` (controls in order), `lists` of choices, `elements` (path to data element). Source: ODK XForms 1.0.0.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from .xpath import BadExpression, Tree, parse

Definition = dict[str, Any]
XF, H, JR = "{http://www.w3.org/2002/xforms}", "{http://www.w3.org/1999/xhtml}", "{http://openrosa.org/javarosa}"
TYPES = {"string", "int", "decimal", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "binary", "barcode",
         "boolean", "select", "select1", "odk:rank"}  # fmt: skip
CONTROLS = {"input", "select", "select1", "upload", "trigger", "range", "rank", "secret"}
CONDITIONS = ("relevant", "constraint", "calculate", "required", "readonly")
ITEXT = re.compile(r"jr:itext\((?:'([^']*)'|(\w+))\)")
READONLY, ELEMENT = re.compile(r' (?:readonly|required)="[^"]*"'), re.compile(r' element="[^"]*"')
PLAIN = "default"
PEOPLE = "records.csv"
"""The one file that a form may take its choices from: the records of the area, made anew for whoever asks."""
ABOUT = "record"
"""The binding of the question that says by its number which record the form is about."""


class Unfillable(ValueError):
    """
    A form holds what no page of ours can carry.

    :ivar code: why: `syntax`, `unknown_function`, `arguments`, `too_deep`, `type`, `no_element`, `no_questions`
    :ivar path: the question, '' for the whole form
    :ivar column: what of the question: relevant, constraint, calculate, required, label, choices, type, element
    :ivar part: the words that are not understood
    """

    def __init__(self, code: str, path: str = "", column: str = "", part: str = ""):
        super().__init__(f"{code} {path} {column} {part}")
        self.code, self.path, self.column, self.part = code, path, column, part


def read_xform(written: str) -> Definition:
    """
    Return what a form is.

    :raises Unfillable: with the question and the part that cannot be carried
    """
    document = ET.fromstring(written)  # noqa: S314  (written by pyxform a moment ago)
    model = _need(document, f"{H}head/{XF}model")
    primary = _need(model, f"{XF}instance")[0]
    texts = _texts(model)
    reader = _Body(texts)
    body = reader.controls(_need(document, f"{H}body"))
    if not any(one["kind"] in CONTROLS for one in each_control(body)):
        raise Unfillable("no_questions")
    repeats = {one["ref"] for one in each_control(body) if one["kind"] == "repeat"}
    root = _name(primary)
    binds = dict(map(_bind, model.iter(f"{XF}bind")))
    return {
        "root": root,
        "id": primary.get("id", root),
        "version": primary.get("version", ""),
        "title": document.findtext(f"{H}head/{H}title") or root,
        "languages": sorted({language for text in texts.values() for language in text} or {PLAIN}, key=_default_first),
        "instance": _instance(primary, f"/{root}", repeats),
        "binds": binds,
        "body": body,
        "lists": {one.get("id", ""): _list(one, texts) for one in model.findall(f"{XF}instance")[1:]},
        "elements": {path: bind["element"] for path, bind in binds.items() if bind.get("element")},
    }


def decided(written: str, elements: Mapping[str, str], shown: Collection[str]) -> str:
    """
    Return an XForm with what its publisher decided beyond the workbook.

    :param elements: questions that are bound to an element of the standard, by path
    :param shown: questions that are shown and not asked
    """

    def with_more(tag: re.Match[str]) -> str:
        path, rest = tag[1], tag[2]
        if path in shown:
            rest = READONLY.sub("", rest) + ' readonly="true()"'
        if path in elements:
            rest = f"{ELEMENT.sub('', rest)} element={quoteattr(elements[path])}"
        return f'<bind nodeset="{path}"{rest}/>'

    return re.sub(r'<bind nodeset="([^"]*)"([^>]*?)/>', with_more, written)


def each_control(body: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every control with those inside of groups."""
    for one in body:
        yield one
        yield from each_control(one.get("children", []))


def said_in(text: dict[str, Any] | None, language: str) -> list[Any]:
    """Return the parts of a text in a language, else in the first that it has."""
    return [] if not text else text.get(language) or text.get(PLAIN) or next(iter(text.values()))


def plain_label(control: dict[str, Any], language: str = PLAIN) -> str:
    """Return a label without what is reckoned into it."""
    parts = said_in(control.get("label"), language)
    return (
        "".join(part if isinstance(part, str) else "…" for part in parts).strip() or control["ref"].rpartition("/")[2]
    )


def _default_first(language: str) -> tuple[bool, str]:
    return language != PLAIN, language


def _need(node: ET.Element, path: str) -> ET.Element:
    found = node.find(path)
    if found is None:
        raise Unfillable("no_questions")
    return found


def _name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def tree_of(expression: str, path: str, column: str) -> Tree:
    """
    Return an expression as a tree.

    :raises Unfillable: with its place
    """
    try:
        return parse(expression)
    except BadExpression as error:
        raise Unfillable(error.code, path, column, error.part) from error


def _bind(node: ET.Element) -> tuple[str, dict[str, Any]]:
    path = node.get("nodeset", "")
    kind = node.get("type", "string").removeprefix("xsd:")
    if kind not in TYPES:
        raise Unfillable("type", path, "type", kind)
    found: dict[str, Any] = {"type": kind}
    for name in CONDITIONS:
        if node.get(name):
            found[name] = tree_of(node.get(name, ""), path, name)
    for name in ("constraintMsg", "requiredMsg"):
        if message := node.get(f"{JR}{name}"):
            found[name] = message
    for key, name in (("preload", f"{JR}preload"), ("preloadParams", f"{JR}preloadParams"), ("element", "element")):
        if node.get(name):
            found[key] = node.get(name, "").strip()
    return path, found


def _instance(node: ET.Element, path: str, repeats: set[str]) -> dict[str, Any]:
    seen: set[str] = set()
    children = []
    for child in node:
        name = _name(child)
        if name in seen or not isinstance(child.tag, str):
            continue  # after its template, the first round of a repeat
        seen.add(name)
        children.append(_instance(child, f"{path}/{name}", repeats))
    return {"name": _name(node), "text": (node.text or "").strip(), "repeat": path in repeats, "children": children}


def _texts(model: ET.Element) -> dict[str, dict[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = {}
    for translation in model.iter(f"{XF}translation"):
        for text in translation.findall(f"{XF}text"):
            value = next((one for one in text.findall(f"{XF}value") if not one.get("form")), None)
            if value is not None:
                found.setdefault(text.get("id", ""), {})[translation.get("lang", PLAIN)] = _parts(
                    value, text.get("id", "")
                )
    return found


def _parts(node: ET.Element, path: str) -> list[Any]:
    parts: list[Any] = [node.text or ""]
    for child in node:
        parts += [{"value": tree_of(child.get("value", "''"), path.partition(":")[0], "label")}, child.tail or ""]
    return [part for part in parts if part]


def _list(node: ET.Element, texts: dict[str, dict[str, list[Any]]]) -> dict[str, Any]:
    source = node.get("src", "").rpartition("/")[2]
    if source not in ("", PEOPLE, "last-saved"):
        raise Unfillable("file", part=source)
    items = []
    for item in node.iter(f"{XF}item"):
        columns = {_name(column): column.text or "" for column in item}
        label = texts.get(columns.get("itextId", ""))
        items.append({"columns": columns, "label": label or {PLAIN: [columns.get("label", columns.get("name", ""))]}})
    return {"items": items, "file": source if source == PEOPLE else ""}


class _Body:
    """Reads controls in their order."""

    def __init__(self, texts: dict[str, dict[str, list[Any]]]):
        self.texts = texts

    def controls(self, node: ET.Element) -> list[dict[str, Any]]:
        return [found for child in node if (found := self.control(child))]

    def control(self, node: ET.Element) -> dict[str, Any] | None:
        kind = _name(node)
        if kind not in CONTROLS and kind not in ("group", "repeat"):
            return None
        ref = node.get("ref") or node.get("nodeset") or ""
        found: dict[str, Any] = {"kind": kind, "ref": ref, "appearance": node.get("appearance", "")}
        for name in ("label", "hint"):
            if (text := node.find(f"{XF}{name}")) is not None:
                found[name] = self.text(text, ref)
        if kind in ("group", "repeat"):
            found["children"] = self.controls(node)
            if count := node.get(f"{JR}count"):
                found["count"] = tree_of(count, ref, "repeat_count")
            return found
        found |= {name: node.get(name, "") for name in ("start", "end", "step", "mediatype") if node.get(name)}
        if kind in ("select", "select1", "rank"):
            found |= self.choices(node, ref)
        return found

    def text(self, node: ET.Element, path: str) -> dict[str, list[Any]]:
        if found := ITEXT.match(node.get("ref", "")):
            return self.texts.get(found[1] or "", {})
        return {PLAIN: _parts(node, path)}

    def choices(self, node: ET.Element, ref: str) -> dict[str, Any]:
        if (itemset := node.find(f"{XF}itemset")) is not None:
            value, label = itemset.find(f"{XF}value"), itemset.find(f"{XF}label")
            return {
                "from": tree_of(itemset.get("nodeset", ""), ref, "choices"),
                "value": "name" if value is None else value.get("ref", "name"),
                "shown": "label" if label is None else label.get("ref", "label"),
            }
        items = [
            {"value": item.findtext(f"{XF}value") or "", "label": self.text(label, ref)}
            for item in node.findall(f"{XF}item")
            if (label := item.find(f"{XF}label")) is not None
        ]
        return {"items": items}
