"""The journal of one matter as sentences: who did what, when, under which article."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qianxian.matters.queries.page import MatterPage
from qianxian.register.rules import Directory
from qianxian.web.desk import wording


@dataclass(frozen=True)
class Told:
    """One deed as the timeline draws it."""

    at: datetime
    title: str
    who: str
    words: str
    article: str


def story(page: MatterPage, directory: Directory) -> list[Told]:
    """Return the deeds of a matter, the newest first."""
    return [_told(entry, page, directory) for entry in reversed(page.entries)]


def _told(entry: Any, page: MatterPage, directory: Directory) -> Told:
    return Told(
        entry.at, wording.named(wording.VERBS, entry.verb), _who(entry, directory),
        _words(entry.verb, entry.details, page, entry.at, directory), entry.article,
    )  # fmt: skip


def _who(entry: Any, directory: Directory) -> str:
    if entry.unit in directory.organisations:
        return directory.organisations[entry.unit].short
    return {"system": _("系统"), "resident": _("诉求人")}.get(entry.actor, _("工作人员"))


def _words(verb: str, details: dict[str, Any], page: MatterPage, at: datetime, directory: Directory) -> str:
    bodies = directory.organisations

    def unit(code: str) -> str:
        return bodies[code].short if code in bodies else ""

    parts: list[str] = []
    if "owner" in details:
        parts.append(_("承办单位：%(unit)s") % {"unit": unit(details["owner"])})
    if "ground" in details:
        parts.append(wording.named(wording.GROUNDS, details["ground"]))
    if "names" in details:
        parts.append(_("认为应由%(unit)s承办") % {"unit": unit(details["names"])})
    if "told" in details and verb == "alarm":
        parts.append(_("已提醒%(unit)s") % {"unit": unit(details["told"])})
    if "agreed" in details:
        parts.append(_("协调解决") if details["agreed"] else _("不予协调"))
    if "result" in details:
        parts.append(wording.named(wording.RESULTS, details["result"]))
    if details.get("satisfaction"):
        parts.append(wording.named(wording.SATISFACTIONS, details["satisfaction"]))
    if verb == "read_requester":
        parts.append(f"{wording.named(wording.PURPOSES, details.get('purpose', ''))}：{details.get('words', '')}")
    if verb in SHOWS_DUE and "due_at" in details:
        parts.append(_("时限 %(moment)s") % {"moment": wording.until(datetime.fromisoformat(details["due_at"]))})
    return _("；").join([*parts, *_of_parts(verb, page, at)])


SHOWS_DUE = {"receive", "grant_extension", "resume", "move_deadline", "dispatch"}


def _of_parts(verb: str, page: MatterPage, at: datetime) -> list[str]:
    """Return what was said in a deed, from the part of the matter that was written at that moment."""
    sources: dict[str, list[tuple[datetime | None, str]]] = {
        "ask_help": [(asked.asked_at, asked.what) for asked in page.helps],
        "answer_help": [(asked.answered_at, asked.answer) for asked in page.helps],
        "ask_above": [(asked.asked_at, asked.wanted) for asked in page.coordinations],
        "answer_above": [(asked.answered_at, asked.answer) for asked in page.coordinations],
        "whistle": [(blown.blown_at, blown.what) for blown in page.whistles],
        "close_whistle": [(blown.closed_at, blown.outcome) for blown in page.whistles],
        "pause": [
            (paused.from_at, f"{wording.named(wording.PAUSES, paused.cause)}：{paused.note}") for paused in page.pauses
        ],
        "ask_extension": [(asked.asked_at, asked.reason) for asked in page.extensions],
        "grant_extension": [(asked.decided_at, asked.told) for asked in page.extensions],
        "refuse_extension": [(asked.decided_at, asked.told) for asked in page.extensions],
        "object": [(page.objection.made_at, page.objection.reason)] if page.objection else [],
        "adjudicate": [(page.ruling.made_at, page.ruling.reason)] if page.ruling else [],
        "supervise": [(opened.opened_at, opened.note) for opened in page.supervisions],
        "answer_supervision": [(opened.answered_at, opened.answer) for opened in page.supervisions],
        "plead": [(plea.asked_at, plea.reason) for plea in page.pleas],
        "resolve": [(page.matter.resolved_at, page.matter.reply)],
        "rate": [(at, page.matter.comment)],
    }
    return [words for moment, words in sources.get(verb, ()) if moment == at and words]
