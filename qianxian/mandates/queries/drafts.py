"""What is read of drafts, and of editions beside each other."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet

from qianxian.register import queries as register

from ..models import Article, Draft, DraftLine, Edition, Proposal
from ..rules.answering import Index
from ..rules.articles import Duty
from ..rules.audit import audit
from ..rules.drafts import (
    Change,
    Columns,
    Difference,
    Lack,
    Line,
    Stage,
    Standing,
    applied,
    as_article,
    content_hash,
    differences,
    lacks,
    misplaced,
)
from ..rules.findings import Finding, Kind
from ..rules.ground import Posted
from . import ground


class NoEdition(Exception):
    """There is no register yet on which a draft could rest."""


def drafts() -> QuerySet[Draft]:
    """Return the drafts within reach, the latest first, each with the number of its changes."""
    return Draft.objects.select_related("based_on", "edition").annotate(changes=Count("lines"))


def draft(number: int) -> Draft:
    """
    Return one draft.

    :raises Draft.DoesNotExist: if there is none within reach
    """
    return Draft.objects.select_related("based_on", "edition", "area").get(pk=number)


def draft_in_work() -> Draft | None:
    """Return the draft that was changed last among those still being written."""
    return Draft.objects.filter(stage=Stage.DRAFTING.value).order_by("-changed_at").first()


def lines_of(held: Draft) -> list[Line]:
    """Return the changes of a draft."""
    return [line.as_rule() for line in held.lines.all()]


def line_of(held: Draft, number: str) -> DraftLine | None:
    """Return the change that a draft makes to one article."""
    return held.lines.select_related("proposal").filter(number=number).first()


def articles_of(edition: Edition) -> list[Columns]:
    """Return the articles of an edition as columns, in order of number."""
    return [article.columns() for article in edition.articles.order_by("number")]


def edition_numbered(number: int) -> Edition:
    """
    Return one edition.

    :raises Edition.DoesNotExist: if there is none
    """
    return Edition.objects.get(number=number)


def editions() -> QuerySet[Edition]:
    """Return every edition, the latest first, each with the number of its articles."""
    return Edition.objects.order_by("-number").annotate(articles_held=Count("articles"))


def latest_edition() -> Edition:
    """
    Return the edition that was published last: the next draft rests on it, also where it is not yet in force.

    :raises NoEdition: if there is none
    """
    found = Edition.objects.order_by("-number").first()
    if found is None:
        raise NoEdition
    return found


def content_of(held: Draft) -> list[Columns]:
    """Return the register as it would be with a draft."""
    return applied(articles_of(held.based_on), lines_of(held))


def columns_of(held: Draft, number: str) -> Columns | None:
    """Return one article as it is with a draft, None where it has none of this number."""
    line = held.lines.filter(number=number).first()
    if line:
        return line.as_rule().columns
    article = Article.objects.filter(edition=held.based_on, number=number).first()
    return article.columns() if article else None


def moment_of(held: Draft, at: datetime) -> datetime:
    """Return the moment for which a draft is looked at: now, or when the last of its lines has come into force."""
    begins = held.lines.exclude(change=Change.END.value).aggregate(last=Max("valid_from"))["last"]
    return max(begins or at, at)


def index_of(columns: Iterable[Columns]) -> Index:
    """Return a register from columns, compiled."""
    return Index(as_article(one) for one in columns)


def hash_of(held: Draft) -> str:
    """Return the hash of a draft's content."""
    return content_hash(held.based_on.number, lines_of(held))


def standing_of(held: Draft) -> Standing:
    """Return what is known of a draft that decides whether it may go on."""
    lines = lines_of(held)
    numbers = Article.objects.filter(edition=held.based_on).values_list("number", flat=True)
    kinds = [finding["kind"] for finding in held.findings]
    return Standing(
        content=content_hash(held.based_on.number, lines),
        lines=len(lines),
        outdated=latest_edition().pk != held.based_on_id,
        misplaced=len(misplaced(numbers, lines)),
        audited=held.audited,
        gaps=kinds.count(Kind.GAP.value),
        contests=kinds.count(Kind.CONTEST.value),
        replayed=held.replayed,
    )


