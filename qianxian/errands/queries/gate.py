"""All that the checks of a request need to know, read from what stands."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache

from qianxian.kernel.worktime import BEIJING, Calendar, add_working_days
from qianxian.mandates import queries as mandates
from qianxian.mandates.rules.articles import Article, Duty
from qianxian.matters.queries import calendar
from qianxian.register import queries as register
from qianxian.register.rules import Directory, plain
from qianxian.register.rules import Kind as BodyKind
from qianxian.standard.elements import authorities, elements

from ..models import Errand, Occasion
from ..rules import gate
from ..rules.certificates import CertificateKind, load_kinds
from ..rules.life import Frequency, Kind, Stage
from ..rules.meetings import State
from ..rules.parameters import (
    Deciders,
    Law,
    Parameter,
    deciders_for,
    load_deciders,
    load_laws,
    load_parameters,
    select,
)
from ..rules.refusals import RefusalArticle, What, article_for, load_articles


@cache
def parameters() -> tuple[Parameter, ...]:
    """Return the dated parameters of the gate."""
    return load_parameters()


@cache
def laws() -> tuple[Law, ...]:
    """Return the laws that the platform knows."""
    return load_laws()


@cache
def deciders() -> tuple[Deciders, ...]:
    """Return the tables of joint decision."""
    return load_deciders()


@cache
def refusal_articles() -> tuple[RefusalArticle, ...]:
    """Return the articles by which a community refuses."""
    return load_articles()


@cache
def certificate_kinds() -> tuple[CertificateKind, ...]:
    """Return every kind of certificate on every list."""
    return load_kinds()


@cache
def holdings() -> dict[str, gate.Holding]:
    """
    Return every data element with the authority that holds it.

    What people say of themselves, and what only the owner of a device knows, is held by no authority; what communities
    keep lies in the register already.
    """
    names = authorities()
    return {
        code: gate.Holding(
            code,
            element.name,
            "" if element.authority in HELD_BY_NONE else names[element.authority].name,
            here=element.authority in HELD_HERE,
        )
        for code, element in elements().items()
    }


HELD_BY_NONE = frozenset({"oneself", "owner"})
HELD_HERE = frozenset({"community", "street"})


def element_named(typed: str) -> str:
    """Return the code of a data element by its name or any spelling of it; what is none stays as it was typed."""
    if typed in holdings():
        return typed
    return element_names().get(plain(typed), typed[:64])


@cache
def element_names() -> dict[str, str]:
    """Return the code of every data element by the spellings of its name."""
    spelt: dict[str, str] = {}
    for code, element in elements().items():
        for name in (element.name, *element.also):
            spelt.setdefault(plain(name), code)
    return spelt


def refusal_article(what: What, place: str, at: datetime) -> RefusalArticle:
    """Return the article by which the community of a place refuses at a moment."""
    return article_for(refusal_articles(), what, place, day_of(at))


def day_of(at: datetime) -> date:
    """Return the day of a moment in Beijing."""
    return at.astimezone(BEIJING).date()


def parameter(code: str, kind: str, place: str, at: datetime) -> Parameter:
    """Return one dated parameter as it stands at a moment."""
    return select(parameters(), code, kind, place, day_of(at))


def periods(errand: Errand, at: datetime) -> tuple[datetime, datetime]:
    """Return until when communities are heard and until when it is decided, for a request filed at a moment."""
    place = errand.places[0] if errand.places else ""
    opinion, decision = (parameter(code, errand.kind, place, at).amount for code in ("opinion", "decision"))
    days: Calendar = calendar()
    return add_working_days(days, at, opinion).due, add_working_days(days, at, decision).due


def joint_table(places: Sequence[str], at: datetime, directory: Directory | None = None) -> list[str]:
    """
    Return the units that decide together on what enters these communities, each once.

    :raises NoParameter: if no table is in force
    """
    known = directory or register.directory()
    units: list[str] = []
    for place in places:
        for named in deciders_for(deciders(), place, day_of(at)).units:
            body = known.over(place, BodyKind(named)) if named in ("street", "government") else None
            units.append(body.code if body else named)
    return [unit for unit in dict.fromkeys(units) if unit in known.organisations]


def committee_of(place: str, directory: Directory | None = None) -> str:
    """
    Return the committee of a community.

    :raises NoCommittee: if the place has none
    """
    known = directory or register.directory()
    body = known.over(place, BodyKind.COMMITTEE)
    if body is None:
        raise NoCommittee(place)
    return body.code


class NoCommittee(LookupError):
    """The place has no committee: only communities and villages with one take part."""


def known_for(errand: Errand, at: datetime) -> gate.Known:
    """Return what decides about a request at a moment."""
    others = running(errand.places, leaving_out=errand.extends_id or 0)
    return gate.Known(
        articles=articles_at(at),
        laws=laws(),
        holdings=holdings(),
        running=tuple(others),
        parameters=parameters(),
        calendar=calendar(),
        gatherings=gatherings(errand.places),
        comprehensive=comprehensive_of(errand),
    )


def articles_at(at: datetime) -> tuple[Article, ...]:
    """Return the articles of the register in force, none where no register was published."""
    try:
        return tuple(mandates.in_force(at).index)
    except mandates.NothingInForce:
        return ()


def as_request(errand: Errand) -> gate.Request:
    """Return a request as the checks see it; one that names no beginning begins on the day of its drafting."""
    start = errand.starts_on or day_of(errand.drafted_at)
    return gate.Request(
        department=errand.department_id,
        kind=Kind(errand.kind),
        topic=errand.topic_id or "",
        role=Duty(errand.role),
        basis=errand.basis,
        frequency=Frequency(errand.frequency),
        hours=float(errand.hours_month),
        fields=tuple(errand.fields),
        funds=errand.funds,
        people=errand.people,
        training=errand.training,
        assessment=errand.assessment,
        start=start,
        end=errand.ends_on,
        places=tuple(errand.places),
        gathering=_gathering(errand),
        extends=errand.extends_id,
    )


def _gathering(errand: Errand) -> gate.Gathering | None:
    if Kind(errand.kind) not in (Kind.MEETING, Kind.INSPECTION) or errand.starts_at is None:
        return None
    return gate.Gathering(
        errand.starts_at, errand.minutes or 0, errand.report_minutes, errand.comprehensive, tuple(errand.attendees)
    )


def running(places: Iterable[str], leaving_out: int = 0) -> list[gate.Running]:
    """Return what is admitted into communities, one line for each community that it entered."""
    wanted = set(places)
    admitted = Errand.objects.filter(stage=Stage.ADMITTED, places__overlap=list(wanted)).exclude(pk=leaving_out)
    return [
        gate.Running(
            number=errand.pk, title=errand.title, department=errand.department_id, kind=Kind(errand.kind),
            topic=errand.topic_id or "", hours=float(errand.hours_month), frequency=Frequency(errand.frequency),
            start=errand.starts_on, end=errand.ends_on, place=place,
        )
        for errand in admitted
        for place in errand.places
        if place in wanted and errand.starts_on and errand.ends_on
    ]  # fmt: skip


def comprehensive_of(errand: Errand) -> int:
    """Return how many other comprehensive meetings or inspections a unit has asked for, or held, in the same year."""
    if not errand.comprehensive or errand.starts_on is None:
        return 0
    asked = Errand.objects.filter(
        department=errand.department_id, kind=errand.kind, comprehensive=True, starts_on__year=errand.starts_on.year,
        stage__in=[Stage.FILED, Stage.HEARD, Stage.ADMITTED, Stage.ENDED],
    )  # fmt: skip
    return asked.exclude(pk=errand.pk).count()


def gatherings(places: Iterable[str]) -> dict[tuple[str, str, Kind], int]:
    """Return how many meetings and inspections that others call are planned, by community, month and kind."""
    wanted = set(places)
    planned = Occasion.objects.filter(
        places__overlap=list(wanted), state__in=[State.PLANNED, State.HELD], errand__isnull=False
    ).values_list("places", "starts_at", "kind")
    return Counter(
        (place, gate.month_of(day_of(moment)), Kind(kind))
        for held, moment, kind in planned
        for place in held
        if place in wanted
    )
