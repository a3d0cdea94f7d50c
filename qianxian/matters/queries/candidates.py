"""What may be chosen while working on a matter: units, articles, matters that may be the same."""

from dataclasses import dataclass
from datetime import datetime

from qianxian.mandates.rules.answering import Index
from qianxian.mandates.rules.articles import Article, Case, Duty
from qianxian.register.rules import Organisation

from ..models import Matter
from ..rules.coordination import may_be_asked
from ..rules.deadlines import Limit
from ..rules.intake import NEVER_OWN
from ..rules.life import Stage
from . import limits_of, reference

NEAR = 5
THEME = 2


@dataclass(frozen=True)
class Candidates:
    """
    Units that an article lets help (`suggested`), all others that may be asked, articles on the same subject.

    `above` may be asked by the unit for coordination. `similar` come from the same requester, or lie at the same place and topic.
    """

    suggested: tuple[Organisation, ...]
    units: tuple[Organisation, ...]
    articles: tuple[Article, ...]
    similar: tuple[Matter, ...]
    above: tuple[Organisation, ...]
    limit: Limit


def candidates(matter: Matter, unit: str, at: datetime) -> Candidates:
    """Return what a unit may choose for a matter now."""
    known = reference(at)
    case = Case(matter.topic_id or "", matter.place_id, matter.setting, at)
    bodies = known.directory.organisations
    assisting = dict.fromkeys(
        article.body for article in known.index.covering(case) if article.duty in (Duty.ASSIST, Duty.LEAD)
    )
    suggested = tuple(bodies[code] for code in assisting if code != matter.owner_id and code in bodies)
    return Candidates(
        suggested,
        tuple(
            body
            for body in bodies.values()
            if body not in suggested and body.kind not in NEVER_OWN and body.code != matter.owner_id
        ),
        _articles(known.index, case),
        similar(matter),
        tuple(may_be_asked(known.directory, unit, matter.place_id)),
        limits_of(matter).limit,
    )


def _articles(index: Index, case: Case) -> tuple[Article, ...]:
    theme = case.topic[:THEME]
    near = (
        article
        for article in index
        if article.duty is Duty.LEAD and article.scope.topic.startswith(theme) and case.at in article.scope.period
    )
    return tuple(sorted(near, key=lambda article: (not case.topic.startswith(article.scope.topic), article.number)))


def similar(matter: Matter) -> tuple[Matter, ...]:
    """Return open matters of the same requester, then those at the same place on the same topic."""
    running = (
        Matter.objects.filter(stage__lt=Stage.RESOLVED, merged_into=None)
        .exclude(pk=matter.pk)
        .select_related("owner")
        .order_by("id")
    )
    same_person = list(running.filter(requester_index=matter.requester_index)[:NEAR]) if matter.requester_index else []
    same_spot = list(running.filter(place=matter.place_id, topic=matter.topic_id)[:NEAR]) if matter.topic_id else []
    return tuple({found.pk: found for found in (*same_person, *same_spot)}.values())[:NEAR]