def lacks_of(held: Draft) -> tuple[Lack, ...]:
    """Return what keeps a draft from being submitted and published."""
    return lacks(standing_of(held))


def changes_of(held: Draft) -> list[Difference]:
    """Return in what a draft differs from the edition it rests on; only the articles that it touches are read."""
    lines = lines_of(held)
    touched = held.based_on.articles.filter(number__in=[line.number for line in lines])
    return differences([one.columns() for one in touched], [line.columns for line in lines if line.columns])


@dataclass(frozen=True)
class Taken:
    """A proposal of a ruling and the live draft that has taken it, None while none has."""

    proposal: Proposal
    draft: Draft | None


def proposals_with_drafts() -> list[Taken]:
    """Return the proposals that no edition has taken yet, the oldest first, each with the draft that holds it."""
    found = Proposal.objects.filter(taken_into=None).select_related("body", "topic", "place").order_by("proposed_at")
    holding = {
        line.proposal_id: line.draft
        for line in DraftLine.objects.exclude(proposal=None)
        .exclude(draft__stage=Stage.WITHDRAWN.value)
        .select_related("draft")
    }
    return [Taken(proposal, holding.get(proposal.pk)) for proposal in found]


def proposals_settled() -> QuerySet[Proposal]:
    """Return the proposals that an edition has taken, the latest first."""
    found = Proposal.objects.exclude(taken_into=None).select_related("body", "topic", "taken_into")
    return found.order_by("-taken_into__number", "pk")


def proposal(number: int) -> Proposal:
    """
    Return one proposal.

    :raises Proposal.DoesNotExist: if there is none
    """
    return Proposal.objects.select_related("body", "topic", "place", "taken_into").get(pk=number)


def free_number(held: Draft, body: str) -> str:
    """Return a number that neither edition nor draft has given: the next one in the body's own way of numbering."""
    numbers = list(Article.objects.filter(edition=held.based_on).values_list("number", "body_id"))
    taken = {number for number, _ in numbers} | set(held.lines.values_list("number", flat=True))
    own = Counter(number.rpartition("-")[0] for number, holder in numbers if holder == body and "-" in number)
    prefix = own.most_common(1)[0][0] if own else register.directory().organisations[body].short
    digits = [number.rpartition("-")[2] for number in taken if number.rpartition("-")[0] == prefix]
    last = max((int(one) for one in digits if one.isdecimal()), default=0)
    return f"{prefix}-{last + 1:03}"


def is_change(held: Draft, number: str) -> Change:
    """Return whether writing this number adds an article or changes one of the edition."""
    there = Article.objects.filter(edition=held.based_on, number=number).exists()
    return Change.CHANGE if there else Change.ADD


def findings_of(held: Draft, at: datetime, postings: Iterable[Posted] = ()) -> list[dict[str, Any]]:
    """
    Return what an audit of a draft finds, the gravest first, as data that stays with the draft.

    `lost` are the articles by which somebody led in the case before and which the draft ends or narrows.

    :param postings: who was sent down with which powers; cadres stand above, so whoever asks brings them
    """
    moment = moment_of(held, at)
    before = index_of(articles_of(held.based_on))
    found = audit(map(as_article, content_of(held)), ground(moment, postings=postings))
    return [_as_data(one, before) for one in found]


def _as_data(one: Finding, before: Index) -> dict[str, Any]:
    led = [article.number for article in before.covering(one.witness) if article.duty is Duty.LEAD]
    return {
        "kind": one.kind.value,
        "severity": one.severity.value,
        "key": one.key,
        "sentence": one.sentence,
        "remedy": one.remedy,
        "articles": [article.number for article in one.articles],
        "bodies": [article.body for article in one.articles],
        "topic": one.witness.topic,
        "place": one.witness.place,
        "setting": one.witness.setting,
        "lost": sorted(led) if one.kind is Kind.GAP else [],
    }
