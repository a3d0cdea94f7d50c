"""Splink on DuckDB: trained by EM on the records at hand, without labels; every score with its reasons."""

import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_level_library as levels
import splink.comparison_library as library
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import EMTrainingException

from . import model
from .headers import Element

LIKELY = 0.5
"""Above it two records are more likely one than two; as the scores are calibrated, no other bound errs less often."""
EVERY_PAIR = 600_000
"""So many pairs are all looked at: blocking saves nothing on a small roster."""
AT_LEAST, FOR_EACH = 500_000, 15
"""Pairs that one key may bring: at least so many, and so many for each record."""
SAMPLED = 1_000_000
TRAINED_ON = 500_000
SEED = 20260101
ROUNDS, SETTLED = 20, 0.001
LEAST_FILLED = 0.02
RECALL = 0.8
"""Part of the duplicates that are first taken to agree on a sure key; only a start, the rounds correct it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """How two records compare in one element, and how many times likelier that makes one person than two (as log2)."""

    element: str
    step: str
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, by their places in the list, and how likely they speak of one person or organisation."""

    left: int
    right: int
    probability: float
    reasons: tuple[Reason, ...]


@dataclass
class Linked:
    """What came of it: the pairs, the likeliest first, and by which keys records met."""

    pairs: list[Pair]
    keys: list[tuple[str, ...]] = field(default_factory=list)
    looked_at: int = 0
    expected: float = 0.0
    """How many pairs are duplicates, by the sum of the probabilities."""


def link(
    records: Sequence[model.Row], held: Sequence[Element], *, least: float = 0.001, groups: Sequence[int] | None = None
) -> Linked:
    """
    Return the pairs of records that may speak of one person or organisation.

    :param records: each as `model.derived` returns it
    :param held: the elements by which to compare
    :param least: pairs below this probability are left out
    :param groups: of each record its file; where given, only records of different files are paired
    """
    logging.getLogger("splink").setLevel(logging.ERROR)
    if len(records) < 2:
        return Linked([])
    connection = duckdb.connect()
    usable = _load(connection, records, held)
    if not usable:
        return Linked([])
    api = DuckDBAPI(connection)
    codes = [element.code for element in usable]
    comparisons = [model.comparison(element, codes) for element in usable]
    chosen = _keys(connection, usable, len(records))
    settings = _settings(comparisons, chosen, len(records))
    linker = _trained(api, connection, settings, usable, _training_keys(connection, usable, len(records)))
    return _scored(linker, connection, comparisons, chosen, len(records), least, groups)


def _load(connection: Any, records: Sequence[model.Row], held: Sequence[Element]) -> list[Element]:
    """Put the records into the engine; return the elements in which enough records say something, and not all the same."""
    names = list(dict.fromkeys(name for record in records[:1] for name in record))
    names = list(
        dict.fromkeys([*names, *(name for element in held for name in model.SPELLED[element.kind](element.code, ""))])
    )
    table = pa.table(
        {"unique_id": pa.array(range(len(records)), pa.int64())}
        | {name: pa.array([record.get(name) or None for record in records], pa.string()) for name in names}
    )
    connection.register("arrow_records", table)
    connection.execute("CREATE TABLE records AS SELECT * FROM arrow_records")
    connection.unregister("arrow_records")
    return [element for element in held if _says_enough(connection, element.code, len(records))]


def _says_enough(connection: Any, column: str, size: int) -> bool:
    filled, different = connection.execute(
        f'SELECT count("{column}"), count(DISTINCT "{column}") FROM records'  # noqa: S608  (names of our own columns)
    ).fetchone()
    return bool(different > 1 and filled >= max(2, LEAST_FILLED * size))


def _meetings(connection: Any, key: Sequence[str]) -> int:
    """Return how many pairs share a key."""
    listed = ", ".join(f'"{column}"' for column in key)
    known = " AND ".join(f'"{column}" IS NOT NULL' for column in key)
    (found,) = connection.execute(
        f"SELECT coalesce(sum(n * (n - 1) / 2), 0)::BIGINT FROM "  # noqa: S608
        f"(SELECT count(*)::BIGINT AS n FROM records WHERE {known} GROUP BY {listed})"
    ).fetchone()
    return int(found)


def _keys(connection: Any, held: Sequence[Element], size: int) -> list[tuple[str, ...]]:
    if size * (size - 1) // 2 <= EVERY_PAIR:
        return []
    budget = max(AT_LEAST, FOR_EACH * size)
    chosen: list[tuple[str, ...]] = []
    for key in model.keys(held):
        if any(set(simpler) <= set(key) for simpler in chosen):
            continue
        if 0 < _meetings(connection, key) <= budget:
            chosen.append(key)
    return chosen


def _settings(comparisons: Iterable[model.Comparison], chosen: Sequence[tuple[str, ...]], size: int) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(one) for one in comparisons],
        blocking_rules_to_generate_predictions=[block_on(*key) for key in chosen] or ["1=1"],  # type: ignore[list-item]
        probability_two_random_records_match=1 / max(2, size),
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
    )


