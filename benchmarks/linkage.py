"""Linkage of 100,000 invented persons, a fifth of them twice and with the errors of offices: seconds and F1, beside Splink as it comes.

The peer has Splink's own comparisons (names by Jaro-Winkler, dates of birth, telephone) on the same pinyin columns, with blocking
on equal names, dates and telephones, as its guide for beginners has them. Both run without labels.
"""

import logging
import random
import resource
import sys
import time
from datetime import date
from itertools import islice

import pyarrow as pa
import splink.comparison_library as library
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.ground import table
from qianxian.register.linkage import engine, letters
from qianxian.register.linkage.rosters import roster, spelled
from qianxian.web.demonstration.population import households

PERSONS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
TWICE = 0.25
HEADERS = ("姓名", "公民身份号码", "出生日期", "联系电话", "家庭住址")
HOMOPHONES = dict(zip("伟丽敏静志建国华海英秀兰明文", "玮莉民婧智健囯桦酼瑛琇蓝名雯", strict=True))


def main() -> None:
    rows, truth = people(PERSONS)
    head = ("", "seconds", "pairs", "F1 at 0.5", "best F1", "at", "largest MB so far")
    table(
        f"linkage of {len(rows)} rows on 2 cores",
        head,
        [("qianxian", *ours(rows, truth)), ("Splink as it comes", *peer(rows, truth))],
    )


def people(size: int) -> tuple[list[tuple[str, ...]], list[int]]:
    """Return rows and, for measuring only, whose each is."""
    chance = random.Random(7)
    base = int(size / (1 + TWICE))
    found = (
        (one.values)
        for place in range(40)
        for home in households(f"99010100{place // 9:01d}{place:03d}", 4000, date(2026, 1, 1))
        for one in home.members
    )
    rows, truth = [], []
    numbers: set[str] = set()
    apart = (
        values
        for values in found
        if not (values["person.citizen_number"] in numbers or numbers.add(values["person.citizen_number"]))
    )
    for number, values in enumerate(islice(apart, base)):
        row = tuple(
            values.get(f"person.{name}", "")
            for name in ("name", "citizen_number", "birth_date", "phone", "living_address")
        )
        row = (*row[:4], f"{number // 4000}区{row[4]}")
        rows.append(row)
        truth.append(number)
        if chance.random() < TWICE:
            rows.append(damaged(row, chance))
            truth.append(number)
    return rows, truth


def damaged(row: tuple[str, ...], chance: random.Random) -> tuple[str, ...]:
    """Return a row as another office has it: numbers missing or mistyped, homophones, other ways to write a date, moved."""
    name, number, birth, phone, address = row
    if chance.random() < 0.2:
        name = "".join(HOMOPHONES.get(character, character) for character in name)
    if chance.random() < 0.5:
        number = ""
    elif chance.random() < 0.15:
        number = mistyped(number, chance)
    if chance.random() < 0.15:
        birth = mistyped(birth, chance)
    elif chance.random() < 0.4:
        birth = birth.replace("-", ".")
    if chance.random() < 0.35:
        phone = "" if chance.random() < 0.5 else f"199000{chance.randrange(100000):05d}"
    if chance.random() < 0.3:
        address = address.replace("号楼", "栋").replace("单元", "-").replace("室", "")
    elif chance.random() < 0.2:
        address = f"{chance.randrange(11)}区和平街{chance.randint(1, 60)}号楼{chance.randint(1, 4)}单元{chance.randint(1, 6)}0{chance.randint(1, 2)}室"
    return name, number, birth, phone, address


def mistyped(text: str, chance: random.Random) -> str:
    places = [place for place, character in enumerate(text) if character.isdigit()]
    if not places:
        return text
    place = chance.choice(places)
    return f"{text[:place]}{chance.randrange(10)}{text[place + 1 :]}"


def ours(rows: list[tuple[str, ...]], truth: list[int]) -> tuple[str, ...]:
    started = time.perf_counter()
    found = spelled([roster("persons", HEADERS, rows)])
    linked = engine.link(found.records, found.held)
    return told(time.perf_counter() - started, [(one.probability, one.left, one.right) for one in linked.pairs], truth)


def peer(rows: list[tuple[str, ...]], truth: list[int]) -> tuple[str, ...]:
    logging.getLogger("splink").setLevel(logging.ERROR)
    started = time.perf_counter()
    columns: dict[str, list[str | None]] = {
        name: [] for name in ("surname", "given", "number", "birth", "phone", "address")
    }
    for name, number, birth, phone, address in rows:
        surname, given = letters.parts_of_name(name)
        told_birth = letters.birth(birth)
        iso = f"{told_birth[:4]}-{told_birth[4:6]}-{told_birth[6:]}"
        for column, value in zip(
            columns.values(), (surname, given, number, iso, phone, letters.spoken(address)), strict=True
        ):
            column.append(value or None)
    api = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            library.NameComparison("given"), library.NameComparison("surname"),
            library.DateOfBirthComparison("birth", input_is_string=True), library.LevenshteinAtThresholds("number", [1, 2]),
            library.ExactMatch("phone"), library.LevenshteinAtThresholds("address", [1, 5]),
        ],
        blocking_rules_to_generate_predictions=[block_on("surname", "given"), block_on("birth"), block_on("phone"), block_on("number")],
    )  # fmt: skip
    linker = Linker(api.register(pa.table({"unique_id": range(len(rows)), **columns})), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("number"), block_on("surname", "given", "birth")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname", "given"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth"))
    predicted = linker.inference.predict(threshold_match_probability=0.001).as_duckdbpyrelation()
    pairs = [(p, a, b) for p, a, b in predicted.select("match_probability, unique_id_l, unique_id_r").fetchall()]
    return told(time.perf_counter() - started, pairs, truth)


def told(seconds: float, pairs: list[tuple[float, int, int]], truth: list[int]) -> tuple[str, ...]:
    same = sum(truth[number] == truth[number + 1] for number in range(len(truth) - 1))
    right, best, best_at, at_half = 0, 0.0, 1.0, 0.0
    for number, (probability, left, right_row) in enumerate(sorted(pairs, reverse=True), 1):
        right += truth[left] == truth[right_row]
        score = 2 * right / (number + same)
        if score > best:
            best, best_at = score, probability
        if probability >= 0.5:
            at_half = score
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{seconds:.0f}", str(len(pairs)), f"{at_half:.4f}", f"{best:.4f}", f"{best_at:.3f}", str(memory)


if __name__ == "__main__":
    main()
