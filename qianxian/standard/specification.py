"""Which column of a file is which element: written as YAML, suggested from headers and cells."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from .code_tables import NoCrosswalk, UnknownTable, code_table, crosswalk, sources_of
from .compiled import Column, function_of
from .elements import Element, Type, UnknownElement, element
from .headers import by_header, plain
from .programs.codes import words_of

ENOUGH, SURE = 0.6, 0.9
SAMPLE = 200
FEW = 5
"""Cells by which nothing is judged: the blank form of a ledger has its header and a note."""
MUCH_BETTER, AS_GOOD = 0.2, 0.05
SHORTEST_PART = 2
"""Characters of a known header that may stand inside a longer one."""


class BadSpecification(ValueError):
    """A specification that cannot be carried out; `code` names the sentence, `facts` fill it."""

    def __init__(self, code: str, **facts: Any):
        super().__init__(code)
        self.code, self.facts = code, facts


def specification(text: str) -> tuple[Column, ...]:
    """
    Return the columns that a specification names, those left aside not among them.

    `columns:` maps each header to an element's code, to a mapping (element, table, required, unique), or to nothing.

    :raises BadSpecification: not_yaml, no_columns, unknown_element, unknown_table, no_crosswalk, unknown_key,
        element_off, no_table
    """
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadSpecification("not_yaml", line=mark.line + 1 if mark else 1) from error
    named = said.get("columns") if isinstance(said, dict) else None
    if not isinstance(named, dict) or not any(named.values()):
        raise BadSpecification("no_columns")
    allowed = said.get("also_off") or ()
    return tuple(_column(str(header), told, allowed) for header, told in named.items() if told)


def _column(header: str, told: Any, allowed: Iterable[str]) -> Column:
    parts = {"element": told} if isinstance(told, str) else told
    if not isinstance(parts, dict) or not isinstance(parts.get("element"), str):
        raise BadSpecification("no_element", header=header)
    if unknown := parts.keys() - {"element", "table", "required", "unique"}:
        raise BadSpecification("unknown_key", header=header, key=sorted(map(str, unknown))[0])
    column = Column(
        header, parts["element"], str(parts.get("table") or ""), bool(parts.get("required")), bool(parts.get("unique"))
    )
    _check(column, allowed)
    return column


def _check(column: Column, allowed: Iterable[str]) -> None:
    try:
        one = element(column.element)
        if column.table and one.type is not Type.CODE:
            raise BadSpecification("no_table", header=column.header, element=column.element)
        if column.table and column.table != one.table:
            code_table(column.table)
            crosswalk(column.table, one.table)
    except UnknownElement as error:
        raise BadSpecification("unknown_element", header=column.header, element=column.element) from error
    except UnknownTable as error:
        raise BadSpecification("unknown_table", header=column.header, table=column.table) from error
    except NoCrosswalk as error:
        raise BadSpecification("no_crosswalk", header=column.header, table=column.table, to=error.table) from error
    if not one.on and column.element not in allowed:
        raise BadSpecification("element_off", header=column.header, element=column.element, name=one.name)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    What a column most likely is: the element ('' for none), the table its codes come from, how sure, and why.

    `rivals` are tables that all could be meant and read the cells differently: a person has to name one.
    """

    header: str
    element: str
    table: str = ""
    confidence: float = 0.0
    why: str = ""
    rivals: tuple[str, ...] = ()


def suggest(headers: Sequence[str], sample: Sequence[Sequence[str]], today: date) -> tuple[Suggestion, ...]:
    """Suggest an element for each column by its header and its cells; no element is suggested twice."""
    ranked = []
    for place, header in enumerate(headers):
        cells = [cell for row in sample[:SAMPLE] if place < len(row) and (cell := row[place].strip())]
        ranked += [(place, found) for found in _candidates(header, cells, today)]
    entities = Counter(element(found.element).entity for _, found in ranked if found.why == "name")
    ranked.sort(key=lambda pair: (-pair[1].confidence, -entities[element(pair[1].element).entity], pair[0]))
    chosen: dict[int, Suggestion] = {}
    taken: set[str] = set()
    for place, found in ranked:
        if place not in chosen and found.element not in taken:
            chosen[place] = found
            taken.add(found.element)
    return tuple(chosen.get(place, Suggestion(header, "")) for place, header in enumerate(headers))


