"""The register that comes with the first run keeps its word: read from the files, without a database."""

import csv
import itertools
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "qianxian"
DEMONSTRATION = PACKAGE / "web" / "demonstration"

POWERS = {"affairs", "funds", "decision", "enforcement", "entry"}
BENEFITS = {"funds", "people", "training", "credit"}
DUTIES = {"lead", "assist", "inform", ""}
SETTINGS = {
    "", "enterprise", "construction", "compound", "home", "road", "motorway", "alley", "water", "park", "market",
    "school", "hospital", "station", "farmland", "underground", "online", "railway", "parking",
}  # fmt: skip
DEADLINES = {"consult", "urgent", "utility", "general", "complex"}
LISTS = {
    "department": {"department", "taken_back"},
    "enterprise": {"department"},
    "centre": {"department"},
    "mass": {"department"},
    "party": {"department", "basic"},
    "street": {"basic", "assisting"},
    "committee": {"self_government", "community_assist", "negative"},
    "superior": {"department"},
}
STORIES = {
    "new", "signed", "contacted", "help", "whistle", "extension", "objected", "upheld", "refused_objection",
    "consultation", "resolved", "rated_good", "rated_bad", "follow_up", "merged", "paused", "supervised",
    "terminated", "removed", "overdue", "above", "liaised",
    "exit:E1", "exit:E2", "exit:E3", "exit:E4", "exit:E5", "exit:E6",
}  # fmt: skip
TOPIC_LEVELS = {2: 18, 4: 120, 6: 350}
PLACE_DIGITS = {"district": 6, "street": 9, "community": 12, "village": 12, "grid": 15}

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def cell(row: Row, column: str) -> list[str]:
    return [part for part in row[column].split("|") if part]


TOPICS = {row["code"]: row for row in rows(PACKAGE / "mandates" / "data" / "topics.csv")}
LEAVES = {code: row for code, row in TOPICS.items() if len(code) == 6}
PLACES = {row["code"]: row for row in rows(DEMONSTRATION / "places.csv")}
BODIES = {row["code"]: row for row in rows(DEMONSTRATION / "organisations.csv")}
ARTICLES = rows(DEMONSTRATION / "articles.csv")
ACCOUNTS = {row["username"]: row for row in rows(DEMONSTRATION / "accounts.csv")}
POSTINGS = rows(DEMONSTRATION / "postings.csv")
DEMANDS = rows(DEMONSTRATION / "demands.csv")
OUTLINE = json.loads((DEMONSTRATION / "outline.geojson").read_text(encoding="utf-8"))["features"]
POLYGONS = [feature for feature in OUTLINE if feature["geometry"]["type"] == "Polygon"]
LEADS = [article for article in ARTICLES if article["duty"] == "lead"]
LEADS_IN_FORCE = [article for article in LEADS if not article["valid_to"]]


def inside(narrow: Row, wide: Row) -> bool:
    return (
        narrow["topic"].startswith(wide["topic"])
        and narrow["place"].startswith(wide["place"])
        and wide["setting"] in ("", narrow["setting"])
    )


def overlap(one: Row, other: Row) -> bool:
    return (
        _one_holds_the_other(one["topic"], other["topic"])
        and _one_holds_the_other(one["place"], other["place"])
        and ("" in (one["setting"], other["setting"]) or one["setting"] == other["setting"])
        and _at_the_same_time(one, other)
    )