def _comparison(one: model.Comparison) -> Any:
    made: list[Any] = [levels.NullLevel(one.element)]
    for step in one.steps:
        level = levels.CustomLevel(step.condition, label_for_charts=step.word)
        made.append(level.configure(tf_adjustment_column=step.rare, tf_minimum_u_value=0.00001) if step.rare else level)
    made.append(levels.ElseLevel())
    return library.CustomComparison(output_column_name=one.element, comparison_levels=made)


def _trained(
    api: DuckDBAPI, connection: Any, settings: SettingsCreator, held: Sequence[Element], codes: Sequence[str]
) -> Linker:
    """
    Return a linker that knows how often steps are met by chance (u), and by EM how often by records of one person (m).

    An element on whose equal values too few pairs agree to learn from is left out, and all begins anew without it.
    """
    linker = Linker(api.register("records"), settings, log_level=None, validate_settings=False)
    names = {element.code for element in held} | {"body_name_core"}
    sure = [key for key in model.sure(held) if set(key) <= names and _meetings(connection, key)]
    if sure:
        linker.training.estimate_probability_two_random_records_match([block_on(*key) for key in sure], recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED, seed=SEED)
    for code in codes:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(code), max_pairs=TRAINED_ON)
        except EMTrainingException:
            continue
        except ValueError:
            return _trained(api, connection, settings, held, [other for other in codes if other != code])
    return linker


def _training_keys(connection: Any, held: Sequence[Element], size: int) -> list[str]:
    """Return up to four elements on whose equal values the others are trained, those with the fewest meetings first."""
    most = max(AT_LEAST, FOR_EACH * size)
    found = [(_meetings(connection, (element.code,)), element.code) for element in held]
    enough = sorted(one for one in found if max(10, size // 200) <= one[0] <= most)
    return [code for _, code in (enough or sorted(one for one in found if one[0]))][:4]


def _scored(
    linker: Linker, connection: Any, comparisons: Sequence[model.Comparison], chosen: list[tuple[str, ...]], size: int,
    least: float, groups: Sequence[int] | None,
) -> Linked:  # fmt: skip
    prior = linker._settings_obj._probability_two_random_records_match
    start = math.log2(prior / (1 - prior))
    predicted = linker.inference.predict(threshold_match_weight=-20.0, warning_mode="never")
    name = predicted.physical_name
    pairs = size * (size - 1) / 2
    shift = _settled(connection, name, start, pairs)
    connection.execute(
        f'CREATE TABLE scored AS SELECT *, 1 / (1 + pow(2, -(match_weight + {shift}))) AS p FROM "{name}"'  # noqa: S608
    )
    looked, expected = connection.execute("SELECT count(*), coalesce(sum(p), 0) FROM scored").fetchone()
    across = None if groups is None else list(groups)
    found = [
        pair
        for pair in _read(linker, connection, comparisons, least)
        if across is None or across[pair.left] != across[pair.right]
    ]
    return Linked(found, chosen, int(looked), float(expected))


def _settled(connection: Any, name: str, start: float, pairs: float) -> float:
    """
    Return by how much every score is moved so that the share of duplicates assumed is the share that is found.

    The first guess rests on a few keys; the rounds end when the sum of the probabilities no longer moves.
    """
    shift, before = 0.0, -1.0
    for _round in range(ROUNDS):
        (total,) = connection.execute(
            f'SELECT coalesce(sum(1 / (1 + pow(2, -(match_weight + {shift})))), 0) FROM "{name}"'  # noqa: S608
        ).fetchone()
        share = min(max(float(total), 0.5) / pairs, 0.5)
        shift = math.log2(share / (1 - share)) - start
        if abs(total - before) <= SETTLED * max(1.0, total):
            break
        before = total
    return shift


def _read(linker: Linker, connection: Any, comparisons: Sequence[model.Comparison], least: float) -> Iterable[Pair]:
    parts = []
    for one in comparisons:
        weights = ["mw_" + one.element] + (["mw_tf_adj_" + one.element] if any(step.rare for step in one.steps) else [])
        parts += [f"gamma_{one.element}", " + ".join(f"coalesce({weight}, 0)" for weight in weights)]
    rows = connection.execute(
        f"SELECT unique_id_l, unique_id_r, p, {', '.join(parts)} FROM scored WHERE p >= {least} ORDER BY p DESC, 1, 2"  # noqa: S608
    )
    while batch := rows.fetchmany(10_000):
        for left, right, probability, *told in batch:
            reasons = tuple(
                Reason(one.element, _word(one, told[2 * place]), round(float(told[2 * place + 1]), 2))
                for place, one in enumerate(comparisons)
                if told[2 * place] != -1
            )
            yield Pair(min(left, right), max(left, right), float(probability), reasons)


def _word(one: model.Comparison, gamma: int) -> str:
    """Return the word of a level: Splink counts them from the last, which is 0."""
    place = len(one.steps) - gamma
    return one.steps[place].word if place < len(one.steps) else "different"
