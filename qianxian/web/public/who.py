"""谁管这件事: asked in words, by the tree of topics, by place and setting; answered with the article."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianxian.cadres.queries import posting_names
from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.topic_tree import Topic
from qianxian.matters.actions.intake import answer_as_data
from qianxian.matters.queries import foresight
from qianxian.matters.rules.explanation import explain
from qianxian.matters.rules.intake import Demand, NoGovernment, exit_shown
from qianxian.register import queries as register
from qianxian.register.rules import Level
from qianxian.web.acting import now
from qianxian.web.public.answers import body_name, reasons
from qianxian.web.public.exits import own_affairs, shown_by, ways_out
from qianxian.web.public.words import SETTINGS, named
from qianxian.web.resident.emergency import NUMBERS
from qianxian.web.resident.forms import places
from qianxian.web.shell.allowance import require_allowance

ASKED_MOST, ASKED_PER = 120, timedelta(minutes=10)
SPOTS = 100


@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Answer who is in charge: the words suggest topics, the topic with place and setting gives the answer."""
    asked = request.GET
    tree, directory = mandates.topics(), register.directory()
    if asked.get("q"):
        require_allowance(request, "who", most=ASKED_MOST, per=ASKED_PER)
    found = tree.suggested(asked.get("q", ""), most=6)
    topic = asked.get("topic", "")
    chosen = topic if topic in tree.topics else (found[0].topic if found else "")
    place = asked.get("place", "") if asked.get("place", "") in directory.places else _district()
    words: dict[str, Any] = {
        "places": places(directory), "settings": SETTINGS.items(), "place": place, "numbers": NUMBERS,
        "setting": asked.get("setting", ""), "asked": bool(asked.get("q")), "chosen": chosen,
        "found": [{"code": s.topic, "path": [t.name for t in tree.path(s.topic)], "words": s.words[:4]} for s in found],
        "tops": [t for t in tree.topics.values() if len(t.code) == 2],
        "emergency": exit_shown(asked.get("q", "")) == "E1",
        "way_out": shown_by(asked.get("q", "")), "ways_out": ways_out(),
    }  # fmt: skip
    if chosen:
        words |= answered(tree.path(chosen), place, asked.get("setting", ""))
    return render(request, "public/who.html", words)


@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """Show the topics of one level, to come down by touch."""
    topics = mandates.topics()
    within = request.GET.get("within", "")
    above = topics.path(within) if within in topics.topics else ()
    below = [t for t in topics.topics.values() if len(t.code) == len(within) + 2 and t.code.startswith(within)]
    return render(request, "public/topics.html", {"above": above, "below": below, "deepest": len(within) == 4})


@require_GET
def open_spots(request: HttpRequest) -> HttpResponse:
    """Show where the register is silent or contested, and who holds such matters meanwhile."""
    spots = mandates.open_findings(_district())[:SPOTS]
    directory, at = register.directory(), now()
    rows = [
        {
            "spot": spot,
            "bodies": _("、").join(str(rival) for rival in spot.rivals),
            "setting": named(SETTINGS, spot.setting),
            "holder": body_name(foresight.meanwhile(spot.place_id, at=at).unit, directory),
        }
        for spot in spots
    ]
    return render(request, "public/open.html", {"rows": rows})


def answered(path: tuple[Topic, ...], place: str, setting: str) -> dict[str, Any]:
    """Return the register's answer for a topic, place and setting as a demand of this kind would get it now."""
    topic = path[-1]
    directory = register.directory()
    where = setting or topic.setting_hint
    demand = Demand(words=topic.name, place=place, topic=topic.code, setting=where)
    try:
        seen = foresight.foreseen(demand, at=now())
    except (mandates.NothingInForce, NoGovernment):
        return {"unready": True}
    owner = seen.assignment.owner
    return {
        "path": path,
        "foreseen": seen,
        "limits": seen.limits,
        "own_affairs": own_affairs(topic.code, place, where, directory, now()),
        "owner_name": body_name(owner.unit, directory),
        "owner_phone": register.phones([owner.unit]).get(owner.unit, ""),
        "person": posting_names({owner.posting}).get(owner.posting, "") if owner.posting else "",
        "reasons": reasons(answer_as_data(seen.assignment.answer), directory, mandates.in_force(now()).edition),
        "arithmetic": explain(seen.deadline, get_language() or "zh"),
        "setting_name": named(SETTINGS, where) if where else _("任何地方"),
        "setting_guessed": bool(where) and not setting,
        "place_name": directory.places[place].name,
    }


def _district() -> str:
    """Return the district that this platform serves."""
    return next((p.code for p in register.directory().places.values() if p.level is Level.DISTRICT), "")