def _one_holds_the_other(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _at_the_same_time(one: Row, other: Row) -> bool:
    return one["valid_from"] < (other["valid_to"] or "9") and other["valid_from"] < (one["valid_to"] or "9")


def area(ring: list[tuple[float, float]]) -> float:
    """Return the area inside a closed ring, by the shoelace formula."""
    return abs(sum(x * v - u * y for (x, y), (u, v) in itertools.pairwise(ring))) / 2


def contested(leads: Iterable[Row]) -> set[tuple[frozenset[str], str, str]]:
    """Return the cells in which neither of two articles prevails: both bodies, the narrower topic, the setting."""
    return {
        (
            frozenset({one["body"], other["body"]}),
            max(one["topic"], other["topic"], key=len),
            one["setting"] or other["setting"],
        )
        for one, other in itertools.combinations(leads, 2)
        if one["body"] != other["body"] and overlap(one, other) and inside(one, other) == inside(other, one)
    }


@pytest.mark.parametrize(("digits", "at_least"), TOPIC_LEVELS.items())
def test_the_topic_tree_is_as_rich_as_promised(digits: int, at_least: int) -> None:
    assert sum(len(code) == digits for code in TOPICS) >= at_least


def test_every_topic_stands_under_its_parent() -> None:
    assert {code: row["parent"] for code, row in TOPICS.items()} == {code: code[:-2] for code in TOPICS}
    assert {row["parent"] for row in TOPICS.values()} - {""} <= TOPICS.keys()


def test_every_branch_has_leaves() -> None:
    assert {code[:4] for code in LEAVES} == {code for code in TOPICS if len(code) == 4}


def test_no_two_topics_have_the_same_name_at_the_same_level() -> None:
    names = Counter((len(code), row["name"]) for code, row in TOPICS.items())
    assert [name for name, count in names.items() if count > 1] == []


def test_every_leaf_has_at_least_four_synonyms() -> None:
    assert {code: row["synonyms"] for code, row in LEAVES.items() if len(set(cell(row, "synonyms"))) < 4} == {}


def test_no_synonym_points_to_two_leaves() -> None:
    words = Counter(word for row in LEAVES.values() for word in {row["name"], *cell(row, "synonyms")})
    assert [word for word, count in words.items() if count > 1] == []


def test_every_leaf_has_an_example_sentence_of_its_own() -> None:
    sentences = Counter(row["examples"] for row in LEAVES.values())
    assert [sentence for sentence, count in sentences.items() if count > 1 or len(sentence) < 8] == []


def test_every_leaf_says_what_it_needs_and_how_long_it_may_take() -> None:
    assert [
        code
        for code, row in LEAVES.items()
        if not cell(row, "powers")
        or not set(cell(row, "powers")) <= POWERS
        or row["setting_hint"] not in SETTINGS
        or row["deadline_class"] not in DEADLINES
    ] == []


def test_every_place_stands_under_its_parent_and_has_the_digits_of_its_level() -> None:
    assert [
        code
        for code, row in PLACES.items()
        if len(code) != PLACE_DIGITS[row["level"]]
        or not code.startswith(row["parent"])
        or (row["parent"] not in PLACES and row["level"] != "district")
    ] == []


def test_one_community_was_withdrawn_and_the_others_have_five_or_six_grids() -> None:
    grids = Counter(row["parent"] for row in PLACES.values() if row["level"] == "grid" and not row["valid_to"])
    communities = [row for row in PLACES.values() if row["level"] in ("community", "village")]
    assert [row["name"] for row in communities if row["valid_to"]] == ["纺织社区"]
    assert {row["name"]: grids[row["code"]] in (5, 6) for row in communities if not row["valid_to"]} == {
        "柳岸社区": True,
        "钟楼社区": True,
        "新苑社区": True,
        "上塘村": True,
    }


def test_a_community_has_as_many_households_as_its_grids() -> None:
    of_grids: Counter[str] = Counter()
    for row in PLACES.values():
        if row["level"] == "grid":
            of_grids[row["parent"]] += int(row["households"])
    assert {code: int(PLACES[code]["households"]) for code in of_grids} == dict(of_grids)


def test_every_body_has_a_known_superior_and_place() -> None:
    assert [
        code
        for code, row in BODIES.items()
        if row["place"] not in PLACES or (row["parent"] not in BODIES and row["kind"] not in ("government", "superior"))
    ] == []


def test_a_body_above_the_district_names_a_liaison_unit_that_may_own_its_matters() -> None:
    above = {code: row for code, row in BODIES.items() if row["kind"] == "superior"}
    assert above
    assert {BODIES[row["liaison"]]["kind"] for row in above.values()} <= {"government", "department", "street"}


def test_no_spelling_points_to_two_bodies() -> None:
    spellings = Counter(word for row in BODIES.values() for word in {row["name"], row["short"], *cell(row, "aliases")})
    assert [word for word, count in spellings.items() if count > 1] == []


def test_there_are_at_least_three_hundred_articles_in_force_and_no_number_twice() -> None:
    assert sum(not article["valid_to"] for article in ARTICLES) >= 300
    assert [n for n, count in Counter(article["number"] for article in ARTICLES).items() if count > 1] == []


@pytest.mark.parametrize(
    ("column", "known"),
    [
        ("body", set(BODIES)),
        ("topic", set(TOPICS)),
        ("place", set(PLACES)),
        ("setting", SETTINGS),
        ("duty", DUTIES),
        ("deadline_class", DEADLINES | {""}),
        ("delegation", set(BODIES) | {""}),
    ],
)
def test_every_article_names_only_what_is_known(column: str, known: set[str]) -> None:
    assert {article[column] for article in ARTICLES} - known == set()


def test_every_article_holds_known_powers_and_benefits_and_has_a_basis() -> None:
    assert [
        article["number"]
        for article in ARTICLES
        if not set(cell(article, "powers")) <= POWERS
        or not set(cell(article, "benefit")) <= BENEFITS
        or not article["basis"].startswith("《")
    ] == []


def test_every_article_stands_in_a_list_of_its_kind_of_body() -> None:
    assert [a["number"] for a in ARTICLES if a["list"] not in LISTS[BODIES[a["body"]]["kind"]]] == []


def test_only_a_negative_item_holds_nothing() -> None:
    held = {a["number"]: bool(a["duty"] or a["powers"] or a["benefit"]) for a in ARTICLES}
    assert {a["number"] for a in ARTICLES if a["list"] == "negative"} == {n for n, holds in held.items() if not holds}


def test_a_committee_never_leads_enforces_or_enters() -> None:
    of_committees = [a for a in ARTICLES if BODIES[a["body"]]["kind"] == "committee"]
    assert of_committees
    assert [
        a["number"] for a in of_committees if a["duty"] == "lead" or {"enforcement", "entry"} & set(cell(a, "powers"))
    ] == []


def test_exactly_three_cells_are_contested() -> None:
    assert contested(LEADS) == {
        (frozenset({"ga", "ny"}), "010801", ""),
        (frozenset({"cg", "hb"}), "010701", "compound"),
        (frozenset({"st-qinghe", "sw"}), "020403", "water"),
    }


def test_exactly_four_leaves_are_silent() -> None:
    silent = {
        row["name"] for code, row in LEAVES.items() if not any(code.startswith(a["topic"]) for a in LEADS_IN_FORCE)
    }
    assert silent == {"无人机飞行扰民", "电动自行车换电柜设置", "快递末端投递", "户外直播扰民"}


def test_every_other_leaf_has_a_lead_anywhere_in_the_district() -> None:
    anywhere = [a["topic"] for a in LEADS_IN_FORCE if a["place"] == "990101" and not a["setting"]]
    assert sum(not any(code.startswith(topic) for topic in anywhere) for code in LEAVES) == 4


def test_a_community_answers_for_the_safety_of_an_enterprise_that_only_another_may_enter() -> None:
    of_enterprises = [a for a in ARTICLES if a["topic"] == "080101" and a["setting"] == "enterprise"]
    assert ("cm-shangtang", "assist", "affairs") in {(a["body"], a["duty"], a["powers"]) for a in of_enterprises}
    assert {a["body"] for a in of_enterprises if "entry" in cell(a, "powers")} == {"yj"}


def test_a_village_assists_on_a_motorway_on_which_only_its_administration_may_step() -> None:
    on_the_motorway = [a for a in ARTICLES if a["topic"].startswith("0604") and a["setting"] == "motorway"]
    assert {a["body"] for a in on_the_motorway if a["duty"] == "assist"} >= {"cm-shangtang"}
    assert {a["body"] for a in on_the_motorway if a["duty"] == "lead"} == {"gs"}
    assert {a["body"] for a in on_the_motorway if "entry" in cell(a, "powers")} == {"gs"}


def test_every_account_belongs_to_a_known_unit_and_area() -> None:
    assert {a["role"] for a in ACCOUNTS.values()} == {"worker", "department", "street", "supervisor", "steward"}
    assert [u for u, a in ACCOUNTS.items() if a["unit"] not in BODIES or a["area"] not in PLACES] == []


def test_every_community_has_a_worker_and_exactly_one_final_responsible_cadre() -> None:
    committees = {row["place"] for row in BODIES.values() if row["kind"] == "committee"}
    final = Counter(p["scope"] for p in POSTINGS if p["final"] == "yes" and p["valid_to"] > "2026-11-01")
    assert {a["area"] for a in ACCOUNTS.values() if a["role"] == "worker"} >= committees
    assert dict(final) == dict.fromkeys(committees | {"990101001"}, 1)


def test_no_scope_has_two_final_responsible_cadres_at_once() -> None:
    final = [p for p in POSTINGS if p["final"] == "yes"]
    assert [
        (one["cadre"], other["cadre"])
        for one, other in itertools.combinations(final, 2)
        if one["scope"] == other["scope"] and _at_the_same_time(one, other)
    ] == []


def test_every_posted_cadre_has_an_account_and_comes_from_a_department() -> None:
    assert [
        p["cadre"]
        for p in POSTINGS
        if p["cadre"] not in ACCOUNTS
        or BODIES[p["home_unit"]]["kind"] != "department"
        or p["unit"] not in BODIES
        or not set(cell(p, "powers")) <= POWERS
    ] == []


def test_the_demands_reach_every_story_and_take_every_exit() -> None:
    assert len(DEMANDS) >= 160
    assert {demand["story"] for demand in DEMANDS} == STORIES


def test_every_demand_names_only_what_is_known() -> None:
    assert [
        demand["words"]
        for demand in DEMANDS
        if demand["topic"] not in LEAVES.keys() | {""}
        or demand["place"] not in PLACES
        or demand["setting"] not in SETTINGS
    ] == []


def test_every_telephone_number_is_invented() -> None:
    assert [
        d["phone"] for d in DEMANDS if d["phone"] and not (len(d["phone"]) == 11 and d["phone"].startswith("19900"))
    ] == []


def test_a_follow_up_comes_after_a_bad_rating_by_the_same_resident() -> None:
    rated_bad = {(d["name"], d["topic"]) for d in DEMANDS if d["story"] == "rated_bad"}
    assert {(d["name"], d["topic"]) for d in DEMANDS if d["story"] == "follow_up"} - rated_bad == set()


def test_the_outline_shows_the_street_and_every_community_and_grid_in_force() -> None:
    drawn = {row["properties"]["code"] for row in POLYGONS}
    assert drawn == {code for code, row in PLACES.items() if code.startswith("990101001") and not row["valid_to"]}
    assert {f["properties"]["level"] for f in OUTLINE if f["geometry"]["type"] == "LineString"} == {"river", "motorway"}


def test_the_grids_of_a_community_fill_it_without_gap_or_overlap() -> None:
    areas = {row["properties"]["code"]: area(row["geometry"]["coordinates"][0]) for row in POLYGONS}
    communities = [code for code in areas if len(code) == 12]
    of_grids = {
        code: sum(areas[grid] for grid in areas if grid[:12] == code and len(grid) == 15) for code in communities
    }
    assert of_grids == pytest.approx({code: areas[code] for code in communities})
    assert sum(areas[code] for code in communities) == pytest.approx(areas["990101001"])


def test_the_outline_lies_on_the_flat_plane() -> None:
    corners = [corner for row in POLYGONS for corner in row["geometry"]["coordinates"][0]]
    assert [(x, y) for x, y in corners if not (0 <= x <= 1000 and 0 <= y <= 700)] == []
