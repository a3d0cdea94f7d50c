"""The register's answer in plain words: who answers, by which article, what gave way and why, who holds the powers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qianxian.register.rules import Directory
from qianxian.web.public.words import POWERS, SIDES, named


@dataclass(frozen=True)
class Line:
    """One article as it stands in an answer; `why` tells why it gave way."""

    number: str
    body: str
    basis: str
    href: str
    why: str = ""


@dataclass(frozen=True)
class Power:
    """A power that the case needs, and the bodies that hold it."""

    name: str
    holders: str


@dataclass(frozen=True)
class Reasons:
    """An answer of the register, ready to be read."""

    outcome: str
    article: Line | None
    beaten: tuple[Line, ...]
    rivals: tuple[Line, ...]
    assisting: tuple[Line, ...]
    powers: tuple[Power, ...]

    @property
    def prevails(self) -> str:
        """Say in one sentence why the article prevails."""
        if not self.beaten:
            return _("管这件事的条款只有这一条，没有别的条款和它相争。")
        return ngettext(
            "另有 %(count)s 条也沾边，但这一条说得更具体，所以以这一条为准。",
            "另有 %(count)s 条也沾边，但这一条说得更具体，所以以这一条为准。",
            len(self.beaten),
        ) % {"count": len(self.beaten)}


def reasons(answer: Mapping[str, Any], directory: Directory, edition: int) -> Reasons:
    """Return an answer, kept as data with a matter or asked for just now, in words."""

    def line(kept: Mapping[str, Any]) -> Line:
        href = reverse("article", args=[edition, kept["number"]])
        return Line(kept["number"], body_name(kept["body"], directory), kept["basis"], href, _why(kept))

    def several(name: str) -> tuple[Line, ...]:
        return tuple(line(kept) for kept in answer.get(name) or ())

    return Reasons(
        outcome=answer.get("outcome", ""),
        article=line(answer["article"]) if answer.get("article") else None,
        beaten=several("beaten"),
        rivals=several("rivals"),
        assisting=several("assisting"),
        powers=_powers(answer.get("holders") or {}, directory),
    )


def body_name(code: str, directory: Directory) -> str:
    """Return the name of an organisation, its code where the register no longer has it."""
    return directory.organisations[code].name if code in directory.organisations else code


def _why(kept: Mapping[str, Any]) -> str:
    sides: Sequence[str] = kept.get("narrower_in") or ()
    names = _("、").join(named(SIDES, side) for side in sides)
    return _("在%(sides)s上，现用的条款更具体") % {"sides": names} if names else ""


def _powers(holders: Mapping[str, Sequence[str]], directory: Directory) -> tuple[Power, ...]:
    return tuple(
        Power(
            named(POWERS, power),
            _("、").join(body_name(body, directory) for body in bodies) or _("清单里没有写明由谁行使"),
        )
        for power, bodies in holders.items()
    )