def _candidates(header: str, cells: Sequence[str], today: date) -> list[Suggestion]:
    found = [_judged(header, one, cells, base, why, today) for one, base, why in _by_name(header)]
    found += [_judged(header, element(code), cells, 0.0, "content", today) for code in TOLD_BY_CONTENT if cells]
    return [one for one in found if one.confidence >= ENOUGH]


TOLD_BY_CONTENT = (
    "person.citizen_number",
    "organisation.credit_code",
    "person.phone",
    "person.ethnicity",
    "person.sex",
)
"""Elements whose values look like nothing else."""


def _by_name(header: str) -> Iterable[tuple[Element, float, str]]:
    bare = plain(header)
    for one in by_header().get(bare, ()):
        yield one, 0.8, "name"
    if bare in by_header() or not bare:
        return
    inside = [name for name in by_header() if len(name) >= SHORTEST_PART and name in bare]
    if inside:
        longest = max(inside, key=len)
        for one in by_header()[longest]:
            yield one, 0.5 + 0.2 * len(longest) / len(bare), "part"


def _judged(header: str, one: Element, cells: Sequence[str], base: float, why: str, today: date) -> Suggestion:
    """Weigh the header's word by how many cells are valid; codes may come from another table than the element's."""
    if not cells:
        return Suggestion(header, one.code, "", base, why)
    own = _valid(Column(header, one.code), cells, today)
    others = {
        source: part
        for source in (sources_of(one.table) if one.table else ())
        if (part := _valid(Column(header, one.code, table=source), cells, today)) > own + MUCH_BETTER
    }
    best = max((own, *others.values()))
    likely = [source for source, part in others.items() if part >= best - AS_GOOD]
    rivals = tuple(likely) if len(likely) > 1 and _differ(likely, one.table, cells) else ()
    table = "" if rivals or not likely else max(likely, key=lambda source: others[source])
    enough = 1.0 if why == "name" and len(cells) < FEW else 0.4 + 0.6 * best
    confidence = min(1.0, base + 0.2) * enough if base else best * 0.95 if best >= SURE else 0.0
    return Suggestion(header, one.code, table, round(confidence, 2), why, rivals)


def _differ(sources: Sequence[str], table: str, cells: Sequence[str]) -> bool:
    """Return whether tables read some cell as different codes: then a person has to say which of them it is."""
    read = [(words_of(source), crosswalk(source, table).links) for source in sources]
    meant = [{links[words[cell]].code for words, links in read if cell in words} for cell in set(cells)]
    return any(len(codes) > 1 for codes in meant)


def _valid(column: Column, cells: Sequence[str], today: date) -> float:
    function = function_of(column, today)
    said = [function(cell) for cell in cells]
    filled = [outcome for outcome in said if outcome.value or outcome.fault]
    return sum(not outcome.fault for outcome in filled) / len(filled) if filled else 0.0


def written(suggestions: Iterable[Suggestion]) -> str:
    """Return a specification as YAML that a person reads and corrects."""
    lines = [
        "# 左边是文件的列，右边是数据元；不用的列留空。 Columns of the file, and the elements that they are.",
        "columns:",
    ]
    for one in suggestions:
        key = yaml.safe_dump(one.header, allow_unicode=True, width=10**6).removesuffix("\n...\n").strip()
        if not one.element:
            lines.append(f"  {key}:")
            continue
        told = f"{{element: {one.element}, table: {one.table}}}" if one.table else one.element
        doubt = f"；代码可能来自 {' 或 '.join(one.rivals)}，请用 table 指明" if one.rivals else ""
        lines.append(f"  {key}: {told}  # {element(one.element).name}，把握 {one.confidence:.0%}{doubt}")
    return "\n".join(lines) + "\n"
