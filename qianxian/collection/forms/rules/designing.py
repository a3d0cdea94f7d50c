"""A form drawn by somebody who knows no XLSForm: rows of questions, and the sheets that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qianxian.standard import code_tables
from qianxian.standard import elements as standard
from qianxian.standard.elements import Type

KINDS = ("text", "integer", "decimal", "date", "select_one", "select_multiple", "note", "image")
OF_TYPE = {Type.WHOLE: "integer", Type.DECIMAL: "decimal", Type.DATE: "date", Type.CODE: "select_one"}
COMPARED = ("=", "!=", ">", "<")
MOST = 100
SURVEY = ("type", "name", "label", "hint", "required", "relevant", "bind::element", "appearance")
CHOICES = ("list_name", "name", "label")
SETTINGS = ("form_title", "form_id", "version")
Sheets = dict[str, list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question as it is drawn.

    :param when: the number of an earlier question from 1, 0 for always; asked where its answer `compared` to `to`
    """

    kind: str = "text"
    label: str = ""
    hint: str = ""
    element: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    when: int = 0
    compared: str = "="
    to: str = ""

    @property
    def has_choices(self) -> bool:
        return self.kind in ("select_one", "select_multiple")


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a drawing lacks: the number of the question from 1 (0 for the form), and a key of the sentences."""

    number: int
    code: str


def of_element(code: str) -> Question:
    """Return a question that asks an element of the standard, with its codes as choices."""
    one = standard.element(code)
    table = code_tables.code_tables().get(one.table)
    choices = tuple(entry.name for entry in table.entries.values()) if table else ()
    kind = OF_TYPE.get(one.type, "text")
    return Question(kind if choices or kind != "select_one" else "text", one.name, element=code, choices=choices)


def moved(questions: Sequence[Question], at: int, to: int) -> list[Question]:
    """Return the questions with one moved; conditions still mean the question that they meant."""
    if not (0 <= at < len(questions) and 0 <= to < len(questions)):
        return list(questions)
    order = list(range(len(questions)))
    order.insert(to, order.pop(at))
    places = {old + 1: new + 1 for new, old in enumerate(order)}
    return [_renamed(questions[old], places) for old in order]


def without(questions: Sequence[Question], at: int) -> list[Question]:
    """Return the questions without one; a condition on it goes with it."""
    places = {number: number - (number > at + 1) for number in range(1, len(questions) + 1) if number != at + 1}
    return [_renamed(one, places) for place, one in enumerate(questions) if place != at]


def _renamed(one: Question, places: Mapping[int, int]) -> Question:
    return replace(one, when=places.get(one.when, 0))


def lacks(title: str, questions: Sequence[Question]) -> list[Lacking]:
    """Return what is to be mended before the drawing makes a form."""
    found = [] if title.strip() else [Lacking(0, "title")]
    if not any(one.kind != "note" for one in questions):
        found.append(Lacking(0, "questions"))
    for number, one in enumerate(questions, 1):
        if not one.label.strip():
            found.append(Lacking(number, "label"))
        if one.has_choices and len(one.choices) < 2:
            found.append(Lacking(number, "choices"))
        if one.when and (one.when >= number or not one.to.strip()):
            found.append(Lacking(number, "when"))
    return found


def sheets(title: str, code: str, version: str, questions: Sequence[Question]) -> Sheets:
    """Return the sheets of an XLSForm that a drawing makes; the name of a question is its number."""
    return {
        "survey": [_row(number, one, questions) for number, one in enumerate(questions, 1)],
        "choices": [
            {"list_name": f"list{number}", "name": f"c{place}", "label": label}
            for number, one in enumerate(questions, 1) if one.has_choices
            for place, label in enumerate(one.choices, 1)
        ],
        "settings": [{"form_title": title, "form_id": code, "version": version}],
    }  # fmt: skip


def _row(number: int, one: Question, questions: Sequence[Question]) -> dict[str, str]:
    return {
        "type": f"{one.kind} list{number}" if one.has_choices else one.kind, "name": f"q{number}", "label": one.label,
        "hint": one.hint, "required": "yes" if one.required and one.kind != "note" else "",
        "relevant": _condition(one, questions), "bind::element": one.element, "appearance": "",
    }  # fmt: skip


def _condition(one: Question, questions: Sequence[Question]) -> str:
    if not one.when:
        return ""
    other, to = questions[one.when - 1], one.to.strip()
    if other.has_choices:
        place = other.choices.index(to) + 1 if to in other.choices else 0
        chosen = f"selected(${{q{one.when}}}, 'c{place}')"
        return f"not({chosen})" if one.compared == "!=" else chosen
    value = to if _is_number(to) else f"'{to.replace(chr(39), '’')}'"
    return f"${{q{one.when}}} {one.compared} {value}"


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()
