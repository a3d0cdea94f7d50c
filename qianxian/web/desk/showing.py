"""The parts of one matter as its page shows them, with names for codes."""

from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qianxian.cadres import queries as cadres
from qianxian.matters.queries.page import MatterPage
from qianxian.matters.rules.explanation import explain
from qianxian.register.rules import Directory
from qianxian.web.desk import wording
from qianxian.web.desk.question import question
from qianxian.web.desk.story import story


def shown(page: MatterPage, directory: Directory) -> dict[str, Any]:
    """Return what the template of a matter draws beside the deeds."""
    matter = page.matter
    return {
        "page": page,
        "matter": matter,
        "topic": matter.topic.name if matter.topic else _("还没有归类"),
        "kind": wording.named(wording.KINDS, matter.kind),
        "channel": wording.named(wording.CHANNELS, matter.channel),
        "setting": wording.named(wording.SETTINGS, matter.setting) if matter.setting else "",
        "stage_name": wording.STAGES[matter.stage],
        "result": wording.named(wording.RESULTS, matter.result) if matter.result else _ending(page),
        "satisfaction": wording.named(wording.SATISFACTIONS, matter.satisfaction) if matter.satisfaction else "",
        "pleas": [_plea(plea) for plea in page.pleas],
        "extensions": [(asked, extension_words(asked, page)) for asked in page.extensions],
        "opinions": [
            (wording.unit(said["unit"], directory), said["opinion"])
            for said in (page.consultation.opinions if page.consultation else ())
        ],
        "helps": [_help(asked, directory) for asked in page.helps],
        "coordinations": [coordination(asked, directory) for asked in page.coordinations],
        "whistles": [_whistle(blown, directory) for blown in page.whistles],
        "story": story(page, directory),
        "deadline": [{"label": line, "value": ""} for line in explain(page.deadline, get_language() or "zh")],
        **_owning(page, directory),
        **_questioned(page, directory),
        "related": _related(page),
    }


def _ending(page: MatterPage) -> str:
    return wording.named(wording.ENDINGS, page.matter.ending) if page.matter.ending else ""


def _owning(page: MatterPage, directory: Directory) -> dict[str, Any]:
    matter = page.matter
    asked = {number for number in (matter.owner_posting_id, matter.answers_to_posting_id) if number}
    people = cadres.posting_names(asked) if asked else {}
    bodies = directory.organisations
    return {
        "owner_person": people.get(matter.owner_posting_id or 0, ""),
        "answers_person": people.get(matter.answers_to_posting_id or 0, ""),
        "ground": wording.named(wording.GROUNDS, matter.ground),
        "why": wording.why(matter.answer),
        "rivals": [
            f"{wording.unit(rival['body'], directory)}　{rival['number']}　{rival['basis']}"
            for rival in matter.answer.get("rivals", ())
        ],
        "holders": [
            (
                wording.named(wording.POWERS, power),
                wording.joined(bodies[code].short for code in held if code in bodies) or _("清单没有写明"),
            )
            for power, held in matter.answer.get("holders", {}).items()
        ],
    }


def _questioned(page: MatterPage, directory: Directory) -> dict[str, Any]:
    objection = page.objection
    return {
        "objection": objection
        and {"unit": wording.unit(objection.unit_id, directory), "names": wording.unit(objection.names_id, directory)},
        "question": question(page, directory),
        "ruling_unit": wording.unit(page.ruling.unit_id, directory) if page.ruling else "",
    }


def extension_words(asked: Any, page: MatterPage) -> str:
    """Return when how much more time was asked for, and why."""
    asking = {
        "moment": f"{localtime(asked.asked_at):%m-%d %H:%M}",
        "amount": asked.amount,
        "unit": wording.named(wording.LIMIT_UNITS, page.deadline.limit.unit.value),
    }
    words = _("%(moment)s 申请延长 %(amount)s %(unit)s：") % asking
    return f"{words}{asked.reason}"


def plea_words(plea: Any) -> str:
    """Return on what ground a plea rests, and why."""
    return f"{wording.named(wording.TERMINATION | wording.REMOVAL, plea.ground)}：{plea.reason}"


def _plea(plea: Any) -> dict[str, Any]:
    return {
        "kind": wording.named(wording.PLEAS, plea.purpose),
        "granted": plea.granted,
        "words": plea_words(plea),
        "decision": plea.decision,
    }


def _help(asked: Any, directory: Directory) -> dict[str, Any]:
    names = ("what", "article", "due_at", "answered_at", "delivered", "answer")
    return {"unit": wording.unit(asked.unit_id, directory), **{name: getattr(asked, name) for name in names}}


def coordination(asked: Any, directory: Directory) -> dict[str, Any]:
    """Return a request for coordination and what came of it."""
    names = ("reason", "wanted", "due_at", "answered_at", "agreed", "answer", "until")
    recorded = asked.answered_by_id if asked.answered_by_id not in (None, asked.unit_id) else ""
    return {
        "way": wording.named(wording.WAYS, asked.way),
        "unit": wording.unit(asked.unit_id, directory),
        "asker": wording.unit(asked.asker_id, directory),
        "executor": wording.unit(asked.executor_id, directory) if asked.executor_id else "",
        "recorded": wording.unit(recorded, directory) if recorded else "",
        **{name: getattr(asked, name) for name in names},
    }


def _whistle(blown: Any, directory: Directory) -> dict[str, Any]:
    names = ("required_at", "arrived_at", "work", "unit_rated", "caller_rated")
    return {
        "number": blown.pk,
        "caller": wording.unit(blown.caller_id, directory),
        "kind": wording.named(wording.WHISTLES, blown.kind),
        "at": blown.blown_at,
        "what": blown.what,
        "outcome": blown.outcome,
        "arrivals": [
            {"unit": wording.unit(arrival.unit_id, directory), **{name: getattr(arrival, name) for name in names}}
            for arrival in blown.arrivals.all()
        ],
    }


def _related(page: MatterPage) -> list[tuple[str, Any]]:
    matter = page.matter
    return [
        *([(_("接着上一件"), matter.follows)] if matter.follows_id and matter.follows else []),
        *([(_("并入"), matter.merged_into)] if matter.merged_into_id and matter.merged_into else []),
        *([(_("从这件拆出"), matter.part_of)] if matter.part_of_id and matter.part_of else []),
        *((_("拆成的另一件"), other) for other in page.parts),
        *((_("再次反映"), other) for other in page.followed_by),
        *((_("并入本件"), other) for other in page.merged),
    ]
