"""What a form offers to choose from, in the words of the page."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from qianxian.matters.queries.candidates import Candidates, candidates
from qianxian.matters.queries.page import MatterPage
from qianxian.register.rules import Kind, Organisation

ORDER = tuple(Kind)


@dataclass(frozen=True)
class Choices:
    """Units by group, articles as they are written, how long an extension may be (amount, unit), who owns it now."""

    units: list[tuple[str, list[tuple[str, str]]]]
    articles: list[str]
    limit: tuple[int, str]
    similar: list[Any]
    owner: tuple[str, str]


def choices_of(page: MatterPage, at: datetime) -> Choices:
    """Return what may be chosen for a matter now."""
    found = candidates(page.matter, at)
    return Choices(
        units=_groups(found),
        articles=[f"{article.number} {article.basis}" for article in found.articles],
        limit=(found.limit.amount, found.limit.unit.value),
        similar=list(found.similar),
        owner=(page.matter.owner_id, page.matter.owner.short),
    )


def _groups(found: Candidates) -> list[tuple[str, list[tuple[str, str]]]]:
    kinds = {
        Kind.GOVERNMENT: _("区级"), Kind.CENTRE: _("区级"), Kind.DEPARTMENT: _("部门"), Kind.STREET: _("街道"),
        Kind.ENTERPRISE: _("公共服务企业"), Kind.PARTY: _("党组织"), Kind.MASS: _("群团"), Kind.COMMITTEE: _("社区"),
    }  # fmt: skip
    ordered = sorted(found.units, key=lambda unit: (ORDER.index(unit.kind), unit.code))
    groups = [(label, _pairs(list(units))) for label, units in groupby(ordered, key=lambda unit: kinds[unit.kind])]
    return [(_("清单上有配合职责的"), _pairs(list(found.suggested))), *groups]


def _pairs(units: list[Organisation]) -> list[tuple[str, str]]:
    return [(unit.code, unit.short) for unit in units]
