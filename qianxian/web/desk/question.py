"""What is in question about a matter: both sides with their articles, what the register said, what was ruled before."""

from typing import Any

from django.utils.translation import gettext as _

from qianxian.matters.queries import oversight
from qianxian.matters.queries.page import MatterPage
from qianxian.matters.rules.authority import Cause
from qianxian.matters.rules.possible import cause_of
from qianxian.register.rules import Directory
from qianxian.web.desk import wording


def question(page: MatterPage, directory: Directory) -> dict[str, Any] | None:
    """Return what the page shows of a matter that waits for a ruling, None where nothing is in question."""
    cause = cause_of(page.facts)
    if cause is None:
        return None
    answer = page.matter.answer
    return {
        "cause": cause,
        "words": wording.named(wording.CAUSES, cause),
        "due_at": page.objection.due_at if cause is Cause.OBJECTION and page.objection else None,
        "sides": [_side(unit, page, directory) for unit in parties(page)],
        "answer": answer,
        "assisting": [(wording.unit(line["body"], directory), line["number"]) for line in answer.get("assisting", ())],
        "precedents": oversight.precedents(page.matter),
    }


def parties(page: MatterPage) -> list[str]:
    """Return the units between which a matter lies: who objected and whom they named, then the rivals."""
    sides = [page.objection.unit_id, page.objection.names_id] if page.objection else []
    return list(dict.fromkeys((*sides, *page.facts.rivals)))


def _side(unit: str, page: MatterPage, directory: Directory) -> dict[str, Any]:
    holders = page.matter.answer.get("holders", {})
    return {
        "name": wording.unit(unit, directory),
        "part": _part(unit, page),
        "lines": _lines(unit, page.matter.answer),
        "powers": wording.joined(
            wording.named(wording.POWERS, power) for power, bodies in holders.items() if unit in bodies
        ),
        "claims": page.objection if page.objection and unit == page.objection.unit_id else None,
    }


def _part(unit: str, page: MatterPage) -> str:
    objection, owns = page.objection, unit == page.matter.owner_id
    if objection and unit == objection.unit_id:
        return _("提出异议，现承办单位") if owns else _("提出异议")
    if objection and unit == objection.names_id:
        return _("被指应当承办")
    return _("现承办单位") if owns else ""


def _lines(unit: str, answer: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return what the register gives a unit for this case: how (lead, beaten, assist) and by which article."""
    prevailing = [answer["article"]] if answer.get("article") else []
    given = (
        ("lead", [*answer.get("rivals", ()), *prevailing]),
        ("beaten", answer.get("beaten", ())),
        ("assist", answer.get("assisting", ())),
    )
    return [(how, line) for how, lines in given for line in lines if line["body"] == unit]
