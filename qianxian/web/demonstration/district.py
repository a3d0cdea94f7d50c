"""Enters the demonstration district: places, organisations, topics, register, accounts, postings."""

import csv
import json
from datetime import date, datetime, time
from importlib.resources import files
from typing import Any

from django.contrib.auth.hashers import make_password

from qianxian.cadres import actions as cadres
from qianxian.kernel.worktime import BEIJING
from qianxian.mandates import actions as mandates
from qianxian.mandates import queries as published
from qianxian.mandates.rules import lists
from qianxian.mandates.rules.crosswalks import Crossing, Match
from qianxian.register import actions as register
from qianxian.register import queries as registered

ACTOR = "demonstration"
GB30428 = "GB/T 30428.2"
PASSWORD = "qianxian-demo-2026"  # noqa: S105  (printed at every start: it opens invented data only)
IN_FORCE = datetime(2026, 1, 1, tzinfo=BEIJING)


def rows_of(name: str, package: str = "qianxian.web.demonstration") -> list[dict[str, str]]:
    """Return the rows of one table that comes with the platform."""
    return list(csv.DictReader(files(package).joinpath(name).read_text("utf-8").splitlines()))


def enter(at: datetime) -> None:
    """Enter everything but the matters; safe to repeat."""
    enter_places(at)
    enter_organisations(at)
    mandates.plant_topics(
        rows=[_topic(row) for row in rows_of("data/topics.csv", "qianxian.mandates")], actor=ACTOR, at=at
    )
    mandates.plant_crosswalk(
        catalogue=GB30428, version=rows_of("data/crosswalks.csv", "qianxian.mandates")[0]["version"],
        crossings=_crossings(), actor=ACTOR, at=at,
    )  # fmt: skip
    publish_register(at)
    enter_people(at)


def _crossings() -> list[Crossing]:
    """Return the classes of GB/T 30428 as they come with the platform."""
    rows = rows_of("data/crosswalks.csv", "qianxian.mandates")
    return [
        Crossing(row["catalogue"], row["code"], row["name"], row["topic"], Match(row["match"]), row["version"])
        for row in rows
    ]


def enter_places(at: datetime) -> None:
    outlines = {
        feature["properties"]["code"]: feature["geometry"]
        for feature in json.loads(files(__package__).joinpath("outline.geojson").read_text("utf-8"))["features"]
        if feature["properties"].get("code")
    }
    for row in rows_of("places.csv"):
        register.enter_place(
            code=row["code"], name=row["name"], level=row["level"], parent_id=row["parent"] or None,
            aliases=_several(row["aliases"]), households=int(row["households"]) if row["households"] else None,
            valid_from=_day(row["valid_from"]), valid_to=_day(row["valid_to"]), outline=outlines.get(row["code"]),
            actor=ACTOR, at=at,
        )  # fmt: skip


def enter_organisations(at: datetime) -> None:
    for row in rows_of("organisations.csv"):
        register.enter_organisation(
            code=row["code"], name=row["name"], short=row["short"], kind=row["kind"], parent_id=row["parent"] or None,
            place_id=row["place"], aliases=_several(row["aliases"]), phone=row["phone"], liaison_id=row["liaison"] or None, actor=ACTOR, at=at,
        )  # fmt: skip


def publish_register(at: datetime) -> None:
    """Publish the first edition; a later start leaves the register as people have made it."""
    if published.any_edition():
        return
    topics = {row["code"] for row in rows_of("data/topics.csv", "qianxian.mandates")}
    articles, faults = lists.read(rows_of("articles.csv"), registered.directory(), topics)
    if faults:
        raise BrokenDemonstration(faults)
    mandates.publish(
        number=1,
        title="云溪区权责利清单（2026年第一版）",
        articles=articles,
        in_force_from=IN_FORCE,
        actor=ACTOR,
        at=at,
    )


class BrokenDemonstration(Exception):
    """The demonstration register has faulty rows."""


def enter_people(at: datetime) -> None:
    accounts, password_hash = {}, make_password(PASSWORD)
    for row in rows_of("accounts.csv"):
        accounts[row["username"]] = cadres.open_account(
            username=row["username"], password_hash=password_hash, name=row["name"], role=row["role"], unit_id=row["unit"],
            area_id=row["area"] or None, title=row["title"], actor=ACTOR, at=at,
        )  # fmt: skip
    for row in rows_of("postings.csv"):
        if not accounts[row["cadre"]].postings.exists():
            _post(accounts[row["cadre"]], row, at)


def _post(cadre: Any, row: dict[str, str], at: datetime) -> None:
    cadres.post(
        cadre=cadre, scope=row["scope"], home_unit_id=row["home_unit"], unit_id=row["unit"], mode=row["mode"],
        powers=_several(row["powers"]), resources=_several(row["resources"]), valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]), final=row["final"].lower() in ("yes", "true", "1", "是"), actor=ACTOR, at=at,
    )  # fmt: skip


def _topic(row: dict[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["name"],
        "parent_id": row["parent"] or None,
        "synonyms": _several(row["synonyms"]),
        "examples": _several(row["examples"]),
        "powers": _several(row["powers"]),
        "setting_hint": row["setting_hint"],
        "deadline_class": row["deadline_class"],
        "gb30428": row["gb30428"],
    }


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _day(cell: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(cell), time(), BEIJING) if cell else None
