"""One fact once: which questions of a form ask what an authority already holds (promise 6)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from qianxian.standard import elements as standard

from .filling import path_of
from .xform import ABOUT, Definition, each_control, plain_label


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is bound to an element; one that is `repeated` speaks of others than the form's own record."""

    path: str
    label: str
    element: str
    shown_only: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class AlreadyHeld:
    """A question that asks what an authority holds: who holds it, and of how many records in the form's area."""

    path: str
    label: str
    element: str
    authority: str
    records: int


class AsksWhatIsHeld(ValueError):
    """The form asks what authorities hold; `held` is the list."""

    def __init__(self, held: tuple[AlreadyHeld, ...]):
        super().__init__(", ".join(f"{one.path} {one.element}" for one in held))
        self.held = held


class UnknownBinding(ValueError):
    """A question is bound to an element that the standard does not have, or that is switched off."""

    def __init__(self, path: str, element: str):
        super().__init__(f"{path} {element}")
        self.path, self.element = path, element


def asked_elements(definition: Definition, confirmed: Mapping[str, str] | None = None) -> list[Asked]:
    """
    Return every question that is bound to an element.

    :param confirmed: further bindings, by path, that a steward confirmed
    :raises UnknownBinding: if the standard does not have it
    """
    found, bound = [], {**definition["elements"], **(confirmed or {})}
    for control in each_control(definition["body"]):
        element = bound.get(control["ref"], "")
        if not element or element == ABOUT:
            continue
        declared = standard.elements().get(element)
        if declared is None or not declared.on:
            raise UnknownBinding(control["ref"], element)
        readonly = definition["binds"].get(control["ref"], {}).get("readonly") == ["call", "true", []]
        found.append(
            Asked(control["ref"], plain_label(control), element, readonly, _repeated(control["ref"], definition))
        )
    return found


def _repeated(path: str, definition: Definition) -> bool:
    return any(
        one["kind"] == "repeat" and path.startswith(f"{one['ref']}/") for one in each_control(definition["body"])
    )


DERIVED = frozenset({"person.age", "party_branch.members"})


def likely(definition: Definition) -> dict[str, str]:
    """Return the unbound questions whose words are the name of an element, for a steward to confirm; none in repeats."""
    known = [(code, one) for code, one in reversed(list(standard.elements().items())) if one.on and code not in DERIVED]
    names = {name: code for code, one in known for name in (one.name, *one.also)}
    found = {}
    for control in each_control(definition["body"]):
        path, label = control["ref"], plain_label(control).strip(" ：:？?*")
        free = control["kind"] not in ("group", "repeat") and path not in definition["elements"]
        if free and label in names and not _repeated(path, definition):
            found[path] = names[label]
    return found


def already_held(
    asked: Collection[Asked], holding: Mapping[str, int], own: Collection[str], shown: Collection[str] = ()
) -> tuple[AlreadyHeld, ...]:
    """
    Return the questions that may not be asked.

    :param holding: of how many records the authority of an element holds it, by element
    :param own: the authorities that the asking unit is: it keeps the fact itself and may ask
    :param shown: paths that the publisher chose to show instead of asking
    """
    return tuple(
        AlreadyHeld(one.path, one.label, one.element, authority, holding[one.element])
        for one in asked
        if holding.get(one.element)
        and (authority := standard.element(one.element).authority) not in own
        and not one.shown_only
        and path_of(one.path) not in shown
    )
