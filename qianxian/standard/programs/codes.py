"""Coded values: by code, name or other name of the table they come from, mapped into the table of the element."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from qianxian.standard.code_tables import CodeTable, Entry, code_table, crosswalk
from qianxian.standard.expressions import Expression, Found, Not, Program, Size, first

from .steps import BLANK, FULL, HALF, Lets

LONGEST_OPEN = 60
"""Characters of a value whose table is not loaded yet."""


def code(steps: tuple[str, ...], table: str, source: str, today: date) -> Program:
    """
    Return the program of a coded value; its source is the code of the table that it came in.

    Faults: not_in_table, too_long (of an open table). Warnings: table_not_loaded, not_in_force (the code holds on
    another day), mapped_roughly (the crosswalk loses or assumes something), leading_zero (a spreadsheet took it off).

    :raises UnknownTable, NoCrosswalk: if the tables do not lead to each other
    """
    lets = Lets()
    clean = lets.cleaned(steps)
    target = code_table(table)
    if not target.entries:
        loaded = first((Size(clean) > LONGEST_OPEN, 0), otherwise=1)
        return lets.program(
            clean, ((loaded.same(0), "too_long"),), clean, ((loaded.same(1), "table_not_loaded"),)
        )  # fmt: skip
    words = words_of(source or table)
    found = lets.let("found", Found(clean, words, ""))
    known = lets.let("known", Not(found.same("")))
    value, warnings = _mapped(found, source, table, today)
    bare = {entry.lstrip("0"): 1 for entry in code_table(source or table).entries if entry.startswith("0")}
    bare = {word: 1 for word in bare if word and words.get(word, "").lstrip("0") == word}
    if bare:
        warnings = (*warnings, (Found(clean, bare, 0).same(1), "leading_zero"))
    return lets.program(
        clean, ((Not(known), "not_in_table"),), value, warnings, known=known,
        source=first((known, found), otherwise=clean),
    )  # fmt: skip


def edition(table: str, source: str) -> str:
    """Return what says by which edition a value was coded: the crosswalk's version, else the table's edition."""
    return crosswalk(source, table).edition if source and source != table else code_table(table).edition


@cache
def words_of(table: str) -> Mapping[str, str]:
    """Return the code for every word that a table knows, each as the cleaning steps leave it."""
    known: dict[str, str] = {}
    for entry in code_table(table).entries.values():
        for word in (entry.code, entry.name, *entry.also):
            known.setdefault(_clean(word), entry.code)
    for word, entry_code in _without_zeros(code_table(table)):
        known.setdefault(word, entry_code)
    return known


def _mapped(
    found: Expression, source: str, table: str, today: date
) -> tuple[Expression, tuple[tuple[Expression, str], ...]]:
    ended = {entry.code: 1 for entry in code_table(source or table).entries.values() if today not in entry.valid}
    late = ((Found(found, ended, 0).same(1), "not_in_force"),) if ended else ()
    if not source or source == table:
        return found, late
    links = crosswalk(source, table).links
    rough = {link.source_code: 1 for link in links.values() if link.match != "exact"}
    value = Found(found, {link.source_code: link.code for link in links.values()}, "")
    return value, (*late, (Found(found, rough, 0).same(1), "mapped_roughly")) if rough else late


def _without_zeros(table: CodeTable) -> Iterator[tuple[str, str]]:
    for entry in table.entries.values():
        if bare := _bare(entry):
            yield bare, entry.code


def _bare(entry: Entry) -> str:
    return entry.code.lstrip("0") if entry.code.startswith("0") else ""


def _clean(word: str) -> str:
    return re.sub(f"[{BLANK}]+", "", word.translate(str.maketrans(FULL, HALF))).upper()
