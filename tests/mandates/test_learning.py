"""What a history teaches: cells, proposals, and a ranking that knows nothing of later records."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qianxian.mandates import learning, ranking
from qianxian.mandates.rules.learning.cells import cells, contested, handed_to_communities
from qianxian.mandates.rules.learning.proposals import suggested
from qianxian.mandates.rules.learning.records import Record, split, usable
from qianxian.mandates.rules.learning.roles import Roles
from tests import past


def rec(
    row: int, unit: str, topic: str = "井盖", street: str = "东湖街道", setting: str = "", main: str = "市政"
) -> Record:
    return Record(row, (main, topic), street, "柳岸社区", unit, setting=setting)


def proposed(records: list[Record]) -> set[tuple[str, str, str, str]]:
    known = usable(records)
    unit_of = known.unit_of()
    roles = Roles.of(unit_of, {record.street for record in records})
    return {(one.unit, one.topic, one.street, one.setting) for one in suggested(records, unit_of, roles)}


def rows(unit: str, count: int, start: int = 0, **more: str) -> list[Record]:
    return [rec(start + number, unit, **more) for number in range(count)]


def test_a_unit_that_settles_a_topic_in_every_street_is_proposed_for_the_district() -> None:
    held = [
        *rows("水务公司", 4),
        *rows("水务公司", 5, 10, street="西岭街道"),
        *rows("水务公司", 1, 20, street="南桥街道"),
    ]
    assert proposed(held) == {("水务公司", "井盖", "", "")}


def test_a_street_that_does_it_otherwise_is_a_narrower_exception() -> None:
    others = [
        r for n, street in enumerate(("西岭街道", "南桥街道")) for r in rows("水务公司", 4, 10 * n, street=street)
    ]
    assert proposed([*others, *rows("东湖街道综合执法队", 4, 50)]) == {
        ("水务公司", "井盖", "", ""),
        ("东湖街道综合执法队", "井盖", "东湖街道", ""),
    }


def test_where_one_street_is_contested_nothing_is_proposed_for_the_district() -> None:
    held = [*rows("水务公司", 6), *rows("水务公司", 6, 10, street="西岭街道")]
    fight = [*rows("水务公司", 3, 20, street="南桥街道"), *rows("城管局", 3, 30, street="南桥街道")]
    assert proposed([*held, *fight]) == {("水务公司", "井盖", "东湖街道", ""), ("水务公司", "井盖", "西岭街道", "")}


def test_a_setting_settles_what_the_street_alone_does_not() -> None:
    held = [*rows("应急局", 5, setting="企业内"), *rows("交警大队", 5, 10, setting="公路上")]
    assert proposed(held) == {("应急局", "井盖", "东湖街道", "企业内"), ("交警大队", "井盖", "东湖街道", "公路上")}


def test_topics_whose_parts_all_agree_are_proposed_as_one() -> None:
    held = [
        record
        for n, (topic, street) in enumerate((t, s) for t in ("井盖", "爆管") for s in ("东湖街道", "西岭街道"))
        for record in rows("水务公司", 4, 10 * n, topic=topic, street=street)
    ]
    assert proposed(held) == {("水务公司", "市政", "", "")}


def test_a_committee_is_never_proposed_and_what_was_put_on_it_is_listed() -> None:
    held = rows("柳岸社区", 8)
    assert proposed(held) == set()
    unit_of = usable(held).unit_of()
    found = cells(held, unit_of)
    assert [(h.community, len(h.rows)) for h in handed_to_communities(found, Roles.of(unit_of, ()))] == [
        ("柳岸社区", 8)
    ]


def test_a_few_records_propose_nothing() -> None:
    assert proposed(rows("水务公司", 4)) == set()


def test_a_proposal_carries_support_share_and_its_rows() -> None:
    held = [*rows("水务公司", 9), rec(9, "城管局")]
    known = usable(held)
    (one,) = suggested(held, known.unit_of(), Roles.of(known.unit_of(), ()))
    assert (one.support, one.share, one.rows) == (10, 0.9, tuple(range(9)))


def test_contested_cells_come_with_the_rows_of_each_unit() -> None:
    held = [*rows("水务公司", 3), *rows("城管局", 2, 10), *rows("水务公司", 2, 20, topic="爆管")]
    (cell,) = contested(cells(held, usable(held).unit_of()))
    assert (cell.topic, cell.units, cell.rows["城管局"]) == ("井盖", [("水务公司", 3), ("城管局", 2)], (10, 11))


def test_spellings_are_merged_before_cells_are_counted() -> None:
    held = [rec(1, "东湖街道执法队"), rec(2, "东湖街道执法队（东湖街道办事处）")]
    assert contested(cells(held, usable(held).unit_of())) == []


def test_rows_without_a_usable_unit_are_faults_and_count_neither_way() -> None:
    made = past.records(200)
    spoilt = [replace(r, unit="教育局、城管局") if n % 10 == 0 else r for n, r in enumerate(made)]
    learned = learning.learn(spoilt, rolling=False)
    assert learned.records == 180
    assert {fault.code for fault in learned.faults} == {"several"}
    assert learned.trial
    assert (learned.trial.without_unit, learned.trial.frozen.records) == (4, 36)


def test_the_ranking_foretells_later_records_better_than_the_table() -> None:
    trial = learning.learn(past.records(500)).trial
    assert trial
    assert trial.rolling
    assert trial.frozen.top1 >= trial.lookup.top1 >= 0.6
    assert trial.frozen.top3 >= 0.95


def test_the_cut_is_by_time_whatever_the_order_of_the_file() -> None:
    made = past.records(100)
    early, late = split(made[::-1], 0.2)
    assert (list(early), list(late)) == (made[:80], made[80:])


def test_a_frozen_ranking_is_the_same_whatever_comes_later() -> None:
    made = past.records(200)
    known = usable(made)
    early, late = split(made, 0.2)
    other = [replace(record, unit="水务公司") for record in late]
    first = learning.learn([*early, *late], rolling=False).trial
    again = learning.learn(early, later=other, rolling=False).trial
    assert first
    assert again
    assert first.learned_from == again.learned_from == 160
    trained = ranking.learn(early, known.unit_of(), {record.street for record in made})
    foretold = [likely[0].unit for likely in trained.ranked(late)]
    hits = sum(unit == known.unit_of()[record.unit] for unit, record in zip(foretold, late, strict=True))
    assert hits == first.frozen.first


def test_what_one_street_does_is_learned_for_a_street_that_never_did_it() -> None:
    made = [record for record in past.records(400) if not (record.street == "南桥街道" and record.topic == "占道经营")]
    known = usable(made)
    trained = ranking.learn(made, known.unit_of(), set(past.STREETS))
    asked = Record(0, ("市容", "占道经营"), "南桥街道", "临水社区", "", channel="热线")
    assert trained.rank(asked)[0].unit == "南桥街道综合执法队"


def test_nothing_that_happened_after_the_dispatch_is_seen() -> None:
    assert set(Record.__dataclass_fields__) == {
        "row", "topics", "street", "community", "unit", "setting", "kind", "channel", "at",
    }  # fmt: skip
    one = past.records(1)[0]
    assert list(ranking.features(one)) == list(ranking.features(replace(one, unit="别的单位", row=99)))


@pytest.mark.parametrize(
    "made", [past.records(1), past.records(9), [replace(r, unit="教育局") for r in past.records(50)]]
)
def test_too_little_teaches_no_ranking(made: list[Record]) -> None:
    learned = learning.learn(made)
    assert (learned.ranking, learned.trial) == (None, None)


def test_two_units_are_enough_for_a_ranking() -> None:
    made = [replace(r, unit="教育局" if r.topic == "井盖" else "环境保护局") for r in past.records(100)]
    trial = learning.learn(made, rolling=False).trial
    assert trial
    assert trial.frozen.top1 == 1.0


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    learned = learning.learn(past.records(200), share=0)
    assert learned.ranking
    learned.ranking.about = {"digest": learned.digest}
    ranking.save(learned.ranking, tmp_path / "ranking.npz")
    return tmp_path / "ranking.npz"


def test_a_ranking_is_kept_whole_and_read_the_same(kept: Path) -> None:
    learned = learning.learn(past.records(200), share=0)
    assert learned.ranking
    read = ranking.load(kept)
    asked = past.records(30, seed=3)
    assert [[one.unit for one in row] for row in read.ranked(asked)] == [
        [one.unit for one in row] for row in learned.ranking.ranked(asked)
    ]
    assert read.about == {"digest": learned.digest}


def test_a_broken_or_foreign_file_is_no_ranking(kept: Path, tmp_path: Path) -> None:
    whole = kept.read_bytes()
    foreign = tmp_path / "foreign.npz"
    for content in (
        b"",
        b"PK\x03\x04",
        whole[: len(whole) // 2],
        b"\x80\x04K\x01.",
        whole.replace(b"ranking-1", b"ranking-9"),
    ):
        foreign.write_bytes(content)
        with pytest.raises(ranking.NoRanking):
            ranking.load(foreign)
    with pytest.raises(ranking.NoRanking):
        ranking.load(tmp_path / "missing.npz")


def test_a_file_with_objects_in_it_runs_no_code(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (exec, (f"open({str(tmp_path / 'ran')!r}, 'w')",))

    objects = np.array([Trap()], dtype=object)
    np.savez(tmp_path / "trap.npz", header=objects, weights=objects, offsets=objects)
    with pytest.raises(ranking.NoRanking):
        ranking.load(tmp_path / "trap.npz")
    assert not (tmp_path / "ran").exists()


def test_weights_that_do_not_fit_their_names_are_refused(tmp_path: Path) -> None:
    header = {
        "format": ranking.FORMAT,
        "names": ["a"],
        "columns": [],
        "roles": {},
        "counts": [],
        "about": {},
        "extra": {},
    }
    packed = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(tmp_path / "odd.npz", header=packed, weights=np.zeros((3, 1)), offsets=np.zeros(1))
    with pytest.raises(ranking.NoRanking):
        ranking.load(tmp_path / "odd.npz")
