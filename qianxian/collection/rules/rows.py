"""What one row says: a demand and who brings it, or the faults for which it cannot be taken in."""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from qianxian.kernel.place import NotAPlaceCode, checked
from qianxian.matters.rules.intake import WORDS, Channel, Demand, MatterKind, exits
from qianxian.register.rules import Directory, Level, Place
from qianxian.standard import moments, phones
from qianxian.standard.text import cleaned, half_width, keepable

from .columns import PERSONAL, Column, Field, plain
from .topics import TopicReader

ADDRESS, NAME, PHONE, KEY = 200, 40, 40, 80
SPEAKING = (Field.TOPIC, Field.PLACE, Field.ADDRESS, Field.TIME)
"""What a row without words says: what, where and when, so that two rows of the same kind are not the same demand."""
A_NAME = 3
"""Characters of the shortest name that is looked for in an address: shorter ones stand in other words."""
NOTHING = frozenset({"", "-", "--", "/", "无", "null", "none", "nan", "n/a"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in which field, a code for the sentence, and what stood there."""

    field: str
    code: str
    value: str = ""

    def as_data(self) -> dict[str, str]:
        return {"field": self.field, "code": self.code, "value": self.value}


@dataclass(frozen=True, slots=True)
class Coded:
    """
    One row, understood.

    `number` is the row's number as a spreadsheet shows it; `raw` and `personal` are the cells as they came, the
    latter apart because they are sealed. `demand` is None where there are faults; `remarks` are doubts that did not
    stop it. `why` says what led to the topic.
    """

    number: int
    key: str
    raw: dict[str, str]
    personal: dict[str, str]
    demand: Demand | None = None
    name: str = ""
    phone: str = ""
    occurred_at: datetime | None = None
    why: str = ""
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Known:
    """What rows are coded against: places, topics, and the place of a row that names none."""

    directory: Directory
    reader: TopicReader
    place: str


@cache
def codes(field: str) -> dict[str, str]:
    """Return the code for each word of a field, as `collection/data/words.csv` has them."""
    lines = files("qianxian.collection").joinpath("data/words.csv").read_text("utf-8").splitlines()
    rows = [row for row in csv.DictReader(lines) if row["field"] == field]
    return {plain(name): row["code"] for row in rows for name in (row["code"], *row["names"].split("|"))}


def home_place(directory: Directory) -> str:
    """Return the one district of a platform, else the widest place it knows: where a row belongs that names none."""
    districts = [place.code for place in directory.places.values() if place.level is Level.DISTRICT]
    return districts[0] if len(districts) == 1 else min(directory.places, key=len, default="")


class RowReader:
    """Codes the rows of one file, in order: rows that are the same are told apart by how often they came before."""

    def __init__(self, columns: Sequence[Column], known: Known, now: datetime):
        self._columns, self._known, self._now = columns, known, now
        self._seen: Counter[bytes] = Counter()
        self._by_field: dict[Field, list[Column]] = {
            field: [column for column in columns if column.field is field] for field in Field
        }

    def keyed(self, row: Sequence[str]) -> str:
        """Return what tells a row apart from every other of its source: its own number, else its content and turn."""
        own = cleaned(self._first(row, Field.KEY))
        if own and own.lower() not in NOTHING:
            return own if len(own) <= KEY else _digest(own).hex()
        digest = _digest("\x1f".join(row))
        self._seen[digest] += 1
        return f"{digest.hex()}#{self._seen[digest]}"

    def coded(self, number: int, row: Sequence[str], key: str) -> Coded:
        """Return what a row says; nothing is lost of it, whatever is wrong."""
        faults: list[Fault] = []
        remarks: list[Fault] = []
        words = self._words(row, faults)
        occurred = self._occurred(row, faults)
        exit_code = self._exit(row, faults)
        place = self._place(row, remarks)
        topic, why = self._topic(row, words, remarks)
        phone = self._phone(row, remarks)
        raw, personal = self._as_it_came(row)
        demand = None if faults else Demand(
            words=words,
            place=place,
            kind=MatterKind(self._one_of(row, Field.KIND, remarks) or MatterKind.HELP),
            channel=Channel(self._one_of(row, Field.CHANNEL, []) or Channel.FILE),
            topic=topic,
            setting=self._one_of(row, Field.SETTING, remarks),
            address=cleaned(" ".join(self._cells(row, Field.ADDRESS)))[:ADDRESS],
            exit=exit_code,
            urgent=self._one_of(row, Field.URGENT, remarks) == "yes",
        )  # fmt: skip
        name = cleaned(self._first(row, Field.NAME))[:NAME]
        return Coded(
            number, key, raw, personal, demand, name, phone, occurred, why, tuple(faults), tuple(remarks)
        )  # fmt: skip

    def _cells(self, row: Sequence[str], field: Field) -> list[str]:
        cells = (row[column.position].strip() for column in self._by_field[field] if column.position < len(row))
        return [cell for cell in cells if cell.lower() not in NOTHING]

    def _first(self, row: Sequence[str], field: Field) -> str:
        return next(iter(self._cells(row, field)), "")

    def _words(self, row: Sequence[str], faults: list[Fault]) -> str:
        """Join subject and text, without saying twice what stands in both; a row of codes speaks by them."""
        subject, text = (cleaned("\n".join(self._cells(row, field))) for field in (Field.SUBJECT, Field.WORDS))
        words = text if text.startswith(subject) else f"{subject}\n{text}".strip()
        if not self._by_field[Field.WORDS] and not words:
            spoken = (cell for field in SPEAKING for cell in self._cells(row, field))
            words = "，".join(dict.fromkeys(map(cleaned, spoken)))
        if not re.search(r"\w", words):
            faults.append(Fault("words", "empty"))
        elif len(words) > WORDS:
            faults.append(Fault("words", "too_long", str(len(words))))
        return words

    def _occurred(self, row: Sequence[str], faults: list[Fault]) -> datetime | None:
        written = self._first(row, Field.TIME)
        if not written:
            return None
        moment = moments.moment(written)
        if code := moments.fault_of(moment, self._now) if moment else "not_a_time":
            faults.append(Fault("time", code, written[:40]))
        return moment

    def _exit(self, row: Sequence[str], faults: list[Fault]) -> str:
        written = half_width(self._first(row, Field.EXIT)).upper()
        found = next((exit_.code for exit_ in exits().values() if written in (exit_.code, exit_.name)), "")
        if written and not found:
            faults.append(Fault("exit", "unknown", written[:40]))
        return found

    def _place(self, row: Sequence[str], remarks: list[Fault]) -> str:
        """Return the smallest place that is named; one that nobody knows leaves the row with the larger one."""
        found, unknown = self._known.place, ""
        for cell in self._cells(row, Field.PLACE):
            if place := place_of(cell, self._known.directory, found):
                found = place.code
            else:
                unknown = cell
        if found == self._known.place:
            found = self._mentioned(row) or found
        if unknown and found == self._known.place:
            remarks.append(Fault("place", "unknown_place", unknown[:40]))
        return found

    def _mentioned(self, row: Sequence[str]) -> str:
        """Return the smallest place that the address names; '' where it names places that lie apart."""
        address = cleaned(" ".join(self._cells(row, Field.ADDRESS)))
        directory = self._known.directory
        names = [name for name in directory.place_names if len(name) >= A_NAME and name in address] if address else []
        found = {place.code for name in names if (place := directory.place_named(name, inside=self._known.place))}
        smallest = max(found, key=len, default="")
        return smallest if all(smallest.startswith(code) for code in found) else ""

    def _topic(self, row: Sequence[str], words: str, remarks: list[Fault]) -> tuple[str, str]:
        labels = self._cells(row, Field.TOPIC)
        by_label = self._known.reader.of_labels(labels)
        if len(by_label.topic) == 6:
            return by_label.topic, by_label.why
        by_words = self._known.reader.of_words(words, within=by_label.topic)
        if not by_words.topic:
            remarks.append(Fault("topic", "no_topic", labels[-1][:40] if labels else ""))
        return by_words.topic, by_words.why or by_label.why

    def _phone(self, row: Sequence[str], remarks: list[Fault]) -> str:
        """Return the number; one that is none is kept as it was typed, for a person to make out."""
        written = cleaned(self._first(row, Field.PHONE))
        number = phones.phone(written) if written else ""
        if number is None:
            remarks.append(Fault("phone", "not_a_phone"))
            return written[:PHONE]
        return number

    def _one_of(self, row: Sequence[str], field: Field, remarks: list[Fault]) -> str:
        written = self._first(row, field)
        code = codes(field).get(plain(written), "") if written else ""
        if written and not code:
            remarks.append(Fault(field, "unknown", written[:40]))
        return code

    def _as_it_came(self, row: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        raw: dict[str, str] = {}
        personal: dict[str, str] = {}
        for column, cell in zip(self._columns, row, strict=False):
            if cell:
                (personal if column.field in PERSONAL else raw)[keepable(column.header)] = keepable(cell)
        return raw, personal


def place_of(cell: str, directory: Directory, inside: str) -> Place | None:
    """Return the place that a cell names by code or name, inside a larger one that is known already."""
    written = half_width(cell).strip()
    try:
        code = checked(written) if written.isdigit() else ""
    except NotAPlaceCode:
        return None
    if code:
        return directory.places.get(code) if code.startswith(inside) else None
    return directory.place_named(written, inside=inside)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def headers_of(row: Iterable[str]) -> tuple[str, ...]:
    """Return the headers of a file, each told apart: empty ones by their place, repeated ones by their turn."""
    seen: Counter[str] = Counter()
    named: list[str] = []
    for place, cell in enumerate(row, start=1):
        header = cleaned(cell).replace("\n", "") or f"第{place}列"
        seen[header] += 1
        named.append(header if seen[header] == 1 else f"{header}（{seen[header]}）")
    return tuple(named)


def fields_given(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return what a person said of the columns, by header."""
    return {cleaned(header): field.strip().lower() for header, field in pairs}
