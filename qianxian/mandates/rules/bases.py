"""On which laws an article stands, and which of them are no longer in force."""

import csv
import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from qianxian.kernel.worktime import BEIJING

from .articles import Article
from .ground import Ground, Law

CITED = re.compile(r"《([^《》]+)》")
PREFIX = "中华人民共和国"


@cache
def laws() -> tuple[Law, ...]:
    """Return the versions of laws that `mandates/data/laws.csv` has: those repealed, and those that took their place."""
    lines = files("qianxian.mandates").joinpath("data/laws.csv").read_text("utf-8").splitlines()
    return tuple(
        Law(row["law"], _date(row["from"]), _date(row["to"]), row["replaced_by"], row["source"])
        for row in csv.DictReader(lines)
    )


def _date(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def plain(name: str) -> str:
    """Return the name of a law as it is compared: without the country's name and without brackets at its end."""
    return re.sub(r"[（(][^（）()]*[）)]$", "", name.strip().removeprefix(PREFIX))


def cited(basis: str) -> list[str]:
    """Return the laws that a basis names, as they are compared."""
    return [plain(name) for name in CITED.findall(basis)]


def repealed(articles: Iterable[Article], ground: Ground) -> dict[str, str]:
    """Return for each article that stands on a law no longer in force which law that is, since when, and what came."""
    known = {plain(law.name) for law in ground.laws}
    gone = {name: law for name in known if (law := fallen(name, ground))}
    found = dict[str, str]()
    for article in articles:
        laws_of_it = [gone[name] for name in cited(article.basis) if name in gone]
        if laws_of_it:
            found[article.number] = "；".join(_told(law) for law in laws_of_it)
    return found


def fallen(name: str, ground: Ground) -> Law | None:
    """Return the last version of a law of which none is in force, None where one is or the law is not known."""
    versions = [law for law in ground.laws if plain(law.name) == name]
    if not versions or any(_holds(law, _day(ground.at)) for law in versions):
        return None
    return _last(versions)


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()


def _holds(law: Law, day: date) -> bool:
    return (law.since is None or law.since <= day) and (law.until is None or day < law.until)


def _last(laws: list[Law]) -> Law:
    return max(laws, key=lambda law: law.until or date.max)


def _told(law: Law) -> str:
    if law.until is None:
        return f"《{law.name}》还没有施行" + (f"（{law.since:%Y年%-m月%-d日}起施行）" if law.since else "")
    told = f"《{law.name}》已在{law.until:%Y年%-m月%-d日}废止"
    return told + (f"，现在是《{law.replaced_by}》" if law.replaced_by else "")
